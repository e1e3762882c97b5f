// Room: replay. A pretrained network and its replays, one at a time.
// n is the number of hidden units, k that of outputs. Takes from the files before it: tanh, Random
// (maze_lab/arithmetic.js); advanceState (update_rule.js); Travel, separation (travel.js).

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
    change[i] = (nonlinearity === "tanh" ? tanh(sum) : Math.max(sum, 0)) - leak[i] * hidden[i];
  }
  return change;
}

/**
 * One step, which changes the state: see `advanceState`.
 * @param {object} network - from `readNetwork`
 * @param {{friction: number, strength: number, time: number}} dynamics - lambda_v [1/step], b_a [1], tau_a [steps]
 * @param {object} state - from `startState`
 * @param {ArrayLike<number>} noise - of this step, with its size [n]
 */
export function step(network, dynamics, state, noise) {
  advanceState(state, drift(network, state.hidden, state.change), dynamics, noise);
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

/** One replay: its state, and what it has visited so far. */
export class Run extends Travel {
  /**
   * @param {object} network - from `readNetwork`
   * @param {object} scene - see `Travel`
   * @param {ArrayLike<number>} hidden - where it starts [n]
   */
  constructor(network, scene, hidden) {
    super(scene);
    Object.assign(this, { network, state: startState(hidden), values: [] });
    this.record();
  }

  record() {
    const here = decode(this.network, this.state.hidden);
    this.alive = here.every(Number.isFinite);
    if (!this.alive) return;
    this.add(here);
    this.values.push(separation(here, this.path[0]));
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
}

/**
 * Standard normal numbers.
 * @param {number} seed - a whole number, 0 or more
 * @returns {(count: number) => Float64Array} the next so many numbers [count]
 */
export function normalSource(seed) {
  const random = new Random("replay", seed);
  return (count) => Float64Array.from({ length: count }, () => random.normal());
}
