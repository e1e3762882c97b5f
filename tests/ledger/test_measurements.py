"""What is measured: under which dynamics, with which noise, of which networks; against replays that are made up."""

import math
from dataclasses import replace

import pytest
import torch

from replaylib.dynamics.rule import Dynamics
from replaylib.ledger.claims import claim
from replaylib.ledger.claims.base import Scale
from replaylib.ledger.measurements import exploration, mobility, momentum, replays, slowness, trainings
from replaylib.ledger.measurements.replays import Setting
from replaylib.ledger.measurements.trainings import changed_task, short_training, spread_off_readout
from replaylib.measures.yardsticks import awake_speed
from replaylib.networks import pretrained
from replaylib.networks.replaying import Replay
from replaylib.networks.training import decoding_error, held_out_loss
from replaylib.theory.mobility import ring_speed
from replaylib.world.tasks import task

LONGER = 275
"""Steps of plain replay that is 1/0.4 times as long."""

TINY = Scale("tiny", paths=6, steps=110, points=50, training=(3, 4, 5), draws=1)
NOISE = 0.3 * math.sqrt(2)
"""Noise of plain replay for the network of the triangle, whose own noise is 0.3: the root of two times that."""

PLAIN = Dynamics(noise_std=NOISE)
ADAPTED = Dynamics(adaptation_strength=0.08, adaptation_time=30.0, noise_std=NOISE)
CHOSEN = {
    "adaptation": Setting(0.08, 30.0),
    "together": Setting(0.06, 15.0, 0.4),
    "fastest alone": Setting(0.2, 11.0),
    "fastest together": Setting(0.2, 12.0, 0.5),
    "alone at 0.5": Setting(0.21, 13.0),
    "together at 0.5": Setting(0.21, 14.0, 0.3),
    "alone at 1": Setting(0.22, 15.0),
    "together at 1": Setting(0.22, 16.0, 0.3),
    "alone at 1.5": Setting(0.23, 17.0),
    "together at 1.5": Setting(0.23, 18.0, 0.3),
    "as near as alone": Setting(0.24, 19.0, 0.6),
}
"""Settings that differ from the book's, so that a measurement with others than it is given shows."""


def hot(dynamics: Dynamics, factor: float) -> Dynamics:
    return replace(dynamics, noise_std=factor * dynamics.noise_std)


def fast(dynamics: Dynamics, friction: float) -> Dynamics:
    """Momentum with the noise that keeps the law of slow directions."""
    return replace(hot(dynamics, math.sqrt(friction)), friction=friction)


def inside(dynamics: Dynamics) -> Dynamics:
    return replace(dynamics, adaptation_inside=True)


def strong(strength: float, time: float = 30.0) -> Dynamics:
    return replace(ADAPTED, adaptation_strength=strength, adaptation_time=time)


