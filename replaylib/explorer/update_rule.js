// Room: replay. The update rule, once for all figures and the maze lab: the twin of replaylib/dynamics/rule.py.

/**
 * One step, which changes the state:
 * v' = (1 - friction) v + drift(h) - a + noise;  a' = (1 - 1/time) a + (strength/time) h;  h' = h + v'
 * @param {{hidden: Float64Array, velocity: Float64Array, adaptation: Float64Array}} state - h, v, a, each [n]
 * @param {Float64Array} change - drift(h) [n]
 * @param {{friction: number, strength: number, time: number}} dynamics - lambda_v [1/step], b_a [1], tau_a [steps]
 * @param {ArrayLike<number>} noise - of this step, with its size [n]
 */
export function advanceState({ hidden, velocity, adaptation }, change, { friction, strength, time }, noise) {
  for (let i = 0; i < hidden.length; i += 1) {
    velocity[i] = (1 - friction) * velocity[i] + change[i] - adaptation[i] + noise[i];
    adaptation[i] = (1 - 1 / time) * adaptation[i] + (strength / time) * hidden[i];
    hidden[i] += velocity[i];
  }
}
