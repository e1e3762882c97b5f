// Room: replay. The JavaScript twin of replaylib/theory/mobility.py: when replay moves by itself. Tested against it.
// A setting has the adaptation's `strength` b_a [1] and `time` tau_a [steps], and the `friction` lambda_v [1/step].

/**
 * x = b_a tau_a / lambda_v: on an even track replay moves by itself where x > 1.
 * @param {{strength: number, time: number, friction: number}} setting - of the mechanism
 * @returns {number} x, without unit
 */
export const mobilityNumber = ({ strength, time, friction }) => (strength * time) / friction;

/**
 * The smallest adaptation strength that sets replay moving.
 * @param {{time: number, friction: number, stiffness: number}} setting - stiffness: how firmly the track's adapted
 *   rests hold it [1/step], 0 on an even track
 * @returns {number} b_a, without unit
 */
export function threshold({ time, friction, stiffness = 0 }) {
  const kept = 1 - 1 / time;
  return friction / time + (stiffness * friction * kept) / (1 - (1 - friction) * kept);
}

// Stiffness of a network at an adaptation strength, from pairs of both: straight lines between them.
function stiffnessAt(pinning, strength) {
  const next = pinning.findIndex(([place]) => place >= strength);
  if (next < 1) return pinning.at(next)[1];
  const [[low, soft], [high, firm]] = pinning.slice(next - 1, next + 1);
  return soft + ((firm - soft) * (strength - low)) / (high - low);
}

/**
 * The strength that is the threshold of the stiffness which the network has at just this strength.
 * @param {{time: number, friction: number}} setting - of the mechanism
 * @param {number[][]} pinning - the network's pairs of strength and stiffness [1/step], strengths ascending
 * @returns {number} b_a, without unit
 */
export function onset(setting, pinning) {
  let strength = threshold({ ...setting, stiffness: 0 });
  for (let i = 0; i < 100; i += 1) {
    strength = (strength + threshold({ ...setting, stiffness: stiffnessAt(pinning, strength) })) / 2;
  }
  return strength;
}

const short = (value) => Number(value.toPrecision(2));

/**
 * One sentence for readers.
 * @param {{strength: number, time: number, friction: number}} setting - of the mechanism
 * @param {number[][]} pinning - as for `onset`; empty where the network has no rests to measure it at
 * @returns {string} x and both thresholds
 */
export function describeMobility(setting, pinning) {
  const here = pinning.length ? `, about ${short(onset(setting, pinning))} here` : "";
  const even = short(threshold({ ...setting, stiffness: 0 }));
  return `x = bₐτₐ/λᵥ = ${short(mobilityNumber(setting))}: replay moves by itself above 1; ` +
    `threshold ${even} on an even track${here}.`;
}
