"""The ledger that the book reads: whole, made by the code as it is, and told as it stands."""

import json
import warnings

import pytest

from replaylib.ledger import ledger as ledger_module
from replaylib.ledger.claims import CLAIMS, claim
from replaylib.ledger.claims.base import FULL, REPORTING_SEEDS, TASK_NAMES, TUNING_SEEDS
from replaylib.ledger.ledger import MARKS, TASK_LABELS, Ledger, line, with_interval
from replaylib.ledger.provenance import code_hash
from replaylib.ledger.replication import TASKS_AND_PATHS, measuring_modules

COLUMNS = TASKS_AND_PATHS


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return Ledger()


def test_every_claim_has_a_verdict_on_every_task_or_a_reason(ledger):
    assert [(row["claim"], row["task"]) for row in ledger.rows] == [
        (one.name, task) for one in CLAIMS for task in COLUMNS
    ]
    for row in ledger.rows:
        if row["verdict"] == "does not apply":
            assert row["reason"].endswith(".")
            continue
        assert row["verdict"] in ("holds", "partly", "fails")
        # Some networks have no adapted rest, or show no onset near the one predicted: these have no effect in C11.
        if row["claim"] == "C11":
            assert set(row["seeds"]) <= set(REPORTING_SEEDS)
            assert len(row["seeds"]) >= 8
        else:
            assert row["seeds"] == list(REPORTING_SEEDS)
        assert row["interval"][0] <= row["effect"] <= row["interval"][1]
        assert row["command"].startswith(f"python -m replaylib replicate --claim {row['claim']} --task {row['task']}")


def test_verdicts_follow_from_their_effects(ledger):
    for row in ledger.rows:
        deciding = [one["supported"] for one in row.get("outcomes", []) if one["decides"]]
        if deciding:
            expected = "holds" if all(deciding) else "partly" if any(deciding) else "fails"
            assert row["verdict"] == expected


def test_effects_are_those_that_the_claims_name(ledger):
    for one in CLAIMS:
        for task in COLUMNS:
            told = [outcome["measure"] for outcome in ledger.row(one.name, task).get("outcomes", [])]
            wanted = [outcome.name for outcome in one.outcomes if task in outcome.tasks and task not in one.not_for]
            assert told == wanted, f"make replicate writes what {one.name} says now"


def test_the_ledger_is_as_new_as_the_code(ledger):
    """Or else it is known to be older: then the book says so in a box, and this in the summary of the tests."""
    old = f"the code that measures {', '.join(ledger.stale)} has changed since the ledger was made"
    if ledger.stale and ledger.known_old:
        warnings.warn(f"{old}. {ledger.known_old}", stacklevel=1)
        return
    assert not ledger.stale, f"{old}: make replicate measures again what it must"
    assert not ledger.known_old, f"the ledger is as new as the code: remove {ledger_module.KNOWN_OLD} beside it"


def test_an_older_ledger_says_so(tmp_path):
    path, reason = tmp_path / "claims.json", tmp_path / ledger_module.KNOWN_OLD
    rows = [{"claim": "C4", "task": "rat"}, {"claim": "C8", "task": "rat"}]
    code = {one.name: code_hash(*measuring_modules(one)) for one in CLAIMS}
    path.write_text(json.dumps({"rows": rows, "code": code}))
    reason.write_text("Training was made faster.\n")
    fresh = Ledger(path)
    assert (fresh.stale, fresh.freshness(), fresh.known_old) == ((), None, "Training was made faster.")
    path.write_text(json.dumps({"rows": rows, "code": code | {"C8": "older", "C1": "not of this ledger"}}))
    old = Ledger(path)
    assert old.stale == ("C8",)
    assert old.freshness().data.startswith(
        ":::{admonition} An older ledger\n:class: warning\nThe code that measures C8 "
    )
    assert "Training was made faster. Its numbers are those of the older code" in old.freshness().data
    path.write_text(json.dumps({"rows": rows}))
    assert Ledger(path).stale == ("C4", "C8")
    ledger_module.write({"rows": rows, "code": code}, path)
    assert not reason.exists()
    assert Ledger(path).known_old == ""
    assert "since this ledger was made. Its numbers" in _without_reason(tmp_path)


