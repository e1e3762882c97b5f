// Places of a maze: place cells and their decoding, distance to the maze, regions. The twin of
// replaylib/world/place_cells.py and spaces.py. Takes from the files before it: exponential, logarithm (arithmetic.js);
// separation (travel.js); tourOf (tours.js).

const TINY = 1.1754943508222875e-38; // keeps silent cells from dividing by zero, as torch.finfo(float32).tiny
const MOST_CELLS = 128;
const SPACING = 0.108; // between place cells on lines: 48 on the triangle [m]
const FEWEST_PIECES = 24; // a short maze has finer cells,
const SHORT = 3; // and narrower ones in proportion, where all its lines together are shorter than this [m]
const FIELD = 0.25; // width of a place field on lines [m]
const BOX_COLUMNS = 8; // of place cells along the longer wall of a box
const BOX_FIELD = 2; // width of a place field in a box over the distance of neighbours: narrower ones trained worse

const lengthsOf = ({ vertices, edges }) => edges.map(([a, b]) => separation(vertices[a], vertices[b]));
const totalOf = (numbers) => numbers.reduce((total, one) => total + one, 0);

// Points evenly spaced on each segment, ends and junctions included once; corners nearer than half the spacing to a
// point that is there already are left out, so that many corners do not crowd.
function pointsEvery({ vertices, edges }, spacing) {
  const points = [];
  for (const corner of vertices) {
    if (points.every((point) => separation(point, corner) >= spacing / 2)) points.push(corner);
  }
  for (const [a, b] of edges) {
    const [[ax, ay], [bx, by]] = [vertices[a], vertices[b]];
    const pieces = Math.max(1, Math.round(separation(vertices[a], vertices[b]) / spacing));
    for (let i = 1; i < pieces; i += 1) points.push([ax + (i / pieces) * (bx - ax), ay + (i / pieces) * (by - ay)]);
  }
  return points;
}

// Points in columns and rows from wall to wall.
function pointsInBox([width, height]) {
  const across = (length) => Math.max(3, Math.round((BOX_COLUMNS * length) / Math.max(width, height)));
  const [columns, rows] = [across(width), across(height)];
  return Array.from({ length: columns * rows }, (_, index) => {
    const [column, row] = [Math.floor(index / rows), index % rows];
    return [(width * column) / (columns - 1), (height * row) / (rows - 1)];
  });
}

/**
 * Evenly spaced place cells for a maze: 48 on the triangle, at most 128.
 * @param {object} maze
 * @returns {{ centres: Float32Array, width: number, exponent: number }} centres [cells * 2] [m]; standard deviation of
 *   a place field [m]; power to which activity is raised in decoding [1]
 */
export function cellsFor(maze) {
  if (maze.box) {
    const apart = Math.max(...maze.box) / (BOX_COLUMNS - 1);
    return { centres: Float32Array.from(pointsInBox(maze.box).flat()), width: BOX_FIELD * apart, exponent: 4 };
  }
  const total = totalOf(lengthsOf(maze));
  let spacing = Math.min(SPACING, total / FEWEST_PIECES);
  let points = pointsEvery(maze, spacing);
  while (points.length > MOST_CELLS) {
    spacing *= 1.05;
    points = pointsEvery(maze, spacing);
  }
  return { centres: Float32Array.from(points.flat()), width: FIELD * Math.min(1, total / SHORT), exponent: 4 };
}

/**
 * Activity of each cell at one place, exp(-distance^2 / (2 width^2)); below 1e-11 it is 0.
 * @param {object} cells from cellsFor
 * @param {number} x [m]
 * @param {number} y [m]
 * @param {Float32Array} out where the activities are written
 * @param {number} offset index of the first of them in `out`
 * @returns {Float32Array} `out`
 */
export function encode(cells, x, y, out, offset = 0) {
  const { centres, width } = cells;
  const factor = -1 / (2 * width * width);
  for (let cell = 0; 2 * cell < centres.length; cell += 1) {
    const dx = x - centres[2 * cell];
    const dy = y - centres[2 * cell + 1];
    const power = factor * (dx * dx + dy * dy);
    out[offset + cell] = power < -25 ? 0 : exponential(power);
  }
  return out;
}

// base ** exponent for base >= 0; whole exponents by products.
function raised(base, exponent) {
  if (exponent === 4) return base * base * (base * base);
  if (exponent === 2) return base * base;
  if (exponent === 1 || base === 0) return base;
  return exponential(exponent * logarithm(base));
}

/**
 * Population vector: the mean of the centres, weighted by max(activity, 0) ** exponent.
 * @param {object} cells from cellsFor
 * @param {Float32Array} activity of each cell
 * @param {number} offset index of the first activity
 * @returns {number[]} [x, y] [m]
 */
export function decode(cells, activity, offset = 0) {
  const { centres, exponent } = cells;
  let [x, y, total] = [0, 0, 0];
  for (let cell = 0; 2 * cell < centres.length; cell += 1) {
    const weight = raised(Math.max(activity[offset + cell], 0), exponent) + TINY;
    x += weight * centres[2 * cell];
    y += weight * centres[2 * cell + 1];
    total += weight;
  }
  return [x / total, y / total];
}

function distanceToSegment([ax, ay], [bx, by], x, y) {
  const [dx, dy] = [bx - ax, by - ay];
  const share = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy);
  const kept = Math.min(1, Math.max(0, share));
  return separation([x, y], [ax + kept * dx, ay + kept * dy]);
}

/**
 * Distance from a place to the nearest point where the animal can be; 0 inside a box.
 * @param {object} maze
 * @param {number} x [m]
 * @param {number} y [m]
 * @returns {number} [m]
 */
export function distanceTo(maze, x, y) {
  if (maze.box) {
    const [width, height] = maze.box;
    return separation([x, y], [Math.min(width, Math.max(0, x)), Math.min(height, Math.max(0, y))]);
  }
  const { vertices, edges } = maze;
  return edges.reduce((least, [a, b]) => Math.min(least, distanceToSegment(vertices[a], vertices[b], x, y)), Infinity);
}

function tiles([width, height], count) {
  const columns = Math.max(1, Math.round(Math.sqrt((count * width) / height)));
  const rows = Math.max(1, Math.round(count / columns));
  return Array.from({ length: columns * rows }, (_, index) => {
    const [column, row] = [Math.floor(index / rows), index % rows];
    return [((column + 0.5) / columns) * width, ((row + 0.5) / rows) * height];
  });
}

/**
 * Centres of `count` stretches of equal length, or of about as many tiles of a box.
 * @param {object} maze
 * @param {number} count
 * @returns {number[][]} [regions][2] [m]
 */
export function regionsOf(maze, count = 12) {
  if (maze.box) return tiles(maze.box, count);
  const { vertices, edges } = maze;
  const lengths = lengthsOf(maze);
  const total = totalOf(lengths);
  return Array.from({ length: count }, (_, index) => {
    let left = ((index + 0.5) / count) * total;
    let edge = 0;
    while (edge < edges.length - 1 && left >= lengths[edge]) {
      left -= lengths[edge];
      edge += 1;
    }
    const [[ax, ay], [bx, by]] = edges[edge].map((vertex) => vertices[vertex]);
    return [ax + (left / lengths[edge]) * (bx - ax), ay + (left / lengths[edge]) * (by - ay)];
  });
}

/**
 * The error that a good network stays below: 5 % of the tour's length, or of two walls' lengths in a box.
 * @param {object} maze
 * @returns {number} [m]
 */
export function errorBar(maze) {
  return 0.05 * (maze.box ? maze.box[0] + maze.box[1] : tourOf(maze).length);
}
