// How the animal moves: the twin of TrackMotion in replaylib/world/motion.py on lines, and of ArenaMotion in
// replaylib/world/arena_motion.py in a box. Takes from the files before it: tourOf, onTour (tours.js), cosine, sine
// (arithmetic.js); a Random (arithmetic.js) is handed in.

const SPEED = 0.05; // mean while it runs [m/step]
const SPEED_SPREAD = 0.3; // standard deviation of the speed over its mean [1]
const SPEED_TIME = 10; // correlation time of the speed [steps]
const TURN = 0.02; // probability of turning round on a line [1/step]
const STOP = 0.05; // probability of stopping while it runs [1/step]
const GO = 0.08; // probability of going on while it pauses [1/step]
const DRIFT = 0.2; // standard deviation of the change of heading in a box, while it runs [radians/step]
const FULL_TURN = 2 * Math.PI;

// The speed is an Ornstein-Uhlenbeck process of unit variance, x' = (1 - k) x + sqrt(k (2 - k)) xi with k = 1/10.
const RATE = 1 / SPEED_TIME;
const KICK = Math.sqrt(RATE * (2 - RATE));

/** An animal that runs through a maze of lines on its tour, or wanders in a box, and pauses. */
export class Animal {
  /**
   * @param {object} maze
   * @param {{ pauses: boolean }} settings
   * @param {Random} random
   */
  constructor(maze, { pauses }, random) {
    this.maze = maze;
    this.random = random;
    this.tour = maze.box ? null : tourOf(maze);
    this.stop = pauses ? STOP : 0;
  }

  // Begins a path: speed and pause in their stationary laws.
  begin() {
    this.wave = this.random.normal();
    this.runs = this.random.uniform() < GO / (GO + this.stop);
  }

  // How far the animal gets in one step [m].
  stride() {
    const { random, runs } = this;
    this.wave += KICK * random.normal() - RATE * this.wave;
    const length = runs ? SPEED * Math.max(0, 1 + SPEED_SPREAD * this.wave) : 0;
    if (random.uniform() < (runs ? this.stop : GO)) this.runs = !runs;
    return length;
  }

  /**
   * Draw paths from random places.
   * @param {number} count paths
   * @param {number} steps of each
   * @param {Float32Array} out positions are written here, [count, steps + 1, 2] [m]
   * @returns {Float32Array} `out`
   */
  paths(count, steps, out = new Float32Array(count * (steps + 1) * 2)) {
    for (let path = 0; path < count; path += 1) {
      this.begin();
      const offset = 2 * path * (steps + 1);
      if (this.tour) this.runTour(steps, out, offset);
      else this.wander(steps, out, offset);
    }
    return out;
  }

  runTour(steps, out, offset) {
    const { random, tour } = this;
    let travelled = random.uniform() * tour.length;
    let heading = random.uniform() < 0.5 ? 1 : -1;
    onTour(tour, travelled, out, offset);
    for (let step = 1; step <= steps; step += 1) {
      if (step > 1 && random.uniform() < TURN) heading = -heading;
      travelled += heading * this.stride();
      onTour(tour, travelled, out, offset + 2 * step);
    }
  }

  // A walk without walls, folded into the box as if its walls were mirrors: so all places are equally likely, and the
  // animal turns from a wall at the angle at which it came.
  wander(steps, out, offset) {
    const { random } = this;
    const [width, height] = this.maze.box;
    let [x, y] = [random.uniform() * width, random.uniform() * height];
    let heading = FULL_TURN * random.uniform();
    out[offset] = x;
    out[offset + 1] = y;
    for (let step = 1; step <= steps; step += 1) {
      const length = this.stride();
      if (length > 0) heading += DRIFT * random.normal();
      x += length * cosine(heading);
      y += length * sine(heading);
      out[offset + 2 * step] = folded(x, width);
      out[offset + 2 * step + 1] = folded(y, height);
    }
  }
}

// A coordinate without walls, as it is between mirrors at 0 and at `size` [m].
function folded(free, size) {
  const rest = free - 2 * size * Math.floor(free / (2 * size));
  return Math.min(rest, 2 * size - rest);
}