BOTH = fast(strong(0.06, 15.0), 0.4)
EXPECTED = {
    "C4": {
        "plain": PLAIN,
        "twice the noise": hot(PLAIN, 2),
        "adaptation": ADAPTED,
        "adaptation inside": inside(ADAPTED),
        **{f"adaptation, {factor:g} times the strength": strong(0.08 * factor) for factor in (0.25, 0.5, 2, 4)},
    },
    "C7": {
        "plain": PLAIN,
        "twice the noise": hot(PLAIN, 2),
        "momentum": fast(PLAIN, 0.4),
        "momentum, same noise": replace(PLAIN, friction=0.4),
        "momentum, friction 0.3": fast(PLAIN, 0.3),
        "plain, longer": PLAIN,
        **{
            f"adaptation, {factor} times the strength, friction {friction:g}": fast(strong(0.08 * factor), friction)
            for factor in (1, 2, 4)
            for friction in (1, 0.6, 0.3, 0.15)
        },
    },
    "C8": {
        "plain": PLAIN,
        "twice the noise": hot(PLAIN, 2),
        "momentum": fast(PLAIN, 0.4),
        "adaptation": ADAPTED,
        "adaptation with momentum": BOTH,
        "adaptation of both, without momentum": strong(0.06, 15.0),
        "adaptation inside": inside(ADAPTED),
        "adaptation inside with momentum": inside(BOTH),
        "fastest alone": strong(0.2, 11.0),
        "fastest together": fast(strong(0.2, 12.0), 0.5),
        "adaptation, 2 times the strength": strong(0.16),
        "adaptation, 4 times the strength": strong(0.32),
        "plain, longer": PLAIN,
    },
    "C9": {
        "plain": PLAIN,
        "alone at 0.5": strong(0.21, 13.0),
        "together at 0.5": fast(strong(0.21, 14.0), 0.3),
        "alone at 1": strong(0.22, 15.0),
        "together at 1": fast(strong(0.22, 16.0), 0.3),
        "alone at 1.5": strong(0.23, 17.0),
        "together at 1.5": fast(strong(0.23, 18.0), 0.3),
        "as near as alone": fast(strong(0.24, 19.0), 0.6),
    },
    "C12": {
        "plain": PLAIN,
        **{
            f"mobility {mobility}, friction {friction:g}": fast(strong(mobility * friction / 10, 10.0), friction)
            for mobility in (3, 6)
            for friction in (1, 0.6, 0.3, 0.15)
        },
    },
    "C6": {
        **{f"plain, noise {factor}": hot(PLAIN, factor) for factor in (1, 2)},
        **{
            f"strength {strength}, time {time}, noise {factor}": hot(strong(strength, time), factor)
            for strength in (0.025, 0.05, 0.1, 0.2, 0.4)
            for time in (5, 10, 20, 40)
            for factor in (1, 2)
        },
        **{
            f"strength {strength}, time {time}, noise 1, inside": inside(strong(strength, time))
            for strength in (0.025, 0.05, 0.1, 0.2, 0.4)
            for time in (5, 10, 20, 40)
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
        assert (steps, paths) in ((TINY.steps, TINY.paths), (LONGER, TINY.paths))
        calls.append((network, steps, dynamics, seed))
        position = path_task.batch(paths, torch.Generator().manual_seed(0), steps).position
        return position * len(calls)

    for module in (replays, slowness, momentum):
        monkeypatch.setattr(module, "dream", dream)
    monkeypatch.setattr(mobility, "_size", lambda *_: 0.5)
    return calls


@pytest.mark.parametrize("name", EXPECTED)
def test_conditions_are_the_dynamics_that_their_names_say(dreamt, network, name):
    one = claim(name)
    given = {"chosen": CHOSEN} if one.by_choice else {}
    table = one.measure("triangle", 7, one.parts("triangle")[0], TINY, network, **given)
    assert name == "C6" or {"awake", "running"} <= set(table)
    laws = {condition for condition in table if condition.startswith("ring law")}
    assert set(table) - laws - {"awake", "running"} == set(EXPECTED[name])
    found = {}
    for of, steps, dynamics, seed in dreamt:
        assert (of, seed) == (network, 7)
        fitting = [condition for condition, expected in EXPECTED[name].items() if same(dynamics, expected)]
        assert fitting
        found[steps, fitting[0]] = dynamics
    longer = {(LONGER, "plain")} if "plain, longer" in EXPECTED[name] else set()
    assert set(found) == {(TINY.steps, one) for one in EXPECTED[name] if one != "plain, longer"} | longer
    rows = [str(table[condition]) for condition in EXPECTED[name]]
    assert len(set(rows)) == len(rows)  # each condition has the measures of its own replay


def test_the_law_of_the_ring_stands_beside_the_curves(dreamt, network):
    table = claim("C7").measure("triangle", 7, "", TINY, network, chosen=CHOSEN)
    for factor in (1, 2, 4):
        adaptation = strong(0.08 * factor)
        for friction in (0.6, 0.3, 0.15):
            law = ring_speed(fast(adaptation, friction)) / ring_speed(adaptation)
            row = table[f"ring law, {factor} times the strength, friction {friction}"]
            assert row["compression"] == pytest.approx(law)
    weak = CHOSEN | {"adaptation": Setting(0.01, 30.0)}
    assert (
        claim("C7").measure("triangle", 7, "", TINY, network, chosen=weak)[
            "ring law, 1 times the strength, friction 0.3"
        ]
        == {}
    )


def test_memory_is_measured_on_the_hidden_states_of_each_mechanism(monkeypatch, network):
    asked = []

    def replay(of, start, steps, dynamics, generator):
        asked.append((dynamics, len(start), steps, generator.initial_seed()))
        return Replay(torch.zeros(1, 1, 2), torch.full((1, 1, 1), float(len(asked))))

    monkeypatch.setattr(exploration, "replay", replay)
    monkeypatch.setattr(exploration, "memory_gain", lambda hidden, drift: float(hidden))
    table = exploration.measure_memory("triangle", 7, "", TINY, network, chosen=CHOSEN)
    assert table == {
        kind: {"memory_gain": number}
        for number, kind in enumerate(("plain", "adaptation", "adaptation inside", "momentum"), start=1)
    }
    for (dynamics, *rest), expected in zip(asked, (PLAIN, ADAPTED, inside(ADAPTED), fast(PLAIN, 0.4)), strict=True):
        assert same(dynamics, expected)
        assert rest == [TINY.paths, TINY.steps, 7]


def test_jumps_and_speeds_are_told_over_the_running_animal_s(monkeypatch, network):
    path_task = task("triangle")
    running = awake_speed(path_task).running
    lengths = torch.tensor([0.5, 9.9, 10.1, 2.5, 12.0] * 22) * running / 20
    position = torch.stack([torch.cat([torch.zeros(1), lengths.cumsum(0)]), torch.zeros(111)], dim=-1)
    monkeypatch.setattr(replays, "dream", lambda *_: position.expand(TINY.paths, -1, -1))
    table = replays.measure_conditions(network, path_task, 0, TINY, {"plain": PLAIN})
    assert table["plain"]["jump_share"] == pytest.approx(0.4)
    assert table["plain"]["speed"] == pytest.approx(7.0, rel=1e-4)  # the mean of the five lengths
    assert table["plain"]["short_displacement"] == pytest.approx(3.5 * running, rel=1e-4)
    assert table["running"] == {"displacement": running, "speed": 1.0}
    assert table["awake"]["speed"] < 1
    assert table["plain"]["reach_censored"] >= 0


def test_a_replay_that_diverges_is_left_out(monkeypatch, network):
    def dream(network, path_task, dynamics, *_):
        if dynamics.friction < 1:
            raise FloatingPointError
        return path_task.batch(TINY.paths, torch.Generator().manual_seed(0), TINY.steps).position

    monkeypatch.setattr(replays, "dream", dream)
    conditions = {"plain": PLAIN, "momentum": fast(PLAIN, 0.3)}
    assert set(replays.measure_conditions(network, task("triangle"), 0, TINY, conditions)) == {
        "awake",
        "running",
        "plain",
    }


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
    table = trainings.measure_leak("triangle", 7, "leak 0", TINY, chosen=CHOSEN)
    network = dreamt[0][0]
    assert set(table) == {"leak 0", "leak 0, both"}
    assert [same(call[2], dynamics) for call, dynamics in zip(dreamt, (PLAIN, BOTH), strict=True)] == [True, True]
    assert table["leak 0"]["held_out_loss"] == pytest.approx(held_out_loss(network, task("triangle", test=True)))
    assert asked == [("triangle", False), ("triangle", True)]  # to train and replay, and to tell the loss
    assert (table["leak 0"]["leak"], table["leak 0"]["spread_off_readout"]) == (0, 1.5)
    cells = trainings.measure_leak("triangle-cells", 7, "leak 1", TINY, chosen=CHOSEN)
    assert "spread_off_readout" not in cells["leak 1"]


def test_ablations_are_told_under_three_dynamics(untrained, dreamt):
    table = trainings.measure_ablation("triangle", 7, "without pauses", TINY, chosen=CHOSEN)
    network, path_task = dreamt[0][0], untrained[0].path_task
    expected = {"": PLAIN, ", friction 0.2": fast(PLAIN, 0.2), ", both": BOTH}
    assert list(table) == [f"without pauses{more}" for more in expected]
    for call, dynamics in zip(dreamt, expected.values(), strict=True):
        assert same(call[2], dynamics)
    assert path_task.motion.stop == 0
    assert table["without pauses"]["decoding_error"] == pytest.approx(decoding_error(network, path_task))


def test_the_published_kind_of_network_is_rectified_free_and_never_pauses(untrained, dreamt, monkeypatch):
    monkeypatch.setattr(slowness, "Trainer", Untrained)
    table = claim("C6").measure("triangle-published", 7, "", TINY)
    assert set(EXPECTED["C6"]) | {"momentum, friction 0.5"} <= set(table)
    used = dreamt[0][0].settings
    assert (used.nonlinearity, used.symmetric, used.noise_std, used.hidden) == ("relu", False, 0.2, 96)
    assert untrained[0].path_task.motion.stop == 0 < task("triangle").motion.stop
    assert (untrained[0].settings.iterations, untrained[0].settings.seed) == (9, 7)
    plain = next(call[2] for call in dreamt if call[2].friction == 1 and not call[2].adaptation_strength)
    assert plain.noise_std == pytest.approx(0.2 * math.sqrt(2))


def test_transits_are_told_where_there_are_enough(monkeypatch):
    path_task = task("triangle")
    position = path_task.batch(4, torch.Generator().manual_seed(0), 60).position
    monkeypatch.setattr(slowness, "transit_times", lambda *_: [1, 2, 9] * 3)
    few = slowness.speeds(position, path_task.space)
    monkeypatch.setattr(slowness, "transit_times", lambda *_: [1, 2, 9, 4] * 3)
    enough = slowness.speeds(position, path_task.space)
    assert "transit_mean" not in few
    assert enough.pop("transit_mean") == 4.0
    assert enough == few
    assert few["displacement"] > few["short_displacement"] > 0


def test_the_onset_is_found_where_half_of_the_replays_begin_to_move(monkeypatch, network):
    """A replay that moves from a strength of 0.05 on, whatever the rest."""

    def replay(of, start, steps, dynamics, generator, keep):
        assert dynamics.noise_std == 0
        assert len(start) == mobility.ONSET_PATHS
        moving = torch.arange(len(start)) < (0.6 if dynamics.adaptation_strength > 0.05 else 0.4) * len(start)
        far = torch.arange(steps + 1.0)[None, :, None] * moving[:, None, None] * torch.tensor([1.0, 0.0])
        return Replay(far, None)

    monkeypatch.setattr(mobility, "replay", replay)
    monkeypatch.setattr(mobility, "predicted_onset", lambda drift, start, *, friction, time: 0.02 + friction / time)
    table = mobility.measure_onset("triangle", 7, "", TINY, network)
    assert set(table) == {f"time {time}, friction {friction:g}" for time in (10, 40) for friction in (1, 0.3)}
    for row in table.values():
        assert row["found"] == pytest.approx(0.05, rel=0.01)
    assert table["time 10, friction 1"]["predicted"] == pytest.approx(0.12)
    assert table["time 40, friction 0.3"]["even"] == pytest.approx(0.0075)
    monkeypatch.setattr(mobility, "predicted_onset", lambda *_, **__: 0.5)
    assert math.isnan(mobility.measure_onset("triangle", 7, "", TINY, network)["time 10, friction 1"]["found"])

    def no_rest(*_, **__):
        raise ValueError

    monkeypatch.setattr(mobility, "predicted_onset", no_rest)
    rows = mobility.measure_onset("triangle", 7, "", TINY, network).values()
    assert all(list(row) == ["even"] for row in rows)


def test_the_state_s_size_is_over_the_awake_one(network):
    size = mobility._size(network, "triangle", 7, replace(TINY, steps=400, paths=32), PLAIN)
    small = mobility._size(network, "triangle", 7, replace(TINY, steps=400, paths=32), strong(0.6, 30.0))
    assert 0.8 < size < 1.2
    assert small < 0.96 * size


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
