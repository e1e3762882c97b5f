"""The claims as they are measured: every effect is defined wherever it is said to be."""

import pytest
import torch

from replaylib.ledger.claims import CLAIMS, claim
from replaylib.ledger.claims.base import QUICK, REPORTING_SEEDS, TASK_NAMES, TUNING_SEEDS, Scale
from replaylib.ledger.claims.momentum import default_regret, frontier_condition
from replaylib.ledger.claims.score import code_of_position
from replaylib.ledger.claims.trainings import changed_task, short_training
from replaylib.networks import pretrained
from replaylib.world.tasks import TASKS, task

TINY = Scale("tiny", paths=8, steps=120, points=200, training=(3, 3, 3))


def test_claims_are_numbered_and_their_effects_are_named_once():
    assert [one.name for one in CLAIMS] == [f"C{number}" for number in range(1, 11)]
    for one in CLAIMS:
        names = [outcome.name for outcome in one.outcomes]
        assert len(set(names)) == len(names)
        for name in TASK_NAMES:
            assert any(outcome.primary for outcome in one.outcomes if name in outcome.tasks) or name in one.not_for
    with pytest.raises(ValueError, match=r"claim must be one of C1, .* but 'C11' came"):
        claim("C11")
    assert tuple(TASKS) == TASK_NAMES
    assert not set(TUNING_SEEDS) & set(REPORTING_SEEDS)
    assert len(REPORTING_SEEDS) >= 10
    for name in TASK_NAMES:
        assert set(pretrained.seeds(name)) <= set(TUNING_SEEDS)


@pytest.mark.parametrize("one", CLAIMS, ids=lambda one: one.name)
@pytest.mark.parametrize("name", ["triangle", "t-maze-cells", "rat", "linear-gaussian"])
def test_every_effect_is_defined_where_it_is_said_to_be(one, name):
    if name in one.not_for:
        pytest.skip("does not apply")
    network = pretrained.load(name) if one.needs_network and name in TASK_NAMES else None
    parts = one.parts(name) if name in TASK_NAMES else ("",)
    table = {}
    for part in parts:
        found = one.measure(network, name, 0, part, TINY)
        assert not set(found) & set(table)
        table |= found
    for outcome in one.outcomes:
        # Transits may be too few in so short a replay.
        if name in outcome.tasks and "transit" not in outcome.name:
            assert outcome.value(table) is not None, outcome.name


def test_measuring_twice_gives_the_same():
    one = claim("C4")
    network = pretrained.load("triangle")
    assert one.measure(network, "triangle", 3, "", TINY) == one.measure(network, "triangle", 3, "", TINY)


def test_code_of_position_is_found_where_it_is_known():
    network = pretrained.load("triangle")
    code = code_of_position(network, "triangle", torch.Generator().manual_seed(0))
    # The readout undoes the code: D E is near the identity.
    assert torch.linalg.svdvals(code).min() > 1
    assert code.shape == (2, 2)


def test_ablations_change_just_one_thing():
    same, still = task("triangle-cells"), changed_task("triangle-cells", "without pauses", 0)
    assert still.motion.stop == 0 < same.motion.stop
    assert still.cells is not None
    random = changed_task("triangle-cells", "cells at random", 0)
    assert random.cells.centres.shape == same.cells.centres.shape
    assert float(random.space.distance(random.cells.centres).max()) < 1e-5
    assert not torch.allclose(random.cells.centres, same.cells.centres)
    inside = changed_task("rat", "cells at random", 1)
    assert float(inside.space.distance(inside.cells.centres).max()) == 0
    free = short_training(same, "triangle-cells", 0, "free weights", TINY)
    assert not free.settings.symmetric
    helped = short_training(task("triangle"), "triangle", 0, "leak 0, recurrent weights from -I/2", TINY)
    assert helped.leak == 0
    assert helped.recurrent.diagonal().mean() < -0.4


def test_regret_is_told_against_settings_as_fast():
    def row(speed, distance):
        return {"displacement": speed, "sliced_wasserstein": distance}

    default, slow, fast = frontier_condition(0.05, 0.3), frontier_condition(0.0, 1.0), frontier_condition(0.1, 0.1)
    assert default_regret({default: row(1, 0.5), slow: row(0.1, 0.0), fast: row(2, 0.3)}) == pytest.approx(0.2)
    assert default_regret({default: row(1, 0.5), slow: row(0.1, 0.0), fast: row(2, 0.9)}) == 0


def test_short_trainings_have_the_scale_of_their_task():
    assert [QUICK.iterations(name) for name in ("t-maze", "triangle-cells", "rat")] == list(QUICK.training)
