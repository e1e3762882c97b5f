// Room: controls. The mark-up of ValueSpreading. This file follows controls.js and value_race.js in one module.

const EVENTS = { 30: { label: "30 steps" }, 100: { label: "100 steps" }, 1000: { label: "1000 steps" } };
const FASTEST = 20; // states a frame

const KEYS = [
  ['<path d="M6 0 7.6 4.2 12 4.4 8.6 7.2 9.8 11.5 6 9 2.2 11.5 3.4 7.2 0 4.4 4.4 4.2Z" fill="currentColor"/>',
    "the reward"],
  ['<circle cx="6" cy="6" r="3" fill="none" stroke="currentColor" opacity="0.7"/>', "nothing known"],
  ['<circle cx="6" cy="6" r="5" fill="var(--explorer-plain)"/>', "value: the fuller, the higher"],
  ['<circle cx="6" cy="6" r="4.5" fill="var(--explorer-plain)" stroke="currentColor" stroke-width="2"/>',
    "ringed: the best action is known"],
  ['<circle cx="6" cy="6" r="2.6" fill="currentColor"/>', "the state named now"],
];

const keyOf = ([shape, label]) =>
  `<span><svg width="12" height="12" aria-hidden="true">${shape}</svg> ${label}</span>`;

function sideOf(id, side, kind) {
  const title = side === "left" ? "Left" : "Right";
  return `<figure><canvas class="track" data-part="${side}-maze" role="img"></canvas><figcaption class="${kind}">
    <label for="${id}-${side}">${title}</label> <select id="${id}-${side}" data-part="${side}">${
    choices(SUPPLIERS)}</select></figcaption></figure>`;
}

const guessOf = (id) => Object.entries(GUESSES).map(([name, label]) =>
  `<label><input type="radio" name="${id}-guess" value="${name}" data-part="guess-${name}"> ${label}${
    name === "same" ? ` (±${100 * TIED} %)` : ""}</label>`).join("");

/**
 * Puts ValueSpreading on the page.
 * @param {Element} el - where it goes
 * @param {object} model - the widget's
 * @returns {{root: Element, parts: Object<string, Element>}} as `putOnPage`
 */
export function buildValue(el, model) {
  const id = freshId("value");
  return putOnPage(el, {
    label: "Live figure: value spreads over a maze while a dream runs",
    kind: "value",
    html: `
    <div class="tracks">${sideOf(id, "left", "plain")}${sideOf(id, "right", "mechanism")}</div>
    <fieldset class="guess"><legend>Predict first: whose learner knows more?</legend>${guessOf(id)}</fieldset>
    <div class="explorer-bar main"><button type="button" data-part="play" aria-describedby="${id}-sentence"
      >Start</button><button type="button" data-part="again">Again, another seed</button></div>
    <canvas class="chart" data-part="chart" role="img"></canvas>
    <p class="sentence" id="${id}-sentence" data-part="sentence"></p>
    <p class="unseen" role="status" data-part="status"></p>
    <p class="legend">${KEYS.map(keyOf).join(" ")}</p>
    <div class="explorer-bar">${listOf(id, { name: "task", label: "Maze", things: model.get("scenes") })}
      ${listOf(id, { name: "learner", label: "Learner", things: LEARNERS })}
      ${listOf(id, { name: "event", label: "A dream lasts", things: EVENTS })}</div>
    <div class="sliders">${sliderOf(id, { name: "speed", label: "Speed", min: 1, max: FASTEST, step: 1 })}</div>`,
  });
}
