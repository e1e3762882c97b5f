// Room: replay. The JavaScript twin of replaylib/dynamics/rule.py: the same update, one replay at a time, tested
// against it. n is the number of hidden units, k that of outputs.

// Half-precision numbers as float64; browsers without DataView.getFloat16 are still common.
function readHalf(view, offset, count) {
  return Float64Array.from({ length: count }, (_, index) => {
    const bits = view.getUint16(offset + 2 * index, true);
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 31;
    const fraction = (bits & 1023) / 1024;
    return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction) : 2 ** -14 * fraction);
  });
}

/**
 * The network of a scene.
 * @param {object} scene - its `arrays` tell the offset [bytes] and the count of each array in `view`
 * @param {DataView} view - numbers in half precision, little-endian
 * @returns {object} recurrent [n * n], bias [n], leak [n], decoder [k * n], starts [count * n] as Float64Array,
 *   row-major; centres of the place cells [k * 2, metres], undefined where the outputs are coordinates
 */
export function readNetwork(scene, view) {
  const arrays = Object.fromEntries(
    Object.entries(scene.arrays).map(([name, [offset, count]]) => [name, readHalf(view, offset, count)]),
  );
  const { recurrent, bias, leak, decoder, centres, starts } = arrays;
  const { hidden: n, outputs, exponent, nonlinearity } = scene;
  return { n, outputs, exponent, nonlinearity, recurrent, bias, leak, decoder, centres, starts };
}

/**
 * A state at rest.
 * @param {ArrayLike<number>} hidden - h [n]
 * @returns {{hidden, velocity, adaptation, change}} each a Float64Array [n]; `change` is room for the drift
 */
export function startState(hidden) {
  const [velocity, adaptation, change] = [0, 1, 2].map(() => new Float64Array(hidden.length));
  return { hidden: Float64Array.from(hidden), velocity, adaptation, change };
}

/**
 * What one noiseless step of the network adds to h: F(h) - h = -leak h + f(W h + b).
 * @param {object} network - from `readNetwork`
 * @param {Float64Array} hidden - h [n]
 * @param {Float64Array} change - room for the answer [n]
 * @returns {Float64Array} `change`
 */
export function drift(network, hidden, change = new Float64Array(network.n)) {
  const { n, recurrent, bias, leak, nonlinearity } = network;
  for (let i = 0; i < n; i += 1) {
    let sum = bias[i];
    for (let j = 0, row = i * n; j < n; j += 1) sum += recurrent[row + j] * hidden[j];
    change[i] = (nonlinearity === "tanh" ? Math.tanh(sum) : Math.max(sum, 0)) - leak[i] * hidden[i];
  }
  return change;
}

/**
 * One step, which changes the state:
 * v' = (1 - friction) v + drift(h) - a + noise;  a' = (1 - 1/tau) a + (b/tau) h;  h' = h + v'
 * @param {object} network - from `readNetwork`
 * @param {{friction: number, strength: number, time: number}} dynamics - lambda_v [1/step], b [1], tau [steps]
 * @param {object} state - from `startState`
 * @param {ArrayLike<number>} noise - of this step, with its size [n]
 */
export function step(network, dynamics, state, noise) {
  const { friction, strength, time } = dynamics;
  const { hidden, velocity, adaptation } = state;
  const change = drift(network, hidden, state.change);
  for (let i = 0; i < network.n; i += 1) {
    velocity[i] = (1 - friction) * velocity[i] + change[i] - adaptation[i] + noise[i];
    adaptation[i] = (1 - 1 / time) * adaptation[i] + (strength / time) * hidden[i];
    hidden[i] += velocity[i];
  }
}

/**
 * Decoded position: the population vector of the place cells, or the two outputs as they are.
 * @param {object} network - from `readNetwork`
 * @param {Float64Array} hidden - h [n]
 * @returns {number[]} [x, y] in metres
 */
