// Room: replay. The two replays that ReplayExplorer compares, its settings, and what it says of them.
// This file follows dynamics.js and mobility.js in one module.

// What each button sets; the numbers are the book's.
const presets = ({ strength, time, friction, alone_strength, alone_time, strong }) => ({
  Plain: { adaptation_strength: 0, friction: 1 },
  Adaptation: { adaptation_strength: alone_strength, adaptation_time: alone_time, friction: 1 },
  "Strong adaptation alone": { adaptation_strength: strong, adaptation_time: alone_time, friction: 1 },
  Momentum: { adaptation_strength: 0, friction },
  Both: { adaptation_strength: strength, adaptation_time: time, friction },
  "Too much": { adaptation_strength: strong, adaptation_time: time, friction },
});

// Each slider: trait, label, range, stride, unit, and one sentence of meaning.
const sliders = ({ strongest }) => [
  { name: "noise", label: "Noise σ", min: 0, max: 3, step: 0.05, unit: "× σ√2",
    hint: "Noise per step, over the σ√2 that makes replay a Langevin sampler." },
  { name: "adaptation_strength", label: "Adaptation strength bₐ", min: 0, max: strongest, step: 0.005, unit: "",
    hint: "How strongly the trace of past states is subtracted. " +
      "The mark is the threshold, from an even track to this one." },
  { name: "adaptation_time", label: "Adaptation time τₐ", min: 1, max: 100, step: 1, unit: "steps",
    hint: "How long that trace is remembered." },
  { name: "friction", label: "Friction λᵥ", min: 0.05, max: 1, step: 0.05, unit: "per step",
    hint: "Share of the hidden velocity lost per step; 1 means no momentum." },
  { name: "speed", label: "Playback", min: 1, max: 10, step: 1, unit: "steps a frame",
    hint: "How fast you watch; it changes nothing in the replay." },
];

const settingOf = (model) => ({
  strength: model.get("adaptation_strength"), time: model.get("adaptation_time"), friction: model.get("friction"),
});

const PLAIN = { friction: 1, strength: 0, time: 1 };

/** Both replays of one task, seed and setting: [plain, with the mechanism]. */
class Pair {
  constructor(model) {
    this.model = model;
    this.scene = model.get("scenes")[model.get("task")];
    const bytes = model.get("weights");
    this.network = readNetwork(this.scene, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    this.restart();
  }

  // From the start, with the noise of the seed.
  restart() {
    this.kicks = [];
    this.normal = normalSource(this.model.get("seed"));
    this.steps = 0;
    this.renewed = null;
    this.runs = [this.fresh(), this.fresh()];
    this.plainNoise = this.model.get("noise");
  }

  fresh() {
    const { n, starts } = this.network;
    const first = (this.model.get("seed") % (starts.length / n)) * n;
    return new Run(this.network, this.scene, starts.subarray(first, first + n));
  }

  // Standard normal numbers of a step [n], drawn once for all settings.
  kick(index) {
    while (this.kicks.length <= index) this.kicks.push(this.normal(this.network.n));
    return this.kicks[index];
  }

  move(run, index, setting, factor) {
    run.advance(setting, this.kick(index).map((value) => value * factor * this.scene.noise_std));
  }

  advance() {
    const [setting, noise, rescaled] = [settingOf(this.model), this.model.get("noise"), noiseFactor(this.model)];
    this.move(this.runs[0], this.steps, PLAIN, noise);
    this.move(this.runs[1], this.steps, setting, rescaled);
    this.steps += 1;
  }

  // Begins to make anew, under the settings of now, the steps that were made; `renew` goes on with it.
  beginAnew() {
    const [setting, noise, rescaled] = [settingOf(this.model), this.model.get("noise"), noiseFactor(this.model)];
    const plain = noise === this.plainNoise ? null : this.fresh();
    this.renewed = { step: 0, setting, noise, rescaled, runs: [plain, this.fresh()] };
  }

  /**
   * Goes on for some milliseconds.
   * @returns {boolean} whether it is done: both replays are then those of the new settings
   */
  renew(milliseconds) {
    const end = performance.now() + milliseconds;
    const { renewed } = this;
    const { setting, noise, rescaled, runs: [plain, other] } = renewed;
    for (; renewed.step < this.steps; renewed.step += 1) {
      if (performance.now() > end) return false;
      if (plain) this.move(plain, renewed.step, PLAIN, noise);
      this.move(other, renewed.step, setting, rescaled);
    }
    this.runs = [plain ?? this.runs[0], other];
    this.plainNoise = noise;
    this.renewed = null;
    return true;
  }

  over(steps) { return this.steps >= steps || !this.runs[1].alive; }
}

// Of the right replay's noise over that of plain replay at the noise 1.
const noiseFactor = (model) =>
  model.get("noise") * (model.get("rescale_noise") ? Math.sqrt(model.get("friction")) : 1);

function mechanismName(model) {
  const [adapts, moves] = [model.get("adaptation_strength") > 0, model.get("friction") < 1];
  if (adapts) return moves ? "adaptation with momentum" : "adaptation";
  return moves ? "momentum" : "plain replay again";
}

function describe(pair, model) {
  const [plain, other] = pair.runs;
  const { regions, running_speed: running, awake_speed: awake } = pair.scene;
  const name = mechanismName(model);
  if (!other.alive) {
    return `At step ${other.path.length} the replay with ${name} blew up: there is too much of it for this network.`;
  }
  if (!pair.steps) return `Two replays wait at the same place: plain, and with ${name}. Press Play.`;
  const count = (run) => `${run.regions.size} of ${regions.length} regions`;
  const visited = `After ${pair.steps} steps: plain ${count(plain)}, ${name} ${count(other)}`;
  const far = other.displacement;
  if (!Number.isFinite(far)) return `${visited}.`;
  const jumps = other.jumps ? `, and jumps ${other.jumps} ${other.jumps === 1 ? "time" : "times"}` : "";
  return `${visited}; it moves ${(far / running).toFixed(1)} times as fast as the running animal ` +
    `(${(far / awake).toFixed(1)} times the animal with its rests)${jumps}.`;
}

// The table under the picture: label, and what it says of each replay.
const shown = (value, digits, unit = "") => (Number.isFinite(value) ? value.toFixed(digits) + unit : "–");
const times = (value) => shown(value, 1, " ×");
const COUNTERS = {
  regions: ["Regions visited", (run, { scene }) => `${run.regions.size} of ${scene.regions.length}`],
  landmarks: ["Targets reached", (run, { scene }) => `${run.landmarks.size} of ${scene.landmarks.length}`],
  window: [`Metres in ${WINDOW} steps`, (run) => shown(run.displacement, 2)],
  running: ["Speed over the running animal’s", (run, { scene }) => times(run.displacement / scene.running_speed)],
  awake: ["Speed over the animal’s with its rests", (run, { scene }) => times(run.displacement / scene.awake_speed)],
  plain: ["Speed over plain replay’s", (run, { runs }) => times(run.displacement / runs[0].displacement)],
  jumps: ["Jumps, as long as ten running steps", (run) => run.jumps],
};
