"""What the measurements of replay share: the book's settings, and all measures under several dynamics."""

from collections.abc import Mapping

import torch

from replaylib.dynamics.rule import Dynamics
from replaylib.ledger.measurements.scale import Scale, Table
from replaylib.measures.metrics import all_measures, jump_share
from replaylib.networks.network import PathIntegrator
from replaylib.networks.replaying import dream
from replaylib.world.tasks import PathTask

BASE = "as in the book"
"""The network of a task's recipe, among others."""

STRENGTH, TIME, FRICTION = 0.05, 40.0, 0.3
"""The book's defaults of adaptation and momentum, chosen on the tuning seeds."""

STRENGTHS = (0.02, 0.05, 0.1, 0.2)
"""Strengths of adaptation [1] that are compared."""

AWAKE_PATHS = 1000
"""Awake paths that stand for the awake law: many, since positions on one path are alike."""


def adapted(noise_std: float, strength: float = STRENGTH, time: float = TIME, inside: bool = False) -> Dynamics:
    """Replay with adaptation, the default one unless said otherwise, and no momentum."""
    return Dynamics(adaptation_strength=strength, adaptation_time=time, noise_std=noise_std, adaptation_inside=inside)


def measure_conditions(
    network: PathIntegrator, path_task: PathTask, seed: int, scale: Scale, conditions: Mapping[str, Dynamics]
) -> Table:
    """All measures of replay under several dynamics, from the same starts with the same noise, and of awake paths.

    "jump_share": steps longer than three times what the awake animal makes but once in a thousand steps.
    A replay that diverges has no measures: its condition is left out.
    """
    law = path_task.batch(AWAKE_PATHS, torch.Generator().manual_seed(0)).position
    awake = path_task.batch(scale.paths, torch.Generator().manual_seed(seed), scale.steps).position
    table = {"awake": all_measures(awake, law, path_task.space, scale.points)}
    jump = 3 * float(law[:, :21].diff(dim=1).norm(dim=-1).quantile(0.999))
    for condition, dynamics in conditions.items():
        try:
            position = dream(network, path_task, dynamics, seed, scale.steps, scale.paths)
        except FloatingPointError:
            continue
        table[condition] = all_measures(position, law, path_task.space, scale.points)
        table[condition]["jump_share"] = jump_share(position, jump)
    return table
