"""The lab's mazes against the package: drawn strokes, the closed tour, place cells, distances and regions."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from maze_engine import run_engine

from replaylib.world.drawn_tracks import from_points
from replaylib.world.place_cells import PlaceCells
from replaylib.world.spaces import Arena, Track, t_maze, triangle

COMB = [(x, y) for x in (-1.2, -0.6, 0.0, 0.6, 1.2) for y in (0.6, -0.6, 0.6)]
SPIRAL = [(-1.2, -1.2), (1.2, -1.2), (1.2, 1.2), (-0.8, 1.2), (-0.8, -0.6), (0.7, -0.6), (0.7, 0.6), (-0.2, 0.6)]
COURT = [(-0.7, -0.4), (0.7, -0.4), (0.7, 0.4), (-0.7, 0.4)]

UNTANGLE = """
return data.map((drawn) => {
  try {
    return lab.untangle(drawn);
  } catch (error) {
    if (!(error instanceof lab.MazeError)) throw error;
    return { error: error.message };
  }
});
"""


def stroke(points, closed=False):
    """The drawn maze of a stroke through points, in the lab's form."""
    order = [*range(len(points)), *([0] if closed else [])]
    return {"vertices": [list(point) for point in points], "edges": [list(pair) for pair in pairwise(order)]}


def as_maze(track):
    return {"vertices": track.vertices.double().tolist(), "edges": [list(edge) for edge in track.edges]}


def as_track(maze):
    return Track(torch.tensor(maze["vertices"], dtype=torch.float32), tuple(map(tuple, maze["edges"])), (0,))


def random_strokes(count, seed=0):
    """Strokes through points of a coarse grid, which cross, touch and overlap often, and through points anywhere."""
    numbers = np.random.default_rng(seed)
    for index in range(count):
        places = numbers.uniform(-1.6, 1.6, (numbers.integers(3, 9), 2))
        yield (places.round(0 if index % 3 == 0 else 1) if index % 2 == 0 else places).tolist(), bool(index % 5 == 0)


def random_mazes(count, seed):
    """Tracks of the package, drawn at random: small ones, whose shortest tour networkx finds at once."""
    for points, closed in random_strokes(count, seed):
        if len({tuple(point) for point in points}) > 2:
            track = from_points(points, closed)
            if 1 < float(track.lengths.sum()) < 16 and len(track.edges) <= 40:
                yield track


def test_strokes_are_cut_as_from_points_cuts_them():
    drawn = [(points, closed) for points, closed in random_strokes(300) if len(set(map(tuple, points))) > 1]
    tracks = [from_points(points, closed) for points, closed in drawn]
    usable = [index for index, track in enumerate(tracks) if 1.01 < float(track.lengths.sum()) < 15.9]
    assert len(usable) > 200
    found = run_engine(UNTANGLE, [stroke(*drawn[index]) for index in usable])
    for index, answer in zip(usable, found, strict=True):
        track, maze = tracks[index], answer["maze"]
        assert [tuple(edge) for edge in maze["edges"]] == list(track.edges)
        np.testing.assert_allclose(maze["vertices"], track.vertices, atol=2e-6)


def test_what_was_mended_is_said():
    cross = {"vertices": [[-1, 0], [1, 0], [0, -1], [0, 1], [1, 1], [1, 0]], "edges": [[0, 1], [2, 3]]}
    plain = stroke(SPIRAL)
    crossed, whole = run_engine(UNTANGLE, [cross, plain])
    assert crossed["sentence"] == (
        "Lines that cross are joined there (1 new corner); 1 corner that lies on another is one with it; "
        "1 corner without a line is left out."
    )
    assert len(crossed["maze"]["vertices"]) == 5
    assert len(crossed["maze"]["edges"]) == 4
    assert whole["sentence"] == ""


TOURS = """
return data.map((maze) => {
  const tour = lab.tourOf(maze);
  const places = Array.from({ length: 101 }, (_, i) => lab.onTour(tour, (i - 50) * 0.31));
  return { stops: tour.stops, length: tour.length, marks: Array.from(tour.marks), places };
});
"""


def check_tour(tour, maze):
    """A closed walk along lines of the maze, over each of them."""
    corners = {tuple(corner): index for index, corner in enumerate(maze["vertices"])}
    walked = [corners[tuple(stop)] for stop in tour["stops"]]
    assert walked[0] == walked[-1]
    lines = {tuple(sorted(pair)) for pair in pairwise(walked)}
    assert lines == {tuple(sorted(edge)) for edge in maze["edges"]}
    np.testing.assert_allclose(np.diff(tour["marks"]), np.linalg.norm(np.diff(tour["stops"], axis=0), axis=1))
    assert tour["marks"][-1] == tour["length"]


def test_tours_are_as_short_as_the_package_has_them():
    presets = run_engine("return lab.PRESETS")
    mazes = [preset["maze"] for preset in presets.values() if "box" not in preset["maze"]]
    assert len(mazes) == 6
    drawn = [stroke(COMB), stroke(SPIRAL)]
    mazes += [found["maze"] for found in run_engine(UNTANGLE, drawn)]
    mazes += [as_maze(track) for track in random_mazes(80, seed=1)]
    assert len(mazes) > 60
    few = [maze for maze in mazes if odd_corners(maze) <= 14]
    assert len(few) > 50
    for maze, tour in zip(few, run_engine(TOURS, few), strict=True):
        check_tour(tour, maze)
        assert tour["length"] == pytest.approx(as_track(maze).tour_length, rel=1e-5)


def odd_corners(maze):
    return sum(np.bincount(np.ravel(maze["edges"])) % 2)


