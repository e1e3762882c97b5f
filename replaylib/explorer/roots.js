// RootsExplorer: the two roots of a mode with momentum in the plane of z, and the fall that they make.
// This file follows those of drawing and controls, and modes.js, in one module.

const STIFFNESS = { min: 0.001, max: 0.25 };
const MOST_POINTS = 400; // of a line: more do not show on a screen
const FRICTION = { min: 0.02, max: 1 };
// Complex roots of slopes up to 0.25 lie in this part of the plane: right of zero, and not far from the axis.
const VIEW = [-0.12, -0.66, 1.2, 0.66];

const settingOf = (model) => ({
  stiffness: model.get("stiffness"), friction: model.get("friction"), strength: 0, time: 1,
});
const plainOf = (setting) => ({ ...setting, friction: 1 });

/**
 * @param {number} k - stiffness of the slope [1/step]
 * @returns {number} the friction at which both roots meet [1/step]
 */
export const criticalFriction = (k) => 2 * Math.sqrt(k) - k;

/**
 * Whether the roots are real, complex or one; rounding must not tell two that are one apart.
 * @param {{stiffness: number, friction: number}} setting - both [1/step]
 * @returns {"real" | "complex" | "one"}
 */
export function kindOfRoots({ stiffness: k, friction }) {
  const square = (2 - friction - k) ** 2 / 4 - (1 - friction);
  if (Math.abs(square) < 1e-9 && friction < 1) return "one";
  return square > 0 ? "real" : "complex";
}

/**
 * A fall from 1, at rest: the rule without noise.
 * @param {{stiffness: number, friction: number}} setting - both [1/step]
 * @param {number} steps - how many
 * @returns {number[][]} [step, h] for the start and each step
 */
export function fallOf({ stiffness: k, friction }, steps) {
  let [h, v] = [1, 0];
  return Array.from({ length: steps + 1 }, (_, step) => {
    const point = [step, h];
    v = (1 - friction) * v - k * h;
    h += v;
    return point;
  });
}

/**
 * @param {object} setting - of the mode
 * @returns {number} steps in which what is left of a fall halves in the long run
 */
export const halvingSteps = (setting) => Math.LN2 * modeRelaxation(setting);

const digits = (value, count = 3) => String(Number(value.toPrecision(count)));

// What the roots are, and what the ball does, for each kind of roots.
const SHAPES = {
  real: ([first, second], friction, critical) =>
    `Friction ${friction} is above the critical friction ${critical}: both roots are real, ` +
    `${digits(first[0])} and ${digits(second[0])}, and the ball sinks without turning back`,
  one: ([first], friction) =>
    `Friction ${friction} is the critical friction: both roots meet at ${digits(first[0])}, and the ` +
    "ball sinks as fast as this slope can let it",
  complex: ([first], friction, critical) =>
    `Friction ${friction} is below the critical friction ${critical}: the roots are complex, at the ` +
    `distance ${digits(Math.hypot(...first))} from 0, and the ball swings, once in ` +
    `${digits((2 * Math.PI) / Math.atan2(Math.abs(first[1]), first[0]))} steps`,
};

/**
 * What is to be seen, in a sentence or two.
 * @param {object} setting - of the mode
 * @returns {string} for all readers
 */
export function describeRoots(setting) {
  const { stiffness, friction } = setting;
  const [steps, plain] = [halvingSteps(setting), halvingSteps(plainOf(setting))];
  const values = modeEigenvalues(setting);
  const critical = digits(criticalFriction(stiffness));
  const halves = `in the long run its height halves every ${digits(steps)} steps`;
  if (friction === 1) {
    return `Without momentum one root is 1 − k = ${digits(values[0][0])}, and the other is 0: the ball creeps, and ` +
      `${halves}. The critical friction of this slope is ${critical}.`;
  }
  const shape = SHAPES[kindOfRoots(setting)](values, digits(friction), critical);
  return `${shape}; ${halves}, ${digits(plain / steps)} times as fast as without momentum.`;
}

