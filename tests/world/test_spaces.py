import math
import random
import subprocess
import sys
from itertools import combinations, pairwise

import pytest
import torch
from shapely import LineString, Point, unary_union

from replaylib.world.drawn_tracks import from_points
from replaylib.world.spaces import Arena, Track, check_inside, nearest, t_maze, triangle


def test_triangle_has_equal_sides_and_a_tour_once_round():
    track = triangle(2.0)
    assert track.lengths.tolist() == pytest.approx([2, 2, 2])
    assert track.tour_length == pytest.approx(6)
    assert len(track.landmarks) == 3


def test_t_maze_tour_runs_each_segment_twice():
    track = t_maze(1.6, 1.0)
    assert track.tour_length == pytest.approx(2 * 3.6)
    assert bool((track.tour[0] == track.tour[-1]).all())


@pytest.mark.parametrize("track", [triangle(), t_maze(), from_points([(0, 0), (1, 0), (1, 2), (0, 0), (-1, 0)])])
def test_tour_stays_on_the_track_and_moves_at_unit_speed(track):
    travelled = torch.linspace(-3, 20, 4001)
    position = track.on_tour(travelled)
    assert float(track.distance(position).max()) < 1e-5
    steps = position.diff(dim=0).norm(dim=1)
    assert float(steps.max()) <= 23 / 4000 * 1.001
    assert float(steps.median()) == pytest.approx(23 / 4000, rel=1e-2)


def shortest_postman_walk(track: Track) -> float:
    """Length of the shortest closed walk over all segments, by trying every pairing of the odd vertices."""
    count = len(track.vertices)
    far = torch.full((count, count), float("inf"), dtype=torch.float64).fill_diagonal_(0)
    for (a, b), length in zip(track.edges, track.lengths.tolist(), strict=True):
        far[a, b] = far[b, a] = min(length, float(far[a, b]))
    for middle in range(count):
        far = torch.minimum(far, far[:, middle, None] + far[None, middle])

    def join(left: tuple[int, ...]) -> float:
        pairings = ((other, tuple(one for one in left[1:] if one != other)) for other in left[1:])
        return min((float(far[left[0], other]) + join(rest) for other, rest in pairings), default=0.0)

    odd = tuple(vertex for vertex in range(count) if sum(vertex in edge for edge in track.edges) % 2)
    return float(track.lengths.sum()) + join(odd)


@pytest.mark.parametrize("seed", range(40))
def test_tour_is_the_shortest_of_all_closed_walks(seed):
    generator = random.Random(seed)
    count = generator.randint(3, 9)
    edges = {(generator.randrange(vertex), vertex) for vertex in range(1, count)}
    edges |= {tuple(sorted(generator.sample(range(count), 2))) for _ in range(generator.randint(0, 5))}
    places = torch.tensor([[generator.random(), generator.random()] for _ in range(count)])
    track = Track(places, tuple(sorted(edges)), (0,))
    assert track.tour_length == pytest.approx(shortest_postman_walk(track), rel=1e-5)
    order = [int((places == stop).all(1).nonzero()) for stop in track.tour]
    assert order[0] == order[-1]
    assert {tuple(sorted(leg)) for leg in pairwise(order)} == edges


def test_a_detour_of_many_short_segments_is_better_than_one_long(generator):
    """Of two ways between the odd vertices 0 and 1 the one of fewest segments is the longer."""
    places = torch.tensor([[0.0, 0.0], [3.0, 0.0], [0.5, 0.1], [1.5, 0.1], [2.5, 0.1], [1.5, 4.0]])
    track = Track(places, ((0, 5), (5, 1), (0, 2), (2, 3), (3, 4), (4, 1), (0, 1)), (0, 1))
    assert track.tour_length == pytest.approx(float(track.lengths.sum()) + 3.0, abs=1e-4)
    bent = Track(places, ((0, 5), (5, 1), (0, 2), (2, 3), (3, 4), (4, 1), (5, 3)), (0, 1))
    assert bent.tour_length == pytest.approx(shortest_postman_walk(bent), rel=1e-5)


