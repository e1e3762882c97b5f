"""Spikes of place cells: what a path makes them fire in windows of a few milliseconds, and what that says of the path.

Time. A window holds a few steps of replay; how long a step lasts is not known, and is said with each result. By default
a window lasts 4 ms and holds two steps, of 2 ms each: those who compare motions in data take windows of 3 ms.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int

from replaylib._checks import check_between, check_count, check_shape
from replaylib.world.place_cells import PlaceCells

Array = np.ndarray[Any, np.dtype[np.float64]]

WINDOW_MS = 4.0
"""Length of a window of spikes [ms]."""

STEPS_A_WINDOW = 2
"""Steps of replay in a window: a step then lasts 2 ms."""

FLOOR = 0.01
"""Rate of a cell far from its field, over its peak [1]: without it one stray spike would rule a place out."""


@dataclass(frozen=True, eq=False)
class SpikingCells:
    """Place cells that fire as Poisson processes.

    cells: their fields. peak: expected spikes of a cell in a window, where its field is highest [1]. Elsewhere it is
    peak * (activity + 0.01) / 1.01.
    """

    cells: PlaceCells
    peak: float

    def __post_init__(self) -> None:
        check_between("peak", self.peak, 0.0, float("inf"), open_low=True)

    @classmethod
    def firing(cls, cells: PlaceCells, spikes: float, places: Float[np.ndarray, "bins 2"]) -> "SpikingCells":
        """Cells whose spikes in a window are ``spikes`` together, in the mean over these places [m]."""
        check_between("spikes", spikes, 0.0, float("inf"), open_low=True)
        unit = cls(cells, 1.0).expected(torch.from_numpy(places))
        return cls(cells, spikes / float(unit.sum(axis=-1).mean()))

    def expected(self, position: Float[torch.Tensor, "*batch 2"]) -> Float[np.ndarray, "*batch cells"]:
        """Expected spikes of each cell in a window spent at each position [1]."""
        activity = self.cells.encode(position.detach().cpu().double()).numpy()
        rate: Array = self.peak * (activity + FLOOR) / (1 + FLOOR)
        return rate

    def counts(
        self, position: Float[torch.Tensor, "*batch 2"], generator: np.random.Generator
    ) -> Int[np.ndarray, "*batch cells"]:
        """Spikes of each cell in a window spent at each position: independent Poisson numbers.

        Equation: eq-poisson.
        """
        return generator.poisson(self.expected(position))

    def log_likelihood(
        self, counts: Int[np.ndarray, "*batch cells"], places: Float[np.ndarray, "bins 2"]
    ) -> Float[np.ndarray, "*batch bins"]:
        """``poisson_log_likelihood`` of the spikes of each window at each place [m]."""
        return poisson_log_likelihood(counts, self.expected(torch.from_numpy(places)))


def poisson_log_likelihood(
    counts: Int[np.ndarray, "*batch units"], expected: Float[np.ndarray, "bins cells"]
) -> Float[np.ndarray, "*batch bins"]:
    """Logarithm of the probability of spike counts in each bin, without the factorials, which are alike in all bins.

    Raises ValueError where the numbers of cells differ, a count is negative, or an expected count is not positive.
    Equation: eq-poisson. Source: Brown et al. (1998), J. Neurosci. 18, 7411.
    """
    if counts.shape[-1] != expected.shape[-1]:
        raise ValueError(f"counts must be of {expected.shape[-1]} cells, but those of {counts.shape[-1]} came.")
    if counts.size and counts.min() < 0:
        raise ValueError(f"counts must not be negative, but {counts.min()} came.")
    if not (np.isfinite(expected).all() and expected.min() > 0):
        raise ValueError(f"expected counts must be positive, but {expected.min():g} came: a silent cell rules all out.")
    found: Array = counts @ np.log(expected).T - expected.sum(axis=-1)
    return found


def windows(
    position: Float[torch.Tensor, "events times 2"], count: int, steps: int = STEPS_A_WINDOW
) -> Float[torch.Tensor, "events windows 2"]:
    """One position for each of the first ``count`` windows of ``steps`` steps: that of the window's last step [m].

    Raises ValueError where the path is too short for them.
    """
    check_shape("position", position, ("events", "times", 2))
    check_count("count", count)
    check_count("steps", steps)
    check_count("the number of times", position.shape[1], count * steps)
    return position[:, steps - 1 : count * steps : steps]