// About as many steps as plain replay needs to be near the ground, a round number.
function stepsShown(stiffness) {
  const wanted = Math.max(20, 2 / stiffness);
  const power = 10 ** Math.floor(Math.log10(wanted));
  return power * [1, 2, 5, 10].find((factor) => factor * power >= wanted * 0.999);
}

// Axes through 0, and the circles on which roots lie.
function drawCircles(context, { project, scale }, setting, colours) {
  Object.assign(context, { lineWidth: 1, strokeStyle: colours.muted });
  context.beginPath();
  for (const [from, to] of [[[VIEW[0], 0], [VIEW[2], 0]], [[0, VIEW[1]], [0, VIEW[3]]]]) {
    context.moveTo(...project(from));
    context.lineTo(...project(to));
  }
  context.stroke();
  context.lineWidth = 2;
  for (const [centre, radius, colour, dash] of [
    [0, 1, colours.muted, []],
    [0, Math.sqrt(1 - setting.friction), colours.mechanism, [6, 5]],
    [1, Math.sqrt(setting.stiffness), colours.text, [2, 4]],
  ]) {
    context.beginPath();
    context.setLineDash(dash);
    context.strokeStyle = colour;
    context.arc(...project([centre, 0]), radius * scale, 0, 2 * Math.PI);
    context.stroke();
  }
  context.setLineDash([]);
}

// Words stand on a ground of their own, since circles pass under them.
function writeWords(context, words, [x, y], colours) {
  context.fillStyle = colours.panel;
  context.fillRect(x - 1, y - 11, context.measureText(words).width + 2, 14);
  context.fillStyle = colours.text;
  context.fillText(words, x, y);
}

function drawDot(context, [x, y], size, { fill, edge }) {
  context.beginPath();
  context.arc(x, y, size, 0, 2 * Math.PI);
  Object.assign(context, { fillStyle: fill, strokeStyle: edge });
  context.fill();
  context.stroke();
}

function drawPlane(canvas, setting, colours) {
  const { context, width, height } = prepare(canvas);
  const view = projection(VIEW, width, height);
  drawCircles(context, view, setting, colours);
  Object.assign(context, { font: colours.font, textAlign: "left" });
  writeWords(context, "plane of z", [2, 12], colours);
  for (const mark of [0, 1]) {
    const [x, y] = view.project([mark, 0]);
    writeWords(context, mark, [x - 12 + 20 * mark, y + 16], colours);
  }
  const plain = view.project([1 - setting.stiffness, 0]);
  drawDot(context, plain, 5, { fill: colours.panel, edge: colours.plain });
  for (const root of modeEigenvalues(setting)) {
    drawDot(context, view.project(root), 6, { fill: colours.mechanism, edge: colours.panel });
  }
}

const KEYS = [
  ["line", "muted", "", "unit circle"],
  ["line", "mechanism", "6 5", "radius √μ"],
  ["line", "text", "2 4", "radius √k around 1"],
  ["dot", "mechanism", "", "the roots, and the ball"],
  ["dot", "plain", "", "without momentum"],
];

const keyOf = (colours) => KEYS.map(([mark, name, dash, label]) => {
  const shape = mark === "line"
    ? `<line x1="0" y1="5" x2="26" y2="5" stroke="${colours[name]}" stroke-width="2.5" stroke-dasharray="${dash}"/>`
    : `<circle cx="13" cy="5" r="4.5" fill="${colours[name]}"/>`;
  return `<span><svg width="26" height="10" aria-hidden="true">${shape}</svg> ${label}</span>`;
}).join(" ");

