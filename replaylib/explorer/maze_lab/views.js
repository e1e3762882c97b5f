// Pictures of the lab: mazes, an animal and what the network believes, a dream.
// Takes from the files before it: palette, prepare, projection (drawing.js).

const CORRIDOR = 0.15; // [m] width in which a line of a maze is drawn
const MARGIN = 0.32; // [m] round a maze
const MEMORY = 240; // steps of a dream that are still seen

// Colours come from the style sheet, so that they follow the page from light to dark.
function labColours(root) {
  return { ...palette(root), floor: getComputedStyle(root).getPropertyValue("--lab-floor").trim() };
}

/**
 * The part of the plane that shows a maze.
 * @param {object} maze
 * @returns {number[]} left, bottom, right, top [m]
 */
function boundsOf(maze) {
  const points = maze.box ? [[0, 0], maze.box] : maze.vertices;
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  return [Math.min(...xs) - MARGIN, Math.min(...ys) - MARGIN, Math.max(...xs) + MARGIN, Math.max(...ys) + MARGIN];
}

// A maze as a smooth corridor, or a box with its walls.
function drawMaze(context, maze, { project, scale }, colours) {
  context.lineCap = context.lineJoin = "round";
  context.setLineDash([]);
  if (maze.box) {
    const [[x0, y0], [x1, y1]] = [project([0, maze.box[1]]), project([maze.box[0], 0])];
    context.beginPath();
    context.roundRect(x0, y0, x1 - x0, y1 - y0, 6);
    context.fillStyle = colours.floor;
    context.fill();
    context.lineWidth = 2;
    context.strokeStyle = colours.muted;
    context.stroke();
    return;
  }
  const strokes = () => {
    context.beginPath();
    for (const [a, b] of maze.edges) {
      context.moveTo(...project(maze.vertices[a]));
      context.lineTo(...project(maze.vertices[b]));
    }
    context.stroke();
  };
  for (const [width, colour] of [[CORRIDOR * scale + 3, colours.ground], [CORRIDOR * scale, colours.floor]]) {
    context.lineWidth = Math.max(3, width);
    context.strokeStyle = colour;
    strokes();
  }
}

// What does not move, drawn once for each canvas, size, maze and theme.
const kept = new WeakMap();
function withStillMaze(canvas, maze, bounds, colours) {
  const { context, width, height } = prepare(canvas);
  const view = projection(bounds, width, height);
  const key = [canvas.width, canvas.height, colours.floor, colours.ground].join();
  let still = kept.get(canvas);
  if (still?.maze !== maze || still.key !== key) {
    const layer = Object.assign(document.createElement("canvas"), { width: canvas.width, height: canvas.height });
    const onLayer = layer.getContext("2d");
    onLayer.setTransform(context.getTransform());
    if (canvas.width && canvas.height) drawMaze(onLayer, maze, view, colours);
    still = { maze, key, layer };
    kept.set(canvas, still);
  }
  if (canvas.width && canvas.height) context.drawImage(still.layer, 0, 0, width, height);
  return { context, ...view };
}

// Place cells as dots; how active each is, is how much colour it has. activity: [cells], about 0 to 1; null for none.
function drawCells(context, centres, activity, { project, scale }, { colour, colours }) {
  const radius = Math.max(2, Math.min(6, 0.038 * scale));
  const dot = (cell, size, alpha, ink) => {
    context.beginPath();
    context.arc(...project([centres[2 * cell], centres[2 * cell + 1]]), size, 0, 2 * Math.PI);
    context.globalAlpha = alpha;
    context.fillStyle = ink;
    context.fill();
  };
  for (let cell = 0; 2 * cell < centres.length; cell += 1) {
    const lit = activity ? Math.min(1, Math.max(0, activity[cell])) : 0;
    if (lit > 0.03) {
      dot(cell, radius * (1 + 2.2 * lit), 0.16 * lit, colour);
      dot(cell, radius * (0.7 + 0.7 * lit), 0.2 + 0.6 * lit, colour);
    } else {
      dot(cell, radius * 0.7, 0.4, colours.muted);
    }
  }
  context.globalAlpha = 1;
}

// A line through points that gets thinner and paler towards its past.
function drawComet(context, points, colour, widest = 3.5) {
  const bands = 12;
  context.strokeStyle = colour;
  context.lineJoin = context.lineCap = "round";
  for (let band = 0; band < bands; band += 1) {
    const [from, to] = [band, band + 1].map((edge) => Math.floor((points.length * edge) / bands));
    context.globalAlpha = 0.08 + (0.82 * (band + 1)) / bands;
    context.lineWidth = 1 + ((widest - 1) * (band + 1)) / bands;
    context.beginPath();
    for (let i = Math.max(0, from - 1); i < to; i += 1) context.lineTo(...points[i]);
    context.stroke();
  }
  context.globalAlpha = 1;
}

function drawHead(context, [x, y], colour, ring, radius = 6.5) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = colour;
  context.fill();
  context.lineWidth = 2;
  context.strokeStyle = ring;
  context.stroke();
}

const pointsOf = (flat, from, to) =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => [flat[2 * (from + i)], flat[2 * (from + i) + 1]]);

