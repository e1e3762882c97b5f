"""Suppliers: which states they name, in which order, and what is refused and counted."""

import numpy as np
import pytest
import torch

from replaylib.dynamics.rule import Dynamics
from replaylib.networks import pretrained
from replaylib.networks.replaying import replay, replay_noise
from replaylib.planning import (
    Bins,
    Budget,
    Replayed,
    World,
    awake,
    backwards,
    dreamt,
    gain_and_need,
    independent,
    joined,
    memory_access,
    of_paths,
    optimal,
    prioritised_sweeping,
    shuffled,
    starting_states,
    successor_representation,
    thinned,
    uniform,
    value_backups,
)
from replaylib.world.spaces import t_maze, triangle
from replaylib.world.tasks import task

RING, MAZE = Bins.of_track(triangle()), Bins.of_track(t_maze())


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def counted(worlds: int = 2, steps: int = 7, event: int = 3) -> Replayed:
    """Paths whose states are 0, 1, 2, ... from the first to the last event."""
    budget = Budget(worlds, steps, event)
    return of_paths(np.arange(worlds * budget.events * event).reshape(-1, event), budget)


def test_events_follow_one_another_and_the_last_is_cut_short():
    replayed = counted()
    assert Budget(2, 7, 3).events == 3
    assert replayed.state.tolist() == [[0, 1, 2, 3, 4, 5, 6], [9, 10, 11, 12, 13, 14, 15]]
    assert replayed.after.tolist() == [[1, 2, -1, 4, 5, -1, -1], [10, 11, -1, 13, 14, -1, -1]]
    with pytest.raises(ValueError, match=r"paths must have the shape \[6, 3\]"):
        of_paths(np.zeros((5, 3), dtype=int), Budget(2, 7, 3))
    with pytest.raises(ValueError, match="event must be a whole number"):
        Budget(2, 7, 0)


def test_backwards_turns_each_event_round():
    turned = backwards(counted())
    assert turned.state[0].tolist() == [2, 1, 0, 5, 4, 3, 6]
    assert turned.after[0].tolist() == [1, 0, -1, 4, 3, -1, -1]
    again = backwards(turned)
    assert (again.state == counted().state).all()
    assert (again.after == counted().after).all()


def test_shuffling_keeps_each_experience_within_its_event():
    replayed = counted(worlds=4, steps=60, event=30)
    mixed = shuffled(replayed, generator())
    pairs = [set(zip(one.state[1, :30].tolist(), one.after[1, :30].tolist(), strict=True)) for one in (replayed, mixed)]
    assert pairs[0] == pairs[1]
    assert (np.sort(mixed.state[:, 30:]) == replayed.state[:, 30:]).all()
    assert (mixed.state != replayed.state).mean() > 0.8
    assert (mixed.state[0] % 60 != mixed.state[1] % 60).any()


def test_independent_draws_come_from_the_dreams_of_others():
    replayed = counted(worlds=5, steps=40, event=40)
    drawn = independent(replayed, generator())
    owner = drawn.state // 40
    assert (owner != np.arange(5)[:, None]).all()
    assert {tuple(pair) for pair in zip(drawn.state.ravel(), drawn.after.ravel(), strict=True)} <= {
        tuple(pair) for pair in zip(replayed.state.ravel(), replayed.after.ravel(), strict=True)
    }
    assert drawn.event == 1
    with pytest.raises(ValueError, match="dreams of two learners at least"):
        independent(counted(worlds=1))


def test_thinning_keeps_the_last_of_each_stretch_and_counts_what_was_made():
    thin = thinned(counted(worlds=1, steps=12, event=6), 3)
    assert thin.state.tolist() == [[2, 5, 8, 11]]
    assert thin.after.tolist() == [[5, -1, 11, -1]]
    assert (thin.event, thin.made, thin.steps) == (2, 12, 4)
    with pytest.raises(ValueError, match="must be multiples of 4"):
        thinned(counted(worlds=1, steps=12, event=6), 4)


def test_jumps_are_steps_beyond_a_neighbour():
    paths = np.array([[0, 0, MAZE.neighbours[0][0], 5, 9]])
    replayed = of_paths(paths, Budget(1, 5, 5))
    assert replayed.jumps(MAZE).tolist() == [[False, False, not MAZE.next_to[paths[0, 2], 5], True, False]]
    assert replayed.jump_share(MAZE) == replayed.jumps(MAZE).sum() / 4
    assert uniform(MAZE, Budget(3, 50, 50), generator()).jump_share(MAZE) == 0


def test_random_experience_is_uniform_over_states_and_their_neighbours():
    replayed = uniform(MAZE, Budget(50, 2000, 30), generator())
    counts = np.bincount(replayed.state.ravel(), minlength=len(MAZE)) / replayed.state.size * len(MAZE)
    assert np.abs(counts - 1).max() < 0.1
    junction = max(range(len(MAZE)), key=lambda state: len(MAZE.neighbours[state]))
    followed = replayed.after[replayed.state == junction]
    assert np.bincount(followed)[list(MAZE.neighbours[junction])] / len(followed) == pytest.approx(1 / 3, abs=0.03)


def test_dreams_are_those_of_the_network_from_its_awake_states():
    network, path_task = pretrained.load("triangle"), task("triangle")
    budget, dynamics = Budget(3, 20, 8), Dynamics(noise_std=replay_noise(network))
    start = starting_states(network, path_task, budget, generator(4))
    assert start.shape == (9, network.settings.hidden)
    found = dreamt(network, start, RING, dynamics, budget, generator(5))
    position = replay(network, start, 8, dynamics, generator(5)).position
    expected = RING.visited(position[:, 1:]).reshape(3, -1)[:, :20]
    assert (found.state == expected).all()
    assert found.seconds > 0
    with pytest.raises(ValueError, match=r"start must have the shape \[9, n\]"):
        dreamt(network, start[1:], RING, dynamics, budget)


