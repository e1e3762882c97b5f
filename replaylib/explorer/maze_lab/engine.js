// The engine's messages: a page sends what it wants, and hears what came of it; the work is done in slices. Takes from
// the files before it: Random (arithmetic.js), loadProducts (products.js), MazeError (strokes.js), mazeOf and PRESETS
// (mazes.js), checkSettings (settings.js), Animal (motion.js), awakeStates and copyOfNetwork (network.js), Training,
// TRAINING, HELD_OUT_BATCHES and fingerprintOf (training.js), onsetSteps (stiffness.js), readNetwork, writeNetwork and
// presetOf (safetensors.js).

const REPORT_EVERY = 100; // milliseconds of work between two reports of a training, at least
const REPORT_SHARE = 5; // times that a report's own work is done between two of them, at least
const WORKER_SLICE = 30; // milliseconds of work between two looks for messages, in a worker
const STARTS = 16; // awake states to dream from

// Paths for awake states: those of the animal, or rests at place cells where no maze is known.
function pathsOf(network, maze, pauses, random) {
  const { steps } = TRAINING;
  if (maze) return new Animal(maze, { pauses }, random).paths(STARTS, steps);
  const centres = network.cells?.centres ?? Float32Array.from({ length: 64 }, () => 2 * random.uniform() - 1);
  const position = new Float32Array(STARTS * (steps + 1) * 2);
  for (let path = 0; path < STARTS; path += 1) {
    const cell = Math.floor((random.uniform() * centres.length) / 2);
    const place = centres.subarray(2 * cell, 2 * cell + 2);
    for (let time = 0; time <= steps; time += 1) position.set(place, 2 * (path * (steps + 1) + time));
  }
  return position;
}

/**
 * A training and a network, driven by messages. In: { kind: "start", settings } makes a training and runs it; "run",
 * "pause" and "stop" (it can not go on then); { kind: "load", bytes }; "save"; { kind: "onset", friction, time };
 * "starts". Out: "ready", "progress", "paused", "stopped", "trained", "loaded", "saved", "onset", "starts", and
 * "failed" with one sentence, after which all is as it was before, and a training that can not go on is paused.
 */
export class Engine {
  /**
   * @param {(message: object) => void} post where messages go
   * @param {{ plain?: boolean }} options plain: without compiled products
   */
  constructor(post, { plain = false } = {}) {
    this.post = post;
    this.products = loadProducts({ plain });
    this.current = null; // { network, lab: { maze, settings, iteration } or null }
    this.training = null;
    this.running = false;
    this.work = null;
  }

  /**
   * Take a message; what takes long is left for slices.
   * @param {object|string} message one with a kind, or the kind alone
   */
  receive(message) {
    const { kind, ...rest } = typeof message === "string" ? { kind: message } : { ...message };
    const kinds = ["start", "run", "pause", "stop", "load", "save", "onset", "starts"];
    this.guarded(() => {
      if (!kinds.includes(kind)) throw new MazeError(`A message must be one of ${kinds.join(", ")}, but another came.`);
      this[kind](rest);
    });
  }

  // Does something; what goes wrong is told in one sentence, and `undo` done.
  guarded(action, undo = () => {}) {
    try {
      action();
    } catch (error) {
      undo();
      const sentence = error instanceof MazeError ? error.message : `The engine came to a halt: ${error.message}.`;
      this.post({ kind: "failed", sentence });
    }
  }

  start({ settings }) {
    const training = new Training(checkSettings(settings), this.products);
    this.training = training;
    this.work = null;
    Object.assign(this, { running: true, losses: [], seconds: 0, unreported: Infinity, reportAt: 0 });
    this.current = { network: training.network, lab: this.labOf(training) };
    const { maze, network } = training;
    const { cells, velocityRms } = network;
    this.post({ kind: "ready", simd: this.products.simd, maze, cells, velocityRms, settings: training.settings });
  }

  labOf({ maze, settings, iteration }) {
    return { maze, settings, iteration };
  }

  run() {
    if (!this.training) throw new MazeError("There is no training that could go on: start one first.");
    this.running = !this.training.done;
  }

  pause() {
    if (this.running) this.end("paused");
  }

  stop() {
    if (!this.training) return;
    if (!this.training.done) this.end("stopped");
    this.training = null;
  }

