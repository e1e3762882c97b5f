// Networks as files: safetensors with a description, as replaylib/_storage.py and networks/pretrained write and read
// them. Takes from the files before it: sha256 (sha256.js); MazeError, shown (strokes.js); PRESETS, mazeOf (mazes.js);
// distanceTo, cellsFor (places.js); separation (travel.js); checkSettings (settings.js); readNetworkFrom (network.js).

/** Largest file that is read, and the largest description in one [bytes]; most units and outputs of a network. */
export const FILE_LIMITS = { bytes: 8e6, header: 2e5, units: 512, outputs: 1024 };

const encoded = (text) => new TextEncoder().encode(text);

// Shapes of a network's tensors by name, as PathIntegrator has them; in the order of the names, as files have them.
function shapesOf({ units: n, outputs: k, cells }) {
  const shapes = { bias: [n], decoder: [k, n], encoder: [n, k], encoder_bias: [n], input: [n, 2], recurrent: [n, n] };
  return cells ? { bias: [n], "cells.centres": [k, 2], ...shapes } : shapes;
}

const tensorsOf = ({ bias, decoder, encoder, encoderBias, input, recurrent, cells }) => ({
  bias, decoder, encoder, encoder_bias: encoderBias, input, recurrent, "cells.centres": cells && cells.centres,
});

const bytesOf = (numbers) => new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);

