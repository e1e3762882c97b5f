// Sliders, switches and choices of the lab, each with one sentence of meaning. Takes from the files before it: nothing.

const TRAINING_CONTROLS = [
  { name: "leak", kind: "range", label: "Leak λ", min: 0, max: 1, stride: 0.05, unit: "per step",
    hint: "Share of the hidden state that is lost in each step. At 0 all noise piles up." },
  { name: "noise", kind: "range", label: "Noise σ", min: 0, max: 1, stride: 0.02, unit: "",
    hint: "Noise in each unit at each step, while it learns: what comes in, the network must learn to undo." },
  { name: "units", kind: "choice", label: "Hidden units", values: [32, 48, 64, 96, 128],
    hint: "How many numbers the network can think with. More learn better and cost more time." },
  { name: "iterations", kind: "choice", label: "Iterations", values: [200, 400, 800, 1200, 2000, 3000],
    hint: "How many batches of paths it learns from. The rate of learning rises and falls once over all of them." },
  { name: "seed", kind: "number", label: "Seed", min: 0, max: 4294967295,
    hint: "Chooses first weights, paths and noise: the same seed gives the same network, in any browser." },
  { name: "pauses", kind: "switch", label: "Animal pauses",
    hint: "While it rests no input comes, and the network must hold its place: just what replay asks of it." },
  { name: "symmetric", kind: "switch", label: "Symmetric weights",
    hint: "Each weight equals the one back, as in a gradient. Free weights can swirl, and bear less momentum." },
];

const DREAM_CONTROLS = [
  { name: "strength", kind: "range", label: "Strength bₐ", min: 0, max: 0.4, stride: 0.005, unit: "",
    hint: "Adaptation: how strongly the trace of past states is taken away from the present one." },
  { name: "time", kind: "range", label: "Time τₐ", min: 1, max: 100, stride: 1, unit: "steps",
    hint: "How long the trace of past states is remembered." },
  { name: "friction", kind: "range", label: "Friction λᵥ", min: 0.05, max: 1, stride: 0.05, unit: "per step",
    hint: "Share of the hidden velocity that is lost in each step; 1 means no momentum." },
  { name: "noise", kind: "range", label: "Noise", min: 0, max: 3, stride: 0.05, unit: "× σ√2",
    hint: "Noise at each step, over the σ√2 that makes replay a Langevin sampler." },
];

// One control as HTML; `id` makes its parts unique on the page.
function controlHtml(control, id) {
  const { name, kind, label, min, max, stride, hint, values } = control;
  const whole = `id="${id}-${name}" data-setting="${name}" aria-describedby="${id}-${name}-hint"`;
  const meaning = `<span class="unseen" id="${id}-${name}-hint">${hint}</span>`;
  if (kind === "switch") {
    return `<label class="check switch"><input type="checkbox" ${whole}> <span>${label}</span></label>${meaning}`;
  }
  const shown = kind === "range" ? `<output data-shown="${name}"></output>` : "";
  const input = {
    range: `<div class="range"><input type="range" ${whole} min="${min}" max="${max}" step="${stride}"></div>`,
    number: `<input type="number" inputmode="numeric" ${whole} min="${min}" max="${max}" step="1">`,
    choice: `<select ${whole}>${(values ?? []).map((value) => `<option>${value}</option>`).join("")}</select>`,
  }[kind];
  const named = `<label for="${id}-${name}"><span>${label}</span>${shown}</label>`;
  return `<div class="dial ${kind}">${named}${input}${meaning}</div>`;
}

/**
 * Controls as HTML, for an element that `bindControls` then brings to life.
 * @param {object[]} controls TRAINING_CONTROLS or DREAM_CONTROLS
 * @param {string} id
 * @returns {string}
 */
const controlsHtml = (controls, id) => controls.map((control) => controlHtml(control, id)).join("");

// The value of a control, kept within its range; `before` where it says nothing.
function valueOf({ kind, min, max }, input, before) {
  if (kind === "switch") return input.checked;
  const value = Number(input.value);
  if (input.value === "" || !Number.isFinite(value)) return before;
  const kept = kind === "choice" ? value : Math.min(max, Math.max(min, value));
  return kind === "number" ? Math.floor(kept) : kept;
}

const shownValue = (value) => String(Number(Number(value).toFixed(3)));

function showValue(root, { name, kind, unit }, value) {
  const input = root.querySelector(`[data-setting="${name}"]`);
  if (kind === "switch") { input.checked = value; return; }
  if (kind === "choice" && ![...input.options].some((option) => Number(option.value) === value)) {
    input.add(new Option(String(value)));
  }
  if (document.activeElement !== input || kind !== "number") input.value = value;
  const shown = root.querySelector(`[data-shown="${name}"]`);
  if (!shown) return;
  const whole = `${shownValue(value)} ${unit}`.trim();
  shown.textContent = unit === "per step" ? shownValue(value) : whole; // there is little room
  input.setAttribute("aria-valuetext", whole);
}

/**
 * Brings controls to life.
 * @param {HTMLElement} root holds the controls' HTML, and perhaps a line data-part="hint" that tells their meaning
 * @param {object[]} controls
 * @param {{ get: () => object, put: (values: object) => void }} settings where their values come from and go to
 * @returns {() => void} shows the values as they are now
 */
function bindControls(root, controls, { get, put }) {
  const hintLine = root.querySelector('[data-part="hint"]');
  const show = () => controls.forEach((control) => showValue(root, control, get()[control.name]));
  for (const control of controls) {
    const input = root.querySelector(`[data-setting="${control.name}"]`);
    const tell = () => { if (hintLine) hintLine.textContent = control.hint; };
    input.addEventListener(control.kind === "number" ? "change" : "input", () => {
      put({ [control.name]: valueOf(control, input, get()[control.name]) });
      tell();
      if (control.kind === "number") input.value = get()[control.name];
    });
    input.addEventListener("focus", tell);
    input.closest("label, .dial").addEventListener("pointerenter", tell);
  }
  if (hintLine) hintLine.textContent = controls[0].hint;
  return show;
}

/**
 * Makes a row of buttons the tabs of panels: arrow keys, Home and End go from one to the next.
 * @param {HTMLElement} list role="tablist"
 * @param {(name: string) => void} choose called with the data-stage of the tab that was chosen
 */
function bindTabs(list, choose) {
  const tabs = [...list.querySelectorAll('[role="tab"]')];
  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  tabs.forEach((tab, index) => {
    tab.addEventListener("click", () => choose(tab.dataset.stage));
    tab.addEventListener("keydown", (event) => {
      const to = { Home: 0, End: tabs.length - 1 }[event.key]
        ?? (event.key in steps ? (index + steps[event.key] + tabs.length) % tabs.length : null);
      if (to === null) return;
      event.preventDefault();
      tabs[to].focus();
      choose(tabs[to].dataset.stage);
    });
  });
}

// Shows which tab is chosen, and its panel alone.
function showTab(root, name) {
  for (const tab of root.querySelectorAll('[role="tab"]')) {
    const chosen = tab.dataset.stage === name;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    root.querySelector(`#${tab.getAttribute("aria-controls")}`).hidden = !chosen;
  }
}
