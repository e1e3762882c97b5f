// Drawing a maze on a sheet: by pointer, by finger, by keyboard. Takes from the files before it: RASTER, SHEET,
// onRaster (sketch.js), drawSheet, boundsOf (views.js).

const MOVED = 6; // pixels after which a press is a drag
const REACH = { mouse: 14, pen: 18, touch: 26 }; // pixels round a corner that count as it
const WHOLE_SHEET = [-SHEET - 0.1, -SHEET - 0.1, SHEET + 0.1, SHEET + 0.1];
const ACTS = ["Enter", " ", "Escape", "Delete", "Backspace"];
const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

const written = ([x, y]) => `${x.toFixed(2)} m right, ${y.toFixed(2)} m up`;

/** The sheet: turns presses and keys into changes of a sketch. */
class Editor {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {Sketch} sketch
   * @param {{ change: (act: () => void) => void, undo: () => void, say: (sentence: string) => void,
   *   box: () => object|null, redraw: () => void }} lab change carries an act out and remembers what was before
   */
  constructor(canvas, sketch, lab) {
    Object.assign(this, { canvas, sketch, lab, hover: null, cross: null, held: -1, drag: null });
    const handlers = {
      pointerdown: this.press, pointermove: this.moveOver, pointerup: this.release, pointercancel: this.forget,
      pointerleave: this.forget, keydown: this.key, focus: this.enter, blur: this.leave,
    };
    for (const [name, handler] of Object.entries(handlers)) canvas.addEventListener(name, handler.bind(this));
  }

  /** Draws the sheet; cells: the place cells of what is drawn, null where it can not be trained. */
  draw(cells, colours) {
    const box = this.lab.box();
    const bounds = box ? boundsOf(box) : WHOLE_SHEET;
    const { project, scale } = drawSheet(this.canvas, this.sketch, { ...this, box, cells, bounds }, colours);
    const [x0, y0] = project([0, 0]);
    this.placeAt = (x, y) => [(x - x0) / scale, (y0 - y) / scale];
    this.scale = scale;
  }

  whereIs(event) {
    const { left, top } = this.canvas.getBoundingClientRect();
    return this.placeAt(event.clientX - left, event.clientY - top);
  }

  cornerAt(place, pointerType) {
    return this.sketch.near(...place, (REACH[pointerType] ?? REACH.mouse) / this.scale);
  }

  press(event) {
    if (!this.placeAt || event.button > 0) return;
    this.cross = null;
    if (this.lab.box()) {
      this.lab.say("The open box has no corners to move. Choose “Own” for an empty sheet.", { loud: true });
      return;
    }
    const place = this.whereIs(event);
    this.canvas.setPointerCapture(event.pointerId);
    const corner = this.cornerAt(place, event.pointerType);
    this.drag = { corner, from: [event.clientX, event.clientY], moving: false };
  }

  moveOver(event) {
    if (!this.placeAt || this.lab.box()) return;
    this.hover = event.pointerType === "touch" && !this.drag ? null : this.whereIs(event).map(onRaster);
    const { drag } = this;
    if (drag && !drag.moving) {
      const far = Math.hypot(event.clientX - drag.from[0], event.clientY - drag.from[1]);
      drag.moving = far > MOVED && drag.corner >= 0;
      if (drag.moving) this.lab.change(() => this.sketch.move(drag.corner, ...this.hover));
    } else if (drag?.moving) {
      this.lab.change(() => this.sketch.move(drag.corner, ...this.hover), { again: true });
    }
    this.lab.redraw();
  }

  release(event) {
    const { drag } = this;
    this.drag = null;
    if (!drag || drag.moving) return;
    if (drag.corner >= 0) this.lab.change(() => this.sketch.touch(drag.corner));
    else this.lab.change(() => this.sketch.add(...this.whereIs(event)));
    if (event.pointerType === "touch") this.hover = null;
  }

  forget() {
    this.drag = null;
    this.hover = null;
    this.lab.redraw();
  }

  enter() {
    if (!this.canvas.matches(":focus-visible") || this.drag || this.lab.box()) return;
    this.cross = [...(this.sketch.vertices[this.sketch.pen] ?? [0, 0])].map(onRaster);
    this.lab.redraw();
  }

  leave() {
    [this.cross, this.held] = [null, -1];
    this.lab.redraw();
  }

  key(event) {
    const undo = event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey);
    const known = undo || event.key in DIRECTIONS || ACTS.includes(event.key);
    if (!known || this.lab.box()) return;
    event.preventDefault();
    this.cross ??= [0, 0];
    if (undo) this.lab.undo();
    else if (event.key in DIRECTIONS) this.step(DIRECTIONS[event.key], event.shiftKey ? RASTER : 2 * RASTER);
    else this.act(event.key);
    this.lab.redraw();
  }

  step([right, up], stride) {
    this.cross = [onRaster(this.cross[0] + right * stride), onRaster(this.cross[1] + up * stride)];
    if (this.held >= 0) this.lab.change(() => this.sketch.move(this.held, ...this.cross), { again: true });
    const corner = this.cornerHere();
    this.lab.say(`${written(this.cross)}${corner >= 0 ? `, on corner ${corner + 1}` : ""}.`);
  }

  cornerHere() { return this.sketch.near(...this.cross, RASTER); }

  act(key) {
    const { sketch, lab } = this;
    const corner = this.cornerHere();
    if (key === "Enter") {
      if (corner >= 0) lab.change(() => sketch.touch(corner));
      else lab.change(() => sketch.add(...this.cross));
    } else if (key === "Escape") {
      lab.change(() => { sketch.pen = null; });
    } else if (key === " ") {
      this.pickUp(corner);
    } else if (corner >= 0 || sketch.pen !== null) {
      lab.change(() => sketch.remove(corner >= 0 ? corner : sketch.pen));
    }
  }

  pickUp(corner) {
    const { sketch, lab } = this;
    if (this.held >= 0) {
      lab.say(`Corner ${this.held + 1} is put down at ${written(sketch.vertices[this.held])}.`);
      this.held = -1;
    } else if (corner >= 0) {
      lab.change(() => sketch.move(corner, ...sketch.vertices[corner])); // what undo comes back to
      this.held = corner;
      lab.say(`Corner ${corner + 1} is picked up: arrow keys move it, the space bar puts it down.`);
    } else {
      lab.say("There is no corner here to pick up.");
    }
  }
}
