// Drawing on canvases: the track with its trail, and the displacement against time.

// Colours come from the style sheet, so that they follow the page from light to dark.
function palette(element) {
  const style = getComputedStyle(element);
  const names = ["text", "muted", "ground", "plain", "mechanism", "panel"];
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--explorer-${name}`).trim()]));
}

// Calls `redraw` when the page's theme or the figure's size changes; returns what ends that.
export function watchLooks(root, redraw) {
  const theme = new MutationObserver(redraw);
  theme.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  const resized = new ResizeObserver(redraw);
  resized.observe(root);
  return () => { theme.disconnect(); resized.disconnect(); };
}

// What a list offers: one option for each of `things`, which are told by their labels.
export const choices = (things) => Object.entries(things)
  .map(([name, { label }]) => `<option value="${name}">${label}</option>`).join("");

// A canvas as large as its box in device pixels; returns a context that measures in CSS pixels.
function prepare(canvas) {
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  const ratio = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}

// From metres to pixels, the same scale on both axes, y upwards.
function projection([left, bottom, right, top], width, height) {
  const scale = Math.min(width / (right - left), height / (top - bottom));
  const [x0, y0] = [(width - scale * (right - left)) / 2, (height + scale * (top - bottom)) / 2];
  const project = ([x, y]) => [x0 + scale * (x - left), y0 - scale * (y - bottom)];
  return { project, scale };
}

// The awake occupancy as a soft ground, one small picture a scene, smoothed when it is enlarged.
function groundPicture({ occupancy: { columns, rows, shade } }, colour) {
  const picture = Object.assign(document.createElement("canvas"), { width: columns, height: rows });
  const context = picture.getContext("2d");
  context.fillStyle = colour;
  shade.forEach((value, index) => {
    context.globalAlpha = value;
    context.fillRect(index % columns, rows - 1 - Math.floor(index / columns), 1, 1);
  });
  return picture;
}

// What does not move on a track, its ground and its walls: drawn once for each canvas, scene, size and theme.
const still = new WeakMap();
function stillLayer(canvas, scene, { project }, colours) {
  const kept = still.get(canvas);
  const key = [canvas.width, canvas.height, colours.ground, colours.muted].join();
  if (kept?.scene === scene && kept.key === key) return kept.layer;
  const layer = Object.assign(document.createElement("canvas"), { width: canvas.width, height: canvas.height });
  const context = layer.getContext("2d");
  context.setTransform(canvas.getContext("2d").getTransform());
  const [x0, y0] = project([scene.bounds[0], scene.bounds[3]]);
  const [x1, y1] = project([scene.bounds[2], scene.bounds[1]]);
  context.drawImage(groundPicture(scene, colours.ground), x0, y0, x1 - x0, y1 - y0);
  context.strokeStyle = colours.muted;
  for (const [ax, ay, bx, by] of scene.segments) {
    context.beginPath();
    context.moveTo(...project([ax, ay]));
    context.lineTo(...project([bx, by]));
    context.stroke();
  }
  still.set(canvas, { scene, key, layer });
  return layer;
}

export function drawTrack(canvas, scene, trail, { colour, colours, reached }) {
  const { context, width, height } = prepare(canvas);
  const { project, scale } = projection(scene.bounds, width, height);
  if (canvas.width && canvas.height) {
    context.drawImage(stillLayer(canvas, scene, { project }, colours), 0, 0, width, height);
  }
  scene.landmarks.forEach((landmark, index) => {
    context.beginPath();
    context.setLineDash(reached.has(index) ? [] : [3, 3]);
    context.lineWidth = reached.has(index) ? 2 : 1;
    context.strokeStyle = reached.has(index) ? colour : colours.muted;
    context.arc(...project(landmark), scene.radius * scale, 0, 2 * Math.PI);
    context.stroke();
  });
  context.setLineDash([]);
  drawTrail(context, trail.map(project), colour, colours.panel);
}

// Older parts fade, in a few bands so that each is one stroke; the head is ringed.
function drawTrail(context, points, colour, ring) {
  const [bands, memory] = [8, 240];
  const first = Math.max(0, points.length - memory);
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.lineJoin = "round";
  for (let band = 0; band < bands; band += 1) {
    const from = first + Math.floor(((points.length - first) * band) / bands);
    const to = first + Math.floor(((points.length - first) * (band + 1)) / bands);
    context.globalAlpha = 0.15 + (0.85 * (band + 1)) / bands;
    context.beginPath();
    points.slice(Math.max(first, from - 1), to).forEach((point) => context.lineTo(...point));
    context.stroke();
  }
  context.globalAlpha = 1;
  context.beginPath();
  context.arc(...points.at(-1), 6, 0, 2 * Math.PI);
  context.fillStyle = colour;
  context.fill();
  context.lineWidth = 2;
  context.strokeStyle = ring;
  context.stroke();
}

// Round numbers between two bounds, about `count` of them.
function ticks(low, high, count = 4) {
  const raw = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const size = power * [1, 2, 5, 10].find((factor) => factor * power >= raw * 0.999);
  const marks = [];
  for (let mark = Math.ceil(low / size) * size; mark <= high + size * 1e-6; mark += size) {
    marks.push(Number(mark.toPrecision(10)));
  }
  return marks;
}

// Lines over two axes: `lines` hold points [x, y], a colour, and a dash; what leaves the frame is cut off.
export function drawChart(canvas, { x, y, lines, labels, colours }) {
  const { context, width, height } = prepare(canvas);
  const [left, bottom, top] = [44, 34, 18];
  const place = ([a, b]) => [
    left + ((width - left - 12) * (a - x[0])) / (x[1] - x[0]),
    height - bottom - ((height - bottom - top) * (b - y[0])) / (y[1] - y[0]),
  ];
  context.font = `12px ${getComputedStyle(canvas).fontFamily}`;
  context.fillStyle = colours.text;
  context.strokeStyle = colours.muted;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(...place([x[0], y[1]]));
  context.lineTo(...place([x[0], y[0]]));
  context.lineTo(...place([x[1], y[0]]));
  context.stroke();
  context.textAlign = "right";
  for (const mark of ticks(...y)) context.fillText(mark, place([x[0], mark])[0] - 6, place([x[0], mark])[1] + 4);
  context.textAlign = "center";
  for (const mark of ticks(...x)) context.fillText(mark, place([mark, y[0]])[0], height - bottom + 16);
  context.fillText(labels[0], place([(x[0] + x[1]) / 2, y[0]])[0], height - 4);
  context.textAlign = "left";
  context.fillText(labels[1], left + 6, 12);
  context.save();
  context.beginPath();
  context.rect(left, top, width - left - 12, height - bottom - top);
  context.clip();
  for (const { points, colour, dash = [] } of lines) {
    context.setLineDash(dash);
    context.strokeStyle = colour;
    context.lineWidth = 2;
    context.beginPath();
    points.forEach((point) => context.lineTo(...place(point)));
    context.stroke();
  }
  context.restore();
}

// Distance from the start against steps: both replays in full lines, the awake animal's mean dashed.
export function drawDisplacement(canvas, scene, series, { steps, colours }) {
  const awake = scene.awake_displacement.map((value, index) => [index * 10, value]).filter(([step]) => step <= steps);
  const highest = Math.max(...awake.map(([, value]) => value), ...series.flatMap(({ values }) => values)) * 1.08;
  const lines = series.map(({ values, colour }) => ({ points: values.map((value, index) => [index, value]), colour }));
  drawChart(canvas, {
    x: [0, steps], y: [0, highest], labels: ["steps", "metres from the start (dashed: the awake animal)"], colours,
    lines: [{ points: awake, colour: colours.muted, dash: [6, 5] }, ...lines],
  });
}
