// The first stage: choose a maze or draw one. Takes from the files before it: Sketch (sketch.js), cornerList
// (corners.js), Editor (editor.js).

const SHEET_LABEL = "Drawing sheet. Arrow keys move a cross, with Shift in small steps. Enter sets a corner and " +
  "joins it to the last one; on a corner, joins to it or lifts the pen. The space bar picks a corner up and puts it " +
  "down. Delete removes a corner, Escape lifts the pen, Control and Z go back.";
const HOW = "Click or tap to set a corner: a line joins it to the last one. Drag moves a corner; a click on a corner " +
  "joins to it, and on the orange one lifts the pen.";

// A small picture of a maze for its button.
function mazeIcon(maze) {
  const points = maze.box ? [[0, 0], maze.box] : maze.vertices;
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const size = Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys));
  const [middleX, middleY] = [xs, ys].map((all) => (Math.max(...all) + Math.min(...all)) / 2);
  const place = ([x, y]) => [x - middleX, middleY - y].map((away) => (14 + (20 * away) / size).toFixed(1));
  const shape = maze.box
    ? '<rect x="4" y="4" width="20" height="20" rx="2"/>'
    : `<path d="${maze.edges.map(([a, b]) => `M${place(maze.vertices[a])}L${place(maze.vertices[b])}`).join("")}"/>`;
  return `<svg viewBox="0 0 28 28" width="28" height="28" aria-hidden="true">${shape}</svg>`;
}
const OWN_ICON = `<svg viewBox="0 0 28 28" width="28" height="28" aria-hidden="true"><path d="M5 23l2-6L19 5l4 4L11 21z
  M16 8l4 4"/></svg>`;

const mazeButton = (name, label, icon) => `<button type="button" class="maze" data-maze="${name}" aria-pressed="false">
  ${icon}<span>${label}</span></button>`;

function drawStageHtml(presets, id) {
  const mazes = Object.entries(presets).map(([name, { label, maze }]) => mazeButton(name, label, mazeIcon(maze)));
  const tools = [["undo", "Undo"], ["delete", "Delete"], ["lift", "Lift pen"], ["empty", "Empty"]]
    .map(([name, label]) => `<button type="button" data-part="${name}">${label}</button>`);
  return `<div class="picture"><canvas class="sheet" data-part="sheet" role="application" tabindex="0"
      aria-label="${SHEET_LABEL}"></canvas></div>
    <div class="controls">
      <div class="mazes" role="group" aria-label="Mazes">${mazes.join("")}${mazeButton("drawn", "Own", OWN_ICON)}</div>
      <div class="explorer-bar" role="group" aria-label="Drawing">${tools.join("")}</div>
      <p class="sentence" data-part="about"></p>
      <button type="button" class="main" data-part="train">Train a network in it</button>
      <details data-part="list"><summary>Corners as numbers</summary>
        <table><thead><tr><th scope="col">corner</th><th scope="col">right [m]</th><th scope="col">up [m]</th><th
          scope="col">joined to</th><th scope="col"><span class="unseen">delete</span></th></tr></thead><tbody
          data-part="corners"></tbody></table>
        <button type="button" data-part="add" id="${id}-add">Add a corner</button></details>
      <p class="hint how">${HOW}</p></div>`;
}

/**
 * @param {HTMLElement} panel
 * @param {object} lab what the stages share: see lab.js
 * @returns {{ refresh: () => void, draw: () => void }}
 */
function makeDrawStage(panel, lab) {
  panel.innerHTML = drawStageHtml(lab.engine.PRESETS, lab.id);
  const part = (name) => panel.querySelector(`[data-part="${name}"]`);
  const sketch = new Sketch();
  let own = null; // what was drawn last, while a preset is shown
  let shown = null; // the settings that the sketch shows

  function change(act, { again = false } = {}) {
    if (!again) sketch.remember(lab.settings.maze);
    act();
    keep("drawn");
  }
  function keep(name) {
    own = name === "drawn" ? sketch.maze : own;
    shown = { maze: name, drawn: name === "drawn" ? sketch.maze : null };
    lab.put(shown);
  }
  function choose(name) {
    sketch.remember(lab.settings.maze);
    sketch.load(name === "drawn" ? own : lab.engine.PRESETS[name].maze);
    keep(name);
  }
  function undo() {
    const name = sketch.undo();
    if (name === null) lab.say("There is nothing to undo.");
    else keep(name);
  }
  const box = () => (lab.maze?.box ? lab.maze : null);
  const editor = new Editor(part("sheet"), sketch, { change, undo, say: lab.say, box, redraw: lab.redraw });
  const showCorners = cornerList(part("corners"), sketch, { change, say: lab.say });

  // One more corner, to the right of the last one and joined to it.
  function addCorner() {
    if (sketch.vertices.length && sketch.pen === null) sketch.pen = sketch.vertices.length - 1;
    const [x, y] = sketch.vertices[sketch.pen] ?? [-0.5, 0];
    sketch.add(x + 0.5 <= SHEET ? x + 0.5 : x - 0.5, y);
  }
  const acts = {
    undo,
    delete: () => {
      if (sketch.vertices.length) change(() => sketch.remove(sketch.pen ?? sketch.vertices.length - 1));
    },
    lift: () => change(() => { sketch.pen = null; }),
    empty: () => change(() => sketch.load(null)),
    add: () => { if (box()) choose("drawn"); change(addCorner); },
    train: () => lab.train(),
  };
  for (const [name, act] of Object.entries(acts)) part(name).addEventListener("click", act);
  for (const button of panel.querySelectorAll("[data-maze]")) {
    button.addEventListener("click", () => choose(button.dataset.maze));
  }

  function refresh() {
    const { maze, drawn } = lab.settings;
    if (shown?.maze !== maze || (maze === "drawn" && shown.drawn !== drawn)) {
      sketch.load(maze === "drawn" ? drawn : lab.engine.PRESETS[maze].maze);
      shown = { maze, drawn };
      if (maze === "drawn") own = drawn;
    }
    for (const button of panel.querySelectorAll("[data-maze]")) {
      button.setAttribute("aria-pressed", String(button.dataset.maze === maze));
    }
    showCorners();
    part("about").textContent = lab.mazeSentence;
    part("about").classList.toggle("wrong", !lab.maze);
    part("train").disabled = !lab.maze;
    part("list").hidden = Boolean(box());
  }
  return { refresh, draw: () => editor.draw(lab.cells, lab.colours()) };
}
