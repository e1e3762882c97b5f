// A training from start to end, what comes of it, and files: messages to the engine and back. Takes from the files
// before it: copyText, handOver, linkTo, pythonFor (link.js), labelOf, describeTraining (train_stage.js).

const MOST_BYTES = 32 * 2 ** 20; // a file larger than this is no network of the lab
const MOST_EARLIER = 3; // trainings whose losses stay in the picture
const ANNOUNCE = 5000; // milliseconds between two sentences on a training that goes on

/** One training: where it is, its losses, and what came before it. status: idle, starting, running, paused, stopped,
 *  trained or failed; losses [iterations so far]; seconds that it took; heldOut: error and bar [m]. */
class Run {
  constructor(earlier = [], iterations = 1200) {
    Object.assign(this, { status: "idle", losses: [], earlier, iteration: 0, iterations, seconds: 0, heldOut: null,
      test: null, maze: null, cells: null, fingerprint: null, settings: null, sentence: "", announced: 0 });
  }
  get busy() { return ["starting", "running", "paused"].includes(this.status); }
}

function earlierRuns({ earlier, losses, settings }) {
  if (losses.length < 2) return earlier;
  return [...earlier, { losses, label: labelOf(settings), last: losses.at(-1) }].slice(-MOST_EARLIER);
}

/**
 * Gives a lab its training and its files.
 * @param {Lab} lab
 * @param {{ post: (message: object) => void }} connection
 */
function makeRuns(lab, connection) {
  const { post } = connection;
  const as = (status) => { lab.run.status = status; lab.refresh(); };
  lab.run = new Run([], lab.settings.iterations);
  lab.trained = null;
  lab.fileName = "maze-lab.safetensors";
  lab.wanted = []; // what saved bytes are for: "file", "kernel"

  Object.assign(lab, {
    train() {
      if (!lab.maze) { lab.say(lab.mazeSentence, { loud: true }); return; }
      lab.go("train");
      lab.run = new Run(earlierRuns(lab.run), lab.settings.iterations);
      Object.assign(lab.run, { settings: { ...lab.settings }, maze: lab.maze, cells: lab.cells });
      as("starting");
      lab.say("The training begins.");
      post({ kind: "start", settings: lab.settings });
    },
    pause() { post({ kind: "pause" }); },
    goOn() { as("running"); post({ kind: "run" }); },
    stop() { post({ kind: "stop" }); },
    save() { lab.ask("file"); },
    ask(purpose) { lab.wanted.push(purpose); post({ kind: "save" }); },
    askOnset({ friction, time }) { post({ kind: "onset", friction, time }); },
    async load(file) {
      if (file.size > MOST_BYTES) {
        lab.say(`A network of the lab takes at most ${MOST_BYTES / 2 ** 20} MB, but ${file.name} has ` +
          `${Math.round(file.size / 2 ** 20)} MB.`, { loud: true });
        return;
      }
      post({ kind: "load", bytes: new Uint8Array(await file.arrayBuffer()) });
    },
    async copyLink(field) {
      const copied = await copyText(linkTo(lab.engine, lab.settings), field);
      const told = "The link is copied: whoever opens it trains the same network.";
      lab.say(copied ? told : "Here is the link.", { loud: true });
    },
    async copyPython(field) {
      const copied = await copyText(pythonFor(lab.fileName), field);
      const told = "Three lines of Python are copied: they read the saved file.";
      lab.say(copied ? told : "Here are the lines.", { loud: true });
    },
  });
}

// What the engine tells, by kind.
const HEARD = {
  ready(lab) {
    lab.run.status = "running";
    lab.refresh();
  },
  progress(lab, { iteration, iterations, losses, seconds, heldOut, test }) {
    const { run } = lab;
    for (const loss of losses ?? []) run.losses.push(loss);
    Object.assign(run, { iteration, iterations, seconds, heldOut: heldOut ?? run.heldOut, test: test ?? run.test });
    if (run.status === "starting") { run.status = "running"; lab.refresh(); }
    if (performance.now() - run.announced > ANNOUNCE) {
      run.announced = performance.now();
      lab.say(describeTraining(run, lab.settings));
    }
    lab.redraw();
  },
  trained(lab, message) { finish(lab, message, "trained"); },
  paused(lab, message) { finish(lab, message, "paused"); },
  stopped(lab, message) { finish(lab, message, "stopped"); },
  loaded(lab, message) {
    lab.run = new Run(earlierRuns(lab.run), lab.settings.iterations);
    if (message.lab) lab.put(message.lab.settings, { touched: false });
    const maze = message.maze ?? lab.maze; // a file that names no maze is shown in the one on the sheet
    Object.assign(lab.run, { settings: lab.settings, maze, cells: message.network.cells });
    finish(lab, message, "loaded");
    lab.go("dream");
    lab.say("The network from the file is ready to dream.", { loud: true });
  },
  saved(lab, { bytes, name }) {
    lab.fileName = name ?? lab.fileName;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (lab.wanted.shift() === "kernel") lab.share({ saved: view });
    else handOver(bytes, lab.fileName);
  },
  onset(lab, message) { lab.stages.dream?.hear(message); },
  failed(lab, { sentence }) {
    if (lab.run.busy) Object.assign(lab.run, { status: "failed", sentence });
    lab.wanted = [];
    lab.say(sentence, { loud: true });
    lab.refresh();
  },
};

// A network that is ready to dream: from a training's end or pause, or from a file.
function finish(lab, { network, starts, fingerprint, heldOut, iteration, seconds }, status) {
  const { run } = lab;
  Object.assign(run, { status, fingerprint, heldOut: heldOut ?? run.heldOut });
  Object.assign(run, { iteration: iteration ?? run.iteration, seconds: seconds ?? run.seconds });
  const { maze, settings } = run;
  lab.fileName = `maze-lab-${settings.maze}-${settings.seed}.safetensors`; // as the engine will name it
  lab.trained = { network, starts, maze, scene: lab.engine.sceneOf(maze, settings) };
  if (!lab.onPage) lab.ask("kernel");
  lab.refresh();
  lab.say(describeTraining(run, lab.settings));
}

function hear(lab, message) { HEARD[message.kind]?.(lab, message); }
