"""Verdicts on made-up measurements, whose truth is known."""

import json
import math
import shlex

import numpy as np
import pytest

from replaylib.ledger.claims import claim
from replaylib.ledger.claims.base import FULL, Claim, Outcome, difference, orders, ratio, value
from replaylib.ledger.measurements.exploration import measure_memory
from replaylib.ledger.replication import Plan, claim_cells
from replaylib.ledger.verdicts import judge, merged, rounded
from replaylib.measures.statistics import holm

SEEDS = tuple(range(12))


def claim_of(*outcomes: Outcome) -> Claim:
    return Claim("C4", "Made up", "It works.", measure_memory, outcomes, {"dial": 1}, not_for={"rat": "It lacks one."})


def table_of(effect: float, spread: float, seed: int) -> dict[str, dict[str, float]]:
    noise = np.random.default_rng(seed).normal(0, spread)
    return {"with": {"x": 5 + effect + noise}, "without": {"x": 5.0}}


GOOD = Outcome("gain", "x: with minus without", difference("x", "with", "without"), primary=True)
OTHER = Outcome("excess", "x over 9", value("x", "with"), null=9.0, primary=True)
MARGIN = Outcome("cost", "cost", difference("x", "with", "without"), "below", null=3.0)
STILL = Outcome("still", "no change", difference("x", "with", "without"), "at", primary=True, margin=0.5)
LESS = Outcome("loss", "x: with minus without", difference("x", "with", "without"), "below", primary=True)


def judged(outcomes, effect: float, spread: float = 0.5, seeds=SEEDS, task: str = "box"):
    plan = Plan((claim_of(*outcomes),), (task,), seeds)
    return judge(plan, {("C4", task): tables_of(effect, spread, seeds)})["rows"][0]


def tables_of(effect: float, spread: float = 0.5, seeds=SEEDS):
    return {seed: table_of(effect, spread, seed) for seed in seeds}


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
    partly = judged([GOOD, OTHER], 2.0)
    assert (partly["verdict"], partly["measure"], partly["null"]) == ("partly", "gain", 0)  # the first that decides
    assert judged([GOOD, OTHER], 6.0)["verdict"] == "holds"
    assert judged([GOOD, OTHER], -6.0)["verdict"] == "fails"


def test_margins_and_predicted_absence():
    cost = judged([GOOD, MARGIN], 2.0)["outcomes"][1]
    assert cost["supported"]
    assert cost["decides"] is False
    assert judged([STILL], 0.0)["verdict"] == "holds"
    assert judged([STILL], 2.0)["verdict"] == "fails"
    # Not to be told from the null, but not shown to be near it either: absence of evidence.
    vague = judged([STILL], 0.0, spread=3.0)
    assert vague["interval"][0] < 0 < vague["interval"][1]
    assert vague["verdict"] == "fails"
    # Told from the null with ease, and yet within the margin.
    tiny = judged([STILL], 0.1, spread=0.01)
    assert tiny["interval"][0] > 0
    assert tiny["verdict"] == "holds"


def test_a_margin_belongs_to_a_predicted_absence():
    for predicted, margin in (("at", 0.0), ("above", 0.1), ("", 0.1)):
        with pytest.raises(ValueError, match="odd must have a margin just where it is predicted at its null"):
            Outcome("odd", "odd", value("x", "with"), predicted, margin=margin)


def test_the_wrong_side_supports_nothing():
    assert judged([LESS], -2.0)["verdict"] == "holds"
    assert judged([LESS], 2.0)["verdict"] == "fails"
    worse = judged([GOOD], -2.0)
    assert worse["p_corrected"] < 0.001
    assert worse["verdict"] == "fails"


def test_every_task_is_judged_and_by_itself():
    """What one task shows neither helps nor harms another, and the command of a row gives the row again."""
    crowd = [Outcome(f"o{i}", "noise", lambda t, i=i: math.sin(1e6 * t["with"]["x"] + i)) for i in range(4)]
    one, tasks, effects = claim_of(GOOD, *crowd), ("box", "triangle", "t-maze"), (2.0, 0.45, -2.0)
    tables = {("C4", task): tables_of(effect) for task, effect in zip(tasks, effects, strict=True)}
    rows = judge(Plan((one,), tasks, SEEDS), tables)["rows"]
    assert [row["task"] for row in rows] == list(tasks)
    assert [row["verdict"] for row in rows] == ["holds", "fails", "fails"]
    assert [round(row["effect"]) for row in rows] == [2, 0, -2]
    for row in rows:
        assert judge(Plan((one,), (row["task"],), SEEDS), tables)["rows"] == [row]
        assert row["p_corrected"] == pytest.approx(holm([one["p"] for one in row["outcomes"]])[0], rel=1e-4)
        assert row["p_corrected"] >= 4 * row["p"]
        words = shlex.split(row["command"])
        assert words[words.index("--task") + 1] == row["task"]
        assert words[words.index("--seeds") + 1 : -1] == [str(seed) for seed in SEEDS]


def test_findings_tell_what_correcting_all_together_would_leave():
    one, tasks = claim_of(GOOD), ("box", "triangle", "t-maze", "t-maze-cells")
    tables = {("C4", task): tables_of(effect) for task, effect in zip(tasks, (2.0, 0.4, 0.0, -2.0), strict=True)}
    found = judge(Plan((one,), tasks, SEEDS), tables)
    assert [row["verdict"] for row in found["rows"]] == ["holds", "holds", "fails", "fails"]
    assert found["findings"] == {"tested": 4, "supported": 2, "supported_together": 1}


