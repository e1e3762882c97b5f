"""The claims: every effect is defined wherever it is said to be, and is read with the right sign."""

import pytest

from replaylib.ledger.choosing import chosen
from replaylib.ledger.claims import CLAIMS, claim
from replaylib.ledger.claims.base import QUICK, REPORTING_SEEDS, TASK_NAMES, TUNING_SEEDS, Scale
from replaylib.ledger.measurements.trainings import LEAKS
from replaylib.networks import pretrained
from replaylib.world.motion import TrackMotion
from replaylib.world.tasks import TASKS, task

TINY = Scale("tiny", paths=8, steps=120, points=200, training=(3, 3, 3), draws=1)


def test_claims_are_numbered_and_their_effects_are_named_once():
    assert [one.name for one in CLAIMS] == [f"C{number}" for number in range(1, 15)]
    for one in CLAIMS:
        names = [outcome.name for outcome in one.outcomes]
        assert len(set(names)) == len(names)
        for name in TASK_NAMES:
            assert any(outcome.primary for outcome in one.outcomes if name in outcome.tasks) or name in one.not_for
    with pytest.raises(ValueError, match=r"claim must be one of C1, .* but 'C15' came"):
        claim("C15")
    assert tuple(TASKS) == TASK_NAMES
    assert not set(TUNING_SEEDS) & set(REPORTING_SEEDS)
    assert len(REPORTING_SEEDS) >= 10
    for name in TASK_NAMES:
        assert set(pretrained.seeds(name)) <= set(TUNING_SEEDS)


@pytest.mark.parametrize("one", CLAIMS, ids=lambda one: one.name)
@pytest.mark.parametrize("name", ["triangle", "t-maze-cells", "rat", "linear-gaussian", "t-maze-published"])
@pytest.mark.slow
def test_every_effect_is_defined_where_it_is_said_to_be(one, name):
    if name in one.not_for:
        pytest.skip("does not apply")
    networks = [pretrained.load(name)] if one.needs_network and name in TASK_NAMES else []
    parts = one.parts(name) if name in TASK_NAMES else ("",)
    given = {"chosen": chosen(name)} if one.by_choice else {}
    table = {}
    for part in parts:
        found = one.measure(name, 0, part, TINY, *networks, **given)
        assert not set(found) & set(table)
        table |= found
    for outcome in one.outcomes:
        # The law of the ring has no ratio where replay at friction 1 does not move by itself.
        if name in outcome.tasks and "over_ring_law" not in outcome.name:
            assert outcome.value(table) is not None, outcome.name


