// The lab's settings, and the link that carries them. Takes from the files before it: mazeOf, PRESETS (mazes.js);
// LIMITS, MazeError, shown (strokes.js).

/** Numbers of hidden units to choose from. */
export const UNITS = [32, 48, 64, 96, 128];

/** Where the lab begins. leak [1/step]; noise: standard deviation per step [1]; iterations of training. */
export const DEFAULTS = Object.freeze({
  maze: "triangle", drawn: null, leak: 0.5, noise: 0.1, pauses: true, symmetric: true, units: 64, seed: 0,
  iterations: 1200,
});

/** Lowest and highest value of each number among the settings. */
export const RANGES = Object.freeze({ leak: [0, 1], noise: [0, 1], seed: [0, 999999], iterations: [1, 10000] });

const LINK_VERSION = "1"; // rises when the same settings no longer train the same network
const LONGEST_LINK = 8000; // characters: 64 corners and 96 lines take at most 4,000

function numberIn(name, value, whole) {
  const [low, high] = RANGES[name];
  if (Number.isFinite(value) && value >= low && value <= high && (!whole || Number.isInteger(value))) return value;
  throw new MazeError(`The ${name} must be ${whole ? "a whole number" : "a number"} from ${low} to ${high}, ` +
    `but ${shown(value)} came.`);
}

function yesOrNo(name, value) {
  if (typeof value === "boolean") return value;
  throw new MazeError(`The setting "${name}" must be yes or no, but ${shown(value)} came.`);
}

const CHECKS = {
  leak: (value) => numberIn("leak", value, false),
  noise: (value) => numberIn("noise", value, false),
  seed: (value) => numberIn("seed", value, true),
  iterations: (value) => numberIn("iterations", value, true),
  pauses: (value) => yesOrNo("pauses", value),
  symmetric: (value) => yesOrNo("symmetric", value),
  units: (value) => {
    if (UNITS.includes(value)) return value;
    throw new MazeError(`The number of units must be one of ${UNITS.join(", ")}, but ${shown(value)} came.`);
  },
};

// The same corners and lines, and nothing else that an object from outside may carry.
function plainMaze({ box, vertices, edges }) {
  return box ? { box: [...box] } : { vertices: vertices.map((at) => [...at]), edges: edges.map((pair) => [...pair]) };
}

/**
 * Settings from anywhere, each one checked; those that are not given are the defaults.
 * @param {object} given
 * @returns {object} settings
 * @throws {MazeError} where one can not be used
 */
export function checkSettings(given) {
  if (given === null || typeof given !== "object") {
    throw new MazeError(`Settings were expected, but ${shown(given)} came.`);
  }
  const settings = { ...DEFAULTS };
  for (const name of Object.keys(CHECKS)) if (Object.hasOwn(given, name)) settings[name] = CHECKS[name](given[name]);
  if (Object.hasOwn(given, "maze")) settings.maze = given.maze;
  const drawn = settings.maze === "drawn" && Object.hasOwn(given, "drawn") ? given.drawn : null;
  mazeOf({ maze: settings.maze, drawn });
  return { ...settings, drawn: drawn && plainMaze(drawn) };
}

const joined = (rows, within) => rows.map((row) => row.join(within)).join(";");

/**
 * The hash of a link that trains the same network: every setting, and the corners and lines of a drawn maze.
 * @param {object} settings
 * @returns {string} without the "#"
 */
export function toHash(settings) {
  const { maze, drawn, leak, noise, pauses, symmetric, units, seed, iterations } = { ...DEFAULTS, ...settings };
  const parts = [["lab", LINK_VERSION], ["maze", maze]];
  if (maze === "drawn" && drawn) {
    if (drawn.box) parts.push(["box", drawn.box.join(",")]);
    else parts.push(["corners", joined(drawn.vertices, ",")], ["lines", joined(drawn.edges, "-")]);
  }
  parts.push(["leak", leak], ["noise", noise], ["pauses", Number(pauses)], ["symmetric", Number(symmetric)]);
  parts.push(["units", units], ["seed", seed], ["iterations", iterations]);
  return parts.map(([name, value]) => `${name}=${value}`).join("&");
}

// A number as people and this lab write it; anything else is no number.
const numberFrom = (text) => (/^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN);

function rowsFrom(text, within, most, what) {
  const rows = text === "" ? [] : text.split(";");
  if (rows.length > most) throw new MazeError(`A maze can have at most ${most} ${what}, but ${rows.length} came.`);
  return rows.map((row) => row.split(within).map(numberFrom));
}

const READERS = {
  maze: (text) => ({ maze: text }),
  box: (text) => ({ drawn: { box: text.split(",").map(numberFrom) } }),
  corners: (text, found) => ({
    drawn: { ...found.drawn, vertices: rowsFrom(text, ",", LIMITS.corners, "corners") },
  }),
  lines: (text, found) => ({ drawn: { ...found.drawn, edges: rowsFrom(text, "-", LIMITS.lines, "lines") } }),
  pauses: (text) => ({ pauses: text === "1" ? true : text === "0" ? false : text }),
  symmetric: (text) => ({ symmetric: text === "1" ? true : text === "0" ? false : text }),
};
for (const name of ["leak", "noise", "units", "seed", "iterations"]) {
  READERS[name] = (text) => {
    const value = numberFrom(text);
    return { [name]: Number.isNaN(value) ? text : value };
  };
}

function unescaped(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new MazeError(`The link holds ${shown(text)}, which is not written as links are.`);
  }
}

// Names and texts of a hash, each name once.
function partsFrom(text) {
  const found = new Map();
  for (const part of text.split("&").filter(Boolean)) {
    const equals = part.indexOf("=");
    const name = unescaped(equals < 0 ? part : part.slice(0, equals));
    if (found.has(name)) throw new MazeError(`The link names ${shown(name)} twice.`);
    found.set(name, equals < 0 ? "" : unescaped(part.slice(equals + 1)));
  }
  return found;
}

function settingsFrom(text) {
  if (text.length > LONGEST_LINK) {
    throw new MazeError(`A link can have at most ${LONGEST_LINK} characters, but ${text.length} came.`);
  }
  const parts = partsFrom(text);
  if (parts.get("lab") !== LINK_VERSION) {
    throw new MazeError(`The link must be of version ${LINK_VERSION} of the lab, but ${shown(parts.get("lab"))} came.`);
  }
  parts.delete("lab");
  let found = {};
  for (const [name, value] of parts) {
    if (!Object.hasOwn(READERS, name)) {
      throw new MazeError(`The link names ${shown(name)}, which the lab does not know.`);
    }
    found = { ...found, ...READERS[name](value, found) };
  }
  return checkSettings(found);
}

/**
 * Settings from the hash of a link. A hash that is none of the lab's, as that of a heading, gives the defaults.
 * @param {string} text with or without the "#"
 * @returns {{ settings: object, sentence: string }} the defaults where the link can not be used, and why not, or ""
 */
export function fromHash(text) {
  const hash = String(text).replace(/^#/, "");
  if (!/(^|&)lab=/.test(hash.slice(0, LONGEST_LINK))) return { settings: { ...DEFAULTS }, sentence: "" };
  try {
    return { settings: settingsFrom(hash), sentence: "" };
  } catch (error) {
    if (!(error instanceof MazeError)) throw error;
    return { settings: { ...DEFAULTS }, sentence: `${error.message} The lab begins with its defaults.` };
  }
}
