"""Checks of the book's exercises that say which misconception led astray.

from replaylib.exercises import check

check("7.2", 0.05)
"""

from importlib import import_module
from typing import Any

from replaylib.exercises.checking import SECONDS, Exercise, Verdict, within_time

__all__ = ["Verdict", "check", "exercises"]

CHAPTERS = range(13)

MUSEUM = "B"
"""The bug museum, whose exercises are named "B.1", "B.2" and so on."""

PARTS: tuple[int | str, ...] = (*CHAPTERS, MUSEUM)
"""All parts of the book that have exercises."""


def exercises(part: int | str) -> dict[str, Exercise]:
    """The exercises of a chapter, or of the bug museum ("B"), by their names, such as "7.2"."""
    module = "museum" if part == MUSEUM else f"chapter_{part:02d}"
    found: dict[str, Exercise] = import_module(f"replaylib.exercises.{module}").EXERCISES
    return found


def check(name: str, answer: Any, seconds: float = SECONDS) -> Verdict:
    """Whether ``answer`` solves the exercise ``name``, and if not, what probably went wrong.

    answer: a number, a word or a function, as the exercise asks. seconds: time limit [s].

    It never raises, whatever the answer does: a wrong type, an exception, a wrong shape and an endless loop each get
    one sentence. Nothing that the answer computes is kept.
    """
    part = str(name).split(".", maxsplit=1)[0]
    known = next((exercises(one) for one in PARTS if str(one) == part), {})
    if name not in known:
        names = ", ".join(known) or f"{CHAPTERS[0]} to {CHAPTERS[-1]} (chapters) and {MUSEUM} (bug museum)"
        return Verdict(str(name), False, f"There is no exercise of this name. Known are {names}.")
    fault = within_time(lambda: known[name].fault(answer), seconds)
    return Verdict(name, not fault, fault or "Right.")
