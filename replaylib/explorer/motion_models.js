// Room: decoding. Four motions race for spikes, window by window: the twin of forward.py and comparing.py in
// replaylib/measures/motion_models. Takes from the files before it: exponential, logarithm (maze_lab/arithmetic.js).

/** The motions that are told apart, in the order of every table. */
export const KINDS = ["stationary", "random", "diffusion", "momentum"];

/**
 * Logarithm of the mean of exponentials, also where these would be too small or too large for a number.
 * @param {ArrayLike<number>} values - logarithms
 * @returns {number}
 */
export function logMean(values) {
  const largest = values.reduce((a, b) => Math.max(a, b), -Infinity);
  if (largest === -Infinity) return largest;
  return largest + logarithm(values.reduce((sum, value) => sum + exponential(value - largest), 0) / values.length);
}

// Divides weights by their sum, and tells its logarithm: -Infinity where no path is left.
function taken(weight) {
  let total = 0;
  for (let i = 0; i < weight.length; i += 1) total += weight[i];
  if (!(total > 0)) return -Infinity;
  for (let i = 0; i < weight.length; i += 1) weight[i] /= total;
  return logarithm(total);
}

// A chain whose next bin depends on the present one alone; `rows` [from][to].
class FirstOrder {
  constructor(rows) { Object.assign(this, { rows, weight: null, room: new Float64Array(rows.length) }); }

  restart() { this.weight = null; }

  // One window more, with likelihoods over their largest [bins]; gives what the log evidence gains.
  add(likelihood) {
    const { rows, weight, room } = this;
    if (weight) {
      room.fill(0);
      for (let from = 0; from < rows.length; from += 1) {
        const [row, here] = [rows[from], weight[from]];
        for (let to = 0; to < row.length; to += 1) room[to] += here * row[to];
      }
    } else {
      room.fill(1 / rows.length);
    }
    for (let to = 0; to < room.length; to += 1) room[to] *= likelihood[to];
    [this.weight, this.room] = [room, weight ?? new Float64Array(rows.length)];
    return taken(this.weight);
  }
}

// A chain on pairs of bins that are within reach of each other; weights are [present bin, slot of the one before].
class SecondOrder {
  constructor({ first, next }, source, count) {
    const slots = first.length / count;
    Object.assign(this, { first, next, source, count, slots, windows: 0, weight: new Float64Array(count) });
    [this.pairs, this.moved] = [new Float64Array(first.length), new Float64Array(first.length)];
  }

  restart() { this.windows = 0; }

  add(likelihood) {
    const { windows, weight } = this;
    this.windows += 1;
    if (!windows) {
      weight.forEach((_, bin) => { weight[bin] = likelihood[bin] / weight.length; });
      return taken(weight);
    }
    if (windows === 1) this.begin();
    else this.step();
    this.turn(likelihood);
    return taken(this.pairs);
  }

  begin() {
    const { moved, first, weight, slots } = this;
    for (let i = 0; i < moved.length; i += 1) moved[i] = first[i] * weight[Math.floor(i / slots)];
  }

  // From each present bin: the weights of the bins before, times the probabilities of the bins after. Four bins before
  // at a time, so that a sum is read and written a quarter as often.
  step() {
    const { moved, next, pairs, slots, count } = this;
    moved.fill(0);
    for (let now = 0; now < count; now += 1) {
      const base = now * slots;
      for (let before = 0; before < slots; before += 4) {
        const [at, left] = [base + before, slots - before];
        const a = pairs[at];
        const b = left > 1 ? pairs[at + 1] : 0;
        const c = left > 2 ? pairs[at + 2] : 0;
        const d = left > 3 ? pairs[at + 3] : 0;
        const from = at * slots;
        const second = left > 1 ? from + slots : from;
        const third = left > 2 ? second + slots : from;
        const fourth = left > 3 ? third + slots : from;
        for (let slot = 0; slot < slots; slot += 1) {
          moved[base + slot] += a * next[from + slot] + b * next[second + slot]
            + c * next[third + slot] + d * next[fourth + slot];
        }
      }
    }
  }

  // The step from one bin to another is, from now on, the pair of the other and the one.
  turn(likelihood) {
    const { pairs, moved, source, slots, count } = this;
    for (let now = 0, pair = 0; now < count; now += 1) {
      for (let slot = 0; slot < slots; slot += 1, pair += 1) {
        pairs[pair] = source[pair] < 0 ? 0 : moved[source[pair]] * likelihood[now];
      }
    }
  }
}

/** The evidence of four motions, over a grid of their parameters, which grows with each window of spikes. */
export class MotionRace {
  /**
   * Builds the chains, a bin at a time, so that a page can do it in slices.
   * @param {GraphBins} bins - where the path may be
   * @param {{spreads: number[], kept: number[]}} grid - spreads of a window's step that are tried [bins], and shares of
   *   the last step that momentum keeps [1]
   * @yields {undefined} after each bin
   * @returns {MotionRace} before any window
   */
  static* build(bins, { spreads, kept }) {
    const source = bins.sources();
    const diffusion = spreads.map((spread) => new FirstOrder(bins.diffusion(spread * bins.spacing)));
    yield;
    const ways = [];
    for (const share of kept) ways.push(yield* bins.onward(share));
    const momentum = [];
    for (const spread of spreads) {
      for (const [index, share] of kept.entries()) {
        const chain = yield* bins.momentum(spread * bins.spacing, share, ways[index]);
        momentum.push(new SecondOrder(chain, source, bins.places.length));
      }
    }
    return new MotionRace(bins.places.length, { diffusion, momentum });
  }

  /**
   * @param {number} count - of bins
   * @param {{diffusion: object[], momentum: object[]}} chains - one for each point of the kind's grid
   */
  constructor(count, chains) {
    Object.assign(this, { count, chains });
    this.restart();
  }

  /** Back to before any window. */
  restart() {
    const { diffusion, momentum } = this.chains;
    for (const chain of [...diffusion, ...momentum]) chain.restart();
    this.together = new Float64Array(this.count);
    this.anywhere = 0;
    this.gained = { diffusion: diffusion.map(() => 0), momentum: momentum.map(() => 0) };
  }

  /**
   * One window more.
   * @param {Float64Array} logLikelihood - of its spikes in each bin [bins]
   */
  add(logLikelihood) {
    const largest = logLikelihood.reduce((a, b) => Math.max(a, b), -Infinity);
    const likelihood = logLikelihood.map((value) => exponential(value - largest));
    this.together.forEach((_, bin) => { this.together[bin] += logLikelihood[bin]; });
    this.anywhere += logMean(logLikelihood);
    for (const [kind, gained] of Object.entries(this.gained)) {
      this.chains[kind].forEach((chain, point) => { gained[point] += largest + chain.add(likelihood); });
    }
  }

  /** @returns {Object<string, number[]>} log evidence at each point of each kind's grid, in the order of `KINDS` */
  get evidence() {
    const { diffusion, momentum } = this.gained;
    return { stationary: [logMean(this.together)], random: [this.anywhere], diffusion, momentum };
  }

  /** @returns {number[]} log evidence of each kind, its grid summed up with a flat prior */
  get logEvidence() { return Object.values(this.evidence).map(logMean); }

  /** @returns {number[]} probability of each kind, each as likely as another beforehand */
  get posterior() {
    const values = this.logEvidence;
    const weight = values.map((value) => exponential(value - Math.max(...values)));
    return weight.map((value) => value / weight.reduce((a, b) => a + b));
  }
}
