"""What is measured: under which dynamics, with which noise, of which networks; against replays that are made up."""

import math
from dataclasses import replace

import pytest
import torch

from replaylib.dynamics.rule import Dynamics
from replaylib.ledger.claims import claim
from replaylib.ledger.claims.base import Scale
from replaylib.ledger.measurements import exploration, momentum, replays, slowness, trainings
from replaylib.ledger.measurements.trainings import changed_task, short_training, spread_off_readout
from replaylib.networks import pretrained
from replaylib.networks.replaying import Replay
from replaylib.networks.training import decoding_error, held_out_loss
from replaylib.world.tasks import task

TINY = Scale("tiny", paths=6, steps=110, points=50, training=(3, 4, 5), draws=1)
NOISE = 0.3 * math.sqrt(2)
"""Noise of plain replay for the network of the triangle, whose own noise is 0.3: the root of two times that."""

PLAIN = Dynamics(noise_std=NOISE)
ADAPTED = Dynamics(adaptation_strength=0.05, adaptation_time=40.0, noise_std=NOISE)


def hot(dynamics: Dynamics, factor: float) -> Dynamics:
    return replace(dynamics, noise_std=factor * dynamics.noise_std)


def fast(dynamics: Dynamics, friction: float) -> Dynamics:
    """Momentum with the noise that keeps the law of slow directions."""
    return replace(hot(dynamics, math.sqrt(friction)), friction=friction)


def inside(dynamics: Dynamics) -> Dynamics:
    return replace(dynamics, adaptation_inside=True)


def strong(strength: float, time: float = 40.0) -> Dynamics:
    return replace(ADAPTED, adaptation_strength=strength, adaptation_time=time)


BOTH = fast(ADAPTED, 0.3)
EXPECTED = {
    "C4": {
        "plain": PLAIN,
        "twice the noise": hot(PLAIN, 2),
        "adaptation": ADAPTED,
        "adaptation inside": inside(ADAPTED),
        **{f"adaptation, strength {strength}": strong(strength) for strength in (0.02, 0.05, 0.1, 0.2)},
    },
    "C7": {
        "plain": PLAIN,
        "twice the noise": hot(PLAIN, 2),
        "momentum": fast(PLAIN, 0.3),
        "momentum, same noise": replace(PLAIN, friction=0.3),
        "momentum, friction 0.1": fast(PLAIN, 0.1),
        **{
            f"adaptation, friction {friction:g}": fast(ADAPTED, friction)
            for friction in (1, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1)
        },
    },
    "C8": {
        "plain": PLAIN,
        "twice the noise": hot(PLAIN, 2),
        "momentum": fast(PLAIN, 0.3),
        "adaptation": ADAPTED,
        "adaptation with momentum": BOTH,
        "adaptation inside": inside(ADAPTED),
        "adaptation inside with momentum": inside(BOTH),
    },
    "C9": {
        f"strength {strength:g}, friction {friction:g}": fast(strong(strength), friction)
        for strength in (0, 0.02, 0.05, 0.1)
        for friction in (1, 0.7, 0.5, 0.3, 0.2, 0.1)
    },
    "C6": {
        **{f"plain, noise {factor}": hot(PLAIN, factor) for factor in (1, 2)},
        **{
            f"strength {strength}, time {time}, noise {factor}": hot(strong(strength, time), factor)
            for strength in (0.02, 0.05, 0.1, 0.2)
            for time in (5, 10, 20, 40)
            for factor in (1, 2)
        },
        **{
            f"strength {strength}, time {time}, noise {factor}, inside": inside(hot(strong(strength, time), factor))
            for strength in (0.02, 0.05, 0.1, 0.2)
            for time in (5, 10, 20, 40)
            for factor in (1, 2)
        },
    },
}
"""The dynamics of each condition, written out."""


def same(one: Dynamics, other: Dynamics) -> bool:
    return vars(one) == pytest.approx(vars(other))


@pytest.fixture
def network():
    return pretrained.load("triangle")


@pytest.fixture
def dreamt(monkeypatch):
    """Replays that were asked for, in order; each is an awake path of its length, the n-th made n times as large."""
    calls: list[tuple[object, str, Dynamics, int]] = []

    def dream(network, path_task, dynamics, seed, steps=600, paths=64):
        assert (steps, paths) == (TINY.steps, TINY.paths)
        calls.append((network, path_task, dynamics, seed))
        position = path_task.batch(paths, torch.Generator().manual_seed(0), steps).position
        return position * len(calls)

    for module in (replays, momentum, slowness):
        monkeypatch.setattr(module, "dream", dream)
    return calls


