"""Exercises of the bug museum on rules that are wrong: noise, time step, friction, temperature, seeds."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from replaylib.exercises.checking import Exercise, Function
from replaylib.exercises.coercion import Array

_rng = np.random.default_rng(0)


def _kurtosis(xi: Array) -> Any:
    off = xi - xi.mean()
    return (off**4).mean() / (off**2).mean() ** 2 - 3


_RULES: dict[str, Callable[[Array, float], Array]] = {
    "right": lambda h, step: h[1:] - (1 - step) * h[:-1],
    "no climb": lambda h, step: h[1:] - h[:-1],
    "turned": lambda h, step: h[1:] - (1 + step) * h[:-1],
    "new": lambda h, step: (1 + step) * h[1:] - h[:-1],
}
"""What is left of each step of a path h [times], by what was taken off."""


def _rms(values: Array) -> Any:
    return (values**2).mean() ** 0.5


def _ratio(h: Array, step: float) -> Any:
    return _rms(_RULES["right"](h, step)) / (2 * step) ** 0.5


def _kept(friction: float, dt: float) -> float:
    return float((1 - friction) ** dt)


def _temperature(velocity: Array, friction: float, noise_std: float) -> Any:
    return (velocity**2).mean() * (2 - friction) / noise_std**2


def _pairs(cells: int, bits: int) -> float:
    return cells * (cells - 1) / 2 / 2.0**bits


def _array(*values: float) -> Array:
    return np.array(values, dtype=float)


_VELOCITIES: Sequence[tuple[Array, float, float]] = (
    (_array(0.5, -0.25, 0.125, -0.5, 0.75, 0.25), 0.5, 0.5),
    (_array(0.1, 0.3, -0.2, 0.4), 0.2, 0.25),
    (_rng.normal(size=40) + 0.3, 0.1, 0.8),
)

SAMPLING: dict[str, Exercise] = {
    "B.1": Function(
        _kurtosis,
        [
            {"xi": one}
            for one in (_array(0.5, -1, 2, 0, 3.5, -0.5), _array(1, 1, 1, 5), _rng.random(60), _rng.normal(size=60))
        ],
        {
            "A Gaussian should give 0: subtract its 3.": lambda xi: _kurtosis(xi) + 3,
            "You took fourth powers of the kicks themselves. Take their mean off first.": lambda xi: (
                (xi**4).mean() / (xi**2).mean() ** 2 - 3
            ),
            "You divided by the variance. Its *square* is of the size of a fourth power.": lambda xi: (
                ((xi - xi.mean()) ** 4).mean() / xi.var() - 3
            ),
            "Third powers tell whether the kicks lean to one side. A uniform law does not lean: take fourth powers.": (
                lambda xi: ((xi - xi.mean()) ** 3).mean() / xi.std() ** 3
            ),
            "This is the variance, which both laws share.": lambda xi: xi.var(),
            "This is the mean, which both laws share.": lambda xi: xi.mean(),
            "Your variance divides by one less than the number of kicks, as torch does. Asked is the mean of squares.": (
                lambda xi: ((xi - xi.mean()) ** 4).mean() / xi.var(ddof=1) ** 2 - 3
            ),
            "You did not divide by the square of the variance, so that the result depends on the size of the kicks.": (
                lambda xi: ((xi - xi.mean()) ** 4).mean() - 3
            ),
            "You took 3 off before you divided.": lambda xi: (((xi - xi.mean()) ** 4).mean() - 3) / xi.var() ** 2,
        },
    ),
    "B.2": Function(
        _ratio,
        [
            {"h": _array(0, 1, 0.5, -0.5, 0.25, 0.75), "step": 0.1},
            {"h": _array(2, 1.5, 1.25, 1.5), "step": 0.5},
            {"h": _rng.normal(size=50).cumsum() / 5 + 1, "step": 0.02},
        ],
        {
            "You took the whole step for noise. Take the climb, -step h, off it first.": lambda h, step: (
                _rms(_RULES["no climb"](h, step)) / (2 * step) ** 0.5
            ),
            "This is the size of the kicks alone. Asked is how many times the right one it is.": lambda h, step: _rms(
                _RULES["right"](h, step)
            ),
            "You divided by 2 step. That is the right *variance*; its root is the right size.": lambda h, step: (
                _rms(_RULES["right"](h, step)) / (2 * step)
            ),
            "You divided by the root of step. The variance of the noise is 2 step.": lambda h, step: (
                _rms(_RULES["right"](h, step)) / step**0.5
            ),
            "You divided by the step itself.": lambda h, step: _rms(_RULES["right"](h, step)) / step,
            "This is the ratio of variances. Asked is that of the sizes: take the root.": lambda h, step: (
                _ratio(h, step) ** 2
            ),
            "You added the climb where it should be taken off: the score is -h.": lambda h, step: (
                _rms(_RULES["turned"](h, step)) / (2 * step) ** 0.5
            ),
            "You took the climb from where the step ends. The rule asks for the score where it begins.": (
                lambda h, step: _rms(_RULES["new"](h, step)) / (2 * step) ** 0.5
            ),
            "You took the mean of the kicks off. The noise has the mean 0: what is not 0 belongs to its size.": (
                lambda h, step: _RULES["right"](h, step).std() / (2 * step) ** 0.5
            ),
            "You averaged sizes. Asked is the root of the mean of squares.": lambda h, step: (
                abs(_RULES["right"](h, step)).mean() / (2 * step) ** 0.5
            ),
            "This is the spread of the states. The kicks are what a step adds beside the climb.": lambda h, step: (
                h.std()
            ),
        },
    ),
    "B.3": Function(
        _kept,
        [
            {"friction": friction, "dt": dt}
            for friction, dt in ((0.5, 0.5), (0.2, 0.25), (0.8, 0.125), (0.36, 0.5), (0.5, 2.0))
        ],
        {
            "The time step is missing: yours keeps the same share, however short the step.": lambda friction, dt: (
                1 - friction
            ),
            "This is right for small friction and short steps only: the lost shares of many steps do not add up.": (
                lambda friction, dt: 1 - friction * dt
            ),
            "You multiplied the kept share by the step. At dt = 0 nothing would be kept, but nothing is lost then.": (
                lambda friction, dt: (1 - friction) * dt
            ),
            "Your exponent is upside down: after 1/dt steps the share 1 - friction is kept, so one step keeps a root of it.": (
                lambda friction, dt: (1 - friction) ** (1 / dt)
            ),
            "You took the power of the lost share. The kept share, 1 - friction, is what is multiplied in each step.": (
                lambda friction, dt: friction**dt
            ),
            "This is the share that is *lost* in a step.": lambda friction, dt: 1 - (1 - friction) ** dt,
            "You took friction for a rate. Here it is the share that is lost in a step of length 1.": (
                lambda friction, dt: np.exp(-friction * dt)
            ),
            "Two steps of half the length would lose too much: powers of the lost share do not add up to it.": (
                lambda friction, dt: 1 - friction**dt
            ),
            "You divided friction by the step, so that short steps lose more.": lambda friction, dt: 1 - friction / dt,
        },
    ),
    "B.4": Function(
        _temperature,
        [{"velocity": v, "friction": friction, "noise_std": noise} for v, friction, noise in _VELOCITIES],
        {
            "You left 2 - friction out. The mean square of a healthy velocity is noise_std squared over that.": (
                lambda velocity, friction, noise_std: (velocity**2).mean() / noise_std**2
            ),
            "You divided by 2 - friction once too often: a healthy velocity should give 1.": (
                lambda velocity, friction, noise_std: (velocity**2).mean() / (2 - friction) / noise_std**2
            ),
            "You divided by the noise's standard deviation. Its square is a variance.": (
                lambda velocity, friction, noise_std: (velocity**2).mean() * (2 - friction) / noise_std
            ),
            "Your thermometer is calibrated with the sick rule, so that it shows 1 for the bug.": (
                lambda velocity, friction, noise_std: _temperature(velocity, friction, noise_std) * friction
            ),
            "This is the mean square of the velocity. Divide by that of a healthy one.": (
                lambda velocity, friction, noise_std: (velocity**2).mean()
            ),
            "You took the mean velocity off. On a flat track a healthy one has the mean 0: what is not 0 is heat as well.": (
                lambda velocity, friction, noise_std: velocity.var() * (2 - friction) / noise_std**2
            ),
            "You squared the mean. Asked is the mean of the squares.": lambda velocity, friction, noise_std: (
                velocity.mean() ** 2 * (2 - friction) / noise_std**2
            ),
            "This is the root of what is asked: a temperature goes with the square of the velocity.": (
                lambda velocity, friction, noise_std: _temperature(velocity, friction, noise_std) ** 0.5
            ),
            "You multiplied by friction squared where 2 - friction belongs.": lambda velocity, friction, noise_std: (
                (velocity**2).mean() * friction**2 / noise_std**2
            ),
            "You added the squares up. Asked is their mean.": lambda velocity, friction, noise_std: (
                (velocity**2).sum() * (2 - friction) / noise_std**2
            ),
        },
    ),
    "B.5": Function(
        _pairs,
        [{"cells": cells, "bits": bits} for cells, bits in ((100_000, 32), (200_000, 31), (300_000, 34))],
        {
            "You counted each pair twice: (a, b) and (b, a).": lambda cells, bits: 2 * _pairs(cells, bits),
            "This is the chance that one new seed meets any of the others. Every pair of cells may meet.": (
                lambda cells, bits: cells / 2.0**bits
            ),
            "This is how many pairs there are. Each of them meets with a chance of one over the number of seeds.": (
                lambda cells, bits: cells * (cells - 1) / 2
            ),
            "32 bits make 2 to the power of 32 seeds, not 2 times 32.": lambda cells, bits: (
                cells * (cells - 1) / 2 / (2 * bits)
            ),
            "You took bits for the number of seeds. There are 2 to the power of bits.": lambda cells, bits: (
                cells * (cells - 1) / 2 / bits
            ),
            "This is the chance that any two meet. Asked is how many pairs meet, on average.": lambda cells, bits: (
                1 - np.exp(-_pairs(cells, bits))
            ),
            "You took the root of the number of seeds: that is about how many cells it takes until two meet.": (
                lambda cells, bits: cells / 2.0 ** (bits / 2)
            ),
            "You rounded down. Asked is a mean, which need not be whole.": lambda cells, bits: np.floor(
                _pairs(cells, bits)
            ),
        },
        tolerance=1e-4,
    ),
}
"""By name."""
