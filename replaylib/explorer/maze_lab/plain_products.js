// The plain twin of products.ts, for browsers without WebAssembly SIMD: the same sums in the same order, each rounded
// to float32, so that it gives the same bits. Takes from the files before it: mix (arithmetic.js).

const single = Math.fround;
const ZERO = single(0);
const constants = (...numbers) => numbers.map(single);

const TANH_ABOVE = constants(
  0.9999999699836235, 0.1343819128471823, 3.564156316652217e-3, 2.1773249747855768e-5, 1.50618166649842e-8,
);
const TANH_BELOW = constants(
  1.0, 0.4677151206053889, 2.6136016365519772e-2, 3.399179736701304e-4, 8.453664345046185e-7,
);
const LOG_SERIES = constants(2, 2 / 3, 2 / 5, 2 / 7, 2 / 9);
const SINE_SERIES = constants(1, 1 / 6, 1 / 120, 1 / 5040);
const COSINE_SERIES = constants(1, 1 / 2, 1 / 24, 1 / 720, 1 / 40320);
const EXPONENTIAL_SERIES = constants(1, 1, 1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 720);
const [SINGLE_LOG_2, LOG_2_OF_E, EIGHTH] = constants(0.6931471805599453, 1.4426950408889634, 1.4629180792671596e-9);
const [COARSE_LOG_2, FINE_LOG_2] = constants(0.693359375, -2.1219444e-4);
const ROOT_HALF_BITS = 0x3f3504f3;

const singleBox = new Float32Array(1);
const bitsBox = new Int32Array(singleBox.buffer);

function bitsOf(number) {
  singleBox[0] = number;
  return bitsBox[0];
}

function numberOf(bits) {
  bitsBox[0] = bits;
  return singleBox[0];
}

// c0 + z (c1 + z (c2 + ...)), or with the sign -1 c0 - z (c1 - z (c2 - ...)).
function polynomial(coefficients, z, sign) {
  let sum = coefficients[coefficients.length - 1];
  for (let order = coefficients.length - 2; order >= 0; order -= 1) {
    sum = single(coefficients[order] + sign * single(z * sum));
  }
  return sum;
}

function singleTanh(x) {
  let y = x > 8 ? 8 : x;
  y = y < -8 ? -8 : y;
  const z = single(y * y);
  return single(single(y * polynomial(TANH_ABOVE, z, 1)) / polynomial(TANH_BELOW, z, 1));
}

// -log(count / 2^24), and 0 at least.
function singleMinusLog(count) {
  const shifted = bitsOf(count) - ROOT_HALF_BITS;
  const mantissa = numberOf((shifted & 0x7fffff) + ROOT_HALF_BITS);
  const s = single(single(1 - mantissa) / single(1 + mantissa));
  const series = single(s * polynomial(LOG_SERIES, single(s * s), 1));
  const whole = single(single((24 - (shifted >> 23)) * SINGLE_LOG_2) + series);
  return whole > 0 ? whole : 0;
}

function singleExponential(x) {
  const product = single(x * LOG_2_OF_E);
  let whole = Math.round(product); // halves are rounded to even, as WebAssembly does
  if (whole - product === 0.5 && whole % 2) whole -= 1;
  const r = single(single(x - single(whole * COARSE_LOG_2)) - single(whole * FINE_LOG_2));
  return single(polynomial(EXPONENTIAL_SERIES, r, 1) * numberOf((whole + 127) << 23));
}

/** The loops of products.ts in plain JavaScript, on numbers and words that share one memory. Pointers count bytes. */
export class PlainProducts {
  /** @param {ArrayBuffer} buffer the memory */
  constructor(buffer) {
    this.numbers = new Float32Array(buffer);
    this.words = new Uint32Array(buffer);
  }

  multiply(rows, columns, depth, a, stride, b, c, add) {
    const { numbers } = this;
    for (let i = 0; i < rows; i += 1) {
      for (let j = 0; j < columns; j += 4) {
        let [s0, s1, s2, s3] = [ZERO, ZERO, ZERO, ZERO];
        for (let l = 0, p = a / 4 + i * stride, q = b / 4 + j; l < depth; l += 1, p += 1, q += columns) {
          const x = numbers[p];
          s0 = single(s0 + single(x * numbers[q]));
          s1 = single(s1 + single(x * numbers[q + 1]));
          s2 = single(s2 + single(x * numbers[q + 2]));
          s3 = single(s3 + single(x * numbers[q + 3]));
        }
        this.put(c / 4 + i * columns + j, s0, s1, s2, s3, add);
      }
    }
  }

