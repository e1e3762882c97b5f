// Drawn mazes: strokes are cut where they cross or touch, as replaylib/world/drawn_tracks.py does, and what can not be
// trained is said in one sentence. Takes from the files before it: separation (travel.js).

/** What is wrong, in one sentence for the reader: its `message`. */
export class MazeError extends Error {}

const CLOSE = 1e-6; // points nearer than this are one, and nearer to a segment on it [m]

/**
 * What can be trained. corners, lines: as they are drawn; pieces: lines after they are cut. reach: largest coordinate
 * [m]. shortest, longest: of all lines together [m]. narrowest, widest: walls of a box [m].
 */
export const LIMITS = {
  corners: 64, lines: 96, pieces: 200, reach: 2, shortest: 1, longest: 16, narrowest: 0.8, widest: 3.2,
};

/**
 * A value from outside, short enough for a sentence.
 * @param {*} value
 * @returns {string}
 */
export function shown(value) {
  if (typeof value === "number" || typeof value === "boolean" || value == null) return String(value);
  if (typeof value === "string") return value.length > 24 ? `"${value.slice(0, 24)}..."` : `"${value}"`;
  return Array.isArray(value) ? `a list of ${value.length}` : `a thing of another kind (${typeof value})`;
}

const counted = (count, one, many) => `${count} ${count === 1 ? one : many}`;
const isPair = (value, fits) => Array.isArray(value) && value.length === 2 && value.every(fits);
const inReach = (number) => Number.isFinite(number) && Math.abs(number) <= LIMITS.reach;

function checkBox(box) {
  const { narrowest, widest } = LIMITS;
  const fits = (length) => Number.isFinite(length) && length >= narrowest && length <= widest;
  if (isPair(box, fits)) return;
  const came = isPair(box, () => true) ? box.map(shown).join(" by ") : shown(box);
  throw new MazeError(`A box must be ${narrowest} to ${widest} m wide and high, but ${came} came.`);
}

function checkCorners(vertices, most) {
  if (!Array.isArray(vertices)) throw new MazeError(`A maze needs a list of corners, but ${shown(vertices)} came.`);
  if (vertices.length > most) {
    throw new MazeError(`A maze can have at most ${most} corners, but ${vertices.length} came.`);
  }
  const wrong = vertices.findIndex((corner) => !isPair(corner, inReach));
  if (wrong < 0) return;
  const came = isPair(vertices[wrong], () => true) ? vertices[wrong].map(shown).join(", ") : shown(vertices[wrong]);
  const wanted = `two numbers from -${LIMITS.reach} to ${LIMITS.reach} m`;
  throw new MazeError(`Corner ${wrong + 1} must be ${wanted}, but ${came} came.`);
}

function checkLines(edges, count, most) {
  if (!Array.isArray(edges)) throw new MazeError(`A maze needs a list of lines, but ${shown(edges)} came.`);
  if (edges.length > most) throw new MazeError(`A maze can have at most ${most} lines, but ${edges.length} came.`);
  const names = (index) => Number.isInteger(index) && index >= 0 && index < count;
  const wrong = edges.findIndex((edge) => !isPair(edge, names));
  if (wrong < 0) return;
  const came = isPair(edges[wrong], () => true) ? edges[wrong].map(shown).join(", ") : shown(edges[wrong]);
  throw new MazeError(`Line ${wrong + 1} must join two of the ${count} corners, but ${came} came.`);
}

function checkPieces(count) {
  if (count <= LIMITS.pieces) return;
  throw new MazeError(`The lines cross too often: they make more than ${LIMITS.pieces} pieces.`);
}

// Index of the point among `places`, to which it is added where it is new.
function placeOf([x, y], places) {
  const index = places.findIndex((place) => separation([x, y], place) < CLOSE);
  return index < 0 ? places.push([x, y]) - 1 : index;
}

const difference = ([ax, ay], [bx, by]) => [ax - bx, ay - by];
const areaOf = ([ax, ay], [bx, by]) => ax * by - ay * bx;
const ORIGIN = [0, 0];

// Where two segments cross; null where they do not, or are parallel and so can not cross without touching.
function crossing(start, end, otherStart, otherEnd) {
  const [along, other] = [difference(end, start), difference(otherEnd, otherStart)];
  const [area, between] = [areaOf(along, other), difference(otherStart, start)];
  if (Math.abs(area) <= CLOSE * Math.min(separation(along, ORIGIN), separation(other, ORIGIN))) return null;
  const [share, otherShare] = [areaOf(between, other) / area, areaOf(between, along) / area];
  if (!(share >= 0 && share <= 1 && otherShare >= 0 && otherShare <= 1)) return null;
  return [start[0] + share * along[0], start[1] + share * along[1]];
}