def _without_reason(folder):
    path = folder / "other.json"
    path.write_text(json.dumps({"rows": [{"claim": "C4", "task": "rat"}]}))
    return Ledger(path).freshness().data


def test_settings_were_chosen_on_other_seeds(ledger):
    seeds = ledger.content["seeds"]
    assert seeds == {"tuning": list(TUNING_SEEDS), "reporting": list(REPORTING_SEEDS)}
    assert ledger.content["scale"]["name"] == FULL.name
    assert ledger.content["scale"]["paths"] == FULL.paths


def test_sentences_take_their_numbers_from_the_ledger(ledger):
    found = ledger.outcome("C8", "triangle-cells", "speed_gained")
    text = ledger.say("It is {C8/triangle-cells/speed_gained} times faster.").data
    assert text == f"It is {with_interval(found['effect'], *found['interval'])} times faster."
    with pytest.raises(KeyError, match="C8 for rat has no measure 'colour', only speed_gained"):
        ledger.say("{C8/rat/colour}")
    with pytest.raises(KeyError, match="the ledger has no row C8 for 'moon'"):
        ledger.row("C8", "moon")
    with pytest.raises(KeyError, match="C8 for rat has no 'colour' in 'plain', only"):
        ledger.mean("C8", "rat", "plain", "colour")


def test_numbers_have_the_digits_that_their_interval_deserves():
    assert with_interval(2.7134, 2.44, 2.98) == "2.71 [2.44, 2.98]"
    assert with_interval(567.3, 540.0, 590.0) == "567 [540, 590]"
    assert with_interval(0.5, 0.5, 0.5) == "0.50 [0.50, 0.50]"
    assert with_interval(0.00001, 0.0, 0.00002) == "0.0000 [0.0000, 0.0000]"


def test_tables_show_what_the_ledger_holds(ledger):
    table = ledger.verdicts(COLUMNS, {"C6": "C6"}).data
    assert (
        table.splitlines()[2]
        == "| C6 | " + " | ".join(MARKS[ledger.row("C6", task)["verdict"]] for task in COLUMNS) + " |"
    )
    effects = ledger.effects("C8", ["rat"]).data
    for one in ledger.row("C8", "rat")["outcomes"]:
        assert one["label"] in effects
        assert with_interval(one["effect"], *one["interval"]) in effects
    few, whole = (ledger.outcome("C11", "rat", f"found_over_predicted_10_{friction}") for friction in ("1", "0.3"))
    assert len(few["seeds"]) < len(whole["seeds"])
    onsets = ledger.effects("C11", ["rat"]).data
    assert f"{with_interval(few['effect'], *few['interval'])} ({len(few['seeds'])} networks) |" in onsets
    assert f"{with_interval(whole['effect'], *whole['interval'])} |" in onsets
    assert line(ledger.row("C6", "linear-gaussian")).startswith("C6 linear-gaussian: does not apply (")
    assert set(TASK_LABELS) == set(COLUMNS)


def test_verdicts_in_words_name_the_tasks_on_which_a_claim_does_not_hold(tmp_path):
    path = tmp_path / "claims.json"
    verdicts = ("holds", "partly", "holds", "fails", "fails", "holds")
    rows = [
        {"claim": "C8", "task": task, "verdict": verdict} for task, verdict in zip(TASK_NAMES, verdicts, strict=True)
    ]
    path.write_text(json.dumps({"rows": rows}))
    made = Ledger(path)
    assert made.held("C8") == 3
    assert made.held("C8", TASK_NAMES[:2]) == 1
    assert made.told("C8").replace("\N{NO-BREAK SPACE}", " ") == (
        "● holds on 3 of 6 tasks, ◐ partly on 1 (T-maze, coordinates), "
        "○ fails on 2 (T-maze, place cells; box, motion model)"
    )
    assert made.told("C8", ("rat",)).replace("\N{NO-BREAK SPACE}", " ") == "● holds on 1 of 1 tasks"
    assert made.told("C8", ("t-maze",)).endswith("◐\N{NO-BREAK SPACE}partly on 1")


