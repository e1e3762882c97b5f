// ReplayExplorer: plain replay beside replay with adaptation and momentum, from the same state and the same noise.
// This file follows dynamics.js and drawing.js in one module.

const STEPS = 600;
const PRESETS = {
  Plain: { adaptation_strength: 0, friction: 1 },
  Adaptation: { adaptation_strength: 0.05, adaptation_time: 40, friction: 1 },
  Momentum: { adaptation_strength: 0, friction: 0.3 },
  Both: { adaptation_strength: 0.05, adaptation_time: 40, friction: 0.3 },
  "Too much": { adaptation_strength: 0.2, adaptation_time: 40, friction: 0.1 },
};
const SLIDERS = [
  ["noise", "Noise σ", 0, 3, 0.05, "× σ√2", "Noise per step, over the σ√2 that makes replay a Langevin sampler."],
  ["adaptation_strength", "Adaptation strength", 0, 0.3, 0.01, "",
    "How hard the trace of past states pushes replay away from where it was."],
  ["adaptation_time", "Adaptation time", 1, 100, 1, "steps", "How long that trace is remembered."],
  ["friction", "Friction λᵥ", 0.05, 1, 0.05, "per step", 
    "Share of the hidden velocity lost per step; 1 means no momentum."],
  ["speed", "Playback", 1, 10, 1, "steps a frame", "How fast you watch; it changes nothing in the replay."],
];
const SHARED = ["task", "seed", "noise", "adaptation_strength", "adaptation_time", "friction", "rescale_noise"];

