"""For C7 to C9: momentum compresses replay, alone and with adaptation, and what it costs."""

from collections.abc import Mapping
from dataclasses import replace

from replaylib.dynamics.rule import Dynamics
from replaylib.ledger.measurements.exploration import times_stronger
from replaylib.ledger.measurements.replays import Measured, Setting, measure_conditions
from replaylib.ledger.measurements.scale import Scale, Table
from replaylib.networks.network import PathIntegrator
from replaylib.networks.replaying import dream, replay_noise
from replaylib.theory.mobility import ring_speed
from replaylib.world.tasks import task

FRICTIONS = (1.0, 0.6, 0.3, 0.15)
"""Frictions at which the same adaptation is compared [1/step]."""

CURVE_FACTORS = (1.0, 2.0, 4.0)
"""Multiples of the book's strength of adaptation for which speed is followed over friction."""

COMPARED = ("alone at 0.5", "together at 0.5", "alone at 1", "together at 1", "alone at 1.5", "together at 1.5")
"""Settings chosen for each task by their speed, without momentum and with it."""


def curve_condition(factor: float, friction: float) -> str:
    """Name of a point of the curves of speed over friction."""
    return f"{times_stronger(factor)}, friction {friction:g}"


def ring_condition(factor: float, friction: float) -> str:
    """Name of what the law of the ring says of a point of a curve."""
    return f"ring law, {factor:g} times the strength, friction {friction:g}"


def measure_compression(
    name: str, seed: int, part: str, scale: Scale, network: PathIntegrator, *, chosen: Mapping[str, Setting]
) -> Table:
    """C7: momentum alone, with noise rescaled and not, and the same adaptation at several frictions.

    "compression" of a ring law: its speed over that at friction 1, left out where the latter is 0.
    """
    plain, setting = Dynamics(noise_std=replay_noise(network)), chosen["adaptation"]
    friction = chosen["together"].friction
    conditions = {
        "plain": plain,
        "twice the noise": replace(plain, noise_std=2 * plain.noise_std),
        "momentum": plain.with_friction(friction),
        "momentum, same noise": replace(plain, friction=friction),
        "momentum, friction 0.3": plain.with_friction(0.3),
    }
    laws: Table = {}
    for factor in CURVE_FACTORS:
        curve = [setting.stronger(factor).at_friction(one) for one in FRICTIONS]
        conditions |= {curve_condition(factor, one.friction): one.dynamics(plain.noise_std) for one in curve}
        slow, *faster = (ring_speed(one.dynamics(0.0)) for one in curve)
        for one, fast in zip(FRICTIONS[1:], faster, strict=True):
            laws[ring_condition(factor, one)] = {"compression": fast / slow} if slow else {}
    longer = _longer(network, name, seed, scale, plain, friction)
    return {**measure_conditions(network, task(name), seed, scale, conditions), **longer, **laws}


def measure_together(
    name: str, seed: int, part: str, scale: Scale, network: PathIntegrator, *, chosen: Mapping[str, Setting]
) -> Table:
    """C8: plain replay, each mechanism, and both, beside the strongest controls."""
    plain, setting, both = Dynamics(noise_std=replay_noise(network)), chosen["adaptation"], chosen["together"]
    named = {
        "adaptation": setting,
        "adaptation with momentum": both,
        "fastest alone": chosen["fastest alone"],
        "fastest together": chosen["fastest together"],
        "adaptation of both, without momentum": both.at_friction(1.0),
        times_stronger(2): setting.stronger(2),
        times_stronger(4): setting.stronger(4),
    }
    conditions = {
        "plain": plain,
        "twice the noise": replace(plain, noise_std=2 * plain.noise_std),
        "momentum": plain.with_friction(both.friction),
        "adaptation inside": setting.dynamics(plain.noise_std, inside=True),
        "adaptation inside with momentum": both.dynamics(plain.noise_std, inside=True),
    }
    conditions |= {label: one.dynamics(plain.noise_std) for label, one in named.items()}
    longer = _longer(network, name, seed, scale, plain, both.friction)
    return {**measure_conditions(network, task(name), seed, scale, conditions), **longer}


def _longer(
    network: PathIntegrator, name: str, seed: int, scale: Scale, plain: Dynamics, friction: float
) -> dict[str, dict[str, float]]:
    """Plain replay of 1/friction times as many steps: what is there without momentum, if only one waits."""
    path_task = task(name)
    position = dream(network, path_task, plain, seed, round(scale.steps / friction), scale.paths)
    return {"plain, longer": Measured(path_task, scale.points)(position)}


def measure_frontier(
    name: str, seed: int, part: str, scale: Scale, network: PathIntegrator, *, chosen: Mapping[str, Setting]
) -> Table:
    """C9: the settings that were chosen for this task at several speeds, without momentum and with it."""
    noise_std = replay_noise(network)
    labels = (*COMPARED, "as near as alone")
    conditions = {"plain": Dynamics(noise_std=noise_std)}
    conditions |= {label: chosen[label].dynamics(noise_std) for label in labels}
    return measure_conditions(network, task(name), seed, scale, conditions)
