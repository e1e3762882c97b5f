// ReplayExplorer: plain replay beside replay with adaptation and momentum, from the same state and the same noise.
// This file follows dynamics.js, mobility.js, drawing.js and replay_pair.js in one module.

const STEPS = 600;
const HELD = 200; // milliseconds for which numbers and words stand still while the picture moves
const MOVES = ["adaptation_strength", "adaptation_time", "friction"];
const SHARED = ["task", "seed", "noise", "adaptation_strength", "adaptation_time", "friction", "rescale_noise"];

// Builds the elements; `parts` maps each data-part to its element.
function build(el, model) {
  const root = document.createElement("section");
  root.className = "replay-explorer";
  root.setAttribute("aria-label", "Live figure: two replays side by side");
  const id = `explorer-${Math.random().toString(36).slice(2, 8)}`;
  const dials = sliders(model.get("book")).map(([name, label, min, max, stride, , hint]) => `<div class="slider">
    <label for="${id}-${name}"><span>${label}</span><output data-part="${name}-value"></output></label>
    <div class="range"><input type="range" id="${id}-${name}" data-part="${name}" min="${min}" max="${max}"
      step="${stride}" aria-describedby="${id}-${name}-hint${MOVES.includes(name) ? ` ${id}-mobility` : ""}">
      ${name === "adaptation_strength" ? '<span class="mark" data-part="mark"></span>' : ""}</div>
    <p class="hint" id="${id}-${name}-hint">${hint}</p></div>`);
  const choice = Object.keys(presets(model.get("book")))
    .map((name) => `<button type="button" data-preset="${name}" aria-pressed="false">${name}</button>`);
  const buttons = [["play", "Play"], ["step", "Step"], ["reset", "Reset"], ["again", "New seed"]]
    .map(([name, label]) => `<button type="button" data-part="${name}">${label}</button>`);
  const rows = Object.entries(COUNTERS)
    .map(([name, [label]]) => `<tr><th scope="row">${label}</th><td data-part="${name}-0"></td><td
      data-part="${name}-1"></td></tr>`);
  root.innerHTML = `
    <div class="explorer-bar"><label for="${id}-task">Place</label> <select id="${id}-task"
      data-part="task">${choices(model.get("scenes"))}</select>
      <span class="spacer"></span><div class="presets">${choice.join("")}</div></div>
    <div class="tracks">
      <figure><canvas class="track" data-part="left" role="img"></canvas><figcaption
        class="plain">plain replay</figcaption></figure>
      <figure><canvas class="track" data-part="right" role="img"></canvas><figcaption
        class="mechanism" data-part="name"></figcaption></figure></div>
    <div class="explorer-bar">${buttons.join("")}</div>
    <p class="sentence" data-part="sentence"></p><p class="unseen" role="status" data-part="status"></p>
    <p class="mobility" id="${id}-mobility" data-part="mobility"></p>
    <div class="sliders">${dials.join("")}
      <label class="check"><input type="checkbox" data-part="rescale_noise"> Shrink the noise with friction, so that
        momentum does not heat</label></div>
    <canvas class="chart" data-part="chart" role="img"></canvas>
    <table><thead><tr><th scope="col">so far</th><th scope="col" class="plain">plain</th><th scope="col"
      class="mechanism">mechanism</th></tr></thead><tbody>${rows.join("")}</tbody></table>`;
  el.append(root);
  const parts = Object.fromEntries([...root.querySelectorAll("[data-part]")].map((node) => [node.dataset.part, node]));
  return { root, parts };
}

