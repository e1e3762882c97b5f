// Loads the compiled loops of products.ts, or takes their plain twin, and shares out their memory. Takes from the
// files before it: PRODUCTS_BYTES (the compiled loops, base64), PlainProducts (plain_products.js).

const PAGE_BYTES = 65536; // WebAssembly's unit of memory

function bytesOfText(text) {
  const letters = atob(text);
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
}

// Memory for the loops, cut into arrays one after the other. An array's byteOffset is its pointer.
class Workspace {
  constructor(buffer, loops, first) {
    this.buffer = buffer;
    this.loops = loops;
    this.used = first;
  }

  /**
   * @param {number} count numbers
   * @returns {Float32Array} zeros, at a multiple of 64 bytes
   */
  take(count) {
    const array = new Float32Array(this.buffer, this.used, count);
    this.used += 64 * Math.ceil((4 * count) / 64);
    return array.fill(0);
  }
}

/**
 * The compiled loops, or their plain twin where WebAssembly SIMD is missing.
 * @param {{ plain?: boolean }} choice plain: take the twin in any case
 * @returns {{ simd: boolean, workspace: function(number): Workspace }} workspace(numbers) has room for so many numbers
 *   in arrays of its own, and `loops`, the functions of products.ts
 */
export function loadProducts({ plain = false } = {}) {
  const margin = 64 * 64; // arrays start at multiples of 64 bytes
  try {
    if (plain) throw new Error("the plain twin was asked for");
    const compiled = new WebAssembly.Module(bytesOfText(PRODUCTS_BYTES));
    return {
      simd: true,
      workspace(numbers) {
        const { exports } = new WebAssembly.Instance(compiled);
        const missing = 4 * numbers + margin + PAGE_BYTES - exports.memory.buffer.byteLength;
        exports.memory.grow(Math.max(0, Math.ceil(missing / PAGE_BYTES)));
        return new Workspace(exports.memory.buffer, exports, PAGE_BYTES);
      },
    };
  } catch {
    return {
      simd: false,
      workspace(numbers) {
        const buffer = new ArrayBuffer(4 * numbers + margin);
        return new Workspace(buffer, new PlainProducts(buffer), 0);
      },
    };
  }
}
