// The two replays that ReplayExplorer compares, its settings, and what it says of them.
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
  ["noise", "Noise σ", 0, 3, 0.05, "× σ√2", "Noise per step, over the σ√2 that makes replay a Langevin sampler."],
  ["adaptation_strength", "Adaptation strength bₐ", 0, strongest, 0.005, "",
    "How strongly the trace of past states is subtracted. The mark is the threshold, from an even track to this one."],
  ["adaptation_time", "Adaptation time τₐ", 1, 100, 1, "steps", "How long that trace is remembered."],
  ["friction", "Friction λᵥ", 0.05, 1, 0.05, "per step",
    "Share of the hidden velocity lost per step; 1 means no momentum."],
  ["speed", "Playback", 1, 10, 1, "steps a frame", "How fast you watch; it changes nothing in the replay."],
];

const settingOf = (model) => ({
  strength: model.get("adaptation_strength"), time: model.get("adaptation_time"), friction: model.get("friction"),
});

// Both replays of one task, seed and setting.
class Pair {
  constructor(model) {
    this.scene = model.get("scenes")[model.get("task")];
    const bytes = model.get("weights");
    this.network = readNetwork(this.scene, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    this.restart(model);
  }
  restart(model) {
    const { n, starts } = this.network;
    const first = (model.get("seed") % (starts.length / n)) * n;
    this.normal = normalSource(model.get("seed"));
    this.steps = 0;
    this.runs = [0, 1].map(() => new Run(this.network, this.scene, starts.subarray(first, first + n)));
  }
  advance(model) {
    const setting = settingOf(model);
    const xi = this.normal(this.network.n).map((value) => value * model.get("noise") * this.scene.noise_std);
    const factor = model.get("rescale_noise") ? Math.sqrt(setting.friction) : 1;
    this.runs[0].advance({ friction: 1, strength: 0, time: 1 }, xi);
    this.runs[1].advance(setting, xi.map((value) => value * factor));
    this.steps += 1;
  }
  over(steps) { return this.steps >= steps || !this.runs[1].alive; }
}

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
    return `At step ${pair.steps} the replay with ${name} blew up: there is too much of it for this network.`;
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
