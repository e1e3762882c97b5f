// The third stage: switch the input off and watch the network dream. Takes from the files before it: DREAM_CONTROLS,
// controlsHtml, bindControls (controls.js), drawDream (views.js), threshold (mobility.js), DreamPair and what is said
// of it (dream_pair.js).

const DREAM_PACE = 80; // steps of a dream a second
const MOST_AT_ONCE = 8; // steps for one picture, where pictures come late
const ASK_LATER = 400; // milliseconds for which time and friction stand still before the threshold is asked for

function dreamStageHtml(id, presets) {
  const picture = (side, name, colour) => `<figure><canvas class="track" data-part="${side}" role="img"
    aria-label="A dream in the maze: there is no network yet."></canvas>
    <figcaption class="${colour}" data-part="${side}-name">${name}</figcaption></figure>`;
  const chips = Object.keys(presets)
    .map((name) => `<button type="button" data-preset="${name}" aria-pressed="false">${name}</button>`);
  const rows = Object.entries(DREAM_ROWS).map(([name, [label]]) => `<tr><th scope="row">${label}</th><td
    data-part="${name}-0"></td><td data-part="${name}-1"></td></tr>`);
  return `<div class="picture"><div class="tracks">${picture("left", "plain replay", "plain")}${picture("right", "",
    "mechanism")}</div></div>
    <div class="controls">
      <div class="half"><div class="explorer-bar"><button type="button" class="main"
        data-part="play">Play</button><button type="button" data-part="again">New noise</button><button
        type="button" data-part="restart">Restart</button></div>
      <p class="sentence" data-part="about"></p>
      <table class="counters"><thead><tr><th scope="col">so far</th><th scope="col" class="plain">plain</th><th
        scope="col" class="mechanism">mechanism</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>
      <div class="half"><div class="presets" role="group" aria-label="Mechanisms">${chips.join("")}</div>
      <div class="dials">${controlsHtml(DREAM_CONTROLS, id)}</div>
      <div class="guess"><p class="mobility" data-part="mobility"></p><button type="button"
        data-part="guess">That is my guess</button></div>
      <label class="check"><input type="checkbox" data-setting="rescale" id="${id}-rescale"> <span>Noise shrinks with
        friction, so that momentum does not heat</span></label>
      <p class="hint" data-part="hint"></p></div></div>`;
}

/**
 * @param {HTMLElement} panel
 * @param {object} lab what the stages share: see lab.js
 * @returns {{ refresh: () => void, draw: (now: number) => void, moving: () => boolean, leave: () => void,
 *   hear: (message: object) => void }}
 */
