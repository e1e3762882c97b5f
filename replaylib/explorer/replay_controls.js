// Room: controls. The mark-up of ReplayExplorer, and what its controls show.
// This file follows controls.js, mobility.js and replay_pair.js in one module.

const MOVES = ["adaptation_strength", "adaptation_time", "friction"]; // what the mobility number depends on
const BUTTONS = [["step", "Step"], ["reset", "Reset"], ["again", "New seed"]];

const buttonOf = ([name, label]) => `<button type="button" data-part="${name}">${label}</button>`;

function dialOf(id, { name, ...dial }) {
  const over = name === "adaptation_strength" ? '<span class="mark" data-part="mark"></span>' : "";
  return sliderOf(id, { name, ...dial, over, describes: MOVES.includes(name) ? `${id}-mobility` : "" });
}

function controlsOf(id, model) {
  const book = model.get("book");
  const choice = Object.keys(presets(book))
    .map((name) => `<button type="button" data-preset="${name}" aria-pressed="false">${name}</button>`);
  const rows = Object.entries(COUNTERS)
    .map(([name, [label]]) => `<tr><th scope="row">${label}</th><td data-part="${name}-0"></td><td
      data-part="${name}-1"></td></tr>`);
  return `
    <div class="explorer-bar">${listOf(id, { name: "task", label: "Place", things: model.get("scenes") })}
      <div class="presets" role="group" aria-label="Settings">${choice.join("")}</div></div>
    <p class="mobility" id="${id}-mobility" data-part="mobility"></p>
    <div class="sliders">${sliders(book).map((dial) => dialOf(id, dial)).join("")}
      <label class="check"><input type="checkbox" data-part="rescale_noise"> Shrink the noise with friction, so that
        momentum does not heat</label></div>
    <canvas class="chart" data-part="chart" role="img"></canvas>
    <table><thead><tr><th scope="col">so far</th><th scope="col" class="plain">plain</th><th scope="col"
      class="mechanism">mechanism</th></tr></thead><tbody>${rows.join("")}</tbody></table>`;
}

/**
 * Puts ReplayExplorer on the page: the pictures first, so that all controls pass under them.
 * @param {Element} el - where it goes
 * @param {object} model - the widget's; where its `folded` is true, all controls but Play wait behind "More"
 * @returns {{root: Element, parts: Object<string, Element>}} as `putOnPage`
 */
export function buildReplay(el, model) {
  const [id, folded] = [freshId("explorer"), model.get("folded")];
  const [play, others] = [buttonOf(["play", "Play"]), BUTTONS.map(buttonOf).join("")];
  const more = `<details class="more" data-part="more"><summary>More: place, settings, numbers</summary>
    <div class="explorer-bar">${others}</div>${controlsOf(id, model)}</details>`;
  return putOnPage(el, {
    label: "Live figure: two replays side by side",
    kind: "replays",
    html: `
    <div class="tracks">
      <figure><canvas class="track" data-part="left" role="img"></canvas><figcaption
        class="plain">plain replay</figcaption></figure>
      <figure><canvas class="track" data-part="right" role="img"></canvas><figcaption
        class="mechanism" data-part="name"></figcaption></figure></div>
    <div class="explorer-bar main">${play}${folded ? "" : others}</div>
    <p class="sentence" data-part="sentence"></p><p class="unseen" role="status" data-part="status"></p>
    ${folded ? more : controlsOf(id, model)}`,
  });
}

/**
 * Lets sliders, buttons and the threshold's mark show the settings.
 * @param {{root: Element, parts: Object<string, Element>}} figure - from `buildReplay`
 * @param {object} model - the widget's
 * @param {number} speed - of playback [steps a frame]
 */
export function showSettings({ root, parts }, model, speed) {
  const book = model.get("book");
  parts.task.value = model.get("task");
  parts.rescale_noise.checked = model.get("rescale_noise");
  for (const { name, unit } of sliders(book)) {
    const value = name === "speed" ? speed : model.get(name);
    parts[name].value = value;
    write(parts[`${name}-value`], `${Number(value.toFixed(3))} ${unit}`.trim());
  }
  for (const button of root.querySelectorAll("[data-preset]")) {
    const preset = Object.entries(presets(book)[button.dataset.preset]);
    const fits = preset.every(([name, value]) => Math.abs(model.get(name) - value) < 1e-9);
    button.setAttribute("aria-pressed", String(fits));
  }
  showThreshold(parts, model);
}

// The mark reaches from the threshold of an even track to that of this network's.
function showThreshold(parts, model) {
  const { pinning } = model.get("scenes")[model.get("task")];
  const [setting, { strongest }] = [settingOf(model), model.get("book")];
  const even = threshold({ ...setting, stiffness: 0 });
  const here = pinning.length ? onset(setting, pinning) : even;
  write(parts.mobility, describeMobility(setting, pinning));
  parts.mark.hidden = even > strongest;
  parts.mark.style.setProperty("--from", even / strongest);
  parts.mark.style.setProperty("--to", Math.min(here / strongest, 1));
}

/**
 * Writes the counters and the text alternatives.
 * @param {Object<string, Element>} parts - from `buildReplay`
 * @param {Pair} pair - the two replays
 * @param {object} model - the widget's
 */
export function showNumbers(parts, pair, model) {
  const text = describe(pair, model);
  const [plain, other] = pair.runs.map((run) => run.values.at(-1).toFixed(2));
  write(parts.sentence, text);
  write(parts.name, mechanismName(model));
  setName(parts.left, `Plain replay in ${pair.scene.label}. ${text}`);
  setName(parts.right, `Replay with ${mechanismName(model)} in ${pair.scene.label}. ${text}`);
  setName(parts.chart, `Distance from the start: plain ${plain} m, mechanism ${other} m after ${pair.steps} steps.`);
  pair.runs.forEach((run, index) => {
    for (const [name, [, value]] of Object.entries(COUNTERS)) {
      write(parts[`${name}-${index}`], String(value(run, pair)));
    }
  });
}
