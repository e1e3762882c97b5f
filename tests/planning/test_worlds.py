"""Bins and worlds: what lies next to what, and values against exact ones."""

import networkx
import numpy as np
import pytest
import torch

from replaylib.planning.bins import Bins
from replaylib.planning.worlds import World, best_actions, optimal, random_walk, successor_representation
from replaylib.world.drawn_tracks import from_points
from replaylib.world.spaces import Arena, t_maze, triangle

RING, MAZE = Bins.of_track(triangle()), Bins.of_track(t_maze())


def test_a_triangle_is_a_ring_and_a_t_maze_has_one_junction():
    assert len(RING) == 36
    assert networkx.is_isomorphic(RING.graph, networkx.cycle_graph(36))
    degrees = sorted(map(len, MAZE.neighbours))
    assert degrees == [1, 1, 1, *[2] * (len(MAZE) - 6), 3, 3, 3]
    meeting = [state for state in range(len(MAZE)) if len(MAZE.neighbours[state]) == 3]
    assert MAZE.next_to[np.ix_(meeting, meeting)].sum() == 6
    assert (MAZE.next_to == MAZE.next_to.T).all()
    assert MAZE.next_to.sum() == 2 * MAZE.graph.number_of_edges()
    assert MAZE.distances.max() == max(networkx.eccentricity(MAZE.graph).values())


def test_positions_fall_into_the_nearest_bin():
    line = Bins.of_track(from_points([(0.0, 0.0), (1.0, 0.0)]), 0.25)
    x = torch.tensor([[0.1, 0.0], [0.26, 0.1], [0.55, 0.0], [0.95, -0.1]])
    assert line.centres[line.visited(x), 0].tolist() == [0.125, 0.375, 0.625, 0.875]
    assert line.neighbours == ((1,), (0, 2), (1, 3), (2,))


def test_a_replay_that_cuts_corners_still_visits_all_bins():
    corners = triangle().vertices
    share = torch.linspace(0, 1, 200)[:, None]
    along = torch.cat([torch.lerp(corners[i], corners[(i + 1) % 3], share) for i in range(3)])
    rounded = along * (0.35 / along.norm(dim=1, keepdim=True)).clamp(min=0.9)
    assert float(triangle().distance(rounded).max()) > 0.03
    assert set(RING.visited(rounded).tolist()) == set(range(36))


def test_tiles_of_a_box_are_in_the_order_of_a_grid_world():
    tiles = Bins.of_box(Arena(3.0, 2.0), 3, 2)
    assert tiles.centres.tolist() == [[0.5, 1.5], [1.5, 1.5], [2.5, 1.5], [0.5, 0.5], [1.5, 0.5], [2.5, 0.5]]
    assert tiles.neighbours == ((1, 3), (0, 2, 4), (1, 5), (0, 4), (1, 3, 5), (2, 4))


def test_bins_that_do_not_hang_together_are_refused():
    centres = torch.zeros(4, 2)
    with pytest.raises(ValueError, match="all bins must hang together"):
        Bins(centres, ((1,), (0,), (3,), (2,)))
    with pytest.raises(ValueError, match="each bin must have a neighbour other than itself"):
        Bins(centres[:2], ((1,), (1,)))


@pytest.mark.equation("eq-backup")
@pytest.mark.parametrize("bins", [RING, MAZE])
def test_value_iteration_gives_the_discounted_distance(bins):
    goals = np.array([3, len(bins) - 1])
    values = optimal(World.on_bins(bins, goals, 0.9)).max(-1)
    for row, goal in enumerate(goals):
        ways = networkx.single_source_shortest_path_length(bins.graph, int(goal))
        exact = [0.9 ** (ways[state] - 1) if state != goal else 0.0 for state in range(len(bins))]
        assert values[row] == pytest.approx(exact, abs=1e-12)


def test_values_in_a_slippery_world_solve_the_equations_of_their_own_policy():
    gymnasium = pytest.importorskip("gymnasium")
    table = gymnasium.make("FrozenLake-v1", map_name="4x4", is_slippery=True).unwrapped.P
    world = World.of_table(table, 0.9)
    assert not world.deterministic
    assert world.ended[0].nonzero()[0].tolist() == [5, 7, 11, 12, 15]
    values = optimal(world)[0]
    action, states = values.argmax(1), np.arange(16)
    transition = np.zeros((16, 16))
    for state in states[~world.ended[0]]:
        np.add.at(transition[state], world.next_state[state, action[state]], world.probability[state, action[state]])
    reward = np.where(world.ended[0], 0.0, world.reward[0, states, action])
    exact = np.linalg.solve(np.eye(16) - 0.9 * transition, reward)
    assert values.max(1) == pytest.approx(exact, abs=1e-12)
    # No action is better than those taken, so that the policy is the best.
    again = world.all_backed_up(exact[None])[0]
    assert again.max(1) == pytest.approx(exact, abs=1e-12)


def test_all_actions_that_tie_are_best():
    even = Bins(torch.zeros(4, 2), ((1, 3), (0, 2), (1, 3), (0, 2)))
    best = best_actions(optimal(World.on_bins(even, np.array([0]))))[0]
    assert best[2].tolist() == [True, True]
    assert best[1].tolist() == [True, False]


@pytest.mark.equation("eq-successor")
@pytest.mark.parametrize("bins", [RING, MAZE])
def test_successors_are_the_sum_of_discounted_walks(bins):
    walk, power = random_walk(bins), np.eye(len(bins))
    assert walk.sum(1) == pytest.approx(1)
    total = np.zeros_like(power)
    for _ in range(700):
        total, power = total + power, 0.95 * power @ walk
    assert np.abs(successor_representation(bins, 0.95) - total).max() < 1e-10


def test_worlds_that_make_no_sense_are_refused():
    with pytest.raises(ValueError, match="goals must be bins from 0 to 35"):
        World.on_bins(RING, np.array([36]))
    world = World.on_bins(RING, np.array([0]))
    with pytest.raises(ValueError, match="must sum to 1, or all be 0"):
        World(world.next_state, 0.5 * world.probability, world.reward, world.ended)
    with pytest.raises(ValueError, match="next states must lie between 0 and 35"):
        World(world.next_state + 1, world.probability, world.reward, world.ended)
    with pytest.raises(ValueError, match=r"discount must be a number in \[0, 1\]"):
        World.on_bins(RING, np.array([0]), 1.0)


def test_repeated_worlds_stand_one_lot_after_the_other():
    world = World.on_bins(RING, np.array([4, 9])).repeated(2)
    assert world.ended.argmax(1).tolist() == [4, 9, 4, 9]
    assert world.reward.shape == (4, 36, 2)
