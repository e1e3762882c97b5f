// The loops that take a training's time, four numbers at once (WebAssembly SIMD). Compiled by `make products` to
// products.wasm; the plain twin in products.js gives the same bits. All numbers are float32. Pointers count bytes and
// are multiples of 16; sizes, strides and columns count numbers and are multiples of 4, columns of products of 8.

// Four rows by eight columns of a product are summed in registers. c [rows, columns] = a [rows, depth] b [depth,
// columns], added to what c holds where `add` is not 0; `stride`: numbers from one row of a to the next.
export function multiply(
  rows: i32, columns: i32, depth: i32, a: usize, stride: i32, b: usize, c: usize, add: i32,
): void {
  const wide = <usize>columns << 2, far = <usize>stride << 2;
  for (let j = 0; j < columns; j += 8) {
    for (let i = 0; i < rows; i += 4) {
      let a0 = a + <usize>i * far, a1 = a0 + far, a2 = a1 + far, a3 = a2 + far, q = b + (<usize>j << 2);
      let s00 = f32x4.splat(0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
      for (let l = 0; l < depth; l++) {
        const b0 = v128.load(q), b1 = v128.load(q, 16);
        let x = v128.load32_splat(a0);
        s00 = f32x4.add(s00, f32x4.mul(x, b0));
        s01 = f32x4.add(s01, f32x4.mul(x, b1));
        x = v128.load32_splat(a1);
        s10 = f32x4.add(s10, f32x4.mul(x, b0));
        s11 = f32x4.add(s11, f32x4.mul(x, b1));
        x = v128.load32_splat(a2);
        s20 = f32x4.add(s20, f32x4.mul(x, b0));
        s21 = f32x4.add(s21, f32x4.mul(x, b1));
        x = v128.load32_splat(a3);
        s30 = f32x4.add(s30, f32x4.mul(x, b0));
        s31 = f32x4.add(s31, f32x4.mul(x, b1));
        a0 += 4, a1 += 4, a2 += 4, a3 += 4, q += wide;
      }
      let o = c + <usize>i * wide + (<usize>j << 2);
      put(o, s00, s01, add);
      put((o += wide), s10, s11, add);
      put((o += wide), s20, s21, add);
      put((o += wide), s30, s31, add);
    }
  }
}

// c [depth, columns] += the transposed of a [rows, depth], times b [rows, columns]; `stride` as above.
export function multiplyTransposed(
  rows: i32, columns: i32, depth: i32, a: usize, stride: i32, b: usize, c: usize,
): void {
  const wide = <usize>columns << 2, far = <usize>stride << 2;
  for (let j = 0; j < columns; j += 8) {
    for (let i = 0; i < depth; i += 4) {
      let p = a + (<usize>i << 2), q = b + (<usize>j << 2);
      let s00 = f32x4.splat(0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
      for (let l = 0; l < rows; l++) {
        const b0 = v128.load(q), b1 = v128.load(q, 16);
        let x = v128.load32_splat(p);
        s00 = f32x4.add(s00, f32x4.mul(x, b0));
        s01 = f32x4.add(s01, f32x4.mul(x, b1));
        x = v128.load32_splat(p, 4);
        s10 = f32x4.add(s10, f32x4.mul(x, b0));
        s11 = f32x4.add(s11, f32x4.mul(x, b1));
        x = v128.load32_splat(p, 8);
        s20 = f32x4.add(s20, f32x4.mul(x, b0));
        s21 = f32x4.add(s21, f32x4.mul(x, b1));
        x = v128.load32_splat(p, 12);
        s30 = f32x4.add(s30, f32x4.mul(x, b0));
        s31 = f32x4.add(s31, f32x4.mul(x, b1));
        p += far, q += wide;
      }
      let o = c + <usize>i * wide + (<usize>j << 2);
      put(o, s00, s01, 1);
      put((o += wide), s10, s11, 1);
      put((o += wide), s20, s21, 1);
      put((o += wide), s30, s31, 1);
    }
  }
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function put(o: usize, first: v128, second: v128, add: i32): void {
  if (add) {
    first = f32x4.add(v128.load(o), first);
    second = f32x4.add(v128.load(o, 16), second);
  }
  v128.store(o, first);
  v128.store(o, second, 16);
}

// x P(x^2) / Q(x^2), minimax up to 8, where tanh is 1: error 4e-7. The same as in replaylib/dynamics/_kernels.py.
// @ts-ignore
@inline
function tanh4(x: v128): v128 {
  const y = f32x4.pmax(f32x4.pmin(x, f32x4.splat(8)), f32x4.splat(-8));
  const z = f32x4.mul(y, y);
  let above = f32x4.add(f32x4.splat(2.1773249747855768e-5), f32x4.mul(z, f32x4.splat(1.50618166649842e-8)));
  above = f32x4.add(f32x4.splat(3.564156316652217e-3), f32x4.mul(z, above));
  above = f32x4.add(f32x4.splat(0.1343819128471823), f32x4.mul(z, above));
  above = f32x4.add(f32x4.splat(0.9999999699836235), f32x4.mul(z, above));
  let below = f32x4.add(f32x4.splat(3.399179736701304e-4), f32x4.mul(z, f32x4.splat(8.453664345046185e-7)));
  below = f32x4.add(f32x4.splat(2.6136016365519772e-2), f32x4.mul(z, below));
  below = f32x4.add(f32x4.splat(0.4677151206053889), f32x4.mul(z, below));
  below = f32x4.add(f32x4.splat(1), f32x4.mul(z, below));
  return f32x4.div(f32x4.mul(y, above), below);
}

// One step awake: drive [rows, columns] becomes its tanh, and next = keep state + tanh + noise. The rows of state and
// next lie `stride` numbers apart.
export function advance(
  rows: i32, columns: i32, drive: usize, state: usize, next: usize, stride: i32, noise: usize, keep: f32,
): void {
  const kept = f32x4.splat(keep), gap = <usize>(stride - columns) << 2;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j += 4) {
      const active = tanh4(v128.load(drive));
      v128.store(drive, active);
      const moved = f32x4.add(f32x4.mul(kept, v128.load(state)), active);
      v128.store(next, f32x4.add(moved, v128.load(noise)));
      drive += 16, state += 16, next += 16, noise += 16;
    }
    state += gap, next += gap;
  }
}

// One step back: carried becomes keep times blame + carried, the gradient of a state, and blame becomes the gradient
// of what the tanh was taken of.
export function retrace(count: i32, blame: usize, active: usize, carried: usize, keep: f32): void {
  const kept = f32x4.splat(keep), one = f32x4.splat(1), end = blame + (<usize>count << 2);
  for (; blame < end; blame += 16, active += 16, carried += 16) {
    const total = f32x4.add(v128.load(blame), v128.load(carried)), value = v128.load(active);
    v128.store(blame, f32x4.mul(total, f32x4.sub(one, f32x4.mul(value, value))));
    v128.store(carried, f32x4.mul(kept, total));
  }
}

// @ts-ignore
@inline
function mix4(word: v128): v128 {
  word = i32x4.mul(v128.xor(word, i32x4.shr_u(word, 16)), i32x4.splat(0x85ebca6b));
  word = i32x4.mul(v128.xor(word, i32x4.shr_u(word, 13)), i32x4.splat(0xc2b2ae35));
  return v128.xor(word, i32x4.shr_u(word, 16));
}

// A well mixed word for each path and unit.
export function fillWords(count: i32, words: usize, key: i32): void {
  let index = i32x4(0, 1, 2, 3);
  for (const end = words + (<usize>count << 2); words < end; words += 16) {
    v128.store(words, mix4(v128.xor(index, i32x4.splat(key))));
    index = i32x4.add(index, i32x4.splat(4));
  }
}

// -log(count / 2^24), and 0 at least: the exponent, and 2 artanh((1 - m) / (1 + m)) of the mantissa m.
// @ts-ignore
@inline
function minusLog4(count: v128): v128 {
  const rootHalf = i32x4.splat(0x3f3504f3), one = f32x4.splat(1);
  const shifted = i32x4.sub(f32x4.convert_i32x4_s(count), rootHalf);
  const exponent = f32x4.convert_i32x4_s(i32x4.sub(i32x4.splat(24), i32x4.shr_s(shifted, 23)));
  const mantissa = i32x4.add(v128.and(shifted, i32x4.splat(0x7fffff)), rootHalf);
  const s = f32x4.div(f32x4.sub(one, mantissa), f32x4.add(one, mantissa)), z = f32x4.mul(s, s);
  let series = f32x4.add(f32x4.splat(<f32>(2.0 / 7.0)), f32x4.mul(z, f32x4.splat(<f32>(2.0 / 9.0))));
  series = f32x4.add(f32x4.splat(<f32>(2.0 / 5.0)), f32x4.mul(z, series));
  series = f32x4.add(f32x4.splat(<f32>(2.0 / 3.0)), f32x4.mul(z, series));
  series = f32x4.add(f32x4.splat(2), f32x4.mul(z, series));
  const whole = f32x4.add(f32x4.mul(exponent, f32x4.splat(<f32>0.6931471805599453)), f32x4.mul(s, series));
  return f32x4.pmax(whole, f32x4.splat(0));
}

// Normal numbers, times `scale`, for two steps: the same as replaylib/dynamics/_noise.py makes, by Box and Muller.
export function fillNoise(count: i32, words: usize, key: i32, scale: f32, first: usize, second: usize): void {
  const one = f32x4.splat(1), size = f32x4.splat(scale), keys = i32x4.splat(key);
  for (const end = words + (<usize>count << 2); words < end; words += 16, first += 16, second += 16) {
    const word = mix4(i32x4.add(v128.load(words), keys));
    const other = i32x4.mul(v128.xor(word, i32x4.shr_u(word, 15)), i32x4.splat(0x2c1b3c6d));
    const far = minusLog4(i32x4.add(i32x4.shr_u(word, 8), i32x4.splat(1)));
    const radius = f32x4.mul(f32x4.sqrt(far), size);
    // An angle of at most an eighth of a turn to either side, and two signs.
    const angle = f32x4.mul(f32x4.convert_i32x4_s(i32x4.shr_s(other, 2)), f32x4.splat(<f32>1.4629180792671596e-9));
    const z = f32x4.mul(angle, angle);
    let sine = f32x4.sub(f32x4.splat(<f32>(1.0 / 120.0)), f32x4.mul(z, f32x4.splat(<f32>(1.0 / 5040.0))));
    sine = f32x4.sub(f32x4.splat(<f32>(1.0 / 6.0)), f32x4.mul(z, sine));
    sine = f32x4.mul(angle, f32x4.sub(one, f32x4.mul(z, sine)));
    let cosine = f32x4.sub(f32x4.splat(<f32>(1.0 / 720.0)), f32x4.mul(z, f32x4.splat(<f32>(1.0 / 40320.0))));
    cosine = f32x4.sub(f32x4.splat(<f32>(1.0 / 24.0)), f32x4.mul(z, cosine));
    cosine = f32x4.sub(one, f32x4.mul(z, f32x4.sub(f32x4.splat(0.5), f32x4.mul(z, cosine))));
    const across = v128.xor(f32x4.sub(cosine, sine), i32x4.shl(other, 31));
    const sign = v128.and(i32x4.shl(other, 30), i32x4.splat(0x80000000));
    v128.store(first, f32x4.mul(radius, across));
    v128.store(second, f32x4.mul(radius, v128.xor(f32x4.add(cosine, sine), sign)));
  }
}

// sign times the activity of each place cell, e ** (factor distance^2), for one place; 0 where it is below e ** -25.
export function encodePlace(
  cells: i32, acrosses: usize, ups: usize, x: f32, y: f32, factor: f32, sign: f32, out: usize,
): void {
  const fromX = f32x4.splat(x), fromY = f32x4.splat(y);
  for (const end = out + (<usize>cells << 2); out < end; out += 16, acrosses += 16, ups += 16) {
    const dx = f32x4.sub(fromX, v128.load(acrosses)), dy = f32x4.sub(fromY, v128.load(ups));
    const power = f32x4.mul(f32x4.splat(factor), f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy)));
    const active = f32x4.mul(f32x4.splat(sign), exponential4(f32x4.pmax(power, f32x4.splat(-25))));
    v128.store(out, v128.and(active, f32x4.gt(power, f32x4.splat(-25))));
  }
}

