// The awake network over whole paths, and its gradient back through time: the twin of replaylib/networks/_sequence.py.
// Takes from the files before it: TENSORS, recurrentWeights (network.js); a workspace of products.js is handed in.
//
// Inputs and bias ride along with the state: a row of states is [h, u_x, u_y, 1, 0], so that one product makes
// W h + U u + b, and one gives the gradients of W, U and b. Outputs are padded to a multiple of 8.

const EXTRA = 4; // columns beside the state, or beside the outputs at the start
const paddedTo8 = (count) => 8 * Math.ceil(count / 8);
const FAR = 1e6; // where cells lie that only fill up the row [m]: they are always silent

// Numbers in each array of a sequence: n units, k padded outputs.
function sizesOf({ units: n }, k, batch, steps) {
  return {
    forwardWeights: (n + EXTRA) * n, backWeights: n * n, decoderDown: n * k, decoder: k * n,
    encoderDown: (k + EXTRA) * n, cellX: k, cellY: k,
    start: batch * (k + EXTRA), states: (steps + 1) * batch * (n + EXTRA), activity: steps * batch * n,
    startActivity: batch * n, wrong: (steps + 1) * batch * k, words: batch * n, evenNoise: batch * n,
    oddNoise: batch * n, carried: batch * n, blame: batch * n,
    byForward: (n + EXTRA) * n, byDecoder: n * k, byEncoder: (k + EXTRA) * n,
  };
}

// Writes the transposed of from [rows, columns] to `out`, whose rows are `wide` apart.
function transpose(from, rows, columns, out, wide = rows) {
  for (let i = 0; i < rows; i += 1) for (let j = 0; j < columns; j += 1) out[j * wide + i] = from[i * columns + j];
}

/** A batch of paths through a network of place cells: states, outputs, loss and gradients. */
export class Sequence {
  /**
   * @param {object} network from newNetwork; units a multiple of 8
   * @param {number} batch paths at a time, a multiple of 4
   * @param {number} steps of each path
   * @param {object} products from loadProducts
   */
  constructor(network, batch, steps, products) {
    const k = paddedTo8(network.outputs);
    const sizes = sizesOf(network, k, batch, steps);
    const margin = 16 * Object.keys(sizes).length;
    const workspace = products.workspace(Object.values(sizes).reduce((sum, size) => sum + size, margin));
    for (const [name, size] of Object.entries(sizes)) this[name] = workspace.take(size);
    Object.assign(this, { loops: workspace.loops, batch, steps, n: network.units, k, wide: network.units + EXTRA });
    this.outputs = network.outputs;
    this.keep = 1 - network.leak;
    this.cellX.fill(FAR);
    this.cellY.fill(FAR);
    network.cells.centres.forEach((value, index) => {
      (index % 2 ? this.cellY : this.cellX)[index >> 1] = value;
    });
    this.factor = -1 / (2 * network.cells.width * network.cells.width);
    this.setWeights(network);
  }

  /**
   * Take over a network's weights, in the order in which the products read them.
   * @param {object} network of the same sizes
   */
  setWeights(network) {
    const { n, k, outputs, backWeights, forwardWeights, decoder, decoderDown, encoderDown } = this;
    recurrentWeights(network, backWeights);
    transpose(backWeights, n, n, forwardWeights);
    transpose(network.input, n, 2, forwardWeights.subarray(n * n));
    forwardWeights.set(network.bias, (n + 2) * n);
    decoder.set(network.decoder);
    transpose(decoder, k, n, decoderDown);
    transpose(network.encoder, n, outputs, encoderDown);
    encoderDown.set(network.encoderBias, k * n);
    this.noise = network.noise;
    this.scale = 2 / (this.steps * this.batch * outputs);
    for (let i = 0; i < decoder.length; i += 1) decoder[i] *= this.scale;
  }

  /**
   * Take over paths: velocities as inputs, the encoded starts, and less what should be reported.
   * @param {Float32Array} position [batch, steps + 1, 2] [m]
   * @param {number} velocityRms [m/step]
   */
  setPaths(position, velocityRms) {
    const { batch, steps, n, wide, states } = this;
    const times = steps + 1;
    for (let path = 0; path < batch; path += 1) {
      for (let time = 0; time < times; time += 1) {
        const from = 2 * (path * times + time);
        const [x, y] = [position[from], position[from + 1]];
        if (time < steps) {
          const input = (time * batch + path) * wide + n;
          states[input] = Math.fround(position[from + 2] - x) / velocityRms;
          states[input + 1] = Math.fround(position[from + 3] - y) / velocityRms;
          states[input + 2] = 1;
        }
        this.encode(x, y, time, path);
      }
    }
  }

  encode(x, y, time, path) {
    const { loops, k, batch, factor, start, wrong } = this;
    const [cellX, cellY] = [this.cellX.byteOffset, this.cellY.byteOffset];
    if (time > 0) {
      loops.encodePlace(k, cellX, cellY, x, y, factor, -1, wrong.byteOffset + 4 * (time * batch + path) * k);
      return;
    }
    const row = path * (k + EXTRA);
    loops.encodePlace(k, cellX, cellY, x, y, factor, 1, start.byteOffset + 4 * row);
    start[row + k] = 1;
  }

