// The second stage: train a network in the maze, and watch it learn. Takes from the files before it: TRAINING_CONTROLS,
// controlsHtml, bindControls (controls.js), drawTest (views.js), drawLosses (losses_view.js).

const PACE = 24; // steps of the animal a second
const HELD = 200; // milliseconds for which numbers and words stand still
const BUSY = ["starting", "running", "paused"];

const counted = (number) => number.toLocaleString("en");
const metres = (value) => `${value.toFixed(2)} m`;

const FILE_BUTTONS = [
  ["link", "Copy link"], ["save", "Save"], ["load", "Load"], ["python", "Copy Python"],
].map(([name, label]) => `<button type="button" data-part="${name}">${label}</button>`).join("");

function trainStageHtml(id, presets, small) {
  const options = Object.entries(presets).map(([name, { label }]) => `<option value="${name}">${label}</option>`);
  const place = `<div class="dial choice"><label for="${id}-maze">Maze</label><select id="${id}-maze"
    data-part="maze">${options.join("")}</select></div>`;
  const files = `<div class="explorer-bar files" role="group" aria-label="Keep and share">${FILE_BUTTONS}<input
    type="file" accept=".safetensors" data-part="file" hidden><input class="text" data-part="text" readonly hidden
    aria-label="Text to copy"></div>`;
  const dream = '<button type="button" class="main" data-part="dream">Let it dream</button>';
  return `<div class="picture"><canvas class="track" data-part="test" role="img"></canvas><canvas class="chart"
      data-part="losses" role="img"></canvas><p class="earlier" data-part="earlier" hidden></p></div>
    <div class="controls">
      <div class="explorer-bar"><button type="button" class="main" data-part="go">Train</button><button type="button"
        data-part="stop">Stop</button>${small ? "" : dream}</div>
      <div class="gauge" data-part="gauge"><span class="fill"></span><span class="goal"></span></div>
      <p class="sentence" data-part="about"></p>
      <fieldset data-part="settings"><legend class="unseen">Settings of the training</legend><div
        class="dials">${small ? place : ""}${controlsHtml(TRAINING_CONTROLS, id)}</div></fieldset>
      <p class="hint" data-part="hint"></p>${small ? "" : files}
      <p class="fingerprint" data-part="fingerprint" hidden></p></div>`;
}

// What the numbers mean, in a sentence or two.
function describeTraining({ status, iteration, iterations, losses, seconds, heldOut, sentence }, settings) {
  if (status === "failed") return sentence;
  if (status === "idle") {
    return `A network of ${settings.units} units hears how the animal moves, and must tell where it is. Press Train.`;
  }
  if (!losses.length) return "The first batch of paths is on its way.";
  const when = {
    running: `Iteration ${counted(iteration)} of ${counted(iterations)}, ${seconds.toFixed(0)} s.`,
    paused: `Paused at iteration ${counted(iteration)} of ${counted(iterations)}.`,
    stopped: `Stopped after ${counted(iteration)} iterations.`,
    trained: `Trained: ${counted(iteration)} iterations in ${seconds.toFixed(0)} s.`,
  }[status] ?? "";
  if (!heldOut) return when;
  const good = heldOut.error <= heldOut.bar ? "better" : "not yet better";
  return `${when} On new paths it is ${metres(heldOut.error)} off, ${good} than 5 % of the maze’s length, ` +
    `${metres(heldOut.bar)}.`;
}

// What earlier trainings are told by: the settings in which they differ most often.
const labelOf = ({ leak, noise, pauses, symmetric, units }) =>
  `leak ${leak}, noise ${noise}${pauses ? "" : ", no pauses"}${symmetric ? "" : ", free weights"}, ${units} units`;

/**
 * @param {HTMLElement} panel
 * @param {object} lab what the stages share: see lab.js
 * @returns {{ refresh: () => void, draw: (now: number) => void, moving: () => boolean }}
 */
