"""Verdicts on made-up measurements, whose truth is known."""

import math

import numpy as np
import pytest

from replaylib.ledger.claims.base import Claim, Outcome, difference, orders, ratio, value
from replaylib.ledger.replication import Plan
from replaylib.ledger.verdicts import judge, rounded

SEEDS = tuple(range(12))


def claim_of(*outcomes: Outcome) -> Claim:
    return Claim("C4", "Made up", "It works.", lambda *_: {}, outcomes, {"dial": 1}, not_for={"rat": "It has no dial."})


def table_of(effect: float, spread: float, seed: int) -> dict[str, dict[str, float]]:
    noise = np.random.default_rng(seed).normal(0, spread)
    return {"with": {"x": 5 + effect + noise}, "without": {"x": 5.0}}


GOOD = Outcome("gain", "x: with minus without", difference("x", "with", "without"), primary=True)
OTHER = Outcome("excess", "x over 9", value("x", "with"), null=9.0, primary=True)
MARGIN = Outcome("cost", "cost", difference("x", "with", "without"), "below", null=3.0)
STILL = Outcome("still", "no change", difference("x", "with", "without"), "at", primary=True)


def judged(outcomes, effect: float, spread: float = 0.5, seeds=SEEDS, task: str = "box"):
    plan = Plan((claim_of(*outcomes),), (task,), seeds)
    tables = {("C4", task): {seed: table_of(effect, spread, seed) for seed in seeds}}
    return judge(plan, tables)["rows"][0]


def test_a_true_effect_holds_and_a_missing_one_fails():
    row = judged([GOOD], 2.0)
    assert row["verdict"] == "holds"
    assert row["effect"] == pytest.approx(2.0, abs=0.5)
    assert row["interval"][0] < row["effect"] < row["interval"][1]
    assert row["null"] == 0
    assert row["seeds"] == list(SEEDS)
    assert row["settings"] == {"dial": 1}
    assert row["command"].startswith("python -m replaylib replicate --claim C4 --task box --seeds 0 1 2")
    assert judged([GOOD], 0.0)["verdict"] == "fails"
    assert judged([GOOD], -2.0)["verdict"] == "fails"


def test_one_of_two_is_partly():
    assert judged([GOOD, OTHER], 2.0)["verdict"] == "partly"
    assert judged([GOOD, OTHER], 6.0)["verdict"] == "holds"
    assert judged([GOOD, OTHER], -6.0)["verdict"] == "fails"


def test_margins_and_predicted_absence():
    cost = judged([GOOD, MARGIN], 2.0)["outcomes"][1]
    assert cost["supported"]
    assert cost["decides"] is False
    assert judged([STILL], 0.0)["verdict"] == "holds"
    assert judged([STILL], 2.0)["verdict"] == "fails"


def test_many_tests_are_corrected_together():
    weak = 0.45  # significant alone, not among many
    alone = judged([GOOD], weak, seeds=SEEDS)
    crowd = [Outcome(f"o{i}", "pure noise", lambda t, i=i: math.sin(1e6 * t["with"]["x"] + i)) for i in range(30)]
    among = judged([GOOD, *crowd], weak)
    assert alone["p"] < 0.05
    assert among["p"] > 0.05
    assert among["p"] > 15 * alone["p"]


def test_few_seeds_are_judged_by_their_interval():
    assert judged([GOOD], 2.0, seeds=(1, 2))["verdict"] == "holds"
    assert judged([GOOD], 0.0, 0.5, seeds=(0, 1, 4))["verdict"] == "fails"


def test_what_does_not_apply_says_why():
    row = judged([GOOD], 2.0, task="rat")
    assert (row["verdict"], row["reason"]) == ("does not apply", "It has no dial.")
    assert "effect" not in row


def test_undefined_seeds_are_left_out_and_said():
    plan = Plan((claim_of(GOOD),), ("box",), SEEDS)
    tables = {("C4", "box"): {seed: table_of(2.0, 0.5, seed) for seed in SEEDS}}
    del tables["C4", "box"][3]["with"]["x"]
    row = judge(plan, tables)["rows"][0]
    assert row["seeds"] == [seed for seed in SEEDS if seed != 3]
    for table in tables["C4", "box"].values():
        table["with"] = {}
    row = judge(plan, tables)["rows"][0]
    assert (row["verdict"], row["effect"], row["interval"]) == ("fails", None, None)


def test_means_are_kept_with_their_intervals():
    plan = Plan((claim_of(GOOD),), ("box",), SEEDS)
    tables = {("C4", "box"): {seed: table_of(2.0, 0.5, seed) for seed in SEEDS}}
    mean, half, count = judge(plan, tables)["conditions"]["C4"]["box"]["with"]["x"]
    values = [table["with"]["x"] for table in tables["C4", "box"].values()]
    assert mean == rounded(float(np.mean(values)))
    assert half > 0
    assert count == len(SEEDS)


def test_values_read_tables():
    table = {"a": {"x": 6.0, "y": 3.0}, "b": {"x": 0.0}}
    assert value("x", "a")(table) == 6
    assert difference("x", "a", "b")(table) == 6
    assert ratio("x", "a", "b")(table) is None
    assert ratio("x", "a", "a", "y")(table) == 2
    assert orders("x", "a", "a", "y")(table) == pytest.approx(math.log10(2))
    assert value("z", "a")(table) is None
    assert difference("x", "a", "nowhere")(table) is None


@pytest.mark.parametrize(
    ("tasks", "seeds", "message"),
    [
        (("moon",), (1, 2), "task must be one of triangle, .* but 'moon' came"),
        (("box",), (1,), "seeds must be at least two different whole numbers"),
        (("box",), (1, 1), "seeds must be at least two different"),
        (("box",), (-1, 2), "seeds must be at least two different whole numbers from 0"),
    ],
)
def test_senseless_plans_are_refused(tasks, seeds, message):
    with pytest.raises(ValueError, match=message):
        Plan((), tasks, seeds)