BOOK = "as in the book"
TABLES = {
    "C1": {
        "known start": {"residual": 0.5, "worst_residual": 0.9},
        "unknown start": {"residual": 0.1, "worst_residual": 0.2},
        "step 1": {"own_error": 0.8},
        "step 30": {"own_error": 0.3},
    },
    "C2": {
        "40 units, 50 paths": {
            "shrinkage": 40,
            "leak known": 0.4,
            "leak and dimension known": 0.04,
            "leak and code known": 0.004,
            "denoising network": 4,
            "plug-in": 400,
        },
        "10 units, 50 paths": {"shrinkage": 10},
        "40 units, 25 paths": {"shrinkage": 60},
        "40 units, 400 paths": {"shrinkage": 12},
    },
    "C3": {
        "leak 0": {"held_out_loss": 6, "share_on_path": 0.3, "sliced_wasserstein": 0.5, "spread_off_readout": 9},
        "leak 0, recurrent weights from -I/2": {"held_out_loss": 3},
        BOOK: {"held_out_loss": 2, "share_on_path": 0.9, "sliced_wasserstein": 0.1, "spread_off_readout": 1.5},
        "leak 1": {"held_out_loss": 5},
        "leak learned": {"leak": 0.7},
        "leak 0, both": {"sliced_wasserstein": 0.9},
        f"{BOOK}, both": {"sliced_wasserstein": 0.2},
    },
    "C4": {
        "plain": {"coverage": 0.2, "occupancy_entropy": 0.3, "distinct_transitions": 4, "share_on_path": 0.9},
        "twice the noise": {"coverage": 0.3},
        "adaptation": {"coverage": 0.7, "occupancy_entropy": 0.8, "distinct_transitions": 10, "share_on_path": 0.89},
        "adaptation inside": {"coverage": 0.6},
    },
    "C5": {
        "plain": {"memory_gain": 0.0001},
        "adaptation": {"memory_gain": 0.3},
        "adaptation inside": {"memory_gain": 0.2},
        "momentum": {"memory_gain": 0.5},
    },
    "C6": {
        "plain, noise 1": {"reach_time": 60, "displacement": 0.5, "short_displacement": 0.2, "share_on_path": 0.9},
        "plain, noise 2": {"reach_time": 30},
        **{
            f"strength {strength}, time {time}, noise 1": {"short_displacement": 0.4}
            for strength, time in ((0.05, 40), (0.1, 20), (0.1, 40), (0.2, 10), (0.2, 20), (0.2, 40))
        },
        "strength 0.05, time 40, noise 1": {
            "reach_time": 100,
            "displacement": 0.3,
            "short_displacement": 0.4,
            "share_on_path": 0.6,
        },
        "strength 0.05, time 40, noise 1, inside": {"reach_time": 120},
        "strength 0.2, time 5, noise 2": {"reach_time": 50},
    },
    "C7": {
        "running": {"displacement": 0.4},
        "plain": {"displacement": 0.2, "sliced_wasserstein": 0.05, "reach_time": 90},
        "plain, longer": {"coverage": 0.5},
        "momentum": {"displacement": 0.6, "sliced_wasserstein": 0.06, "reach_time": 30, "coverage": 0.3},
        "ring law, 2 times the strength, friction 0.3": {"compression": 2.5},
        "ring law, 4 times the strength, friction 0.3": {"compression": 1.5},
        "adaptation, 1 times the strength, friction 1": {"short_displacement": 0.1},
        "adaptation, 1 times the strength, friction 0.3": {"short_displacement": 0.4},
        "adaptation, 2 times the strength, friction 1": {"short_displacement": 0.1, "sliced_wasserstein": 0.07},
        "adaptation, 2 times the strength, friction 0.6": {"short_displacement": 0.15},
        "adaptation, 2 times the strength, friction 0.3": {"short_displacement": 0.25, "sliced_wasserstein": 0.08},
        "adaptation, 2 times the strength, friction 0.15": {"short_displacement": 0.35},
        "adaptation, 4 times the strength, friction 1": {"short_displacement": 0.2},
        "adaptation, 4 times the strength, friction 0.3": {"short_displacement": 0.33},
    },
    "C8": {
        "running": {"displacement": 0.5},
        "plain": {"share_on_path": 0.9},
        "plain, longer": {"coverage": 0.4},
        "twice the noise": {"coverage": 0.3},
        "adaptation": {"displacement": 0.2, "sliced_wasserstein": 0.07, "coverage": 0.82},
        "adaptation, 4 times the strength": {"share_on_path": 0.5},
        "adaptation with momentum": {
            "displacement": 0.6,
            "sliced_wasserstein": 0.08,
            "coverage": 0.8,
            "share_on_path": 0.88,
        },
        "fastest alone": {"displacement": 0.4, "sliced_wasserstein": 0.2},
        "fastest together": {"displacement": 1.0, "sliced_wasserstein": 0.21},
        "adaptation inside": {"displacement": 0.1},
        "adaptation inside with momentum": {"displacement": 0.15},
    },
    "C9": {
        "running": {"displacement": 0.5},
        "alone at 0.5": {"sliced_wasserstein": 0.06},
        "together at 0.5": {"sliced_wasserstein": 0.05},
        "alone at 1": {"displacement": 0.5, "sliced_wasserstein": 0.2},
        "together at 1": {"displacement": 0.6, "sliced_wasserstein": 0.1},
        "alone at 1.5": {"sliced_wasserstein": 0.5},
        "together at 1.5": {"displacement": 0.8, "sliced_wasserstein": 0.2},
        "as near as alone": {"displacement": 1.0, "sliced_wasserstein": 0.19},
    },
    "C11": {
        "time 10, friction 1": {"even": 0.1, "predicted": 0.2, "found": 0.22},
        "time 10, friction 0.3": {"even": 0.03, "predicted": 0.1, "found": 0.11},
        "time 40, friction 1": {"even": 0.05, "predicted": 0.1, "found": 0.09},
        "time 40, friction 0.3": {"even": 0.01, "predicted": 0.02, "found": 0.018},
    },
    "C12": {
        "mobility 3, friction 1": {
            "short_displacement": 0.5,
            "sliced_wasserstein": 0.3,
            "size": 0.7,
            "jump_share": 0.05,
            "share_on_path": 0.8,
            "reach_time": 100,
        },
        "mobility 3, friction 0.3": {
            "short_displacement": 0.55,
            "sliced_wasserstein": 0.1,
            "size": 0.9,
            "jump_share": 0.01,
            "share_on_path": 0.95,
            "reach_time": 50,
        },
        "mobility 3, friction 0.15": {"short_displacement": 0.45},
        "mobility 6, friction 1": {"short_displacement": 0.8, "sliced_wasserstein": 0.4},
        "mobility 6, friction 0.3": {"short_displacement": 0.8, "sliced_wasserstein": 0.2},
    },
    "C13": {
        **{
            f"{supplier}, events of 1000": {"area": area}
            for supplier, area in {
                "momentum": 0.07,
                "both shuffled": 0.3,
                "adaptation": 0.42,
                "twice the noise": 0.1,
                "plain, longer": 0.15,
                "awake": 0.2,
                "sweeping": 0.99,
                "gain and need": 0.97,
                "memory, reverse": 0.9,
                "adaptation shuffled": 0.4,
                "both independent": 0.35,
                "both reversed": 0.45,
                "book's both": 0.4,
                "book's adaptation": 0.3,
                "both, together at 0.5": 0.31,
                "both, together at 1": 0.41,
                "both, together at 1.5": 0.51,
            }.items()
        },
        "plain, events of 1000": {"area": 0.06, "successors": 0.2},
        "both, events of 1000": {
            "area": 0.5,
            "final": 0.8,
            "successors": 0.7,
            "jump_share": 0.1,
            "q_both_ways": 0.3,
            "q_forward": 0.2,
        },
        "both shuffled, events of 1000": {"area": 0.3, "final": 0.9},
        "uniform, events of 1000": {"area": 0.7, "q_both_ways": 0.6, "q_forward": 0.55},
        "uniform, events of 300": {"area": 0.71},
        "both, events of 300": {"area": 0.45},
        "uniform, events of 100": {"area": 0.72},
        "both, events of 100": {"area": 0.4},
        "adaptation, events of 100": {"area": 0.3},
        "uniform, events of 30": {"area": 0.73},
        "both, events of 30": {"area": 0.2},
        "over suppliers": {"rank_correlation": 0.6},
    },
    "C14": {
        "friction 1": {
            "decoded_momentum": 0.5,
            "log_bayes_factor": 1.0,
            "speed": 0.6,
            "exponent": 0.8,
            "share_of_momentum": 0.6,
        },
        "friction 0.6": {"decoded_momentum": 0.6},
        "friction 0.3": {"decoded_momentum": 0.65},
        "friction 0.15": {
            "decoded_momentum": 0.7,
            "log_bayes_factor": 3.0,
            "speed": 0.63,
            "exponent": 0.9,
            "share_of_momentum": 0.9,
        },
        "friction 1, few spikes": {"decoded_momentum": 0.4},
        "friction 0.15, few spikes": {"decoded_momentum": 0.5},
        "momentum": {"decoded_momentum": 0.1},
        "shuffled": {"decoded_momentum": 0.02},
        "awake": {"decoded_momentum": 0.75},
    },
    "C10": {
        BOOK: {"coverage": 0.7, "decoding_error": 0.06},
        f"{BOOK}, both": {"sliced_wasserstein": 0.1, "jump_share": 0.01},
        f"{BOOK}, friction 0.2": {"jump_share": 0.02},
        "without pauses": {"coverage": 0.4},
        "without pauses, both": {"sliced_wasserstein": 0.3},
        "free weights": {"decoding_error": 0.05},
        "free weights, both": {"sliced_wasserstein": 0.5},
        "free weights, friction 0.2": {"jump_share": 0.12},
        "cells at random, both": {"sliced_wasserstein": 0.2, "jump_share": 0.08},
    },
}
"""Tables in which every claim is true, that of C6 for the published kind of network."""

