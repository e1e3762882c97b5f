// MazeLab: draw a maze, train a network in it, let it dream, all in the page. This file follows all others of the page
// in one module; widget.py names them in order.

const STAGES = { draw: "Draw", train: "Train", dream: "Dream" };
const LOOK_AGAIN = 1000; // milliseconds between two looks whether the figure is still on the page
const CALM_PICTURE = 1000; // milliseconds between two still pictures, for readers who want less motion

function buildLab(el, id, small) {
  const root = document.createElement("section");
  root.className = `replay-explorer maze-lab${small ? " small" : ""}`;
  root.setAttribute("aria-label", small ? "Live figure: train a network" : "Live figure: the maze lab");
  const names = Object.entries(STAGES);
  const tabs = names.map(([name, label], index) => `<button type="button" role="tab" id="${id}-tab-${name}"
    data-stage="${name}" aria-controls="${id}-${name}"><span class="number">${index + 1}</span>${label}</button>`);
  const panels = names.map(([name]) => `<div role="tabpanel" id="${id}-${name}" class="stage ${name}"
    data-panel="${name}" aria-labelledby="${id}-tab-${name}" hidden></div>`);
  root.innerHTML = small
    ? '<div class="stage train" data-panel="train"></div>'
    : `<div class="steps" role="tablist" aria-label="Steps">${tabs.join("")}</div>${panels.join("")}`;
  root.insertAdjacentHTML("beforeend", `<p class="notice" data-part="notice" hidden></p>
    <p class="unseen" role="status" aria-live="polite" data-part="status"></p>`);
  el.append(root);
  return root;
}

// What stages share: the settings and what follows from them.
class Lab {
  constructor(root, model, engine, id) {
    Object.assign(this, { root, model, engine, id, small: model.get("small"), book: model.get("book") });
    this.onPage = !model.widget_manager;
    this.settings = { ...engine.DEFAULTS };
    this.stages = {};
    this.calmMedia = window.matchMedia("(prefers-reduced-motion: reduce)");
    this.request = 0;
    this.redraw = this.redraw.bind(this);
    this.say = this.say.bind(this);
    this.put = this.put.bind(this);
  }

  calm() { return this.calmMedia.matches; }
  colours() { this.looks ??= labColours(this.root); return this.looks; }

  /** Draws with the colours that the page has now. */
  repaint() { this.looks = null; this.redraw(); }

  part(name) { return this.root.querySelector(`:scope > [data-part="${name}"]`); }

  /** Tells a sentence to those who listen to the page; `loud` shows it as well. */
  say(sentence, { loud = false } = {}) {
    this.part("status").textContent = sentence;
    this.part("notice").hidden = !loud;
    if (loud) this.part("notice").textContent = sentence;
  }

  /** Takes over settings; the maze and its place cells follow. `touched` is false where the reader did not do it. */
  put(values, { touched = true } = {}) {
    const newMaze = "maze" in values || !this.mazeSentence;
    this.settings = { ...this.settings, ...values };
    if (newMaze) this.readMaze();
    if (touched) this.part("notice").hidden = true;
    if (touched && this.maze && this.onPage && !this.small) rememberSettings(this.engine, this.settings);
    if (this.maze) this.share({ settings: this.settings, maze: this.maze });
    this.refresh();
  }

  readMaze() {
    const { engine, settings } = this;
    try {
      const lines = settings.maze === "drawn" && !settings.drawn?.box;
      const { sentence = "" } = lines ? engine.untangle(settings.drawn ?? {}) : {};
      this.maze = engine.mazeOf(settings);
      this.cells = engine.cellsFor(this.maze);
      this.mazeSentence = `${this.describeMaze()} ${sentence}`.trim();
    } catch (error) {
      if (!(error instanceof engine.MazeError)) throw error;
      [this.maze, this.cells, this.mazeSentence] = [null, null, error.message];
    }
  }
  describeMaze() {
    const { engine, maze, cells } = this;
    const count = cells.centres.length / 2;
    if (maze.box) return `A box of ${maze.box.join(" m by ")} m with ${count} place cells.`;
    const length = maze.edges.reduce((sum, [a, b]) => sum + Math.hypot(
      maze.vertices[a][0] - maze.vertices[b][0], maze.vertices[a][1] - maze.vertices[b][1]), 0);
    const round = engine.tourOf(maze).length;
    return `${length.toFixed(1)} m of corridor, ${round.toFixed(1)} m once round, ${count} place cells.`;
  }

