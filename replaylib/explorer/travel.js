// Room: replay. What a replay has visited so far, and how fast it is, for all figures and the maze lab.

/** Steps over which a displacement is measured. */
export const WINDOW = 20;

const separation = ([ax, ay], [bx, by]) => Math.sqrt((ax - bx) * (ax - bx) + (ay - by) * (ay - by));

function nearest(places, here) {
  let [best, shortest] = [0, Infinity];
  for (let index = 0; index < places.length; index += 1) {
    const away = separation(places[index], here);
    if (away < shortest) [best, shortest] = [index, away];
  }
  return best;
}

/** A path that grows, and what it has reached. Sums run along, so that a step costs the same at any length. */
export class Travel {
  /**
   * @param {object} scene - `regions` and `landmarks` [[x, y], ...], `radius` of a landmark, `jump`: a step that counts
   *   as one; all in metres
   */
  constructor(scene) {
    this.scene = scene;
    /** Positions, the start included: [x, y] each [m]. */
    this.path = [];
    /** Indices of the scene's regions and landmarks that were reached. */
    this.regions = new Set();
    this.landmarks = new Set();
    this.far = 0;
    this.jumps = 0;
  }

  /**
   * The next position.
   * @param {number[]} here - [x, y] [m]
   */
  add(here) {
    const count = this.path.push(here);
    if (count > WINDOW) this.far += separation(here, this.path[count - 1 - WINDOW]);
    if (count > 1 && separation(here, this.path[count - 2]) > this.scene.jump) this.jumps += 1;
    this.regions.add(nearest(this.scene.regions, here));
    this.scene.landmarks.forEach((place, index) => {
      if (separation(place, here) <= this.scene.radius) this.landmarks.add(index);
    });
  }

  /** Steps so far. */
  get steps() { return this.path.length - 1; }

  /** @returns {number} mean distance between positions a window apart [m]; NaN while there are none */
  get displacement() { return this.path.length > WINDOW ? this.far / (this.path.length - WINDOW) : NaN; }
}