function joinedBytes(parts) {
  const joined = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

// SHA-256 of the description and of names, types, shapes and bytes of tensors in order, as _storage._digest.
function digestOf(text, shapes, tensors) {
  const parts = [encoded(text)];
  for (const name of Object.keys(shapes).sort()) {
    parts.push(encoded(`${name} torch.float32 [${shapes[name].join(", ")}]`), bytesOf(tensors[name]));
  }
  return sha256(joinedBytes(parts));
}

// The fields of Python's NetworkSettings and PlaceCells, and what the lab adds.
const cardOf = (network, lab) => ({
  network: {
    outputs: network.outputs, hidden: network.units, leak: network.leak, learn_leak: false, nonlinearity: "tanh",
    symmetric: network.symmetric, noise_std: network.noise, velocity_rms: network.velocityRms,
  },
  ...(network.cells && { cells: { width: network.cells.width, exponent: network.cells.exponent } }),
  ...(lab && { lab }),
});

/**
 * A network as a safetensors file that `replaylib.pretrained.read` reads.
 * @param {object} network
 * @param {object|null} lab { maze, settings, iteration }, kept with it for readNetwork
 * @returns {Uint8Array}
 */
export function writeNetwork(network, lab = null) {
  const [text, shapes, tensors] = [JSON.stringify(cardOf(network, lab)), shapesOf(network), tensorsOf(network)];
  const header = { __metadata__: { card: text, sha256: digestOf(text, shapes, tensors) } };
  let at = 0;
  for (const [name, shape] of Object.entries(shapes)) {
    header[name] = { dtype: "F32", shape, data_offsets: [at, at + tensors[name].byteLength] };
    at += tensors[name].byteLength;
  }
  let json = JSON.stringify(header);
  json = json.padEnd(json.length + ((8 - (encoded(json).length % 8)) % 8));
  const start = new Uint8Array(8);
  const headerBytes = encoded(json);
  new DataView(start.buffer).setUint32(0, headerBytes.length, true);
  return joinedBytes([start, headerBytes, ...Object.keys(shapes).map((name) => bytesOf(tensors[name]))]);
}

const refuse = (sentence) => { throw new MazeError(sentence); };

function parsed(text, what) {
  const unreadable = `The file's ${what} can not be read: it is damaged, or no safetensors file.`;
  let found = null;
  try {
    found = JSON.parse(text);
  } catch {
    refuse(unreadable);
  }
  if (!found || typeof found !== "object" || Array.isArray(found)) refuse(`The file's ${what} is no object.`);
  return found;
}

// The header of a file, and its bytes after it.
function splitFile(bytes) {
  if (bytes.length > FILE_LIMITS.bytes) {
    const came = (bytes.length / 1e6).toFixed(1);
    refuse(`A file of at most ${FILE_LIMITS.bytes / 1e6} MB was expected, but one of ${came} MB came.`);
  }
  if (bytes.length < 10) refuse(`The file is too short for a safetensors file: it has ${bytes.length} bytes.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(0, true) + 4294967296 * view.getUint32(4, true);
  if (bytes[8] !== 0x7b) refuse("The file is no safetensors file: no description stands at its beginning.");
  if (length > bytes.length - 8) refuse("The file is cut off: it ends within its description.");
  if (length > FILE_LIMITS.header) refuse(`The file's description is too long for a network: ${length} bytes.`);
  const text = new TextDecoder().decode(bytes.subarray(8, 8 + length));
  return { header: parsed(text, "header"), rest: bytes.subarray(8 + length) };
}

const isWhole = (value, low, high) => Number.isInteger(value) && value >= low && value <= high;
const isPositive = (value) => Number.isFinite(value) && value > 0;

function checkNetworkCard(card) {
  const described = card.network;
  if (described === null || typeof described !== "object") refuse("The file holds no network of replaylib.");
  const { outputs, hidden, leak, learn_leak: learned, nonlinearity, symmetric } = described;
  if (nonlinearity !== "tanh") refuse(`The lab dreams with tanh units, but this network has ${shown(nonlinearity)}.`);
  if (learned || typeof leak !== "number") refuse("The lab dreams with one fixed leak, but this network has another.");
  if (!isWhole(hidden, 1, FILE_LIMITS.units) || !isWhole(outputs, 1, FILE_LIMITS.outputs)) {
    refuse(`A network of at most ${FILE_LIMITS.units} units and ${FILE_LIMITS.outputs} outputs was expected, ` +
      `but one of ${shown(hidden)} and ${shown(outputs)} came.`);
  }
  if (!(leak >= 0 && leak <= 1)) refuse(`The network's leak must be from 0 to 1, but ${shown(leak)} came.`);
  if (typeof symmetric !== "boolean") refuse("The file does not say whether the network's weights are symmetric.");
  if (!(Number.isFinite(described.noise_std) && described.noise_std >= 0)) {
    refuse(`The network's noise must be at least 0, but ${shown(described.noise_std)} came.`);
  }
  if (!isPositive(described.velocity_rms)) {
    refuse(`The network's scale of velocity must be above 0, but ${shown(described.velocity_rms)} came.`);
  }
  const { cells } = card;
  if (cells === undefined) return;
  if (cells === null || !isPositive(cells.width) || !isPositive(cells.exponent)) {
    refuse("The network's place cells need a width and an exponent above 0, but the file has others.");
  }
}

// One tensor, in memory of its own.
function tensorFrom(entry, name, shape, rest) {
  const missing = entry === null || typeof entry !== "object" || !Array.isArray(entry.shape);
  if (missing || !Array.isArray(entry.data_offsets)) refuse(`The file holds no tensor "${name}".`);
  if (entry.dtype !== "F32") refuse(`The tensor "${name}" must be of 32-bit numbers, but ${shown(entry.dtype)} came.`);
  if (entry.shape.length !== shape.length || !shape.every((size, i) => size === entry.shape[i])) {
    refuse(`The tensor "${name}" must have the shape ${shape.join(" x ")} that the file's description asks for.`);
  }
  const [begin, end] = entry.data_offsets;
  const length = 4 * shape.reduce((product, size) => product * size, 1);
  if (!isWhole(begin, 0, rest.length) || end !== begin + length) {
    refuse(`The tensor "${name}" lies where its numbers can not be: the file is damaged.`);
  }
  if (end > rest.length) refuse("The file is cut off: it ends within its numbers.");
  const numbers = new Float32Array(rest.slice(begin, end).buffer);
  if (!numbers.every(Number.isFinite)) refuse(`The tensor "${name}" holds a number that is not finite.`);
  return numbers;
}

function tensorsFrom(header, rest, shapes) {
  const tensors = {};
  for (const [name, shape] of Object.entries(shapes)) {
    const entry = Object.hasOwn(header, name) ? header[name] : null;
    tensors[name] = tensorFrom(entry, name, shape, rest);
  }
  const foreign = Object.keys(header).find((name) => name !== "__metadata__" && !Object.hasOwn(shapes, name));
  if (foreign !== undefined) refuse(`The file holds ${shown(foreign)}, which no network of the lab has.`);
  const wanted = Object.values(tensors).reduce((total, one) => total + one.byteLength, 0);
  if (wanted !== rest.length) refuse("The file holds other bytes than those of its numbers: it is damaged.");
  return tensors;
}

// What the lab wrote of itself, checked like all that comes from outside; null where it wrote nothing.
function labFrom({ lab }, cells) {
  if (lab === undefined) return null;
  if (lab === null || typeof lab !== "object") refuse("What the file says of the lab is damaged.");
  const settings = checkSettings(lab.settings);
  const maze = mazeOf(settings);
  if (!isWhole(lab.iteration, 0, 1e9)) refuse(`The file's number of iterations is ${shown(lab.iteration)}.`);
  if (cells && cells.centres.length !== cellsFor(maze).centres.length) {
    refuse("The file's maze is not the one that its network's place cells stand in.");
  }
  return { maze, settings, iteration: lab.iteration };
}

/**
 * The network in a file that writeNetwork or `replaylib.pretrained.save` wrote.
 * @param {Uint8Array|ArrayBuffer} file
 * @returns {{ network: object, lab: object|null }} lab { maze, settings, iteration }, null where Python wrote the file
 * @throws {MazeError} where it is damaged, foreign, too large, or of a kind that the lab has not
 */
export function readNetwork(file) {
  const isFile = file instanceof Uint8Array || file instanceof ArrayBuffer;
  if (!isFile) refuse("A file was expected, but something else came.");
  const { header, rest } = splitFile(new Uint8Array(file.buffer ?? file, file.byteOffset ?? 0, file.byteLength));
  const metadata = Object.hasOwn(header, "__metadata__") ? header.__metadata__ : null;
  if (metadata === null || typeof metadata !== "object" || typeof metadata.card !== "string") {
    refuse("The file was not written by replaylib: it carries no description of its network.");
  }
  const card = parsed(metadata.card, "description");
  checkNetworkCard(card);
  const { hidden: units, outputs } = card.network;
  const shapes = shapesOf({ units, outputs, cells: card.cells });
  if (!card.cells && outputs !== 2) {
    refuse(`A network without place cells must report x and y, but it reports ${outputs} numbers.`);
  }
  const tensors = tensorsFrom(header, rest, shapes);
  // Older files of Python carry the description alone, and can not be checked.
  const unchecked = Object.keys(metadata).length === 1;
  if (!unchecked && metadata.sha256 !== digestOf(metadata.card, shapes, tensors)) {
    refuse("The file is damaged: its content is not that of the SHA-256 which it names.");
  }
  const named = Object.entries(tensors).map(([name, values]) => [name, { shape: shapes[name], values }]);
  const network = readNetworkFrom(Object.fromEntries(named), card);
  return { network, lab: labFrom(card, network.cells) };
}

/**
 * The preset whose lines a network's place cells stand on, for files that name no maze.
 * @param {object} network
 * @returns {string} its name, or ""
 */
export function presetOf({ cells }) {
  if (!cells) return "";
  const { centres: flat } = cells;
  const centres = Array.from({ length: flat.length / 2 }, (_, cell) => [flat[2 * cell], flat[2 * cell + 1]]);
  const fits = ([, { maze }]) => !maze.box && centres.every(([x, y]) => distanceTo(maze, x, y) < 0.02) &&
    maze.vertices.every((corner) => centres.some((centre) => separation(corner, centre) < 0.1));
  return (Object.entries(PRESETS).find(fits) ?? [""])[0];
}