  /** Hands values to a kernel, where there is one. */
  share(values) {
    for (const [name, value] of Object.entries(values)) this.model.set(name, value);
    this.model.save_changes();
  }

  /** Shows one of the stages. */
  go(name) {
    if (this.small || this.stage === name) return;
    const panelOf = (stage) => this.root.querySelector(`[data-panel="${stage}"]`);
    const within = panelOf(this.stage).contains(document.activeElement);
    this.stages[this.stage]?.leave?.();
    this.stage = name;
    showTab(this.root, name);
    this.refresh();
    if (within) panelOf(name).querySelector(".main").focus(); // the button that was pressed is hidden now
    const { top, bottom } = this.root.getBoundingClientRect();
    if (top < 0 || bottom > innerHeight) this.root.scrollIntoView({ block: "start" });
  }

  refresh() {
    for (const stage of Object.values(this.stages)) stage.refresh();
    this.redraw();
  }

  /** Draws the shown stage with the next picture, and goes on while it moves. */
  redraw() {
    if (this.request) return;
    const act = () => {
      this.request = 0;
      const stage = this.stages[this.stage];
      if (!stage || !this.root.isConnected) return;
      stage.draw(performance.now());
      if (stage.moving?.()) this.redraw();
    };
    const slow = this.calm() && this.stages[this.stage]?.moving?.();
    this.request = slow ? setTimeout(act, CALM_PICTURE) : requestAnimationFrame(act);
  }
}

// Settings from the address of the page; what can not be read is said, and changes nothing.
function recall(lab) {
  if (!lab.onPage || lab.small || !/[#&]lab=/.test(location.hash)) return; // as that of a heading
  const { settings, sentence } = lab.engine.fromHash(location.hash);
  if (sentence) { lab.say(sentence, { loud: true }); return; }
  if (lab.engine.toHash(settings) === lab.engine.toHash(lab.settings)) return;
  lab.put(settings, { touched: false });
  lab.say("This link brought a maze and settings: Train makes its network, the same in any browser.", { loud: true });
  lab.root.scrollIntoView({ block: "start" });
}

// Settings that a kernel sets, for the next training where one runs; those that can not be used are said, and the lab
// keeps its own.
function follow(lab, given = lab.model.get("settings")) {
  if (!given || !Object.keys(given).length) return;
  try {
    const settings = lab.engine.checkSettings(given);
    if (JSON.stringify(settings) !== JSON.stringify(lab.settings)) lab.put(settings, { touched: false });
  } catch (error) {
    lab.say(error.message, { loud: true });
  }
}

async function render({ model, el }) {
  const id = `lab-${Math.random().toString(36).slice(2, 8)}`;
  const root = buildLab(el, id, model.get("small"));
  let [lab, ended] = [null, false];
  const connection = await connect((message) => {
    if (root.isConnected) hear(lab, message);
    else end();
  }).catch((error) => {
    root.querySelector('[data-part="notice"]').hidden = false;
    root.querySelector('[data-part="notice"]').textContent = `This browser cannot run the lab: ${error.message}`;
    return null;
  });
  if (!connection) return () => {};
  const given = model.get("settings"); // before the lab tells its own
  lab = new Lab(root, model, connection.engine, id);
  makeRuns(lab, connection);
  const panel = (name) => root.querySelector(`[data-panel="${name}"]`);
  lab.stage = lab.small ? "train" : "draw";
  if (!lab.small) {
    lab.stages.draw = makeDrawStage(panel("draw"), lab);
    bindTabs(root.querySelector('[role="tablist"]'), (name) => lab.go(name));
    showTab(root, "draw");
  }
  lab.stages.train = makeTrainStage(panel("train"), lab);
  if (!lab.small) lab.stages.dream = makeDreamStage(panel("dream"), lab);
  lab.put({}, { touched: false });
  follow(lab, given);
  recall(lab);

  const fromAddress = () => recall(lab);
  const fromKernel = () => follow(lab);
  addEventListener("hashchange", fromAddress);
  model.on("change:settings", fromKernel);
  const unwatch = watchLooks(root, () => lab.repaint());
  const look = setInterval(() => { if (!root.isConnected) end(); }, LOOK_AGAIN);
  root.labConnection = connection; // for tests and for the curious: which way the engine works

  function end() {
    if (ended) return;
    ended = true;
    connection.end();
    unwatch();
    clearInterval(look);
    removeEventListener("hashchange", fromAddress);
    model.off("change:settings", fromKernel);
  }
  return end;
}

/** The widget: anywidget calls `render` with the model and an element, and what it returns when the figure goes. */
export default { render };
