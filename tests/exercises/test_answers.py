"""Every exercise, put to the test: right answers in many styles are accepted, and wrong ones told what misled them."""

import re
import time

import pytest
from answers import RIGHT, WRONG
from wrong_answers import WRONG as FURTHER

from replaylib.exercises import PARTS, check, exercises
from replaylib.exercises.checking import Choice, Exercise, Function, Several, array
from replaylib.exercises.showing import in_full

ALL: dict[str, Exercise] = {name: one for part in PARTS for name, one in exercises(part).items()}
each = pytest.mark.parametrize("name", ALL)

QUICK = 3.0
"""Processor time of a check [s], far below its limit, also for answers that are written in plain loops."""

DIFFERENCE = re.compile(r"(?:^|(?<=[.?!]) )(?:At \w+=.*|Your function (?:gives|must return) .*)$")
"""The part of a sentence that tells only where results differ."""


def wrong(name):
    """Pairs of a wrong answer and words of the sentence that it should get."""
    return [*WRONG[name], *FURTHER[name].items()]


def test_every_exercise_has_six_right_and_six_wrong_answers():
    assert list(RIGHT) == list(WRONG) == list(ALL)
    assert {name for name in ALL if len(RIGHT[name]) < 6 or len(wrong(name)) < 6} == set()


@each
@pytest.mark.filterwarnings("error")
def test_right_answers_are_accepted_whatever_their_dress(name):
    for place, answer in enumerate(RIGHT[name]):
        begun = time.process_time()
        verdict = check(name, answer)
        assert verdict.right, f"{place}: {verdict.sentence}"
        assert time.process_time() - begun < QUICK, place


@each
@pytest.mark.filterwarnings("error")
def test_wrong_answers_are_told_what_misled_them(name):
    named = set()
    for place, (answer, words) in enumerate(wrong(name)):
        verdict = check(name, answer)
        assert not verdict.right, place
        assert words in verdict.sentence, f"{place}: {verdict.sentence}"
        assert "could not be checked" not in verdict.sentence
        if isinstance(ALL[name], Function) and "must return numbers" not in verdict.sentence:
            first = next(iter(ALL[name].cases[0]))
            assert f" {first}=" in verdict.sentence or "returned None" in verdict.sentence, verdict.sentence
        named.add(DIFFERENCE.sub("", verdict.sentence))
    # Of a choice each other word has its own sentence, and what is no word of it gets the list.
    enough = len(ALL[name].wrong) + 1 if isinstance(ALL[name], Choice) else 6
    assert len(named - {""}) >= enough, sorted(named)


@pytest.mark.parametrize("name", [name for name, one in ALL.items() if isinstance(one, Function)])
def test_an_input_is_told_so_that_it_can_be_typed_in_again(name):
    """Some case of each function is told in full, in numbers that lose nothing when they are written."""
    whole = [case for case in ALL[name].cases if in_full(case)]
    exact = [case for case in whole if all(float(f"{one:.4g}") == one for one in numbers_of(case))]
    assert exact


def numbers_of(case):
    """All numbers of an input that are real."""
    found = [one for value in case.values() for one in array([value]).ravel()] if "kappa" not in case else []
    return [float(one) for one in found]


def test_several_numbers_are_told_apart():
    pair = next(name for name, one in ALL.items() if isinstance(one, Several))
    assert "must be 2 numbers" in check(pair, 20).sentence
    assert "but 3 came" in check(pair, (1, 2, 3)).sentence
    assert "wrong order" in check(pair, (80, 20)).sentence
    assert "Nothing to check yet" in check(pair, (..., ...)).sentence
    assert "Nothing to check yet" in check(pair, (20, ...)).sentence
