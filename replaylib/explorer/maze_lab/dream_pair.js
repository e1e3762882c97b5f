// Two dreams of one network from the same state and with the same noise: plain, and with the mechanism; what is said of
// them. Takes from the files before it: mobilityNumber, threshold (mobility.js).

const DREAM_STEPS = 600;
const PLAIN = { strength: 0, time: 1, friction: 1 };

/** Plain replay beside replay with the mechanism. */
class DreamPair {
  /**
   * @param {object} engine
   * @param {object} trained network, scene, and starts [count * n] to dream from
   * @param {number} seed chooses start and noise
   */
  constructor(engine, { network, scene, starts }, seed) {
    const n = network.units;
    const first = (seed % (starts.length / n)) * n;
    this.dreams = [0, 1].map(() => new engine.Dream(network, scene, starts.slice(first, first + n), seed));
  }
  advance({ noise, rescale, ...mechanism }) {
    this.dreams[0].advance({ ...PLAIN, noise, rescale });
    this.dreams[1].advance({ ...mechanism, noise, rescale });
  }
  get steps() { return this.dreams[0].steps; }
  get over() { return this.steps >= DREAM_STEPS || !this.dreams.every(({ alive }) => alive); }
}

/**
 * What a network reports in a state: the activity of its place cells.
 * @param {{ units: number, outputs: number, decoder: Float32Array }} network
 * @param {Float64Array} hidden [n]
 * @returns {Float32Array} [outputs] [1]
 */
function activityOf({ units: n, outputs, decoder }, hidden) {
  return Float32Array.from({ length: outputs }, (_, output) => {
    let total = 0;
    for (let j = 0, row = output * n; j < n; j += 1) total += decoder[row + j] * hidden[j];
    return total;
  });
}

const percent = (share) => `${Math.round(100 * share)} %`;
const timesRunning = (dream) => (Number.isFinite(dream.speed) ? `${dream.speed.toFixed(1)} ×` : "–");

/** The rows under the pictures: what each tells of a dream. */
const DREAM_ROWS = {
  speed: ["Speed (running animal: 1)", timesRunning],
  regions: ["Regions visited", (dream) => `${dream.regions.size} of ${dream.scene.regions.length}`],
  path: ["On the maze", (dream) => percent(dream.onPath)],
};

function mechanismOf({ strength, friction }) {
  if (strength > 0) return friction < 1 ? "adaptation with momentum" : "adaptation";
  return friction < 1 ? "momentum" : "plain replay again";
}

function describeDreams(pair, setting) {
  const [plain, other] = pair.dreams;
  const name = mechanismOf(setting);
  if (!other.alive) {
    return `At step ${other.steps + 1} the dream with ${name} blew up: that is too much for this network.`;
  }
  if (!pair.steps) return `Two dreams wait at the same place: plain, and with ${name}. Press Play.`;
  const visited = `After ${pair.steps} steps: plain ${plain.regions.size} of ${plain.scene.regions.length} regions, ` +
    `${name} ${other.regions.size}`;
  if (!Number.isFinite(other.speed)) return `${visited}.`;
  return `${visited}; it is on the maze for ${percent(other.onPath)} of the time, and ${other.speed.toFixed(1)} ` +
    "times as fast as the running animal.";
}

const twoDigits = (value) => Number(value.toPrecision(2));

// The mobility number; what is known of the onset is said only once the reader has guessed it.
function describeOnset(setting, { guess, onset }) {
  const number = `x = bₐτₐ/λᵥ = ${twoDigits(mobilityNumber(setting))}.`;
  if (guess === null) {
    return `${number} Predict first: from which strength on does this network’s replay run by itself? ` +
      "Set Strength there.";
  }
  if (!onset) return `${number} You guessed ${guess}. This network’s own threshold is being computed from its weights.`;
  const even = twoDigits(threshold({ ...setting, stiffness: 0 }));
  if (onset.strength === null) return `${number} You guessed ${guess}. ${onset.sentence}`;
  return `${number} You guessed ${guess}. Replay of this network runs by itself from about ` +
    `${twoDigits(onset.strength)} on; on an even track it would from ${even}.`;
}

/** What the buttons set; the numbers are the book's. */
const dreamPresets = ({ strength, time, friction, alone_strength: alone, alone_time: aloneTime, strong }) => ({
  Plain: { strength: 0, friction: 1 },
  Adaptation: { strength: alone, time: aloneTime, friction: 1 },
  Momentum: { strength: 0, friction },
  Both: { strength, time, friction },
  "Too much": { strength: strong, time, friction },
});
