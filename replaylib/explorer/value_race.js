// Room: planning. Two learners side by side in the same maze, each with a supplier of its own, and what is told.
// This file follows dynamics.js, value_learners.js and value_supplies.js in one module.

const BUDGET = 1000; // states that each supplier names
const TIED = 0.03; // areas nearer to each other than this are about the same

/** What a reader may guess: the words for it. */
export const GUESSES = { left: "left", right: "right", same: "about the same" };

const labelOf = (name) => SUPPLIERS[name].label;
const percent = (share) => `${Math.round(100 * share)} %`;

/** One race: both supplies, both learners, and how far they are. */
class Race {
  constructor(model) {
    const scene = model.get("scenes")[model.get("task")];
    const bytes = model.get("weights");
    const network = readNetwork(scene, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    const [seed, { neighbours, discount }] = [model.get("seed"), scene.bins];
    const maze = new Maze(neighbours, goalOf(neighbours.length, seed), discount);
    const shared = { network, scene, maze, event: model.get("event"), steps: BUDGET, seed };
    Object.assign(this, { scene, maze, steps: 0, ready: false, learner: model.get("learner") });
    this.sides = ["left", "right"].map((side) => {
      const supply = new Supply(model.get(side), shared);
      return { supply, label: labelOf(model.get(side)), learner: new LEARNERS[this.learner].Learner(maze), shares: [] };
    });
  }

  get over() { return this.steps >= BUDGET; }

  // Lets both suppliers make their lists for some milliseconds.
  prepare(milliseconds) {
    this.ready = this.sides.every(({ supply }) => supply.prepare(milliseconds));
    return this.ready;
  }

  // Each learner is given the next state.
  advance() {
    for (const { supply, learner, shares } of this.sides) {
      learner.learn(supply.state[this.steps], supply.after[this.steps]);
      shares.push(learner.share);
    }
    this.steps += 1;
  }

  // The state that a side names now.
  now(side) { return this.steps ? this.sides[side].supply.state[this.steps - 1] : NONE; }

  get areas() { return this.sides.map(({ shares }) => meanOf(shares)); }

  // "left", "right" or "same".
  get winner() {
    const [left, right] = this.areas;
    if (Math.abs(left - right) < TIED) return "same";
    return left > right ? "left" : "right";
  }
}

/**
 * The corners of a curve of shares: it changes a few times only.
 * @param {number[]} shares - after each step [steps]
 * @returns {number[][]} [step, share], from [0, 0] to the last step
 */
export function cornersOf(shares) {
  const points = [[0, 0]];
  shares.forEach((share, step) => {
    const before = points.at(-1)[1];
    if (share !== before) points.push([step, before], [step + 1, share]);
  });
  return [...points, [shares.length, points.at(-1)[1]]];
}

// What the learners did, where not each state is one backup.
function countUpdates({ learner, sides }) {
  if (learner !== "steps") return "";
  const [left, right] = sides.map((side) =>
    `${side.learner.updates} backups and ${side.learner.refused} refused jumps`);
  return ` The ${BUDGET} states made ${left} on the left, ${right} on the right.`;
}

function describeEnd(race, guess, tally) {
  const { winner, areas, sides } = race;
  const [left, right] = areas.map(percent);
  const ends = sides.map(({ learner }) => percent(learner.share));
  const who = winner === "same" ? "Neither wins" : `${winner === "left" ? "Left" : "Right"} wins`;
  const elsewhere = sides.map(({ supply }) => percent(supply.areaOverGoals(race.learner)));
  return `${who}: on average over ${BUDGET} states the best action is known in ${left} of the bins with ${
    sides[0].label} (left), in ${right} with ${sides[1].label} (right); at the end in ${ends.join(" and ")}. ` +
    `You guessed ${GUESSES[guess]}: ${guess === winner ? "right" : "wrong"}.${countUpdates(race)} ` +
    `With the reward in each bin in turn, the same suppliers reach ${elsewhere.join(" and ")}. ` +
    `Races of these two so far: left ${tally.left}, right ${tally.right}, about the same ${tally.same}.`;
}

/**
 * What is to be seen, in a few words; the verdict in the end.
 * @param {Race} race - as far as it is
 * @param {string} guess - "left", "right", "same", or "" before there is one
 * @param {{left: number, right: number, same: number}} tally - races won so far
 * @returns {string} for all readers
 */
export function describeRace(race, guess, tally) {
  if (race.over) return describeEnd(race, guess, tally);
  if (!guess) {
    return `Two learners know this maze of ${race.scene.bins.centres.length} bins, and each has found the reward ` +
      `once. Predict whose supplier teaches more in ${BUDGET} states: choose left, right or about the same.`;
  }
  if (!race.steps) return `Your guess: ${GUESSES[guess]}. Press Start.`;
  const [left, right] = race.sides.map(({ learner }) => learner.count);
  return `After ${race.steps} of ${BUDGET} states the best action is known in ${left} of ${
    race.maze.neighbours.length - 1} bins on the left, in ${right} on the right.`;
}