def test_distance_is_that_to_the_nearest_point():
    track = t_maze(2.0, 1.0)  # stem from (0, -1) to (0, 1), arms to (-1, 1) and (1, 1)
    position = torch.tensor([[0.0, 0.0], [0.3, 0.0], [2.0, 1.0], [0.5, 1.2], [0.0, -2.0]])
    assert track.distance(position).tolist() == pytest.approx([0, 0.3, 1.0, 0.2, 1.0], abs=1e-6)


def test_points_every_share_corners_and_junctions():
    assert len(triangle().points_every(triangle().tour_length / 48)) == 48
    points = t_maze().points_every(0.1)
    assert len(points) == 37
    assert float(torch.pdist(points).min()) == pytest.approx(0.1, rel=1e-4)


def test_regions_divide_the_track_evenly():
    track = triangle()
    centres = track.regions(12)
    owner = nearest(track.on_tour(torch.linspace(0, track.tour_length, 12_001)[:-1]), centres)
    assert torch.bincount(owner, minlength=12).double().std() < 60


def test_from_points_finds_loops_junctions_and_ends():
    maze = from_points([(0, 0), (0, 1), (-1, 1), (0, 1), (1, 1)])
    assert maze.edges == ((0, 1), (1, 2), (1, 3))
    assert len(maze.landmarks) == 3
    assert from_points([(0, 0), (1, 0), (0, 1)], closed=True).tour_length == pytest.approx(2 + math.sqrt(2))


PLUS = [(0, 0), (1, 0), (-1, 0), (0, 0), (0, 1), (0, -1)]


@pytest.mark.parametrize("points", [PLUS, [(-1, 0), (1, 0), (0, 0), (0, 1), (0, -1)]])
def test_a_stroke_through_a_junction_is_cut_there(points):
    maze = from_points(points)
    assert len(maze.vertices) == 5
    assert maze.lengths.tolist() == [1, 1, 1, 1]
    assert len(maze.landmarks) == 4
    assert maze.tour_length == 8
    assert len(maze.points_every(0.5)) == 9  # none twice


def test_strokes_that_cross_meet_in_a_junction():
    maze = from_points([(0, 0), (2, 2), (2, 0), (0, 2)])
    assert maze.vertices[-1].tolist() == [1, 1]
    assert len(maze.edges) == 5
    assert float(maze.lengths.sum()) == pytest.approx(2 + 4 * 2**0.5)


def test_strokes_that_overlap_are_one():
    assert from_points([(0, 0), (2, 0), (1, 0), (3, 0)]).lengths.tolist() == [1, 1, 1]
    assert from_points([(0, 0), (2, 0), (0, 0)], closed=True).lengths.tolist() == [2]
    assert from_points([(0, 0), (1, 0), (1, 1), (0, 0.5), (0, -0.5)]).tour_length == pytest.approx(
        from_points([(0, 0), (1, 0), (1, 1), (0, 0.5), (0, 0), (0, -0.5)]).tour_length
    )


def test_points_that_differ_by_rounding_are_one():
    maze = from_points([(0.0, 0.1 + 0.2), (1.0, 0.3), (0.5, 1.0), (0.0, 0.3)])
    assert len(maze.vertices) == 3
    assert len(maze.edges) == 3


@pytest.mark.parametrize("seed", range(15))
def test_drawn_tracks_meet_at_vertices_only(seed):
    """On a grid of nine points strokes often cross, touch and overlap."""
    generator = random.Random(seed)
    points = [(generator.randrange(3), generator.randrange(3)) for _ in range(9)]
    maze = from_points(points)
    lines = [LineString(piece.double().numpy()) for piece in maze.outline()]
    for first, second in combinations(lines, 2):
        touch = first.intersection(second)
        assert touch.length < 1e-6
        assert touch.is_empty or any(
            touch.distance(end) < 1e-6 for end in (Point(first.coords[0]), Point(first.coords[1]))
        )
    union = unary_union([LineString(pair) for pair in pairwise(points) if pair[0] != pair[1]])
    assert float(maze.lengths.sum()) == pytest.approx(union.length, rel=1e-5)


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ([], "at least two different points, but 0 came"),
        ([(0, 0), (0, 0)], "at least two different points, but 1 came"),
        ([(0, 0), (float("nan"), 1)], "must hold finite numbers"),
        ([(0, 0, 0), (1, 1, 1)], "must be two numbers"),
    ],
)
def test_senseless_points_are_refused(points, message):
    with pytest.raises(ValueError, match=message):
        from_points(points)


