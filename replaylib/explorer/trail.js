// Room: drawing. A path that grows: new steps are appended, older ones fade in parts, and the head is ringed.

const PART = 20; // steps that fade together
const PARTS = 12; // in view: what is older has faded away

/**
 * A trail over `PART * PARTS` steps. What it looks like depends on the path alone, not on how often it was drawn.
 * A frame costs the same at any length: the parts that are complete lie on a layer, drawn anew when one is added.
 */
export class Trail {
  /**
   * @param {Surface} surface - tells the size
   * @param {(place: number[]) => number[]} project - metres to pixels
   * @param {{colour: string, ring: string}} colours - of the line and its head, and of the ring round the head
   */
  constructor(surface, project, { colour, ring }) {
    Object.assign(this, { surface, project, colour, ring, parts: [], count: 0, head: null });
    this.layer = surface.layer();
    for (const context of [this.layer, surface.context]) {
      Object.assign(context, { lineWidth: 2, lineJoin: "round", lineCap: "round", strokeStyle: colour });
    }
  }

  /**
   * Appends what the path has more than the trail; of a path that is new to it, the part in view.
   * @param {number[][]} path - places [m], the oldest first
   */
  follow(path) {
    const oldest = PART * Math.max(0, Math.floor(path.length / PART) - PARTS);
    if (oldest > this.count) Object.assign(this, { count: oldest, parts: [], head: this.project(path[oldest - 1]) });
    const complete = Math.floor(this.count / PART);
    for (; this.count < path.length; this.count += 1) this.append(this.project(path[this.count]));
    if (Math.floor(this.count / PART) !== complete) this.fade();
  }

  append(point) {
    if (this.count % PART === 0) {
      this.parts.push(new Path2D());
      this.parts.at(-1).moveTo(...(this.head ?? point));
    }
    this.parts.at(-1).lineTo(...point);
    this.head = point;
  }

  // The complete parts, the older the fainter.
  fade() {
    const { layer, surface, parts } = this;
    const live = this.count % PART ? 1 : 0;
    this.parts = parts.slice(-PARTS - live);
    layer.clearRect(0, 0, surface.width, surface.height);
    this.parts.slice(0, this.parts.length - live).forEach((part, index, { length }) => {
      layer.globalAlpha = 0.1 + (0.85 * (index + 1 + PARTS - length)) / PARTS;
      layer.stroke(part);
    });
  }

  /** Draws the trail and its head on the surface. */
  draw() {
    const { surface, head, ring, colour } = this;
    const { context } = surface;
    surface.lay(this.layer);
    if (!head) return;
    Object.assign(context, { strokeStyle: colour, fillStyle: colour, lineWidth: 2, lineJoin: "round" });
    if (this.count % PART) context.stroke(this.parts.at(-1));
    context.beginPath();
    context.arc(...head, 6, 0, 2 * Math.PI);
    context.fill();
    context.strokeStyle = ring;
    context.stroke();
  }
}

/** One picture of a track with the trail of a replay on it. */
export class TrackPicture {
  /** @param {HTMLCanvasElement} canvas - stands on the page */
  constructor(canvas) { this.surface = new Surface(canvas); }

  /**
   * An empty trail: for another replay, another scene, another size or other colours. The still layer is drawn anew
   * only for the last three.
   * @param {object} scene - as for `StillLayer`
   * @param {string} colour - of the trail
   * @param {Object<string, string>} colours - from `palette`
   */
  begin(scene, colour, colours) {
    const { surface } = this;
    surface.fit();
    const look = [surface.canvas.width, surface.canvas.height, ...Object.values(colours)].join();
    if (this.scene === scene && this.look === look) this.still.restart();
    else this.still = new StillLayer(surface, scene, colours);
    Object.assign(this, { scene, look, colour });
    this.trail = new Trail(surface, this.still.project, { colour, ring: colours.panel });
  }

  /**
   * Draws what has come to the replay since the last time.
   * @param {{path: number[][], landmarks: Iterable<number>}} run - places [m], and numbers of the landmarks reached
   */
  draw({ path, landmarks }) {
    this.still.reach(landmarks, this.colour);
    this.trail.follow(path);
    this.surface.clear();
    this.surface.lay(this.still.context);
    this.trail.draw();
  }
}