// @ts-ignore
@inline
function exponential4(x: v128): v128 {
  const whole = f32x4.nearest(f32x4.mul(x, f32x4.splat(<f32>1.4426950408889634)));
  let r = f32x4.sub(x, f32x4.mul(whole, f32x4.splat(<f32>0.693359375)));
  r = f32x4.sub(r, f32x4.mul(whole, f32x4.splat(<f32>-2.12194440e-4)));
  let series = f32x4.add(f32x4.splat(<f32>(1.0 / 120.0)), f32x4.mul(r, f32x4.splat(<f32>(1.0 / 720.0))));
  series = f32x4.add(f32x4.splat(<f32>(1.0 / 24.0)), f32x4.mul(r, series));
  series = f32x4.add(f32x4.splat(<f32>(1.0 / 6.0)), f32x4.mul(r, series));
  series = f32x4.add(f32x4.splat(0.5), f32x4.mul(r, series));
  series = f32x4.add(f32x4.splat(1), f32x4.mul(r, series));
  series = f32x4.add(f32x4.splat(1), f32x4.mul(r, series));
  return f32x4.mul(series, i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(whole), i32x4.splat(127)), 23));
}

// The sum of squares, in four sums that are added at the end.
export function sumOfSquares(count: i32, values: usize): f32 {
  let sums = f32x4.splat(0);
  for (const end = values + (<usize>count << 2); values < end; values += 16) {
    const value = v128.load(values);
    sums = f32x4.add(sums, f32x4.mul(value, value));
  }
  const pair = f32x4.extract_lane(sums, 0) + f32x4.extract_lane(sums, 1);
  return pair + (f32x4.extract_lane(sums, 2) + f32x4.extract_lane(sums, 3));
}