def test_awake_paths_are_those_of_the_task():
    path_task = task("t-maze")
    found = awake(path_task, MAZE, Budget(4, 90, 30), generator(2))
    position = path_task.batch(12, generator(2), 30).position
    assert (found.state == MAZE.visited(position[:, 1:]).reshape(4, 90)).all()
    assert found.jump_share(MAZE) < 0.01


@pytest.mark.parametrize("bins", [RING, MAZE])
def test_sweeping_reaches_the_optimum_in_the_fewest_backups_of_all(bins):
    goals, steps = np.array([2, 7, len(bins) - 1]), 3 * len(bins)
    world = World.on_bins(bins, goals)
    fewest = len(bins) - 1  # each state but the goal needs one
    swept = value_backups(world, prioritised_sweeping(world, steps))
    assert (swept.share[:, fewest - 1] == 1).all()
    assert (swept.share[:, fewest - 2] < 1).all()
    assert np.abs(np.where(world.allowed, swept.values.max(-1, keepdims=True) - 0, 0)).max() <= 1
    assert swept.values.max(-1) == pytest.approx(optimal(world).max(-1), abs=1e-12)
    budget = Budget(3, steps, steps)
    need = successor_representation(bins)
    start = np.full((3, 1), 1)
    others = {
        "uniform": uniform(bins, budget, generator()),
        "gain and need": gain_and_need(world, need, start, budget),
        "memory": memory_access(bins, start[:, 0], budget, "reverse", generator=generator()),
        "awake": awake(task("triangle" if bins is RING else "t-maze"), bins, budget, generator()),
    }
    for name, replayed in others.items():
        assert value_backups(world, replayed).share.sum() <= swept.share.sum(), name


def test_gain_and_need_works_outwards_from_the_reward_and_first_where_the_animal_is():
    world = World.on_bins(RING, np.array([0]))
    need, budget = successor_representation(RING), Budget(1, 40, 40)
    beside = RING.neighbours[0]
    near = {state: RING.distances[state, beside[1]] < RING.distances[state, beside[0]] for state in range(36)}
    rest = next(state for state in range(36) if near[state] and RING.distances[state, 0] == 5)
    named = gain_and_need(world, need, np.array([[rest]]), budget).state[0]
    distance = RING.distances[0]
    assert distance[named[:6]].tolist() == [1, 2, 3, 4, 5, 6]
    assert all(near[state] for state in named[:5])
    learnt = value_backups(world, Replayed(named[None], named[None], 40, 40, 0.0))
    assert learnt.share[0, -1] == 1
    with pytest.raises(ValueError, match=r"starts must have the shape \[1, 1\]"):
        gain_and_need(world, need, np.zeros((1, 2), dtype=int), budget)


def test_a_dead_end_without_a_choice_is_backed_up_for_its_value_alone():
    """The gain of a backup is 0 where there is one action; the least gain lets it be named all the same."""
    world = World.on_bins(MAZE, np.array([1]))
    named = gain_and_need(world, successor_representation(MAZE), np.array([[8]]), Budget(1, 60, 60))
    ends = {state for state in range(len(MAZE)) if len(MAZE.neighbours[state]) == 1}
    assert ends <= set(named.state[0].tolist())
    assert value_backups(world, named).share[0, -1] == 1


def test_memory_brings_back_experiences_near_the_last_and_none_twice_at_once():
    budget = Budget(40, 50, 25)
    start = np.arange(80) % len(MAZE)
    for mode, near in (("default", "state"), ("reverse", "after")):
        found = memory_access(MAZE, start, budget, mode, generator=generator())
        assert MAZE.next_to[found.state, found.after].all()
        named = found.state.reshape(80, 25)
        assert (named[:, 1:] != named[:, :-1]).all()  # inhibition of return
        alike = getattr(found, near).reshape(80, 25)
        assert MAZE.distances[named[:, :-1], alike[:, 1:]].mean() < 2
        assert MAZE.distances[start, alike[:, 0]].mean() < 1
    with pytest.raises(ValueError, match="80 starts were expected"):
        memory_access(MAZE, start[1:], budget)


def test_reverse_mode_brings_back_what_led_to_the_last_state():
    """In reverse the next experience leads to where the last one was, so that replay runs against the way taken."""
    budget = Budget(200, 10, 10)
    start = torch.randint(36, (200,), generator=generator()).numpy()
    share = {}
    for mode in ("default", "reverse"):
        found = memory_access(RING, start, budget, mode, generator=generator())
        share[mode] = (found.after[:, 1:] == found.state[:, :-1]).mean()
    assert share["reverse"] > 0.6 > share["default"]


def test_only_experiences_with_strength_come_back():
    strength = np.zeros(RING.next_to.shape)
    strength[4, RING.neighbours[4][0]] = strength[9, RING.neighbours[9][1]] = 2.0
    found = memory_access(RING, np.array([4]), Budget(1, 30, 30), strength=strength, generator=generator())
    assert set(found.state[0].tolist()) == {4, 9}
    with pytest.raises(ValueError, match="some experience must have strength"):
        memory_access(RING, np.array([4]), Budget(1, 3, 3), strength=0 * strength)


def test_joined_supplies_stand_one_after_the_other():
    both = joined([counted(), counted(worlds=3)])
    assert both.worlds == 5
    assert (both.state[2:] == counted(worlds=3).state).all()
    with pytest.raises(ValueError, match="supplies must have the same steps"):
        joined([counted(), counted(steps=6)])
