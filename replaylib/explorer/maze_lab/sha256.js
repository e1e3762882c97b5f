// SHA-256 (FIPS 180-4), since crypto.subtle is missing on pages from a file. Takes from the files before it: nothing.

// The first 32 bits of the fractional parts of the roots of the first primes.
function rootBits(count, root) {
  const words = [];
  for (let number = 2; words.length < count; number += 1) {
    let prime = true;
    for (let divisor = 2; divisor * divisor <= number; divisor += 1) prime = prime && number % divisor !== 0;
    if (prime) words.push(Number(BigInt.asUintN(32, root(BigInt(number) << 96n))));
  }
  return Uint32Array.from(words);
}

// The largest whole number whose power is at most `number`, bit by bit.
function wholeRoot(number, power) {
  let found = 0n;
  for (let bit = 60n; bit >= 0n; bit -= 1n) {
    const tried = found | (1n << bit);
    if (tried ** power <= number) found = tried;
  }
  return found;
}

const SHA_START = rootBits(8, (number) => wholeRoot(number >> 32n, 2n));
const SHA_ROUNDS = rootBits(64, (number) => wholeRoot(number, 3n));

const rotated = (word, bits) => (word >>> bits) | (word << (32 - bits));

function shaBlock(hash, view, offset, words) {
  for (let i = 0; i < 16; i += 1) words[i] = view.getUint32(offset + 4 * i);
  for (let i = 16; i < 64; i += 1) {
    const [early, late] = [words[i - 15], words[i - 2]];
    const first = rotated(early, 7) ^ rotated(early, 18) ^ (early >>> 3);
    const second = rotated(late, 17) ^ rotated(late, 19) ^ (late >>> 10);
    words[i] = words[i - 16] + first + words[i - 7] + second;
  }
  let [a, b, c, d, e, f, g, h] = hash;
  for (let i = 0; i < 64; i += 1) {
    const chosen = (e & f) ^ (~e & g);
    const most = (a & b) ^ (a & c) ^ (b & c);
    const first = (h + (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)) + chosen + SHA_ROUNDS[i] + words[i]) | 0;
    const second = ((rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) + most) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, index) => {
    hash[index] += word;
  });
}

/**
 * The SHA-256 of bytes, as 64 hexadecimal digits.
 * @param {Uint8Array} bytes
 * @returns {string}
 */
export function sha256(bytes) {
  const blocks = Math.ceil((bytes.length + 9) / 64);
  const padded = new Uint8Array(64 * blocks);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 536870912));
  view.setUint32(padded.length - 4, (bytes.length * 8) >>> 0);
  const [hash, words] = [Uint32Array.from(SHA_START), new Uint32Array(64)];
  for (let block = 0; block < blocks; block += 1) shaBlock(hash, view, 64 * block, words);
  return Array.from(hash, (word) => word.toString(16).padStart(8, "0")).join("");
}
