"""ValueSpreading's learners and suppliers in JavaScript against replaylib/planning, on the same lists of states."""

import base64
from functools import cache
from typing import Any

import numpy as np
import pytest
import torch
from maze_engine import run_engine

from replaylib.explorer.explorer import module
from replaylib.explorer.value_spreading import PLANNING, REPLAY, TASKS, ValueSpreading, describe_bins, dreams_of
from replaylib.ledger import chosen
from replaylib.networks import pretrained
from replaylib.networks.replaying import replay_noise
from replaylib.planning import (
    Bins,
    Budget,
    Replayed,
    World,
    area,
    backwards,
    best_actions,
    optimal,
    prioritised_sweeping,
    q_learning,
    uniform,
    value_backups,
)
from replaylib.planning.suppliers import of_paths
from replaylib.world.tasks import task

SOURCE = module(*REPLAY, *PLANNING)
STEPS = 300
EXACT = 1e-12
"""By how much values and shares of both may differ [1]."""

LEARN = """data.goals.map((goal, row) => {
  const learner = new lab.LEARNERS[data.learner].Learner(new lab.Maze(data.neighbours, goal, data.discount));
  const share = lab.learnAll(learner, { state: data.state[row], after: data.after[row] });
  return { share, values: learner.values, updates: learner.updates, refused: learner.refused, best: learner.maze.best };
})"""


@cache
def bins_of(name: str) -> Bins:
    return Bins.of_track(task(name).space)


def wandering(bins: Bins, worlds: int, event: int) -> Replayed:
    """Paths that stay, step, and now and then jump: every kind of step that a dream makes."""
    random = np.random.default_rng(4)
    budget = Budget(worlds, STEPS, event)
    path = np.zeros((worlds * budget.events, event), dtype=int)
    path[:, 0] = random.integers(len(bins), size=len(path))
    for one in path:
        for step in range(1, event):
            kind, here = random.random(), one[step - 1]
            near = random.choice(bins.neighbours[here])
            one[step] = here if kind < 0.3 else random.integers(len(bins)) if kind < 0.4 else near
    return of_paths(path, budget)


def learn_in_javascript(name: str, learner: str, goals: list[int], replayed: Replayed) -> list[dict[str, Any]]:
    data = {**describe_bins(name), "learner": learner, "goals": goals}
    lists = {"state": replayed.state.tolist(), "after": replayed.after.tolist()}
    found: list[dict[str, Any]] = run_engine(f"return {LEARN};", {**data, **lists}, SOURCE)
    return found


def rows_of(values: np.ndarray, bins: Bins) -> list[list[float]]:
    """The values of the actions that there are, state by state."""
    return [row[: len(others)].tolist() for row, others in zip(values, bins.neighbours, strict=True)]


@pytest.mark.parametrize("event", [30, STEPS])
@pytest.mark.parametrize("learner", ["backups", "steps"])
@pytest.mark.parametrize("name", TASKS)
def test_learners_are_those_of_the_package(name, learner, event):
    bins, goals = bins_of(name), [0, 3, 11, 12, 20, 24]
    replayed, world = wandering(bins, len(goals), event), World.on_bins(bins, np.array(goals))
    exact = value_backups(world, replayed) if learner == "backups" else q_learning(world, bins, replayed)
    found = learn_in_javascript(name, learner, goals, replayed)
    assert np.abs(np.array([one["share"] for one in found]) - exact.share).max() < EXACT
    assert exact.share[:, -1].mean() > 0.1
    for one, values in zip(found, exact.values, strict=True):
        assert one["values"] == [pytest.approx(row, abs=EXACT) for row in rows_of(values, bins)]
    assert np.mean([one["updates"] for one in found]) == pytest.approx(exact.spent.backups)
    assert np.mean([one["refused"] for one in found]) == pytest.approx(exact.spent.refused)
    assert (exact.spent.refused > 5) == (learner == "steps")


@pytest.mark.parametrize("name", TASKS)
def test_best_actions_are_those_of_value_iteration(name):
    bins = bins_of(name)
    world = World.on_bins(bins, np.arange(len(bins)))
    best = best_actions(optimal(world))
    nothing = Replayed(np.zeros((len(bins), 1), dtype=int), np.full((len(bins), 1), -1), 1, 1, 0.0)
    found = learn_in_javascript(name, "backups", list(range(len(bins))), nothing)
    assert [one["best"] for one in found] == [rows_of(values, bins) for values in best]


@pytest.mark.parametrize("name", TASKS)
def test_sweeping_names_the_same_states(name):
    bins = bins_of(name)
    exact = prioritised_sweeping(World.on_bins(bins, np.arange(len(bins))), 100)
    body = "return data.neighbours.map((_, goal) => lab.sweep(new lab.Maze(data.neighbours, goal, data.discount), 100))"
    found = run_engine(body, describe_bins(name), SOURCE)
    assert [one["state"] for one in found] == exact.state.tolist()
    assert [one["after"] for one in found] == exact.after.tolist()


def test_orders_are_those_of_the_package():
    paths = np.random.default_rng(0).integers(9, size=(1, 40))
    dream = of_paths(paths, Budget(1, 40, 40))
    body = """return ["asDreamt", "reversed", "shuffled"].map((order) =>
      lab.inOrder(data, order, new lab.Random("order", 1)))"""
    as_dreamt, turned, mixed = run_engine(body, paths[0].tolist(), SOURCE)
    assert as_dreamt == {"state": dream.state[0].tolist(), "after": dream.after[0].tolist()}
    other = backwards(dream)
    assert turned == {"state": other.state[0].tolist(), "after": other.after[0].tolist()}
    # Shuffled, the experiences are the same ones, each with what followed it, and their order is another.
    pairs = [list(zip(one["state"], one["after"], strict=True)) for one in (as_dreamt, mixed)]
    assert sorted(pairs[0]) == sorted(pairs[1])
    assert pairs[0] != pairs[1]