@pytest.mark.parametrize(
    ("edges", "message"),
    [
        ((), "at least one segment"),
        (((0, 1),), "must hang together"),
        (((0, 1), (1, 5)), "must name vertices 0 to 2"),
        (((0, 1), (2, 2)), "length 0"),
    ],
)
def test_senseless_tracks_are_refused(edges, message):
    with pytest.raises(ValueError, match=message):
        Track(torch.tensor([[0.0, 0.0], [1.0, 0.0], [2.0, 0.0]]), edges, (0,))


def test_off_the_track_is_refused():
    with pytest.raises(ValueError, match=r"within 0.05 m of where the animal can be, but one is 1 m away"):
        check_inside(t_maze(), torch.tensor([[0.0, -1.8]]))
    with pytest.raises(ValueError, match="finite"):
        check_inside(t_maze(), torch.tensor([[float("nan"), 0.0]]))


def test_arena_distance_grid_and_regions():
    arena = Arena(3.5, 2.5)
    position = torch.tensor([[1.0, 1.0], [-0.3, 1.0], [3.8, 2.9]])
    assert arena.distance(position).tolist() == pytest.approx([0, 0.3, 0.5], abs=1e-6)
    assert arena.regions(12).shape == (12, 2)
    grid = arena.grid(18, 13)
    assert grid.amin(0).tolist() == [0, 0]
    assert grid.amax(0).tolist() == [3.5, 2.5]
    with pytest.raises(ValueError, match="width must be"):
        Arena(0.0, 1.0)


@pytest.mark.parametrize("space", [triangle(), t_maze(), from_points(PLUS), Arena(3.5, 2.5)])
def test_places_drawn_in_a_space_are_spread_evenly(space, generator):
    places = space.sample(24_000, generator)
    assert places.shape == (24_000, 2)
    assert float(space.distance(places).max()) < 1e-5
    counts = torch.bincount(nearest(places, space.regions(12)), minlength=12).double()
    # Regions along a line own half of a neighbour's stretch at a junction, so their shares are those of a fine grid.
    fine = torch.bincount(nearest(space.sample(400_000, generator), space.regions(12)), minlength=12).double() / 400_000
    error = (24_000 * fine * (1 - fine)).sqrt()
    assert bool(((counts - 24_000 * fine).abs() < 4.5 * error).all())
    assert torch.equal(space.sample(3, generator.manual_seed(1)), space.sample(3, generator.manual_seed(1)))


def test_places_on_a_track_are_spread_by_length(generator):
    """The stem of the maze is run twice by the tour and its arms too: a triangle with a tail is run unevenly."""
    track = from_points([(0, 0), (1, 0), (0, 1), (0, 0), (-1, 0)])
    share = float((track.sample(20_000, generator)[:, 0] < 0).float().mean())
    assert share == pytest.approx(1 / float(track.lengths.sum()), abs=4 * (0.25 * 0.75 / 20_000) ** 0.5)


def test_a_box_of_whole_metres_is_as_good():
    assert Arena(4, 1).size.tolist() == [4.0, 1.0]
    assert Arena(4, 1).sample(5).is_floating_point()


def test_outlines_are_what_shuts_the_animal_in():
    assert torch.equal(t_maze().outline(), torch.stack(t_maze().segments, dim=1))
    walls = Arena(3.5, 2.5).outline()
    assert walls.shape == (4, 2, 2)
    assert torch.equal(walls[:, 1], walls.roll(-1, 0)[:, 0])  # each ends where the next begins
    assert (walls[:, 1] - walls[:, 0]).norm(dim=1).tolist() == [3.5, 2.5, 3.5, 2.5]
    assert walls.amin((0, 1)).tolist() == [0, 0]


def test_networkx_is_loaded_for_tours_only():
    program = (
        "import sys, replaylib.world as w; w.task('t-maze-cells').space.regions(4); print('networkx' in sys.modules)"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert shown == "False\n"
