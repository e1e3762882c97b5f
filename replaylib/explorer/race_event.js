// Room: decoding. One event of SpikeRace: a path, the spikes that it makes cells fire, and the race to explain them.
// Takes from the files before it: Random (maze_lab/arithmetic.js), Run, readNetwork, normalSource (dynamics.js),
// GraphBins, MotionRace, SpikingCells, madeUpPath.

const WARM = 6; // windows that are decoded for nothing

/** The paths to choose from: what the list says, what the last sentence says, and of a dream whether it adapts. */
export const PATHS = {
  plain: { label: "Dream: no adaptation", words: "without adaptation", adapts: false, slides: true },
  adaptation: { label: "Dream: adaptation", words: "with adaptation", adapts: true, slides: false },
  both: { label: "Dream: adaptation, momentum", words: "with adaptation", adapts: true, slides: true },
  ...Object.fromEntries(KINDS.map((kind) => [kind, { label: `Made up: ${kind}`, kind }])),
};

/**
 * The strength of adaptation with which replay has the book's speed: between two frictions that were measured, on the
 * straight line between the logarithms.
 * @param {number} friction - within those measured [1/step]
 * @param {{frictions: number[], strengths: number[]}} measured - frictions from high to low [1/step], strengths [1]
 * @returns {number} [1]
 */
export function strengthAt(friction, { frictions, strengths }) {
  const after = Math.max(1, frictions.findIndex((one) => one <= friction * (1 + 1e-9)));
  const part = Math.log(friction / frictions[after - 1]) / Math.log(frictions[after] / frictions[after - 1]);
  return strengths[after - 1] * (strengths[after] / strengths[after - 1]) ** part;
}

/**
 * Friction of a path, which the slider sets only where it means something.
 * @param {object} model - the widget's
 * @returns {number} 1 where there is no momentum [1/step]
 */
export const frictionOf = (model) => (PATHS[model.get("path")].slides ? model.get("friction") : 1);

// Goes through a long piece of work in slices.
function* dreamOf(model, network, scene) {
  const { adapts } = PATHS[model.get("path")];
  const { dream, steps } = model.get("decoding");
  const [friction, seed] = [frictionOf(model), model.get("seed")];
  const first = (seed % (network.starts.length / network.n)) * network.n;
  const run = new Run(network, scene, network.starts.subarray(first, first + network.n));
  const [normal, size] = [normalSource(seed), scene.noise_std * Math.sqrt(friction)];
  const setting = { friction, time: dream.time, strength: adapts ? strengthAt(friction, dream) : 0 };
  const advance = () => run.advance(setting, normal(network.n).map((value) => value * size));
  for (let step = 0; step < dream.settle; step += 1) {
    advance();
    if (step % 20 === 19) yield;
  }
  return () => Array.from({ length: steps }, () => {
    advance();
    return run.path.at(-1);
  });
}

/** Makes events; what all of them need is built once. */
export class Events {
  /** @param {object} model - the widget's */
  constructor(model) {
    this.model = model;
    this.scene = model.get("scenes")[model.get("task")];
    const bytes = model.get("weights");
    this.network = readNetwork(this.scene, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    this.bins = new GraphBins(model.get("decoding").track);
  }

  // A browser compiles what it has run for a while: that shall not be in the first windows that are seen.
  * built(grid) {
    const race = yield* MotionRace.build(this.bins, grid);
    for (let window = 0; window < WARM; window += 1) {
      race.add(new Float64Array(this.bins.places.length));
      yield;
    }
    return race;
  }

  /**
   * Makes the event of the settings of now. It stops often, so that a page can do it in slices.
   * @yields {undefined} every few milliseconds
   * @returns {RaceEvent} before its first window
   */
  * make() {
    const { model, bins, scene, network } = this;
    const decoding = model.get("decoding");
    const { kind } = PATHS[model.get("path")];
    this.race ??= yield* this.built(decoding.grid);
    this.race.restart();
    let places;
    if (kind) {
      const next = madeUpPath(kind, decoding.made_up, new Random("made-up path", model.get("seed")));
      places = () => [next()];
    } else {
      places = yield* dreamOf(model, network, scene);
    }
    const cells = new SpikingCells(decoding.cells, model.get("spikes"), bins.places);
    return new RaceEvent(this.race, places, cells, new Random("spikes", model.get("seed")));
  }
}

/** An event that grows by a window at a time. */
export class RaceEvent {
  /**
   * @param {MotionRace} race - before any window
   * @param {() => number[][]} places - of the next window, the last of them where it spikes [m]
   * @param {SpikingCells} cells - which fire
   * @param {Random} random - for their spikes
   */
  constructor(race, places, cells, random) {
    Object.assign(this, { race, places, cells, random });
    /** Places so far [x, y] each [m]; spikes of each window and cell; how many spikes; probability of each kind. */
    this.path = [];
    this.counts = [];
    this.fired = 0;
    this.posterior = KINDS.map(() => 1 / KINDS.length);
  }

  /** One window more: the path goes on, cells fire, and the spikes are decoded. */
  advance() {
    this.path.push(...this.places());
    const counts = this.cells.counts(this.path.at(-1), this.random);
    this.counts.push(counts);
    this.fired += counts.reduce((a, b) => a + b);
    this.race.add(this.cells.logLikelihood(counts));
    this.posterior = this.race.posterior;
  }

  /** @returns {number} index of the kind that is ahead */
  get leader() { return this.posterior.indexOf(Math.max(...this.posterior)); }
}

const chance = (value) => (value > 0.995 ? "above 0.99" : value.toFixed(2));

const truthOf = (model) => {
  const { kind, words } = PATHS[model.get("path")];
  return kind ? `made up as ${kind}` : `a dream ${words} at friction ${Number(frictionOf(model).toFixed(2))}`;
};

/**
 * What is to be seen, in one sentence.
 * @param {RaceEvent | null} event - null before the first window
 * @param {string} guess - the reader's, "" where there is none
 * @param {object} model - the widget's
 * @returns {string} for all readers
 */
export function describeRace(event, guess, model) {
  if (!event?.counts.length) {
    if (guess) return `You expect ${guess}: press Start.`;
    return "Choose first which motion you expect to win, then press Start.";
  }
  const { windows } = model.get("decoding");
  const [winner, probability] = [KINDS[event.leader], chance(event.posterior[event.leader])];
  if (event.counts.length < windows) {
    return `After ${event.counts.length} of ${windows} windows and ${event.fired} spikes ${winner} leads ` +
      `with a probability of ${probability}.`;
  }
  const name = winner[0].toUpperCase() + winner.slice(1);
  const verdict = winner === guess ? `your guess, ${guess}, was right` : `your guess, ${guess}, was wrong`;
  return `${name} won with a probability of ${probability}; the path was ${truthOf(model)}, and ${verdict}.`;
}