def test_any_order_is_as_likely_as_any_other():
    body = "const r = new lab.Random('a', 1); return Array.from({ length: 6000 }, () => lab.anyOrder(3, r).join(''))"
    names, counts = np.unique(run_engine(body, None, SOURCE), return_counts=True)
    assert len(names) == 6
    assert np.abs(counts - 1000).max() < 5 * (6000 * 5 / 36) ** 0.5


def test_chance_names_each_bin_and_each_neighbour_as_often():
    bins, steps = bins_of("t-maze-cells"), 20_000
    body = "return lab.atRandom(data.neighbours, 20000, new lab.Random('order', 1))"
    found = run_engine(body, describe_bins("t-maze-cells"), SOURCE)
    exact = uniform(bins, Budget(1, steps, 1), torch.Generator().manual_seed(0))
    for state, after in ((np.array(found["state"]), np.array(found["after"])), (exact.state[0], exact.after[0])):
        assert (
            np.abs(np.bincount(state, minlength=len(bins)) - steps / len(bins)).max() < 5 * (steps / len(bins)) ** 0.5
        )
        assert bins.next_to[state, after].all()
        for one, others in enumerate(bins.neighbours):
            there = np.bincount(after[state == one], minlength=len(bins))[list(others)]
            assert np.abs(there - there.mean()).max() < 5 * there.mean() ** 0.5


RACE = """
const view = new DataView(Uint8Array.from(atob(data.weights), (one) => one.charCodeAt(0)).buffer);
const { scene } = data;
const network = lab.readNetwork(scene, view);
const maze = new lab.Maze(scene.bins.neighbours, 3, scene.bins.discount);
const race = { network, scene, maze, event: data.event, steps: 200, seed: 7 };
return Object.fromEntries(Object.keys(lab.SUPPLIERS).map((name) => {
  const supply = new lab.Supply(name, race);
  for (let tries = 0; !supply.prepare(5) && tries < 10000; tries += 1);
  return [name, { state: supply.state, after: supply.after, area: supply.areaOverGoals("steps") }];
}));
"""


@pytest.fixture(scope="module")
def widget() -> ValueSpreading:
    return ValueSpreading()


def supplies(widget: ValueSpreading, name: str, event: int) -> dict[str, dict[str, Any]]:
    data = {"weights": base64.b64encode(widget.weights).decode(), "scene": widget.scenes[name], "event": event}
    found: dict[str, dict[str, Any]] = run_engine(RACE, data, SOURCE)
    return found


@pytest.mark.parametrize("event", [30, 1000])
def test_every_supplier_keeps_to_budget_and_events(widget, event):
    found, bins = supplies(widget, "t-maze-cells", event), bins_of("t-maze-cells")
    for name, one in found.items():
        state, after = np.array(one["state"]), np.array(one["after"])
        assert state.shape == after.shape == (200,), name
        assert state.min() >= 0
        assert state.max() < len(bins)
        ends = np.flatnonzero(after == -1)
        if name in ("uniform", "sweeping"):
            assert len(ends) == 0
        elif name != "shuffled":
            assert ends.tolist() == [*range(event - 1, 199, event), 199]
    both, mixed, turned = (found[name] for name in ("both", "shuffled", "reversed"))
    for begin in range(0, 200, event):
        part = slice(begin, begin + event)
        assert sorted(both["state"][part]) == sorted(mixed["state"][part])
        assert both["state"][part] == turned["state"][part][::-1]
    assert both["state"] != mixed["state"]
    assert found["plain"]["state"] != found["momentum"]["state"] != found["adaptation"]["state"] != both["state"]


def test_area_over_goals_is_that_of_the_package(widget):
    found, bins = supplies(widget, "triangle-cells", 100), bins_of("triangle-cells")
    world = World.on_bins(bins, np.arange(len(bins)))
    for name, one in found.items():
        if name == "sweeping":
            replayed = prioritised_sweeping(world, 200)
        else:
            state, after = (np.tile(one[key], (len(bins), 1)) for key in ("state", "after"))
            replayed = Replayed(state, after, 100, 200, 0.0)
        assert one["area"] == pytest.approx(area(q_learning(world, bins, replayed).share), abs=EXACT), name


@pytest.mark.parametrize("name", TASKS)
def test_dreams_are_those_that_the_claim_is_measured_with(name, widget):
    scene, settings = widget.scenes[name], chosen(name)
    assert scene["noise_std"] == replay_noise(pretrained.load(name))
    assert scene["bins"]["centres"] == bins_of(name).centres.tolist()
    dreams = dreams_of(name)
    assert dreams == scene["dreams"]
    assert (dreams["both"]["strength"], dreams["both"]["friction"]) == (
        settings["fastest together"].strength,
        settings["fastest together"].friction,
    )
    assert dreams["adaptation"]["strength"] == settings["fastest alone"].strength
    assert dreams["momentum"] == {"strength": 0, "time": 1, "friction": settings["together"].friction}
    assert dreams["plain"] == {"strength": 0, "time": 1, "friction": 1}


def test_bins_of_a_box_are_refused():
    with pytest.raises(ValueError, match="a task on a track was expected, but rat came"):
        describe_bins("rat")