def test_claims_are_added_to_a_ledger_and_findings_counted_anew():
    tasks = ("box", "triangle")
    tables = {("C4", task): tables_of(effect) for task, effect in zip(tasks, (2.0, 0.4), strict=True)}
    found = judge(Plan((claim_of(GOOD),), tasks, SEEDS), tables)
    old = json.loads(json.dumps(found)) | {"code": {"C4": "new", "C9": "older"}}
    stay = [dict(row, claim="C9") for row in old["rows"]] + [dict(row, claim="C10") for row in old["rows"]]
    old["rows"] = [*old["rows"][:1], *stay]
    old["conditions"] = {"C4": "older", "C9": "means"}
    both = merged(old, found)
    assert [row["claim"] for row in both["rows"]] == ["C4", "C4", "C9", "C9", "C10", "C10"]
    assert both["rows"][:2] == json.loads(json.dumps(found["rows"]))
    assert both["rows"][2:] == stay
    assert both["code"] == {"C4": found["code"]["C4"], "C9": "older"}
    assert both["conditions"] == {"C9": "means", **json.loads(json.dumps(found["conditions"]))}
    assert both["findings"]["tested"] == 6
    assert old["rows"][0]["claim"] == "C4"
    elsewhere = old | {"versions": dict.fromkeys(old["versions"], "0.1")}
    with pytest.raises(ValueError, match=r"must be measured with its packages, but .* for 0\.1"):
        merged(elsewhere, found)
    for key, other in (("level", 0.01), ("seeds", {}), ("scale", {})):
        with pytest.raises(ValueError, match=f"a ledger with the {key} .* can have no claims added"):
            merged(old | {key: other}, found)


def test_many_tests_are_corrected_together():
    weak = 0.45  # significant alone, not among many
    alone = judged([GOOD], weak, seeds=SEEDS)
    crowd = [Outcome(f"o{i}", "pure noise", lambda t, i=i: math.sin(1e6 * t["with"]["x"] + i)) for i in range(30)]
    among = judged([GOOD, *crowd], weak)
    assert alone["p"] == alone["p_corrected"] == among["p"] < 0.05
    assert among["p_corrected"] > 0.05
    assert among["p_corrected"] > 15 * alone["p"]
    assert (alone["verdict"], among["verdict"]) == ("holds", "fails")


def test_few_seeds_are_not_judged():
    row = judged([GOOD, LESS], 2.0, seeds=(0, 1, 2, 3))
    assert (row["verdict"], row["reason"]) == ("not judged", "fewer than 5 seeds")
    assert [one["supported"] for one in row["outcomes"]] == [None, None]
    values = [table["with"]["x"] - 5 for table in tables_of(2.0, seeds=(0, 1, 2, 3)).values()]
    half = 3.182 * np.std(values, ddof=1) / 2  # Student's t of 3 degrees of freedom
    assert row["interval"] == pytest.approx([np.mean(values) - half, np.mean(values) + half], rel=1e-3)
    assert judged([GOOD], 2.0, seeds=(0, 1, 2, 3, 4))["verdict"] == "holds"


def test_a_seed_that_failed_is_told_and_nothing_is_judged():
    tables = tables_of(2.0)
    del tables[3], tables[5]
    row = judge(Plan((claim_of(GOOD),), ("box",), SEEDS), {("C4", "box"): tables})["rows"][0]
    assert (row["verdict"], row["reason"]) == ("not judged", "not measured: seed 3, 5")
    assert row["outcomes"][0]["supported"] is None
    assert row["seeds"] == [seed for seed in SEEDS if seed not in (3, 5)]
    nothing = judge(Plan((claim_of(GOOD),), ("box",), SEEDS), {})["rows"][0]
    assert (nothing["verdict"], nothing["effect"], nothing["p"]) == ("not judged", None, None)


def test_an_effect_that_few_seeds_define_is_not_supported():
    tables = tables_of(2.0)
    for seed in SEEDS[4:]:
        tables[seed]["with"] = {}
    row = judge(Plan((claim_of(GOOD),), ("box",), SEEDS), {("C4", "box"): tables})["rows"][0]
    assert (row["verdict"], row["seeds"]) == ("fails", [0, 1, 2, 3])
    assert row["effect"] == pytest.approx(2, abs=0.5)


def test_what_is_only_told_decides_nothing_and_takes_no_part_in_the_correction():
    told = Outcome("told", "told", difference("x", "with", "without"), "")
    row = judged([GOOD, told], 2.0)
    assert row["p_corrected"] == row["p"]
    assert (row["outcomes"][1]["supported"], row["outcomes"][1]["p"]) == (None, None)
    assert row["outcomes"][1]["effect"] == row["effect"]


def test_the_ledger_tells_the_code_and_the_versions_of_the_measuring():
    one = claim("C8")
    found = judge(Plan((one,), ("box",), SEEDS), {})
    cell = claim_cells(one, "box", 0, FULL)[0]
    assert found["versions"] == cell.source["versions"]
    assert found["code"] == {"C8": cell.source["code"]}
    assert {"torch", "numpy", "ratinabox", "POT", "numba"} <= set(found["versions"])


def test_what_does_not_apply_says_why():
    row = judged([GOOD], 2.0, task="rat")
    assert (row["verdict"], row["reason"]) == ("does not apply", "It lacks one.")
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
        (("box",), (1,), r"seeds must be at least two different ones, .* but \[1\] came"),
        (("box",), (1, 1), "seeds must be at least two different"),
        (("box",), (-1, 2), r"seeds\[0\] must be a whole number from 0"),
    ],
)
def test_senseless_plans_are_refused(tasks, seeds, message):
    with pytest.raises(ValueError, match=message):
        Plan((), tasks, seeds)