def test_a_line_tells_verdict_effect_and_both_p_values():
    row = {"claim": "C8", "task": "rat", "verdict": "holds", "label": "speed", "effect": 2.5, "interval": [2.0, 3.0]}
    row |= {"null": 1.0, "p": 0.001, "p_corrected": 0.007}
    assert line(row) == "C8 rat: holds; speed: 2.5 [2.0, 3.0], null 1, p 0.001 (0.007 corrected)"
    few = row | {"verdict": "not judged", "reason": "fewer than 5 seeds"}
    assert line(few).startswith("C8 rat: not judged (fewer than 5 seeds); speed: 2.5")
    assert line(few | {"effect": None}) == "C8 rat: not judged (fewer than 5 seeds); speed is not defined here"
    assert MARKS["not judged"] == "? not judged".replace(" ", "\N{NO-BREAK SPACE}", 1)


def test_missing_and_damaged_ledgers_are_refused(tmp_path):
    path = tmp_path / "claims.json"
    with pytest.raises(FileNotFoundError, match=r"the ledger was expected at .* make replicate writes it"):
        Ledger(path)
    path.write_text('{"rows": ')
    with pytest.raises(ValueError, match="must be a ledger in JSON, but cannot be read"):
        Ledger(path)
    ledger_module.write({"rows": []}, path)
    assert Ledger(path).rows == []
    assert json.loads(path.read_text()) == {"rows": []}


def test_a_ledger_replaces_nothing_but_a_ledger(tmp_path):
    notes, link, old = (tmp_path / name for name in ("notes.txt", "link.json", "old.json"))
    notes.write_text("precious")
    link.symlink_to(old)
    with pytest.raises(ValueError, match=r"only a ledger may be replaced by one: .*notes\.txt must be a ledger"):
        ledger_module.check_place(notes, whole=False)
    with pytest.raises(ValueError, match=r"notes\.txt must be a folder to write to, but it is not"):
        ledger_module.check_place(notes / "claims.json", whole=False)
    for rows in ([], [{"claim": "C8", "task": "rat"}]):
        ledger_module.check_place(link, whole=False)
        ledger_module.write({"rows": rows}, link)
        assert link.is_symlink()
        assert Ledger(old).rows == rows
    assert notes.read_text() == "precious"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"claim": "D8"}, r"ledger\.rows\[0\]\.claim must be a claim's name, such as C8, but 'D8' came"),
        ({"verdict": "maybe"}, r"ledger\.rows\[0\]\.verdict must be one of holds, partly"),
        ({"interval": [0.5]}, r"ledger\.rows\[0\]\.interval must be a list of 2 to 2 values"),
        ({"outcomes": [{"effect": "0.5"}]}, r"ledger\.rows\[0\]\.outcomes\[0\]\.effect must be a number, but '0.5'"),
    ],
)
def test_a_ledger_names_the_path_to_what_is_wrong(tmp_path, row, message):
    path = tmp_path / "claims.json"
    path.write_text(json.dumps({"rows": [{"claim": "C8", "task": "rat", **row}]}))
    with pytest.raises(ValueError, match=message):
        Ledger(path)


def test_strong_effects_have_the_same_sign_in_a_quick_replication(ledger):
    """CI measures all claims again, briefly and on other networks: what is plain must come out again."""
    path = ledger_module.PATH.parents[3] / "_build" / "claims-quick.json"
    if not path.is_file():
        pytest.skip("make replicate-quick has not been run")
    quick, compared = Ledger(path), 0
    for name in ("C1", "C2", "C3", "C4", "C5", "C7", "C8"):
        for task in TASK_NAMES:
            for one in ledger.row(name, task)["outcomes"]:
                if name == "C3" and one["measure"] != "loss_without_leak":
                    continue  # a quick training is too short for its replay to mean anything
                low, high = one["interval"]
                plain = abs(one["effect"] - one["null"]) > 6 * (high - low) > 0
                if not (one["supported"] and one["decides"] and plain and one["predicted"] == "above"):
                    continue
                again = quick.outcome(name, task, one["measure"])["effect"]
                assert (again > one["null"]) == (one["effect"] > one["null"]), (name, task, one["measure"])
                compared += 1
    assert compared > 20
    assert claim("C8").needs_network