// Both replays of one task, seed and setting.
class Pair {
  constructor(model) {
    this.scene = model.get("scenes")[model.get("task")];
    const bytes = model.get("weights");
    this.network = readNetwork(this.scene, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    this.restart(model);
  }
  restart(model) {
    const { n, starts } = this.network;
    const first = (model.get("seed") % (starts.length / n)) * n;
    this.normal = normalSource(model.get("seed"));
    this.steps = 0;
    this.runs = [0, 1].map(() => new Run(this.network, this.scene, starts.subarray(first, first + n)));
  }
  advance(model) {
    const friction = model.get("friction");
    const xi = this.normal(this.network.n).map((value) => value * model.get("noise") * this.scene.noise_std);
    const factor = model.get("rescale_noise") ? Math.sqrt(friction) : 1;
    this.runs[0].advance({ friction: 1, strength: 0, time: 1 }, xi);
    this.runs[1].advance(
      { friction, strength: model.get("adaptation_strength"), time: model.get("adaptation_time") },
      xi.map((value) => value * factor),
    );
    this.steps += 1;
  }
  get over() { return this.steps >= STEPS || !this.runs[1].alive; }
}

function mechanismName(model) {
  const [adapts, moves] = [model.get("adaptation_strength") > 0, model.get("friction") < 1];
  if (adapts) return moves ? "adaptation with momentum" : "adaptation";
  return moves ? "momentum" : "plain replay again";
}

const times = (value) => (Number.isFinite(value) ? `${value.toFixed(1)} ×` : "–");

function describe(pair, model) {
  const [plain, other] = pair.runs;
  const name = mechanismName(model);
  if (!other.alive) {
    return `At step ${pair.steps} the replay with ${name} blew up: there is too much of it for this network.`;
  }
  if (!pair.steps) return `Two replays wait at the same place: plain, and with ${name}. Press Play.`;
  const count = (run) => `${run.regions.size} of ${pair.scene.regions.length} regions`;
  const visited = `After ${pair.steps} steps: plain ${count(plain)}, ${name} ${count(other)}`;
  const speed = other.displacement / pair.scene.awake_speed;
  if (!Number.isFinite(speed)) return `${visited}.`;
  return `${visited}; it moves ${speed.toFixed(1)} times as fast as the awake animal.`;
}

// Builds the elements; `parts` maps each data-part to its element.
function build(el, model) {
  const root = document.createElement("section");
  root.className = "replay-explorer";
  root.setAttribute("aria-label", "Live figure: two replays side by side");
  const id = `explorer-${Math.random().toString(36).slice(2, 8)}`;
  const sliders = SLIDERS.map(([name, label, min, max, stride, , hint]) => `<div class="slider">
    <label for="${id}-${name}"><span>${label}</span><output data-part="${name}-value"></output></label>
    <input type="range" id="${id}-${name}" data-part="${name}" min="${min}" max="${max}" step="${stride}"
      aria-describedby="${id}-${name}-hint">
    <p class="hint" id="${id}-${name}-hint">${hint}</p></div>`);
  const presets = Object.keys(PRESETS)
    .map((name) => `<button type="button" data-preset="${name}" aria-pressed="false">${name}</button>`);
  const buttons = [["play", "Play"], ["step", "Step"], ["reset", "Reset"], ["again", "New seed"]]
    .map(([name, label]) => `<button type="button" data-part="${name}">${label}</button>`);
  const rows = [["regions", "Regions visited"], ["landmarks", "Targets reached"],
    ["window", `Metres in ${WINDOW} steps`], ["plain", "Compression against plain"],
    ["awake", "Compression against awake"]]
    .map(([name, label]) => `<tr><th scope="row">${label}</th><td data-part="${name}-0"></td><td
      data-part="${name}-1"></td></tr>`);
  root.innerHTML = `
    <div class="explorer-bar"><label for="${id}-task">Place</label> <select id="${id}-task"
      data-part="task">${choices(model.get("scenes"))}</select>
      <span class="spacer"></span>${presets.join("")}</div>
    <div class="tracks">
      <figure><canvas class="track" data-part="left" role="img"></canvas><figcaption
        class="plain">plain replay</figcaption></figure>
      <figure><canvas class="track" data-part="right" role="img"></canvas><figcaption
        class="mechanism" data-part="name"></figcaption></figure></div>
    <div class="explorer-bar">${buttons.join("")}</div>
    <p class="sentence" data-part="sentence"></p><p class="unseen" role="status" data-part="status"></p>
    <canvas class="chart" data-part="chart" role="img"></canvas>
    <table><thead><tr><th scope="col">so far</th><th scope="col" class="plain">plain</th><th scope="col"
      class="mechanism">mechanism</th></tr></thead><tbody>${rows.join("")}</tbody></table>
    <div class="sliders">${sliders.join("")}
      <label class="check"><input type="checkbox" data-part="rescale_noise"> Shrink the noise with friction, so that
        momentum does not heat</label></div>`;
  el.append(root);
  const parts = Object.fromEntries([...root.querySelectorAll("[data-part]")].map((node) => [node.dataset.part, node]));
  return { root, parts };
}

function render({ model, el }) {
  const { root, parts } = build(el, model);
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const staticPage = !model.widget_manager;
  let [speed, playing, visible, touched, request, cancel, pair] = [3, false, false, false, 0, clearTimeout, null];

  const announce = () => { parts.status.textContent = describe(pair, model); };

  function draw() {
    const colours = palette(root);
    const [plain, other] = pair.runs;
    const text = describe(pair, model);
    drawTrack(parts.left, pair.scene, plain.path, { colour: colours.plain, colours, reached: plain.landmarks });
    drawTrack(parts.right, pair.scene, other.path, { colour: colours.mechanism, colours, reached: other.landmarks });
    drawDisplacement(parts.chart, pair.scene, [
      { values: plain.values, colour: colours.plain }, { values: other.values, colour: colours.mechanism },
    ], { steps: STEPS, colours });
    parts.sentence.textContent = text;
    parts.left.setAttribute("aria-label", `Plain replay in ${pair.scene.label}. ${text}`);
    parts.right.setAttribute("aria-label", `Replay with ${mechanismName(model)} in ${pair.scene.label}. ${text}`);
    parts.chart.setAttribute("aria-label", `Distance from the start: plain ${plain.values.at(-1).toFixed(2)} m, ` +
      `mechanism ${other.values.at(-1).toFixed(2)} m after ${pair.steps} steps.`);
    parts.name.textContent = mechanismName(model);
    pair.runs.forEach((run, index) => {
      parts[`regions-${index}`].textContent = `${run.regions.size} of ${pair.scene.regions.length}`;
      parts[`landmarks-${index}`].textContent = `${run.landmarks.size} of ${pair.scene.landmarks.length}`;
      parts[`window-${index}`].textContent = Number.isFinite(run.displacement) ? run.displacement.toFixed(2) : "–";
      parts[`plain-${index}`].textContent = index ? times(run.displacement / plain.displacement) : "1";
      parts[`awake-${index}`].textContent = times(run.displacement / pair.scene.awake_speed);
    });
    parts.play.textContent = playing ? "Pause" : "Play";
  }

  function showControls() {
    parts.task.value = model.get("task");
    parts.rescale_noise.checked = model.get("rescale_noise");
    for (const [name, , , , , unit] of SLIDERS) {
      const value = name === "speed" ? speed : model.get(name);
      parts[name].value = value;
      parts[`${name}-value`].textContent = `${Number(value.toFixed(3))} ${unit}`.trim();
    }
    for (const button of root.querySelectorAll("[data-preset]")) {
      const preset = Object.entries(PRESETS[button.dataset.preset]);
      const fits = preset.every(([name, value]) => Math.abs(model.get(name) - value) < 1e-9);
      button.setAttribute("aria-pressed", String(fits));
    }
  }

  function frame() {
    if (!root.isConnected) return stop();
    for (let i = 0; i < (calm.matches ? 60 : speed) && !pair.over; i += 1) pair.advance(model);
    if (pair.over) playing = false;
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
    while (pair.steps < steps && !pair.over) pair.advance(model);
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
    for (const [name, , min, max] of [...SLIDERS.slice(0, 4), ["seed", "", 0, 2 ** 31]]) {
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
  for (const [name] of SLIDERS) {
    parts[name].addEventListener("input", () => {
      if (name === "speed") speed = Number(parts.speed.value);
      else put({ [name]: Number(parts[name].value) });
      showControls();
    });
  }
  for (const button of root.querySelectorAll("[data-preset]")) {
    button.addEventListener("click", () => put(PRESETS[button.dataset.preset]));
  }
  parts.play.addEventListener("click", () => {
    touched = true;
    if (playing) { stop(); draw(); announce(); return; }
    if (pair.over) restart();
    playing = true;
    draw();
    schedule();
  });
  parts.step.addEventListener("click", () => { stop(); if (!pair.over) pair.advance(model); draw(); announce(); });
  parts.reset.addEventListener("click", () => { stop(); restart(); });
  parts.again.addEventListener("click", () => put({ seed: model.get("seed") + 1 }));

  recall();
  const changed = {};
  for (const name of SHARED) {
    // A moved slider shows at once what the same steps would have been; another place or seed begins anew.
    changed[name] = () => {
      const anew = name === "task" || name === "seed";
      playing = playing || (anew && pair.over);
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