  // Reports where the training is, and the network as it is now.
  end(kind) {
    this.running = false;
    this.progress(HELD_OUT_BATCHES);
    const { network, iteration } = this.training;
    this.current.lab = this.labOf(this.training);
    this.post({
      kind, iteration, fingerprint: this.training.fingerprint(), heldOut: this.heldOut, seconds: this.seconds,
      network: copyOfNetwork(network), starts: this.awake(),
    });
  }

  progress(batches = 1) {
    const before = performance.now();
    const { iteration, iterations } = this.training;
    const { error, bar, position, decoded } = this.training.heldOut(batches);
    this.heldOut = { error, bar };
    this.post({
      kind: "progress", iteration, iterations, losses: this.losses, seconds: this.seconds, heldOut: this.heldOut,
      test: { position, decoded },
    });
    const reporting = performance.now() - before;
    Object.assign(this, { losses: [], unreported: 0, reportAt: Math.max(REPORT_EVERY, REPORT_SHARE * reporting) });
  }

  awake() {
    const { network, lab } = this.current;
    const { pauses, seed } = lab?.settings ?? { pauses: true, seed: 0 };
    const maze = lab?.maze ?? PRESETS[presetOf(network)]?.maze ?? null;
    const random = new Random("starts", seed);
    return awakeStates(network, pathsOf(network, maze, pauses, random), STARTS, random);
  }

  load({ bytes }) {
    const { network, lab } = readNetwork(bytes);
    const preset = lab ? "" : presetOf(network);
    const before = this.current;
    this.current = { network, lab };
    let starts = null;
    try {
      starts = this.awake();
    } catch (error) {
      this.current = before;
      throw error;
    }
    Object.assign(this, { training: null, running: false, work: null });
    const maze = lab?.maze ?? PRESETS[preset]?.maze ?? null;
    const fingerprint = fingerprintOf(network);
    this.post({ kind: "loaded", network: copyOfNetwork(network), lab, maze, preset, starts, fingerprint });
  }

  // The network that there is.
  known() {
    if (!this.current) throw new MazeError("There is no network yet: train one or load one first.");
    if (this.training) this.current.lab = this.labOf(this.training);
    return this.current;
  }

  save() {
    const { network, lab } = this.known();
    const name = `maze-lab-${lab?.settings.maze ?? "network"}-${lab?.settings.seed ?? 0}.safetensors`;
    this.post({ kind: "saved", bytes: writeNetwork(network, lab), name });
  }

  starts() {
    this.known();
    this.post({ kind: "starts", starts: this.awake() });
  }

  onset({ friction, time }) {
    const { network } = this.known();
    const states = this.awake();
    const each = Array.from({ length: STARTS }, (_, i) => states.slice(i * network.units, (i + 1) * network.units));
    this.work = { steps: onsetSteps(copyOfNetwork(network), each, { friction, time }), friction, time };
  }

  onsetStep() {
    const { steps, friction, time } = this.work;
    const { done, value } = steps.next();
    if (!done) return;
    this.work = null;
    this.post({ kind: "onset", ...value, friction, time });
  }

  trainStep() {
    const { training } = this;
    const before = performance.now();
    this.losses.push(training.step());
    const took = performance.now() - before;
    this.seconds += took / 1000;
    this.unreported += took;
    if (training.done) this.end("trained");
    else if (this.unreported >= this.reportAt) this.progress();
  }

  /**
   * Work for a while.
   * @param {number} milliseconds
   * @returns {boolean} whether there is more to do
   */
  slice(milliseconds) {
    const end = performance.now() + milliseconds;
    do {
      if (this.work) {
        this.guarded(() => this.onsetStep(), () => { this.work = null; });
      } else if (this.running) {
        this.guarded(() => this.trainStep(), () => { this.running = false; });
      }
    } while ((this.work || this.running) && performance.now() < end);
    return Boolean(this.work || this.running);
  }
}

// In a worker: slices follow one another through a channel of messages, which no browser slows down as it does timers.
function serve() {
  const engine = new Engine((message) => self.postMessage(message));
  const { port1, port2 } = new MessageChannel();
  let waiting = false;
  const goOn = () => {
    if (!waiting) port2.postMessage(0);
    waiting = true;
  };
  port1.onmessage = () => {
    waiting = false;
    if (engine.slice(WORKER_SLICE)) goOn();
  };
  self.onmessage = ({ data }) => {
    engine.receive(data);
    goOn();
  };
}

if (typeof WorkerGlobalScope !== "undefined" && self instanceof WorkerGlobalScope) serve();
