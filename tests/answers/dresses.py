"""The same answer in many dresses: as Python, NumPy and torch write it."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import torch


def numbers(value):
    """A number as learners hand it in."""
    return [
        value,
        float(value),
        np.float32(value),
        np.array(value),
        np.array([value]),
        [value],
        complex(value),
        Fraction(value),
        Decimal(repr(value)),
        torch.tensor(value),
        torch.tensor([[value]], dtype=torch.float64, requires_grad=True),
    ]


def pairs(*values):
    """Several numbers as learners hand them in."""
    return [
        values,
        list(values),
        np.array(values),
        np.array(values, dtype=np.float32),
        torch.tensor(values),
        [torch.tensor(value) for value in values],
        tuple(np.float64(value) for value in values),
        [Fraction(value) for value in values],
    ]


def words(word):
    """A word as learners type it."""
    return [word, word.upper(), f"  {word.title()} ", f'"{word}"', f"{word}.", np.str_(word), f"'{word}'"]


def no_words(word):
    """What learners hand in instead of one of the words."""
    return [
        (1, "must be one of"),
        ([word, "or not"], "must be one of"),
        (True, "must be one of"),
        ("I do not know", "must be one of"),
        (lambda: word, "must be one of"),
        ("", "must be one of"),
    ]


def floats(value):
    """Tensors in single precision, arrays as well; anything else as it is."""
    if isinstance(value, torch.Tensor) and value.is_floating_point():
        return value.float()
    if isinstance(value, np.ndarray):
        return value.astype(np.float32)
    return value


def in_numpy(function):
    """The function on NumPy arrays, which its author made of what came."""
    return lambda *case: function(*(np.asarray(one) if isinstance(one, torch.Tensor) else one for one in case))


def in_torch(function):
    """The function on tensors, which its author made of what came."""
    return lambda *case: function(*(torch.as_tensor(one) if isinstance(one, np.ndarray) else one for one in case))


def in_single(function):
    """The function in single precision."""
    return lambda *case: function(*map(floats, case))


def in_lists(function):
    """The function on plain lists."""
    return lambda *case: function(*(one.tolist() if hasattr(one, "tolist") else one for one in case))


def as_list(function):
    """The same result as lists."""

    def plain(value):
        if isinstance(value, tuple):
            return tuple(map(plain, value))
        return value.tolist() if hasattr(value, "tolist") else value

    return lambda *case: plain(function(*case))


def as_tensor(function):
    """The same result as tensors."""

    def tensor(value):
        return tuple(map(tensor, value)) if isinstance(value, tuple) else torch.as_tensor(value)

    return lambda *case: tensor(function(*case))


def as_array(function):
    """The same result as NumPy arrays, of no dimension where it is a number."""

    def arrayed(value):
        return tuple(map(arrayed, value)) if isinstance(value, tuple) else np.asarray(value)

    return lambda *case: arrayed(function(*case))


def dressed(function):
    """A function in single precision, and with its result as lists, tensors and arrays."""
    return [in_single(function), as_list(function), as_tensor(function), as_array(function)]
