// Linear equations, and the eigenvalue with the largest real part of a real matrix. Matrices are row-major, [n * n].
// Takes from the files before it: nothing.

/**
 * Solves matrix * x = right by elimination with the largest pivots. Both are overwritten.
 * @param {Float64Array} matrix [n * n]
 * @param {Float64Array} right [n]
 * @returns {Float64Array|null} x, which is `right`; null where the matrix is singular
 */
export function solveLinear(matrix, right) {
  const n = right.length;
  for (let column = 0; column < n; column += 1) {
    let pivot = column;
    for (let row = column + 1; row < n; row += 1) {
      if (Math.abs(matrix[row * n + column]) > Math.abs(matrix[pivot * n + column])) pivot = row;
    }
    const top = matrix[pivot * n + column];
    if (!(Math.abs(top) > 0 && Number.isFinite(top))) return null;
    if (pivot !== column) {
      for (let k = column; k < n; k += 1) {
        const kept = matrix[pivot * n + k];
        matrix[pivot * n + k] = matrix[column * n + k];
        matrix[column * n + k] = kept;
      }
      [right[pivot], right[column]] = [right[column], right[pivot]];
    }
    for (let row = column + 1; row < n; row += 1) {
      const factor = matrix[row * n + column] / top;
      if (factor === 0) continue;
      for (let k = column + 1; k < n; k += 1) matrix[row * n + k] -= factor * matrix[column * n + k];
      right[row] -= factor * right[column];
    }
  }
  for (let row = n - 1; row >= 0; row -= 1) {
    let left = right[row];
    for (let k = row + 1; k < n; k += 1) left -= matrix[row * n + k] * right[k];
    right[row] = left / matrix[row * n + row];
  }
  return right;
}

// Householder's reflections bring a symmetric matrix to three diagonals: the middle one and the one beside it.
// The matrix is overwritten. Source: Golub & Van Loan (2013), Matrix Computations, section 8.3.1.
function threeDiagonals(matrix, n) {
  const [reflected, product] = [new Float64Array(n), new Float64Array(n)];
  const [middle, beside] = [new Float64Array(n), new Float64Array(n)];
  for (let k = 0; k < n - 1; k += 1) {
    let square = 0;
    for (let i = k + 1; i < n; i += 1) square += matrix[i * n + k] * matrix[i * n + k];
    const first = matrix[(k + 1) * n + k];
    const size = first > 0 ? -Math.sqrt(square) : Math.sqrt(square);
    middle[k] = matrix[k * n + k];
    beside[k + 1] = size;
    const half = square - first * size; // half of the squared length of the vector that is reflected
    if (!(half > 0)) continue;
    for (let i = k + 1; i < n; i += 1) reflected[i] = matrix[i * n + k];
    reflected[k + 1] -= size;
    let along = 0;
    for (let i = k + 1; i < n; i += 1) {
      let total = 0;
      for (let j = k + 1; j < n; j += 1) total += matrix[i * n + j] * reflected[j];
      product[i] = total / half;
      along += product[i] * reflected[i];
    }
    for (let i = k + 1; i < n; i += 1) product[i] -= (along / (2 * half)) * reflected[i];
    for (let i = k + 1; i < n; i += 1) {
      for (let j = k + 1; j < n; j += 1) matrix[i * n + j] -= reflected[i] * product[j] + product[i] * reflected[j];
    }
  }
  middle[n - 1] = matrix[n * n - 1];
  return { middle, beside };
}

// Whether all eigenvalues of a matrix of three diagonals lie below a number: Sturm's sequence has no positive member.
function allBelow(middle, beside, number) {
  let ratio = 1;
  for (let i = 0; i < middle.length; i += 1) {
    const pull = i === 0 ? 0 : (beside[i] * beside[i]) / ratio;
    ratio = middle[i] - number - pull;
    if (ratio >= 0) return false;
  }
  return true;
}

/**
 * The largest eigenvalue of a symmetric matrix, to the last few bits, by halving an interval. It is overwritten.
 * @param {Float64Array} matrix [n * n]
 * @param {number} n
 * @returns {number}
 */
export function largestOfSymmetric(matrix, n) {
  const { middle, beside } = threeDiagonals(matrix, n);
  let [low, high] = [-Infinity, -Infinity];
  for (let i = 0; i < n; i += 1) {
    const reach = Math.abs(beside[i]) + Math.abs(beside[i + 1] ?? 0);
    low = Math.max(low, middle[i]);
    high = Math.max(high, middle[i] + reach);
  }
  high += 1e-15 * Math.abs(high) + 1e-300;
  for (let round = 0; round < 80 && high - low > 1e-16 * Math.abs(high); round += 1) {
    const half = low + (high - low) / 2;
    if (allBelow(middle, beside, half)) high = half;
    else low = half;
  }
  return high;
}

// Elimination brings a matrix to Hessenberg's form, which has zeros below the diagonal under the main one.
// Source: Wilkinson & Reinsch (1971), Handbook for Automatic Computation II, elmhes.
function toHessenberg(a, n) {
  for (let m = 1; m < n - 1; m += 1) {
    let pivot = m;
    for (let i = m + 1; i < n; i += 1) {
      if (Math.abs(a[i * n + m - 1]) > Math.abs(a[pivot * n + m - 1])) pivot = i;
    }
    const top = a[pivot * n + m - 1];
    if (top === 0) continue;
    if (pivot !== m) exchangeRowAndColumn(a, n, pivot, m);
    for (let i = m + 1; i < n; i += 1) {
      const factor = a[i * n + m - 1] / top;
      if (factor === 0) continue;
      a[i * n + m - 1] = 0;
      for (let j = m; j < n; j += 1) a[i * n + j] -= factor * a[m * n + j];
      for (let j = 0; j < n; j += 1) a[j * n + m] += factor * a[j * n + i];
    }
  }
}