def test_tours_of_many_odd_corners_are_walks_and_hardly_longer():
    teeth = [(0.3 * x, y) for x in range(-5, 6) for y in (0.3, -0.3, 0.3)]
    ladder = [(0.15 * x - 0.9, 0.4 * (y == (x % 2))) for x in range(12) for y in (0, 1)]
    rails = [(0.75, 0.4), (-0.9, 0.4), (-0.9, 0.0), (0.75, 0.0)]
    found = run_engine(UNTANGLE, [stroke(teeth), stroke([*ladder, *rails])])
    mazes = [answer["maze"] for answer in found]
    for maze, tour in zip(mazes, run_engine(TOURS, mazes), strict=True):
        assert odd_corners(maze) > 14
        check_tour(tour, maze)
        shortest = as_track(maze).tour_length
        assert shortest * (1 - 1e-6) < tour["length"] < 1.05 * shortest


def test_places_on_the_tour_repeat():
    maze = as_maze(triangle())
    (tour,) = run_engine(TOURS, [maze])
    travelled = (np.arange(101) - 50) * 0.31 % tour["length"]
    stops = np.array(tour["stops"])
    expected = np.stack([np.interp(travelled, tour["marks"], stops[:, axis]) for axis in (0, 1)], axis=1)
    np.testing.assert_allclose(tour["places"], expected, atol=1e-12)


def test_presets_are_the_packages():
    presets = run_engine("return lab.PRESETS")
    assert list(presets) == ["triangle", "t-maze", "ring", "figure-of-eight", "plus", "h-maze", "box"]
    for name, track in [("triangle", triangle()), ("t-maze", t_maze())]:
        maze = presets[name]["maze"]
        np.testing.assert_allclose(maze["vertices"], track.vertices, atol=1e-6)
        assert [tuple(edge) for edge in maze["edges"]] == list(track.edges)
    for name, preset in presets.items():
        if "box" in preset["maze"]:
            continue
        untangled = run_engine(UNTANGLE, [preset["maze"]])[0]
        assert untangled["sentence"] == "", name
        assert len(untangled["maze"]["edges"]) == len(preset["maze"]["edges"])


CELLS = """
const cells = lab.cellsFor(data.maze);
const count = cells.centres.length / 2;
const active = (places) => places.map(([x, y]) => Array.from(lab.encode(cells, x, y, new Float32Array(count))));
return {
  cells: { ...cells, centres: Array.from(cells.centres) }, active: active(data.places),
  decoded: data.activity.map((one) => lab.decode(cells, Float32Array.from(one))),
  away: data.places.map(([x, y]) => lab.distanceTo(data.maze, x, y)), regions: lab.regionsOf(data.maze, 12),
};
"""


@pytest.mark.parametrize("name", ["triangle", "t-maze", "box"])
def test_place_cells_distances_and_regions(name, generator):
    maze = run_engine("return lab.PRESETS[data].maze", name)
    space = Arena(*maze["box"]) if name == "box" else as_track(maze)
    places = torch.rand(200, 2, generator=generator) * 3 - 1.5
    count = len(run_engine("return Array.from(lab.cellsFor(data).centres)", maze)) // 2
    activity = torch.randn(50, count, generator=generator)
    activity[0] = -1
    found = run_engine(CELLS, {"maze": maze, "places": places.tolist(), "activity": activity.tolist()})
    centres = torch.tensor(found["cells"]["centres"]).reshape(-1, 2)
    cells = PlaceCells(centres, found["cells"]["width"], found["cells"]["exponent"])
    torch.testing.assert_close(torch.tensor(found["active"]), cells.encode(places), atol=1e-7, rtol=1e-4)
    torch.testing.assert_close(torch.tensor(found["decoded"]), cells.decode(activity), atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(torch.tensor(found["away"]), space.distance(places), atol=1e-6, rtol=0)
    torch.testing.assert_close(torch.tensor(found["regions"]), space.regions(12), atol=1e-6, rtol=0)
    if name == "triangle":
        torch.testing.assert_close(centres, triangle().points_every(float(triangle().lengths.sum()) / 48))
        assert cells.width == 0.25
        assert cells.exponent == 4


def test_cells_of_any_maze_are_few_and_even():
    mazes = [as_maze(track) for track in random_mazes(60, seed=7)]
    script = "return data.map((maze) => Array.from(lab.cellsFor(maze).centres))"
    for maze, centres in zip(mazes, run_engine(script, mazes), strict=True):
        places = torch.tensor(centres).reshape(-1, 2)
        assert 20 <= len(places) <= 128
        track = as_track(maze)
        assert float(track.distance(places).max()) < 1e-5
        # No stretch of the maze is without a cell.
        along = track.sample(500)
        assert float(torch.cdist(along, places).amin(1).max()) < 0.2


@pytest.mark.slow
def test_a_drawn_maze_is_learned():
    """The quick case of benchmarks/lab_mazes.py: fewer units and iterations, and the error is below the bar already."""
    script = """
    const settings = lab.checkSettings({ ...data, maze: "drawn", units: 48, iterations: 600, seed: 900 });
    const training = new lab.Training(settings, lab.loadProducts());
    const before = training.heldOut(1).error;
    while (!training.done) training.step();
    return { before, ...training.heldOut(lab.HELD_OUT_BATCHES) };
    """
    found = run_engine(script, {"drawn": stroke(COURT, closed=True)}, limit=600)
    assert found["bar"] == pytest.approx(0.05 * 4.4)
    assert found["before"] > found["bar"]
    assert found["error"] < 0.7 * found["bar"]
