// RootsExplorer: the two roots of a mode with momentum in the plane of z, and the fall that they make.
// This file follows drawing.js and modes.js in one module.

const STIFFNESS = { min: 0.001, max: 0.25 };
const FRICTION = { min: 0.02, max: 1 };
// Complex roots of slopes up to 0.25 lie in this part of the plane: right of zero, and not far from the axis.
const VIEW = [-0.12, -0.66, 1.2, 0.66];

const settingOf = (model) => ({
  stiffness: model.get("stiffness"), friction: model.get("friction"), strength: 0, time: 1,
});
const plainOf = (setting) => ({ ...setting, friction: 1 });
export const criticalFriction = (k) => 2 * Math.sqrt(k) - k;

// Whether the roots are "real", "complex", or meet in "one"; rounding must not tell two that are one apart.
export function kindOfRoots({ stiffness: k, friction }) {
  const square = (2 - friction - k) ** 2 / 4 - (1 - friction);
  if (Math.abs(square) < 1e-9 && friction < 1) return "one";
  return square > 0 ? "real" : "complex";
}

// h at each step from 1, at rest: the rule without noise, as points [step, h].
export function fallOf({ stiffness: k, friction }, steps) {
  let [h, v] = [1, 0];
  return Array.from({ length: steps + 1 }, (_, step) => {
    const point = [step, h];
    v = (1 - friction) * v - k * h;
    h += v;
    return point;
  });
}

// Steps in which what is left of a fall halves in the long run.
export const halvingSteps = (setting) => Math.LN2 * modeRelaxation(setting);

const digits = (value, count = 3) => String(Number(value.toPrecision(count)));

export function describeRoots(setting) {
  const { stiffness, friction } = setting;
  const [steps, plain] = [halvingSteps(setting), halvingSteps(plainOf(setting))];
  const [first, second] = modeEigenvalues(setting);
  const critical = digits(criticalFriction(stiffness));
  const halves = `in the long run its height halves every ${digits(steps)} steps`;
  if (friction === 1) {
    return `Without momentum one root is 1 − k = ${digits(first[0])}, and the other is 0: the ball creeps, and ` +
      `${halves}. The critical friction of this slope is ${critical}.`;
  }
  const shape = {
    real: `Friction ${digits(friction)} is above the critical friction ${critical}: both roots are real, ` +
      `${digits(first[0])} and ${digits(second[0])}, and the ball sinks without turning back`,
    one: `Friction ${digits(friction)} is the critical friction: both roots meet at ${digits(first[0])}, and the ` +
      "ball sinks as fast as this slope can let it",
    complex: `Friction ${digits(friction)} is below the critical friction ${critical}: the roots are complex, at the ` +
      `distance ${digits(Math.hypot(...first))} from 0, and the ball swings, once in ` +
      `${digits((2 * Math.PI) / Math.atan2(Math.abs(first[1]), first[0]))} steps`,
  }[kindOfRoots(setting)];
  return `${shape}; ${halves}, ${digits(plain / steps)} times as fast as without momentum.`;
}

// About as many steps as plain replay needs to be near the ground, a round number.
function stepsShown(stiffness) {
  const wanted = Math.max(20, 2 / stiffness);
  const power = 10 ** Math.floor(Math.log10(wanted));
  return power * [1, 2, 5, 10].find((factor) => factor * power >= wanted * 0.999);
}

