"""Checks of input, shared by every room: one clear sentence that says what was expected and what came."""

import math
import operator
from numbers import Real

import torch
from torch import Tensor


def check_between(name: str, value: float, low: float, high: float, open_low: bool = False) -> None:
    """Raise ValueError unless ``value`` is a finite number in [low, high], or in (low, high] with ``open_low``.

    NumPy's numbers count as numbers, and text does not, nor True.
    """
    number = isinstance(value, Real) and not isinstance(value, bool)
    inside = number and _finite(value) and low <= value <= high and not (open_low and value == low)
    if not inside:
        left = "(" if open_low else "["
        right = f"{high:g}]" if math.isfinite(high) else "infinity)"
        raise ValueError(f"{name} must be a number in {left}{low:g}, {right}, but {value!r} came.")


def _finite(value: float) -> bool:
    """Whether a number is finite as a float, which 10**400 is not."""
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def check_count(name: str, value: int, least: int = 1) -> int:
    """The whole number ``value``, as Python's own where NumPy's came; ValueError unless it is at least ``least``."""
    try:
        # A tensor of one number has an index too, but is as little a count as True.
        count = None if isinstance(value, bool | Tensor) else operator.index(value)
    except TypeError:
        count = None
    if count is None or count < least:
        raise ValueError(f"{name} must be a whole number of at least {least}, but {value!r} came.")
    return count


def check_shape(name: str, tensor: Tensor, shape: tuple[int | str, ...]) -> None:
    """Raise ValueError unless ``tensor`` has this shape; a string in ``shape`` names an axis of any length.

    A leading ``"..."`` stands for any number of axes.
    """
    came = tuple(tensor.shape)
    wanted = shape[1:] if shape and shape[0] == "..." else shape
    tail = came[len(came) - len(wanted) :] if shape and shape[0] == "..." else came
    fits = len(tail) == len(wanted) and all(
        isinstance(want, str) or want == have for want, have in zip(wanted, tail, strict=True)
    )
    if not fits:
        text = ", ".join(map(str, shape))
        raise ValueError(f"{name} must have the shape [{text}], but {list(came)} came.")


def check_finite(name: str, tensor: Tensor) -> None:
    """Raise ValueError unless every number in ``tensor`` is finite."""
    # One sum tells it in most cases, and costs a fifth: what is not finite stays so in a sum.
    if not math.isfinite(tensor.detach().sum()) and not bool(torch.isfinite(tensor).all()):
        bad = int((~torch.isfinite(tensor)).sum())
        raise ValueError(f"{name} must hold finite numbers only, but {bad} of {tensor.numel()} are NaN or infinite.")


def check_positions(name: str, position: Tensor) -> None:
    """Raise ValueError unless ``position`` is [batch, times, 2] of finite numbers, with a path and a time at least."""
    if not isinstance(position, Tensor):
        raise ValueError(f"{name} must be a tensor [batch, times, 2], but a {type(position).__name__} came.")
    check_shape(name, position, ("batch", "times", 2))
    if not position.numel():
        raise ValueError(f"{name} must hold one path of one time at least, but {list(position.shape)} came.")
    check_finite(name, position)
