// The JavaScript twin of replaylib/theory/mobility.py: when replay moves by itself. Tested against it.

// x = b_a tau_a / lambda_v: on an even track replay moves by itself where x > 1.
export const mobilityNumber = ({ strength, time, friction }) => (strength * time) / friction;

// The smallest adaptation strength that sets replay moving; stiffness: how firmly the track's adapted rests hold it.
export function threshold({ time, friction, stiffness = 0 }) {
  const kept = 1 - 1 / time;
  return friction / time + (stiffness * friction * kept) / (1 - (1 - friction) * kept);
}

const short = (value) => Number(value.toPrecision(2));

// One sentence for readers; `stiffness` is the network's, null where it has no rests to measure it at.
export function describeMobility(setting, stiffness) {
  const here = stiffness === null ? "" : `, about ${short(threshold({ ...setting, stiffness }))} here`;
  const even = short(threshold({ ...setting, stiffness: 0 }));
  return `x = bₐτₐ/λᵥ = ${short(mobilityNumber(setting))}: replay moves by itself above 1; ` +
    `threshold ${even} on an even track${here}.`;
}
