"""Scores of learning, and what predicts them: how many independent samples a step of replay is worth."""

import numpy as np
from jaxtyping import Float

from replaylib._checks import check_between, check_count
from replaylib.planning.bins import Bins
from replaylib.planning.suppliers import Replayed


def area(share: Float[np.ndarray, "worlds steps"]) -> float:
    """Area under the mean curve of learnt states over the budget: the mean share over all steps [1]."""
    return float(share.mean())


def steps_to(share: Float[np.ndarray, "worlds steps"], level: float = 0.9) -> float:
    """Steps until the mean share first reaches ``level``; ``inf`` where it does not [steps].

    Raises ValueError where the level is no share.
    """
    check_between("level", level, 0.0, 1.0)
    reached = np.flatnonzero(share.mean(0) >= level)
    return float(reached[0] + 1) if len(reached) else float("inf")


def autocorrelation_time(paths: Float[np.ndarray, "paths times dimensions"]) -> float:
    """Integrated autocorrelation time of a position about its mean over all paths [steps].

    1 + 2 times the sum of the autocorrelations at lags from 1, up to where a pair of them sums to less than 0.
    ``inf`` where nothing moves. Raises ValueError where paths have fewer than two steps.
    Equation: eq-effective. Source: Geyer (1992), Statistical Science 7, 473.
    """
    times = paths.shape[1]
    check_count("the number of steps", times, 2)
    about = paths - paths.mean((0, 1))
    spread = (about**2).sum(-1).mean()
    if spread <= 0:
        return float("inf")
    # All lags at once, padded so that no path meets its own other end.
    power = np.abs(np.fft.rfft(about, 2 * times, axis=1)) ** 2
    sums = np.fft.irfft(power, axis=1)[:, :times].sum((0, 2))
    found = sums / (len(paths) * np.arange(times, 0, -1) * spread)
    pairs = found[: times // 2 * 2].reshape(-1, 2).sum(1)
    ended = np.flatnonzero(pairs < 0)
    kept = pairs[: ended[0]] if len(ended) else pairs
    return float(max(2 * kept.sum() - 1, 1.0))


def effective_samples(replayed: Replayed, bins: Bins) -> float:
    """Effective samples per step: 1 over the autocorrelation time of the places within events [1].

    Events are taken as paths; those that are cut short are left out where there are others.
    """
    length = min(replayed.event, replayed.steps)
    if length < 2:
        return 1.0
    whole = replayed.steps // length * length
    state = replayed.state[:, :whole].reshape(-1, length)
    return 1.0 / autocorrelation_time(bins.centres.double().numpy()[state])