@pytest.mark.parametrize("name", EXPECTED)
def test_conditions_are_the_dynamics_that_their_names_say(dreamt, network, name):
    one = claim(name)
    table = one.measure("triangle", 7, one.parts("triangle")[0], TINY, network)
    table.pop("awake", None)
    assert set(table) == set(EXPECTED[name])
    assert len(dreamt) == len(table)
    for condition, (of, _, dynamics, seed) in zip(table, dreamt, strict=True):
        assert (of, seed) == (network, 7)
        assert same(dynamics, EXPECTED[name][condition]), condition
    rows = [str(row) for row in table.values()]
    assert len(set(rows)) == len(rows)  # each condition has the measures of its own replay


def test_memory_is_measured_on_the_hidden_states_of_each_mechanism(monkeypatch, network):
    asked = []

    def replay(of, start, steps, dynamics, generator):
        asked.append((dynamics, len(start), steps, generator.initial_seed()))
        return Replay(torch.zeros(1, 1, 2), torch.full((1, 1, 1), float(len(asked))))

    monkeypatch.setattr(exploration, "replay", replay)
    monkeypatch.setattr(exploration, "memory_gain", lambda hidden, drift: float(hidden))
    table = exploration.measure_memory("triangle", 7, "", TINY, network)
    assert table == {
        kind: {"memory_gain": number}
        for number, kind in enumerate(("plain", "adaptation", "adaptation inside", "momentum"), start=1)
    }
    for (dynamics, *rest), expected in zip(asked, (PLAIN, ADAPTED, inside(ADAPTED), fast(PLAIN, 0.3)), strict=True):
        assert same(dynamics, expected)
        assert rest == [TINY.paths, TINY.steps, 7]


def test_jumps_are_steps_longer_than_three_times_the_awake_animals_longest(monkeypatch, network):
    path_task = task("triangle")
    law = path_task.batch(1000, torch.Generator().manual_seed(0)).position
    longest = float(law[:, :21].diff(dim=1).norm(dim=-1).flatten().sort().values[int(0.999 * 20000)])
    lengths = torch.tensor([0.5, 2.9, 3.1, 2.5, 9.0] * 22) * longest
    position = torch.stack([torch.cat([torch.zeros(1), lengths.cumsum(0)]), torch.zeros(111)], dim=-1)
    monkeypatch.setattr(replays, "dream", lambda *_: position.expand(TINY.paths, -1, -1))
    table = replays.measure_conditions(network, path_task, 0, TINY, {"plain": PLAIN})
    assert table["plain"]["jump_share"] == pytest.approx(0.4)


def test_a_replay_that_diverges_is_left_out(monkeypatch, network):
    def dream(network, path_task, dynamics, *_):
        if dynamics.friction < 1:
            raise FloatingPointError
        return path_task.batch(TINY.paths, torch.Generator().manual_seed(0), TINY.steps).position

    monkeypatch.setattr(replays, "dream", dream)
    conditions = {"plain": PLAIN, "momentum": fast(PLAIN, 0.3)}
    assert set(replays.measure_conditions(network, task("triangle"), 0, TINY, conditions)) == {"awake", "plain"}


class Untrained:
    """In place of a trainer: it keeps what it is given, and trains nothing."""

    made: list["Untrained"]

    def __init__(self, network, path_task, settings):
        self.path_task, self.settings = path_task, settings
        self.recurrent = network.recurrent.detach().clone()
        self.made.append(self)

    def run(self) -> None:
        pass


@pytest.fixture
def untrained(monkeypatch):
    monkeypatch.setattr(Untrained, "made", [], raising=False)
    monkeypatch.setattr(trainings, "Trainer", Untrained)
    return Untrained.made


def test_short_trainings_change_one_thing_each(untrained):
    names = ["as in the book", "leak 0", "leak 0, recurrent weights from -I/2", "leak 1", "leak learned"]
    names.append("free weights")
    networks = {name: short_training(task("triangle"), "triangle", 5, name, TINY) for name in names}
    book = networks["as in the book"]
    assert [float(one.leak.detach().mean()) for one in networks.values()] == pytest.approx([0.6, 0, 0, 1, 0.5, 0.6])
    assert [one.settings.learn_leak for one in networks.values()] == [False] * 4 + [True, False]
    assert [one.settings.symmetric for one in networks.values()] == [True] * 5 + [False]
    for name, one in networks.items():
        shift = torch.eye(64) / 2 if name.endswith("-I/2") else torch.zeros(64, 64)
        assert torch.allclose(one.recurrent.detach() + shift, book.recurrent.detach(), atol=1e-6), name
    assert not torch.equal(short_training(task("triangle"), "triangle", 6, names[0], TINY).recurrent, book.recurrent)
    for made in untrained[:-1]:
        recipe = pretrained.RECIPES["triangle"].training
        assert made.settings == replace(recipe, iterations=TINY.training[0], seed=5)
    assert untrained[-1].settings.seed == 6


