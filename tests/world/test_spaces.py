import math

import pytest
import torch

from replaylib.world.spaces import Arena, Track, check_inside, from_points, nearest, t_maze, triangle


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
