"""Pretrained networks: weights, the card that says how each was made, and the recipe that makes it again."""

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from replaylib._checks import check_finite, check_shape
from replaylib._storage import parse_object, read_tensors, write_atomically, write_tensors
from replaylib._streams import Purpose, stream
from replaylib.networks.network import NetworkSettings, PathIntegrator
from replaylib.networks.training import TrainingSettings, decoding_error, train
from replaylib.world.place_cells import PlaceCells
from replaylib.world.tasks import TASKS, PathTask, task

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Recipe:
    """How a task's network is built and trained. ``outputs`` and ``velocity_rms`` are the task's."""

    hidden: int
    leak: float
    noise_std: float
    training: TrainingSettings = field(default_factory=TrainingSettings)

    def network(self, path_task: PathTask, seed: int, **changes: Any) -> PathIntegrator:
        """An untrained network for the task; ``changes`` replace fields of its NetworkSettings.

        Its weights depend on ``seed`` alone, and share no random numbers with the training or the replay of that seed.
        """
        settings = {"hidden": self.hidden, "leak": self.leak, "noise_std": self.noise_std} | changes
        return PathIntegrator.for_task(path_task, stream(Purpose.WEIGHTS, seed), **settings)


_COORDINATES = Recipe(64, 0.6, 0.3, TrainingSettings(1200))
_TRACK_CELLS = Recipe(96, 0.5, 0.1, TrainingSettings(2500))
_BOX_CELLS = Recipe(192, 0.6, 0.1, TrainingSettings(3000))

RECIPES = {
    "triangle": _COORDINATES,
    "t-maze": _COORDINATES,
    "triangle-cells": _TRACK_CELLS,
    "t-maze-cells": _TRACK_CELLS,
    "box": _BOX_CELLS,
    "rat": _BOX_CELLS,
}
"""The recipe of each task in ``replaylib.world.tasks.TASKS``."""


def _paths(name: str, seed: int, folder: Path) -> tuple[Path, Path]:
    if name not in TASKS:
        raise ValueError(f"task must be one of {', '.join(TASKS)}, but {name!r} came.")
    stem = folder / f"{name}-{seed}"
    return stem.with_suffix(".safetensors"), stem.with_suffix(".json")


def make(name: str, seed: int, folder: Path = FOLDER) -> PathIntegrator:
    """Train the network of a task by its recipe and write weights and card; an interrupted training is resumed.

    Raises ValueError where the task is unknown.
    """
    weights, card_path = _paths(name, seed, folder)
    path_task, recipe = task(name), RECIPES[name]
    network = recipe.network(path_task, seed)
    settings = replace(recipe.training, seed=seed)
    checkpoint = weights.with_suffix(".checkpoint")
    losses = train(network, path_task, settings, checkpoint)
    save(network, weights)
    every = max(1, len(losses) // 100)
    card = {
        "task": name,
        "seed": seed,
        "command": f"python -m replaylib train {name} --seed {seed}",
        "network": asdict(network.settings),
        "training": asdict(settings),
        "held_out_decoding_error_m": round(decoding_error(network, task(name, test=True)), 4),
        "loss": [round(loss, 5) for loss in losses[every - 1 :: every]],
        "sha256": hashlib.sha256(weights.read_bytes()).hexdigest(),
        "versions": {package: version(package) for package in ("torch", "numpy", "ratinabox")},
    }
    write_atomically(card_path, (json.dumps(card, indent=1) + "\n").encode())
    checkpoint.unlink(missing_ok=True)  # another training of the same network may have ended first
    return network


def save(network: PathIntegrator, path: Path) -> None:
    """Write a network with its settings and place cells to one safetensors file, atomically."""
    tensors = dict(network.state_dict())
    card: dict[str, Any] = {"network": asdict(network.settings)}
    if network.cells:
        tensors["cells.centres"] = network.cells.centres
        card["cells"] = {"width": network.cells.width, "exponent": network.cells.exponent}
    write_tensors(path, tensors, card)


def read(path: Path) -> PathIntegrator:
    """Read a network that ``save`` wrote.

    Raises FileNotFoundError where there is no file, ValueError where it is truncated, of another kind, or not finite.
    """
    tensors, card = read_tensors(path)
    for name, tensor in tensors.items():
        check_finite(f"{name} in {path.name}", tensor)
    if "network" not in card:
        raise ValueError(f"{path} must hold a network, but its description names only {', '.join(card) or 'nothing'}.")
    try:
        leak = card["network"]["leak"]
        settings = NetworkSettings(**{**card["network"], "leak": tuple(leak) if isinstance(leak, list) else leak})
        cells = PlaceCells(tensors.pop("cells.centres"), **card["cells"]) if "cells" in card else None
        # Before memory is taken for as many units as the description asks for.
        check_shape("decoder", tensors["decoder"], (settings.outputs, settings.hidden))
        network = PathIntegrator(settings, cells)
        network.load_state_dict(tensors)
    except (KeyError, RuntimeError, TypeError, ValueError) as error:
        raise ValueError(f"{path} must hold the weights of its own description, but does not: {error}") from error
    return network


def card(name: str, seed: int = 0, folder: Path = FOLDER) -> dict[str, Any]:
    """The card of a pretrained network: task, seed, recipe, losses, decoding error [m], SHA-256.

    Raises ValueError where the task is unknown, FileNotFoundError where this seed was not trained.
    """
    path = _paths(name, seed, folder)[1]
    if not path.is_file():
        raise FileNotFoundError(
            f"a pretrained network of task {name!r} and seed {seed} was expected, but only the seeds "
            f"{seeds(name, folder)} are there; python -m replaylib train {name} --seed {seed} makes it."
        )
    return parse_object(path, path.read_bytes())


def seeds(name: str, folder: Path = FOLDER) -> list[int]:
    """Seeds of the pretrained networks of a task, in order; other files of the folder are passed over."""
    found = (re.fullmatch(re.escape(name) + r"-(\d+)\.json", path.name) for path in folder.iterdir())
    return sorted(int(match[1]) for match in found if match)


def load(name: str, seed: int = 0, folder: Path = FOLDER) -> PathIntegrator:
    """A pretrained network, checked against the SHA-256 on its card.

    Raises ValueError where the task is unknown or the file is not the one on the card, FileNotFoundError where this
    seed was not trained.
    """
    path, card_path = _paths(name, seed, folder)
    if "sha256" not in (described := card(name, seed, folder)):
        raise ValueError(f"{card_path} must name the SHA-256 of the weights, but it does not.")
    network, expected = read(path), described["sha256"]
    if (came := hashlib.sha256(path.read_bytes()).hexdigest()) != expected:
        raise ValueError(f"{path} must have the SHA-256 {expected}, as its card says, but has {came}.")
    return network
