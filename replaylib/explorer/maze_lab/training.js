// A training, step by step: the twin of Trainer and decoding_error in replaylib/networks/training.py. Takes from the
// files before it: Random (arithmetic.js), sha256 (sha256.js), mazeOf (mazes.js), MazeError (strokes.js), decode and
// errorBar (places.js), Animal (motion.js), TENSORS and newNetwork (network.js), Sequence (sequence.js), Adam, oneCycle
// and clipGradients (optimiser.js).

/** Paths in a batch, steps of a path, peak of the learning rate, largest norm of a gradient: as in Trainer. */
export const TRAINING = Object.freeze({ batch: 48, steps: 80, rate: 2e-3, clip: 1 });

/** Batches of held-out paths: one while training, all of them at the end, for 240 paths. */
export const HELD_OUT_BATCHES = 5;

/**
 * The SHA-256 of a network's weights.
 * @param {object} network
 * @returns {string} 64 hexadecimal digits
 */
export function fingerprintOf(network) {
  const parts = Object.keys(TENSORS).map((name) => new Uint8Array(Float32Array.from(network[name]).buffer));
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let used = 0;
  for (const part of parts) {
    all.set(part, used);
    used += part.length;
  }
  return sha256(all);
}

/** One training of a new network in a maze; the same settings give the same weights, to the last bit. */
export class Training {
  /**
   * @param {object} settings checked ones (settings.js)
   * @param {object} products from loadProducts
   * @throws {MazeError} where the maze can not be trained
   */
  constructor(settings, products) {
    const { batch, steps } = TRAINING;
    this.settings = settings;
    this.maze = mazeOf(settings);
    this.network = newNetwork(settings, this.maze);
    this.iterations = settings.iterations;
    this.iteration = 0;
    this.sequence = new Sequence(this.network, batch, steps, products);
    this.animal = new Animal(this.maze, settings, new Random("paths", settings.seed));
    this.keys = new Random("noise", settings.seed);
    this.position = new Float32Array(batch * (steps + 1) * 2);
    this.names = Object.keys(TENSORS);
    this.slopes = Object.fromEntries(this.names.map((name) => [name, new Float32Array(this.network[name].length)]));
    this.adam = new Adam(this.names.map((name) => this.network[name]));
    this.bar = errorBar(this.maze);
  }

  /** Whether all iterations have been made. */
  get done() {
    return this.iteration >= this.iterations;
  }

  /**
   * Make one iteration.
   * @returns {number} its loss, the mean squared error of the outputs [1]
   * @throws {MazeError} where the loss or its gradient is no longer finite; the weights are then as they were before
   */
  step() {
    const { batch, steps, rate, clip } = TRAINING;
    const { sequence, network } = this;
    sequence.setPaths(this.animal.paths(batch, steps, this.position), network.velocityRms);
    sequence.wake(this.keys.word(), this.keys.word());
    const loss = sequence.loss();
    sequence.retrace();
    sequence.gradients(network.symmetric, this.slopes);
    const gradients = this.names.map((name) => this.slopes[name]);
    const norm = clipGradients(gradients, clip);
    if (!Number.isFinite(loss) || !Number.isFinite(norm)) {
      throw new MazeError(`The loss must stay finite, but in iteration ${this.iteration + 1} it did not: ` +
        "train with less noise, or with another seed.");
    }
    this.adam.step(gradients, oneCycle(this.iteration, this.iterations, rate));
    sequence.setWeights(network);
    this.iteration += 1;
    return loss;
  }

  // The held-out paths [batch, steps + 1, 2] of each batch: always the same in one maze, of a stream of their own.
  heldOutPaths() {
    const { batch, steps } = TRAINING;
    const animal = new Animal(this.maze, this.settings, new Random("held-out paths", 0));
    this.heldOutPositions ??= Array.from({ length: HELD_OUT_BATCHES }, () => animal.paths(batch, steps));
    return this.heldOutPositions;
  }

  /**
   * How far the decoded place is from the true one on paths that training never sees, with noise.
   * @param {number} batches of 48 paths, at most 5
   * @returns {{ error: number, bar: number, position: Float32Array, decoded: Float32Array }} mean distance [m], the bar
   *   below which it is good [m], and one of the paths, true and decoded, [steps + 1, 2] [m]
   */
  heldOut(batches = 1) {
    const { batch, steps } = TRAINING;
    const keys = new Random("held-out noise", 0);
    const decoded = new Float32Array(2 * (steps + 1));
    let sum = 0;
    this.heldOutPaths().slice(0, batches).forEach((position, index) => {
      this.sequence.setPaths(position, this.network.velocityRms);
      this.sequence.wake(keys.word(), keys.word());
      sum += this.distances(position, index === 0 ? decoded : null);
    });
    const [first] = this.heldOutPaths();
    const error = sum / (batches * batch * (steps + 1));
    return { error, bar: this.bar, position: first.slice(0, decoded.length), decoded };
  }

  // The sum of distances over a batch [m]; the decoded places of its first path go to `track`.
  distances(position, track) {
    const { batch, steps } = TRAINING;
    const { sequence, network } = this;
    let sum = 0;
    for (let time = 0; time <= steps; time += 1) {
      sequence.readout(time, 0);
      for (let path = 0; path < batch; path += 1) {
        const [x, y] = decode(network.cells, sequence.wrong, (time * batch + path) * sequence.k);
        const at = 2 * (path * (steps + 1) + time);
        const [dx, dy] = [x - position[at], y - position[at + 1]];
        sum += Math.sqrt(dx * dx + dy * dy);
        if (track && path === 0) track.set([x, y], 2 * time);
      }
    }
    return sum;
  }

  /** @returns {string} the SHA-256 of the weights as they are now */
  fingerprint() {
    return fingerprintOf(this.network);
  }
}