  /**
   * The states along the paths, with the noise of two keys, as replaylib/dynamics/_noise.py makes it.
   * @param {number} wordKey 32 bits
   * @param {number} pairKey 32 bits
   */
  wake(wordKey, pairKey) {
    const { loops, n, k, wide, batch, steps, keep, activity, states } = this;
    const [drive, start] = [this.startActivity.byteOffset, states.byteOffset];
    const even = this.evenNoise.byteOffset;
    this.evenNoise.fill(0);
    loops.multiply(batch, n, k + EXTRA, this.start.byteOffset, k + EXTRA, this.encoderDown.byteOffset, drive, 0);
    loops.advance(batch, n, drive, start, start, wide, even, 0);
    if (this.noise > 0) loops.fillWords(batch * n, this.words.byteOffset, wordKey);
    else this.oddNoise.fill(0);
    for (let step = 0; step < steps; step += 1) {
      if (this.noise > 0 && step % 2 === 0) this.drawNoise(mix((step >> 1) ^ pairKey));
      const [now, active] = [start + 4 * step * batch * wide, activity.byteOffset + 4 * step * batch * n];
      const noise = step % 2 ? this.oddNoise.byteOffset : even;
      loops.multiply(batch, n, wide, now, wide, this.forwardWeights.byteOffset, active, 0);
      loops.advance(batch, n, active, now, now + 4 * batch * wide, wide, noise, keep);
    }
  }

  drawNoise(key) {
    const { loops, batch, n, words, evenNoise, oddNoise, noise } = this;
    loops.fillNoise(batch * n, words.byteOffset, key, noise, evenNoise.byteOffset, oddNoise.byteOffset);
  }

  // What is reported at one time [batch, k], added to what `wrong` holds there or written over it.
  readout(time, add) {
    const { loops, n, k, wide, batch, states, wrong } = this;
    const [now, out] = [states.byteOffset + 4 * time * batch * wide, wrong.byteOffset + 4 * time * batch * k];
    loops.multiply(batch, k, n, now, wide, this.decoderDown.byteOffset, out, add);
    return [now, out];
  }

  /**
   * The mean squared error after `wake`; prepares the decoder's gradient.
   * @returns {number} [1]
   */
  loss() {
    const { loops, n, k, wide, batch, steps, byDecoder } = this;
    byDecoder.fill(0);
    let sum = 0;
    for (let time = 1; time <= steps; time += 1) {
      const [now, out] = this.readout(time, 1);
      sum += loops.sumOfSquares(batch * k, out);
      loops.multiplyTransposed(batch, k, n, now, wide, out, byDecoder.byteOffset);
    }
    return sum / (steps * batch * this.outputs);
  }

  /** Back through time after `loss`: fills byForward, byDecoder and byEncoder. */
  retrace() {
    const { loops, n, k, wide, batch, steps, keep } = this;
    const [blame, carried, byForward] = [this.blame.byteOffset, this.carried.byteOffset, this.byForward.byteOffset];
    const [decoder, weights] = [this.decoder.byteOffset, this.backWeights.byteOffset];
    this.carried.fill(0);
    this.byForward.fill(0);
    for (let step = steps - 1; step >= 0; step -= 1) {
      const wrong = this.wrong.byteOffset + 4 * (step + 1) * batch * k;
      loops.multiply(batch, n, k, wrong, k, decoder, blame, 0);
      loops.retrace(batch * n, blame, this.activity.byteOffset + 4 * step * batch * n, carried, keep);
      loops.multiply(batch, n, n, blame, n, weights, carried, 1);
      const states = this.states.byteOffset + 4 * step * batch * wide;
      loops.multiplyTransposed(batch, n, wide, states, wide, blame, byForward);
    }
    this.blame.fill(0);
    this.byEncoder.fill(0);
    loops.retrace(batch * n, blame, this.startActivity.byteOffset, carried, 0);
    const start = this.start.byteOffset;
    loops.multiplyTransposed(batch, n, k + EXTRA, start, k + EXTRA, blame, this.byEncoder.byteOffset);
  }

  /**
   * The gradients after `retrace`, in the layout of the network's tensors.
   * @param {boolean} symmetric whether W acts as (W + W') / 2
   * @param {Object<string, Float32Array>} out where they are written, by the tensors' names
   */
  gradients(symmetric, out) {
    const { n, k, outputs, byForward, byDecoder, byEncoder } = this;
    for (let i = 0; i < n; i += 1) {
      for (let j = 0; j < n; j += 1) {
        const [here, mirrored] = [byForward[j * n + i], byForward[i * n + j]];
        out.recurrent[i * n + j] = symmetric ? Math.fround(here + mirrored) / 2 : here;
      }
    }
    transpose(byForward.subarray(n * n), 2, n, out.input);
    out.bias.set(byForward.subarray((n + 2) * n, (n + 3) * n));
    transpose(byEncoder, outputs, n, out.encoder);
    out.encoderBias.set(byEncoder.subarray(k * n, (k + 1) * n));
    for (let i = 0; i < outputs; i += 1) {
      for (let j = 0; j < n; j += 1) out.decoder[i * n + j] = this.scale * byDecoder[j * k + i];
    }
  }
}
