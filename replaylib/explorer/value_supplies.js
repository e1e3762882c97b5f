// Room: planning. Who names the states: dreams of a network, the same in another order, chance, and sweeping.
// Takes from the files before it: Random (maze_lab/arithmetic.js), nearest (travel.js), Run and normalSource
// (dynamics.js), NONE and sweep (value_learners.js).

/** Suppliers by name: what readers call them; which dream of the scene they take, and in which order. */
export const SUPPLIERS = {
  both: { label: "both mechanisms", dream: "both" },
  adaptation: { label: "adaptation alone", dream: "adaptation" },
  momentum: { label: "momentum alone", dream: "momentum" },
  plain: { label: "plain replay", dream: "plain" },
  shuffled: { label: "both, shuffled", dream: "both", order: "shuffled" },
  reversed: { label: "both, reversed", dream: "both", order: "reversed" },
  uniform: { label: "states at random" },
  sweeping: { label: "prioritised sweeping" },
};

/**
 * The bin in which the reward lies.
 * @param {number} bins - how many there are
 * @param {number} seed - chooses it
 * @returns {number} its index
 */
export const goalOf = (bins, seed) => Math.floor(new Random("goal", seed).uniform() * bins);

// Thoughts of one event, each followed by the next; the last by none.
const followed = (path) => ({ state: path, after: [...path.slice(1), NONE] });

/**
 * An order of a list that is as likely as any other (Fisher and Yates).
 * @param {number} count - how many things it has
 * @param {Random} random - numbers
 * @returns {number[]} their indices
 */
export function anyOrder(count, random) {
  const order = Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last -= 1) {
    const other = Math.floor(random.uniform() * (last + 1));
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}

// Shuffled, each state keeps what followed it; reversed, what followed a state precedes it.
const ORDERS = {
  asDreamt: followed,
  reversed: (path) => followed([...path].reverse()),
  shuffled: (path, random) => {
    const [{ state, after }, order] = [followed(path), anyOrder(path.length, random)];
    return { state: order.map((step) => state[step]), after: order.map((step) => after[step]) };
  },
};

/**
 * An event in another order: the twin of `shuffled` and `backwards`.
 * @param {number[]} path - the bins of one event in the order in which they were dreamt [steps]
 * @param {string} order - "asDreamt", "reversed" or "shuffled"
 * @param {Random} random - numbers for shuffling
 * @returns {{state: number[], after: number[]}} [steps]
 */
export const inOrder = (path, order, random) => ORDERS[order](path, random);

/**
 * Chance: each step any bin, with any neighbour of it.
 * @param {number[][]} neighbours - of each bin
 * @param {number} steps - how many
 * @param {Random} random - numbers
 * @returns {{state: number[], after: number[]}} [steps]
 */
export function atRandom(neighbours, steps, random) {
  const any = (things) => things[Math.floor(random.uniform() * things.length)];
  const bins = neighbours.map((_, bin) => bin);
  const state = Array.from({ length: steps }, () => any(bins));
  return { state, after: state.map((bin) => any(neighbours[bin])) };
}

/** Dreams of one network from awake states, event by event, made a few milliseconds at a time. */
export class Dreamer {
  /**
   * @param {object} network - from `readNetwork`
   * @param {object} scene - with `noise_std`, and the `centres` of its `bins` [[x, y], ...] [m]
   * @param {{strength: number, time: number, friction: number}} rule - of the dream; noise shrinks with its friction
   * @param {number} seed - chooses starts and noise: the same ones for all rules
   */
  constructor(network, scene, rule, seed) {
    Object.assign(this, { network, scene, rule, starts: new Random("starts", seed), normal: normalSource(seed) });
    this.noise = scene.noise_std * Math.sqrt(rule.friction);
  }

  // From one of the awake states; the state that it starts in is not thought of.
  begin() {
    const { network: { starts, n } } = this;
    const first = Math.floor((this.starts.uniform() * starts.length) / n) * n;
    this.run = new Run(this.network, this.scene, starts.subarray(first, first + n));
  }

  /** @returns {number} the bin that the dream is in after another step; a dream that blew up stays where it was */
  next() {
    this.run.advance(this.rule, this.normal(this.network.n).map((value) => value * this.noise));
    return nearest(this.scene.bins.centres, this.run.path.at(-1));
  }
}

/** What one supplier names in a whole race. */
export class Supply {
  /**
   * @param {string} name - of a supplier
   * @param {{network: object, scene: object, maze: Maze, event: number, steps: number, seed: number}} race - what both
   *   sides share; event: length of a dream [steps]
   */
  constructor(name, race) {
    Object.assign(this, { name, race, state: [], after: [], path: [] });
    this.random = new Random("order", race.seed);
    const { dream } = SUPPLIERS[name];
    if (dream) this.dreamer = new Dreamer(race.network, race.scene, race.scene.dreams[dream], race.seed);
  }

  /**
   * Goes on making the list for some milliseconds.
   * @param {number} milliseconds - of this call
   * @returns {boolean} whether it is whole
   */
  prepare(milliseconds) {
    const { race: { maze, steps }, state } = this;
    if (!this.dreamer && !state.length) {
      this.add(this.name === "sweeping" ? sweep(maze, steps) : atRandom(maze.neighbours, steps, this.random));
    }
    for (const end = performance.now() + milliseconds; state.length < steps && performance.now() < end;) this.dream();
    return state.length >= steps;
  }

  // One step of the dream; an event that is whole is put in order.
  dream() {
    const { path, race: { event, steps } } = this;
    if (!path.length) this.dreamer.begin();
    path.push(this.dreamer.next());
    if (path.length < Math.min(event, steps - this.state.length)) return;
    this.add(inOrder(path, SUPPLIERS[this.name].order ?? "asDreamt", this.random));
    this.path = [];
  }

  add({ state, after }) {
    this.state.push(...state);
    this.after.push(...after);
  }

  /**
   * What a learner has from it in the mean, wherever the reward lies.
   * @param {string} learner - name of it
   * @returns {number} mean over all goals of the area under the curve of learnt states
   */
  areaOverGoals(learner) {
    const { race: { maze: { neighbours, discount }, steps }, name } = this;
    const areas = neighbours.map((_, goal) => {
      const maze = new Maze(neighbours, goal, discount);
      const shares = learnAll(new LEARNERS[learner].Learner(maze), name === "sweeping" ? sweep(maze, steps) : this);
      return meanOf(shares);
    });
    return meanOf(areas);
  }
}

/**
 * @param {number[]} values - at least one
 * @returns {number} their mean
 */
export const meanOf = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
