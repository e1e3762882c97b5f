// The mazes that come with the lab. Takes from the files before it: nothing; from strokes.js, when called: untangle,
// checkMaze and MazeError.

// Corners of a regular polygon of 8 * `finer` sides (`finer` 1 or 2) round a centre, without sine or cosine.
function roundCorners(centreX, centreY, radius, finer) {
  const half = Math.sqrt(0.5);
  const quarter = finer === 2
    ? [[1, 0], [Math.sqrt(2 + 2 * half) / 2, Math.sqrt(2 - 2 * half) / 2], [half, half],
      [Math.sqrt(2 - 2 * half) / 2, Math.sqrt(2 + 2 * half) / 2]]
    : [[1, 0], [half, half]];
  const turns = [([x, y]) => [x, y], ([x, y]) => [-y, x], ([x, y]) => [-x, -y], ([x, y]) => [y, -x]];
  return turns.flatMap((turn) => quarter.map(turn)).map(([x, y]) => [centreX + radius * x, centreY + radius * y]);
}

// Edges that lead once round `count` vertices, the first of which is `first`.
function loopEdges(count, first = 0) {
  return Array.from({ length: count }, (_, index) => [first + index, first + ((index + 1) % count)]);
}

function ringMaze() {
  const vertices = roundCorners(0, 0, 0.9, 2);
  return { vertices, edges: loopEdges(vertices.length) };
}

// Two rings that share the corner in the middle, vertex 0.
function figureOfEight() {
  const radius = 0.6;
  const right = roundCorners(-radius, 0, radius, 1).map(([x, y]) => [0 - x, y]);
  const left = roundCorners(-radius, 0, radius, 1).slice(1);
  const second = loopEdges(8, 7).map((edge) => edge.map((vertex) => (vertex === 7 ? 0 : vertex)));
  return { vertices: [...right, ...left], edges: [...loopEdges(8), ...second] };
}

const TALL = Math.sqrt(3) / 2;

/**
 * Mazes by name: a label for readers, and the maze, whose corners are in metres.
 * A maze is `{ vertices: [[x, y], ...], edges: [[i, j], ...] }` or an open box `{ box: [width, height] }` from (0, 0).
 */
export const PRESETS = {
  triangle: { label: "Triangle", maze: { vertices: [[0, 1], [-TALL, -0.5], [TALL, -0.5]], edges: loopEdges(3) } },
  "t-maze": {
    label: "T-maze",
    maze: { vertices: [[0, -0.8], [0, 0.8], [-1, 0.8], [1, 0.8]], edges: [[0, 1], [1, 2], [1, 3]] },
  },
  ring: { label: "Ring", maze: ringMaze() },
  "figure-of-eight": { label: "Figure of eight", maze: figureOfEight() },
  plus: {
    label: "Plus",
    maze: { vertices: [[0, 0], [1, 0], [0, 1], [-1, 0], [0, -1]], edges: [[0, 1], [0, 2], [0, 3], [0, 4]] },
  },
  "h-maze": {
    label: "H-maze",
    maze: {
      vertices: [[-0.8, 0], [0.8, 0], [-0.8, 0.8], [-0.8, -0.8], [0.8, 0.8], [0.8, -0.8]],
      edges: [[0, 1], [0, 2], [0, 3], [1, 4], [1, 5]],
    },
  },
  box: { label: "Open box", maze: { box: [1.6, 1.6] } },
};

/**
 * The maze that settings ask for: a preset, or the drawn one, cut where its strokes cross.
 * @param {{ maze: string, drawn: object|null }} settings
 * @returns {object} a maze; a preset is shared and must not be changed
 * @throws {MazeError} where the name is unknown, or the drawn maze is none or can not be trained
 */
export function mazeOf({ maze, drawn }) {
  if (maze === "drawn") return drawn && drawn.box ? check(drawn) : untangle(drawn).maze;
  if (typeof maze === "string" && Object.hasOwn(PRESETS, maze)) return PRESETS[maze].maze;
  throw new MazeError(`The maze must be one of ${Object.keys(PRESETS).join(", ")} or drawn, but ${shown(maze)} came.`);
}
