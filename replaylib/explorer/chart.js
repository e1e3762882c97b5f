// Room: drawing. Lines over two axes: drawn whole, or growing by what is appended.
// This file follows drawing.js in one module.

const MARGIN = { left: 44, right: 12, top: 18, bottom: 34 }; // CSS pixels round the frame, for numbers and labels

/**
 * Round numbers between two bounds.
 * @param {number} low - smallest bound
 * @param {number} high - largest bound
 * @param {number} count - about how many are wanted
 * @returns {number[]} multiples of 1, 2 or 5 times a power of ten
 */
export function ticks(low, high, count = 4) {
  const raw = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const size = power * [1, 2, 5, 10].find((factor) => factor * power >= raw * 0.999);
  const marks = [];
  for (let mark = Math.ceil(low / size) * size; mark <= high + size * 1e-6; mark += size) {
    marks.push(Number(mark.toPrecision(10)));
  }
  return marks;
}

/** The frame of a chart: two axes with numbers and labels, and the way from values to pixels. */
export class Frame {
  /**
   * @param {Surface} surface - tells the size
   * @param {{x: number[], y: number[], labels: string[]}} axes - bounds of both axes, and their two labels
   */
  constructor(surface, { x, y, labels }) {
    Object.assign(this, { surface, x, y, labels });
    const { left, right, top, bottom } = MARGIN;
    this.inner = [left, top, surface.width - left - right, surface.height - top - bottom];
  }

  /**
   * @param {number[]} point - values [x, y]
   * @returns {number[]} place of it on the surface [CSS pixels]
   */
  place([a, b]) {
    const { x, y, inner: [left, top, width, height] } = this;
    return [left + (width * (a - x[0])) / (x[1] - x[0]), top + height - (height * (b - y[0])) / (y[1] - y[0])];
  }

  /**
   * Draws axes, numbers and labels.
   * @param {Object<string, string>} colours - from `palette`
   */
  draw(colours) {
    const { surface: { context, height }, x, y, labels, inner: [left, top, wide, tall] } = this;
    Object.assign(context, { font: colours.font, fillStyle: colours.text, strokeStyle: colours.muted, lineWidth: 1 });
    context.textAlign = "right";
    context.beginPath();
    context.moveTo(left, top);
    context.lineTo(left, top + tall);
    context.lineTo(left + wide, top + tall);
    context.stroke();
    for (const mark of ticks(...y)) context.fillText(mark, left - 6, this.place([x[0], mark])[1] + 4);
    context.textAlign = "center";
    for (const mark of ticks(...x, wide < 150 ? 2 : 4)) {
      context.fillText(mark, this.place([mark, y[0]])[0], top + tall + 16);
    }
    context.fillText(labels[0], left + wide / 2, height - 4);
    context.textAlign = "left";
    const room = this.surface.width - context.measureText(labels[1]).width;
    context.fillText(labels[1], Math.max(2, Math.min(left + 6, room - 2)), 12);
  }

  /**
   * Draws a line; what leaves the frame is cut off.
   * @param {number[][]} points - values [x, y] in order
   * @param {{colour: string, dash: number[]}} look - dash in CSS pixels, [] for a full line
   */
  line(points, { colour, dash = [] }) {
    const { context } = this.surface;
    context.save();
    context.beginPath();
    context.rect(...this.inner);
    context.clip();
    context.setLineDash(dash);
    Object.assign(context, { strokeStyle: colour, lineWidth: 2, lineJoin: "round" });
    context.beginPath();
    points.forEach((point) => context.lineTo(...this.place(point)));
    context.stroke();
    context.restore();
  }
}

/**
 * Draws a chart whole.
 * @param {HTMLCanvasElement} canvas - stands on the page
 * @param {object} chart - `x`, `y`, `labels` as for `Frame`; `colours` from `palette`; `lines`, each with `points`
 *   [[x, y], ...], a `colour` and perhaps a `dash`
 */
export function drawChart(canvas, { x, y, labels, colours, lines }) {
  const surface = new Surface(canvas);
  const frame = new Frame(surface, { x, y, labels });
  frame.draw(colours);
  for (const { points, ...look } of lines) frame.line(points, look);
}

/** A chart whose lines grow: a frame costs what was appended, not what is there. */
export class GrowingChart {
  /** @param {HTMLCanvasElement} canvas - stands on the page */
  constructor(canvas) {
    this.surface = new Surface(canvas);
    this.counts = [];
  }

  /**
   * Draws the axes and the lines that stand still; the growing ones begin anew.
   * @param {object} chart - as for `drawChart`; `lines` are those that stand still
   * @param {string[]} growing - colours of the lines that grow
   */
  begin({ x, y, labels, colours, lines }, growing) {
    this.surface.fit();
    this.frame = new Frame(this.surface, { x, y, labels });
    this.frame.draw(colours);
    for (const { points, ...look } of lines) this.frame.line(points, look);
    Object.assign(this, { growing, counts: growing.map(() => 0) });
  }

  /**
   * Appends to each growing line what its series has more than the line.
   * @param {number[][]} series - values of each line at 0, 1, 2, ...
   */
  follow(series) {
    series.forEach((values, index) => {
      const from = Math.max(0, this.counts[index] - 1);
      const points = values.slice(from).map((value, after) => [from + after, value]);
      if (values.length > this.counts[index]) this.frame.line(points, { colour: this.growing[index] });
      this.counts[index] = values.length;
    });
  }
}
