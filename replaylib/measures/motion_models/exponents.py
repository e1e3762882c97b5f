"""The displacement exponent: how distance grows with time, as a power."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float
from torch import Tensor

from replaylib._checks import check_count, check_positions

LAGS = (1, 2, 3, 4, 6, 8, 10)
"""Numbers of windows over which displacements are taken by default."""


def mean_displacements(position: Float[Tensor, "batch times 2"], lags: Sequence[int] = LAGS) -> list[float]:
    """Mean distance between positions each number of windows apart [m].

    Raises ValueError where the paths are not longer than the largest lag, or a lag is no positive whole number.
    """
    check_positions("position", position)
    for lag in lags:
        check_count("each lag", lag)
    check_count("the number of steps", position.shape[1] - 1, max(lags))
    return [float((position[:, lag:] - position[:, :-lag]).norm(dim=-1).double().mean()) for lag in lags]


def displacement_exponent(position: Float[Tensor, "batch times 2"], lags: Sequence[int] = LAGS) -> float:
    """Slope of the logarithm of the mean displacement against that of time, by least squares [1].

    One half for a Brownian path, 1 for a straight one, 0 for one that goes nowhere; walls and corners lower it. It sees
    how far positions lie apart, not in which order: the same places in random order have 0.
    Raises ValueError as ``mean_displacements``, where fewer than two lags came, or where the path never moves.
    Equation: eq-exponent. Source: Stella et al. (2019), Neuron 102, 450.
    """
    check_count("the number of lags", len(set(lags)), 2)
    far = mean_displacements(position, lags)
    if min(far) <= 0:
        raise ValueError("position must move, but it rests: the logarithm of no displacement is not defined.")
    return float(np.polyfit(np.log(lags), np.log(far), 1)[0])
