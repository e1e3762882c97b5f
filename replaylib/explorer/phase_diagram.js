// PhaseDiagram: a map over adaptation strength and friction; its point drives eigenvalues, an exact path, and a replay.
// This file follows dynamics.js, drawing.js, mobility.js, modes.js and phase_map.js in one module.

const PATH_STEPS = 200;
const REPLAY_STEPS = 300;
const DIALS = [
  ["adaptation_strength", "Adaptation strength", 0, 0.3, 0.005, ""],
  ["friction", "Friction λᵥ", 0.05, 1, 0.01, "per step"],
  ["stiffness", "Stiffness of the mode", 0, 0.2, 0.005, "per step"],
  ["adaptation_time", "Adaptation time", 1, 100, 1, "steps"],
];

const settingOf = (model) => ({
  strength: model.get("adaptation_strength"), friction: model.get("friction"),
  stiffness: model.get("stiffness"), time: model.get("adaptation_time"),
});

function drawCircle(canvas, values, colours) {
  const { context, width, height } = prepare(canvas);
  const radius = Math.min(width, height) / 2 - 26;
  const place = ([re, im]) => [width / 2 + re * radius, height / 2 - im * radius];
  context.strokeStyle = colours.muted;
  context.lineWidth = 1;
  context.beginPath(); context.arc(width / 2, height / 2, radius, 0, 2 * Math.PI); context.stroke();
  context.beginPath(); context.moveTo(...place([-1.1, 0])); context.lineTo(...place([1.1, 0])); context.stroke();
  context.fillStyle = colours.text;
  context.font = `12px ${getComputedStyle(canvas).fontFamily}`;
  context.textAlign = "center";
  context.fillText(width < 200 ? "eigenvalues" : "eigenvalues in the unit circle", width / 2, height - 6);
  context.fillStyle = colours.mechanism;
  for (const value of values) { context.beginPath(); context.arc(...place(value), 5, 0, 2 * Math.PI); context.fill(); }
}

// h of the exact mode from 3, driven by the same noise at every setting.
function modePath(setting) {
  const noise = normalSource(7)(PATH_STEPS);
  let [h, v, a] = [3, 0, 0];
  return [[0, h], ...Array.from(noise, (xi, index) => {
    v = (1 - setting.friction) * v - setting.stiffness * h - a + 0.3 * Math.sqrt(setting.friction) * xi;
    a = (1 - 1 / setting.time) * a + (setting.strength / setting.time) * h;
    h += v;
    return [index + 1, h];
  })];
}

// Decoded path of the trained network at this setting; it ends early where it blows up.
function networkPath(scene, network, setting) {
  const { n, starts } = network;
  const normal = normalSource(3);
  const state = startState(starts.subarray(0, n));
  const path = [decode(network, state.hidden)];
  for (let i = 0; i < REPLAY_STEPS; i += 1) {
    const factor = scene.noise_std * Math.sqrt(setting.friction);
    step(network, setting, state, normal(n).map((value) => value * factor));
    const here = decode(network, state.hidden);
    if (!here.every(Number.isFinite)) break;
    path.push(here);
  }
  return path;
}

function describe(setting, scene, path) {
  const radius = modeRadius(setting);
  const law = modeCovariance(setting, setting.friction);
  const swings = modeEigenvalues(setting).some(([, im]) => Math.abs(im) > 1e-6);
  const fate = law
    ? `the mode relaxes in ${modeRelaxation(setting).toFixed(0)} steps${swings ? ", swinging," : ""} ` +
      `and has the variance ${law[0][0].toPrecision(3)}`
    : `the mode is unstable (spectral radius ${radius.toFixed(3)})`;
  const visited = new Set(path.map((here) => scene.regions.reduce(
    (best, centre, i) => (distance(centre, here) < distance(scene.regions[best], here) ? i : best), 0)));
  const network = path.length > REPLAY_STEPS
    ? `the network visits ${visited.size} of ${scene.regions.length} regions in ${REPLAY_STEPS} steps`
    : "the network blows up";
  const point = `adaptation strength ${setting.strength.toFixed(3)} and friction ${setting.friction.toFixed(2)}`;
  return `At ${point} ${fate}; ${network}. ${describeMobility(setting, scene.pinning)}`;
}

function build(el, model) {
  const root = document.createElement("section");
  root.className = "replay-explorer";
  root.setAttribute("aria-label", "Live figure: phase diagram of adaptation and friction");
  const id = `phase-${Math.random().toString(36).slice(2, 8)}`;
  const dials = DIALS.map(([name, label, min, max, size]) => `<div class="slider">
    <label for="${id}-${name}"><span>${label}</span><output data-part="${name}-value"></output></label>
    <input type="range" id="${id}-${name}" data-part="${name}" min="${min}" max="${max}" step="${size}"></div>`);
  root.innerHTML = `
    <div class="explorer-bar"><label for="${id}-quantity">Colour</label><select id="${id}-quantity"
        data-part="quantity">${choices(QUANTITIES)}</select>
      <label for="${id}-task">Network</label><select id="${id}-task"
        data-part="task">${choices(model.get("scenes"))}</select></div>
    <div class="tracks">
      <canvas class="track" data-part="map" role="application" tabindex="0"></canvas>
      <canvas class="track" data-part="circle" role="img"></canvas>
      <canvas class="track" data-part="path" role="img"></canvas>
      <canvas class="track" data-part="network" role="img"></canvas></div>
    <p class="sentence" data-part="sentence"></p><p class="unseen" role="status" data-part="status"></p>
    <div class="sliders">${dials.join("")}</div>`;
  el.append(root);
  const parts = Object.fromEntries([...root.querySelectorAll("[data-part]")].map((node) => [node.dataset.part, node]));
  return { root, parts };
}

