// Room: decoding. Spikes of place cells, and paths of known motion: the twin of spikes.py and made_up.py in
// replaylib/measures/motion_models. Takes from the files before it: exponential, logarithm (maze_lab/arithmetic.js),
// advanceState (update_rule.js).

/**
 * A Poisson number: how many times uniform numbers can be multiplied before the product is below exp(-mean).
 * @param {number} mean - expected number, below a few hundred [1]
 * @param {Random} random - gives uniform numbers
 * @returns {number} a whole number
 */
export function poisson(mean, random) {
  const end = exponential(-mean);
  let count = 0;
  for (let product = random.uniform(); product > end; product *= random.uniform()) count += 1;
  return count;
}

/** Place cells that fire as Poisson processes. */
export class SpikingCells {
  /**
   * @param {object} cells - `centres` [[x, y], ...] and `width` of the fields [m]; `floor`: the rate far from a field,
   *   over the peak [1]
   * @param {number} spikes - of all cells together in a window, in the mean over the places [1]
   * @param {number[][]} places - centres of the bins [m]
   */
  constructor({ centres, width, floor }, spikes, places) {
    Object.assign(this, { centres, width, floor, peak: 1 });
    const all = places.map((place) => this.expected(place).reduce((a, b) => a + b));
    this.peak = (spikes * places.length) / all.reduce((a, b) => a + b);
    /** For each bin the logarithms of the expected spikes of each cell, and the sum of the expected spikes. */
    this.logs = places.map((place) => this.expected(place).map(logarithm));
    this.sums = places.map((place) => this.expected(place).reduce((a, b) => a + b));
  }

  /**
   * @param {number[]} position - [x, y] [m]
   * @returns {Float64Array} expected spikes of each cell in a window that is spent there [cells]
   */
  expected([x, y]) {
    const { centres, width, floor, peak } = this;
    return Float64Array.from(centres, ([a, b]) => {
      const activity = exponential(((x - a) ** 2 + (y - b) ** 2) / (-2 * width ** 2));
      return (peak * (activity + floor)) / (1 + floor);
    });
  }

  /**
   * @param {number[]} position - [x, y] [m]
   * @param {Random} random - gives uniform numbers
   * @returns {number[]} spikes of each cell in a window that is spent there [cells]
   */
  counts(position, random) { return Array.from(this.expected(position), (mean) => poisson(mean, random)); }

  /**
   * @param {number[]} counts - spikes of each cell in a window [cells]
   * @returns {Float64Array} logarithm of their probability in each bin, without the factorials [bins]
   */
  logLikelihood(counts) {
    return Float64Array.from(this.logs, (logs, bin) =>
      counts.reduce((sum, count, cell) => (count ? sum + count * logs[cell] : sum), -this.sums[bin]));
  }
}

/**
 * Places on a closed tour.
 * @param {number[][]} tour - its corners [x, y] in order, the first again at the end [m]
 * @returns {{length: number, at: (travelled: number) => number[]}} of the tour [m]; the place [x, y] after a distance
 *   along it, which repeats [m]
 */
export function tourOf(tour) {
  const marks = [0];
  tour.slice(1).forEach(([x, y], index) => {
    marks.push(marks[index] + Math.sqrt((x - tour[index][0]) ** 2 + (y - tour[index][1]) ** 2));
  });
  const length = marks.at(-1);
  const at = (travelled) => {
    const far = ((travelled % length) + length) % length;
    const leg = marks.findIndex((mark, index) => index + 2 >= marks.length || far < marks[index + 1]);
    const share = (far - marks[leg]) / (marks[leg + 1] - marks[leg]);
    return tour[leg].map((value, axis) => value + share * (tour[leg + 1][axis] - value));
  };
  return { length, at };
}

const between = ([low, high], random) => low + (high - low) * random.uniform();

// Velocities v' = kept v + sqrt(1 - kept^2) xi of variance 1, by the update rule without momentum.
function velocities(kept, random) {
  const [start, rest, push] = [[random.normal()], [0], [0]];
  const state = { hidden: start, velocity: rest, adaptation: [0] };
  const size = Math.sqrt(1 - kept ** 2);
  return () => {
    const now = state.hidden[0];
    push[0] = -(1 - kept) * now;
    advanceState(state, push, { friction: 1, strength: 0, time: 1 }, [size * random.normal()]);
    return now;
  };
}

/**
 * Places of one kind of motion along a tour. A path is continuous, and not drawn from the chains that decode it.
 * @param {string} kind - one of `KINDS`
 * @param {{tour: number[][], step: number[], keep: number[]}} settings - as for `tourOf`; between which the standard
 *   deviation of a step is drawn [m]; between which momentum's share of a step kept in the next is drawn [1]
 * @param {Random} random - gives uniform and normal numbers
 * @returns {() => number[]} the next window's place [x, y] [m]
 */
export function madeUpPath(kind, { tour, step, keep }, random) {
  const { length, at } = tourOf(tour);
  let place = random.uniform() * length;
  if (kind === "stationary") return () => at(place);
  if (kind === "random") return () => at(random.uniform() * length);
  const size = between(step, random);
  const next = kind === "momentum" ? velocities(between(keep, random), random) : () => random.normal();
  return () => {
    place += size * next();
    return at(place);
  };
}