EFFECTS = {
    "C1": [0.4, 0.7, 0.5],
    "C2": [2, 2, 1, 1, 3, 4, 40, 5],
    "C3": [3, 1.5, 2.5, 0.6, 0.4, 0.7, 6, 0.7],
    "C4": [0.5, 0.4, 0.5, 6, 0.4, -0.01],
    "C5": [0.2999, 0.0001, 0.1999, 0.4999],
    "C6": [2, 0.6, 0.6, 0.5, 0.6, 0.3, 0.6, 0.5],
    "C7": [3, 2.5, 1, 0.01, 0.01, 4, 1.65, 1.1, 1.5, 2.5, 3.5, 3, -0.2, 1.5],
    "C8": [3, 2.5, -0.02, 0.01, 1.2, 2, 0.01, 0.5, 0.4, -0.02, 0.38, 1.5],
    "C9": [0.1, 2, 1.2, 0.01, 0.3, 1.2, 1.6, 1, -0.01],
    "C10": [0.2, 0.4, 0.1, 0.3, 0.1, 0.07, 1.2],
    "C11": [1, 0.5, 7.1 / 3, 1.1, 1.1, 0.9, 0.9],
    "C12": [1.1, 0.2, 0.2, 0.04, 0.15, 2, 0.9, 1, 0.2],
    "C13": [
        *(0.01, 0.2, 0.08, 0.2, 0.53),
        *(0.44, 0.4, 0.35, 0.3, 0.29, 0.49, 0.27, 0.2, 0.5, 0.6),
        *(-0.2, -0.26, -0.32, 0.1, 0.02, 0.15, 0.05, -0.1, 0.1, -0.3, -0.35),
        *(0.31, 0.41, 0.51, 0.1),
    ],
    "C14": [0.2, 2, 1.05, 0.2302076554, 0.68, 0.6, 0.1, 0.1, -0.05, 0.6, 0.9],
}
"""What the effects of these tables are, in the order in which a claim names them."""