// The segment cut at every place that lies on it, as pairs of indices.
function piecesOf([first, last], places) {
  const [start, end] = [places[first], places[last]];
  const along = difference(end, start);
  const length = separation(along, ORIGIN);
  const marks = [];
  places.forEach((place, index) => {
    const offset = difference(place, start);
    const travelled = (offset[0] * along[0] + offset[1] * along[1]) / length;
    const between = Math.abs(areaOf(along, offset)) < CLOSE * length && travelled > 0 && travelled < length;
    if (index === first || index === last || between) marks.push([travelled, index]);
  });
  marks.sort(([a, i], [b, j]) => a - b || i - j);
  return marks.slice(1).map(([, index], before) => [marks[before][1], index]);
}

// Pairs with the smaller index first, each once and in their order, without those from a corner to itself.
function eachOnce(pairs) {
  const seen = new Map();
  for (const [a, b] of pairs) {
    const pair = a < b ? [a, b] : [b, a];
    if (a !== b && !seen.has(pair.join())) seen.set(pair.join(), pair);
  }
  return [...seen.values()];
}

// Corners that a line leads to, in their order, with the lines renumbered.
function withoutLoneCorners(places, edges) {
  const used = new Set(edges.flat());
  const kept = places.flatMap((_, index) => (used.has(index) ? [index] : []));
  const number = new Map(kept.map((index, place) => [index, place]));
  return {
    vertices: kept.map((index) => places[index]),
    edges: edges.map(([a, b]) => [number.get(a), number.get(b)]),
  };
}

function partsOf({ vertices, edges }) {
  const part = vertices.map((_, index) => index);
  const root = (index) => (part[index] === index ? index : root(part[index]));
  for (const [a, b] of edges) part[root(a)] = root(b);
  return part.filter((one, index) => one === index).length;
}

/**
 * A maze that can be trained, as it is.
 * @param {object} maze of lines that do not cross, or a box
 * @returns {object} `maze`
 * @throws {MazeError} where it can not be trained
 */
export function check(maze) {
  if (maze === null || typeof maze !== "object") throw new MazeError(`A maze was expected, but ${shown(maze)} came.`);
  if (maze.box !== undefined) {
    checkBox(maze.box);
    return maze;
  }
  const { vertices, edges } = maze;
  const { pieces, shortest, longest } = LIMITS;
  checkCorners(vertices, pieces);
  checkLines(edges, vertices.length, pieces);
  if (!edges.length) throw new MazeError("A maze needs at least one line between two corners, but there is none yet.");
  const parts = partsOf(maze);
  if (parts > 1) throw new MazeError(`All lines must hang together, but they are in ${parts} parts: join them.`);
  const length = edges.reduce((total, [a, b]) => total + separation(vertices[a], vertices[b]), 0);
  if (length < shortest || length > longest) {
    const wanted = `${shortest} to ${longest} m long in all`;
    throw new MazeError(`The lines must be ${wanted}, but they are ${length.toFixed(2)} m.`);
  }
  return maze;
}

function sayWhatWasMended(drawn, merged, maze, lone) {
  const made = maze.vertices.length - (merged.length - lone);
  const same = drawn.vertices.length - merged.length;
  const told = [
    made > 0 && `lines that cross are joined there (${counted(made, "new corner", "new corners")})`,
    same > 0 && `${counted(same, "corner that lies on another is", "corners that lie on others are")} one with it`,
    lone > 0 && `${counted(lone, "corner without a line is", "corners without a line are")} left out`,
  ].filter(Boolean).join("; ");
  return told && `${told[0].toUpperCase()}${told.slice(1)}.`;
}

/**
 * A drawn maze, cut where its lines cross or touch; where they overlap they are one.
 * @param {{ vertices: number[][], edges: number[][] }} drawn corners [corners][2] [m], pairs of their indices
 * @returns {{ maze: object, sentence: string }} the maze, and what was mended, or ""
 * @throws {MazeError} where it can not be trained
 */
export function untangle(drawn) {
  if (drawn === null || typeof drawn !== "object") {
    throw new MazeError(`A drawn maze was expected, but ${shown(drawn)} came.`);
  }
  checkCorners(drawn.vertices, LIMITS.corners);
  checkLines(drawn.edges, drawn.vertices.length, LIMITS.lines);
  const places = [];
  const order = drawn.vertices.map((corner) => placeOf(corner, places));
  const merged = [...places];
  const segments = eachOnce(drawn.edges.map(([a, b]) => [order[a], order[b]]));
  segments.forEach(([a, b], index) => {
    for (const [c, d] of segments.slice(index + 1)) {
      const place = crossing(places[a], places[b], places[c], places[d]);
      if (place) placeOf(place, places);
    }
    checkPieces(places.length);
  });
  const edges = eachOnce(segments.flatMap((segment) => piecesOf(segment, places)));
  checkPieces(edges.length);
  const maze = check(withoutLoneCorners(places, edges));
  const reached = new Set(edges.flat());
  const lone = merged.filter((_, index) => !reached.has(index)).length;
  return { maze, sentence: sayWhatWasMended(drawn, merged, maze, lone) };
}
