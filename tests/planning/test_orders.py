"""How far an order carries value: the law, against learners that make each backup."""

import numpy as np
import pytest
import torch

from replaylib.planning import (
    Bins,
    Budget,
    World,
    carried,
    carried_at_random,
    carried_by_wave,
    of_paths,
    uniform,
    value_backups,
)
from replaylib.world.spaces import t_maze, triangle

RING = Bins.of_track(triangle(), 3**0.5 / 5)  # 15 bins: seven on either side of any goal
MAZE = Bins.of_track(t_maze())


def ways(bins: Bins, goal: int) -> list[list[int]]:
    """On a ring: the states on either side of the goal, outwards, up to the middle."""
    found = []
    for first in bins.neighbours[goal]:
        way = [goal, first]
        while len(way) <= len(bins) // 2:
            way.append(next(state for state in bins.neighbours[way[-1]] if state != way[-2]))
        found.append(way[1:])
    return found


@pytest.mark.equation("eq-carried")
def test_a_learner_knows_what_the_order_has_carried():
    """The share of states with the best action is the sum of what the order carries along both sides."""
    budget = Budget(20, 300, 300)
    replayed = uniform(RING, budget, torch.Generator().manual_seed(0))
    share = value_backups(World.on_bins(RING, np.full(20, 4)), replayed).share
    along = sum(carried(replayed.state, way) for way in ways(RING, 4))
    assert share * 14 == pytest.approx(along)
    assert 0 < share[:, 60].mean() < share[:, -1].mean()


def test_along_an_arm_of_the_maze_too():
    replayed = uniform(MAZE, Budget(20, 400, 1), torch.Generator().manual_seed(1))
    end = next(state for state in range(len(MAZE)) if len(MAZE.neighbours[state]) == 1)
    learnt = value_backups(World.on_bins(MAZE, np.full(20, end)), replayed)
    order = np.argsort(MAZE.distances[end])
    stem = [int(state) for state in order[1:] if MAZE.distances[end, state] <= 10]
    assert len(stem) == 10
    known = (learnt.values.max(-1) > 0)[:, stem].sum(1)
    assert (carried(replayed.state, stem)[:, -1] == known).all()


@pytest.mark.equation("eq-carried-random")
def test_random_states_carry_a_binomial_number():
    state = torch.randint(15, (4000, 200), generator=torch.Generator().manual_seed(0)).numpy()
    found = carried(state, ways(RING, 4)[0]).mean(0)
    assert carried_at_random(15, 7, 200) == pytest.approx(found, abs=0.1)
    assert carried_at_random(15, 7, 5)[0] == pytest.approx(1 / 15)


@pytest.mark.equation("eq-carried-wave")
@pytest.mark.parametrize("speed", [1.0, 0.5])
def test_a_wave_that_never_turns_carries_value_one_way_only(speed):
    laps = 5
    steps = round(laps * 15 / speed)
    way, other = ways(RING, 4)
    run = [way[0]]
    while len(run) < laps * 15 + 1:
        run.append(next(s for s in RING.neighbours[run[-1]] if s != (run[-2] if len(run) > 1 else 4)))
    state = np.repeat([4, *run], round(1 / speed))[round(1 / speed) :][None, :steps]
    # The first step of a slow wave is still in the goal.
    late = np.concatenate([np.full((1, round(1 / speed) - 1), 4), state], axis=1)[:, :steps]
    assert carried(late, way)[0] == pytest.approx(carried_by_wave(15, 7, steps, speed))
    assert carried(late, other)[0] == pytest.approx(carried_by_wave(15, 7, steps, speed, outwards=False))
    assert carried(late, way)[0, round(7 / speed) - 1] == 7
    assert carried(late, other)[0, -1] == laps
    share = value_backups(World.on_bins(RING, np.array([4])), of_paths(late, Budget(1, steps, steps))).share
    assert share[0, -1] * 14 == pytest.approx(7 + laps)


def test_ways_and_waves_that_make_no_sense_are_refused():
    with pytest.raises(ValueError, match="the length of the way must be a whole number"):
        carried(np.zeros((1, 2), dtype=int), [])
    with pytest.raises(ValueError, match="states must be a whole number"):
        carried_at_random(0, 1, 1)
    with pytest.raises(ValueError, match=r"speed must be a number in \(0, 1\]"):
        carried_by_wave(9, 4, 10, 2.0)
