// MovingScore: the law of a Gaussian path and its score, step by step. The numbers come from Python, exact.
// This file follows those of drawing and controls in one module.

const REACH = 4; // of the code h that is shown, either way

/**
 * The straight lines of the score: label, slope, name of the colour, dash [CSS pixels].
 * @param {number} gain - of the recurrent part at this step, without unit
 * @param {number} constant - the best constant gain, without unit
 * @returns {[string, number, string, number[]][]} the leak, the recurrent part, their sum, the best constant line
 */
export const scoreLines = (gain, constant) => [
  ["leak, −h", -1, "muted", [6, 5]], ["recurrent part", gain, "muted", []],
  ["their sum, the score now", gain - 1, "plain", []],
  ["best constant line", constant - 1, "mechanism", [2, 4]],
];

const keyOfLines = (lines, colours) => lines.map(([label, , colour, dash]) => `<span><svg width="26" height="8"
  aria-hidden="true"><line x1="0" y1="4" x2="26" y2="4" stroke="${colours[colour]}" stroke-width="2.5"
  stroke-dasharray="${dash.join(" ")}"/></svg> ${label}</span>`).join(" ");

// Points of a bell curve with the variance `spread`.
function bell(spread) {
  const grid = Array.from({ length: 121 }, (_, i) => -REACH + (2 * REACH * i) / 120);
  return grid.map((h) => [h, Math.exp((-h * h) / (2 * spread)) / Math.sqrt(2 * Math.PI * spread)]);
}

function buildScore(el, model) {
  const id = freshId("score");
  return putOnPage(el, {
    label: "Live figure: a score that moves with time",
    html: `
    <div class="tracks"><canvas class="track" data-part="density" role="img"></canvas><canvas class="track"
      data-part="score" role="img"></canvas></div>
    <p class="legend" data-part="legend"></p>
    <div class="explorer-bar">${listOf(id, { name: "choice", label: "Path", things: model.get("laws") })}</div>
    ${sliderOf(id, { name: "slider", label: "Step t", min: 0, max: 1, step: 1 })}
    <p class="sentence" data-part="sentence"></p><p class="unseen" role="status" data-part="status"></p>`,
  });
}

/** One figure on a page. */
class ScoreFigure {
  constructor(el, model) {
    Object.assign(this, buildScore(el, model), { model });
    this.announcer = new Announcer(this.parts.status);
    this.drawing = new OncePerFrame(() => this.draw());
    const { choice, slider } = this.parts;
    choice.addEventListener("change", () => this.put("path", choice.value));
    slider.addEventListener("input", () => this.put("step", Number(slider.value)));
    this.listener = () => this.drawing.ask();
    for (const name of ["path", "step"]) model.on(`change:${name}`, this.listener);
    this.draw();
    this.unwatch = watchLooks(this.root, this.listener);
  }

  put(name, value) {
    this.model.set(name, value);
    this.model.save_changes();
  }

  draw() {
    const { model, parts } = this;
    const law = model.get("laws")[model.get("path")];
    const t = Math.min(model.get("step"), law.variance.length - 1);
    parts.choice.value = model.get("path");
    parts.slider.max = law.variance.length - 1;
    parts.slider.value = t;
    write(parts["slider-value"], String(t));
    this.drawPictures(law, law.variance[t] + 1);
    this.tell(law, t);
  }

  drawPictures(law, spread) {
    const [colours, x] = [palette(this.root), [-REACH, REACH]];
    const lines = scoreLines((spread - 1) / spread, law.constant_gain);
    drawChart(this.parts.density, {
      x, y: [0, 0.45], labels: ["code h", "density of the code, σ = 1"], colours,
      lines: [{ points: bell(spread), colour: colours.plain }],
    });
    drawChart(this.parts.score, {
      x, y: x, labels: ["code h", "one denoising step"], colours,
      lines: lines.map(([, slope, colour, dash]) => ({
        points: x.map((h) => [h, h * slope]), colour: colours[colour], dash,
      })),
    });
    const key = keyOfLines(lines, colours);
    if (this.key !== key) this.parts.legend.innerHTML = key;
    this.key = key;
  }

  tell(law, t) {
    const { parts } = this;
    const [variance, spread] = [law.variance[t], law.variance[t] + 1];
    const gain = (variance / spread).toFixed(2);
    const text = `Step ${t} of the ${law.label.toLowerCase()}: variance of the path ${variance.toFixed(2)}, ` +
      `gain ${gain}. The best constant gain is ${law.constant_gain.toFixed(2)} ` +
      `and loses ${(100 * law.error[t]).toFixed(1)} % of the score here.`;
    write(parts.sentence, text);
    setName(parts.density, `Bell curve with the variance ${spread.toFixed(2)}. ${text}`);
    setName(parts.score, "Straight lines through zero: leak of slope -1, recurrent part of slope " +
      `${gain}, their sum, and the best constant line of slope ${(law.constant_gain - 1).toFixed(2)}.`);
    this.announcer.later(text);
  }

  end() {
    this.drawing.end();
    this.announcer.end();
    this.unwatch();
    for (const name of ["path", "step"]) this.model.off(`change:${name}`, this.listener);
  }
}

/** What anywidget asks of a widget's module: it renders `model` in `el`, and returns what ends it. */
export default {
  render({ model, el }) {
    const figure = new ScoreFigure(el, model);
    return () => figure.end();
  },
};
