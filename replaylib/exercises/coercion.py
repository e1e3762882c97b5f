"""What came as an answer, read as numbers or as a word, in whatever dress: Python, NumPy or torch.

One place decides what counts as a number, so that no exercise is stricter than another.
"""

import math
import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import torch

Array = np.ndarray[Any, np.dtype[np.float64]]

UNTOUCHED = "Nothing to check yet: put your answer in place of the dots."

TINY = 1e-9
"""An imaginary part that rounding leaves behind is smaller than this [1]."""


class AnswerError(Exception):
    """Carries the sentence on an answer that cannot even be compared."""


def detached(value: Any) -> Any:
    """Tensors without their gradient; anything else as it is."""
    return value.detach() if isinstance(value, torch.Tensor) else value


def short(value: Any) -> str:
    """A value in a few words."""
    if isinstance(value, torch.Tensor | np.ndarray):
        return f"an array of shape {list(value.shape)}"
    text = f"{type(value).__name__} {value!r}" if value is not None else "None"
    return text if len(text) <= 60 else f"{text[:57]}..."


def number(value: Any, what: str = "Your answer") -> float:
    """``value`` as a finite number, also out of a list or an array of one. Raises AnswerError where it is none."""
    if value is ...:
        raise AnswerError(UNTOUCHED)
    if callable(value):
        raise AnswerError(f"{what} must be a number, but a function came. Did you forget to call it?")
    if isinstance(value, bool | np.bool_):
        raise AnswerError(f"{what} must be one number, but {short(value)} came.")
    try:
        found = array(value)
    except AnswerError:
        raise AnswerError(f"{what} must be one number, but {short(value)} came.") from None
    if found.size != 1:
        raise AnswerError(f"{what} must be one number, but {short(value)} came.")
    if not math.isfinite(found.item()):
        raise AnswerError(f"{what} must be a finite number, but {found.item()} came.")
    return float(found.item())


def array(value: Any) -> Array:
    """What a learner's function returned, as numbers. Raises AnswerError with a sentence where it is none.

    Lists, tuples and other sequences of parts of one shape are stacked; parts of several shapes are joined to one row.
    """
    if value is None:
        raise AnswerError("Your function returned None. Is there a `return` in its last line?")
    if isinstance(value, str | bytes | dict) or callable(value):
        raise AnswerError(f"Your function must return numbers, but {short(value)} came.")
    if isinstance(value, Iterable) and not isinstance(value, np.ndarray | torch.Tensor):
        parts = [array(part) for part in value]
        alike = len({part.shape for part in parts}) == 1
        return np.stack(parts) if alike else np.concatenate([np.zeros(0), *map(np.ravel, parts)])
    try:
        return _real(np.asarray(detached(value)))
    except (TypeError, ValueError):
        raise AnswerError(f"Your function must return numbers, but {short(value)} came.") from None


def _real(found: Any) -> Array:
    """Without imaginary parts that are only rounding. Raises ValueError where they are more, or no numbers."""
    if np.iscomplexobj(found):
        if np.abs(found.imag).max(initial=0) > TINY * max(1.0, float(np.abs(found).max(initial=0))):
            raise AnswerError("Your answer must be real numbers, but complex ones came.")
        found = found.real
    if found.dtype.kind in "US":
        raise ValueError("text")
    numbers: Array = np.asarray(found, dtype=float)
    return numbers


def same(found: Any, wanted: Any, tolerance: float) -> bool:
    """Whether two results are alike: the same shape but for axes of length 1, and numbers within a tolerance.

    tolerance: relative to each number, and to the largest of all, so that single precision is enough.
    """
    try:
        left, right = np.squeeze(array(found)), np.squeeze(array(wanted))
    except AnswerError:
        return False
    if left.shape != right.shape:
        return False
    finite = np.abs(right[np.isfinite(right)])
    floor = tolerance * min(float(finite.max(initial=0)), 1.0) or tolerance
    return bool(np.allclose(left, right, rtol=tolerance, atol=floor, equal_nan=True))


ARTICLES = {"the", "a", "an"}
"""Words that change nothing."""

BEFORE = {"it", "its", "in", "on"}
"""Words that change nothing where they stand before an answer."""


def word(text: str) -> str:
    """A word as it is compared: in small letters, without quotes, signs and articles, and without "b)" before it."""
    plain = re.sub(r"^\s*\(?[a-f]\)", " ", text.lower())
    words = [one for one in re.sub(r"[^\w]|_", " ", plain).split() if one not in ARTICLES]
    while len(words) > 1 and words[0] in BEFORE:
        words.pop(0)
    return " ".join(words)