function render({ model, el }) {
  const { root, parts } = build(el, model);
  let [grid, request, timer, dragging] = [null, 0, 0, false];
  const bytes = model.get("weights");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

  function draw() {
    const colours = palette(root);
    const setting = settingOf(model);
    const scene = model.get("scenes")[model.get("task")];
    grid ??= survey(setting, model.get("quantity"));
    drawMap(parts.map, grid, setting, model.get("quantity"), colours);
    const values = modeEigenvalues(setting);
    drawCircle(parts.circle, values, colours);
    const [here, plain] = [modePath(setting), modePath({ ...setting, friction: 1, strength: 0 })];
    drawChart(parts.path, {
      x: [0, PATH_STEPS], y: [-5, 5], labels: ["steps", "the exact mode: plain, and with both"], colours,
      lines: [{ points: plain, colour: colours.plain }, { points: here, colour: colours.mechanism }],
    });
    const path = networkPath(scene, readNetwork(scene, view), setting);
    drawTrack(parts.network, scene, path, { colour: colours.mechanism, colours, reached: new Set() });
    const text = describe(setting, scene, path);
    parts.sentence.textContent = text;
    parts.map.setAttribute("aria-label", `Phase diagram. Arrow keys move the point. ${text}`);
    const written = ([re, im]) => `${re.toFixed(3)}${im < 0 ? "-" : "+"}${Math.abs(im).toFixed(3)}i`;
    parts.circle.setAttribute("aria-label", `Eigenvalues: ${values.map(written).join(", ")}.`);
    const end = here.at(-1)[1].toPrecision(2);
    parts.path.setAttribute("aria-label", `Path of the exact mode from 3; after ${PATH_STEPS} steps it is at ${end}.`);
    parts.network.setAttribute("aria-label", `Replay of the network in ${scene.label}. ${text}`);
    clearTimeout(timer);
    // A screen reader hears where the point came to rest.
    timer = setTimeout(() => { parts.status.textContent = text; }, 600);
  }

  function refresh() {
    for (const [name, , , , , unit] of DIALS) {
      parts[name].value = model.get(name);
      parts[`${name}-value`].textContent = `${Number(model.get(name).toFixed(3))} ${unit}`.trim();
    }
    parts.quantity.value = model.get("quantity");
    parts.task.value = model.get("task");
    if (!request) request = requestAnimationFrame(() => { request = 0; draw(); });
  }

  function put(values) {
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    model.save_changes();
  }
  const within = (value, [low, high], size) => Number(
    Math.min(high, Math.max(low, Math.round(value / size) * size)).toFixed(4));
  function moveTo(event) {
    const box = parts.map.getBoundingClientRect();
    const x = (event.clientX - box.left - FRAME.left) / (box.width - FRAME.left - FRAME.right);
    const y = (box.bottom - FRAME.bottom - event.clientY) / (box.height - FRAME.bottom - FRAME.top);
    const at = (share, [low, high]) => low + share * (high - low);
    put({
      adaptation_strength: within(at(x, RANGE.strength), RANGE.strength, 0.005),
      friction: within(at(y, RANGE.friction), RANGE.friction, 0.01),
    });
  }
  parts.map.addEventListener("pointerdown", (event) => {
    dragging = true; parts.map.setPointerCapture(event.pointerId); moveTo(event);
  });
  parts.map.addEventListener("pointermove", (event) => { if (dragging) moveTo(event); });
  for (const end of ["pointerup", "pointercancel"]) parts.map.addEventListener(end, () => { dragging = false; });
  parts.map.addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!steps) return;
    event.preventDefault();
    const size = event.shiftKey ? 5 : 1;
    put({
      adaptation_strength: within(model.get("adaptation_strength") + 0.005 * size * steps[0], RANGE.strength, 0.005),
      friction: within(model.get("friction") + 0.01 * size * steps[1], RANGE.friction, 0.01),
    });
  });
  for (const [name] of DIALS) parts[name].addEventListener("input", () => put({ [name]: Number(parts[name].value) }));
  for (const name of ["quantity", "task"]) {
    parts[name].addEventListener("change", () => put({ [name]: parts[name].value }));
  }

  const changed = {};
  for (const name of [...DIALS.map(([dial]) => dial), "quantity", "task"]) {
    changed[name] = () => {
      if (["stiffness", "adaptation_time", "quantity"].includes(name)) grid = null;
      refresh();
    };
    model.on(`change:${name}`, changed[name]);
  }
  refresh();
  const unwatch = watchLooks(root, refresh);
  return () => {
    cancelAnimationFrame(request);
    clearTimeout(timer);
    unwatch();
    for (const [name, listener] of Object.entries(changed)) model.off(`change:${name}`, listener);
  };
}

export default { render };
