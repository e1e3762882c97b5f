"""The input on which an answer differs, and the difference, written so that a learner can repeat it."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from replaylib.exercises.coercion import array, detached

FEW = 16
"""Numbers of an array that is small enough to be written out."""

LONG = 230
"""Characters of an input that is short enough to be told."""

BRIEF = 120
"""Characters of an input that is quickly repeated."""

ORDINALS = ("first", "second", "third", "fourth")


def shown(case: Mapping[str, Any]) -> str:
    """The arguments of a call as they are written in Python: "h=1, mean=0"; long arrays by their shape alone."""
    text = ", ".join(f"{name}={written}" for name, value in case.items() if (written := _written(value)))
    return text if len(text) <= LONG else ", ".join(f"{name}={_brief(value)}" for name, value in case.items())


def in_full(case: Mapping[str, Any]) -> bool:
    """Whether all of an input is told, so that a learner can repeat it."""
    text = shown(case)
    return "[array of" not in text and "[list of" not in text and "..." not in text


def _written(value: Any) -> str:
    """Numbers to four digits, small arrays and short lists in full, long ones by their shape; "" for the rest."""
    if isinstance(value, bool | str):
        return repr(value)
    if isinstance(value, int | float | complex):
        return f"{value:.4g}"
    if isinstance(value, list | tuple) and len(value) <= FEW:
        return f"[{', '.join(map(_written, value))}]"
    if isinstance(value, np.ndarray | torch.Tensor):
        values = np.asarray(detached(value))
        return _listed(values) if values.size <= FEW else _brief(value)
    return "" if callable(value) else _brief(value)


def _listed(values: Any) -> str:
    if np.ndim(values):
        return f"[{', '.join(map(_listed, values))}]"
    return f"{values.item():.4g}"


def _brief(value: Any) -> str:
    if isinstance(value, np.ndarray | torch.Tensor):
        return f"[array of shape {list(value.shape)}]"
    if isinstance(value, list | tuple):
        return f"[list of {len(value)}]"
    return _written(value) if isinstance(value, int | float | complex) else "..."


def with_unit(value: float, unit: str) -> str:
    """A value to four digits with its unit."""
    return f"{value:.4g} {unit}".rstrip()


def size_of(value: Any) -> str:
    """The shape of a result in words."""
    shape = list(array(value).shape)
    return f"an array of shape {shape}" if shape else "one number"


def difference(place: str, found: Any, wanted: Any, tolerance: float, unit: str = "") -> str:
    """One sentence on where two results of a like shape differ first. place: such as "At h=1 your function"."""
    if isinstance(wanted, tuple) and isinstance(found, list | tuple) and len(found) == len(wanted):
        for ordinal, one, other in zip(ORDINALS, found, wanted, strict=False):
            if np.squeeze(array(one)).shape != np.squeeze(array(other)).shape or _off(one, other, tolerance).any():
                return _differ(f"{place} gives as its {ordinal} result", one, other, tolerance, unit)
    return _differ(f"{place} gives", found, wanted, tolerance, unit)


def _off(found: Any, wanted: Any, tolerance: float) -> Any:
    left, right = np.squeeze(array(found)), np.squeeze(array(wanted))
    return ~np.isclose(left, right, rtol=tolerance, atol=tolerance * min(float(np.abs(right).max(initial=0)), 1.0))


def _differ(place: str, found: Any, wanted: Any, tolerance: float, unit: str) -> str:
    given, right = np.squeeze(array(found)), np.squeeze(array(wanted))
    if given.shape != right.shape:
        return f"{place} {size_of(found)}, where {size_of(wanted)} is right."
    if right.size == 1:
        return f"{place} {with_unit(given.item(), unit)} where {with_unit(right.item(), unit)} is right."
    off = _off(found, wanted, tolerance)
    first = tuple(np.argwhere(off)[0].tolist()) if off.any() else (0,) * off.ndim
    values = f"{with_unit(given[first], unit)} {_position(first)}, where {with_unit(right[first], unit)} is right"
    more = f" ({off.sum()} of its {off.size} numbers are off)" if off.sum() > 1 else ""
    return f"{place} {values}{more}."


def _position(index: tuple[int, ...]) -> str:
    """Counted from 1 in words, with the index in Python behind it where it is not a matrix."""
    if len(index) == 2:
        return f"in row {index[0] + 1}, column {index[1] + 1}"
    return f"at the place {list(index)}"
