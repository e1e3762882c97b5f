"""For C4 and C5: what replay with adaptation visits, and what it remembers."""

from collections.abc import Mapping

import torch

from replaylib.dynamics.rule import Dynamics
from replaylib.ledger.measurements.replays import Setting, measure_conditions
from replaylib.ledger.measurements.scale import Scale, Table
from replaylib.measures.metrics import memory_gain
from replaylib.networks.network import PathIntegrator
from replaylib.networks.replaying import awake_states, replay, replay_noise
from replaylib.world.tasks import task

FACTORS = (0.25, 0.5, 2.0, 4.0)
"""Multiples of the book's strength of adaptation that stand beside it."""


def times_stronger(factor: float) -> str:
    """Name of adaptation at a multiple of the book's strength."""
    return f"adaptation, {factor:g} times the strength"


def measure_exploration(
    name: str, seed: int, part: str, scale: Scale, network: PathIntegrator, *, chosen: Mapping[str, Setting]
) -> Table:
    """C4: adaptation, outside and inside the nonlinearity, beside plain replay and twice the noise."""
    noise_std, setting = replay_noise(network), chosen["adaptation"]
    conditions = {
        "plain": Dynamics(noise_std=noise_std),
        "twice the noise": Dynamics(noise_std=2 * noise_std),
        "adaptation": setting.dynamics(noise_std),
        "adaptation inside": setting.dynamics(noise_std, inside=True),
    }
    conditions |= {times_stronger(factor): setting.stronger(factor).dynamics(noise_std) for factor in FACTORS}
    return measure_conditions(network, task(name), seed, scale, conditions)


def measure_memory(
    name: str, seed: int, part: str, scale: Scale, network: PathIntegrator, *, chosen: Mapping[str, Setting]
) -> Table:
    """C5: what past states add to the prediction of the next."""
    noise_std, path_task, setting = replay_noise(network), task(name), chosen["adaptation"]
    kinds = {
        "plain": Dynamics(noise_std=noise_std),
        "adaptation": setting.dynamics(noise_std),
        "adaptation inside": setting.dynamics(noise_std, inside=True),
        "momentum": Dynamics(noise_std=noise_std).with_friction(chosen["together"].friction),
    }
    table: Table = {}
    for condition, dynamics in kinds.items():
        generator = torch.Generator().manual_seed(seed)
        start = awake_states(network, path_task, scale.paths, generator)
        hidden = replay(network, start, scale.steps, dynamics, generator).hidden
        assert hidden is not None
        table[condition] = {"memory_gain": memory_gain(hidden, network.drift)}
    return table
