// MovingScore: the law of a Gaussian path and its score, step by step. The numbers come from Python, exact.
// This file follows drawing.js in one module.

const REACH = 4;

function render({ model, el }) {
  const root = document.createElement("section");
  root.className = "replay-explorer";
  root.setAttribute("aria-label", "Live figure: a score that moves with time");
  const id = `score-${Math.random().toString(36).slice(2, 8)}`;
  root.innerHTML = `
    <div class="explorer-bar"><label for="${id}-path">Path</label><select id="${id}-path"
      data-part="choice">${choices(model.get("laws"))}</select></div>
    <div class="slider"><label for="${id}-step"><span>Step t</span><output data-part="value"></output></label>
      <input type="range" id="${id}-step" data-part="slider" min="0" step="1"></div>
    <div class="tracks"><canvas class="track" data-part="density" role="img"></canvas><canvas class="track"
      data-part="score" role="img"></canvas></div>
    <p class="legend" data-part="legend"></p>
    <p class="sentence" data-part="sentence"></p><p class="unseen" role="status" data-part="status"></p>`;
  el.append(root);
  const parts = Object.fromEntries([...root.querySelectorAll("[data-part]")].map((node) => [node.dataset.part, node]));
  let timer = 0;

  function draw() {
    const colours = palette(root);
    const law = model.get("laws")[model.get("path")];
    const t = Math.min(model.get("step"), law.variance.length - 1);
    const spread = law.variance[t] + 1;
    const gain = law.variance[t] / spread;
    const grid = Array.from({ length: 121 }, (_, i) => -REACH + (2 * REACH * i) / 120);
    const density = grid.map((h) => [h, Math.exp((-h * h) / (2 * spread)) / Math.sqrt(2 * Math.PI * spread)]);
    const slope = (value) => [[-REACH, -REACH * value], [REACH, REACH * value]];
    parts.choice.value = model.get("path");
    parts.slider.max = law.variance.length - 1;
    parts.slider.value = t;
    parts.value.textContent = t;
    drawChart(parts.density, {
      x: [-REACH, REACH], y: [0, 0.45], labels: ["code h", "density of the code, σ = 1"], colours,
      lines: [{ points: density, colour: colours.plain }],
    });
    const lines = [
      ["leak, −h", -1, colours.muted, [6, 5]], ["recurrent part", gain, colours.muted, []],
      ["their sum, the score now", gain - 1, colours.plain, []],
      ["best constant line", law.constant_gain - 1, colours.mechanism, [2, 4]],
    ];
    drawChart(parts.score, {
      x: [-REACH, REACH], y: [-REACH, REACH], labels: ["code h", "one denoising step"], colours,
      lines: lines.map(([, value, colour, dash]) => ({ points: slope(value), colour, dash })),
    });
    parts.legend.innerHTML = lines.map(([label, , colour, dash]) => `<span><svg width="26" height="8"
      aria-hidden="true"><line x1="0" y1="4" x2="26" y2="4" stroke="${colour}" stroke-width="2.5"
      stroke-dasharray="${dash.join(" ")}"/></svg> ${label}</span>`).join(" ");
    const text = `Step ${t} of the ${law.label.toLowerCase()}: variance of the path ${law.variance[t].toFixed(2)}, ` +
      `gain ${gain.toFixed(2)}. The best constant gain is ${law.constant_gain.toFixed(2)} ` +
      `and loses ${(100 * law.error[t]).toFixed(1)} % of the score here.`;
    parts.sentence.textContent = text;
    parts.density.setAttribute("aria-label", `Bell curve with the variance ${spread.toFixed(2)}. ${text}`);
    parts.score.setAttribute("aria-label", "Straight lines through zero: leak of slope -1, recurrent part of slope " +
      `${gain.toFixed(2)}, their sum, and the best constant line of slope ${(law.constant_gain - 1).toFixed(2)}.`);
    clearTimeout(timer);
    timer = setTimeout(() => { parts.status.textContent = text; }, 600);
  }

  const put = (name, value) => { model.set(name, value); model.save_changes(); };
  parts.choice.addEventListener("change", () => put("path", parts.choice.value));
  parts.slider.addEventListener("input", () => put("step", Number(parts.slider.value)));
  for (const name of ["path", "step"]) model.on(`change:${name}`, draw);
  draw();
  const unwatch = watchLooks(root, draw);
  return () => {
    clearTimeout(timer);
    unwatch();
    for (const name of ["path", "step"]) model.off(`change:${name}`, draw);
  };
}

export default { render };
