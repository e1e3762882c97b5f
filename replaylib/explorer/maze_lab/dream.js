// Dreams: the network runs on with its input switched off. Takes from the files before it: tanh, Random
// (arithmetic.js); advanceState (update_rule.js); Travel (travel.js); distanceTo (places.js); recurrentWeights,
// decodeState (network.js).

const TOLERANCE = 0.25; // distance from the maze up to which a dream is on it [m]

/**
 * One step of a network with its input switched off, in place.
 * @param {{ n: number, weights: Float32Array, bias: Float32Array, leak: number }} drift weights [n * n], bias [n]
 * @param {{ friction: number, strength: number, time: number }} setting [1/step], [1], [steps]
 * @param {{ hidden: Float64Array, velocity: Float64Array, adaptation: Float64Array, change: Float64Array }} state [n]
 *   each; `change` is room for the drift
 * @param {Float64Array} noise [n], its standard deviation included
 */
export function dreamStep({ n, weights, bias, leak }, setting, state, noise) {
  const { hidden, change } = state;
  for (let i = 0, row = 0; i < n; i += 1, row += n) {
    let total = bias[i];
    for (let j = 0; j < n; j += 1) total += weights[row + j] * hidden[j];
    change[i] = tanh(total) - leak * hidden[i];
  }
  advanceState(state, change, setting, noise);
}

/** One dream: its state, its path, and what it has reached so far. */
export class Dream extends Travel {
  /**
   * @param {object} network
   * @param {object} scene from sceneOf
   * @param {Float32Array} start an awake hidden state, [n]
   * @param {number} seed of the noise: two dreams of one seed and start have the same noise, whatever their settings
   */
  constructor(network, scene, start, seed) {
    super(scene);
    const n = network.units;
    this.network = network;
    this.drift = { n, weights: recurrentWeights(network), bias: network.bias, leak: network.leak };
    const [hidden, zeros] = [Float64Array.from(start), () => new Float64Array(n)];
    this.state = { hidden, velocity: zeros(), adaptation: zeros(), change: zeros() };
    this.random = new Random("dream", seed);
    this.noise = zeros();
    /** Whether all numbers are finite; a dream that is not stands still. */
    this.alive = true;
    this.near = 0;
    this.record();
  }

  /**
   * One step further. noise 1 is sigma sqrt(2), which makes denoising a Langevin step; with `rescale` it is multiplied
   * by sqrt(friction), which keeps slow directions as warm as they were.
   * @param {{ strength: number, time: number, friction: number, noise: number, rescale: boolean }} setting
   * @returns {boolean} whether it is alive
   */
  advance(setting) {
    if (!this.alive) return false;
    const rescaled = setting.rescale ? Math.sqrt(setting.friction) : 1;
    const scale = setting.noise * this.network.noise * Math.sqrt(2) * rescaled;
    for (let i = 0; i < this.noise.length; i += 1) this.noise[i] = scale * this.random.normal();
    dreamStep(this.drift, setting, this.state, this.noise);
    this.record();
    return this.alive;
  }

  /** Share of positions within 0.25 m of the maze [1]. */
  get onPath() { return this.near / this.path.length; }

  /** Its displacement in 20 steps over the running animal's [1]; NaN before there is any. */
  get speed() { return this.displacement / this.scene.running; }

  record() {
    const here = decodeState(this.network, this.state.hidden);
    this.alive = here.every(Number.isFinite) && this.state.hidden.every(Number.isFinite);
    if (!this.alive) return;
    this.add(here);
    if (distanceTo(this.scene.maze, here[0], here[1]) <= TOLERANCE) this.near += 1;
  }
}
