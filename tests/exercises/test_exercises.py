"""Checks: right answers pass, each misconception gets its own sentence, and no answer stops a notebook."""

import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from wrong_answers import WRONG

from replaylib.exercises import CHAPTERS, check, exercises
from replaylib.exercises.checking import Choice, Judged, Number
from replaylib.ledger.claims.base import TASK_NAMES
from replaylib.ledger.ledger import Ledger
from replaylib.ledger.measurements.momentum import frontier_condition

sys.path.insert(0, str(Path(__file__).parents[2] / "chapters" / "extension"))
from course import course

ALL = {name: one for chapter in CHAPTERS for name, one in exercises(chapter).items()}
FUNCTIONS = [name for name, one in ALL.items() if not isinstance(one, Number | Choice) and name != "10.4"]


def test_every_exercise_of_the_book_has_a_check_and_every_check_an_exercise():
    assert [one.name for chapter in course() for one in chapter.exercises] == list(ALL)


@pytest.mark.parametrize("chapter", course(), ids=lambda chapter: chapter.stem)
def test_solutions_are_right(chapter):
    for exercise in chapter.exercises:
        told = []
        known = {"torch": torch, "np": np, "ledger": Ledger(), "TASK_NAMES": TASK_NAMES}
        source = exercise.stub.splitlines()[-1]
        code = f"{chapter.solutions[exercise.name].code}\n{source}"
        exec(code, known | {"check": lambda name, answer, told=told: told.append(check(name, answer))})
        assert [one.right for one in told] == [True], told
        assert told[0].name == exercise.name


@pytest.mark.parametrize("name", ALL)
def test_each_misconception_gets_its_own_sentence(name):
    assert len(WRONG[name]) >= 2
    sentences = []
    for answer, words in WRONG[name].items():
        verdict = check(name, answer)
        assert not verdict.right
        assert words in verdict.sentence
        sentences.append(verdict.sentence)
    assert len(set(sentences)) == len(sentences)


@pytest.mark.parametrize("name", ALL)
def test_an_untouched_stub_is_told_so(name):
    def stub(*_):
        raise NotImplementedError

    for untouched in (...,) if name not in FUNCTIONS else (..., stub):
        verdict = check(name, untouched)
        assert not verdict.right
        assert "Nothing to check yet" in verdict.sentence


def raises(*_):
    raise ZeroDivisionError("division by zero")


def leaves(*_):
    raise SystemExit


def wants_more(one, *, more):
    return one


BAD = (
    "a word",
    None,
    3.0,
    raises,
    leaves,
    wants_more,
    lambda *_: None,
    lambda *_: "text",
    lambda *_: torch.zeros(2, 5, 3),
)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("bad", BAD, ids=range(len(BAD)))
def test_senseless_answers_get_one_sentence(name, bad):
    if bad == 3.0 and isinstance(ALL[name], Number):
        bad = float("nan")
    verdict = check(name, bad)
    assert not verdict.right
    assert 10 < len(verdict.sentence) < 400
    assert "\n" not in verdict.sentence
    assert "could not be checked" not in verdict.sentence
    assert str(verdict).startswith(f"✗ {name}: ")
    assert verdict._repr_markdown_().startswith(f"✗ **{name}** ")


@pytest.mark.parametrize("name", ["6.1", "3.2", "9.2"])
def test_an_endless_loop_ends(name):
    def endless(*_):
        while True:
            try:
                pass
            except Exception:
                continue

    begun = time.monotonic()
    verdict = check(name, endless, seconds=0.3)
    assert "a loop that never ends" in verdict.sentence
    assert time.monotonic() - begun < 5
    for thread in threading.enumerate():
        if thread.name.startswith("check of"):
            thread.join(5)
            assert not thread.is_alive()


def test_answers_do_not_spoil_the_inputs():
    def spoils(states, strength, time):
        states.zero_()
        return torch.zeros(3)

    assert not check("6.1", spoils).right
    assert check("6.1", _trace).right


def _trace(states, strength, time):
    a = torch.zeros(3, dtype=torch.float64)
    for h in states:
        a += (strength * h - a) / time
    return a


def test_numbers_come_in_any_dress():
    for dress in (1.0, 1, np.float32(1), np.array([1.0]), torch.tensor(1.0), torch.tensor([[1.0]], requires_grad=True)):
        assert check("2.4", dress).right
    assert "wrong sign" in check("2.4", -1).sentence
    assert "too large" in check("2.4", 2.5).sentence
    assert "one number" in check("2.4", [1, 2]).sentence
    assert "must be a function" in check("2.1", 3).sentence


