// Room: drawing. What stands still in a picture of a track: its ground, its walls and its landmarks.
// This file follows drawing.js in one module.

/**
 * The awake occupancy as a soft ground: a small picture, smoothed when it is enlarged.
 * @param {{columns: number, rows: number, shade: number[]}} occupancy - shades 0 to 1 [rows * columns], from below
 * @param {string} colour - of the darkest place
 * @returns {HTMLCanvasElement} columns x rows pixels
 */
export function groundPicture({ columns, rows, shade }, colour) {
  const picture = Object.assign(document.createElement("canvas"), { width: columns, height: rows });
  const context = picture.getContext("2d");
  context.fillStyle = colour;
  shade.forEach((value, index) => {
    context.globalAlpha = value;
    context.fillRect(index % columns, rows - 1 - Math.floor(index / columns), 1, 1);
  });
  return picture;
}

/** A layer, drawn once for each scene, size and theme. On a copy of it landmarks are ringed as they are reached. */
export class StillLayer {
  /**
   * @param {Surface} surface - tells the size
   * @param {object} scene - `bounds` [left, bottom, right, top], `segments` [[ax, ay, bx, by], ...],
   *   `landmarks` [[x, y], ...], `radius` of a landmark, all in metres; `occupancy` as for `groundPicture`
   * @param {Object<string, string>} colours - from `palette`
   */
  constructor(surface, scene, colours) {
    Object.assign(this, projection(scene.bounds, surface.width, surface.height));
    Object.assign(this, { surface, scene, base: surface.layer(), context: surface.layer() });
    this.seen = surface.canvas.width > 0 && surface.canvas.height > 0;
    if (this.seen) this.draw(colours);
    this.restart();
  }

  draw(colours) {
    const { base, project, scene: { bounds, occupancy, segments, landmarks } } = this;
    const [[x0, y0], [x1, y1]] = [[bounds[0], bounds[3]], [bounds[2], bounds[1]]].map(project);
    base.drawImage(groundPicture(occupancy, colours.ground), x0, y0, x1 - x0, y1 - y0);
    base.strokeStyle = colours.muted;
    base.beginPath();
    for (const [ax, ay, bx, by] of segments) {
      base.moveTo(...project([ax, ay]));
      base.lineTo(...project([bx, by]));
    }
    base.stroke();
    base.setLineDash([3, 3]);
    landmarks.forEach((place) => this.ring(base, place));
  }

  ring(context, place) {
    context.beginPath();
    context.arc(...this.project(place), this.scene.radius * this.scale, 0, 2 * Math.PI);
    context.stroke();
  }

  /** As it was before any landmark was reached. */
  restart() {
    const { surface, context, base } = this;
    this.reached = new Set();
    context.clearRect(0, 0, surface.width, surface.height);
    if (this.seen) context.drawImage(base.canvas, 0, 0, surface.width, surface.height);
  }

  /**
   * Draws a full ring round each landmark that was reached since the last call.
   * @param {Iterable<number>} landmarks - numbers of all that are reached
   * @param {string} colour - of the rings
   */
  reach(landmarks, colour) {
    for (const index of landmarks) {
      if (this.reached.has(index)) continue;
      this.reached.add(index);
      Object.assign(this.context, { strokeStyle: colour, lineWidth: 2 });
      this.ring(this.context, this.scene.landmarks[index]);
    }
  }
}
