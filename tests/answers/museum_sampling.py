"""Answers to the museum's exercises on rules that are wrong."""

import math
from fractions import Fraction
from statistics import fmean, pvariance
from typing import Any

import numpy as np
import torch
from scipy import stats

from answers.dresses import dressed, in_lists, in_numpy, in_torch


def kurtosis(xi):
    off = xi - xi.mean()
    return (off**4).mean() / (off**2).mean() ** 2 - 3


def kurtosis_by_hand(xi):
    mean = sum(xi) / len(xi)
    squares = [(one - mean) ** 2 for one in xi]
    return fmean(one * one for one in squares) / fmean(squares) ** 2 - 3


def standardised(xi):
    return np.mean(((xi - np.mean(xi)) / np.std(xi)) ** 4) - 3


def kurtosis_in_place(xi):
    xi -= xi.mean()
    xi /= xi.std()
    xi **= 4
    return xi.mean() - 3


def kurtosis_in_torch(xi):
    return ((xi - xi.mean()) ** 4).mean() / torch.var(xi, unbiased=False) ** 2 - 3


def ratio(h, step):
    kick = h[1:] - h[:-1] + step * h[:-1]
    return (kick**2).mean() ** 0.5 / (2 * step) ** 0.5


def ratio_by_hand(h, step):
    kicks = [after - (1 - step) * before for before, after in zip(h[:-1], h[1:], strict=True)]
    return math.sqrt(fmean(one**2 for one in kicks) / (2 * step))


def ratio_by_norm(h, step):
    kick = np.diff(h) + step * h[:-1]
    return np.linalg.norm(kick) / np.sqrt(len(kick) * 2 * step)


def ratio_from_score(h, step):
    kick = h[1:].clone()
    kick -= h[:-1] + step * -h[:-1]
    return kick.square().mean().sqrt().div(math.sqrt(2 * step))


def ratio_of_means(h, step):
    return np.sqrt(np.mean(((h[1:] - (1 - step) * h[:-1]) / np.sqrt(2 * step)) ** 2))


def temperature(velocity, friction, noise_std):
    return (velocity**2).mean() / (noise_std**2 / (2 - friction))


def temperature_by_hand(velocity, friction, noise_std):
    return sum(v * v for v in velocity) / len(velocity) * (2 - friction) / noise_std**2


def temperature_from_variance(velocity, friction, noise_std):
    return (velocity.var() + velocity.mean() ** 2) * (2 - friction) / noise_std**2


def temperature_from_rule(velocity, friction, noise_std):
    """The variance that the rule itself comes to."""
    healthy = friction * noise_std**2 / (1 - (1 - friction) ** 2)
    return np.mean(np.square(velocity)) / healthy


def kept_by_logarithm(friction, dt):
    return math.exp(dt * math.log(1 - friction))


def distinct(cells, bits):
    """Cells without a seed of their own, if seeds are drawn."""
    seeds = 2.0**bits
    return cells + seeds * np.expm1(cells * np.log1p(-1 / seeds))


def turned(h, step):
    return ((np.diff(h) - step * h[:-1]) ** 2).mean() ** 0.5 / (2 * step) ** 0.5


RIGHT = {
    "B.1": [
        kurtosis,
        kurtosis_by_hand,
        standardised,
        in_numpy(kurtosis_in_place),
        in_torch(kurtosis_in_torch),
        lambda xi: stats.kurtosis(xi),
        lambda xi: [stats.moment(xi, 4) / pvariance(xi) ** 2 - 3],
        *dressed(kurtosis),
    ],
    "B.2": [
        ratio,
        in_lists(ratio_by_hand),
        ratio_by_norm,
        in_torch(ratio_from_score),
        ratio_of_means,
        lambda h, step: (np.mean((h[1:] - h[:-1] * (1 - step)) ** 2) / 2 / step) ** 0.5,
        *dressed(ratio),
    ],
    "B.3": [
        lambda friction, dt: (1 - friction) ** dt,
        kept_by_logarithm,
        lambda friction, dt: np.power(1 - friction, dt),
        lambda friction, dt: torch.tensor(1 - friction) ** dt,
        lambda friction, dt: torch.tensor(1 - friction, dtype=torch.float64).pow(dt),
        lambda friction, dt: [np.exp2(dt * np.log2(1 - friction))],
        lambda friction, dt: np.float32(1 - friction) ** np.float32(dt),
        lambda friction, dt: np.array(1 / (1 / (1 - friction)) ** dt),
    ],
    "B.4": [
        temperature,
        temperature_by_hand,
        temperature_from_variance,
        temperature_from_rule,
        in_torch(lambda v, friction, noise_std: v.square().mean() / noise_std**2 * (2 - friction)),
        in_numpy(lambda v, friction, noise_std: v @ v / len(v) / noise_std**2 * (1 + (1 - friction))),
        *dressed(temperature),
    ],
    "B.5": [
        lambda cells, bits: cells * (cells - 1) / 2 / 2**bits,
        lambda cells, bits: math.comb(cells, 2) / 2**bits,
        lambda cells, bits: cells**2 / 2 ** (bits + 1),
        lambda cells, bits: Fraction(math.comb(cells, 2), 1 << bits),
        lambda cells, bits: sum(range(cells)) * 2.0**-bits,
        lambda cells, bits: torch.tensor(cells * (cells - 1) / 2.0 ** (bits + 1)),
        lambda cells, bits: np.float32(cells) * np.float32(cells - 1) / np.float32(2.0 ** (bits + 1)),
        distinct,
    ],
}

