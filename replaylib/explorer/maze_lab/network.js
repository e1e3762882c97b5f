// The path integrator: the twin of replaylib/networks/network.py. Takes from the files before it: Random and tanh
// (arithmetic.js), Animal (motion.js), cellsFor, encode and decode (places.js).
//
//     h_0 = tanh(E y_0 + e)
//     h'  = (1 - leak) h + tanh(W h + U u + b) + noise xi,    u = velocity / velocityRms
//     y   = D h

/** The tensors of a network in the order of PathIntegrator, and how many numbers each has: n units, k outputs. */
export const TENSORS = {
  recurrent: (n) => n * n,
  input: (n) => n * 2,
  bias: (n) => n,
  encoder: (n, k) => n * k,
  encoderBias: (n) => n,
  decoder: (n, k) => k * n,
};

const RMS_PATHS = 512;
const RMS_STEPS = 80;

/**
 * Root mean square of each component of the animal's velocity, from paths of a stream of its own.
 * @param {object} maze
 * @param {boolean} pauses
 * @returns {number} [m/step]
 */
export function velocityRmsOf(maze, pauses) {
  const position = new Animal(maze, { pauses }, new Random("velocity", 0)).paths(RMS_PATHS, RMS_STEPS);
  let sum = 0;
  for (let path = 0; path < RMS_PATHS; path += 1) {
    const first = 2 * path * (RMS_STEPS + 1);
    for (let i = first; i < first + 2 * RMS_STEPS; i += 1) {
      const moved = position[i + 2] - position[i];
      sum += moved * moved;
    }
  }
  return Math.sqrt(sum / (RMS_PATHS * RMS_STEPS * 2));
}

/**
 * An untrained network: weights uniform within 1/sqrt(inputs), from the stream of its seed.
 * @param {{ units: number, leak: number, noise: number, symmetric: boolean, pauses: boolean, seed: number }} settings
 * @param {object} maze
 * @returns {object} units (n), outputs (k), leak [1/step], noise: standard deviation per step [1], symmetric,
 *   velocityRms [m/step], the row-major Float32Arrays recurrent [n * n], input [n * 2], bias [n], encoder [n * k],
 *   encoderBias [n], decoder [k * n], and cells
 */
export function newNetwork({ units, leak, noise, symmetric, pauses, seed }, maze) {
  const cells = cellsFor(maze);
  const outputs = cells.centres.length / 2;
  const network = { units, outputs, leak, noise, symmetric, velocityRms: velocityRmsOf(maze, pauses), cells };
  const random = new Random("weights", seed);
  for (const [name, sizeOf] of Object.entries(TENSORS)) {
    const reach = 1 / Math.sqrt(name.startsWith("encoder") ? outputs : units);
    network[name] = Float32Array.from({ length: sizeOf(units, outputs) }, () => (2 * random.uniform() - 1) * reach);
  }
  return network;
}

/**
 * W as it acts: (W + W') / 2 where the network is symmetric.
 * @param {object} network
 * @param {Float32Array} out where it is written, [n * n]
 * @returns {Float32Array} `out`
 */
export function recurrentWeights({ recurrent, units, symmetric }, out = new Float32Array(units * units)) {
  if (!symmetric) {
    out.set(recurrent);
    return out;
  }
  for (let i = 0; i < units; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      const mean = Math.fround(recurrent[i * units + j] + recurrent[j * units + i]) / 2;
      out[i * units + j] = mean;
      out[j * units + i] = mean;
    }
  }
  return out;
}

/**
 * The place that a hidden state stands for.
 * @param {object} network
 * @param {Float32Array|Float64Array} hidden states, of which the one from `offset` on is read
 * @param {number} offset
 * @returns {number[]} [x, y] [m]
 */
export function decodeState(network, hidden, offset = 0) {
  const { units, outputs, decoder, cells } = network;
  const activity = new Float64Array(outputs);
  for (let i = 0; i < outputs; i += 1) {
    let sum = 0;
    for (let j = 0, row = i * units; j < units; j += 1) sum += decoder[row + j] * hidden[offset + j];
    activity[i] = sum;
  }
  return cells ? decode(cells, activity) : [activity[0], activity[1]];
}

/**
 * Hidden states at the end of noisy awake paths: where dreams begin. Twin of replaylib/networks/replaying.py.
 * @param {object} network
 * @param {Float32Array} position paths, [count, steps + 1, 2] [m]
 * @param {number} count paths
 * @param {Random} random of the noise
 * @returns {Float32Array} [count * n]
 */
export function awakeStates(network, position, count, random) {
  const { units: n, velocityRms } = network;
  const steps = position.length / (2 * count) - 1;
  const weights = recurrentWeights(network);
  const states = new Float32Array(count * n);
  for (let path = 0; path < count; path += 1) {
    const first = 2 * path * (steps + 1);
    let hidden = startState(network, position[first], position[first + 1]);
    for (let at = first; at < first + 2 * steps; at += 2) {
      const heard = [0, 1].map((axis) => (position[at + 2 + axis] - position[at + axis]) / velocityRms);
      hidden = awakeStep(network, weights, hidden, heard, random);
    }
    states.set(hidden, path * n);
  }
  return states;
}

// h_0 = tanh(E y_0 + e)
function startState({ units: n, outputs, encoder, encoderBias, cells }, x, y) {
  const start = cells ? encode(cells, x, y, new Float32Array(outputs)) : [x, y];
  return Float64Array.from({ length: n }, (_, i) => {
    let sum = encoderBias[i];
    for (let j = 0; j < outputs; j += 1) sum += encoder[i * outputs + j] * start[j];
    return tanh(sum);
  });
}

function awakeStep({ units: n, input, bias, leak, noise }, weights, hidden, [across, up], random) {
  return Float64Array.from(hidden, (value, i) => {
    let sum = bias[i] + input[2 * i] * across + input[2 * i + 1] * up;
    for (let j = 0, row = i * n; j < n; j += 1) sum += weights[row + j] * hidden[j];
    return (1 - leak) * value + tanh(sum) + noise * random.normal();
  });
}

/**
 * The network of a file whose description and tensors have been checked (safetensors.js).
 * @param {Object<string, { shape: number[], values: Float32Array }>} tensors by Python's names
 * @param {{ network: object, cells?: { width: number, exponent: number } }} card the file's description
 * @returns {object} the network, as newNetwork gives it; cells are null where it reports coordinates
 */
export function readNetworkFrom(tensors, card) {
  const { hidden: units, outputs, leak, noise_std: noise, symmetric, velocity_rms: velocityRms } = card.network;
  const network = { units, outputs, leak, noise, symmetric, velocityRms, cells: null };
  for (const name of Object.keys(TENSORS)) {
    network[name] = tensors[name === "encoderBias" ? "encoder_bias" : name].values;
  }
  if (card.cells) network.cells = { centres: tensors["cells.centres"].values, ...card.cells };
  return network;
}

/**
 * A network with weights of its own, which go on as they are while the other is trained.
 * @param {object} network
 * @returns {object}
 */
export function copyOfNetwork(network) {
  const weights = Object.keys(TENSORS).map((name) => [name, Float32Array.from(network[name])]);
  return { ...network, ...Object.fromEntries(weights) };
}
