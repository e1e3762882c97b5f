// Adapted rests of a trained network, their stiffness along the track, and the strength that sets dreams moving: the
// twin of replaylib/networks/rests.py. Takes from the files before it: tanh (arithmetic.js); MazeError (strokes.js);
// recurrentWeights (network.js); solveLinear, largestOfSymmetric, largestRealPart (eigenvalues.js).

const RESIDUAL = 1e-9; // largest distance from balance of what counts as a rest, over the state's norm
const ROUNDS = 8; // times that stiffness is measured at the strength which it predicted
const RELAXING = 200; // steps that bring an awake state to the track
const NEWTON_STEPS = 40;
const STRIDE = 0.1; // longest step of Newton's method, as a share of the state
const SAME = 1e-6; // rests nearer than this share of the largest norm are one

/**
 * The smallest adaptation strength that sets dreams moving by themselves, as replaylib.theory.mobility.threshold.
 * @param {{ time: number, friction: number, stiffness: number }} setting [steps], [1/step], [1/step]
 * @returns {number} [1]
 * @throws {MazeError} where a value lies outside its range
 */
export function thresholdOf({ time, friction, stiffness = 0 }) {
  if (!(friction > 0 && friction < 2)) throw new MazeError(`Friction must lie between 0 and 2, but ${friction} came.`);
  if (!(time >= 1 && time < Infinity)) throw new MazeError(`The time must be at least 1 step, but ${time} came.`);
  if (!(stiffness >= 0 && stiffness < 2 * (2 - friction))) {
    throw new MazeError("This network's track is so stiff that its dreams overshoot even without adaptation.");
  }
  const kept = 1 - 1 / time;
  return friction / time + (stiffness * friction * kept) / (1 - (1 - friction) * kept);
}

// The drift of dreams, with memory for one state.
class RestSearch {
  constructor(network) {
    const n = network.units;
    Object.assign(this, { n, symmetric: network.symmetric, leak: network.leak });
    this.bias = Float64Array.from(network.bias);
    this.weights = Float64Array.from(recurrentWeights(network));
    this.activity = new Float64Array(n);
    this.force = new Float64Array(n);
  }

  // drift(h) - strength h into `force`, f(W h + b) into `activity`; the norm of the force over that of the state.
  balance(hidden, strength) {
    const { n, weights, bias, activity, force, leak } = this;
    let [pushed, size] = [0, 0];
    for (let i = 0, row = 0; i < n; i += 1, row += n) {
      let total = bias[i];
      for (let j = 0; j < n; j += 1) total += weights[row + j] * hidden[j];
      activity[i] = tanh(total);
      force[i] = activity[i] - leak * hidden[i] - strength * hidden[i];
      pushed += force[i] * force[i];
      size += hidden[i] * hidden[i];
    }
    this.size = Math.sqrt(size);
    return Math.sqrt(pushed) / Math.max(this.size, 1e-300);
  }

  // The derivative of the drift where `balance` was last, less `extra` on the diagonal.
  jacobian(extra) {
    const { n, weights, activity, leak } = this;
    const slope = Float64Array.from(weights);
    for (let i = 0; i < n; i += 1) {
      const steep = 1 - activity[i] * activity[i];
      for (let j = 0; j < n; j += 1) slope[i * n + j] *= steep;
      slope[i * n + i] -= leak + extra;
    }
    return slope;
  }

  // Newton's step with a limited stride; false where the derivative is singular.
  newtonStep(hidden, strength) {
    const step = solveLinear(this.jacobian(strength), Float64Array.from(this.force));
    if (!step) return false;
    const length = Math.sqrt(step.reduce((total, one) => total + one * one, 0));
    const share = Math.min(1, (STRIDE * this.size) / Math.max(length, 1e-300));
    for (let i = 0; i < this.n; i += 1) hidden[i] -= share * step[i];
    return Number.isFinite(length);
  }

  // The rest that a state comes to, or null.
  restFrom(start, strength) {
    const hidden = Float64Array.from(start);
    for (let step = 0; step < RELAXING; step += 1) {
      this.balance(hidden, strength);
      for (let i = 0; i < this.n; i += 1) hidden[i] += 0.5 * this.force[i];
    }
    for (let step = 0; step < NEWTON_STEPS; step += 1) {
      if (this.balance(hidden, strength) < 0.01 * RESIDUAL) break;
      if (!this.newtonStep(hidden, strength)) return null;
    }
    return this.balance(hidden, strength) < RESIDUAL ? hidden : null;
  }

