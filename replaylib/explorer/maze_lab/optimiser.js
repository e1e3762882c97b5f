// Adam with a one-cycle learning rate, and the clipping of gradients: the twins of torch.optim.Adam,
// torch.optim.lr_scheduler.OneCycleLR and of Trainer in replaylib/networks/training.py. Takes from the files before
// it: cosine, wholePower (arithmetic.js).

const RISING = 0.3; // share of the iterations in which the rate rises
const [FIRST_SHARE, LAST_SHARE] = [1 / 25, 1 / 25 / 1e4]; // of the peak, at the beginning and at the end
const [LEAST_MOMENTUM, MOST_MOMENTUM] = [0.85, 0.95]; // the momentum falls while the rate rises
const SQUARES_KEPT = 0.999;
const TINY_STEP = 1e-8;
const TINY_NORM = 1e-6;

// From `start` at 0 to `end` at 1 along half a wave of the cosine.
const between = (start, end, share) => end + ((start - end) / 2) * (1 + cosine(Math.PI * share));

/**
 * Learning rate and momentum of each iteration: they swing once up and down.
 * Source: Smith & Topin (2019), Proc. SPIE 11006, 1100612, as torch's OneCycleLR with `iterations` + 1 steps has it.
 * @param {number} iteration how many have been made
 * @param {number} iterations in all
 * @param {number} peak of the learning rate
 * @returns {{ rate: number, momentum: number }}
 */
export function oneCycle(iteration, iterations, peak) {
  const top = RISING * (iterations + 1) - 1;
  if (iteration <= top) {
    const share = iteration / top;
    return {
      rate: between(FIRST_SHARE * peak, peak, share), momentum: between(MOST_MOMENTUM, LEAST_MOMENTUM, share),
    };
  }
  const share = (iteration - top) / (iterations - top);
  return { rate: between(peak, LAST_SHARE * peak, share), momentum: between(LEAST_MOMENTUM, MOST_MOMENTUM, share) };
}

/**
 * Scale gradients in place so that their norm together is at most `largest`.
 * @param {Float32Array[]} gradients
 * @param {number} largest
 * @returns {number} the norm before; not finite where a gradient is not
 */
export function clipGradients(gradients, largest) {
  let squares = 0;
  for (const gradient of gradients) for (let i = 0; i < gradient.length; i += 1) squares += gradient[i] * gradient[i];
  const norm = Math.sqrt(squares);
  const factor = largest / (norm + TINY_NORM);
  if (factor < 1) for (const gradient of gradients) for (let i = 0; i < gradient.length; i += 1) gradient[i] *= factor;
  return norm;
}

/**
 * Adam: each weight moves by its mean gradient over the root of its mean square.
 * Source: Kingma & Ba (2015), ICLR.
 */
export class Adam {
  /** @param {Float32Array[]} weights which are changed in place */
  constructor(weights) {
    this.weights = weights;
    this.means = weights.map((one) => new Float32Array(one.length));
    this.squares = weights.map((one) => new Float32Array(one.length));
    this.made = 0;
  }

  /**
   * @param {Float32Array[]} gradients one for each array of weights
   * @param {{ rate: number, momentum: number }} setting of this step
   */
  step(gradients, { rate, momentum }) {
    this.made += 1;
    const stride = rate / (1 - wholePower(momentum, this.made));
    const rootScale = 1 / Math.sqrt(1 - wholePower(SQUARES_KEPT, this.made));
    this.weights.forEach((weights, index) => {
      const [gradient, mean, square] = [gradients[index], this.means[index], this.squares[index]];
      for (let i = 0; i < weights.length; i += 1) {
        const slope = gradient[i];
        mean[i] = momentum * mean[i] + (1 - momentum) * slope;
        square[i] = SQUARES_KEPT * square[i] + (1 - SQUARES_KEPT) * slope * slope;
        weights[i] -= (stride * mean[i]) / (Math.sqrt(square[i]) * rootScale + TINY_STEP);
      }
    });
  }
}
