"""Checks of the book's exercises that say which misconception led astray.

from replaylib.exercises import check

check("7.2", 0.05)
"""

from importlib import import_module
from typing import Any

from replaylib.exercises.checking import SECONDS, Exercise, Verdict, within_time

__all__ = ["Verdict", "check", "exercises"]

CHAPTERS = range(13)


def exercises(chapter: int) -> dict[str, Exercise]:
    """The exercises of a chapter by their names, such as "7.2"."""
    found: dict[str, Exercise] = import_module(f"replaylib.exercises.chapter_{chapter:02d}").EXERCISES
    return found


def check(name: str, answer: Any, seconds: float = SECONDS) -> Verdict:
    """Whether ``answer`` solves the exercise ``name``, and if not, what probably went wrong.

    answer: a number, a word or a function, as the exercise asks. seconds: time limit [s].

    It never raises, whatever the answer does: a wrong type, an exception, a wrong shape and an endless loop each get
    one sentence. Nothing that the answer computes is kept.
    """
    chapter = str(name).split(".", maxsplit=1)[0]
    known = exercises(int(chapter)) if chapter.isdecimal() and int(chapter) in CHAPTERS else {}
    if name not in known:
        names = ", ".join(known) or f"{CHAPTERS[0]} to {CHAPTERS[-1]} (chapters)"
        return Verdict(str(name), False, f"There is no exercise of this name. Known are {names}.")
    fault = within_time(lambda: known[name].fault(answer), seconds)
    return Verdict(name, not fault, fault or "Right.")