def test_leaks_are_told_with_their_loss_on_fresh_paths_and_their_spread(untrained, dreamt, monkeypatch):
    asked = []
    monkeypatch.setattr(trainings, "task", lambda name, test=False: asked.append((name, test)) or task(name, test))
    monkeypatch.setattr(trainings, "spread_off_readout", lambda *_: 1.5)
    table = trainings.measure_leak("triangle", 7, "leak 0", TINY)
    network = dreamt[0][0]
    assert set(table) == {"leak 0", "leak 0, both"}
    assert [same(call[2], dynamics) for call, dynamics in zip(dreamt, (PLAIN, BOTH), strict=True)] == [True, True]
    assert table["leak 0"]["held_out_loss"] == pytest.approx(held_out_loss(network, task("triangle", test=True)))
    assert asked == [("triangle", False), ("triangle", True)]  # to train and replay, and to tell the loss
    assert (table["leak 0"]["leak"], table["leak 0"]["spread_off_readout"]) == (0, 1.5)
    cells = trainings.measure_leak("triangle-cells", 7, "leak 1", TINY)
    assert "spread_off_readout" not in cells["leak 1"]


def test_ablations_are_told_under_three_dynamics(untrained, dreamt):
    table = trainings.measure_ablation("triangle", 7, "without pauses", TINY)
    network, path_task = dreamt[0][:2]
    expected = {"": PLAIN, ", friction 0.2": fast(PLAIN, 0.2), ", both": BOTH}
    assert list(table) == [f"without pauses{more}" for more in expected]
    for call, dynamics in zip(dreamt, expected.values(), strict=True):
        assert same(call[2], dynamics)
    assert path_task.motion.stop == 0
    assert untrained[0].path_task is path_task
    assert table["without pauses"]["decoding_error"] == pytest.approx(decoding_error(network, path_task))


def test_the_unaided_network_has_no_pauses_and_free_weights(untrained, dreamt, network):
    table = slowness.measure_slowness("triangle", 7, slowness.UNAIDED, TINY, network)
    assert all(condition.startswith("no pauses, free weights: ") for condition in table)
    assert {condition.split(": ")[1] for condition in table} == set(EXPECTED["C6"])
    used, path_task = dreamt[0][:2]
    assert used is not network
    assert not used.settings.symmetric
    assert path_task.motion.stop == untrained[0].path_task.motion.stop == 0


def test_spread_off_the_readout_is_over_sigma(monkeypatch, network):
    """States that spread by 2 where the readout is blind and by 50 where it sees: 2 over the network's 0.3."""
    generator = torch.Generator().manual_seed(0)
    seen = torch.linalg.qr(network.decoder.detach().T)[0]

    def replay(of, start, steps, dynamics, generator_):
        assert (len(start), steps) == (4000, TINY.steps // 2)
        assert same(dynamics, PLAIN)
        last = 2 * torch.randn(4000, 64, generator=generator)
        last = last + 50 * torch.randn(4000, 2, generator=generator) @ seen.T
        return Replay(torch.zeros(4000, 2, 2), torch.stack([100 * last, last], dim=1))

    monkeypatch.setattr(trainings, "replay", replay)
    found = spread_off_readout(network, task("triangle"), 0, replace(TINY, paths=4000))
    assert found == pytest.approx(2 / 0.3, rel=0.01)


def test_ablations_change_just_one_thing():
    same_task, still = task("triangle-cells"), changed_task("triangle-cells", "without pauses", 0)
    assert still.motion.stop == 0 < same_task.motion.stop
    assert still.cells is not None
    assert changed_task("triangle-cells", "free weights", 0).cells is not None
    random = changed_task("triangle-cells", "cells at random", 0)
    assert random.motion.stop == same_task.motion.stop
    assert random.cells.centres.shape == same_task.cells.centres.shape
    assert (random.cells.width, random.cells.exponent) == (same_task.cells.width, same_task.cells.exponent)
    assert float(random.space.distance(random.cells.centres).max()) < 1e-5
    assert not torch.allclose(random.cells.centres, same_task.cells.centres)
    other = changed_task("triangle-cells", "cells at random", 1)
    assert not torch.allclose(random.cells.centres, other.cells.centres)
    inside_box = changed_task("rat", "cells at random", 1)
    assert float(inside_box.space.distance(inside_box.cells.centres).max()) == 0