@pytest.mark.parametrize("one", CLAIMS, ids=lambda one: one.name)
def test_effects_are_read_with_the_right_sign(one):
    table = TABLES[one.name]
    assert [outcome.value(table) for outcome in one.outcomes] == pytest.approx(EFFECTS[one.name], rel=1e-5)
    for outcome, effect in zip(one.outcomes, EFFECTS[one.name], strict=True):
        apart = {"above": effect - outcome.null, "below": outcome.null - effect}.get(outcome.predicted, 1)
        # The table of C6 is that of a published network; the book's are expected on the other side.
        if (one.name, outcome.name) not in {("C6", "speed"), ("C6", "speed_inside")}:
            assert apart > 0, outcome.name
        if outcome.predicted == "at":
            assert abs(effect - outcome.null) < outcome.margin
        for unknown in table:
            assert outcome.value({condition: {} for condition in table if condition != unknown}) is None


def test_predictions_and_what_decides_are_as_claimed():
    decides = {one.name: [outcome.name for outcome in one.outcomes if outcome.primary] for one in CLAIMS}
    assert decides == {
        "C1": ["residual_of_constant_gain", "implied_score_error"],
        "C2": ["shrinkage_over_leak_known", "leak_known_over_code_known"],
        "C3": ["loss_without_leak", "share_on_path_gained", "distance_lost"],
        "C4": ["coverage_gained", "coverage_gained_over_noise"],
        "C5": ["memory_gained", "memory_of_plain"],
        "C6": ["moving_speed", "speed", "speed_published", "speed_published_inside"],
        "C7": ["displacement_ratio", "compression_with_push", "over_ring_law", "distance_added"],
        "C8": ["speed_gained", "best_speed_gained", "coverage_kept", "distance_added"],
        "C9": ["distance_saved", "speed_gained"],
        "C10": ["distance_without_pauses", "distance_with_free_weights", "distance_with_random_cells"],
        "C11": ["found_over_predicted", "lowered_by_momentum"],
        "C12": ["speed_kept", "distance_saved", "size_kept"],
        "C13": [
            "momentum_alone",
            "order_helps",
            "both_over_adaptation",
            "uniform_over_both",
            "uniform_over_both_short",
        ],
        "C14": ["momentum_gained", "evidence_gained", "speed_kept"],
    }
    nulls = {outcome.null for one in CLAIMS for outcome in one.outcomes}
    assert nulls == {0, 1, -0.05, 0.02}
    below = [f"{one.name}/{outcome.name}" for one in CLAIMS for outcome in one.outcomes if outcome.predicted == "below"]
    assert [name for name in below if "distance" in name] == [
        "C7/distance_added",
        "C7/distance_added_with_push",
        "C8/distance_added",
        "C8/best_distance_added",
        "C9/distance_added_to_second_distance",
    ]
    assert [name for name in below if "distance" not in name] == [
        "C6/speed_published",
        "C6/speed_published_inside",
        "C6/displacement_published",
        "C6/speed_with_short_time",
        "C11/lowered_by_momentum",
    ]
    margins = {outcome.margin for one in CLAIMS for outcome in one.outcomes if outcome.predicted == "at"}
    assert margins == {0.25, 0.05, 0.001}


def test_networks_of_the_trainings_are_those_that_a_task_can_lack():
    assert claim("C3").parts("rat") == tuple(LEAKS)
    book = "as in the book"
    assert claim("C10").parts("triangle") == (book, "without pauses", "free weights")
    assert claim("C10").parts("t-maze-cells") == (book, "without pauses", "free weights", "cells at random")
    assert claim("C10").parts("rat") == (book, "free weights", "cells at random")
    for name in TASK_NAMES[:4] + TASK_NAMES[5:]:  # the box is as the rat's, but takes long to make
        with_pauses = isinstance(task(name).motion, TrackMotion)
        assert ("without pauses" in claim("C10").parts(name)) == with_pauses
        assert ("cells at random" in claim("C10").parts(name)) == (task(name).cells is not None)


def test_measuring_twice_gives_the_same():
    one = claim("C4")
    network, settings = pretrained.load("triangle"), chosen("triangle")
    first, second = (one.measure("triangle", 3, "", TINY, network, chosen=settings) for _ in range(2))
    assert first == second


def test_short_trainings_have_the_scale_of_their_task():
    assert [QUICK.iterations(name) for name in ("t-maze", "triangle-cells", "rat")] == list(QUICK.training)
