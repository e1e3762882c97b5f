"""Learners: the order of updates, what they come to, and what they cost."""

import numpy as np
import pytest
import torch

from replaylib.planning import (
    Bins,
    Budget,
    DeepSettings,
    Replayed,
    World,
    deep_q_learning,
    learn_successors,
    of_paths,
    optimal,
    q_learning,
    successor_representation,
    uniform,
    value_backups,
)
from replaylib.planning.learners import correlations, knows
from replaylib.world.spaces import Arena, t_maze, triangle

RING, MAZE = Bins.of_track(triangle()), Bins.of_track(t_maze())
LINE = Bins(torch.zeros(5, 2), ((1,), (0, 2), (1, 3), (2, 4), (3,)))
"""Five bins in a row; the goal of its world is the last."""

TO_THE_END = World.on_bins(LINE, np.array([4]), 0.9)


def thought(*states: int) -> Replayed:
    return of_paths(np.array([states]), Budget(1, len(states), len(states)))


def shares(learnt) -> list[float]:
    return learnt.share[0].tolist()


@pytest.mark.equation("eq-carried")
def test_value_is_carried_against_the_way_that_it_is_run():
    """A backup looks one step ahead: from the reward outwards each backup counts, towards it only the last."""
    assert shares(value_backups(TO_THE_END, thought(3, 2, 1, 0))) == [0.25, 0.5, 0.75, 1]
    assert shares(value_backups(TO_THE_END, thought(0, 1, 2, 3))) == [0, 0, 0, 0.25]
    assert shares(value_backups(TO_THE_END, thought(0, 1, 2, 3, 0, 1, 2, 3)))[-1] == 0.5


@pytest.mark.equation("eq-backup")
def test_a_backup_takes_the_best_that_follows():
    learnt = value_backups(TO_THE_END, thought(3, 2, 3, 1))
    assert learnt.values[0].tolist() == [[0, -np.inf], [0, 0.81], [0, 0.9], [0.9 * 0.9, 1], [0, -np.inf]]


def test_a_state_in_which_all_is_over_learns_nothing():
    learnt = value_backups(TO_THE_END, thought(4, 3, 4, 4))
    assert learnt.values[0, 4].tolist() == [0, -np.inf]
    assert shares(learnt) == [0, 0.25, 0.25, 0.25]


def test_to_know_is_to_hold_only_best_actions_for_best():
    best = np.array([[True, False], [True, False], [True, True], [True, True]])
    values = np.array([[0.5, 0.5], [0.6, 0.5], [0.5, 0.4], [0.0, 0.0]])
    assert knows(values, best).tolist() == [False, True, True, False]


@pytest.mark.parametrize("bins", [RING, MAZE])
def test_backups_of_all_states_at_random_come_to_the_exact_values(bins):
    world = World.on_bins(bins, np.array([0, 5]))
    replayed = uniform(bins, Budget(2, 2500, 1), torch.Generator().manual_seed(0))
    for learnt in (value_backups(world, replayed), q_learning(world, bins, replayed)):
        exact = optimal(world)
        assert np.where(world.allowed, learnt.values, 0) == pytest.approx(np.where(world.allowed, exact, 0), abs=1e-9)
        assert (learnt.share[:, -1] == 1).all()


def test_a_slippery_lake_is_learnt_by_backups_of_its_states():
    gymnasium = pytest.importorskip("gymnasium")
    world = World.of_table(gymnasium.make("FrozenLake-v1", is_slippery=True).unwrapped.P, 0.8)
    state = np.tile(np.arange(16), 100)[None]
    replayed = Replayed(state, np.full_like(state, -1), 1, state.shape[1], 0.0)
    learnt = value_backups(world, replayed)
    assert learnt.values == pytest.approx(optimal(world), abs=1e-9)
    tiles = Bins.of_box(Arena(1.0, 1.0), 4, 4)
    with pytest.raises(ValueError, match="actions with one outcome each"):
        q_learning(world, tiles, replayed)


def test_q_learning_follows_experience_and_can_take_it_both_ways():
    towards, away = thought(1, 2, 3, 4), thought(4, 3, 2, 1)
    assert q_learning(TO_THE_END, LINE, towards).values[0, 3].tolist() == [0, 1]
    # Away from the goal forward experience never uses the action that leads to it.
    assert shares(q_learning(TO_THE_END, LINE, away)) == [0, 0, 0, 0]
    both = q_learning(TO_THE_END, LINE, away, both_ways=True)
    assert shares(both) == [0.25, 0.5, 0.75, 0.75]
    assert both.values[0, 1].tolist() == [0, pytest.approx(0.81)]
    half = q_learning(TO_THE_END, LINE, thought(3, 4), rate=0.5)
    assert half.values[0, 3].tolist() == [0, 0.5]