function buildRoots(el) {
  const id = freshId("roots");
  const dial = (name, label, min, max, step) => sliderOf(id, { name, label, min, max, step });
  return putOnPage(el, {
    label: "Live figure: two roots and a falling ball",
    kind: "roots",
    html: `
    <div class="tracks"><canvas class="track" data-part="plane" role="img"></canvas><canvas class="track"
      data-part="fall" role="img"></canvas></div>
    <div class="sliders">
      ${dial("stiffness", "Stiffness k", Math.log10(STIFFNESS.min), Math.log10(STIFFNESS.max).toFixed(2), 0.02)}
      ${dial("friction", "Friction λᵥ", FRICTION.min, FRICTION.max, 0.01)}</div>
    <div class="explorer-bar"><button type="button" data-part="none">No momentum</button><button type="button"
      data-part="critical">Critical friction</button></div>
    <p class="sentence" data-part="sentence"></p><p class="unseen" role="status" data-part="status"></p>
    <p class="legend" data-part="legend"></p>`,
  });
}

/** One figure on a page. */
class RootsFigure {
  constructor(el, model) {
    Object.assign(this, buildRoots(el), { model });
    this.announcer = new Announcer(this.parts.status);
    this.drawing = new OncePerFrame(() => this.draw());
    this.listen();
    this.listener = () => this.refresh();
    for (const name of ["stiffness", "friction"]) model.on(`change:${name}`, this.listener);
    this.refresh();
    this.unwatch = watchLooks(this.root, this.listener);
  }

  listen() {
    const { stiffness, friction, none, critical } = this.parts;
    stiffness.addEventListener("input", () => {
      this.put("stiffness", Number((10 ** Number(stiffness.value)).toPrecision(3)), STIFFNESS);
    });
    friction.addEventListener("input", () => this.put("friction", Number(friction.value), FRICTION));
    none.addEventListener("click", () => this.put("friction", 1, FRICTION));
    critical.addEventListener("click", () => {
      this.put("friction", criticalFriction(this.model.get("stiffness")), FRICTION);
    });
  }

  put(name, value, { min, max }) {
    this.model.set(name, Math.min(max, Math.max(min, value)));
    this.model.save_changes();
  }

  refresh() {
    const { parts } = this;
    const { stiffness, friction } = settingOf(this.model);
    parts.stiffness.value = Math.log10(stiffness);
    parts.friction.value = friction;
    for (const [name, value] of Object.entries({ stiffness, friction })) {
      write(parts[`${name}-value`], `${digits(value)} per step`);
      parts[name].setAttribute("aria-valuetext", `${digits(value)} per step`);
    }
    this.drawing.ask();
  }

  draw() {
    const [colours, setting] = [palette(this.root), settingOf(this.model)];
    drawPlane(this.parts.plane, setting, colours);
    this.drawFall(setting, colours);
    const key = keyOf(colours);
    if (this.key !== key) this.parts.legend.innerHTML = key;
    this.key = key;
    this.tell(setting);
  }

  drawFall(setting, colours) {
    const steps = stepsShown(setting.stiffness);
    const stride = Math.ceil(steps / MOST_POINTS);
    const points = (one) => fallOf(one, steps).filter(([step]) => step % stride === 0);
    drawChart(this.parts.fall, {
      x: [0, steps], y: [-1, 1], labels: ["steps", "height in the valley"], colours,
      lines: [
        { points: [[0, 0], [steps, 0]], colour: colours.ground },
        { points: points(plainOf(setting)), colour: colours.plain },
        { points: points(setting), colour: colours.mechanism },
      ],
    });
  }

  tell(setting) {
    const { parts } = this;
    const text = describeRoots(setting);
    const written = ([re, im]) => `${re.toFixed(3)}${im < 0 ? "-" : "+"}${Math.abs(im).toFixed(3)}i`;
    write(parts.sentence, text);
    setName(parts.plane, `Plane of z. Roots: ${modeEigenvalues(setting).map(written).join(", ")}.`);
    setName(parts.fall, `Height against steps, from 1. ${text}`);
    this.announcer.later(text);
  }

  end() {
    this.drawing.end();
    this.announcer.end();
    this.unwatch();
    for (const name of ["stiffness", "friction"]) this.model.off(`change:${name}`, this.listener);
  }
}

/** What anywidget asks of a widget's module: it renders `model` in `el`, and returns what ends it. */
export default {
  render({ model, el }) {
    const figure = new RootsFigure(el, model);
    return () => figure.end();
  },
};
