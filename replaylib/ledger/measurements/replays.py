"""What the measurements of replay share: a setting of its mechanisms, and all measures under several dynamics."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import torch
from jaxtyping import Float
from torch import Tensor

from replaylib.dynamics.rule import Dynamics
from replaylib.ledger.measurements.scale import Scale, Table
from replaylib.measures.metrics import all_measures, displacement, jump_share
from replaylib.measures.yardsticks import awake_speed, reach_times
from replaylib.networks.network import PathIntegrator
from replaylib.networks.replaying import dream
from replaylib.world.tasks import PathTask

BASE = "as in the book"
"""The network of a task's recipe, among others."""

WINDOW = 20
"""Steps in which displacement is told, and compared with the running animal's [steps]."""

SHORT_WINDOW = 10
"""Steps in which the speeds of two fast replays are compared: in 20 they may come round a corner [steps]."""

AWAKE_PATHS = 1000
"""Awake paths that stand for the awake law: many, since positions on one path are alike."""


@dataclass(frozen=True)
class Setting:
    """Adaptation's strength [1] and time [steps], and the friction of momentum [1/step]; 1 is none."""

    strength: float
    time: float
    friction: float = 1.0

    @property
    def name(self) -> str:
        """What tables call it."""
        return f"strength {self.strength:g}, time {self.time:g}, friction {self.friction:g}"

    def dynamics(self, noise_std: float, *, inside: bool = False) -> Dynamics:
        """Replay with it; ``noise_std`` is the noise of plain replay, which is rescaled to the friction."""
        plain = Dynamics(
            adaptation_strength=self.strength,
            adaptation_time=self.time,
            noise_std=noise_std,
            adaptation_inside=inside,
        )
        return plain.with_friction(self.friction)

    def stronger(self, factor: float) -> "Setting":
        """The same with adaptation this many times as strong."""
        return replace(self, strength=factor * self.strength)

    def at_friction(self, friction: float) -> "Setting":
        """The same adaptation at another friction."""
        return replace(self, friction=friction)


class Measured:
    """All measures of replays of one task: ``all_measures``, and those that need the task's running animal.

    "speed": the displacement over that of the running animal. "short_displacement": that in 10 steps. "jump_share": of
    steps longer than ten of the running animal's. "reach_median", "reach_censored": as in ``reach_times``.
    """

    def __init__(self, path_task: PathTask, points: int) -> None:
        self.space, self.points = path_task.space, points
        self.law = path_task.batch(AWAKE_PATHS, torch.Generator().manual_seed(0)).position
        self.animal = awake_speed(path_task, WINDOW)

    def __call__(self, position: Float[Tensor, "paths times 2"]) -> dict[str, float]:
        """The measures by name."""
        found = all_measures(position, self.law, self.space, self.points)
        reached = reach_times(position, self.space)
        return found | {
            "speed": found["displacement"] / self.animal.running,
            "short_displacement": displacement(position, SHORT_WINDOW),
            "jump_share": jump_share(position, self.animal.jump),
            "reach_median": reached.median,
            "reach_censored": reached.censored,
        }


def measure_conditions(
    network: PathIntegrator, path_task: PathTask, seed: int, scale: Scale, conditions: Mapping[str, Dynamics]
) -> Table:
    """All measures of replay under several dynamics, from the same starts with the same noise, and of awake paths.

    "awake": the animal with its rests; "running": its displacement in windows of 20 steps while it runs.
    A replay that diverges has no measures: its condition is left out.
    """
    measured = Measured(path_task, scale.points)
    awake = path_task.batch(scale.paths, torch.Generator().manual_seed(seed), scale.steps).position
    running = {"displacement": measured.animal.running, "speed": 1.0}
    table = {"awake": measured(awake), "running": running}
    for condition, dynamics in conditions.items():
        try:
            position = dream(network, path_task, dynamics, seed, scale.steps, scale.paths)
        except FloatingPointError:
            continue
        table[condition] = measured(position)
    return table
