// Room: planning. A maze cut into bins, and learners of its values: the twin of replaylib/planning, tested against it.
// A state is a bin; an action is a step to a neighbour of it, in their order. Takes from the files before it: nothing.

/** The state after the last one of an event: there is none. */
export const NONE = -1;

const TIE = 1e-9; // values nearer to each other than this are equal
const EXACT = 1e-14; // value iteration stops where no value changes by more

const mostOf = (values) => values.reduce((most, value) => Math.max(most, value), -Infinity);

/** One maze with one reward: what a step brings, and which steps are best. The twin of `World.on_bins`. */
export class Maze {
  /**
   * @param {number[][]} neighbours - of each bin, as their indices in order [bins]
   * @param {number} goal - the bin into which a step brings 1, and ends it
   * @param {number} discount - what a reward one step ahead is worth now [1/step]
   */
  constructor(neighbours, goal, discount) {
    Object.assign(this, { neighbours, goal, discount });
    /** Whether each action is among the best [bins, actions]. */
    this.best = this.optimal().map((values) => Array.from(values, (value) => value >= mostOf(values) - TIE));
  }

  /** @returns {Float64Array[]} a value of 0 for each action that there is [bins, actions] */
  ignorance() { return this.neighbours.map((others) => new Float64Array(others.length)); }

  /**
   * A full backup of one state.
   * @param {number} state - which
   * @param {ArrayLike<number>} best - value of the best action in each state [bins]
   * @returns {Float64Array} of each action, what it brings now and later; 0 where all is over [actions]
   */
  backedUp(state, best) {
    const { neighbours, goal, discount } = this;
    return Float64Array.from(neighbours[state], (next) =>
      (state === goal ? 0 : Number(next === goal) + discount * best[next]));
  }

  // Values of all actions under the best behaviour, by value iteration [bins, actions].
  optimal() {
    let values = this.ignorance();
    for (let change = Infinity; change > EXACT;) {
      const best = values.map(mostOf);
      const found = values.map((_, state) => this.backedUp(state, best));
      change = mostOf(found.map((row, state) => mostOf(row.map((value, i) => Math.abs(value - values[state][i])))));
      values = found;
    }
    return values;
  }
}

/** What both learners share: values, and in which states the best action is known. */
class Learner {
  /** @param {Maze} maze - known to it but for the values */
  constructor(maze) {
    Object.assign(this, { maze, values: maze.ignorance(), updates: 0, refused: 0 });
    /** States in which the reward is known of, and only best actions are held for best [bins]. */
    this.learnt = maze.neighbours.map(() => false);
  }

  /** @returns {number} how many states are learnt */
  get count() { return this.learnt.filter(Boolean).length; }

  /** @returns {number} of all states but the goal, the share that is learnt */
  get share() { return this.count / (this.learnt.length - 1); }

  // Looks anew at a state whose values were changed.
  judge(state) {
    const [values, best] = [this.values[state], this.maze.best[state]];
    const most = mostOf(values);
    this.learnt[state] = most > TIE && values.every((value, action) => value < most - TIE || best[action]);
    this.updates += 1;
  }
}

/** One full backup of each state that is named: the twin of `value_backups`. */
export class ValueBackups extends Learner {
  /** @param {Maze} maze - as for the learner */
  constructor(maze) {
    super(maze);
    /** Value of the best action in each state [bins]. */
    this.best = new Float64Array(maze.neighbours.length);
  }

  /** @param {number} state - the state that is named */
  learn(state) {
    if (state === this.maze.goal) { this.updates += 1; return; } // a backup that finds nothing
    this.values[state] = this.maze.backedUp(state, this.best);
    this.best[state] = mostOf(this.values[state]);
    this.judge(state);
  }
}

/** Q-learning on each step to a neighbour; jumps are refused: the twin of `q_learning`. */
export class QLearning extends Learner {
  /**
   * @param {number} state - where the step begins
   * @param {number} after - where it ends, or NONE
   */
  learn(state, after) {
    const { neighbours, goal, discount } = this.maze;
    if (after === NONE || after === state) return;
    const action = neighbours[state].indexOf(after);
    if (action < 0) { this.refused += 1; return; }
    if (state === goal) return;
    const ahead = after === goal ? 0 : mostOf(this.values[after]);
    this.values[state][action] = Number(after === goal) + discount * ahead;
    this.judge(state);
  }
}

/** The learners by name, with what readers call them. */
export const LEARNERS = {
  backups: { label: "one value backup a state", Learner: ValueBackups },
  steps: { label: "Q-learning on each step", Learner: QLearning },
};

/**
 * Learns from a whole list.
 * @param {Learner} learner - changed by it
 * @param {{state: number[], after: number[]}} supply - states, and those that follow them [steps]
 * @returns {number[]} share of states learnt after each step [steps]
 */
export function learnAll(learner, { state, after }) {
  let [updates, share] = [-1, 0];
  return state.map((one, step) => {
    learner.learn(one, after[step]);
    if (learner.updates !== updates) [updates, share] = [learner.updates, learner.share];
    return share;
  });
}

/**
 * Each step the state whose value a backup changes most; then the first state again and again: the twin of
 * `prioritised_sweeping`.
 * @param {Maze} maze - whose reward is known
 * @param {number} steps - how many
 * @returns {{state: number[], after: number[]}} states, and where their best action leads [steps]
 */
export function sweep(maze, steps) {
  const values = maze.ignorance();
  const best = new Float64Array(values.length);
  const supply = { state: [], after: [] };
  const lead = (state) => maze.neighbours[state][values[state].indexOf(mostOf(values[state]))];
  for (let step = 0; step < steps; step += 1) {
    let [chosen, largest] = [0, -1];
    values.forEach((_, state) => {
      const change = Math.abs(mostOf(maze.backedUp(state, best)) - best[state]);
      if (change > largest) [chosen, largest] = [state, change];
    });
    if (!largest) break; // and so it stays
    values[chosen] = maze.backedUp(chosen, best);
    best[chosen] = mostOf(values[chosen]);
    supply.state.push(chosen);
    supply.after.push(lead(chosen));
  }
  while (supply.state.length < steps) {
    supply.state.push(0);
    supply.after.push(lead(0));
  }
  return supply;
}