function makeTrainStage(panel, lab) {
  panel.innerHTML = trainStageHtml(lab.id, lab.engine.PRESETS, lab.small);
  const part = (name) => panel.querySelector(`[data-part="${name}"]`);
  const on = (name, event, act) => part(name)?.addEventListener(event, act);
  const showControls = bindControls(panel, TRAINING_CONTROLS, { get: () => lab.settings, put: lab.put });
  let [told, began] = [-HELD, 0];

  const busy = () => BUSY.includes(lab.run.status);
  on("go", "click", () => {
    if (lab.run.status === "running") lab.pause();
    else if (lab.run.status === "paused") lab.goOn();
    else if (lab.run.status !== "starting") lab.train();
  });
  on("stop", "click", () => { if (busy()) lab.stop(); });
  on("dream", "click", () => lab.go("dream"));
  on("maze", "change", () => lab.put({ maze: part("maze").value, drawn: null }));
  on("link", "click", () => lab.copyLink(part("text")));
  on("python", "click", () => lab.copyPython(part("text")));
  on("save", "click", () => lab.save());
  on("load", "click", () => part("file").click());
  on("file", "change", () => {
    const [file] = part("file").files;
    part("file").value = "";
    if (file) lab.load(file);
  });

  function showGauge(heldOut) {
    const gauge = part("gauge");
    gauge.classList.toggle("empty", !heldOut);
    if (!heldOut) return;
    gauge.style.setProperty("--error", Math.min(1, heldOut.error / (4 * heldOut.bar)));
    gauge.classList.toggle("good", heldOut.error <= heldOut.bar);
  }

  function tell() {
    const text = describeTraining(lab.run, lab.settings);
    part("about").textContent = lab.maze || busy() ? text : lab.mazeSentence;
    part("about").classList.toggle("wrong", lab.run.status === "failed");
    part("test").setAttribute("aria-label", `The maze, with the animal and where the network believes it is. ${text}`);
    const { losses, earlier } = lab.run;
    part("losses").setAttribute("aria-label", losses.length
      ? `Loss against iterations: from ${losses[0].toPrecision(2)} to ${losses.at(-1).toPrecision(2)}.` +
        earlier.map(({ label, last }) => ` Before: ${label}, ${last.toPrecision(2)}.`).join("")
      : "Loss against iterations: nothing yet.");
    showGauge(lab.run.heldOut);
    part("earlier").hidden = !earlier.length;
    const before = earlier.map(({ label, last }) => `${label}: loss ${last.toPrecision(2)}`);
    part("earlier").textContent = `Before, in grey: ${before.join("; ")}.`;
  }

  function refresh() {
    const { status, fingerprint } = lab.run;
    showControls();
    if (part("maze") && lab.settings.maze !== "drawn") part("maze").value = lab.settings.maze;
    part("settings").disabled = busy();
    part("go").textContent = { running: "Pause", starting: "Pause", paused: "Go on" }[status] ?? "Train";
    part("go").disabled = !lab.maze && !busy();
    part("stop").disabled = !busy();
    if (part("dream")) part("dream").disabled = !lab.trained || status === "running";
    for (const name of ["save", "python"]) if (part(name)) part(name).disabled = !lab.trained;
    if (part("link")) part("link").disabled = !lab.maze || !lab.onPage;
    part("fingerprint").hidden = !fingerprint;
    part("fingerprint").dataset.whole = fingerprint ?? "";
    part("fingerprint").textContent = `Fingerprint of the weights: ${(fingerprint ?? "").slice(0, 16)}. The same ` +
      "settings give the same network, bit for bit, in any browser.";
    tell();
  }

  function draw(now) {
    const { run } = lab;
    const colours = lab.colours();
    const { maze, cells } = busy() ? run : lab;
    if (!maze || !cells) return;
    const test = run.maze === maze ? run.test : null;
    const times = test ? test.position.length / 2 : 1;
    if (lab.calm()) began = 0;
    else if (!began) began = now;
    const step = lab.calm() || !began ? times - 1 : Math.floor(((now - began) / 1000) * PACE) % times;
    drawTest(part("test"), { maze, cells, test, step }, colours);
    drawLosses(part("losses"), run, colours);
    if (now - told < HELD) return;
    told = now;
    tell();
  }
  const moving = () => lab.run.status === "running" && !lab.calm();
  return { refresh, draw, moving };
}
