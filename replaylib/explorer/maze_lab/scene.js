// What the picture of a maze needs: where the awake animal is, and how fast; regions and landmarks. The twin of
// replaylib/measures/yardsticks.py. Takes from the files before it: exponential, Random (arithmetic.js); MazeError
// (strokes.js); regionsOf (places.js); Animal (motion.js); WINDOW (travel.js).

const MOVING = 0.25; // share of the median step from which on the animal moves
const RUNNING = 0.9; // share of moving steps from which on a window counts as running
const STILL = 1e-4; // shorter steps are left out of that median [m]
const JUMP = 10; // steps of the running animal that make a jump
const REACHED = 0.25; // distance at which a landmark is reached [m]
const MARGIN = 0.3; // round the maze in the picture [m]
const COLUMNS = 48; // of the picture of where the animal is
const [SCENE_PATHS, SCENE_STEPS] = [64, 600];

function stepLengths(positions, count, steps) {
  const lengths = new Float64Array(count * steps);
  for (let path = 0; path < count; path += 1) {
    for (let step = 0; step < steps; step += 1) {
      const at = 2 * (path * (steps + 1) + step);
      const dx = positions[at + 2] - positions[at];
      const dy = positions[at + 3] - positions[at + 1];
      lengths[path * steps + step] = Math.sqrt(dx * dx + dy * dy);
    }
  }
  return lengths;
}

// The lower of the two middle numbers, as torch has it.
function medianOf(numbers) {
  const sorted = Float64Array.from(numbers).sort();
  return sorted[(sorted.length - 1) >> 1];
}

/**
 * How far the awake animal gets in `window` steps.
 * @param {Float32Array} positions [count, steps + 1, 2] [m]
 * @param {number} count of paths
 * @param {number} steps of each path, more than `window`
 * @param {number} window [steps]
 * @returns {{ every: number, running: number, moving: number, runningShare: number }} mean over all windows, and over
 *   those in which it moves for at least 90 % of the steps [m]; step from which on it moves [m]; share of such windows
 * @throws {MazeError} where it runs in no window
 */
export function windowedSpeed(positions, count, steps, window = WINDOW) {
  const lengths = stepLengths(positions, count, steps);
  const taken = lengths.filter((length) => length > STILL);
  const moving = taken.length ? MOVING * medianOf(taken) : Infinity;
  let [every, running, runs] = [0, 0, 0];
  for (let path = 0; path < count; path += 1) {
    let moved = 0;
    for (let end = 1; end <= steps; end += 1) {
      moved += lengths[path * steps + end - 1] >= moving ? 1 : 0;
      if (end > window) moved -= lengths[path * steps + end - 1 - window] >= moving ? 1 : 0;
      if (end < window) continue;
      const [now, before] = [2 * (path * (steps + 1) + end), 2 * (path * (steps + 1) + end - window)];
      const [dx, dy] = [positions[now] - positions[before], positions[now + 1] - positions[before + 1]];
      const far = Math.sqrt(dx * dx + dy * dy);
      every += far;
      if (moved / window < RUNNING) continue;
      running += far;
      runs += 1;
    }
  }
  if (!runs) throw new MazeError(`The animal must run through some ${window} steps, but it rests in each of them.`);
  const windows = count * (steps - window + 1);
  return { every: every / windows, running: running / runs, moving, runningShare: runs / windows };
}

/**
 * The places that replay should reach: ends of arms, all corners where there are none, or the regions of a box.
 * @param {object} maze
 * @returns {number[][]} [landmarks][2] [m]
 */
export function landmarksOf(maze) {
  if (maze.box) return regionsOf(maze, 12);
  const ends = maze.vertices.filter((_, index) => maze.edges.filter((edge) => edge.includes(index)).length === 1);
  return ends.length ? ends : maze.vertices;
}

/**
 * The lines that the animal runs on, or the walls of a box.
 * @param {object} maze
 * @returns {number[][]} [lines][4]: x and y of the start and the end [m]
 */
