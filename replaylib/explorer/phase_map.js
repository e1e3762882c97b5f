// Room: drawing. The map of PhaseDiagram: a quantity of the exact mode over adaptation strength and friction.
// This file follows drawing.js, chart.js, mobility.js and modes.js in one module.

const RANGE = { strength: [0, 0.3], friction: [0.05, 1] };
const COLUMNS = 40;
const ROWS = 30;
const VIRIDIS = [[68, 1, 84], [59, 82, 139], [33, 145, 140], [94, 201, 98], [253, 231, 37]];
const QUANTITIES = {
  relaxation: { label: "Relaxation time [steps]", value: modeRelaxation, log: true },
  variance: {
    label: "Variance, noise rescaled",
    value: (setting) => modeCovariance(setting, setting.friction)?.[0][0] ?? Infinity,
    log: true,
  },
  stability: { label: "Spectral radius", value: modeRadius, log: false },
  prediction: { label: "Prediction gain", value: modePredictionGain, log: true },
};
function shade(share) {
  const place = Math.min(Math.max(share, 0), 1) * (VIRIDIS.length - 1);
  const first = Math.min(Math.floor(place), VIRIDIS.length - 2);
  const mix = VIRIDIS[first].map((value, i) => value + (place - first) * (VIRIDIS[first + 1][i] - value));
  return `rgb(${mix.map(Math.round).join(",")})`;
}

// The quantity on the whole grid; it depends on stiffness and adaptation time, not on the point.
function survey(setting, quantity) {
  const { value, log } = QUANTITIES[quantity];
  const cells = [];
  for (let row = 0; row < ROWS; row += 1) {
    for (let column = 0; column < COLUMNS; column += 1) {
      const strength = RANGE.strength[0] + ((column + 0.5) / COLUMNS) * (RANGE.strength[1] - RANGE.strength[0]);
      const friction = RANGE.friction[0] + ((row + 0.5) / ROWS) * (RANGE.friction[1] - RANGE.friction[0]);
      const stable = modeRadius({ ...setting, strength, friction }) < 1;
      cells.push({ stable, value: value({ ...setting, strength, friction }) });
    }
  }
  const finite = cells.filter(({ value: v }) => Number.isFinite(v)).map(({ value: v }) => v);
  const scale = log ? Math.log : (v) => v;
  // Close to the cliff values grow without end: the brightest tenth shares one colour.
  const ordered = [...finite].sort((a, b) => a - b);
  const [low, high] = [ordered[0], ordered[Math.floor(0.9 * (ordered.length - 1))]];
  const share = (v) => (high > low ? (scale(v) - scale(low)) / (scale(high) - scale(low)) : 0.5);
  return { cells, low, high, share };
}

// CSS pixels round the map, for numbers, labels and the bar of colours; a small map has less of them.
const ROOM = { left: 46, bottom: 36, top: 40, right: 12 };
const SMALL_ROOM = { left: 34, bottom: 34, top: 42, right: 10 };
const SMALL = 260; // CSS pixels: a map that is narrower is small

/** The map on its canvas: the quantity is drawn once for each grid, size and theme, and the point over it. */
class PhaseMap {
  constructor(canvas) { this.surface = new Surface(canvas); }

  /**
   * Draws the map and the point.
   * @param {object} grid - from `survey`
   * @param {{strength: number, friction: number, time: number}} setting - the point [1, 1/step], and tau [steps]
   * @param {string} quantity - one of QUANTITIES
   * @param {Object<string, string>} colours - from `palette`
   */
  draw(grid, setting, quantity, colours) {
    if (!this.still || this.grid !== grid || this.colours?.text !== colours.text || this.resized()) {
      Object.assign(this, { grid, colours, quantity });
      this.begin(setting.time);
    }
    this.surface.clear();
    this.surface.lay(this.still);
    this.drawPoint(this.at(setting.strength, setting.friction));
  }

  resized() {
    const { canvas, width, height } = this.surface;
    return canvas.clientWidth !== width || canvas.clientHeight !== height;
  }

  begin(time) {
    this.surface.fit();
    this.small = this.surface.width < SMALL;
    this.room = this.small ? SMALL_ROOM : ROOM;
    const { left, right, top, bottom } = this.room;
    [this.inner, this.tall] = [this.surface.width - left - right, this.surface.height - top - bottom];
    this.still = this.surface.layer();
    this.still.font = this.colours.font;
    this.drawCells();
    this.drawThreshold(time);
    this.drawNumbers();
    this.drawBar();
  }

