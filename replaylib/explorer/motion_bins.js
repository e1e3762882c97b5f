// Room: decoding. Bins of a track, and how a path moves between them: the twin of GraphBins in
// replaylib/measures/motion_models/bins.py. Takes from the file before it: exponential (maze_lab/arithmetic.js).

/**
 * Normal weights of distances, which sum to 1.
 * @param {ArrayLike<number>} away - distances, Infinity where there is no way [m]
 * @param {number} spread - of the normal law, above 0 [m]
 * @returns {Float64Array} as many as there are distances
 */
export function normalStep(away, spread) {
  const weight = new Float64Array(away.length);
  let [nearest, total] = [Infinity, 0];
  for (let i = 0; i < away.length; i += 1) nearest = Math.min(nearest, away[i]);
  for (let i = 0; i < away.length; i += 1) {
    // The nearest bin has weight 1 at first: a narrow normal between two bins must not vanish.
    weight[i] = exponential((nearest * nearest - away[i] * away[i]) / (2 * spread * spread));
    total += weight[i];
  }
  for (let i = 0; i < away.length; i += 1) weight[i] /= total;
  return weight;
}

// Lengths of the shortest ways between each two bins [m], by Floyd's and Warshall's method.
function shortestWays(count, links) {
  const way = Array.from({ length: count }, () => new Float64Array(count).fill(Infinity));
  for (let bin = 0; bin < count; bin += 1) way[bin][bin] = 0;
  for (const [first, second, length] of links) way[first][second] = way[second][first] = length;
  for (let via = 0; via < count; via += 1) {
    for (const row of way) {
      const [here, onward] = [row[via], way[via]];
      for (let to = 0; to < count; to += 1) row[to] = Math.min(row[to], here + onward[to]);
    }
  }
  return way;
}

/** Bins on a graph: a ring, or a track with arms and junctions. */
export class GraphBins {
  /**
   * @param {object} track - `places` [[x, y], ...] of the bins [m]; `links` [[bin, bin, way between them [m]], ...];
   *   `reach`: the longest step of momentum [bins]
   */
  constructor({ places, links, reach }) {
    const count = places.length;
    this.places = places;
    this.distance = shortestWays(count, links);
    this.spacing = links.reduce((sum, [, , length]) => sum + length, 0) / links.length;
    this.neighbours = places.map(() => new Map());
    for (const [first, second, length] of links) {
      this.neighbours[first].set(second, length);
      this.neighbours[second].set(first, length);
    }
    const longest = reach * this.spacing * (1 + 1e-9);
    /** For each bin those within reach, itself among them, in order. */
    this.near = places.map((_, now) => [...places.keys()].filter((one) => this.distance[now][one] <= longest));
    /** How many bins are within reach of one, at most. */
    this.slots = Math.max(...this.near.map((row) => row.length));
  }

  /**
   * Normal steps along the graph.
   * @param {number} spread - of a window's step [m]
   * @returns {Float64Array[]} probability of the next bin (column) from each bin (row)
   */
  diffusion(spread) { return this.distance.map((row) => normalStep(row, spread)); }

  /**
   * Ways on from each pair of bins, which is the costly part of momentum and depends on `kept` alone. It stops after
   * each bin, so that a page can do it in slices.
   * @param {number} kept - share of the last step that is kept in the mean of the next [1]
   * @yields {undefined} after each bin
   * @returns {{share: number, away: Float64Array}[][][]} for each present bin and each one before: ways on, their
   *   shares, and how far the bins near the present one are from where it leads [m]
   */
  * onward(kept) {
    const found = [];
    for (let now = 0; now < this.near.length; now += 1) {
      found.push(this.near[now].map((before) => this.ways(now, before, kept)));
      yield;
    }
    return found;
  }

  ways(now, before, kept) {
    const { distance, neighbours } = this;
    return this.means(before, now, kept * distance[before][now]).map(([share, start, end, done]) => {
      const length = neighbours[start].get(end) ?? 0;
      const [behind, ahead] = [distance[start], distance[end]];
      const away = Float64Array.from(this.near[now], (bin) => Math.min(behind[bin] + done, ahead[bin] + length - done));
      return { share, away };
    });
  }

  // Points `far` metres beyond `now`, seen from `before`: [share, bin, bin ahead of it, how far between].
  means(before, now, far) {
    const way = this.distance[before];
    const close = 1e-9 * this.spacing; // ways of one length may differ in their last digits
    const came = [...this.neighbours[now]].filter(([one, step]) => Math.abs(way[one] + step - way[now]) < close);
    if (before === now || !came.length) return [[1, now, now, 0]];
    return came.flatMap(([one]) => this.walk(one, now, far)
      .map(([share, ...place]) => [share / came.length, ...place]));
  }

  // Where a walk that does not turn round is after `far` metres, as `means` tells it.
  walk(behind, now, far) {
    const ahead = [...this.neighbours[now]].filter(([one]) => one !== behind);
    if (!ahead.length || far <= 0) return [[1, now, now, 0]];
    return ahead.flatMap(([one, step]) => {
      if (far <= step) return [[1 / ahead.length, now, one, far]];
      return this.walk(now, one, far - step).map(([share, ...place]) => [share / ahead.length, ...place]);
    });
  }

  /**
   * Probabilities of momentum: the first pair of bins, and how pairs go on. It stops after each bin.
   * @param {number} spread - of a step about its mean [m]
   * @param {number} kept - share of the last step that is kept in the mean of the next, below 1 [1]
   * @param {object[][][]} onward - from `onward(kept)`
   * @yields {undefined} after each bin
   * @returns {{first: Float64Array, next: Float64Array}} of the slot of the second bin [bins * slots]; of the slot of
   *   the next bin, by the present one and the slot of the one before [bins * slots * slots]
   */
  * momentum(spread, kept, onward) {
    const { near, slots, distance } = this;
    const [first, next] = [new Float64Array(near.length * slots), new Float64Array(near.length * slots * slots)];
    for (const [now, row] of near.entries()) {
      // The first step has the spread of the velocity in its law.
      const begin = normalStep(row.map((bin) => distance[now][bin]), spread / Math.sqrt(1 - kept ** 2));
      first.set(begin, now * slots);
      onward[now].forEach((ways, before) => {
        for (const { share, away } of ways) {
          const at = (now * slots + before) * slots;
          const weight = normalStep(away, spread);
          for (let slot = 0; slot < weight.length; slot += 1) next[at + slot] += share * weight[slot];
        }
      });
      yield;
    }
    return { first, next };
  }

  /**
   * Where the weight of each pair came from: the pair (now, before) was, one window earlier, the step from `before`
   * into that slot of it which is `now`.
   * @returns {Int32Array} index into [bins, slots], by the present bin and the slot of the one before [bins * slots];
   *   -1 where the slot is empty
   */
  sources() {
    const source = new Int32Array(this.near.length * this.slots).fill(-1);
    this.near.forEach((row, now) => row.forEach((before, slot) => {
      source[now * this.slots + slot] = before * this.slots + this.near[before].indexOf(now);
    }));
    return source;
  }
}
