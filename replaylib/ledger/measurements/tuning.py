"""Where settings are chosen: replay of the tuning seeds' networks over strength, time and friction."""

from itertools import product

from replaylib.dynamics.rule import Dynamics
from replaylib.ledger.measurements.replays import Setting, measure_conditions
from replaylib.ledger.measurements.scale import Scale, Table
from replaylib.networks.network import PathIntegrator
from replaylib.networks.replaying import replay_noise
from replaylib.world.tasks import task

GRID = tuple(
    Setting(round(0.0125 * 2 ** (half / 2), 4), time, friction)
    for half, time, friction in product(range(12), (5.0, 10.0, 20.0, 40.0, 80.0), (1.0, 0.6, 0.3, 0.15))
)
"""All settings that are tried: strengths from 0.0125 to 0.57, times from 5 to 80 steps, and four frictions.

:meta hide-value:
"""


def measure_tuning(name: str, seed: int, part: str, scale: Scale, network: PathIntegrator) -> Table:
    """Plain replay, and replay at every setting of the grid."""
    noise_std = replay_noise(network)
    conditions = {"plain": Dynamics(noise_std=noise_std)}
    conditions |= {setting.name: setting.dynamics(noise_std) for setting in GRID}
    return measure_conditions(network, task(name), seed, scale, conditions)