/**
 * The animal on its way, and where the network believes it is: its head, its track, and a thread between the two.
 * @param {HTMLCanvasElement} canvas
 * @param {{ maze: object, cells: object, test: object|null, step: number }} picture test: position and decoded, both
 *   [times * 2] [m], the latter from step 1 on where it is shorter; step: how far along it is
 * @param {object} colours
 */
function drawTest(canvas, { maze, cells, test, step }, colours) {
  const view = withStillMaze(canvas, maze, boundsOf(maze), colours);
  const { context, project } = view;
  drawCells(context, cells.centres, null, view, { colour: colours.muted, colours });
  if (!test) return;
  const { position, decoded } = test;
  const late = (position.length - decoded.length) / 2; // the start is given, not decoded
  const last = Math.min(step, position.length / 2 - 1);
  const from = Math.max(0, last - 40);
  drawComet(context, pointsOf(position, from, last + 1).map(project), colours.muted, 7);
  drawComet(context, pointsOf(decoded, Math.max(0, from - late), last + 1 - late).map(project), colours.plain);
  const here = project([position[2 * last], position[2 * last + 1]]);
  const at = Math.max(0, last - late);
  const believed = project([decoded[2 * at], decoded[2 * at + 1]]);
  context.beginPath();
  context.moveTo(...here);
  context.lineTo(...believed);
  context.lineWidth = 1.5;
  context.strokeStyle = colours.text;
  context.stroke();
  drawHead(context, here, colours.muted, colours.panel, 8);
  drawHead(context, believed, colours.plain, colours.panel, 6);
}

/**
 * One dream: the corridor, each place cell lit by its activity, the track of the decoded position, its head.
 * @param {HTMLCanvasElement} canvas
 * @param {{ maze: object, centres: Float32Array, activity: Float32Array|null, path: number[][] }} picture
 *   centres [cells * 2] [m]; activity [cells] [1]; path [times][2] [m]
 * @param {{ colour: string, colours: object }} looks
 */
function drawDream(canvas, { maze, centres, activity, path }, { colour, colours }) {
  const view = withStillMaze(canvas, maze, boundsOf(maze), colours);
  const { context, project } = view;
  if (centres) drawCells(context, centres, activity, view, { colour, colours });
  if (!path.length) return;
  drawComet(context, path.slice(-MEMORY).map(project), colour);
  drawHead(context, project(path.at(-1)), colour, colours.panel);
}

/**
 * The sheet on which a maze is drawn: a raster, lines, corners, the pen's corner ringed, and what a click would add.
 * @param {HTMLCanvasElement} canvas
 * @param {object} sketch
 * @param {{ hover: number[]|null, cross: number[]|null, box: object|null, cells: object|null, bounds: number[] }} extra
 *   hover: where the pointer is; cross: where the keyboard's cross is [m]; box: an open box in place of lines
 * @param {object} colours
 */
function drawSheet(canvas, sketch, { hover, cross, box, cells, bounds }, colours) {
  const { context, width, height } = prepare(canvas);
  const view = projection(bounds, width, height);
  const { project, scale } = view;
  drawRaster(context, bounds, view, colours);
  drawMaze(context, box ?? sketch, view, colours);
  if (cells) drawCells(context, cells.centres, null, view, { colour: colours.plain, colours });
  if (box) return view;
  const aim = cross ?? hover;
  if (aim && sketch.pen !== null) {
    context.setLineDash([4, 5]);
    context.lineWidth = 2;
    context.strokeStyle = colours.plain;
    context.beginPath();
    context.moveTo(...project(sketch.vertices[sketch.pen]));
    context.lineTo(...project(aim));
    context.stroke();
    context.setLineDash([]);
  }
  sketch.vertices.forEach((corner, index) => {
    drawHead(context, project(corner), index === sketch.pen ? colours.mechanism : colours.plain, colours.panel,
      index === sketch.pen ? 9 : 7);
  });
  if (cross) drawCross(context, project(cross), scale * 0.12, colours);
  return view;
}

// Dots 20 cm apart, and how long a metre is.
function drawRaster(context, [left, bottom, right, top], { project, scale }, colours) {
  context.fillStyle = colours.ground;
  for (let x = Math.ceil(left / 0.2); x * 0.2 <= right; x += 1) {
    for (let y = Math.ceil(bottom / 0.2); y * 0.2 <= top; y += 1) {
      const [px, py] = project([x * 0.2, y * 0.2]);
      context.fillRect(px - 1, py - 1, 2, 2);
    }
  }
  const [x0, y0] = project([left + 0.1, bottom + 0.1]);
  context.fillStyle = colours.muted;
  context.fillRect(x0, y0 - 1, scale, 2);
  context.font = `12px ${getComputedStyle(context.canvas).fontFamily}`;
  context.textAlign = "left";
  context.fillText("1 m", x0, y0 - 5);
}

function drawCross(context, [x, y], arm, colours) {
  for (const [wide, colour] of [[5, colours.panel], [2, colours.text]]) {
    context.lineWidth = wide;
    context.strokeStyle = colour;
    context.beginPath();
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
      context.moveTo(x + 4 * dx, y + 4 * dy);
      context.lineTo(x + arm * dx, y + arm * dy);
    }
    context.stroke();
  }
}
