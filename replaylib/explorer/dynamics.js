// The JavaScript twin of replaylib/dynamics/rule.py: the same update, one replay at a time, tested against it.

// Half-precision numbers as float64; browsers without DataView.getFloat16 are still common.
function readHalf(view, offset, count) {
  return Float64Array.from({ length: count }, (_, index) => {
    const bits = view.getUint16(offset + 2 * index, true);
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 31;
    const fraction = (bits & 1023) / 1024;
    return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction) : 2 ** -14 * fraction);
  });
}

// The network of a scene: its arrays lie in `view` at the offsets that scene.arrays tells.
export function readNetwork(scene, view) {
  const arrays = Object.fromEntries(
    Object.entries(scene.arrays).map(([name, [offset, count]]) => [name, readHalf(view, offset, count)]),
  );
  const { recurrent, bias, leak, decoder, centres, starts } = arrays;
  const { hidden: n, outputs, exponent, nonlinearity } = scene;
  return { n, outputs, exponent, nonlinearity, recurrent, bias, leak, decoder, centres, starts };
}

export function startState(hidden) {
  const n = hidden.length;
  return { hidden: Float64Array.from(hidden), velocity: new Float64Array(n), adaptation: new Float64Array(n) };
}

// F(h) - h = -leak h + f(W h + b)
export function drift(network, hidden) {
  const { n, recurrent, bias, leak, nonlinearity } = network;
  const change = new Float64Array(n);
  for (let i = 0; i < n; i += 1) {
    let sum = bias[i];
    for (let j = 0, row = i * n; j < n; j += 1) sum += recurrent[row + j] * hidden[j];
    change[i] = (nonlinearity === "tanh" ? Math.tanh(sum) : Math.max(sum, 0)) - leak[i] * hidden[i];
  }
  return change;
}

// v' = (1 - friction) v + drift(h) - a + noise;  a' = (1 - 1/tau) a + (b/tau) h;  h' = h + v'
export function step(network, dynamics, state, noise) {
  const { friction, strength, time } = dynamics;
  const { hidden, velocity, adaptation } = state;
  const change = drift(network, hidden);
  for (let i = 0; i < network.n; i += 1) {
    velocity[i] = (1 - friction) * velocity[i] + change[i] - adaptation[i] + noise[i];
    adaptation[i] = (1 - 1 / time) * adaptation[i] + (strength / time) * hidden[i];
    hidden[i] += velocity[i];
  }
}

// Decoded position [m]: the population vector of the place cells, or the two outputs as they are.
export function decode(network, hidden) {
  const { n, outputs, decoder, centres, exponent } = network;
  const output = new Float64Array(outputs);
  for (let i = 0; i < outputs; i += 1) {
    for (let j = 0, row = i * n; j < n; j += 1) output[i] += decoder[row + j] * hidden[j];
  }
  if (!centres) return [output[0], output[1]];
  let [x, y, total] = [0, 0, Number.MIN_VALUE];
  for (let i = 0; i < outputs; i += 1) {
    const weight = Math.max(output[i], 0) ** exponent;
    x += weight * centres[2 * i];
    y += weight * centres[2 * i + 1];
    total += weight;
  }
  return [x / total, y / total];
}

const WINDOW = 20; // steps over which a displacement is measured
const distance = ([ax, ay], [bx, by]) => Math.hypot(ax - bx, ay - by);

// One replay: its state, its path, and what it has reached so far.
export class Run {
  constructor(network, scene, hidden) {
    Object.assign(this, { network, scene, state: startState(hidden), path: [], values: [], far: 0, jumps: 0 });
    this.regions = new Set();
    this.landmarks = new Set();
    this.record();
  }
  record() {
    const here = decode(this.network, this.state.hidden);
    this.alive = here.every(Number.isFinite);
    if (!this.alive) return;
    this.path.push(here);
    this.values.push(distance(here, this.path[0]));
    const count = this.path.length;
    if (count > WINDOW) this.far += distance(here, this.path[count - 1 - WINDOW]);
    if (count > 1 && distance(here, this.path[count - 2]) > this.scene.jump) this.jumps += 1;
    const away = this.scene.regions.map((centre) => distance(centre, here));
    this.regions.add(away.indexOf(Math.min(...away)));
    this.scene.landmarks.forEach((place, index) => {
      if (distance(place, here) <= this.scene.radius) this.landmarks.add(index);
    });
  }
  advance(dynamics, noise) {
    if (!this.alive) return;
    step(this.network, dynamics, this.state, noise);
    this.record();
  }
  // Mean distance between positions a window apart [m].
  get displacement() { return this.path.length > WINDOW ? this.far / (this.path.length - WINDOW) : NaN; }
}

// Standard normal numbers from a seed: xorshift (Marsaglia 2003, J. Stat. Softw. 8(14)) and the polar method of Box and
// Muller.
export function normalSource(seed) {
  let word = Math.imul(seed + 1, 2654435769) | 1;
  const uniform = () => {
    word ^= word << 13;
    word ^= word >>> 17;
    word ^= word << 5;
    return (word >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 16; i += 1) uniform(); // neighbouring seeds begin alike
  return (count) => {
    const numbers = new Float64Array(count);
    for (let i = 0; i < count; ) {
      const [a, b] = [2 * uniform() - 1, 2 * uniform() - 1];
      const radius = a * a + b * b;
      if (radius >= 1 || radius === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(radius)) / radius);
      numbers[i] = a * factor;
      if (i + 1 < count) numbers[i + 1] = b * factor;
      i += 2;
    }
    return numbers;
  };
}