def test_costs_are_counted_in_three_currencies():
    replayed = thought(0, 0, 1, 4, 3, 2)
    one_way = q_learning(TO_THE_END, LINE, replayed).spent
    # 0-0 is no step, 1-4 is a jump, and in 4 all is over.
    assert (one_way.steps, one_way.backups, one_way.refused) == (6, 2, 1)
    both = q_learning(TO_THE_END, LINE, replayed, both_ways=True).spent
    assert (both.backups, both.refused) == (5, 1)
    plain = value_backups(TO_THE_END, replayed).spent
    assert (plain.steps, plain.backups, plain.refused) == (6, 6, 0)
    longer = Replayed(replayed.state, replayed.after, 6, 18, 2.5)
    waited = value_backups(TO_THE_END, longer).spent
    assert (waited.steps, waited.backups) == (18, 6)
    assert waited.seconds > 2.5
    successors = learn_successors(LINE, replayed, 0.9).spent
    assert (successors.steps, successors.backups, successors.refused) == (6, 3, 1)


def test_a_jump_teaches_nothing():
    learnt = q_learning(TO_THE_END, LINE, thought(0, 4, 2, 4), both_ways=True)
    assert learnt.values.max() == 0
    assert learnt.spent.refused == 3
    jumping = learn_successors(LINE, thought(0, 4, 1, 3), 0.9)
    assert jumping.successors.max() == 0
    assert jumping.correlation.max() == 0


@pytest.mark.equation("eq-successor")
def test_successors_are_learnt_from_a_random_walk():
    generator, state = torch.Generator().manual_seed(1), np.zeros(1, dtype=int)
    path = [state]
    for _ in range(8000):
        pick = float(torch.rand(1, generator=generator))
        others = MAZE.neighbours[int(path[-1][0])]
        path.append(np.array([others[int(pick * len(others))]]))
    walked = of_paths(np.stack(path, axis=1), Budget(1, len(path), len(path)))
    learnt = learn_successors(MAZE, walked, 0.8, 0.05)
    assert learnt.correlation[0, -1] > 0.97
    assert learnt.correlation[0, 0] < 0.3
    assert learnt.moments[-1] == len(path)
    true = successor_representation(MAZE, 0.8)
    assert np.abs(learnt.successors[0] - true).mean() < 0.05
    one = learn_successors(LINE, thought(0, 1, 2), 0.5, 1.0).successors[0]
    assert one[0].tolist() == [1, 0, 0, 0, 0]  # 1 knew of nothing yet
    assert one[1].tolist() == [0, 1, 0, 0, 0]
    twice = learn_successors(LINE, thought(1, 2, 1, 0), 0.5, 1.0).successors[0]
    assert twice[2].tolist() == [0, 0.5, 1, 0, 0]


def test_correlation_is_that_of_numpy():
    true = successor_representation(LINE, 0.9)
    noisy = true + np.random.default_rng(0).normal(size=(3, 5, 5))
    expected = [np.corrcoef(one.ravel(), true.ravel())[0, 1] for one in noisy]
    assert correlations(noisy, true) == pytest.approx(expected)
    assert correlations(np.ones((1, 5, 5)), true).tolist() == [0]


@pytest.mark.slow
def test_a_network_with_a_memory_learns_the_way():
    world = World.on_bins(LINE, np.array([4, 0]), 0.9)
    replayed = uniform(LINE, Budget(2, 400, 1), torch.Generator().manual_seed(0))
    learnt = deep_q_learning(world, np.eye(5), replayed, torch.Generator().manual_seed(1))
    assert (learnt.share[:, -1] == 1).all()
    assert learnt.share[:, 0].max() < 1
    exact = np.where(world.allowed, optimal(world), 0)
    off = np.abs(np.where(world.allowed, learnt.values, 0) - exact)[~world.ended]
    assert off.max() < 0.2
    assert learnt.spent.backups == 400 * 16 - sum(range(16))
    never = Replayed(np.zeros((2, 60), dtype=int), np.ones((2, 60), dtype=int), 60, 60, 0.0)
    stuck = deep_q_learning(world, np.eye(5), never, torch.Generator().manual_seed(1), DeepSettings(hidden=8))
    assert stuck.share[0].max() == 0  # at one end of the line nothing tells of a reward at the other


def test_supplies_for_other_learners_are_refused():
    replayed = uniform(LINE, Budget(3, 5, 1))
    with pytest.raises(ValueError, match="a supply for 1 worlds was expected, but one for 3 came"):
        value_backups(TO_THE_END, replayed)
    with pytest.raises(ValueError, match="a supply for 1 worlds was expected"):
        q_learning(TO_THE_END, LINE, replayed)
    with pytest.raises(ValueError, match="features of 5 states and a supply for 1 worlds"):
        deep_q_learning(TO_THE_END, np.eye(4), thought(1, 2))
    with pytest.raises(ValueError, match="hidden must be a whole number"):
        DeepSettings(hidden=0)
