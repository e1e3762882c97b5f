"""How an answer is checked: it is compared with the right one and with what typical misconceptions would give.

An answer may be anything, so nothing that it does is allowed to reach the notebook: not a wrong type, not an exception,
not an endless loop. Whatever happens, one sentence comes back.
"""

import copy
import ctypes
import math
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
import torch

SECONDS = 10.0
"""Time limit of a check; the right answers need far less."""

FEW = 9
"""Numbers of a matrix that is small enough to be written out."""

UNTOUCHED = "Nothing to check yet: put your answer in place of the dots."


@dataclass(frozen=True)
class Verdict:
    """What a check has to say: whether the answer is right, and one sentence for the learner."""

    name: str
    right: bool
    sentence: str

    def __repr__(self) -> str:
        return f"{'✓' if self.right else '✗'} {self.name}: {self.sentence}"

    def _repr_markdown_(self) -> str:
        """Shown by notebooks."""
        return f"{'✓' if self.right else '✗'} **{self.name}** {self.sentence}"


@runtime_checkable
class Exercise(Protocol):
    """Finds what is wrong with an answer."""

    def fault(self, answer: Any) -> str:
        """One sentence on what is wrong, empty if nothing is."""
        ...


class AnswerError(Exception):
    """Carries the sentence on an answer that cannot even be compared."""


class _TooLong(BaseException):
    """Thrown into a check that runs too long; no learner's ``except Exception`` catches it."""


def number(value: Any, what: str = "Your answer") -> float:
    """``value`` as a finite number. Raises AnswerError with a sentence where it is none."""
    if value is ...:
        raise AnswerError(UNTOUCHED)
    if callable(value):
        raise AnswerError(f"{what} must be a number, but a function came. Did you forget to call it?")
    if value is None or isinstance(value, str | bool) or np.asarray(_detached(value)).size != 1:
        raise AnswerError(f"{what} must be one number, but {_short(value)} came.")
    try:
        found = float(_detached(value).item() if hasattr(value, "item") else value)
    except (TypeError, ValueError):
        raise AnswerError(f"{what} must be one number, but {_short(value)} came.") from None
    if not math.isfinite(found):
        raise AnswerError(f"{what} must be a finite number, but {found} came.")
    return found


def _detached(value: Any) -> Any:
    """Tensors without their gradient; anything else as it is."""
    return value.detach() if isinstance(value, torch.Tensor) else value


def _short(value: Any) -> str:
    """A value in a few words."""
    if isinstance(value, torch.Tensor | np.ndarray):
        return f"an array of shape {list(value.shape)}"
    text = f"{type(value).__name__} {value!r}" if value is not None else "None"
    return text if len(text) <= 60 else f"{text[:57]}..."


