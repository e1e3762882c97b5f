"""For C4 and C5: what replay with adaptation visits, and what it remembers."""

import torch

from replaylib.dynamics.rule import Dynamics
from replaylib.ledger.measurements.replays import FRICTION, STRENGTHS, adapted, measure_conditions
from replaylib.ledger.measurements.scale import Scale, Table
from replaylib.measures.metrics import memory_gain
from replaylib.networks.network import PathIntegrator
from replaylib.networks.replaying import awake_states, replay, replay_noise
from replaylib.world.tasks import task


def measure_exploration(name: str, seed: int, part: str, scale: Scale, network: PathIntegrator) -> Table:
    """C4: adaptation, outside and inside the nonlinearity, beside plain replay and twice the noise."""
    noise_std = replay_noise(network)
    conditions = {
        "plain": Dynamics(noise_std=noise_std),
        "twice the noise": Dynamics(noise_std=2 * noise_std),
        "adaptation": adapted(noise_std),
        "adaptation inside": adapted(noise_std, inside=True),
    }
    conditions |= {f"adaptation, strength {strength:g}": adapted(noise_std, strength) for strength in STRENGTHS}
    return measure_conditions(network, task(name), seed, scale, conditions)


def measure_memory(name: str, seed: int, part: str, scale: Scale, network: PathIntegrator) -> Table:
    """C5: what past states add to the prediction of the next."""
    noise_std, path_task = replay_noise(network), task(name)
    kinds = {
        "plain": Dynamics(noise_std=noise_std),
        "adaptation": adapted(noise_std),
        "adaptation inside": adapted(noise_std, inside=True),
        "momentum": Dynamics(noise_std=noise_std).with_friction(FRICTION),
    }
    table: Table = {}
    for condition, dynamics in kinds.items():
        generator = torch.Generator().manual_seed(seed)
        start = awake_states(network, path_task, scale.paths, generator)
        hidden = replay(network, start, scale.steps, dynamics, generator).hidden
        assert hidden is not None
        table[condition] = {"memory_gain": memory_gain(hidden, network.drift)}
    return table
