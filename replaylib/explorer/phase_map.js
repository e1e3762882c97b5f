// The map of PhaseDiagram: a quantity of the exact mode over adaptation strength and friction.
// This file follows drawing.js, mobility.js and modes.js in one module.

const RANGE = { strength: [0, 0.3], friction: [0.05, 1] };
const COLUMNS = 40;
const ROWS = 30;
const VIRIDIS = [[68, 1, 84], [59, 82, 139], [33, 145, 140], [94, 201, 98], [253, 231, 37]];
const QUANTITIES = {
  relaxation: { label: "Relaxation time [steps]", value: modeRelaxation, log: true },
  variance: {
    label: "Variance, noise rescaled",
    value: (setting) => modeCovariance(setting, setting.friction)?.[0][0] ?? Infinity,
    log: true,
  },
  stability: { label: "Spectral radius", value: modeRadius, log: false },
  prediction: { label: "Prediction gain", value: modePredictionGain, log: true },
};
function shade(share) {
  const place = Math.min(Math.max(share, 0), 1) * (VIRIDIS.length - 1);
  const first = Math.min(Math.floor(place), VIRIDIS.length - 2);
  const mix = VIRIDIS[first].map((value, i) => value + (place - first) * (VIRIDIS[first + 1][i] - value));
  return `rgb(${mix.map(Math.round).join(",")})`;
}

// The quantity on the whole grid; it depends on stiffness and adaptation time, not on the point.
function survey(setting, quantity) {
  const { value, log } = QUANTITIES[quantity];
  const cells = [];
  for (let row = 0; row < ROWS; row += 1) {
    for (let column = 0; column < COLUMNS; column += 1) {
      const strength = RANGE.strength[0] + ((column + 0.5) / COLUMNS) * (RANGE.strength[1] - RANGE.strength[0]);
      const friction = RANGE.friction[0] + ((row + 0.5) / ROWS) * (RANGE.friction[1] - RANGE.friction[0]);
      const stable = modeRadius({ ...setting, strength, friction }) < 1;
      cells.push({ stable, value: value({ ...setting, strength, friction }) });
    }
  }
  const finite = cells.filter(({ value: v }) => Number.isFinite(v)).map(({ value: v }) => v);
  const scale = log ? Math.log : (v) => v;
  // Close to the cliff values grow without end: the brightest tenth shares one colour.
  const ordered = [...finite].sort((a, b) => a - b);
  const [low, high] = [ordered[0], ordered[Math.floor(0.9 * (ordered.length - 1))]];
  const share = (v) => (high > low ? (scale(v) - scale(low)) / (scale(high) - scale(low)) : 0.5);
  return { cells, low, high, share };
}

const FRAME = { left: 46, bottom: 36, top: 40, right: 12 };

function mapPlace(width, height, strength, friction) {
  const share = (value, [low, high]) => (value - low) / (high - low);
  const [x, y] = [share(strength, RANGE.strength), share(friction, RANGE.friction)];
  const [inner, tall] = [width - FRAME.left - FRAME.right, height - FRAME.bottom - FRAME.top];
  return [FRAME.left + x * inner, height - FRAME.bottom - y * tall];
}

// Where x = 1: from here on a network replays by itself along an even track. The mode, which rests at 0, has its own
// cliff: a track's rests lie off 0, and adaptation is part of what holds them.
function drawThreshold(context, width, height, time, colours) {
  const at = (friction) => [threshold({ time, friction }), friction];
  const top = Math.min(RANGE.friction[1], RANGE.strength[1] * time);
  if (top <= RANGE.friction[0]) return;
  const [from, to] = [at(RANGE.friction[0]), at(top)].map((point) => mapPlace(width, height, ...point));
  for (const [thick, colour, dash] of [[5, colours.panel, []], [2, colours.text, [6, 4]]]) {
    context.setLineDash(dash);
    context.lineWidth = thick;
    context.strokeStyle = colour;
    context.beginPath();
    context.moveTo(...from);
    context.lineTo(...to);
    context.stroke();
  }
  context.setLineDash([]);
  context.font = `12px ${getComputedStyle(context.canvas).fontFamily}`;
  context.textAlign = "left";
  Object.assign(context, { lineWidth: 4, lineJoin: "round" });
  context.strokeStyle = colours.panel;
  context.fillStyle = colours.text;
  for (const write of ["strokeText", "fillText"]) context[write]("x = 1", Math.min(to[0] + 6, width - 44), to[1] + 16);
}

function drawMap(canvas, grid, setting, quantity, colours) {
  const { context, width, height } = prepare(canvas);
  const [inner, tall] = [width - FRAME.left - FRAME.right, height - FRAME.bottom - FRAME.top];
  const [w, h] = [inner / COLUMNS, tall / ROWS];
  grid.cells.forEach(({ value, stable }, index) => {
    const [x, y] = [FRAME.left + (index % COLUMNS) * w, height - FRAME.bottom - (Math.floor(index / COLUMNS) + 1) * h];
    if (Number.isFinite(value)) {
      context.fillStyle = shade(grid.share(value)); context.fillRect(x, y, w + 0.5, h + 0.5);
    }
    if (!stable) {
      context.strokeStyle = colours.text; context.lineWidth = 0.7; context.beginPath();
      context.moveTo(x, y + h); context.lineTo(x + w, y); context.stroke();
    }
  });
  drawThreshold(context, width, height, setting.time, colours);
  context.fillStyle = colours.text;
  context.font = `12px ${getComputedStyle(canvas).fontFamily}`;
  context.textAlign = "center";
  for (const mark of ticks(...RANGE.strength, 3)) {
    context.fillText(mark, mapPlace(width, height, mark, 0.05)[0], height - FRAME.bottom + 15);
  }
  context.fillText("adaptation strength", FRAME.left + inner / 2, height - 4);
  context.textAlign = "right";
  for (const mark of [0.05, 0.25, 0.5, 0.75, 1]) {
    context.fillText(mark, FRAME.left - 6, mapPlace(width, height, 0, mark)[1] + 4);
  }
  context.textAlign = "left";
  context.fillText("friction", 2, FRAME.top - 8);
  const bar = inner * 0.34;
  for (let i = 0; i < 40; i += 1) {
    context.fillStyle = shade(i / 39);
    context.fillRect(FRAME.left + inner - bar - 44 + (bar * i) / 40, 8, bar / 40 + 0.5, 9);
  }
  context.fillStyle = colours.text;
  context.textAlign = "right";
  context.fillText(Number(grid.low.toPrecision(2)), FRAME.left + inner - bar - 49, 17);
  context.textAlign = "left";
  context.fillText(`${Number(grid.high.toPrecision(2))}+`, FRAME.left + inner - 39, 17);
  context.textAlign = "right";
  context.fillText(QUANTITIES[quantity].label, FRAME.left + inner, 32);
  const [x, y] = mapPlace(width, height, setting.strength, setting.friction);
  for (const [radius, colour] of [[9, colours.panel], [7, colours.mechanism]]) {
    context.beginPath(); context.arc(x, y, radius, 0, 2 * Math.PI); context.fillStyle = colour; context.fill();
  }
}
