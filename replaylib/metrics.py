"""Measures of replay, on decoded positions [batch, times, 2] in metres; each says what it can and cannot see."""

import math
from dataclasses import dataclass

import numpy as np
import ot
import torch
from jaxtyping import Bool, Float
from scipy import stats
from torch import Tensor

from replaylib.checks import check_between, check_count, check_finite, check_shape
from replaylib.tracks import Space, nearest

Positions = Float[Tensor, "batch times 2"]
AwakePositions = Float[Tensor, "paths moments 2"]


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
    quantile = float(stats.t.ppf((1 + level) / 2, sample.numel() - 1))
    half = quantile * float(sample.std()) / sample.numel() ** 0.5
    return Interval(float(sample.mean()), half, sample.numel())


def sliced_wasserstein(
    position: Positions, awake: AwakePositions, points: int = 5000, projections: int = 64, seed: int = 0
) -> float:
    """Sliced 2-Wasserstein distance between all replayed and all awake positions [m], by POT.

    Sees where replay spends its time; cannot see order or speed. Null: two samples of the awake law, not exactly 0.
    Source: Bonneel et al. (2015), J. Math. Imaging Vis. 51, 22.
    """
    check_count("points", points)
    check_finite("position", position)
    generator = torch.Generator().manual_seed(seed)
    samples = []
    for cloud in (position.reshape(-1, 2), awake.reshape(-1, 2)):
        chosen = torch.randint(len(cloud), (points,), generator=generator)
        samples.append(cloud[chosen].double().numpy())
    return float(ot.sliced_wasserstein_distance(*samples, n_projections=projections, seed=seed))


def displacement(position: Positions, window: int) -> float:
    """Mean distance between positions ``window`` steps apart [m].

    Sees compression in time, which path length per step cannot: plain replay is jagged, so its path is long and leads
    nowhere. Raises ValueError where the paths are not longer than the window.
    """
    check_count("window", window)
    if position.shape[1] <= window:
        raise ValueError(f"paths must be longer than {window} steps, but they have {position.shape[1] - 1}.")
    return float((position[:, window:] - position[:, :-window]).norm(dim=-1).mean())


def displacement_from_start(position: Positions) -> Float[Tensor, " times"]:
    """Root mean square distance from the start at each step [m]."""
    return (position - position[:, :1]).square().sum(-1).mean(0).sqrt()


def coverage(position: Positions, space: Space, regions: int = 12) -> float:
    """Mean share of the regions that a path visits [1].

    A region is visited when a position is nearest to its centre. Sees exploration; grows with the length of the path.
    """
    centres = space.regions(regions)
    visited = torch.nn.functional.one_hot(nearest(position, centres), len(centres)).any(dim=1)
    return float(visited.float().mean())


def _near(position: Positions, space: Space, radius: float) -> Bool[Tensor, "batch times landmarks"]:
    check_shape("position", position, ("batch", "times", 2))
    check_between("radius", radius, 0.0, float("inf"), open_low=True)
    offset = position[..., None, :] - space.landmarks.to(position)
    return offset.square().sum(-1) <= radius**2


def reach_time(position: Positions, space: Space, radius: float = 0.25) -> float:
    """Mean over paths and landmarks of the first step at which the path is within ``radius`` of the landmark [steps].

    A landmark never reached counts as the length of the path, so slow replay looks faster than it is (censoring).
    """
    near = _near(position, space, radius)
    first = torch.where(near.any(dim=1), near.int().argmax(dim=1), position.shape[1] - 1)
    return float(first.double().mean())


def transit_times(position: Positions, space: Space, radius: float = 0.25) -> list[int]:
    """Steps from the last moment at one landmark to the first at another, for every such passage [steps].

    Sees the speed of complete runs; blind to paths that make none (an empty list).
    """
    times = []
    for path in _near(position, space, radius):
        moments, places = path.nonzero(as_tuple=True)
        changes = (places.diff() != 0) & (moments.diff() > 0)
        times += moments.diff()[changes].tolist()
    return times


def share_on_path(position: Positions, space: Space, tolerance: float = 0.25) -> float:
    """Share of positions within ``tolerance`` metres of where the animal can be [1].

    Sees ghost paths and shortcuts; cannot see jumps along the path.
    """
    check_between("tolerance", tolerance, 0.0, float("inf"))
    return float((space.distance(position) <= tolerance).float().mean())


def measure(position: Positions, awake: AwakePositions, space: Space) -> dict[str, float]:
    """The measures of the book's tables for one batch of replays, by name."""
    transits = transit_times(position, space)
    return {
        "sliced_wasserstein": sliced_wasserstein(position, awake),
        "share_on_path": share_on_path(position, space),
        "displacement": displacement(position, 20),
        "coverage": coverage(position, space),
        "reach_time": reach_time(position, space),
        "transit_time": float(np.median(transits)) if transits else float("inf"),
    }


def compression(slow: float, fast: float) -> float:
    """How many times faster: a time without the mechanism over the time with it [1]."""
    check_between("slow", slow, 0.0, float("inf"), open_low=True)
    check_between("fast", fast, 0.0, float("inf"), open_low=True)
    return slow / fast


def as_numpy(tensor: Tensor) -> "np.typing.NDArray[np.float64]":
    """The tensor as a NumPy array of float64, for plotting and SciPy."""
    return tensor.detach().double().numpy()
