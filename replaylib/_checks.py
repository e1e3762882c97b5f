"""Checks of input, shared by every room: one clear sentence that says what was expected and what came."""

import math

import torch
from torch import Tensor


def check_between(name: str, value: float, low: float, high: float, open_low: bool = False) -> None:
    """Raise ValueError unless ``value`` is a finite number in [low, high], or in (low, high] with ``open_low``."""
    inside = math.isfinite(value) and low <= value <= high and not (open_low and value == low)
    if not inside:
        left = "(" if open_low else "["
        right = f"{high:g}]" if math.isfinite(high) else "infinity)"
        raise ValueError(f"{name} must be a number in {left}{low:g}, {right}, but {value!r} came.")


def check_count(name: str, value: int, least: int = 1) -> None:
    """Raise ValueError unless ``value`` is a whole number of at least ``least``."""
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ValueError(f"{name} must be a whole number of at least {least}, but {value!r} came.")


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
