// Room: replay. The JavaScript twin of replaylib/theory/modes.py: one direction of the hidden state, tested against it.
// A setting has `stiffness` [1/step], `friction` [1/step], and the adaptation's `strength` [1] and `time` [steps].

const multiply = (a, b) => a.map((row) => b[0].map((_, j) => row.reduce((sum, value, k) => sum + value * b[k][j], 0)));
const transpose = (a) => a[0].map((_, j) => a.map((row) => row[j]));

/**
 * What one noiseless step does to the state (h, v, a).
 * @param {object} setting - of the mode
 * @returns {number[][]} matrix [3, 3], by rows
 */
export function modeMatrix({ stiffness: k, friction, strength, time }) {
  const mu = 1 - friction;
  return [[1 - k, mu, -1], [-k, mu, -1], [strength / time, 0, 1 - 1 / time]];
}

// Roots of a monic real polynomial, [re, im] each, lowest coefficient first: the method of Durand and Kerner.
function roots(coefficients) {
  const n = coefficients.length;
  const times = ([a, b], [c, d]) => [a * c - b * d, a * d + b * c];
  const over = ([a, b], [c, d]) => {
    const s = c * c + d * d || 1e-300;
    return [(a * c + b * d) / s, (b * c - a * d) / s];
  };
  let found = Array.from({ length: n }, (_, i) => [Math.cos(1.3 * i + 0.4), Math.sin(1.3 * i + 0.4)]);
  for (let round = 0; round < 80; round += 1) {
    let moved = 0;
    found = found.map((z, i) => {
      let value = [1, 0];
      for (let j = n - 1; j >= 0; j -= 1) { value = times(value, z); value = [value[0] + coefficients[j], value[1]]; }
      const product = found.reduce((p, w, j) => (j === i ? p : times(p, [z[0] - w[0], z[1] - w[1]])), [1, 0]);
      const [dx, dy] = over(value, product);
      moved = Math.max(moved, Math.abs(dx) + Math.abs(dy));
      return [z[0] - dx, z[1] - dy];
    });
    if (moved < 1e-13) break;
  }
  return found;
}

/**
 * Factors per step of the parts that h can feel; without adaptation the empty trace is left out.
 * @param {object} setting - of the mode
 * @returns {number[][]} two or three eigenvalues, each [real, imaginary]
 */
export function modeEigenvalues(setting) {
  const { stiffness: k, friction, strength, time } = setting;
  const [mu, rate] = [1 - friction, 1 / time];
  if (strength === 0) {
    const [half, square] = [(1 + mu - k) / 2, ((1 + mu - k) / 2) ** 2 - mu];
    const root = Math.sqrt(Math.abs(square));
    return square >= 0 ? [[half + root, 0], [half - root, 0]] : [[half, root], [half, -root]];
  }
  const kept = 1 - rate;
  return roots([-mu * kept, mu + (1 + mu - k) * kept + strength * rate, -(1 + mu - k) - kept]);
}

/**
 * @param {object} setting - of the mode
 * @returns {number} the largest modulus of an eigenvalue: the mode is stable below 1
 */
export const modeRadius = (setting) => Math.max(...modeEigenvalues(setting).map(([re, im]) => Math.hypot(re, im)));

/**
 * Stationary covariance of (h, v, a): the sum of M^i Q M'^i, doubled at each turn.
 * @param {object} setting - of the mode
 * @param {number} noiseVariance - of one step, in the square of h's unit
 * @returns {number[][] | null} matrix [3, 3]; null where the mode is unstable
 */
export function modeCovariance(setting, noiseVariance) {
  if (modeRadius(setting) >= 1 - 1e-12) return null;
  let power = modeMatrix(setting);
  let sum = [[1, 1, 0], [1, 1, 0], [0, 0, 0]].map((row) => row.map((value) => value * noiseVariance));
  for (let turn = 0; turn < 40; turn += 1) {
    const grown = multiply(multiply(power, sum), transpose(power));
    if (grown.flat().every((value) => Math.abs(value) < 1e-13 * Math.abs(sum[0][0]))) break;
    sum = sum.map((row, i) => row.map((value, j) => value + grown[i][j]));
    power = multiply(power, power);
  }
  return sum;
}

/**
 * Error of predicting h from its last value over that from its whole past; 1 means Markov.
 * @param {object} setting - of the mode
 * @returns {number} without unit; Infinity where the mode is unstable
 */
export function modePredictionGain(setting) {
  const law = modeCovariance(setting, 1);
  if (!law) return Infinity;
  const neighbour = multiply(modeMatrix(setting), law)[0][0];
  return law[0][0] - neighbour ** 2 / law[0][0];
}

/**
 * @param {object} setting - of the mode
 * @returns {number} steps in which what is left shrinks by the factor e; Infinity where the mode is unstable
 */
export function modeRelaxation(setting) {
  const radius = modeRadius(setting);
  return radius < 1 ? -1 / Math.log(radius) : Infinity;
}