def test_an_unknown_difference_is_shown_where_it_is():
    sentence = check("7.5", lambda k: 2 * k**0.5 - 2 * k).sentence
    assert "At stiffness=0.01" in sentence
    assert "0.18" in sentence
    assert "0.19" in sentence
    shape = check("2.1", lambda start, velocity: start).sentence
    assert "[5, 2]" in shape
    assert "[2]" in shape
    assert "% of its numbers" in check("2.1", lambda start, velocity: start + 2 * velocity.cumsum(0)).sentence


def test_unknown_names_are_told_what_is_known():
    assert "6.1, 6.2" in check("6.9", 0).sentence
    for name in ("99.1", "x", "", "6.1.1"):
        assert "no exercise of this name" in check(name, 0).sentence


def test_a_judge_that_fails_says_so_instead_of_stopping_the_notebook(monkeypatch):
    def broken(answer):
        raise RuntimeError("a fault of ours")

    monkeypatch.setitem(exercises(3), "3.2", Judged(broken))
    assert "could not be checked (RuntimeError: a fault of ours)" in check("3.2", 0).sentence


def test_a_message_of_many_lines_is_told_in_one():
    def fails(*_):
        raise RuntimeError("shapes:\n  [2]\n  [3]")

    assert check("6.1", fails).sentence == "Your function raised RuntimeError: shapes: [2] [3]."


COORDINATES = ("triangle", "t-maze")


def test_answers_read_off_the_ledgers_tables_are_what_it_says():
    """Exercises whose answer is a word are right only as long as the measurements are."""
    ledger = Ledger()

    def means(task, *conditions, measure, claim="C8"):
        return [ledger.mean(claim, task, one, measure).mean for one in conditions]

    full_leak = {task: ledger.outcome("C3", task, "loss_with_full_leak")["effect"] for task in TASK_NAMES}
    assert check("5.4", "place cells").right
    assert {task for task, ratio in full_leak.items() if ratio > 1} == set(COORDINATES)

    shown = ("plain", "twice the noise", "momentum", "adaptation", "adaptation with momentum", "awake")
    assert check("0.4", "share on the path").right
    spread = {}
    for measure in ("reach_time", "displacement", "coverage", "sliced_wasserstein", "share_on_path"):
        values = means("triangle-cells", *shown, measure=measure)
        spread[measure] = max(values) / min(values)
    assert spread.pop("share_on_path") < 1.02
    assert min(spread.values()) > 2

    assert check("9.4", "distance from awake law").right
    pair = ("adaptation", "adaptation with momentum")
    for measure, better in (("reach_time", -1), ("displacement", 1), ("coverage", 1), ("sliced_wasserstein", 1)):
        before, after = means("rat", *pair, measure=measure)
        assert better * (after - before) > 0

    assert check("6.6", "valley").right
    plain, adapted = means("triangle-cells", "plain", "adaptation", measure="reach_time")
    assert adapted < plain

    def shown(low, high, null):
        return 1 if low > null else -1 if high < null else 0

    assert check("10.5", shown).right
    examples = {("C4", "t-maze", "coverage_gained_over_noise"): 0, ("C3", "rat", "loss_with_full_leak"): -1}
    for place, result in examples.items():
        one = ledger.outcome(*place)
        assert (one["predicted"], one["supported"]) == ("above", False)
        assert shown(*one["interval"], one["null"]) == result

    # What the solution to 10.3 says of the two tasks on which C8 does not hold, and the table of 10.7.
    where = {task: ledger.outcome("C8", task, "distance_added") for task in ("t-maze-cells", "box")}
    assert [task for task in TASK_NAMES if ledger.row("C8", task)["verdict"] == "partly"] == list(where)
    for measure in ("speed_gained", "best_speed_gained", "coverage_kept"):
        assert all(ledger.outcome("C8", task, measure)["supported"] for task in where)
    assert where["t-maze-cells"]["interval"][0] > where["t-maze-cells"]["null"]
    assert where["box"]["interval"][0] < where["box"]["null"] < where["box"]["interval"][1]
    assert check("10.7", "speed").right

    assert check("8.6", "b").right
    strong, weak = frontier_condition(0.1, 0.7), frontier_condition(0.05, 0.3)
    for measure, better in (("displacement", 1), ("sliced_wasserstein", -1)):
        after, before = means("t-maze-cells", strong, weak, measure=measure, claim="C9")
        assert better * (after - before) > 0