  multiplyTransposed(rows, columns, depth, a, stride, b, c) {
    const { numbers } = this;
    for (let i = 0; i < depth; i += 1) {
      for (let j = 0; j < columns; j += 4) {
        let [s0, s1, s2, s3] = [ZERO, ZERO, ZERO, ZERO];
        for (let l = 0, p = a / 4 + i, q = b / 4 + j; l < rows; l += 1, p += stride, q += columns) {
          const x = numbers[p];
          s0 = single(s0 + single(x * numbers[q]));
          s1 = single(s1 + single(x * numbers[q + 1]));
          s2 = single(s2 + single(x * numbers[q + 2]));
          s3 = single(s3 + single(x * numbers[q + 3]));
        }
        this.put(c / 4 + i * columns + j, s0, s1, s2, s3, 1);
      }
    }
  }

  put(out, s0, s1, s2, s3, add) {
    const { numbers } = this;
    numbers[out] = add ? numbers[out] + s0 : s0; // rounded to float32 as it is stored
    numbers[out + 1] = add ? numbers[out + 1] + s1 : s1;
    numbers[out + 2] = add ? numbers[out + 2] + s2 : s2;
    numbers[out + 3] = add ? numbers[out + 3] + s3 : s3;
  }

  advance(rows, columns, drive, state, next, stride, noise, keep) {
    const { numbers } = this;
    const kept = single(keep);
    for (let i = 0; i < rows; i += 1) {
      for (let j = 0; j < columns; j += 1) {
        const [at, far] = [i * columns + j, i * stride + j];
        const active = singleTanh(numbers[drive / 4 + at]);
        numbers[drive / 4 + at] = active;
        const moved = single(single(kept * numbers[state / 4 + far]) + active);
        numbers[next / 4 + far] = single(moved + numbers[noise / 4 + at]);
      }
    }
  }

  retrace(count, blame, active, carried, keep) {
    const { numbers } = this;
    const kept = single(keep);
    for (let i = 0; i < count; i += 1) {
      const total = single(numbers[blame / 4 + i] + numbers[carried / 4 + i]);
      const value = numbers[active / 4 + i];
      numbers[blame / 4 + i] = single(total * single(1 - single(value * value)));
      numbers[carried / 4 + i] = single(kept * total);
    }
  }

  fillWords(count, words, key) {
    for (let i = 0; i < count; i += 1) this.words[words / 4 + i] = mix(i ^ key);
  }

  fillNoise(count, words, key, scale, first, second) {
    const size = single(scale);
    for (let i = 0; i < count; i += 1) {
      const word = mix(this.words[words / 4 + i] + key);
      const other = Math.imul(word ^ (word >>> 15), 0x2c1b3c6d);
      const radius = single(single(Math.sqrt(singleMinusLog((word >>> 8) + 1))) * size);
      const angle = single(single(other >> 2) * EIGHTH);
      const z = single(angle * angle);
      const sine = single(angle * polynomial(SINE_SERIES, z, -1));
      const cosine = polynomial(COSINE_SERIES, z, -1);
      const [across, along] = [single(cosine - sine), single(cosine + sine)];
      this.numbers[first / 4 + i] = single(radius * (other & 1 ? -across : across));
      this.numbers[second / 4 + i] = single(radius * (other & 2 ? -along : along));
    }
  }

  encodePlace(cells, acrosses, ups, x, y, factor, sign, out) {
    const { numbers } = this;
    const [fromX, fromY, scale] = [x, y, factor].map(single);
    for (let i = 0; i < cells; i += 1) {
      const [dx, dy] = [single(fromX - numbers[acrosses / 4 + i]), single(fromY - numbers[ups / 4 + i])];
      const power = single(scale * single(single(dx * dx) + single(dy * dy)));
      numbers[out / 4 + i] = power > -25 ? single(sign * singleExponential(power)) : 0;
    }
  }

  sumOfSquares(count, values) {
    const sums = new Float32Array(4);
    for (let i = 0; i < count; i += 1) {
      const value = this.numbers[values / 4 + i];
      sums[i % 4] = single(sums[i % 4] + single(value * value));
    }
    return single(single(sums[0] + sums[1]) + single(sums[2] + sums[3]));
  }
}