function render({ model, el }) {
  const { root, parts } = build(el, model);
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const staticPage = !model.widget_manager;
  const [buttons, dials] = [presets(model.get("book")), sliders(model.get("book"))];
  let [speed, playing, visible, touched, request, cancel, pair] = [3, false, false, false, 0, clearTimeout, null];
  let told = -HELD;

  const announce = () => {
    parts.status.textContent = `${describe(pair, model)} ${parts.mobility.textContent}`;
  };

  function draw() {
    const colours = palette(root);
    const [plain, other] = pair.runs;
    drawTrack(parts.left, pair.scene, plain.path, { colour: colours.plain, colours, reached: plain.landmarks });
    drawTrack(parts.right, pair.scene, other.path, { colour: colours.mechanism, colours, reached: other.landmarks });
    drawDisplacement(parts.chart, pair.scene, [
      { values: plain.values, colour: colours.plain }, { values: other.values, colour: colours.mechanism },
    ], { steps: STEPS, colours });
    parts.play.textContent = playing ? "Pause" : "Play";
    if (playing && performance.now() - told < HELD) return;
    told = performance.now();
    tell();
  }

  // Numbers and words, which nobody can read sixty times a second.
  function tell() {
    const [plain, other] = pair.runs;
    const text = describe(pair, model);
    parts.sentence.textContent = text;
    parts.left.setAttribute("aria-label", `Plain replay in ${pair.scene.label}. ${text}`);
    parts.right.setAttribute("aria-label", `Replay with ${mechanismName(model)} in ${pair.scene.label}. ${text}`);
    parts.chart.setAttribute("aria-label", `Distance from the start: plain ${plain.values.at(-1).toFixed(2)} m, ` +
      `mechanism ${other.values.at(-1).toFixed(2)} m after ${pair.steps} steps.`);
    parts.name.textContent = mechanismName(model);
    pair.runs.forEach((run, index) => {
      for (const [name, [, value]] of Object.entries(COUNTERS)) {
        parts[`${name}-${index}`].textContent = value(run, pair);
      }
    });
  }

  function showControls() {
    parts.task.value = model.get("task");
    parts.rescale_noise.checked = model.get("rescale_noise");
    for (const [name, , , , , unit] of dials) {
      const value = name === "speed" ? speed : model.get(name);
      parts[name].value = value;
      parts[`${name}-value`].textContent = `${Number(value.toFixed(3))} ${unit}`.trim();
    }
    for (const button of root.querySelectorAll("[data-preset]")) {
      const preset = Object.entries(buttons[button.dataset.preset]);
      const fits = preset.every(([name, value]) => Math.abs(model.get(name) - value) < 1e-9);
      button.setAttribute("aria-pressed", String(fits));
    }
    showThreshold();
  }

  // The mark reaches from the threshold of an even track to that of this network's.
  function showThreshold() {
    const { pinning } = model.get("scenes")[model.get("task")];
    const [setting, { strongest }] = [settingOf(model), model.get("book")];
    const even = threshold({ ...setting, stiffness: 0 });
    const here = pinning.length ? onset(setting, pinning) : even;
    parts.mobility.textContent = describeMobility(setting, pinning);
    parts.mark.hidden = even > strongest;
    parts.mark.style.setProperty("--from", even / strongest);
    parts.mark.style.setProperty("--to", Math.min(here / strongest, 1));
  }

  function frame() {
    if (!root.isConnected) return stop();
    for (let i = 0; i < (calm.matches ? 60 : speed) && !pair.over(STEPS); i += 1) pair.advance(model);
    if (pair.over(STEPS)) playing = false;
    draw();
    if (!playing) announce();
    schedule();
  }

  // Readers who want less motion see a new still picture each second instead of an animation.
  function schedule() {
    if (playing && visible && !request) {
      const run = () => { request = 0; frame(); };
      request = calm.matches ? setTimeout(run, 1000) : requestAnimationFrame(run);
      cancel = calm.matches ? clearTimeout : cancelAnimationFrame;
    }
  }
  function stop() {
    playing = false;
    cancel(request);
    request = 0;
  }
  function restart({ fresh = false, steps = 0 } = {}) {
    if (fresh || !pair) pair = new Pair(model);
    else pair.restart(model);
    while (!pair.over(steps)) pair.advance(model);
    draw();
    announce();
    schedule();
  }

  function remember() {
    if (!staticPage || !touched) return;
    const state = new URLSearchParams(SHARED.map((name) => [name, String(model.get(name))]));
    history.replaceState(null, "", `#${state}`);
  }
  // A link can carry a state; what it does not name, or names badly, stays as it is.
  function recall() {
    const state = new URLSearchParams(location.hash.slice(1));
    if (!staticPage || !state.has("task")) return;
    if (state.get("task") in model.get("scenes")) model.set("task", state.get("task"));
    for (const [name, , min, max] of [...dials.slice(0, 4), ["seed", "", 0, 2 ** 31]]) {
      const value = Number(state.get(name) ?? NaN);
      if (value >= min && value <= max) model.set(name, name === "seed" ? Math.floor(value) : value);
    }
    if (state.has("rescale_noise")) model.set("rescale_noise", state.get("rescale_noise") === "true");
    root.scrollIntoView({ block: "start" });
  }

  function put(values) {
    touched = true;
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    model.save_changes();
  }

  parts.task.addEventListener("change", () => put({ task: parts.task.value }));
  parts.rescale_noise.addEventListener("change", () => put({ rescale_noise: parts.rescale_noise.checked }));
  for (const [name] of dials) {
    parts[name].addEventListener("input", () => {
      if (name === "speed") speed = Number(parts.speed.value);
      else put({ [name]: Number(parts[name].value) });
      showControls();
    });
  }
  for (const button of root.querySelectorAll("[data-preset]")) {
    button.addEventListener("click", () => put(buttons[button.dataset.preset]));
  }
  parts.play.addEventListener("click", () => {
    touched = true;
    if (playing) { stop(); draw(); announce(); return; }
    if (pair.over(STEPS)) restart();
    playing = true;
    draw();
    schedule();
  });
  parts.step.addEventListener("click", () => {
    stop();
    if (!pair.over(STEPS)) pair.advance(model);
    draw();
    announce();
  });
  parts.reset.addEventListener("click", () => { stop(); restart(); });
  parts.again.addEventListener("click", () => put({ seed: model.get("seed") + 1 }));

  recall();
  const changed = {};
  for (const name of SHARED) {
    // A moved slider shows at once what the same steps would have been; another place or seed begins anew.
    changed[name] = () => {
      const anew = name === "task" || name === "seed";
      playing = playing || (anew && pair.over(STEPS));
      showControls();
      restart({ fresh: name === "task", steps: anew ? 0 : pair.steps });
      remember();
    };
    model.on(`change:${name}`, changed[name]);
  }

  showControls();
  restart({ fresh: true });
  const repaint = () => draw();
  const unwatch = watchLooks(root, repaint);
  const seen = new IntersectionObserver(([entry]) => {
    visible = entry.isIntersecting;
    if (visible && model.get("autoplay") && !touched && !calm.matches && !pair.steps) playing = true;
    schedule();
  }, { threshold: 0.1 });
  seen.observe(parts.left);
  return () => {
    stop();
    unwatch();
    seen.disconnect();
    for (const name of SHARED) model.off(`change:${name}`, changed[name]);
  };
}

export default { render };