  // Place of a strength and a friction [CSS pixels].
  at(strength, friction) {
    const share = (value, [low, high]) => (value - low) / (high - low);
    const bottom = this.surface.height - this.room.bottom;
    return [
      this.room.left + share(strength, RANGE.strength) * this.inner,
      bottom - share(friction, RANGE.friction) * this.tall,
    ];
  }

  /**
   * The strength and the friction at a place.
   * @param {number} x - from the map's left edge [CSS pixels]
   * @param {number} y - from its upper edge [CSS pixels]
   * @returns {{strength: number, friction: number}} [1, 1/step], perhaps outside the map
   */
  under(x, y) {
    const value = (share, [low, high]) => low + share * (high - low);
    return {
      strength: value((x - this.room.left) / this.inner, RANGE.strength),
      friction: value((this.surface.height - this.room.bottom - y) / this.tall, RANGE.friction),
    };
  }

  drawCells() {
    const { still: context, grid, colours } = this;
    const [w, h] = [this.inner / COLUMNS, this.tall / ROWS];
    const [left, bottom] = [this.room.left, this.surface.height - this.room.bottom];
    Object.assign(context, { strokeStyle: colours.text, lineWidth: 0.7 });
    grid.cells.forEach(({ value, stable }, index) => {
      const [x, y] = [left + (index % COLUMNS) * w, bottom - (Math.floor(index / COLUMNS) + 1) * h];
      if (Number.isFinite(value)) {
        context.fillStyle = shade(grid.share(value));
        context.fillRect(x, y, w + 0.5, h + 0.5);
      }
      if (stable) return;
      context.beginPath();
      context.moveTo(x, y + h);
      context.lineTo(x + w, y);
      context.stroke();
    });
  }

  // Where x = 1: from here on a network replays by itself along an even track. The mode, which rests at 0, has its own
  // cliff: a track's rests lie off 0, and adaptation is part of what holds them.
  drawThreshold(time) {
    const { still: context, colours } = this;
    const top = Math.min(RANGE.friction[1], RANGE.strength[1] * time);
    if (top <= RANGE.friction[0]) return;
    const [from, to] = [RANGE.friction[0], top].map((friction) => this.at(threshold({ time, friction }), friction));
    for (const [thick, colour, dash] of [[5, colours.panel, []], [2, colours.text, [6, 4]]]) {
      context.setLineDash(dash);
      Object.assign(context, { lineWidth: thick, strokeStyle: colour });
      context.beginPath();
      context.moveTo(...from);
      context.lineTo(...to);
      context.stroke();
    }
    context.setLineDash([]);
    Object.assign(context, { textAlign: "left", lineWidth: 4, lineJoin: "round" });
    Object.assign(context, { strokeStyle: colours.panel, fillStyle: colours.text });
    const place = [Math.min(to[0] + 6, this.surface.width - 44), to[1] + 16];
    for (const way of ["strokeText", "fillText"]) context[way]("x = 1", ...place);
  }

  drawNumbers() {
    const { still: context, room } = this;
    const { height } = this.surface;
    Object.assign(context, { fillStyle: this.colours.text, textAlign: "center" });
    for (const mark of ticks(...RANGE.strength, 3)) {
      context.fillText(mark, this.at(mark, 0.05)[0], height - room.bottom + 15);
    }
    context.fillText(this.small ? "strength" : "adaptation strength", room.left + this.inner / 2, height - 4);
    context.textAlign = "right";
    for (const mark of this.small ? [0.05, 0.5, 1] : [0.05, 0.25, 0.5, 0.75, 1]) {
      context.fillText(mark, room.left - 6, this.at(0, mark)[1] + 4);
    }
    context.textAlign = "left";
    context.fillText("friction", 2, room.top - (this.small ? 26 : 8));
  }

  // The bar of colours, with its ends, and what is shown.
  drawBar() {
    const { still: context, grid, inner, room: { left } } = this;
    const [wide, end] = [inner * (this.small ? 0.3 : 0.34), left + inner - (this.small ? 34 : 44)];
    for (let i = 0; i < 40; i += 1) {
      context.fillStyle = shade(i / 39);
      context.fillRect(end - wide + (wide * i) / 40, 8, wide / 40 + 0.5, 9);
    }
    Object.assign(context, { fillStyle: this.colours.text, textAlign: "right" });
    context.fillText(Number(grid.low.toPrecision(2)), end - wide - 5, 17);
    context.fillText(QUANTITIES[this.quantity].label, left + inner, 32);
    context.textAlign = "left";
    context.fillText(`${Number(grid.high.toPrecision(2))}+`, end + 5, 17);
  }

  drawPoint([x, y]) {
    const { surface: { context }, colours } = this;
    for (const [radius, colour] of [[9, colours.panel], [7, colours.mechanism]]) {
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.fillStyle = colour;
      context.fill();
    }
  }
}
