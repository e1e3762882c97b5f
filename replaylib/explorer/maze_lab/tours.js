// The shortest closed walk over every segment of a maze, the Chinese postman's: replaylib/world/spaces.py, Track.tour.
// Source: Edmonds & Johnson (1973), Math. Programming 5, 88. Takes from the files before it: nothing.

const EXACT_PAIRS = 14; // odd corners up to which all ways to pair them are compared


// For each vertex, its neighbours: [the edge's number, the other vertex].
function neighboursOf(count, edges) {
  const neighbours = Array.from({ length: count }, () => []);
  edges.forEach(([a, b], edge) => {
    neighbours[a].push([edge, b]);
    neighbours[b].push([edge, a]);
  });
  return neighbours;
}

// Dijkstra's shortest ways from one vertex: lengths [m], and the edge and the vertex that each is reached by.
function waysFrom(start, neighbours, lengths) {
  const count = neighbours.length;
  const [far, by, done] = [new Float64Array(count).fill(Infinity), new Array(count), new Uint8Array(count)];
  far[start] = 0;
  for (let round = 0; round < count; round += 1) {
    let nearest = -1;
    for (let v = 0; v < count; v += 1) if (!done[v] && (nearest < 0 || far[v] < far[nearest])) nearest = v;
    done[nearest] = 1;
    for (const [edge, other] of neighbours[nearest]) {
      if (far[nearest] + lengths[edge] < far[other]) {
        far[other] = far[nearest] + lengths[edge];
        by[other] = [edge, nearest];
      }
    }
  }
  return { far, by };
}

// The number of the highest bit that is set.
function highestBit(mask) {
  let bit = 0;
  while (mask >> (bit + 1)) bit += 1;
  return bit;
}

// The cheapest way to pair `count` things, all ways compared: best[mask] pairs those whose bits are set.
function exactPairs(count, cost) {
  const best = new Float64Array(1 << count).fill(Infinity);
  const partner = new Int8Array(1 << count);
  best[0] = 0;
  for (let mask = 1; mask < best.length; mask += 1) {
    const first = highestBit(mask);
    for (let other = 0; other < first; other += 1) {
      if (!(mask & (1 << other))) continue;
      const total = best[mask ^ (1 << first) ^ (1 << other)] + cost(first, other);
      if (total < best[mask]) [best[mask], partner[mask]] = [total, other];
    }
  }
  const pairs = [];
  for (let mask = best.length - 1; mask > 0; ) {
    const first = highestBit(mask);
    pairs.push([first, partner[mask]]);
    mask ^= (1 << first) ^ (1 << partner[mask]);
  }
  return pairs;
}

// For many things: the nearest first, then partners exchanged while that is cheaper.
function nearestPairs(count, cost) {
  const all = [];
  for (let a = 0; a < count; a += 1) for (let b = a + 1; b < count; b += 1) all.push([a, b]);
  all.sort(([a, b], [c, d]) => cost(a, b) - cost(c, d) || a - c || b - d);
  const free = new Array(count).fill(true);
  const pairs = all.filter(([a, b]) => {
    const taken = free[a] && free[b];
    if (taken) free[a] = free[b] = false;
    return taken;
  });
  for (let round = 0; round < 20 && exchangePartners(pairs, cost); round += 1);
  return pairs;
}

function exchangePartners(pairs, cost) {
  let changed = false;
  for (let i = 0; i < pairs.length; i += 1) {
    for (let j = i + 1; j < pairs.length; j += 1) {
      const [[a, b], [c, d]] = [pairs[i], pairs[j]];
      const now = cost(a, b) + cost(c, d) - 1e-12;
      const [straight, crossed] = [cost(a, c) + cost(b, d), cost(a, d) + cost(b, c)];
      if (Math.min(straight, crossed) >= now) continue;
      [pairs[i], pairs[j]] = straight <= crossed ? [[a, c], [b, d]] : [[a, d], [b, c]];
      changed = true;
    }
  }
  return changed;
}

// Numbers of the edges that must be walked twice.
function walkedTwice(neighbours, lengths) {
  const odd = neighbours.flatMap((list, vertex) => (list.length % 2 ? [vertex] : []));
  const ways = odd.map((vertex) => waysFrom(vertex, neighbours, lengths));
  const cost = (a, b) => ways[a].far[odd[b]];
  const pairs = (odd.length <= EXACT_PAIRS ? exactPairs : nearestPairs)(odd.length, cost);
  return pairs.flatMap(([a, b]) => {
    const edges = [];
    for (let at = odd[b]; at !== odd[a]; at = ways[a].by[at][1]) edges.push(ways[a].by[at][0]);
    return edges;
  });
}

// Hierholzer's closed walk over every edge of a graph whose corners are all even, as vertices.
function closedWalk(start, neighbours, edgeCount) {
  const [used, next] = [new Uint8Array(edgeCount), new Uint32Array(neighbours.length)];
  const [open, walk] = [[start], []];
  while (open.length) {
    const at = open[open.length - 1];
    while (next[at] < neighbours[at].length && used[neighbours[at][next[at]][0]]) next[at] += 1;
    if (next[at] === neighbours[at].length) {
      walk.push(open.pop());
    } else {
      const [edge, other] = neighbours[at][next[at]];
      used[edge] = 1;
      open.push(other);
    }
  }
  return walk;
}

/**
 * The shortest closed walk over every segment. Beyond 14 odd corners it may be a little longer than the shortest.
 * @param {object} maze of lines, whose segments hang together, as untangle gives it
 * @returns {{ stops: number[][], marks: Float64Array, length: number }} stops [stops][2] in order, the first of which
 *   is also the last [m]; marks: how far each is along the walk [m]; length of the walk [m]
 */
export function tourOf({ vertices, edges }) {
  const lengths = edges.map(([a, b]) => separation(vertices[a], vertices[b]));
  const twice = walkedTwice(neighboursOf(vertices.length, edges), lengths);
  const all = [...edges, ...twice.map((edge) => edges[edge])];
  const walk = closedWalk(edges[0][0], neighboursOf(vertices.length, all), all.length);
  const stops = walk.map((vertex) => [...vertices[vertex]]);
  const marks = new Float64Array(stops.length);
  for (let i = 1; i < stops.length; i += 1) marks[i] = marks[i - 1] + separation(stops[i - 1], stops[i]);
  return { stops, marks, length: marks[marks.length - 1] };
}

/**
 * The place after a distance travelled along the tour, which repeats.
 * @param {object} tour from tourOf
 * @param {number} metres travelled, of either sign [m]
 * @param {number[]|Float32Array} out where x and y are written [m]
 * @param {number} offset index of x in `out`
 * @returns {number[]|Float32Array} `out`
 */
export function onTour(tour, metres, out = [0, 0], offset = 0) {
  const { stops, marks, length } = tour;
  let travelled = metres % length;
  if (travelled < 0) travelled += length;
  let [low, high] = [0, marks.length - 1]; // marks[low] <= travelled < marks[high]
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (marks[middle] <= travelled) low = middle;
    else high = middle;
  }
  const [[ax, ay], [bx, by]] = [stops[low], stops[high]];
  const share = (travelled - marks[low]) / (marks[high] - marks[low]);
  out[offset] = ax + share * (bx - ax);
  out[offset + 1] = ay + share * (by - ay);
  return out;
}