  // Stiffness of a rest along its slowest direction, less the adaptation that holds it [1/step].
  stiffnessAt(rest, strength) {
    this.balance(rest, strength);
    if (!this.symmetric) return strength - largestRealPart(this.jacobian(0), this.n);
    // diag(f') W has the eigenvalues of the symmetric matrix diag(f')^1/2 W diag(f')^1/2.
    const { n, weights, activity, leak } = this;
    const root = activity.map((one) => Math.sqrt(1 - one * one));
    const even = new Float64Array(n * n);
    for (let i = 0; i < n; i += 1) {
      for (let j = 0; j < n; j += 1) even[i * n + j] = root[i] * weights[i * n + j] * root[j];
      even[i * n + i] -= leak;
    }
    return strength - largestOfSymmetric(even, n);
  }
}

// For each rest, the first one that it repeats.
function firstOfEach(rests) {
  const norm = (state) => Math.sqrt(state.reduce((total, one) => total + one * one, 0));
  const near = SAME * Math.max(...rests.map(norm));
  const apart = (one, other) => Math.sqrt(one.reduce((total, x, i) => total + (x - other[i]) * (x - other[i]), 0));
  return rests.map((rest) => rests.findIndex((other) => apart(rest, other) < near));
}

/**
 * Rests near awake states at one strength, each once: a generator that yields nothing after each state, so that the
 * work can be done in slices.
 * @param {object} network
 * @param {Float32Array[]} starts awake hidden states, [n] each
 * @param {number} strength of adaptation [1]
 * @returns {{ stiffness: number[], share: number[] }} stiffness [1/step], negative at a pass between two hollows; share
 *   of the found states that came to each rest [1]
 * @throws {MazeError} where no state comes to a rest
 */
export function* adaptedRests(network, starts, strength) {
  const search = new RestSearch(network);
  const rests = [];
  for (const start of starts) {
    const rest = search.restFrom(start, strength);
    if (rest) rests.push(rest);
    yield;
  }
  if (!rests.length) {
    const tried = `${starts.length} awake states comes to a rest at the strength ${strength.toFixed(3)}`;
    throw new MazeError(`None of ${tried}: the network has no threshold of this kind.`);
  }
  const first = firstOfEach(rests);
  const once = [...new Set(first)];
  const stiffness = [];
  for (const index of once) {
    stiffness.push(search.stiffnessAt(rests[index], strength));
    yield;
  }
  return { stiffness, share: once.map((index) => first.filter((one) => one === index).length / rests.length) };
}

/**
 * Median over awake states of the stiffness of the hollow that they come to.
 * @param {{ stiffness: number[], share: number[] }} rests
 * @returns {number} [1/step]
 * @throws {MazeError} where no rest is a hollow
 */
export function medianStiffness({ stiffness, share }) {
  const hollows = stiffness.map((value, index) => [value, share[index]]).filter(([value]) => value > 0);
  if (!hollows.length) throw new MazeError("All rests of this network are passes: nothing holds its dreams in place.");
  hollows.sort(([a], [b]) => a - b);
  const half = hollows.reduce((total, [, part]) => total + part, 0) / 2 - 1e-12;
  let reached = 0;
  return hollows.find(([, part]) => (reached += part) >= half)[0];
}

/**
 * The work of predictedOnset in slices: a generator that yields nothing now and then.
 * @param {object} network
 * @param {Float32Array[]} starts
 * @param {{ friction: number, time: number }} setting
 * @returns {{ strength: number|null, sentence: string }}
 */
export function* onsetSteps(network, starts, { friction, time }) {
  try {
    let strength = thresholdOf({ friction, time });
    for (let round = 0; round < ROUNDS; round += 1) {
      const stiffness = medianStiffness(yield* adaptedRests(network, starts, strength));
      strength = (strength + thresholdOf({ friction, time, stiffness })) / 2;
    }
    return { strength, sentence: "" };
  } catch (error) {
    if (!(error instanceof MazeError)) throw error;
    return { strength: null, sentence: error.message };
  }
}

/**
 * The adaptation strength from which half of the dreams move by themselves, without noise and nothing fitted: the
 * threshold of the median stiffness at the adapted rests, at the strength at which the two agree.
 * @param {object} network
 * @param {Float32Array[]} starts awake hidden states, [n] each; about 16
 * @param {{ friction: number, time: number }} setting [1/step], [steps]
 * @returns {{ strength: number|null, sentence: string }} null where there is none, and why, in one sentence
 */
export function predictedOnset(network, starts, setting) {
  const work = onsetSteps(network, starts, setting);
  let turn = work.next();
  while (!turn.done) turn = work.next();
  return turn.value;
}
