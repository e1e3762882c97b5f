"""For C3 and C10: what leakage, pauses, symmetric weights and even place cells add, by training without them."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import torch

from replaylib.dynamics.rule import Dynamics
from replaylib.ledger.measurements.replays import BASE, Setting, measure_conditions
from replaylib.ledger.measurements.scale import Scale, Table
from replaylib.networks.network import PathIntegrator
from replaylib.networks.pretrained import RECIPES
from replaylib.networks.replaying import awake_states, replay, replay_noise
from replaylib.networks.training import Trainer, decoding_error, held_out_loss
from replaylib.world.motion import TrackMotion
from replaylib.world.place_cells import PlaceCells
from replaylib.world.tasks import PathTask, task

LEAKS: dict[str, dict[str, Any]] = {
    "leak 0": {"leak": 0.0},
    "leak 0, recurrent weights from -I/2": {"leak": 0.0},
    BASE: {},
    "leak 1": {"leak": 1.0},
    "leak learned": {"leak": 0.5, "learn_leak": True},
}
"""Changes to a recipe's network, by name."""

NO_PAUSES, FREE_WEIGHTS, RANDOM_CELLS = "without pauses", "free weights", "cells at random"
"""The networks that lack one thing which the task has."""

HARD_FRICTION = 0.2
"""Friction at which symmetric and free weights are compared [1/step]."""


def without_pauses(path_task: PathTask) -> PathTask:
    """The task with an animal that never pauses; in the box, whose paths are recorded, the task as it is."""
    motion = path_task.motion
    return replace(path_task, motion=replace(motion, stop=0.0)) if isinstance(motion, TrackMotion) else path_task


def changed_task(name: str, part: str, seed: int) -> PathTask:
    """The task without pauses or with its place cells at random places, where ``part`` says so."""
    path_task = task(name)
    if part == NO_PAUSES:
        return without_pauses(path_task)
    if part == RANDOM_CELLS and path_task.cells is not None:
        generator = torch.Generator().manual_seed(seed)
        centres = path_task.space.sample(len(path_task.cells.centres), generator)
        return replace(path_task, cells=PlaceCells(centres, path_task.cells.width, path_task.cells.exponent))
    return path_task


def short_training(path_task: PathTask, name: str, seed: int, part: str, scale: Scale) -> PathIntegrator:
    """A network of the task's recipe, changed as ``part`` says, after a short training."""
    changes = LEAKS.get(part, {}) | ({"symmetric": False} if part == FREE_WEIGHTS else {})
    network = RECIPES[name].network(path_task, seed, **changes)
    if part.endswith("from -I/2"):
        with torch.no_grad():
            network.recurrent.sub_(torch.eye(len(network.recurrent)) / 2)
    settings = replace(RECIPES[name].training, iterations=scale.iterations(name), seed=seed)
    Trainer(network, path_task, settings).run()
    return network


def measure_leak(name: str, seed: int, part: str, scale: Scale, *, chosen: Mapping[str, Setting]) -> Table:
    """C3: loss on fresh paths, and replay plain and with both mechanisms, for one leak.

    "spread_off_readout" is told where the readout sees few directions: that of coordinates.
    """
    path_task = task(name)
    network = short_training(path_task, name, seed, part, scale)
    plain = Dynamics(noise_std=replay_noise(network))
    conditions = {part: plain, f"{part}, both": chosen["together"].dynamics(plain.noise_std)}
    table = _replays(network, path_task, seed, scale, conditions)
    row = table.setdefault(part, {"share_on_path": 0.0})
    row["held_out_loss"] = held_out_loss(network, task(name, test=True))
    row["leak"] = float(network.leak.detach().mean())
    if network.cells is None:
        row["spread_off_readout"] = spread_off_readout(network, path_task, seed, scale)
    return table


def spread_off_readout(network: PathIntegrator, path_task: PathTask, seed: int, scale: Scale) -> float:
    """Standard deviation of plain replay's last states in the directions that the readout does not see, over sigma."""
    generator = torch.Generator().manual_seed(seed)
    start = awake_states(network, path_task, scale.paths, generator)
    late = replay(network, start, scale.steps // 2, Dynamics(noise_std=replay_noise(network)), generator).hidden
    assert late is not None
    seen = torch.linalg.qr(network.decoder.detach().T)[0]
    unseen = late[:, -1] - late[:, -1] @ seen @ seen.T
    variance = unseen.var(0).sum() / (len(seen) - seen.shape[1])
    return math.sqrt(float(variance)) / network.settings.noise_std


def measure_ablation(name: str, seed: int, part: str, scale: Scale, *, chosen: Mapping[str, Setting]) -> Table:
    """C10: decoding, and replay plain, with hard momentum, and with both, for one network that lacks one thing."""
    path_task = changed_task(name, part, seed)
    network = short_training(path_task, name, seed, part, scale)
    plain = Dynamics(noise_std=replay_noise(network))
    conditions = {
        part: plain,
        f"{part}, friction {HARD_FRICTION:g}": plain.with_friction(HARD_FRICTION),
        f"{part}, both": chosen["together"].dynamics(plain.noise_std),
    }
    table = _replays(network, path_task, seed, scale, conditions)
    for condition in conditions:
        table.setdefault(condition, {"share_on_path": 0.0})
    table[part]["decoding_error"] = decoding_error(network, path_task)
    return table


def _replays(
    network: PathIntegrator, path_task: PathTask, seed: int, scale: Scale, conditions: Mapping[str, Dynamics]
) -> Table:
    """``measure_conditions`` without the animal, which is the same for all parts."""
    table = measure_conditions(network, path_task, seed, scale, conditions)
    return {condition: row for condition, row in table.items() if condition in conditions}
