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

/** The layer that is drawn once for each scene, size and theme, and to which a landmark is added when it is reached. */
export class StillLayer {
  /**
   * @param {Surface} surface - tells the size
   * @param {object} scene - `bounds` [left, bottom, right, top], `segments` [[ax, ay, bx, by], ...],
   *   `landmarks` [[x, y], ...], `radius` of a landmark, all in metres; `occupancy` as for `groundPicture`
   * @param {Object<string, string>} colours - from `palette`
   */
  constructor(surface, scene, colours) {
    Object.assign(this, projection(scene.bounds, surface.width, surface.height));
    this.scene = scene;
    this.context = surface.layer();
    this.reached = new Set();
    if (surface.canvas.width && surface.canvas.height) this.draw(colours);
  }

  draw(colours) {
    const { context, project, scene } = this;
    const { bounds, occupancy, segments, landmarks } = scene;
    const [[x0, y0], [x1, y1]] = [[bounds[0], bounds[3]], [bounds[2], bounds[1]]].map(project);
    context.drawImage(groundPicture(occupancy, colours.ground), x0, y0, x1 - x0, y1 - y0);
    context.strokeStyle = colours.muted;
    context.beginPath();
    for (const [ax, ay, bx, by] of segments) {
      context.moveTo(...project([ax, ay]));
      context.lineTo(...project([bx, by]));
    }
    context.stroke();
    context.setLineDash([3, 3]);
    landmarks.forEach((place) => this.ring(place));
    context.setLineDash([]);
    context.lineWidth = 2;
  }

  ring(place) {
    this.context.beginPath();
    this.context.arc(...this.project(place), this.scene.radius * this.scale, 0, 2 * Math.PI);
    this.context.stroke();
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
      this.context.strokeStyle = colour;
      this.ring(this.scene.landmarks[index]);
    }
  }
}
