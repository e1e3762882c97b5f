// PhaseDiagram: a map over adaptation strength and friction; its point drives eigenvalues, an exact path, and a replay.
// This file follows those of replay, drawing and controls, modes.js and phase_map.js in one module.

const PATH_STEPS = 200;
const REPLAY_STEPS = 300;
const DIALS = [
  { name: "adaptation_strength", label: "Adaptation strength", min: 0, max: 0.3, step: 0.005, unit: "" },
  { name: "friction", label: "Friction λᵥ", min: 0.05, max: 1, step: 0.01, unit: "per step" },
  { name: "stiffness", label: "Stiffness of the mode", min: 0, max: 0.2, step: 0.005, unit: "per step" },
  { name: "adaptation_time", label: "Adaptation time", min: 1, max: 100, step: 1, unit: "steps" },
];
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const CHOSEN = ["quantity", "task"];
const SURVEYED = ["stiffness", "adaptation_time", "quantity"]; // what the map's colours depend on

const settingOf = (model) => ({
  strength: model.get("adaptation_strength"), friction: model.get("friction"),
  stiffness: model.get("stiffness"), time: model.get("adaptation_time"),
});

function drawCircle(canvas, values, colours) {
  const { context, width, height } = prepare(canvas);
  const radius = Math.max(0, Math.min(width, height) / 2 - 26);
  const at = ([re, im]) => [width / 2 + re * radius, height / 2 - im * radius];
  Object.assign(context, { strokeStyle: colours.muted, lineWidth: 1, font: colours.font, textAlign: "center" });
  context.beginPath();
  context.arc(width / 2, height / 2, radius, 0, 2 * Math.PI);
  context.moveTo(...at([-1.1, 0]));
  context.lineTo(...at([1.1, 0]));
  context.stroke();
  context.fillStyle = colours.text;
  context.fillText(width < 200 ? "eigenvalues" : "eigenvalues in the unit circle", width / 2, height - 6);
  context.fillStyle = colours.mechanism;
  for (const value of values) {
    context.beginPath();
    context.arc(...at(value), 5, 0, 2 * Math.PI);
    context.fill();
  }
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

// The trained network's replay at this setting; it ends early where it blows up.
function networkRun(scene, network, setting, normal) {
  const run = new Run(network, scene, network.starts.subarray(0, network.n));
  const factor = scene.noise_std * Math.sqrt(setting.friction);
  for (let i = 0; i < REPLAY_STEPS && run.alive; i += 1) run.advance(setting, normal(i).map((value) => value * factor));
  return run;
}

function describe(setting, scene, run) {
  const law = modeCovariance(setting, setting.friction);
  const swings = modeEigenvalues(setting).some(([, im]) => Math.abs(im) > 1e-6);
  const fate = law
    ? `the mode relaxes in ${modeRelaxation(setting).toFixed(0)} steps${swings ? ", swinging," : ""} ` +
      `and has the variance ${law[0][0].toPrecision(3)}`
    : `the mode is unstable (spectral radius ${modeRadius(setting).toFixed(3)})`;
  const network = run.alive
    ? `the network visits ${run.regions.size} of ${scene.regions.length} regions in ${REPLAY_STEPS} steps`
    : "the network blows up";
  const point = `adaptation strength ${setting.strength.toFixed(3)} and friction ${setting.friction.toFixed(2)}`;
  return `At ${point} ${fate}; ${network}. ${describeMobility(setting, scene.pinning)}`;
}

// The map and the replay that its point chooses lead; what belongs to the exact mode comes after the controls on a
// narrow screen.
function buildPhase(el, model) {
  const id = freshId("phase");
  return putOnPage(el, {
    label: "Live figure: phase diagram of adaptation and friction",
    kind: "phase",
    html: `
    <div class="tracks">
      <canvas class="track" data-part="map" role="application" tabindex="0"></canvas>
      <canvas class="track" data-part="network" role="img"></canvas></div>
    <div class="explorer-bar">${listOf(id, { name: "quantity", label: "Colour", things: QUANTITIES })}
      ${listOf(id, { name: "task", label: "Network", things: model.get("scenes") })}</div>
    <div class="sliders">${DIALS.map((dial) => sliderOf(id, dial)).join("")}</div>
    <p class="sentence" data-part="sentence"></p><p class="unseen" role="status" data-part="status"></p>
    <div class="pair">
      <canvas class="track" data-part="circle" role="img"></canvas>
      <canvas class="track" data-part="path" role="img"></canvas></div>`,
  });
}

const within = (value, [low, high], size) => Number(
  Math.min(high, Math.max(low, Math.round(value / size) * size)).toFixed(4));

/** One figure on a page. */
class PhaseFigure {
  constructor(el, model) {
    Object.assign(this, buildPhase(el, model), { model, grid: null, kicks: [], normal: null });
    const bytes = model.get("weights");
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.map = new PhaseMap(this.parts.map);
    this.picture = new TrackPicture(this.parts.network);
    this.announcer = new Announcer(this.parts.status);
    this.drawing = new OncePerFrame(() => this.draw());
    this.listen();
    this.refresh();
    this.unwatch = watchLooks(this.root, () => this.drawing.ask());
  }

  draw() {
    const { model, parts } = this;
    const [colours, setting, quantity] = [palette(this.root), settingOf(model), model.get("quantity")];
    const scene = model.get("scenes")[model.get("task")];
    this.grid ??= survey(setting, quantity);
    this.map.draw(this.grid, setting, quantity, colours);
    const values = modeEigenvalues(setting);
    drawCircle(parts.circle, values, colours);
    const here = this.drawPath(setting, colours);
    const run = networkRun(scene, this.network(scene), setting, (index) => this.kick(index));
    this.picture.begin(scene, colours.mechanism, colours);
    this.picture.draw({ path: run.path, landmarks: [] });
    this.tell(describe(setting, scene, run), { values, end: here.at(-1)[1], scene });
  }

  network(scene) {
    if (this.scene !== scene) Object.assign(this, { scene, weights: readNetwork(scene, this.view), kicks: [] });
    return this.weights;
  }

  // The noise of a step, drawn once: the same at every setting.
  kick(index) {
    if (!this.kicks.length) this.normal = normalSource(3);
    while (this.kicks.length <= index) this.kicks.push(this.normal(this.weights.n));
    return this.kicks[index];
  }

  drawPath(setting, colours) {
    const [here, plain] = [modePath(setting), modePath({ ...setting, friction: 1, strength: 0 })];
    drawChart(this.parts.path, {
      x: [0, PATH_STEPS], y: [-5, 5], labels: ["steps", "exact mode: plain, both"], colours,
      lines: [{ points: plain, colour: colours.plain }, { points: here, colour: colours.mechanism }],
    });
    return here;
  }

  tell(text, { values, end, scene }) {
    const { parts } = this;
    const written = ([re, im]) => `${re.toFixed(3)}${im < 0 ? "-" : "+"}${Math.abs(im).toFixed(3)}i`;
    write(parts.sentence, text);
    setName(parts.map, `Phase diagram. Arrow keys move the point. ${text}`);
    setName(parts.circle, `Eigenvalues: ${values.map(written).join(", ")}.`);
    setName(parts.path, `Path of the exact mode from 3; after ${PATH_STEPS} steps it is at ${end.toPrecision(2)}.`);
    setName(parts.network, `Replay of the network in ${scene.label}. ${text}`);
    this.announcer.later(text);
  }

  refresh() {
    const { model, parts } = this;
    for (const { name, unit } of DIALS) {
      parts[name].value = model.get(name);
      write(parts[`${name}-value`], `${Number(model.get(name).toFixed(3))} ${unit}`.trim());
    }
    for (const name of CHOSEN) parts[name].value = model.get(name);
    this.drawing.ask();
  }

  put(values) {
    for (const [name, value] of Object.entries(values)) this.model.set(name, value);
    this.model.save_changes();
  }

  moveTo({ strength, friction }) {
    this.put({
      adaptation_strength: within(strength, RANGE.strength, 0.005), friction: within(friction, RANGE.friction, 0.01),
    });
  }

  press(event) {
    if (!(event.key in ARROWS)) return;
    event.preventDefault();
    const [right, up] = ARROWS[event.key].map((way) => way * (event.shiftKey ? 5 : 1));
    const { strength, friction } = settingOf(this.model);
    this.moveTo({ strength: strength + 0.005 * right, friction: friction + 0.01 * up });
  }

  listen() {
    const { parts, model } = this;
    let dragging = false;
    const follow = (event) => {
      const box = parts.map.getBoundingClientRect();
      if (dragging) this.moveTo(this.map.under(event.clientX - box.left, event.clientY - box.top));
    };
    parts.map.addEventListener("pointerdown", (event) => {
      dragging = true;
      parts.map.setPointerCapture(event.pointerId);
      follow(event);
    });
    parts.map.addEventListener("pointermove", follow);
    for (const end of ["pointerup", "pointercancel"]) parts.map.addEventListener(end, () => { dragging = false; });
    parts.map.addEventListener("keydown", (event) => this.press(event));
    const dials = DIALS.map(({ name }) => name);
    const value = (name) => (dials.includes(name) ? Number(parts[name].value) : parts[name].value);
    for (const name of [...dials, ...CHOSEN]) {
      parts[name].addEventListener("input", () => this.put({ [name]: value(name) }));
    }
    this.listeners = Object.fromEntries([...dials, ...CHOSEN].map((name) => [`change:${name}`, () => {
      if (SURVEYED.includes(name)) this.grid = null;
      this.refresh();
    }]));
    for (const [event, listener] of Object.entries(this.listeners)) model.on(event, listener);
  }

  end() {
    this.drawing.end();
    this.announcer.end();
    this.unwatch();
    for (const [event, listener] of Object.entries(this.listeners)) this.model.off(event, listener);
  }
}

/** What anywidget asks of a widget's module: it renders `model` in `el`, and returns what ends it. */
export default {
  render({ model, el }) {
    const figure = new PhaseFigure(el, model);
    return () => figure.end();
  },
};
