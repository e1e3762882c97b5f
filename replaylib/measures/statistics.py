"""Statistics over seeds: intervals, effects and their tests, and the correction when many are made."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from scipy.special import stdtr, stdtrit
from torch import Tensor

from replaylib._checks import check_between, check_finite


@dataclass(frozen=True)
class Interval:
    """A mean over seeds and its confidence interval, mean +- half_width."""

    mean: float
    half_width: float
    count: int

    def __str__(self) -> str:
        # As many decimals as the first digit of the half-width deserves, two where it is 0.
        decimals = min(4, max(0, -math.floor(math.log10(self.half_width)))) if self.half_width else 2
        return f"{self.mean:.{decimals}f} ± {self.half_width:.{decimals}f}"


def interval(values: Float[Tensor, " seeds"] | list[float], level: float = 0.95) -> Interval:
    """Mean of independent values and Student's t-interval for it. Raises ValueError for fewer than two values."""
    sample = torch.as_tensor(values, dtype=torch.float64)
    check_finite("values", sample)
    if sample.numel() < 2:
        raise ValueError(f"an interval needs at least two values, but {sample.numel()} came.")
    quantile = float(stdtrit(sample.numel() - 1, (1 + level) / 2))
    half = quantile * float(sample.std()) / sample.numel() ** 0.5
    return Interval(float(sample.mean()), half, sample.numel())


@dataclass(frozen=True)
class Effect:
    """A mean over independent seeds.

    mean, low, high: the mean and the ends of its interval of Student's t. null: what it is tested against.
    p: p-value of the test, not corrected for others: how surprising the values would be if the mean were the null or,
    in a test of equivalence, if it lay outside the margin [1]. count: seeds.
    """

    mean: float
    low: float
    high: float
    null: float
    p: float
    count: int


def effect(values: Sequence[float], null: float = 0.0, level: float = 0.95, margin: float = 0.0) -> Effect:
    """The mean of one value per seed, its interval of Student's t, and Student's test.

    Without a margin the test is two-sided, of whether the mean is the null: the 95 % interval leaves the null out
    just where p < 0.05. With a margin it is of whether the mean lies farther than that from the null: p is the larger
    of two one-sided p-values, and a small one says that nothing happened, up to the margin.

    How often the 95 % interval of ten values holds the true mean, measured in 200,000 samples: 95.0 % (normal values),
    94.6 % (skewness 0.5), 93.6 % (skewness 1), 90.1 % (skewness 2); of five values: 95.0, 94.5, 93.3 and 88.3 %.
    Raises ValueError where fewer than two values came, one is not finite, or the margin is negative.
    Source: Student (1908), Biometrika 6, 1; with a margin Schuirmann (1987), J. Pharmacokinet. Biopharm. 15, 657.
    """
    sample = np.asarray(values, dtype=float)
    check_between("level", level, 0.0, 1.0, open_low=True)
    check_between("margin", margin, 0.0, math.inf)
    if sample.size < 2 or not np.isfinite(sample).all():
        raise ValueError(f"an effect needs at least two finite values, one a seed, but {list(values)} came.")
    mean = float(sample.mean())
    if np.ptp(sample) <= 1e-12 * max(1.0, abs(mean)):
        same = abs(mean - null) <= max(margin, 1e-12)
        return Effect(mean, mean, mean, null, float(same != (margin > 0)), sample.size)
    freedom, error = sample.size - 1, float(sample.std(ddof=1)) / math.sqrt(sample.size)
    half = stdtrit(freedom, (1 + level) / 2) * error
    if margin > 0:
        p = stdtr(freedom, (abs(mean - null) - margin) / error)
    else:
        p = 2 * stdtr(freedom, -abs(mean - null) / error)
    return Effect(mean, float(mean - half), float(mean + half), null, float(p), sample.size)


def holm(p_values: Sequence[float]) -> list[float]:
    """p-values corrected for their number: the chance of one false finding among them stays below the level tested at.

    Sorted from the smallest, the i-th of m is multiplied by m - i + 1, and none may fall below one before it.
    Raises ValueError where one lies outside [0, 1]. Source: Holm (1979), Scand. J. Stat. 6, 65.
    """
    for p in p_values:
        check_between("each p-value", p, 0.0, 1.0)
    order = np.argsort(p_values, kind="stable")
    factors = len(order) - np.arange(len(order))
    raised = np.minimum(1.0, np.maximum.accumulate(np.asarray(p_values, dtype=float)[order] * factors))
    corrected = np.empty(len(order))
    corrected[order] = raised
    return [float(value) for value in corrected]
