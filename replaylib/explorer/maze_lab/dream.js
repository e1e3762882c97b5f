// Dreams: the network runs on with its input switched off. The twin of replaylib/dynamics/rule.py. Takes from the files
// before it: tanh, Random (arithmetic.js); separation (tours.js); distanceTo (places.js); recurrentWeights, decodeState
// (network.js); WINDOW (scene.js).

const TOLERANCE = 0.25; // distance from the maze up to which a dream is on it [m]
const REACHED = 0.25; // distance at which a landmark is reached [m]

/**
 * One step of the update rule, in place:
 * v' = (1 - friction) v + drift(h) - a + noise;  a' = (1 - 1/time) a + (strength/time) h;  h' = h + v'
 * @param {{ n: number, weights: Float32Array, bias: Float32Array, leak: number }} drift weights [n * n], bias [n]
 * @param {{ friction: number, strength: number, time: number }} setting [1/step], [1], [steps]
 * @param {{ hidden: Float64Array, velocity: Float64Array, adaptation: Float64Array, sum: Float64Array }} state [n] each
 * @param {Float64Array} noise [n], its standard deviation included
 */
export function dreamStep({ n, weights, bias, leak }, { friction, strength, time }, state, noise) {
  const { hidden, velocity, adaptation, sum } = state;
  for (let i = 0, row = 0; i < n; i += 1, row += n) {
    let total = bias[i];
    for (let j = 0; j < n; j += 1) total += weights[row + j] * hidden[j];
    sum[i] = total;
  }
  for (let i = 0; i < n; i += 1) {
    const change = tanh(sum[i]) - leak * hidden[i];
    velocity[i] = (1 - friction) * velocity[i] + change - adaptation[i] + noise[i];
    adaptation[i] = (1 - 1 / time) * adaptation[i] + (strength / time) * hidden[i];
    hidden[i] += velocity[i];
  }
}

/** One dream: its state, its path, and what it has reached so far. */
export class Dream {
  /**
   * @param {object} network
   * @param {object} scene from sceneOf
   * @param {Float32Array} start an awake hidden state, [n]
   * @param {number} seed of the noise: two dreams of one seed and start have the same noise, whatever their settings
   */
  constructor(network, scene, start, seed) {
    const n = network.units;
    this.network = network;
    this.scene = scene;
    this.drift = { n, weights: recurrentWeights(network), bias: network.bias, leak: network.leak };
    const [hidden, zeros] = [Float64Array.from(start), () => new Float64Array(n)];
    this.state = { hidden, velocity: zeros(), adaptation: zeros(), sum: zeros() };
    this.random = new Random("dream", seed);
    this.noise = zeros();
    /** Decoded positions, the start included: [x, y] each [m]. */
    this.path = [];
    /** Indices of the scene's regions and landmarks that were reached. */
    this.regions = new Set();
    this.landmarks = new Set();
    /** Whether all numbers are finite; a dream that is not stands still. */
    this.alive = true;
    this.near = 0;
    this.far = 0;
    this.jumps = 0;
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

  /** Steps so far. */
  get steps() { return this.path.length - 1; }

  /** Share of positions within 0.25 m of the maze [1]. */
  get onPath() { return this.near / this.path.length; }

  /** Mean distance between positions 20 steps apart [m]; NaN before there are any. */
  get displacement() { return this.path.length > WINDOW ? this.far / (this.path.length - WINDOW) : NaN; }

  /** That displacement over the running animal's [1]; NaN before there is any. */
  get speed() { return this.displacement / this.scene.running; }

  record() {
    const here = decodeState(this.network, this.state.hidden);
    this.alive = here.every(Number.isFinite) && this.state.hidden.every(Number.isFinite);
    if (!this.alive) return;
    this.path.push(here);
    const count = this.path.length;
    if (count > WINDOW) this.far += separation(here, this.path[count - 1 - WINDOW]);
    if (count > 1 && separation(here, this.path[count - 2]) > this.scene.jump) this.jumps += 1;
    if (distanceTo(this.scene.maze, here[0], here[1]) <= TOLERANCE) this.near += 1;
    const away = this.scene.regions.map((centre) => separation(centre, here));
    this.regions.add(away.indexOf(Math.min(...away)));
    this.scene.landmarks.forEach((place, index) => {
      if (separation(place, here) <= REACHED) this.landmarks.add(index);
    });
  }
}
