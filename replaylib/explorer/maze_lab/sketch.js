// A maze while it is being drawn: corners, the lines that join them, the pen, and what came before. No picture here.
// Takes from the files before it: nothing.

const RASTER = 0.05; // [m] corners lie on this raster, so that links stay short and lines straight
const SHEET = 1.6; // [m] the sheet reaches so far from its middle, each way
const MOST_STEPS_BACK = 200;

const onRaster = (metres) => {
  const kept = Math.min(SHEET, Math.max(-SHEET, Number.isFinite(metres) ? metres : 0));
  return Number((Math.round(kept / RASTER) * RASTER).toFixed(2));
};

/** A drawing. `vertices` are [x, y] in metres, `edges` pairs of their indices, `pen` the corner that is drawn from. */
class Sketch {
  constructor(maze = { vertices: [], edges: [] }) {
    this.past = [];
    this.load(maze);
  }

  /** Replaces what is drawn by a maze of lines; null for an empty sheet. */
  load(maze) {
    this.vertices = (maze?.vertices ?? []).map(([x, y]) => [x, y]);
    this.edges = (maze?.edges ?? []).map(([a, b]) => [a, b]);
    this.pen = null;
  }

  /** What is drawn, as a maze of its own. */
  get maze() {
    return { vertices: this.vertices.map(([x, y]) => [x, y]), edges: this.edges.map(([a, b]) => [a, b]) };
  }

  /** Keeps the present state, so that undo comes back to it; `name` is that of the maze before. */
  remember(name) {
    this.past.push({ name, pen: this.pen, maze: this.maze });
    if (this.past.length > MOST_STEPS_BACK) this.past.shift();
  }

  /** Goes one step back; returns the maze's name then, or null where nothing came before. */
  undo() {
    const before = this.past.pop();
    if (!before) return null;
    this.load(before.maze);
    this.pen = before.pen;
    return before.name;
  }

  /** Index of the corner nearest to a place [m], -1 where none is within `reach` [m]. */
  near(x, y, reach) {
    let [found, least] = [-1, reach];
    this.vertices.forEach(([a, b], index) => {
      const away = Math.hypot(a - x, b - y);
      if (away <= least) [found, least] = [index, away];
    });
    return found;
  }

  /** Sets a corner at a place [m] and joins it to the pen's; the pen goes there. Returns its index. */
  add(x, y) {
    this.vertices.push([onRaster(x), onRaster(y)]);
    const added = this.vertices.length - 1;
    if (this.pen !== null) this.edges.push([this.pen, added]);
    this.pen = added;
    return added;
  }

  /** Touches a corner: takes the pen there, joins it to the last one, or lifts the pen where it is already. */
  touch(corner) {
    if (this.pen === corner) { this.pen = null; return; }
    if (this.pen !== null && this.edgeBetween(this.pen, corner) < 0) this.edges.push([this.pen, corner]);
    this.pen = corner;
  }

  /** Index of the line between two corners, -1 where there is none. */
  edgeBetween(a, b) {
    return this.edges.findIndex(([c, d]) => (a === c && b === d) || (a === d && b === c));
  }

  /** Moves a corner to a place [m]. */
  move(corner, x, y) {
    this.vertices[corner] = [onRaster(x), onRaster(y)];
  }

  /** Takes a corner away, with the lines that end there. */
  remove(corner) {
    this.vertices.splice(corner, 1);
    const moved = (index) => (index > corner ? index - 1 : index);
    this.edges = this.edges.filter((edge) => !edge.includes(corner)).map((edge) => edge.map(moved));
    if (this.pen !== null) this.pen = this.pen === corner ? null : moved(this.pen);
  }

  /** Corners that a corner is joined to, as indices in order. */
  joined(corner) {
    const others = this.edges.filter((edge) => edge.includes(corner)).map(([a, b]) => (a === corner ? b : a));
    return others.sort((a, b) => a - b);
  }

  /** Joins a corner to these others and to no more. */
  joinTo(corner, others) {
    this.edges = this.edges.filter((edge) => !edge.includes(corner));
    for (const other of new Set(others)) this.edges.push([corner, other]);
  }
}