export function outlineOf(maze) {
  if (!maze.box) return maze.edges.map(([a, b]) => [...maze.vertices[a], ...maze.vertices[b]]);
  const [w, h] = maze.box;
  return [[0, 0, w, 0], [w, 0, w, h], [w, h, 0, h], [0, h, 0, 0]];
}

/**
 * The part of the plane that the picture shows.
 * @param {object} maze
 * @returns {number[]} [lowest x, lowest y, highest x, highest y] [m]
 */
export function boundsOf(maze) {
  const corners = maze.box ? [[0, 0], maze.box] : maze.vertices;
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  return [Math.min(...xs) - MARGIN, Math.min(...ys) - MARGIN, Math.max(...xs) + MARGIN, Math.max(...ys) + MARGIN];
}

// Counts blurred along one axis by a Gaussian as wide as a cell.
function blurred(counts, length, stride, lines, apart) {
  const weights = [-3, -2, -1, 0, 1, 2, 3].map((offset) => exponential((-offset * offset) / 2));
  const out = new Float64Array(counts.length);
  for (let line = 0; line < lines; line += 1) {
    for (let i = 0; i < length; i += 1) {
      weights.forEach((weight, index) => {
        const from = i + index - 3;
        if (from >= 0 && from < length) out[line * apart + i * stride] += weight * counts[line * apart + from * stride];
      });
    }
  }
  return out;
}

/**
 * How often the animal is where, 0 to 1, in the cells of the picture.
 * @param {number[]} bounds from boundsOf [m]
 * @param {Float32Array} positions [places * 2] [m]
 * @returns {{ columns: number, rows: number, shade: Float64Array }} shade [rows * columns], the lowest row first
 */
export function occupancyOf([lowX, lowY, highX, highY], positions) {
  const size = Math.max(highX - lowX, highY - lowY) / COLUMNS;
  const columns = Math.max(1, Math.round((highX - lowX) / size));
  const rows = Math.max(1, Math.round((highY - lowY) / size));
  const counts = new Float64Array(columns * rows);
  for (let i = 0; i < positions.length; i += 2) {
    const column = Math.floor(((positions[i] - lowX) / (highX - lowX)) * columns);
    const row = Math.floor(((positions[i + 1] - lowY) / (highY - lowY)) * rows);
    if (column >= 0 && column < columns && row >= 0 && row < rows) counts[row * columns + column] += 1;
  }
  const density = blurred(blurred(counts, columns, 1, rows, columns), rows, columns, columns, 1);
  const seen = density.filter((value) => value > 0).sort();
  const full = seen.length ? seen[Math.floor(0.9 * (seen.length - 1))] : 1;
  return { columns, rows, shade: density.map((value) => Math.min(1, value / full)) };
}

/**
 * All that a picture of a maze and of dreams in it needs, from the same animal that trains the network.
 * @param {object} maze
 * @param {{ pauses: boolean, seed: number }} settings
 * @returns {object} { maze, bounds, lines, regions, landmarks, occupancy, running, awake, jump, radius }: bounds
 *   [m]; lines [lines][4] [m]; running, awake: how far the animal gets in 20 steps while it runs and with its
 *   rests [m]; jump:
 *   length of a step of a dream that counts as a jump [m]; radius: within which a landmark is reached [m]
 */
export function sceneOf(maze, { pauses = true, seed = 0 } = {}) {
  const positions = new Float32Array(SCENE_PATHS * (SCENE_STEPS + 1) * 2);
  new Animal(maze, { pauses }, new Random("scene", seed)).paths(SCENE_PATHS, SCENE_STEPS, positions);
  const speed = windowedSpeed(positions, SCENE_PATHS, SCENE_STEPS);
  const bounds = boundsOf(maze);
  return {
    maze, bounds, lines: outlineOf(maze), regions: regionsOf(maze, 12), landmarks: landmarksOf(maze),
    occupancy: occupancyOf(bounds, positions), running: speed.running, awake: speed.every,
    jump: (JUMP * speed.running) / WINDOW, radius: REACHED,
  };
}
