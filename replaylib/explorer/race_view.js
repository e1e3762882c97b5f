// Room: controls. The mark-up of SpikeRace, its raster of spikes and its bars.
// This file follows drawing.js, chart.js, controls.js and race_event.js in one module.

const BUTTONS = [["play", "Start"], ["again", "Again, another seed"]];

const title = (kind) => kind[0].toUpperCase() + kind.slice(1);

const runnerOf = (kind) => `<span data-part="name-${kind}">${title(kind)}</span><span class="lane"><span
  data-part="bar-${kind}"></span></span><span class="share" data-part="share-${kind}"></span>`;

const guessOf = (id, kind) => `<label><input type="radio" name="${id}-guess" value="${kind}"> ${title(kind)}</label>`;

/**
 * Puts SpikeRace on the page: pictures and bars first, then what is guessed, started and set.
 * @param {Element} el - where it goes
 * @param {{cells: {centres: number[][]}, grid: object, track: object, milliseconds: number}} decoding - the widget's
 * @returns {{root: Element, parts: Object<string, Element>}} as `putOnPage`
 */
export function buildRace(el, { cells, grid, track, milliseconds }) {
  const id = freshId("race");
  const buttons = BUTTONS.map(([name, label]) => `<button type="button" data-part="${name}">${label}</button>`);
  return putOnPage(el, {
    label: "Live figure: four motions race to explain spikes",
    kind: "race",
    html: `
    <div class="tracks"><canvas class="track" data-part="track" role="img"></canvas><canvas class="track"
      data-part="raster" role="img"></canvas></div>
    <div class="runners" data-part="runners" role="img">${KINDS.map(runnerOf).join("")}</div>
    <p class="sentence" data-part="sentence" id="${id}-sentence"></p>
    <p class="unseen" role="status" data-part="status"></p>
    <fieldset data-part="guesses"><legend>Predict first: which motion will win?</legend>${
  KINDS.map((kind) => guessOf(id, kind)).join("")}</fieldset>
    <div class="explorer-bar main">${buttons.join("")}</div>
    <div class="explorer-bar">${listOf(id, { name: "path", label: "Path", things: PATHS })}</div>
    <div class="sliders">
      ${sliderOf(id, { name: "friction", label: "Friction λᵥ", min: 0.15, max: 1, step: 0.05 })}
      ${sliderOf(id, { name: "spikes", label: "Spikes a window", min: 0.3, max: 10, step: 0.1 })}</div>
    <p class="hint">A window of ${milliseconds} ms is shown for ${SHOWN} ms. ${cells.centres.length} cells, ${
  track.places.length} bins; diffusion has ${grid.spreads.length} values of its step to choose from and momentum ${
  grid.spreads.length * grid.kept.length} pairs, all as likely beforehand (a flat prior). With adaptation and momentum
      the strength follows the friction, so that the speed stays the same.</p>`,
  });
}

/** Spikes of all cells, sorted by place, against time: a window costs what it adds. */
export class Raster {
  /** @param {HTMLCanvasElement} canvas - stands on the page */
  constructor(canvas) {
    this.surface = new Surface(canvas);
    this.drawn = 0;
  }

  /**
   * Empties it and draws the axes.
   * @param {{windows: number, cells: number}} size - how many there are
   * @param {Object<string, string>} colours - from `palette`
   */
  begin({ windows, cells }, colours) {
    this.surface.fit();
    const labels = ["window", "cell, in the order of its place"];
    this.frame = new Frame(this.surface, { x: [0, windows], y: [0, cells], labels });
    this.frame.draw(colours);
    Object.assign(this, { colours, drawn: 0 });
  }

  /**
   * Draws the windows that are new to it.
   * @param {number[][]} counts - spikes of each window and cell
   */
  follow(counts) {
    const { frame, surface: { context } } = this;
    Object.assign(context, { strokeStyle: this.colours.text, lineWidth: 1.5 });
    context.beginPath();
    for (; this.drawn < counts.length; this.drawn += 1) {
      counts[this.drawn].forEach((count, cell) => {
        // Spikes of one cell in one window stand side by side.
        for (let spike = 0; spike < count; spike += 1) {
          const time = this.drawn + (spike + 0.5) / count;
          context.moveTo(...frame.place([time, cell + 0.05]));
          context.lineTo(...frame.place([time, cell + 0.95]));
        }
      });
    }
    context.stroke();
  }
}

/**
 * Moves the bars.
 * @param {Object<string, Element>} parts - from `buildRace`
 * @param {number[]} posterior - probability of each kind
 * @param {number} leader - index of the one ahead; -1 before the start
 */
export function moveBars(parts, posterior, leader) {
  KINDS.forEach((kind, index) => {
    const bar = parts[`bar-${kind}`];
    bar.style.width = `${(100 * posterior[index]).toFixed(1)}%`;
    bar.classList.toggle("ahead", index === leader);
  });
}

/**
 * Writes the bars' numbers, and which of them the reader expects to win.
 * @param {Object<string, Element>} parts - from `buildRace`
 * @param {number[]} posterior - probability of each kind
 * @param {string} guess - the reader's kind, "" where there is none
 */
export function writeBars(parts, posterior, guess) {
  KINDS.forEach((kind, index) => {
    write(parts[`share-${kind}`], posterior[index].toFixed(2));
    write(parts[`name-${kind}`], kind === guess ? `▸ ${title(kind)}` : title(kind));
  });
  const told = KINDS.map((kind, index) => `${kind} ${posterior[index].toFixed(2)}`).join(", ");
  setName(parts.runners, `Probability of each motion: ${told}.`);
}
