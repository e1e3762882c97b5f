"""Where settings are chosen: replay of the tuning seeds' networks over strength, time and friction of its dynamics."""

from itertools import product

from replaylib.dynamics.rule import Dynamics
from replaylib.ledger.measurements.replays import adapted, measure_conditions
from replaylib.ledger.measurements.scale import Scale, Table
from replaylib.networks.network import PathIntegrator
from replaylib.networks.replaying import replay_noise
from replaylib.world.tasks import task

GRID_STRENGTHS = (0.0125, 0.025, 0.05, 0.1, 0.2, 0.4)
GRID_TIMES = (5.0, 10.0, 20.0, 40.0, 80.0)
GRID_FRICTIONS = (1.0, 0.6, 0.3, 0.15)
"""All settings that are tried: each strength with each time and each friction."""


def point(strength: float, time: float, friction: float) -> str:
    """Name of a setting that is tried."""
    return f"strength {strength:g}, time {time:g}, friction {friction:g}"


def measure_tuning(name: str, seed: int, part: str, scale: Scale, network: PathIntegrator) -> Table:
    """Plain replay, momentum alone, and every setting of the grid."""
    noise_std = replay_noise(network)
    conditions = {"plain": Dynamics(noise_std=noise_std)}
    conditions |= {
        point(strength, time, friction): adapted(noise_std, strength, time).with_friction(friction)
        for strength, time, friction in product(GRID_STRENGTHS, GRID_TIMES, GRID_FRICTIONS)
    }
    return measure_conditions(network, task(name), seed, scale, conditions)
