// Room: drawing. A maze of bins with a learner's values on it. This file follows still_layer.js in one module.

const WIDE = 0.056; // radius of a bin's disc [m]: neighbours on a track, 0.15 m apart, do not touch
const ROOM = 0.14; // round the maze [m]
const NO_GROUND = { columns: 1, rows: 1, shade: [0] };

// The maze alone: without the ground and the landmarks of replay, and with less room round it.
function bareScene(scene) {
  const [xs, ys] = [0, 1].map((axis) => scene.segments.flatMap((ends) => [ends[axis], ends[axis + 2]]));
  const bounds = [Math.min(...xs) - ROOM, Math.min(...ys) - ROOM, Math.max(...xs) + ROOM, Math.max(...ys) + ROOM];
  return { ...scene, bounds, landmarks: [], occupancy: NO_GROUND };
}

function drawStar(context, [x, y], size) {
  context.beginPath();
  for (let corner = 0; corner < 10; corner += 1) {
    const [angle, length] = [(corner * Math.PI) / 5, corner % 2 ? 0.45 * size : size];
    context.lineTo(x + length * Math.sin(angle), y - length * Math.cos(angle));
  }
  context.closePath();
  context.fill();
}

function drawDisc(context, [x, y], size, { fill, alpha = 1, edge }) {
  context.beginPath();
  context.arc(x, y, size, 0, 2 * Math.PI);
  Object.assign(context, { globalAlpha: alpha, fillStyle: fill });
  context.fill();
  context.globalAlpha = 1;
  if (!edge) return;
  context.strokeStyle = edge;
  context.stroke();
}

/** One picture: bins filled by value, those ringed whose best action is known, a star, and the state named now. */
export class ValuePicture {
  /** @param {HTMLCanvasElement} canvas - stands on the page */
  constructor(canvas) { this.surface = new Surface(canvas); }

  /**
   * For another maze, size or theme.
   * @param {object} scene - as for `StillLayer`, with the `centres` of its `bins` [m]
   * @param {string} colour - of values
   * @param {Object<string, string>} colours - from `palette`
   */
  begin(scene, colour, colours) {
    this.surface.fit();
    this.still = new StillLayer(this.surface, bareScene(scene), colours);
    Object.assign(this, { colour, colours, places: scene.bins.centres.map(this.still.project) });
  }

  /**
   * @param {{maze: {goal: number}, values: Float64Array[], learnt: boolean[]}} learner - what it holds
   * @param {number} now - the state that is named, or NONE
   */
  draw(learner, now) {
    const { surface, still, places, colours: { text } } = this;
    const [{ context }, size] = [surface, Math.max(3, WIDE * still.scale)];
    surface.clear();
    surface.lay(still.context);
    places.forEach((place, bin) => {
      if (bin === learner.maze.goal) {
        context.fillStyle = text;
        drawStar(context, place, 1.5 * size);
      } else this.drawBin(place, size, Math.max(...learner.values[bin]), learner.learnt[bin]);
    });
    if (now >= 0) drawDisc(context, places[now], 0.55 * size, { fill: text, edge: this.colours.panel });
  }

  drawBin(place, size, value, learnt) {
    const { surface: { context }, colour, colours: { panel, muted, text } } = this;
    context.lineWidth = 1;
    drawDisc(context, place, value > 0 ? size : 0.6 * size, { fill: panel, edge: muted });
    if (value > 0) drawDisc(context, place, size, { fill: colour, alpha: Math.max(0.15, value * value) });
    context.lineWidth = Math.max(1.5, size / 5);
    if (learnt) drawDisc(context, place, 1.15 * size, { fill: "transparent", edge: text });
  }
}
