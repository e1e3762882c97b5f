"""For C7 to C9: momentum compresses replay, alone and with adaptation, and what it costs."""

from dataclasses import replace

import torch

from replaylib.dynamics.rule import Dynamics
from replaylib.ledger.measurements.replays import AWAKE_PATHS, FRICTION, adapted, measure_conditions
from replaylib.ledger.measurements.scale import Scale, Table
from replaylib.measures.metrics import displacement, reach_time, share_on_path, sliced_wasserstein
from replaylib.networks.network import PathIntegrator
from replaylib.networks.replaying import dream, replay_noise
from replaylib.world.tasks import task

FRICTIONS = (1.0, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1)
"""Frictions of the compression curve [1/step]."""

FRONTIER_STRENGTHS, FRONTIER_FRICTIONS = (0.0, 0.02, 0.05, 0.1), (1.0, 0.7, 0.5, 0.3, 0.2, 0.1)
"""The grid on which speed is weighed against faithfulness."""


def measure_compression(name: str, seed: int, part: str, scale: Scale, network: PathIntegrator) -> Table:
    """C7: momentum alone, with noise rescaled and not, and the curve of frictions with adaptation's push."""
    plain = Dynamics(noise_std=replay_noise(network))
    conditions = {
        "plain": plain,
        "twice the noise": replace(plain, noise_std=2 * plain.noise_std),
        "momentum": plain.with_friction(FRICTION),
        "momentum, same noise": replace(plain, friction=FRICTION),
        "momentum, friction 0.1": plain.with_friction(0.1),
    }
    push = adapted(plain.noise_std)
    conditions |= {f"adaptation, friction {friction:g}": push.with_friction(friction) for friction in FRICTIONS}
    return measure_conditions(network, task(name), seed, scale, conditions)


def measure_together(name: str, seed: int, part: str, scale: Scale, network: PathIntegrator) -> Table:
    """C8: plain replay, each mechanism, and both."""
    plain = Dynamics(noise_std=replay_noise(network))
    conditions = {
        "plain": plain,
        "twice the noise": replace(plain, noise_std=2 * plain.noise_std),
        "momentum": plain.with_friction(FRICTION),
        "adaptation": adapted(plain.noise_std),
        "adaptation with momentum": adapted(plain.noise_std).with_friction(FRICTION),
        "adaptation inside": adapted(plain.noise_std, inside=True),
        "adaptation inside with momentum": adapted(plain.noise_std, inside=True).with_friction(FRICTION),
    }
    return measure_conditions(network, task(name), seed, scale, conditions)


def frontier_condition(strength: float, friction: float) -> str:
    """Name of a point of the frontier's grid."""
    return f"strength {strength:g}, friction {friction:g}"


def measure_frontier(name: str, seed: int, part: str, scale: Scale, network: PathIntegrator) -> Table:
    """C9: speed and faithfulness over strength and friction."""
    path_task, noise_std = task(name), replay_noise(network)
    law = path_task.batch(AWAKE_PATHS, torch.Generator().manual_seed(0)).position
    table: Table = {}
    for strength in FRONTIER_STRENGTHS:
        for friction in FRONTIER_FRICTIONS:
            dynamics = adapted(noise_std, strength).with_friction(friction)
            position = dream(network, path_task, dynamics, seed, scale.steps, scale.paths)
            table[frontier_condition(strength, friction)] = {
                "displacement": displacement(position, 20),
                "reach_time": reach_time(position, path_task.space),
                "sliced_wasserstein": sliced_wasserstein(position, law, scale.points),
                "share_on_path": share_on_path(position, path_task.space),
            }
    return table
