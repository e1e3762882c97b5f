"""Comparisons of replays over all pretrained networks of a task: what the chapters' tables and figures are made of."""

from collections.abc import Callable, Mapping, Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from replaylib import pretrained
from replaylib.dynamics import Dynamics
from replaylib.metrics import Interval, compression, interval, measure, reach_time
from replaylib.network import PathIntegrator
from replaylib.replay import awake_states, replay, replay_noise
from replaylib.tasks import PathTask, task

AWAKE_PATHS = 1000
"""Awake paths that stand for the awake law: many, since positions on one path are alike."""


def dream(
    network: PathIntegrator, path_task: PathTask, dynamics: Dynamics, seed: int, steps: int = 600, paths: int = 64
) -> Float[Tensor, "paths times 2"]:
    """Positions replayed from awake states [m]; the same seed gives the same starts and noise for all dynamics."""
    generator = torch.Generator().manual_seed(seed)
    start = awake_states(network, path_task, paths, generator)
    return replay(network, start, steps, dynamics, generator, keep="position").position


def compare(
    name: str,
    conditions: Callable[[float], Mapping[str, Dynamics]],
    steps: int = 600,
    paths: int = 64,
    first_seed: int = 100,
) -> dict[str, list[dict[str, float]]]:
    """Measures of replay under several conditions, one mapping for each pretrained network of the task ``name``.

    ``conditions`` maps the noise of plain replay to named dynamics. Network k replays with the seed ``first_seed`` + k
    under every condition, so that differences are paired. Raises ValueError where the task is unknown.
    """
    path_task = task(name)
    awake = path_task.batch(AWAKE_PATHS, torch.Generator().manual_seed(first_seed - 1)).position
    rows: dict[str, list[dict[str, float]]] = {}
    for seed in pretrained.seeds(name):
        network = pretrained.load(name, seed)
        for condition, dynamics in conditions(replay_noise(network)).items():
            position = dream(network, path_task, dynamics, first_seed + seed, steps, paths)
            rows.setdefault(condition, []).append(measure(position, awake, path_task.space))
    return rows


def compression_by_friction(
    name: str, adaptation_strength: float, frictions: Sequence[float], steps: int = 600, first_seed: int = 1000
) -> list[Interval]:
    """How much sooner adapted replay reaches the landmarks at each friction than at the first one [1].

    The ratio of reach times is taken within each pretrained network, then averaged; noise is rescaled with friction.
    Raises ValueError where the task is unknown.
    """
    path_task = task(name)
    ratios: list[list[float]] = []
    for seed in pretrained.seeds(name):
        network = pretrained.load(name, seed)
        base = Dynamics(adaptation_strength=adaptation_strength, noise_std=replay_noise(network))
        times = [
            reach_time(
                dream(network, path_task, base.with_friction(friction), first_seed + seed, steps), path_task.space
            )
            for friction in frictions
        ]
        ratios.append([compression(times[0], value) for value in times])
    return [interval(list(column)) for column in zip(*ratios, strict=True)]