WRONG: dict[str, list[tuple[Any, str]]] = {
    "B.1": [
        (lambda xi: kurtosis(xi) + 3, "A Gaussian should give 0"),
        (lambda xi: (xi**4).mean() / (xi**2).mean() ** 2 - 3, "Take their mean off first"),
        (lambda xi: ((xi - xi.mean()) ** 4).mean() / xi.var() - 3, "Its *square* is of the size"),
        (lambda xi: stats.skew(xi), "whether the kicks lean to one side"),
        (lambda xi: np.var(xi), "This is the variance, which both laws share"),
        (lambda xi: np.mean(xi), "This is the mean, which both laws share"),
        (
            in_torch(lambda xi: ((xi - xi.mean()) ** 4).mean() / xi.var() ** 2 - 3),
            "as torch does. Asked is the mean of squares",
        ),
        (lambda xi: ((xi - xi.mean()) ** 4).mean() - 3, "depends on the size of the kicks"),
        (lambda xi: -kurtosis(xi), "wrong sign"),
    ],
    "B.2": [
        (lambda h, step: np.sqrt(np.mean(np.diff(h) ** 2) / (2 * step)), "You took the whole step for noise"),
        (lambda h, step: np.sqrt(np.mean((h[1:] - (1 - step) * h[:-1]) ** 2)), "This is the size of the kicks alone"),
        (lambda h, step: ratio(h, step) / (2 * step) ** 0.5, "its root is the right size"),
        (lambda h, step: ratio(h, step) * 2**0.5, "You divided by the root of step"),
        (lambda h, step: ratio(h, step) ** 2, "This is the ratio of variances"),
        (turned, "You added the climb"),
        (lambda h, step: np.sqrt(np.mean((np.diff(h) + step * h[1:]) ** 2) / (2 * step)), "where the step ends"),
        (lambda h, step: np.std(np.diff(h) + step * h[:-1]) / (2 * step) ** 0.5, "mean of the kicks off"),
        (lambda h, step: np.mean(abs(np.diff(h) + step * h[:-1])) / (2 * step) ** 0.5, "You averaged sizes"),
        (lambda h, step: 1 / ratio(h, step), "upside down"),
    ],
    "B.3": [
        (lambda friction, dt: 1 - friction, "The time step is missing"),
        (lambda friction, dt: 1 - friction * dt, "right for small friction and short steps only"),
        (lambda friction, dt: (1 - friction) * dt, "You multiplied the kept share by the step"),
        (lambda friction, dt: (1 - friction) ** (1 / dt), "Your exponent is upside down"),
        (lambda friction, dt: friction**dt, "You took the power of the lost share"),
        (lambda friction, dt: 1 - (1 - friction) ** dt, "the share that is *lost* in a step"),
        (lambda friction, dt: math.exp(-friction * dt), "You took friction for a rate"),
        (lambda friction, dt: 1 - friction**dt, "powers of the lost share do not add up"),
    ],
    "B.4": [
        (lambda v, friction, noise_std: np.mean(v**2) / noise_std**2, "You left 2 - friction out"),
        (lambda v, friction, noise_std: np.mean(v**2) / noise_std**2 / (2 - friction), "once too often"),
        (lambda v, friction, noise_std: np.mean(v**2) / noise_std * (2 - friction), "Its square is a variance"),
        (
            lambda v, friction, noise_std: np.mean(v**2) * friction * (2 - friction) / noise_std**2,
            "calibrated with the sick rule",
        ),
        (lambda v, friction, noise_std: np.mean(v**2), "This is the mean square of the velocity"),
        (lambda v, friction, noise_std: np.var(v) * (2 - friction) / noise_std**2, "You took the mean velocity off"),
        (lambda v, friction, noise_std: np.mean(v) ** 2 * (2 - friction) / noise_std**2, "You squared the mean"),
        (lambda v, friction, noise_std: temperature(v, friction, noise_std) ** 0.5, "goes with the square of the"),
        (lambda v, friction, noise_std: temperature(v, friction, noise_std) * len(v), "You added the squares up"),
    ],
    "B.5": [
        (lambda cells, bits: cells * (cells - 1) / 2**bits, "You counted each pair twice"),
        (lambda cells, bits: cells / 2**bits, "Every pair of cells may meet"),
        (lambda cells, bits: cells * (cells - 1) // 2, "This is how many pairs there are"),
        (lambda cells, bits: math.comb(cells, 2) / (2 * bits), "not 2 times 32"),
        (lambda cells, bits: math.comb(cells, 2) / bits, "You took bits for the number of seeds"),
        (lambda cells, bits: 1 - math.exp(-(cells**2) / 2 / 2**bits), "the chance that any two meet"),
        (lambda cells, bits: cells / 2 ** (bits / 2), "how many cells it takes"),
        (lambda cells, bits: math.comb(cells, 2) // 2**bits, "You rounded down"),
    ],
}