function exchangeRowAndColumn(a, n, one, other) {
  for (let j = 0; j < n; j += 1) [a[one * n + j], a[other * n + j]] = [a[other * n + j], a[one * n + j]];
  for (let j = 0; j < n; j += 1) [a[j * n + one], a[j * n + other]] = [a[j * n + other], a[j * n + one]];
}

// Real parts of the two eigenvalues of the block at rows and columns end - 1 and end.
function realPartsOfPair(h, n, end) {
  const [a, b] = [h[(end - 1) * n + end - 1], h[(end - 1) * n + end]];
  const [c, d] = [h[end * n + end - 1], h[end * n + end]];
  const half = (a - d) / 2;
  const square = half * half + b * c;
  const root = square > 0 ? Math.sqrt(square) : 0;
  return Math.max((a + d) / 2 + root, (a + d) / 2 - root);
}

// Francis's double step on rows and columns start to end. `extraordinary` shifts end a standstill.
function doubleStep(h, n, start, end, extraordinary) {
  const [a, d] = [h[(end - 1) * n + end - 1], h[end * n + end]];
  const under = h[end * n + end - 1];
  const stuck = Math.abs(under) + Math.abs(h[(end - 1) * n + Math.max(start, end - 2)]);
  const sum = extraordinary ? 1.5 * stuck : a + d;
  const product = extraordinary ? stuck * stuck : a * d - h[(end - 1) * n + end] * under;
  const [h00, h01, h10, h11] = [h[start * n + start], h[start * n + start + 1],
    h[(start + 1) * n + start], h[(start + 1) * n + start + 1]];
  let x = h00 * h00 + h01 * h10 - sum * h00 + product;
  let y = h10 * (h00 + h11 - sum);
  let z = start + 2 <= end ? h10 * h[(start + 2) * n + start + 1] : 0;
  for (let k = start; k < end; k += 1) {
    const size = k + 2 <= end ? 3 : 2;
    reflectBulge(h, n, [x, y, z], { k, size, start, end });
    x = h[(k + 1) * n + k];
    y = k + 2 <= end ? h[(k + 2) * n + k] : 0;
    z = k + 3 <= end ? h[(k + 3) * n + k] : 0;
  }
}

// One of Householder's reflections in the rows and columns k to k + size - 1, which sends [x, y, z] to [., 0, 0].
function reflectBulge(h, n, [x, y, z], { k, size, start, end }) {
  const last = size === 3 ? z : 0;
  const scale = Math.abs(x) + Math.abs(y) + Math.abs(last);
  if (scale === 0) return;
  let [p, q, r] = [x / scale, y / scale, last / scale];
  const length = p < 0 ? -Math.sqrt(p * p + q * q + r * r) : Math.sqrt(p * p + q * q + r * r);
  p += length;
  const factor = 1 / (length * p);
  const firstColumn = k > start ? k - 1 : start;
  for (let j = firstColumn; j <= end; j += 1) {
    const at = k * n + j;
    const third = size === 3 ? r * h[at + 2 * n] : 0;
    const total = (p * h[at] + q * h[at + n] + third) * factor;
    h[at] -= total * p;
    h[at + n] -= total * q;
    if (size === 3) h[at + 2 * n] -= total * r;
  }
  for (let i = start; i <= Math.min(end, k + 3); i += 1) {
    const at = i * n + k;
    const third = size === 3 ? r * h[at + 2] : 0;
    const total = (p * h[at] + q * h[at + 1] + third) * factor;
    h[at] -= total * p;
    h[at + 1] -= total * q;
    if (size === 3) h[at + 2] -= total * r;
  }
}

// The first row of the last block of `h` that is not yet split off above row `end`.
function startOfBlock(h, n, end) {
  let start = end;
  while (start > 0) {
    const size = Math.abs(h[(start - 1) * n + start - 1]) + Math.abs(h[start * n + start]);
    if (Math.abs(h[start * n + start - 1]) <= 2.3e-16 * (size || 1)) break;
    start -= 1;
  }
  if (start > 0) h[start * n + start - 1] = 0;
  return start;
}

/**
 * The largest real part among the eigenvalues of any real matrix, by Francis's QR steps. It is overwritten.
 * Source: Francis (1961), Comput. J. 4, 265; Golub & Van Loan (2013), Matrix Computations, section 7.5.
 * @param {Float64Array} matrix [n * n]
 * @param {number} n
 * @returns {number} NaN where the steps do not come to an end
 */
export function largestRealPart(matrix, n) {
  toHessenberg(matrix, n);
  let [largest, end, tries] = [-Infinity, n - 1, 0];
  while (end >= 0) {
    const start = startOfBlock(matrix, n, end);
    if (start === end) {
      largest = Math.max(largest, matrix[end * n + end]);
      [end, tries] = [end - 1, 0];
    } else if (start === end - 1) {
      largest = Math.max(largest, realPartsOfPair(matrix, n, end));
      [end, tries] = [end - 2, 0];
    } else {
      if (tries === 60) return NaN;
      tries += 1;
      doubleStep(matrix, n, start, end, tries % 10 === 0);
    }
  }
  return largest;
}
