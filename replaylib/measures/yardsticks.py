"""Honest yardsticks: the speed of the animal while it runs, and reach times that tell what was cut off."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float
from scipy import stats
from torch import Tensor

from replaylib._checks import check_between, check_count, check_shape
from replaylib.world.spaces import Space
from replaylib.world.tasks import PathTask

MOVING = 0.25
"""Share of the median step from which on the animal moves; for the rat it is 4.6 cm/s, where 5 is usual [1]."""

RUNNING = 0.9
"""Share of moving steps from which on a window counts as running [1]."""

JUMP = 10.0
"""Steps of the running animal that make a jump."""

STILL = 1e-4
"""Shorter steps are none: they are left out of the median step [m]."""


@dataclass(frozen=True)
class AwakeSpeed:
    """How far the awake animal gets in ``window`` steps.

    every: mean over all windows [m]. running: mean over those in which it moves for at least 90 % of the steps [m].
    moving: length from which on a step counts as moving [m]. running_share: share of windows that count as running [1].
    """

    window: int
    every: float
    running: float
    moving: float
    running_share: float

    @property
    def jump(self) -> float:
        """Length from which on a step of replay counts as a jump: ten steps of the running animal [m]."""
        return JUMP * self.running / self.window


def awake_speed(task: PathTask, window: int = 20, steps: int = 600, paths: int = 64, seed: int = 5) -> AwakeSpeed:
    """Displacement of the task's animal in windows of ``window`` steps, with its rests and without them.

    A step counts as moving from a quarter of the median step on; steps shorter than 0.1 mm are left out of that median.
    ``paths`` paths of ``steps`` steps are drawn. Raises ValueError where a number is no positive whole one, the window
    is not shorter than the paths, or the animal runs in no window.
    """
    check_count("window", window)
    check_count("paths", paths)
    check_count("steps", steps, window + 1)
    return windowed_speed(task.motion(paths, steps, torch.Generator().manual_seed(seed)), window)


def windowed_speed(position: Float[Tensor, "batch times 2"], window: int = 20) -> AwakeSpeed:
    """``awake_speed`` of paths that are there already [m].

    Raises ValueError where the paths are not longer than the window, or run in no window.
    """
    check_shape("position", position, ("batch", "times", 2))
    check_count("window", window)
    check_count("the number of steps", position.shape[1] - 1, window + 1)
    step = position.diff(dim=1).norm(dim=-1)
    taken = step[step > STILL]
    moving = MOVING * float(taken.median()) if len(taken) else float("inf")
    runs = (step >= moving).double().unfold(1, window, 1).mean(dim=-1) >= RUNNING
    if not bool(runs.any()):
        raise ValueError(f"the animal must run through some window of {window} steps, but it rests in each of them.")
    far = (position[:, window:] - position[:, :-window]).norm(dim=-1).double()
    return AwakeSpeed(window, float(far.mean()), float(far[runs].mean()), moving, float(runs.double().mean()))


@dataclass(frozen=True)
class ReachTimes:
    """Steps until paths first come near each landmark.

    restricted_mean: mean of the smaller of this time and the horizon [steps]. horizon: length of the paths [steps].
    censored: share of times that the horizon cut off, so that the true mean is larger [1].
    median: Kaplan-Meier median [steps]; ``inf`` where fewer than half of the landmarks were reached.
    """

    restricted_mean: float
    horizon: int
    censored: float
    median: float


def reach_times(position: Float[Tensor, "batch times 2"], space: Space, radius: float = 0.25) -> ReachTimes:
    """Times at which paths first come within ``radius`` metres of the space's landmarks, and what the end cut off.

    Raises ValueError where shapes differ or the radius is not positive.
    """
    check_shape("position", position, ("batch", "times", 2))
    check_between("radius", radius, 0.0, float("inf"), open_low=True)
    near = torch.stack([(position - mark.to(position)).norm(dim=-1) <= radius for mark in space.landmarks], dim=-1)
    horizon, reached = position.shape[1] - 1, near.any(dim=1).flatten()
    first = torch.where(reached, near.int().argmax(dim=1).flatten(), horizon).double()
    censored = 1 - float(reached.double().mean())
    return ReachTimes(float(first.mean()), horizon, censored, kaplan_meier_median(first, reached))


def kaplan_meier_median(time: Float[Tensor, " times"], reached: Bool[Tensor, " times"]) -> float:
    """The time at which half have been reached, of which some times are only known to be longer [unit of ``time``].

    reached: False where ``time`` is the end of watching. ``inf`` where the estimated share still waiting stays above
    one half. Raises ValueError where the lengths differ or no time came.
    Source: Kaplan & Meier (1958), J. Am. Stat. Assoc. 53, 457, by SciPy.
    """
    check_shape("reached", reached, (len(time),))
    if not len(time):
        raise ValueError("a median needs at least one time, but none came.")
    if not bool(reached.any()):
        return float("inf")
    sample = stats.CensoredData(uncensored=time[reached].numpy(), right=time[~reached].numpy())
    waiting = stats.ecdf(sample).sf
    half = np.flatnonzero(waiting.probabilities <= 0.5 + 1e-12)
    return float(waiting.quantiles[half[0]]) if len(half) else float("inf")