function makeDreamStage(panel, lab) {
  const presets = dreamPresets(lab.book);
  panel.innerHTML = dreamStageHtml(`${lab.id}-dream`, presets);
  const part = (name) => panel.querySelector(`[data-part="${name}"]`);
  const strength = panel.querySelector('[data-setting="strength"]');
  strength.insertAdjacentHTML("afterend", '<span class="mark" data-part="mark" hidden></span>');
  const setting = { ...presets.Both, noise: 1, rescale: true };
  let [trained, pair, seed, playing, last, owed, told] = [null, null, 1, false, 0, 0, -Infinity];
  let [guess, onset, asked] = [null, null, 0];

  const showControls = bindControls(panel, DREAM_CONTROLS, { get: () => setting, put });
  const rescale = panel.querySelector('[data-setting="rescale"]');
  rescale.addEventListener("change", () => put({ rescale: rescale.checked }));

  // A moved slider shows at once what the same steps would have been.
  function put(values) {
    Object.assign(setting, values);
    if ("time" in values || "friction" in values) askForOnset();
    begin(pair?.steps ?? 0);
    refresh();
  }
  function begin(steps = 0) {
    if (!trained) return;
    pair = new DreamPair(lab.engine, trained, seed);
    while (pair.steps < steps && !pair.over) pair.advance(setting);
    told = -Infinity;
    lab.redraw();
  }
  function play(on) {
    playing = on && Boolean(pair);
    if (playing && pair.over) begin();
    [last, owed, told] = [0, 0, -Infinity];
    part("play").textContent = playing ? "Pause" : "Play";
    if (!playing && pair) lab.say(describeDreams(pair, setting));
    lab.redraw();
  }

  function askForOnset() {
    if (guess === null) return;
    onset = null;
    clearTimeout(asked);
    asked = setTimeout(() => lab.askOnset(setting), ASK_LATER);
  }
  part("guess").addEventListener("click", () => {
    guess = setting.strength;
    askForOnset();
    refresh();
    part("play").focus();
  });
  part("play").addEventListener("click", () => play(!playing));
  part("again").addEventListener("click", () => { seed += 1; begin(); play(true); });
  part("restart").addEventListener("click", () => { begin(); play(false); });
  for (const button of panel.querySelectorAll("[data-preset]")) {
    button.addEventListener("click", () => put(presets[button.dataset.preset]));
  }

  // The mark reaches from the threshold of an even track to that of this network, once both are told.
  function showOnset() {
    part("mobility").textContent = describeOnset(setting, { guess, onset });
    part("guess").hidden = guess !== null;
    const known = guess !== null && onset?.strength;
    part("mark").hidden = !known;
    if (!known) return;
    const most = Number(strength.max);
    const [from, to] = [threshold({ ...setting, stiffness: 0 }), onset.strength].map((one) => Math.min(1, one / most));
    part("mark").style.setProperty("--from", Math.min(from, to));
    part("mark").style.setProperty("--to", Math.max(from, to));
  }

  function tell() {
    const text = describeDreams(pair, setting);
    part("about").textContent = text;
    part("left").setAttribute("aria-label", `Plain replay in the maze. ${text}`);
    part("right").setAttribute("aria-label", `Replay with ${mechanismOf(setting)} in the maze. ${text}`);
    pair.dreams.forEach((dream, index) => {
      for (const [name, [, value]] of Object.entries(DREAM_ROWS)) part(`${name}-${index}`).textContent = value(dream);
    });
  }

  function refresh() {
    if (trained !== lab.trained) {
      [trained, guess, onset, seed] = [lab.trained, null, null, 1];
      begin();
    }
    showControls();
    rescale.checked = setting.rescale;
    for (const button of panel.querySelectorAll("[data-preset]")) {
      const preset = Object.entries(presets[button.dataset.preset]);
      const fits = preset.every(([name, value]) => Math.abs(setting[name] - value) < 1e-9);
      button.setAttribute("aria-pressed", String(fits));
    }
    for (const name of ["play", "again", "restart", "guess"]) part(name).disabled = !trained;
    part("right-name").textContent = mechanismOf(setting).replace(" with ", " + ");
    if (!trained) part("about").textContent = "There is no network yet that could dream. Train one, or load one.";
    showOnset();
  }

  // Steps are owed to time, so that slow machines dream as fast, in fewer pictures.
  function catchUp(now) {
    owed += last ? ((now - last) / 1000) * DREAM_PACE : 1;
    last = now;
    let due = lab.calm() ? Math.min(100, Math.floor(owed)) : Math.min(MOST_AT_ONCE, Math.floor(owed));
    owed = due === MOST_AT_ONCE ? 0 : owed - due;
    for (; due > 0 && !pair.over; due -= 1) pair.advance(setting);
    if (pair.over) play(false);
  }

  function draw(now) {
    const colours = lab.colours();
    const maze = trained?.maze ?? lab.maze;
    if (playing) catchUp(now);
    ["left", "right"].forEach((side, index) => {
      const dream = pair?.dreams[index];
      const looks = { colour: index ? colours.mechanism : colours.plain, colours };
      const { centres = null } = trained?.network.cells ?? {};
      const activity = dream && centres ? activityOf(trained.network, dream.state.hidden) : null;
      if (maze) drawDream(part(side), { maze, centres, activity, path: dream?.path ?? [] }, looks);
    });
    if (!pair || now - told < 200) return;
    told = now;
    tell();
  }

  function hear({ strength: found, sentence }) {
    onset = { strength: found, sentence };
    showOnset();
    lab.say(part("mobility").textContent);
  }
  return { refresh, draw, moving: () => playing, hear, leave: () => play(false) };
}
