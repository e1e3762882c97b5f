// Room: controls. What the live figures' controls have in common: their mark-up, their parts, and their spoken words.

let figures = 0;

/**
 * A prefix for the ids of one figure's elements, since a page may hold several figures.
 * @param {string} name - of the kind of figure
 * @returns {string} another at each call
 */
export function freshId(name) {
  figures += 1;
  return `${name}-${figures}-${Math.random().toString(36).slice(2, 8)}`;
}

/**
 * What a list offers: one option for each thing.
 * @param {Object<string, {label: string}>} things - by the value that choosing them gives
 * @returns {string} mark-up
 */
export const choices = (things) => Object.entries(things)
  .map(([name, { label }]) => `<option value="${name}">${label}</option>`).join("");

/**
 * A list with its label.
 * @param {string} id - prefix of the figure's ids
 * @param {{name: string, label: string, things: Object<string, {label: string}>}} list - name of its part, and as for
 *   `choices`
 * @returns {string} mark-up
 */
export const listOf = (id, { name, label, things }) =>
  `<span class="choice"><label for="${id}-${name}">${label}</label> <select id="${id}-${name}" data-part="${name}">${
    choices(things)}</select></span>`;

/**
 * A slider with its label, its value, and perhaps a sentence of meaning.
 * @param {string} id - prefix of the figure's ids
 * @param {object} slider - `name` of its part, `label`, `min`, `max` and `step` in the unit of its value; perhaps a
 *   `hint`, ids of what else `describes` it, and mark-up that is laid `over` it
 * @returns {string} mark-up with the parts `name` and `name-value`
 */
export function sliderOf(id, { name, label, min, max, step, hint = "", describes = "", over = "" }) {
  const described = `${hint && `${id}-${name}-hint`} ${describes}`.trim();
  return `<div class="slider">
    <label for="${id}-${name}"><span>${label}</span><output data-part="${name}-value"></output></label>
    <div class="range"><input type="range" id="${id}-${name}" data-part="${name}" min="${min}" max="${max}"
      step="${step}"${described && ` aria-describedby="${described}"`}>${over}</div>
    ${hint && `<p class="hint" id="${id}-${name}-hint">${hint}</p>`}</div>`;
}

/**
 * Puts a figure on the page.
 * @param {Element} el - where it goes
 * @param {{label: string, html: string, kind: string}} figure - name for readers of the screen, mark-up, and a class
 * @returns {{root: Element, parts: Object<string, Element>}} each element with a `data-part`, by that name
 */
export function putOnPage(el, { label, html, kind = "" }) {
  const root = document.createElement("section");
  root.className = `replay-explorer ${kind}`.trim();
  root.setAttribute("aria-label", label);
  root.innerHTML = html;
  el.append(root);
  const parts = Object.fromEntries([...root.querySelectorAll("[data-part]")].map((node) => [node.dataset.part, node]));
  return { root, parts };
}

/**
 * Writes a text where it differs from the one that is there: what is written makes the page lay itself out anew.
 * @param {Element} element - holds nothing but text
 * @param {string} text - to be read
 */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Sets an element's name for those who do not see it.
 * @param {Element} element - a canvas
 * @param {string} text - its text alternative
 */
export function setName(element, text) {
  if (element.getAttribute("aria-label") !== text) element.setAttribute("aria-label", text);
}

/** Tells a screen reader where a moved control came to rest: not before 0.6 seconds have brought no other text. */
export class Announcer {
  /** @param {Element} element - with the role "status" */
  constructor(element) { Object.assign(this, { element, timer: 0 }); }

  /** @param {string} text - to be told when it has held */
  later(text) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(text), 600);
  }

  /** @param {string} text - to be told at once */
  now(text) { write(this.element, text); }

  /** Tells nothing more. */
  end() { clearTimeout(this.timer); }
}

/** Calls the drawing once a frame, however often it is asked for. */
export class OncePerFrame {
  /** @param {() => void} draw - called before the next frame */
  constructor(draw) { Object.assign(this, { draw, request: 0 }); }

  /** Asks for it. */
  ask() {
    if (!this.request) this.request = requestAnimationFrame(() => { this.request = 0; this.draw(); });
  }

  /** Takes back what was asked for. */
  end() { cancelAnimationFrame(this.request); }
}