def array(value: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    """What a learner's function returned, as numbers. Raises AnswerError with a sentence where it is none.

    Lists of rows of one length are a matrix; other lists and tuples are joined to one row.
    """
    if value is None:
        raise AnswerError("Your function returned None. Is there a `return` in its last line?")
    if isinstance(value, str | bytes):
        raise AnswerError(f"Your function must return numbers, but {_short(value)} came.")
    try:
        if isinstance(value, list | tuple):
            parts = [array(part) for part in value]
            rows = all(isinstance(part, list | tuple) for part in value) and len({part.shape for part in parts}) == 1
            return np.stack(parts) if rows else np.concatenate([np.zeros(0), *map(np.ravel, parts)])
        return np.asarray(_detached(value), dtype=float)
    except (TypeError, ValueError):
        raise AnswerError(f"Your function must return numbers, but {_short(value)} came.") from None


def same(found: Any, wanted: Any, tolerance: float) -> bool:
    """Whether two results are alike: the same shape, and numbers within a relative tolerance."""
    try:
        left, right = array(found), array(wanted)
    except AnswerError:
        return False
    return left.shape == right.shape and bool(np.allclose(left, right, rtol=tolerance, atol=tolerance))


@dataclass(frozen=True)
class Number:
    """One number is asked for.

    value: the right one. wrong: sentences by the numbers that misconceptions lead to. tolerance: relative to ``value``.
    """

    value: float
    wrong: Mapping[float, str]
    tolerance: float = 0.01

    def fault(self, answer: Any) -> str:
        """See ``Exercise``."""
        found = number(answer)
        if self._near(found, self.value):
            return ""
        for value, sentence in self.wrong.items():
            if self._near(found, value):
                return sentence
        if found * self.value < 0:
            return f"{found:g} has the wrong sign."
        return f"{found:g} is too {'small' if found < self.value else 'large'}."

    def _near(self, found: float, value: float) -> bool:
        return abs(found - value) <= self.tolerance * max(abs(value), 1e-9)


@dataclass(frozen=True)
class Choice:
    """One of several words is asked for. wrong: a sentence for each of the others."""

    right: str
    wrong: Mapping[str, str]

    def fault(self, answer: Any) -> str:
        """See ``Exercise``."""
        if answer is ...:
            raise AnswerError(UNTOUCHED)
        words = [self.right, *self.wrong]
        listed = ", ".join(f'"{word}"' for word in sorted(words))
        if not isinstance(answer, str):
            raise AnswerError(f"The answer must be one of {listed}, but {_short(answer)} came.")
        given = answer.strip().lower()
        if given == self.right:
            return ""
        return self.wrong.get(given) or f'The answer must be one of {listed}, but "{answer[:40]}" came.'


@dataclass(frozen=True)
class Function:
    """A function is asked for, and tried on several inputs.

    right: gives the right results. cases: the inputs, in the order of the function's arguments. wrong: for each
    misconception a sentence and a function that falls for it; the first one that agrees with the answer on every input
    is told.
    """

    right: Callable[..., Any]
    cases: Sequence[Mapping[str, Any]]
    wrong: Mapping[str, Callable[..., Any]]
    tolerance: float = 1e-6

    def fault(self, answer: Any) -> str:
        """See ``Exercise``."""
        found = [call(answer, case) for case in self.cases]
        wanted = [self.right(*case.values()) for case in self.cases]
        if self._all_same(found, wanted):
            return ""
        for sentence, model in self.wrong.items():
            if self._all_same(found, [model(*case.values()) for case in self.cases]):
                return sentence
        for result, want in zip(found, wanted, strict=True):
            if array(result).shape != array(want).shape:
                return (
                    f"Your function must return {_shape(want)}, but {_shape(result)} came. "
                    "Look at the shapes in the text of the exercise."
                )
        return self._first_difference(found, wanted)

    def _all_same(self, found: list[Any], wanted: list[Any]) -> bool:
        return all(same(one, other, self.tolerance) for one, other in zip(found, wanted, strict=True))

    def _first_difference(self, found: list[Any], wanted: list[Any]) -> str:
        triples = zip(self.cases, found, wanted, strict=True)
        case, result, want = next(one for one in triples if not same(one[1], one[2], self.tolerance))
        shown = ", ".join(f"{name}={text}" for name, value in case.items() if (text := _written(value)))
        place = f"At {shown} your" if shown else "Your"
        given, right = array(result), array(want)
        if right.size == 1:
            return f"{place} function gives {given.item():.4g} where {right.item():.4g} is right."
        off = ~np.isclose(given, right, rtol=self.tolerance, atol=self.tolerance)
        if right.ndim == 2 and right.size <= FEW:
            row, column = np.argwhere(off)[0]
            return (
                f"{place} function gives {given[row, column]:.4g} in row {row + 1}, column {column + 1}, "
                f"where {right[row, column]:.4g} is right."
            )
        return f"{place} function returns the right shape, but {100 * off.mean():.0f} % of its numbers are off."


@dataclass(frozen=True)
class Judged:
    """Whatever ``judge`` asks of an answer: it gives one sentence on what is wrong, empty if nothing is."""

    judge: Callable[[Any], str]

    def fault(self, answer: Any) -> str:
        """See ``Exercise``."""
        return self.judge(answer)


def _shape(value: Any) -> str:
    shape = list(array(value).shape)
    return f"an array of shape {shape}" if shape else "one number"


def _written(value: Any) -> str:
    """A number or a small matrix as it is written in Python, to four digits; "" for anything else."""
    if isinstance(value, int | float | complex):
        return f"{value:.4g}"
    if isinstance(value, np.ndarray) and value.ndim == 2 and value.size <= FEW:
        rows = (", ".join(f"{number:.4g}" for number in row) for row in value)
        return f"[{', '.join(f'[{row}]' for row in rows)}]"
    return ""


def _told(error: BaseException) -> str:
    """An exception in one line."""
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200] or 'no message'}"


def call(function: Any, arguments: Mapping[str, Any]) -> Any:
    """The learner's function on its own copy of the arguments. Raises AnswerError with a sentence where that fails."""
    if function is ...:
        raise AnswerError(UNTOUCHED)
    if not callable(function):
        hint = " Give the function itself, without calling it." if np.isscalar(function) else ""
        raise AnswerError(f"Your answer must be a function, but {_short(function)} came.{hint}")
    try:
        return function(*copy.deepcopy(list(arguments.values())))
    except NotImplementedError:
        raise AnswerError("Nothing to check yet: write your code in place of `raise NotImplementedError`.") from None
    except _TooLong:
        raise
    except BaseException as error:  # an answer may raise anything, even SystemExit
        raise AnswerError(f"Your function raised {_told(error)}.") from None


def within_time(work: Callable[[], str], seconds: float = SECONDS) -> str:
    """What ``work`` returns, or a sentence that says that it took too long.

    It runs in a thread of its own, since signals work neither on Windows nor outside the main thread.
    """
    result: list[str] = []

    def run() -> None:
        try:
            result.append(work())
        except AnswerError as bad:
            result.append(str(bad))
        except _TooLong:
            pass
        except Exception as error:
            result.append(f"The answer could not be checked ({_told(error)}).")

    worker = threading.Thread(target=run, daemon=True, name="check of an answer")
    worker.start()
    worker.join(seconds)
    if result:
        return result[0]
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(worker.ident or 0), ctypes.py_object(_TooLong))
    return f"Your answer was still running after {seconds:g} seconds. Is there a loop that never ends?"
