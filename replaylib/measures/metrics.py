"""Measures of replay, on decoded positions [batch, times, 2] in metres; each says what it can and cannot see.

All raise ValueError where positions have another shape, are none, or are not finite. They take tensors of any device;
where a library computes on the processor alone, numbers are brought there.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np
import torch
from jaxtyping import Bool, Float
from torch import Tensor

from replaylib._checks import check_between, check_count, check_finite, check_positions, check_shape
from replaylib.world.spaces import Space, nearest

Positions = Float[Tensor, "batch times 2"]
AwakePositions = Float[Tensor, "paths moments 2"]


def sliced_wasserstein(
    position: Positions, awake: AwakePositions, points: int = 5000, projections: int = 64, seed: int = 0
) -> float:
    """Sliced 2-Wasserstein distance between all replayed and all awake positions [m], by POT.

    Sees where replay spends its time; cannot see order or speed. Null: two samples of the awake law, not exactly 0.
    Source: Bonneel et al. (2015), J. Math. Imaging Vis. 51, 22.
    """
    import ot  # noqa: PLC0415 (it takes a second, and no other measure needs it)

    check_count("points", points)
    check_count("projections", projections)
    check_positions("position", position)
    check_positions("awake", awake)
    generator = torch.Generator().manual_seed(seed)
    samples = []
    for cloud in (position.reshape(-1, 2), awake.reshape(-1, 2)):
        chosen = torch.randint(len(cloud), (points,), generator=generator)
        samples.append(as_numpy(cloud[chosen.to(cloud.device)]))
    return float(ot.sliced_wasserstein_distance(*samples, n_projections=projections, seed=seed))


def displacement(position: Positions, window: int) -> float:
    """Mean distance between positions ``window`` steps apart [m].

    Sees compression in time, which path length per step cannot: plain replay is jagged, so its path is long and leads
    nowhere. Raises ValueError where the paths are not longer than the window.
    """
    check_positions("position", position)
    check_count("window", window)
    if position.shape[1] <= window:
        raise ValueError(f"paths must be longer than {window} steps, but they have {position.shape[1] - 1}.")
    return float((position[:, window:] - position[:, :-window]).norm(dim=-1).mean())


def displacement_from_start(position: Positions) -> Float[Tensor, " times"]:
    """Root mean square distance from the start at each step [m]."""
    check_positions("position", position)
    return (position - position[:, :1]).square().sum(-1).mean(0).sqrt()


def jump_share(position: Positions, length: float) -> float:
    """Share of single steps longer than ``length`` metres [1].

    Sees teleporting, which no measure of where replay is can see; blind to slow errors. Null: that of awake paths.
    """
    check_positions("position", position)
    check_count("the number of steps", position.shape[1] - 1)
    check_between("length", length, 0.0, float("inf"), open_low=True)
    return float((position.diff(dim=1).norm(dim=-1) > length).float().mean())


def coverage(position: Positions, space: Space, regions: int = 12) -> float:
    """Mean share of the regions that a path visits [1].

    A region is visited when a position is nearest to its centre. Sees exploration; grows with the length of the path.
    """
    return float(_visits(position, space, regions).any(dim=1).float().mean())


def _visits(position: Positions, space: Space, regions: int) -> Bool[Tensor, "batch times regions"]:
    check_positions("position", position)
    centres = space.regions(regions)
    visits: Tensor = torch.nn.functional.one_hot(nearest(position, centres), len(centres)).bool()
    return visits


def occupancy_entropy(position: Positions, space: Space, regions: int = 12) -> float:
    """Entropy of the time that a path spends in each region, over that of equal times; mean over paths [1].

    -sum_i p_i log p_i / log(regions): 0 where a path stays in one region, 1 where it spends equal times in all. Where
    the space is one region it is 0.
    Sees how evenly replay explores, where coverage sees only whether. Source: Shannon (1948), Bell Syst. Tech. J. 27,
    379.
    """
    share = _visits(position, space, regions).double().mean(dim=1)
    entropy = -torch.xlogy(share, share).sum(dim=1) / math.log(max(2, share.shape[1]))
    return float(entropy.mean())


def distinct_transitions(position: Positions, space: Space, regions: int = 12) -> float:
    """Mean number of different ordered pairs of regions that a path passes between [1].

    Sees whether replay goes new ways, or back and forth on one; grows with the length of the path. Null: 0 at rest.
    """
    visits = _visits(position, space, regions)
    place = visits.int().argmax(dim=2)
    # A box is cut into about as many regions as were asked for: a pair is coded with the number that there are.
    pairs = place[:, :-1] * visits.shape[2] + place[:, 1:]
    moved = place[:, :-1] != place[:, 1:]
    return float(np.mean([len(path[left].unique()) for path, left in zip(pairs, moved, strict=True)]))


def memory_gain(
    hidden: Float[Tensor, "batch times n"],
    drift: Callable[[Tensor], Tensor],
    lags: Sequence[int] = (1, 5, 10, 20, 40),
    components: int = 8,
) -> float:
    """Share of a step's unexpected part that earlier states explain, beyond what the present state does [1].

    The unexpected part is h' - h - drift(h), on the states' first principal components. Half of the paths fit two
    linear predictors of it, from h_t alone and from h_t with the lagged states; on the other half, what the second
    adds is correlated with what the first leaves. Returned is the signed square of that correlation, so that its
    mean is 0 for Markov replay: there is no reward for fitting noise. Sees linear memory at these lags only. For a
    linear mode with enough lags it is 1 - 1/prediction_gain. Raises ValueError where paths are not longer than the
    largest lag, fewer than four came, a number is not finite, or there is no lag or component of at least 1.
    """
    check_shape("hidden", hidden, ("batch", "times", "n"))
    check_finite("hidden", hidden)
    check_count("the number of paths", len(hidden), 4)
    check_count("the number of lags", len(lags))
    check_count("the smallest lag", min(lags))
    check_count("components", components)
    first = max(lags)
    check_count("the number of steps", hidden.shape[1] - 1, first + 1)
    half, states = len(hidden) // 2, hidden.detach().cpu().double()
    expected = drift(hidden[:, :-1].flatten(0, 1)).reshape(hidden[:, 1:].shape)
    departure = (hidden.diff(dim=1) - expected).detach().cpu().double()
    centre = states[:half].mean((0, 1))
    components = min(components, states.shape[2])
    axes = torch.linalg.eigh(torch.cov((states[:half] - centre).flatten(0, 1).T).reshape(states.shape[2], -1))[1]
    axes = axes[:, -components:]
    seen, target = (states - centre) @ axes, (departure @ axes)[:, first:]
    end = seen.shape[1] - 1
    present = torch.cat([torch.ones_like(seen[:, first:end, :1]), seen[:, first:end]], dim=2)
    past = torch.cat([present, *(seen[:, first - lag : end - lag] for lag in lags)], dim=2)

    def guess(features: Tensor) -> Tensor:
        train, goal = features[:half].flatten(0, 1), target[:half].flatten(0, 1)
        weights: Tensor = torch.linalg.lstsq(train, goal, driver="gelsd").solution
        return features[half:].flatten(0, 1) @ weights

    base = guess(present)
    added, left = guess(past) - base, target[half:].flatten(0, 1) - base
    correlation = float((added * left).sum() / (added.square().sum() * left.square().sum()).sqrt().clamp(min=1e-300))
    return correlation * abs(correlation)


def _near(position: Positions, space: Space, radius: float) -> Bool[Tensor, "batch times landmarks"]:
    check_positions("position", position)
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
    check_positions("position", position)
    check_between("tolerance", tolerance, 0.0, float("inf"))
    return float((space.distance(position) <= tolerance).float().mean())


def all_measures(position: Positions, awake: AwakePositions, space: Space, points: int = 5000) -> dict[str, float]:
    """The measures of the book's tables for one batch of replays, by name; ``points`` as in sliced_wasserstein.

    "displacement" is that in 20 steps [m]. "transit_time" is the median of ``transit_times`` [steps]; it is infinite,
    ``float("inf")``, where no path runs from one landmark to another.
    """
    transits = transit_times(position, space)
    return {
        "sliced_wasserstein": sliced_wasserstein(position, awake, points),
        "share_on_path": share_on_path(position, space),
        "displacement": displacement(position, 20),
        "coverage": coverage(position, space),
        "occupancy_entropy": occupancy_entropy(position, space),
        "distinct_transitions": distinct_transitions(position, space),
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
    return tensor.detach().cpu().double().numpy()
