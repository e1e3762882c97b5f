"""The work of a replication's cells: one part of a claim is measured, or one point of a grid of replays."""

from collections.abc import Mapping
from importlib import import_module
from math import isfinite
from typing import Any

from replaylib.dynamics.rule import Dynamics
from replaylib.ledger.measurements.replays import Setting, measure_conditions
from replaylib.ledger.measurements.scale import Scale, Table
from replaylib.ledger.measurements.weights import Weights, network_of
from replaylib.networks.replaying import replay_noise
from replaylib.world.tasks import task as make_task


def measure_part(  # noqa: PLR0913 (each is a setting of a cell)
    weights: Weights | None = None,
    *,
    measure: str,
    task: str,
    seed: int,
    part: str,
    scale: Mapping[str, Any],
    chosen: Mapping[str, Mapping[str, float]] | None = None,
) -> Table:
    """One part of a claim on one task with one seed; what is not finite is left out.

    measure: dotted name of the function that measures, ``module.function``. Its module is found by this name alone, so
    that a cell must name it among its modules. chosen: settings by name, for a function that takes some.
    """
    module, _, function = measure.rpartition(".")
    scaled = Scale(**{**scale, "training": tuple(scale["training"])})
    networks = () if weights is None else (network_of(weights),)
    given = {} if chosen is None else {"chosen": {name: Setting(**one) for name, one in chosen.items()}}
    table: Table = getattr(import_module(module), function)(task, seed, part, scaled, *networks, **given)
    return {condition: finite(measures) for condition, measures in table.items()}


def measure_replay(weights: Weights, *, scale: Mapping[str, Any], **point: Any) -> dict[str, float]:
    """All measures of replay at one point of a grid; what is not finite is left out."""
    network = network_of(weights)
    settings = Scale(**{**scale, "training": tuple(scale["training"])})
    conditions = {"replay": dynamics_of(point, replay_noise(network))}
    table = measure_conditions(network, make_task(point["task"]), point["seed"], settings, conditions)
    return finite(table.get("replay", {}))


def dynamics_of(point: Mapping[str, Any], noise_std: float) -> Dynamics:
    """The dynamics at a point of a grid, plain where it says nothing; ``noise_std`` is the noise of plain replay.

    Raises ValueError where a value lies outside its range.
    """
    return Dynamics(
        adaptation_strength=point.get("adaptation_strength", 0.0),
        adaptation_time=point.get("adaptation_time", 40.0),
        noise_std=noise_std * point.get("noise", 1.0),
        adaptation_inside=point.get("adaptation_inside", False),
    ).with_friction(point.get("friction", 1.0))


def finite(measures: Mapping[str, float]) -> dict[str, float]:
    """The measures that are finite, as plain numbers."""
    return {name: float(value) for name, value in measures.items() if isfinite(value)}
