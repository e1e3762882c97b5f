"""Slips that happen in every exercise: a sign, a root, an inverse, a part in place of the whole.

They are asked only after the misconceptions that an exercise names itself.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from replaylib.exercises.coercion import Array, array, same

Shift = Callable[[Array], Array]

OF_RESULTS: dict[str, Shift] = {
    "Your result has the wrong sign.": lambda right: -right,
    "Your result is upside down: it is 1 over what is asked.": lambda right: 1 / right,
    "Your result is the square of what is asked.": lambda right: right**2,
    "Your result is the root of what is asked.": np.sqrt,
    "Your result is 1 minus what is asked.": lambda right: 1 - right,
    "Your result is the exponential of what is asked: take its logarithm.": np.exp,
    "Your result is the logarithm of what is asked.": np.log,
    "Your result is transposed: rows and columns have changed places.": lambda right: right.T,
    "Your result comes in the reverse order.": lambda right: right[::-1],
    "Your result comes in sorted order. Give each number the place of the one that it belongs to.": (np.sort),
    "You rounded your result. Return all digits.": np.round,
    "You rounded your result to one digit. Return all digits.": lambda right: np.round(right, 1),
    "You return the last part alone. All of them are asked.": lambda right: right[-1],
    "You return the first part alone. All of them are asked.": lambda right: right[0],
    "You return the largest alone. All of them are asked.": lambda right: np.asarray(right.max()),
    "You return which one is the largest, not the values themselves.": lambda right: right.argmax(-1).astype(float),
    "You added the parts up. Each of them is asked.": lambda right: np.asarray(right.sum(0)),
}
"""What a slip makes of the right result."""

OF_PARTS: dict[str, Shift] = {
    "You return all the values. Asked is their mean.": lambda found: np.asarray(found.mean()),
    "Your result is a whole matrix. Asked is its first entry.": lambda found: found[0, 0],
    "You return all the values. Asked is the largest of them.": lambda found: np.asarray(found.max()),
    "You return them themselves. Asked is how many they are.": lambda found: np.asarray(float(len(found))),
    "Your result has one row too many: the first one is not asked.": lambda found: found[1:],
    "Your result has one row too many: the last one is not asked.": lambda found: found[:-1],
    "You return one more number than is asked: only the first counts.": lambda found: found[0],
}
"""What would make the right result of a learner's."""


def slip(found: Sequence[Any], wanted: Sequence[Any], tolerance: float) -> str:
    """The sentence for a slip that explains every result; "" where there is none.

    found, wanted: results for the same inputs.
    """
    given, right = [array(one) for one in found], [array(one) for one in wanted]
    for sentence, shift in OF_RESULTS.items():
        if _tells(sentence, right) and _explains(shift, right, given, tolerance):
            return sentence
    for sentence, shift in OF_PARTS.items():
        if _explains(shift, given, right, tolerance) and any(one.size > 1 for one in given):
            return sentence
    if any(one.shape != other.shape for one, other in zip(given, right, strict=True)):
        return ""
    return _constant(given, right, tolerance)


def _tells(sentence: str, right: list[Array]) -> bool:
    """Whether a slip can be told apart from the right results at all: 0 and 1 are their own squares, for example."""
    values = np.concatenate([one.ravel() for one in right])
    if "which one" in sentence:
        return all(one.ndim for one in right)
    return not np.isin(values, (-1.0, 0.0, 1.0)).all() or "sign" in sentence or "minus" in sentence


def _explains(shift: Shift, before: list[Array], after: list[Array], tolerance: float) -> bool:
    try:
        return all(same(shift(one), other, tolerance) for one, other in zip(before, after, strict=True))
    except (IndexError, ValueError, TypeError):
        return False


def _constant(given: list[Array], right: list[Array], tolerance: float) -> str:
    """Results that are the same for each input, or off by the same factor or difference."""
    if len({one.shape for one in given}) == 1 and all(same(one, given[0], tolerance) for one in given[1:]):
        return "Your function returns the same, whatever comes in."
    left, other = np.concatenate(list(map(np.ravel, given))), np.concatenate(list(map(np.ravel, right)))
    if len(left) < 2 or not np.isfinite(left).all() or not np.isfinite(other).all():
        return ""
    weight = float(other @ other)
    factor = float(left @ other) / weight if weight else 0.0
    if factor and same(left, factor * other, tolerance):
        hint = " Is it in per cent, or in centimetres?" if math.isclose(factor, 100, rel_tol=1e-3) else ""
        return f"Your result is {factor:.3g} times what is asked, for every input.{hint}"
    off = float((left - other).mean())
    if same(left - other, np.full(len(left), off), tolerance):
        return f"Your result is off by the same {off:+.3g} for every input."
    return ""


OF_NUMBERS: dict[str, Callable[[float], float]] = {
    "has the wrong sign": lambda right: -right,
    "is 100 times what is asked. Is it in per cent, or in centimetres?": lambda right: 100 * right,
    "is a hundredth of what is asked. Check the unit": lambda right: right / 100,
    "is upside down: it is 1 over what is asked": lambda right: 1 / right,
    "is the square of what is asked": lambda right: right**2,
    "is the root of what is asked": lambda right: abs(right) ** 0.5,
    "is 1 minus what is asked": lambda right: 1 - right,
    "is off by a factor of ten. Check the decimal point": lambda right: 10 * right,
    "is off by a factor of ten, downwards. Check the decimal point": lambda right: right / 10,
    "is off by a factor of two": lambda right: 2 * right,
    "is off by a factor of two, downwards": lambda right: right / 2,
    "is one too many": lambda right: right + 1,
    "is one too few": lambda right: right - 1,
}
"""What a slip makes of the right number; the last two are asked of counts alone."""


def slip_of_number(found: float, right: float, tolerance: float) -> str:
    """The sentence for a slip that leads from the right number to the one that came; "" where there is none."""
    whole = right == round(right) and abs(right) >= 3
    for sentence, shift in OF_NUMBERS.items():
        if ("one too" in sentence and not whole) or right == 0:
            continue
        if math.isclose(found, shift(right), rel_tol=min(tolerance, 0.01)):
            return f"{found:g} {sentence}" + ("" if sentence.endswith("?") else ".")
    if right and math.isclose(found, right, rel_tol=0.05):
        return f"{found:g} is near, but not near enough: give at least three digits."
    return ""
