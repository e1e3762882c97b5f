"""What is measured for C13: under which dynamics, by which suppliers, and from which learners."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from replaylib.dynamics.rule import Dynamics
from replaylib.ledger.claims import planning as claims
from replaylib.ledger.claims.base import Scale
from replaylib.ledger.measurements import planning
from replaylib.ledger.measurements.replays import Setting
from replaylib.networks import pretrained
from replaylib.networks.replaying import replay_noise
from replaylib.planning import Bins, Budget, World, area, of_paths, steps_to, uniform, value_backups
from replaylib.world.spaces import t_maze

TINY = Scale("tiny", paths=5, steps=240)
STEPS = 400
CHOSEN = {
    "adaptation": Setting(0.08, 30.0),
    "together": Setting(0.06, 15.0, 0.4),
    "fastest alone": Setting(0.2, 11.0),
    "fastest together": Setting(0.21, 12.0, 0.5),
    "together at 0.5": Setting(0.22, 14.0, 0.3),
    "together at 1": Setting(0.23, 16.0, 0.3),
    "together at 1.5": Setting(0.24, 18.0, 0.3),
}
MAZE = Bins.of_track(t_maze())


def is_a_walk(state) -> bool:
    return bool((MAZE.next_to[state[:, :-1], state[:, 1:]] | (state[:, :-1] == state[:, 1:])).all())


@pytest.fixture
def dreamt(monkeypatch):
    """Dreams that were asked for; each is made of random bins of its own."""
    calls = []

    def dream(network, start, bins, dynamics, budget, generator):
        calls.append((dynamics, budget, float(start.sum()), generator.initial_seed()))
        return of_paths(uniform(bins, replace(budget, worlds=len(start), steps=budget.event), generator).state, budget)

    monkeypatch.setattr(planning, "dreamt", dream)
    return calls


@pytest.fixture
def network():
    return pretrained.load("t-maze")


def test_dreams_are_those_that_their_names_say(dreamt, network):
    table = planning.measure_planning("t-maze", 7, "", TINY, network, chosen=CHOSEN)
    plain = Dynamics(noise_std=replay_noise(network))
    always = [plain, plain.with_friction(0.4)]
    always += [CHOSEN[n].dynamics(plain.noise_std) for n in [*list(CHOSEN)[2:4], "adaptation", "together"]]
    long_alone = [CHOSEN[f"together at {speed}"].dynamics(plain.noise_std) for speed in ("0.5", "1", "1.5")]
    long_alone += [replace(plain, noise_std=2 * plain.noise_std)]
    by_length = {}
    for dynamics, budget, *_ in dreamt:
        by_length.setdefault((budget.event, budget.steps), []).append(dynamics)
    # Plain replay of 1/friction, here 2.5 rounded to 2, times as many steps.
    assert set(by_length) == {(30, STEPS), (100, STEPS), (300, STEPS), (STEPS, STEPS), (2 * STEPS, 2 * STEPS)}
    assert by_length[2 * STEPS, 2 * STEPS] == [plain]
    for (event, _), found in by_length.items():
        if event <= 300:
            assert found == always
    assert by_length[STEPS, STEPS] == [*always[:], *long_alone]
    assert {seed for *_, seed in dreamt} == {7}
    by_event = {}
    for _, budget, start, _ in dreamt:
        by_event.setdefault(budget, set()).add(start)
    assert all(len(starts) == 1 for starts in by_event.values())  # the same starts for all dynamics
    for event in (30, 100, 300, 1000):
        for name in ("plain", "momentum", "adaptation", "both", "book's both", "awake", "uniform"):
            assert {"area", "final", "steps_to_90", "effective", "jump_share"} <= set(
                table[f"{name}, events of {event}"]
            )
    assert "both shuffled, events of 30" not in table


def test_every_effect_reads_a_supplier_that_is_measured(network):
    table = planning.measure_planning("t-maze", 7, "", TINY, network, chosen=CHOSEN)
    (one,) = claims.CLAIMS
    for outcome in one.outcomes:
        assert outcome.value(table) is not None, outcome.name
    named = [name for name, row in table.items() if "q_forward" in row]
    assert named == [f"{name}, events of 1000" for name in ("plain", "adaptation", "both", "uniform")]


def test_rows_hold_the_scores_of_their_supplier(network):
    """The rows of two suppliers whose states are known: worked out here again."""
    budget = Budget(TINY.paths, STEPS, 100)
    table = planning.measure_planning("t-maze", 7, "", TINY, network, chosen=CHOSEN)
    goals = torch.randint(len(MAZE), (TINY.paths,), generator=torch.Generator().manual_seed(7)).numpy()
    generator = torch.Generator().manual_seed(7)
    paths = planning.awake(planning.task("t-maze"), MAZE, budget, generator)
    for name, replayed in {"awake": paths, "uniform": uniform(MAZE, budget, generator)}.items():
        share = value_backups(World.on_bins(MAZE, goals), replayed).share
        row = table[f"{name}, events of 100"]
        assert row["area"] == pytest.approx(area(share))
        assert row["final"] == pytest.approx(share[:, -1].mean())
        assert row["steps_to_90"] == min(steps_to(share), STEPS)
    assert table["uniform, events of 100"]["effective"] == 1
    assert table["sweeping, events of 1000"]["area"] > table["uniform, events of 1000"]["area"]


def test_orders_differ_as_their_names_say(dreamt, network, monkeypatch):
    seen = {}
    monkeypatch.setattr(planning, "_learnt", lambda bench, supplies: seen.update(supplies) or {})
    monkeypatch.setattr(planning, "_ask_other_learners", lambda *_: None)
    monkeypatch.setattr(planning, "_rank_correlation", lambda _: 0.0)
    planning.measure_planning("t-maze", 7, "", TINY, network, chosen=CHOSEN)
    both = seen["both"]
    assert (seen["both reversed"].state == both.state[:, ::-1]).all()
    assert (np.sort(seen["both shuffled"].state) == np.sort(both.state)).all()
    assert not (seen["both shuffled"].state == both.state).all()
    assert seen["both independent"].event == 1
    assert (seen["plain, longer"].made, seen["plain, longer"].steps) == (2 * STEPS, STEPS)
    assert is_a_walk(seen["awake"].state)
    assert (seen["memory"].state != seen["memory, reverse"].state).any()


def test_a_dream_that_diverges_is_left_out(network, monkeypatch):
    def diverges(network, start, bins, dynamics, budget, generator):
        if dynamics.adaptation_strength:
            raise FloatingPointError("too much")
        return of_paths(np.zeros((len(start), budget.event), dtype=int), budget)

    monkeypatch.setattr(planning, "dreamt", diverges)
    table = planning.measure_planning("t-maze", 7, "", TINY, network, chosen=CHOSEN)
    assert not [name for name in table if name.startswith(("both", "adaptation", "book"))]
    (one,) = claims.CLAIMS
    assert one.outcomes[1].value(table) is None
