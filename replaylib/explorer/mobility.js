// The JavaScript twin of replaylib/theory/mobility.py: when replay moves by itself. Tested against it.

// x = b_a tau_a / lambda_v: on an even track replay moves by itself where x > 1.
export const mobilityNumber = ({ strength, time, friction }) => (strength * time) / friction;

// The smallest adaptation strength that sets replay moving; stiffness: how firmly the track's adapted rests hold it.
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

// The strength that is the threshold of the stiffness which the network has at just this strength.
export function onset(setting, pinning) {
  let strength = threshold({ ...setting, stiffness: 0 });
  for (let i = 0; i < 100; i += 1) {
    strength = (strength + threshold({ ...setting, stiffness: stiffnessAt(pinning, strength) })) / 2;
  }
  return strength;
}

const short = (value) => Number(value.toPrecision(2));

// One sentence for readers; `pinning` is the network's, empty where it has no rests to measure it at.
export function describeMobility(setting, pinning) {
  const here = pinning.length ? `, about ${short(onset(setting, pinning))} here` : "";
  const even = short(threshold({ ...setting, stiffness: 0 }));
  return `x = bₐτₐ/λᵥ = ${short(mobilityNumber(setting))}: replay moves by itself above 1; ` +
    `threshold ${even} on an even track${here}.`;
}
