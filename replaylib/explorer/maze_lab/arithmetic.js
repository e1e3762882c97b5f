// Arithmetic that gives the same bits in every browser: + - * / and the square root alone are fixed by the standard,
// while each browser has its own tanh, exponential and cosine. Takes from the files before it: nothing.

const LOG_2_HIGH = 0.6931471803691238; // its last bits are zero: a small whole number times it is exact
const LOG_2_LOW = 1.9082149292705877e-10;
const HALF_PI = 1.5707963267948966;
const ROOT_2 = 1.4142135623730951;

const FACTORIALS = new Float64Array(14).fill(1); // 1 / order!
for (let order = 1; order < 14; order += 1) FACTORIALS[order] = FACTORIALS[order - 1] / order;

const doubleBox = new Float64Array(1);
const halvesBox = new Int32Array(doubleBox.buffer); // every browser's processor is little-endian: [low, high]

// 2 ** exponent for whole exponents from -1022 to 1023, by its bits.
function powerOfTwo(exponent) {
  halvesBox[0] = 0;
  halvesBox[1] = (exponent + 1023) << 20;
  return doubleBox[0];
}

/**
 * e ** x, good to 3e-16 of its value; 0 below -708 and Infinity above 709.
 * @param {number} x
 * @returns {number}
 */
export function exponential(x) {
  if (!(x > -708)) return x === x ? 0 : x;
  if (x > 709) return Infinity;
  const whole = Math.round(x * 1.4426950408889634);
  const r = x - whole * LOG_2_HIGH - whole * LOG_2_LOW;
  // The Taylor series up to r ** 13, |r| <= 0.35.
  let series = FACTORIALS[13];
  for (let order = 12; order >= 0; order -= 1) series = FACTORIALS[order] + r * series;
  return series * powerOfTwo(whole);
}

/**
 * The natural logarithm, good to 3e-16 of its value or absolutely; NaN below 0, -Infinity at 0.
 * @param {number} x
 * @returns {number}
 */
export function logarithm(x) {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  if (x < 2.2250738585072014e-308) return logarithm(x * 4503599627370496) - 52 * (LOG_2_HIGH + LOG_2_LOW);
  doubleBox[0] = x;
  let exponent = (halvesBox[1] >>> 20) - 1023;
  halvesBox[1] = (halvesBox[1] & 0xfffff) | (1023 << 20);
  let mantissa = doubleBox[0];
  if (mantissa > ROOT_2) [mantissa, exponent] = [mantissa / 2, exponent + 1];
  // 2 artanh((m - 1) / (m + 1)), of which the series converges fast: |s| <= 0.172.
  const s = (mantissa - 1) / (mantissa + 1);
  const z = s * s;
  let series = 1 / 21;
  for (let order = 19; order > 0; order -= 2) series = 1 / order + z * series;
  return exponent * LOG_2_HIGH + (2 * s * series + exponent * LOG_2_LOW);
}

/**
 * The hyperbolic tangent, good to 4e-15 of its value.
 * @param {number} x
 * @returns {number}
 */
export function tanh(x) {
  const size = Math.abs(x);
  if (size < 0.02) { // where 1 - e ** -2x would lose digits
    const z = x * x;
    return x * (1 - z * (1 / 3 - z * (2 / 15 - (z * 17) / 315)));
  }
  if (size > 20) return x > 0 ? 1 : -1;
  const tail = exponential(-2 * size);
  const value = (1 - tail) / (1 + tail);
  return x > 0 ? value : -value;
}

/**
 * The cosine, good to 3e-16 for angles up to a few thousand.
 * @param {number} angle [radians]
 * @returns {number}
 */
export function cosine(angle) {
  const quarter = Math.round(angle / HALF_PI);
  const r = angle - quarter * HALF_PI - quarter * 6.123233995736766e-17;
  const z = r * r;
  const odd = quarter & 1;
  // Series of the cosine, or of the sine where a quarter turn is left over: |r| <= 0.79.
  let series = 1;
  for (let order = odd ? 19 : 18; order > 1; order -= 2) series = 1 - (z / (order * (order - 1))) * series;
  const sign = (quarter + odd) & 2 ? -1 : 1;
  return odd ? sign * r * series : sign * series;
}

/**
 * The sine; see `cosine`.
 * @param {number} angle [radians]
 * @returns {number}
 */
export const sine = (angle) => cosine(angle - HALF_PI);

/**
 * base ** exponent for whole exponents of at least 0, by squaring.
 * @param {number} base
 * @param {number} exponent
 * @returns {number}
 */
export function wholePower(base, exponent) {
  let [power, factor] = [1, base];
  for (let left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2) power *= factor;
    factor *= factor;
  }
  return power;
}

/**
 * A word of 32 bits whose every bit depends on every bit of `word` (MurmurHash3's last step, by A. Appleby).
 * @param {number} word
 * @returns {number} 0 to 2 ** 32 - 1
 */
export function mix(word) {
  let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

// A word for a name (Fowler, Noll and Vo's hash).
function wordOf(name) {
  let word = 0x811c9dc5;
  for (let i = 0; i < name.length; i += 1) word = Math.imul(word ^ name.charCodeAt(i), 0x01000193);
  return word >>> 0;
}

/**
 * A stream of random numbers of its own for each purpose and seed: xoshiro128**, with a period of 2 ** 128 - 1.
 * Source: Blackman & Vigna (2021), ACM Trans. Math. Softw. 47, 36.
 */
export class Random {
  /**
   * @param {string} purpose what the numbers are for; other names give other streams
   * @param {number} seed a whole number from 0 to 2 ** 32 - 1
   */
  constructor(purpose, seed) {
    const name = wordOf(purpose);
    this.state = Uint32Array.from({ length: 4 }, (_, i) => mix(mix(name + 0x9e3779b9 * (i + 1)) ^ mix(seed + i)));
    this.state[3] |= 1; // four zeros would give zeros for ever
    this.spare = NaN;
  }

  /** @returns {number} a whole number from 0 to 2 ** 32 - 1 */
  word() {
    const { state } = this;
    const turned = Math.imul(state[1], 5);
    const result = Math.imul((turned << 7) | (turned >>> 25), 9) >>> 0;
    const kept = state[1] << 9;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= kept;
    state[3] = (state[3] << 11) | (state[3] >>> 21);
    return result;
  }

  /** @returns {number} uniform in (0, 1), never 0 or 1 */
  uniform() {
    return (this.word() + 0.5) / 4294967296;
  }

  /** @returns {number} of the standard normal law, by Marsaglia's polar method */
  normal() {
    if (this.spare === this.spare) {
      const { spare } = this;
      this.spare = NaN;
      return spare;
    }
    let [x, y, square] = [0, 0, 0];
    do {
      x = 2 * this.uniform() - 1;
      y = 2 * this.uniform() - 1;
      square = x * x + y * y;
    } while (square >= 1);
    const factor = Math.sqrt((-2 * logarithm(square)) / square);
    this.spare = factor * y;
    return factor * x;
  }
}
