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

const percent = (share) => `${Math.round(100 * share)} %`;
const timesRunning = (dream) => (Number.isFinite(dream.speed) ? `${dream.speed.toFixed(1)} ×` : "–");

/** The rows under the pictures: what each tells of a dream. */
const DREAM_ROWS = {
  speed: ["Speed, over the running animal’s", timesRunning],
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
  if (!other.alive) return `At step ${other.steps + 1} the dream with ${name} blew up: that is too much for this network.`;
  if (!pair.steps) return `Two dreams wait at the same place: plain, and with ${name}. Press Play.`;
  const regions = (dream) => `${dream.regions.size} of ${dream.scene.regions.length} regions`;
  const visited = `After ${pair.steps} steps: plain ${regions(plain)}, ${name} ${regions(other)}`;
  if (!Number.isFinite(other.speed)) return `${visited}.`;
  return `${visited}, ${percent(other.onPath)} of the time on the maze; it moves ${other.speed.toFixed(1)} times as fast ` +
    "as the running animal.";
}

const twoDigits = (value) => Number(value.toPrecision(2));

// The mobility number; what is known of the onset is said only once the reader has guessed it.
function describeOnset(setting, { guess, onset }) {
  const number = `x = bₐτₐ/λᵥ = ${twoDigits(mobilityNumber(setting))}.`;
  if (guess === null) return `${number} From which strength on will this network’s replay run by itself? Put the slider there.`;
  if (!onset) return `${number} You guessed ${guess}. This network’s own threshold is being computed from its weights.`;
  const even = twoDigits(threshold({ ...setting, stiffness: 0 }));
  if (onset.strength === null) return `${number} You guessed ${guess}. ${onset.sentence}`;
  return `${number} You guessed ${guess}: with this time and friction replay of this network runs from about ` +
    `${twoDigits(onset.strength)} on, on an even track it would from ${even} on.`;
}

/** What the buttons set; the numbers are the book's. */
const dreamPresets = ({ strength, time, friction, alone_strength: alone, alone_time: aloneTime, strong }) => ({
  Plain: { strength: 0, friction: 1 },
  Adaptation: { strength: alone, time: aloneTime, friction: 1 },
  Momentum: { strength: 0, friction },
  Both: { strength, time, friction },
  "Too much": { strength: strong, time, friction },
});