export function decode(network, hidden) {
  const { n, outputs, decoder, centres, exponent } = network;
  const output = (i) => {
    let sum = 0;
    for (let j = 0, row = i * n; j < n; j += 1) sum += decoder[row + j] * hidden[j];
    return sum;
  };
  if (!centres) return [output(0), output(1)];
  let [x, y, total] = [0, 0, Number.MIN_VALUE];
  for (let i = 0; i < outputs; i += 1) {
    const weight = Math.max(output(i), 0) ** exponent;
    x += weight * centres[2 * i];
    y += weight * centres[2 * i + 1];
    total += weight;
  }
  return [x / total, y / total];
}

const WINDOW = 20; // steps over which a displacement is measured
const distance = ([ax, ay], [bx, by]) => Math.hypot(ax - bx, ay - by);

function nearest(places, here) {
  let [best, shortest] = [0, Infinity];
  for (let index = 0; index < places.length; index += 1) {
    const away = distance(places[index], here);
    if (away < shortest) [best, shortest] = [index, away];
  }
  return best;
}

/** One replay: its state, its path, and what it has reached so far. Sums run along, so that a step costs the same. */
export class Run {
  /**
   * @param {object} network - from `readNetwork`
   * @param {object} scene - `regions` and `landmarks` [[x, y], ...], `radius` of a landmark, `jump`: a step that counts
   *   as one; all in metres
   * @param {ArrayLike<number>} hidden - where it starts [n]
   */
  constructor(network, scene, hidden) {
    Object.assign(this, { network, scene, state: startState(hidden), path: [], values: [], far: 0, jumps: 0 });
    this.regions = new Set();
    this.landmarks = new Set();
    this.record();
  }

  record() {
    const here = decode(this.network, this.state.hidden);
    this.alive = here.every(Number.isFinite);
    if (!this.alive) return;
    this.path.push(here);
    this.values.push(distance(here, this.path[0]));
    const count = this.path.length;
    if (count > WINDOW) this.far += distance(here, this.path[count - 1 - WINDOW]);
    if (count > 1 && distance(here, this.path[count - 2]) > this.scene.jump) this.jumps += 1;
    this.regions.add(nearest(this.scene.regions, here));
    this.scene.landmarks.forEach((place, index) => {
      if (distance(place, here) <= this.scene.radius) this.landmarks.add(index);
    });
  }

  /**
   * One step, unless the replay has blown up.
   * @param {{friction: number, strength: number, time: number}} dynamics - as for `step`
   * @param {ArrayLike<number>} noise - as for `step`
   */
  advance(dynamics, noise) {
    if (!this.alive) return;
    step(this.network, dynamics, this.state, noise);
    this.record();
  }

  /** @returns {number} mean distance between positions a window apart [m]; NaN while there are none */
  get displacement() { return this.path.length > WINDOW ? this.far / (this.path.length - WINDOW) : NaN; }
}

/**
 * Standard normal numbers: xorshift (Marsaglia 2003, J. Stat. Softw. 8(14)) and the polar method of Box and Muller.
 * @param {number} seed - a whole number, 0 or more
 * @returns {(count: number) => Float64Array} the next so many numbers [count]
 */
export function normalSource(seed) {
  let word = Math.imul(seed + 1, 2654435769) | 1;
  const uniform = () => {
    word ^= word << 13;
    word ^= word >>> 17;
    word ^= word << 5;
    return (word >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 16; i += 1) uniform(); // neighbouring seeds begin alike
  return (count) => {
    const numbers = new Float64Array(count);
    for (let i = 0; i < count; ) {
      const [a, b] = [2 * uniform() - 1, 2 * uniform() - 1];
      const radius = a * a + b * b;
      if (radius >= 1 || radius === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(radius)) / radius);
      numbers[i] = a * factor;
      if (i + 1 < count) numbers[i + 1] = b * factor;
      i += 2;
    }
    return numbers;
  };
}