function drawPlane(canvas, setting, colours) {
  const { context, width, height } = prepare(canvas);
  const { project, scale } = projection(VIEW, width, height);
  const circle = (centre, radius, colour, dash) => {
    context.beginPath();
    context.setLineDash(dash);
    context.strokeStyle = colour;
    context.arc(...project([centre, 0]), radius * scale, 0, 2 * Math.PI);
    context.stroke();
  };
  context.lineWidth = 1;
  context.strokeStyle = colours.muted;
  context.beginPath();
  context.moveTo(...project([VIEW[0], 0]));
  context.lineTo(...project([VIEW[2], 0]));
  context.moveTo(...project([0, VIEW[1]]));
  context.lineTo(...project([0, VIEW[3]]));
  context.stroke();
  context.lineWidth = 2;
  circle(0, 1, colours.muted, []);
  circle(0, Math.sqrt(1 - setting.friction), colours.mechanism, [6, 5]);
  circle(1, Math.sqrt(setting.stiffness), colours.text, [2, 4]);
  context.setLineDash([]);
  context.font = `12px ${getComputedStyle(canvas).fontFamily}`;
  // Words stand on a ground of their own, since circles pass under them.
  const write = (words, x, y) => {
    context.fillStyle = colours.panel;
    context.fillRect(x - 1, y - 11, context.measureText(words).width + 2, 14);
    context.fillStyle = colours.text;
    context.fillText(words, x, y);
  };
  context.textAlign = "left";
  write("plane of z", 2, 12);
  for (const mark of [0, 1]) write(mark, project([mark, 0])[0] - 12 + 20 * mark, project([mark, 0])[1] + 16);
  const dot = ([re, im], size, colour, filled) => {
    context.beginPath();
    context.arc(...project([re, im]), size, 0, 2 * Math.PI);
    context.fillStyle = filled ? colour : colours.panel;
    context.strokeStyle = filled ? colours.panel : colour;
    context.fill();
    context.stroke();
  };
  dot([1 - setting.stiffness, 0], 5, colours.plain, false);
  modeEigenvalues(setting).forEach((root) => dot(root, 6, colours.mechanism, true));
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

function build(el) {
  const root = document.createElement("section");
  root.className = "replay-explorer roots";
  root.setAttribute("aria-label", "Live figure: two roots and a falling ball");
  const id = `roots-${Math.random().toString(36).slice(2, 8)}`;
  const slider = (name, label, min, max, step) => `<div class="slider"><label
    for="${id}-${name}"><span>${label}</span><output data-part="${name}-value"></output></label>
    <input type="range" id="${id}-${name}" data-part="${name}" min="${min}" max="${max}" step="${step}"></div>`;
  root.innerHTML = `
    <div class="tracks"><canvas class="track" data-part="plane" role="img"></canvas><canvas class="track"
      data-part="fall" role="img"></canvas></div>
    <div class="sliders">
      ${slider("stiffness", "Stiffness k", Math.log10(STIFFNESS.min), Math.log10(STIFFNESS.max).toFixed(2), 0.02)}
      ${slider("friction", "Friction λᵥ", FRICTION.min, FRICTION.max, 0.01)}</div>
    <div class="explorer-bar"><button type="button" data-part="none">No momentum</button><button type="button"
      data-part="critical">Critical friction</button></div>
    <p class="sentence" data-part="sentence"></p><p class="unseen" role="status" data-part="status"></p>
    <p class="legend" data-part="legend"></p>`;
  el.append(root);
  const parts = Object.fromEntries([...root.querySelectorAll("[data-part]")].map((node) => [node.dataset.part, node]));
  return { root, parts };
}

function render({ model, el }) {
  const { root, parts } = build(el);
  let [request, timer] = [0, 0];

  function draw() {
    const [colours, setting] = [palette(root), settingOf(model)];
    const steps = stepsShown(setting.stiffness);
    const falls = [plainOf(setting), setting].map((one) => fallOf(one, steps));
    const text = describeRoots(setting);
    drawPlane(parts.plane, setting, colours);
    drawChart(parts.fall, {
      x: [0, steps], y: [-1, 1], labels: ["steps", "height in the valley"], colours,
      lines: [
        { points: [[0, 0], [steps, 0]], colour: colours.ground },
        { points: falls[0], colour: colours.plain }, { points: falls[1], colour: colours.mechanism },
      ],
    });
    parts.legend.innerHTML = keyOf(colours);
    parts.sentence.textContent = text;
    const written = ([re, im]) => `${re.toFixed(3)}${im < 0 ? "-" : "+"}${Math.abs(im).toFixed(3)}i`;
    parts.plane.setAttribute("aria-label", `Plane of z. Roots: ${modeEigenvalues(setting).map(written).join(", ")}.`);
    parts.fall.setAttribute("aria-label", `Height against steps, from 1. ${text}`);
    clearTimeout(timer);
    timer = setTimeout(() => { parts.status.textContent = text; }, 600);
  }

  function refresh() {
    const { stiffness, friction } = settingOf(model);
    const shown = { stiffness: digits(stiffness), friction: digits(friction) };
    parts.stiffness.value = Math.log10(stiffness);
    parts.friction.value = friction;
    for (const [name, value] of Object.entries(shown)) {
      parts[`${name}-value`].textContent = `${value} per step`;
      parts[name].setAttribute("aria-valuetext", `${value} per step`);
    }
    if (!request) request = requestAnimationFrame(() => { request = 0; draw(); });
  }

  function put(name, value, { min, max }) {
    model.set(name, Math.min(max, Math.max(min, value)));
    model.save_changes();
  }
  parts.stiffness.addEventListener("input", () => {
    put("stiffness", Number((10 ** Number(parts.stiffness.value)).toPrecision(3)), STIFFNESS);
  });
  parts.friction.addEventListener("input", () => put("friction", Number(parts.friction.value), FRICTION));
  parts.none.addEventListener("click", () => put("friction", 1, FRICTION));
  parts.critical.addEventListener("click", () => put("friction", criticalFriction(model.get("stiffness")), FRICTION));

  for (const name of ["stiffness", "friction"]) model.on(`change:${name}`, refresh);
  refresh();
  const unwatch = watchLooks(root, refresh);
  return () => {
    cancelAnimationFrame(request);
    clearTimeout(timer);
    unwatch();
    for (const name of ["stiffness", "friction"]) model.off(`change:${name}`, refresh);
  };
}

export default { render };
