"""The trainings of a replication, apart from what is measured: a new measure makes no network be trained again."""

import base64
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from replaylib.networks import pretrained
from replaylib.networks.network import PathIntegrator
from replaylib.networks.training import Trainer, TrainingSettings
from replaylib.world.tasks import task as make_task

Weights = dict[str, str]
"""The file of a network, as JSON holds it."""


def pack(content: bytes) -> Weights:
    """Bytes as JSON holds them."""
    return {"base64": base64.b64encode(content).decode()}


def unpack(packed: Weights) -> bytes:
    """The bytes that ``pack`` packed."""
    return base64.b64decode(packed["base64"])


def train_network(task: str, seed: int, recipe: Mapping[str, Any], sha256: str | None) -> Weights:
    """The weights of a task's network, packed: the pretrained ones where there are some, else trained now."""
    if sha256 is not None:
        pretrained.load(task, seed)
        return pack((pretrained.FOLDER / f"{task}-{seed}.safetensors").read_bytes())
    path_task = make_task(task)
    network = pretrained.RECIPES[task].network(path_task, seed)
    settings = TrainingSettings(**{**asdict(pretrained.RECIPES[task].training), "seed": seed})
    Trainer(network, path_task, settings).run()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "network.safetensors"
        pretrained.save(network, path)
        return pack(path.read_bytes())


def network_of(weights: Weights) -> PathIntegrator:
    """The network whose weights ``train_network`` packed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "network.safetensors"
        path.write_bytes(unpack(weights))
        return pretrained.read(path)
