"""Made-up replays, whose truth is known: to see what a measure sees, and to what it is blind."""

import torch
from jaxtyping import Float
from torch import Tensor

from replaylib._checks import check_count
from replaylib.dynamics.rule import Dynamics, simulate
from replaylib.world.spaces import Toured
from replaylib.world.tasks import PathTask


def fake_replays(
    path_task: PathTask, steps: int, paths: int, seed: int = 0
) -> dict[str, Float[Tensor, "paths times 2"]]:
    """Six kinds of positions on a track, by name, each [paths, steps + 1, 2] [m].

    "run" is the animal, "double speed" the animal two steps at a time, "random walk" moves along the track by normal
    steps of 0.03 m, "rest" does not move, "shuffled" is the run in random order, and "shortcuts" are straight lines
    between its positions 60 steps apart, drawn half-way to the track's middle.
    Raises ValueError where the task is not on a track, or a number is no positive whole one.
    """
    space = path_task.space
    if not isinstance(space, Toured):
        raise ValueError(f"path_task must be on a track, but its space is a {type(space).__name__}.")
    check_count("steps", steps)
    check_count("paths", paths)
    generator = torch.Generator().manual_seed(seed)
    long = path_task.motion(paths, 2 * steps, generator)
    run = long[:, : steps + 1]
    start = torch.rand(paths, 1, generator=generator) * space.tour_length
    walk = simulate(torch.zeros_like, start, steps, Dynamics(noise_std=0.03), generator)[..., 0]
    order = torch.rand(paths, steps + 1, generator=generator).argsort(dim=1)
    return {
        "run": run,
        "double speed": long[:, ::2],
        "random walk": space.on_tour(walk),
        "rest": run[:, :1].expand(-1, steps + 1, -1).clone(),
        "shuffled": run.gather(1, order[..., None].expand(-1, -1, 2)),
        "shortcuts": _shortcuts(run),
    }


def _shortcuts(run: Float[Tensor, "paths times 2"], legs: int = 60) -> Float[Tensor, "paths times 2"]:
    """Straight lines between points half as far from the middle as the run's positions ``legs`` steps apart."""
    moments = torch.arange(run.shape[1])
    before = moments // legs * legs
    after = (before + legs).clamp(max=run.shape[1] - 1)
    share = ((moments - before) / (after - before).clamp(min=1))[:, None]
    return torch.lerp(run[:, before], run[:, after], share) / 2
