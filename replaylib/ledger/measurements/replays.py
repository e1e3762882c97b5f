"""What the measurements of replay share: the book's settings, and all measures under several dynamics."""

from collections.abc import Mapping

import torch
from jaxtyping import Float
from torch import Tensor

from replaylib.dynamics.rule import Dynamics
from replaylib.ledger.measurements.scale import Scale, Table
from replaylib.measures.metrics import all_measures, jump_share
from replaylib.measures.yardsticks import awake_speed, reach_times
from replaylib.networks.network import PathIntegrator
from replaylib.networks.replaying import dream
from replaylib.world.tasks import PathTask

BASE = "as in the book"
"""The network of a task's recipe, among others."""

STRENGTH, TIME, FRICTION = 0.05, 40.0, 0.3
"""The book's defaults of adaptation and momentum, chosen on the tuning seeds."""

STRENGTHS = (0.02, 0.05, 0.1, 0.2)
"""Strengths of adaptation [1] that are compared."""

WINDOW = 20
"""Steps in which displacement is told, and compared with the running animal's [steps]."""

AWAKE_PATHS = 1000
"""Awake paths that stand for the awake law: many, since positions on one path are alike."""


def adapted(noise_std: float, strength: float = STRENGTH, time: float = TIME, inside: bool = False) -> Dynamics:
    """Replay with adaptation, the default one unless said otherwise, and no momentum."""
    return Dynamics(adaptation_strength=strength, adaptation_time=time, noise_std=noise_std, adaptation_inside=inside)


def measure_conditions(
    network: PathIntegrator, path_task: PathTask, seed: int, scale: Scale, conditions: Mapping[str, Dynamics]
) -> Table:
    """All measures of replay under several dynamics, from the same starts with the same noise, and of awake paths.

    "awake": the animal with its rests; "running": its displacement in windows of 20 steps while it runs.
    Beside ``all_measures``: "speed", the displacement over that of the running animal; "jump_share", of steps longer
    than ten of its; "reach_median" and "reach_censored" as in ``reach_times``.
    A replay that diverges has no measures: its condition is left out.
    """
    law = path_task.batch(AWAKE_PATHS, torch.Generator().manual_seed(0)).position
    animal = awake_speed(path_task, WINDOW)

    def measured(position: Float[Tensor, "paths times 2"]) -> dict[str, float]:
        found = all_measures(position, law, path_task.space, scale.points)
        reached = reach_times(position, path_task.space)
        return found | {
            "speed": found["displacement"] / animal.running,
            "jump_share": jump_share(position, animal.jump),
            "reach_median": reached.median,
            "reach_censored": reached.censored,
        }

    awake = path_task.batch(scale.paths, torch.Generator().manual_seed(seed), scale.steps).position
    table = {"awake": measured(awake), "running": {"displacement": animal.running, "speed": 1.0}}
    for condition, dynamics in conditions.items():
        try:
            position = dream(network, path_task, dynamics, seed, scale.steps, scale.paths)
        except FloatingPointError:
            continue
        table[condition] = measured(position)
    return table
