"""The forward algorithm: how probable spikes are under a chain of places, all places that a path might take summed up.

First order for motions whose next place depends on the present one; second order, on pairs of places, for momentum.
Events are batched. A window without spikes of its own, a row of zeros, changes no evidence: so shorter events are
filled up with zeros at their end.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

Array = np.ndarray[Any, np.dtype[Any]]
"""Numbers of NumPy, in the precision of the likelihood."""

Slots = np.ndarray[Any, np.dtype[np.intp]]
"""Indices of bins."""

LogLikelihood = Float[np.ndarray, "events windows bins"]
"""Logarithm of how probable the spikes of each window are in each bin."""


@dataclass(frozen=True)
class MomentumChain:
    """A second-order chain: the law of the first pair of places, and how pairs go on.

    begin: from the first window's weights [events, bins] to weights of pairs. onward: from weights of pairs to those of
    the next pairs. weigh: pairs with each weight multiplied by its present bin's, [events, bins].
    """

    begin: Callable[[Array], Array]
    onward: Callable[[Array], Array]
    weigh: Callable[[Array, Array], Array]


def stationary_evidence(log_likelihood: LogLikelihood) -> Float[np.ndarray, " events"]:
    """Log evidence of a path that stays in one place, any as likely as another. Equation: eq-four-motions."""
    return _log_mean(log_likelihood.sum(axis=1))


def random_evidence(log_likelihood: LogLikelihood) -> Float[np.ndarray, " events"]:
    """Log evidence of a path that is anywhere in each window. Equation: eq-four-motions."""
    evidence: Array = _log_mean(log_likelihood).sum(axis=-1)
    return evidence


def _log_mean(values: Float[np.ndarray, "*batch bins"]) -> Float[np.ndarray, "*batch"]:
    """Logarithm of the mean of exponentials over the last axis."""
    largest = values.max(axis=-1, keepdims=True)
    mean: Array = largest[..., 0] + np.log(np.exp(values - largest).mean(axis=-1))
    return mean


def first_order_evidence(
    log_likelihood: LogLikelihood, transition: Float[np.ndarray, "places places"]
) -> Float[np.ndarray, " events"]:
    """Log evidence of a Markov chain that begins anywhere; ``transition`` [from, to] has rows that sum to 1.

    Raises ValueError where the numbers of bins differ. Equation: eq-forward.
    Source: Rabiner (1989), Proc. IEEE 77, 257.
    """
    _check_bins(log_likelihood, len(transition))
    likelihood, evidence = _scaled(log_likelihood)
    weight = np.full(likelihood.shape[::2], 1 / len(transition), likelihood.dtype)
    matrix = transition.astype(likelihood.dtype)
    for window in range(likelihood.shape[1]):
        if window:
            weight = weight @ matrix
        weight = _taken(weight * likelihood[:, window], evidence)
    return evidence


def second_order_evidence(log_likelihood: LogLikelihood, chain: MomentumChain) -> Float[np.ndarray, " events"]:
    """Log evidence of a chain on pairs of places that begins anywhere. Equation: eq-pairs."""
    likelihood, evidence = _scaled(log_likelihood)
    weight = _taken(likelihood[:, 0] / likelihood.shape[2], evidence)
    for window in range(1, likelihood.shape[1]):
        pairs = chain.begin(weight) if window == 1 else chain.onward(weight)
        weight = _taken(chain.weigh(pairs, likelihood[:, window]), evidence)
    return evidence


def _taken(weight: Array, evidence: Array) -> Array:
    """Weights over their sum, whose logarithm is added to ``evidence``; -inf where no path is left."""
    total = weight.sum(axis=tuple(range(1, weight.ndim)))
    with np.errstate(divide="ignore"):
        evidence += np.log(total, dtype=float)
    weight /= np.where(total > 0, total, 1).reshape(-1, *[1] * (weight.ndim - 1))
    return weight


def _scaled(log_likelihood: LogLikelihood) -> tuple[Array, Array]:
    """Likelihoods over the largest of their window, and the sum of the logarithms of these, [events]."""
    largest = log_likelihood.max(axis=2)
    evidence: Array = largest.sum(axis=1).astype(float)
    return np.exp(log_likelihood - largest[..., None]), evidence


def _check_bins(log_likelihood: LogLikelihood, count: int) -> None:
    if log_likelihood.shape[2] != count:
        raise ValueError(f"the likelihood must be of {count} bins, but one of {log_likelihood.shape[2]} came.")


def pair_chain(
    first: Float[np.ndarray, "bins slots"], onward: Float[np.ndarray, "bins slots slots"], near: Slots
) -> MomentumChain:
    """Pairs of bins that lie near each other.

    near: for each bin those that a path may come from or go to, [bins, slots], filled up with -1; where one is near
    another, the other is near the one. first: from each bin to those near it, the second place. onward: for each
    present bin, from the slot of the one before to the slot of the next. Weights are [events, now, slot before]. Each
    step is one product of matrices for each present bin.
    """
    count, slots = near.shape
    back, there = np.zeros_like(near), near >= 0
    for now, after in zip(*np.nonzero(there), strict=True):
        back[now, after] = np.flatnonzero(near[near[now, after]] == now)[0]
    # The pair (now, before) was, one window earlier, the step from ``before`` into that slot of it which is ``now``.
    source = (np.where(there, near, 0) * slots + back).ravel()

    def turned(by_next: Array) -> Array:
        pairs: Array = by_next.reshape(len(by_next), -1)[:, source].reshape(-1, count, slots) * there
        return pairs

    def begin(weight: Array) -> Array:
        _check_bins(weight[:, None], count)
        return turned(weight[:, :, None] * first.astype(weight.dtype))

    def step(pairs: Array) -> Array:
        moved = pairs.transpose(1, 0, 2) @ onward.astype(pairs.dtype, copy=False)
        return turned(np.ascontiguousarray(moved.transpose(1, 0, 2)))

    def weigh(pairs: Array, likelihood: Array) -> Array:
        weighed: Array = pairs * likelihood[:, :, None]
        return weighed

    return MomentumChain(begin, step, weigh)


def grid_chain(columns: tuple[Array, Array], rows: tuple[Array, Array], reach: int) -> MomentumChain:
    """Pairs of tiles of a grid as (tile, last step), where a step is at most ``reach`` bins along an axis.

    columns, rows: for an axis the first step from each bin, [bins, steps], and the step after each, [bins, steps,
    steps]; what would lead through a wall has weight 0. Weights are held as [events, column, row, step, step].
    """
    steps = 2 * reach + 1
    shape = (len(columns[0]), len(rows[0]))

    def begin(weight: Array) -> Array:
        _check_bins(weight[:, None], shape[0] * shape[1])
        first = columns[0][:, None, :, None] * rows[0][:, None, :]
        pairs = weight.reshape(-1, *shape, 1, 1) * first.astype(weight.dtype)
        return _shifted(_shifted(pairs, 1, 3, reach), 2, 4, reach)

    def step(pairs: Array) -> Array:
        # The last axis is the step along the axis that is turned: rows first, then columns.
        count = len(pairs)
        by_row = pairs.transpose(2, 0, 1, 3, 4).reshape(shape[1], -1, steps) @ rows[1].astype(pairs.dtype)
        pairs = by_row.reshape(shape[1], count, shape[0], steps, steps).transpose(1, 2, 0, 3, 4)
        by_column = pairs.transpose(1, 0, 2, 4, 3).reshape(shape[0], -1, steps) @ columns[1].astype(pairs.dtype)
        pairs = by_column.reshape(shape[0], count, shape[1], steps, steps).transpose(1, 0, 2, 4, 3)
        return _shifted(_shifted(pairs, 1, 3, reach), 2, 4, reach)

    def weigh(pairs: Array, likelihood: Array) -> Array:
        weighed: Array = pairs * likelihood.reshape(-1, *shape, 1, 1)
        return weighed

    return MomentumChain(begin, step, weigh)


def _shifted(pairs: Array, place: int, step: int, reach: int) -> Array:
    """Weights at the place where their step leads, along one axis; the weight of what would leave it must be 0."""
    moved = np.zeros_like(pairs, order="C")
    source, target = np.moveaxis(pairs, (place, step), (0, 1)), np.moveaxis(moved, (place, step), (0, 1))
    for index, by in enumerate(range(-reach, reach + 1)):
        count = len(source) - abs(by)
        if count > 0:
            begin, end = max(0, -by), max(0, by)
            target[end : end + count, index] = source[begin : begin + count, index]
    return moved
