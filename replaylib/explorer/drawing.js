// Room: drawing. Canvases: their colours, their size, the way from metres to pixels, and when to draw anew.

const COLOURS = ["text", "muted", "ground", "plain", "mechanism", "panel"];
const FINEST = 2; // device pixels to a CSS pixel: finer ones cost time that nobody sees

/**
 * Colours from the style sheet, so that they follow the page from light to dark.
 * Reading them costs a look at all styles: do it when the looks change, not in each frame.
 * @param {Element} element - the figure's root
 * @returns {Object<string, string>} CSS colours by name: text, muted, ground, plain, mechanism, panel; and the `font`
 */
export function palette(element) {
  const style = getComputedStyle(element);
  const colours = COLOURS.map((name) => [name, style.getPropertyValue(`--explorer-${name}`).trim()]);
  return Object.fromEntries([...colours, ["font", `12px ${style.fontFamily}`]]);
}

/**
 * Calls `redraw` when the page's theme or a picture's size changes, and once at first.
 * @param {Element} root - the figure's root
 * @param {() => void} redraw - draws everything anew
 * @returns {() => void} ends the watching
 */
export function watchLooks(root, redraw) {
  const theme = new MutationObserver(redraw);
  theme.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  theme.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  const resized = new ResizeObserver(redraw);
  for (const canvas of root.querySelectorAll("canvas")) resized.observe(canvas);
  return () => { theme.disconnect(); resized.disconnect(); };
}

/** A canvas as large as its box, measured in CSS pixels; its size is read from the page only by `fit`. */
export class Surface {
  /** @param {HTMLCanvasElement} canvas - stands on the page, sized by the style sheet */
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.fit();
  }

  /**
   * Takes the size of its box, and empties itself.
   * @returns {boolean} whether anything can be seen of it
   */
  fit() {
    const { canvas } = this;
    this.ratio = Math.min(window.devicePixelRatio || 1, FINEST);
    [this.width, this.height] = [canvas.clientWidth, canvas.clientHeight];
    const size = [this.width, this.height].map((length) => Math.round(length * this.ratio));
    if (canvas.width !== size[0] || canvas.height !== size[1]) [canvas.width, canvas.height] = size;
    this.context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    this.clear();
    return canvas.width > 0 && canvas.height > 0;
  }

  /** Empties the canvas. */
  clear() { this.context.clearRect(0, 0, this.width, this.height); }

  /**
   * An empty canvas of the same size, off the page.
   * @returns {CanvasRenderingContext2D} it measures in CSS pixels, as the surface does
   */
  layer() {
    const { width, height } = this.canvas;
    const context = Object.assign(document.createElement("canvas"), { width, height }).getContext("2d");
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    return context;
  }

  /**
   * Lays a layer over what is drawn.
   * @param {CanvasRenderingContext2D} layer - from `layer()`, at the same size
   */
  lay(layer) {
    if (layer.canvas.width && layer.canvas.height) this.context.drawImage(layer.canvas, 0, 0, this.width, this.height);
  }
}

/**
 * For pictures that are drawn whole: a surface that fits its box now.
 * @param {HTMLCanvasElement} canvas - stands on the page
 * @returns {{context: CanvasRenderingContext2D, width: number, height: number}} empty; lengths in CSS pixels
 */
export function prepare(canvas) {
  return new Surface(canvas);
}

/**
 * From metres to pixels, the same scale on both axes, y upwards, the whole in the middle.
 * @param {number[]} bounds - left, bottom, right, top [m]
 * @param {number} width - of the picture [CSS pixels]
 * @param {number} height - of the picture [CSS pixels]
 * @returns {{project: (place: number[]) => number[], scale: number}} [x, y] in metres to pixels; pixels to a metre
 */
export function projection([left, bottom, right, top], width, height) {
  const scale = Math.min(width / (right - left), height / (top - bottom));
  const [x0, y0] = [(width - scale * (right - left)) / 2, (height + scale * (top - bottom)) / 2];
  const project = ([x, y]) => [x0 + scale * (x - left), y0 - scale * (y - bottom)];
  return { project, scale };
}
