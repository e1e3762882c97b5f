"""Training a path integrator: Adam with a one-cycle learning rate, checkpoints, and exact resumption."""

import copy
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from tqdm import tqdm

from replaylib._checks import check_between, check_count
from replaylib._storage import describe, read_tensors, write_tensors
from replaylib._streams import Purpose, check_seed, stream
from replaylib.networks._sequence import Workspace
from replaylib.networks.network import PathIntegrator
from replaylib.world.tasks import PathTask


@dataclass(frozen=True)
class TrainingSettings:
    """Settings of a training.

    iterations: batches in all. batch_size: paths in a batch. learning_rate: peak of the one-cycle schedule.
    gradient_clip: largest norm of a gradient. seed: source of paths and noise, of which two
    seeds share none (see replaylib._streams), at most 2^30 - 1.

    Raises ValueError where a value lies outside its range.
    """

    iterations: int = 1200
    batch_size: int = 48
    learning_rate: float = 2e-3
    gradient_clip: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        check_count("iterations", self.iterations)
        check_count("batch_size", self.batch_size)
        check_between("learning_rate", self.learning_rate, 0.0, float("inf"), open_low=True)
        check_between("gradient_clip", self.gradient_clip, 0.0, float("inf"), open_low=True)
        check_seed("seed", self.seed)


class Trainer:
    """One training, step by step; ``losses`` holds the mean squared error of every iteration so far.

    It runs where the network is and in its dtype, on paths and noise that are the same for every device and dtype.
    """

    def __init__(self, network: PathIntegrator, task: PathTask, settings: TrainingSettings) -> None:
        if network.settings.outputs != task.outputs:
            raise ValueError(
                f"the network must have the task's {task.outputs} outputs, but it has {network.settings.outputs}."
            )
        self.network, self.task, self.settings = network, task, settings
        self.losses: list[float] = []
        self._workspace = Workspace()
        self._optimizer = torch.optim.Adam(network.parameters(), lr=settings.learning_rate, fused=True)
        self._scheduler = self._make_scheduler()
        self._generator = stream(Purpose.TRAINING, settings.seed)

    def _make_scheduler(self) -> torch.optim.lr_scheduler.OneCycleLR:
        return torch.optim.lr_scheduler.OneCycleLR(
            self._optimizer,
            self.settings.learning_rate,
            total_steps=self.settings.iterations + 1,
            last_epoch=len(self.losses) - 1,
        )

    @property
    def done(self) -> bool:
        """Whether all iterations have been made."""
        return len(self.losses) >= self.settings.iterations

    def run(self) -> list[float]:
        """Make all iterations that are left, without a progress bar; returns the loss of every iteration."""
        while not self.done:
            self.step()
        return self.losses

    def step(self) -> float:
        """Make one iteration and return its loss, the mean squared error of the output.

        Raises FloatingPointError where the loss is no longer finite; the weights are then as they were before.
        """
        batch = self.task.batch(self.settings.batch_size, self._generator).to(self.network.bias)
        loss = self.network.error(batch.start, batch.velocity, batch.target, self._generator, self._workspace)
        value = loss.item()
        if not math.isfinite(value):
            raise FloatingPointError(f"the loss must be finite, but is {value:g} at iteration {len(self.losses) + 1}.")
        parameters = list(self.network.parameters())
        # The fused Adam reads memory in order: a gradient in another layout than its weights would go to wrong ones.
        gradients = [gradient.contiguous() for gradient in torch.autograd.grad(loss, parameters)]
        _clip_(gradients, self.settings.gradient_clip)
        for parameter, gradient in zip(parameters, gradients, strict=True):
            parameter.grad = gradient
        self._optimizer.step()
        self._scheduler.step()
        self.losses.append(value)
        return value

    def save(self, path: Path) -> None:
        """Write a checkpoint, atomically."""
        optimizer = self._optimizer.state_dict()
        tensors = {f"network.{name}": tensor for name, tensor in self.network.state_dict().items()}
        for index, state in optimizer["state"].items():
            tensors |= {f"optimizer.{index}.{name}": tensor for name, tensor in state.items()}
        tensors |= {"generator": self._generator.get_state(), **self._sample()}
        write_tensors(path, tensors, {**self._identity(), "losses": self.losses, "groups": optimizer["param_groups"]})

    def resume(self, path: Path) -> None:
        """Go on from a checkpoint, as if never interrupted.

        Raises FileNotFoundError or ValueError where it is missing, truncated, altered, or of another network, task or
        settings; the trainer is then left as it was.
        """
        tensors, card = read_tensors(path)
        for key, wanted in self._identity().items():
            if card.get(key) != wanted:
                raise ValueError(f"the checkpoint {path} must have {key} {wanted}, but it has {card.get(key)}.")
        for key, drawn in self._sample().items():
            came = tensors.pop(key, torch.empty(0))
            if came.shape != drawn.shape or not torch.allclose(came, drawn, atol=1e-3):
                raise ValueError(f"the checkpoint {path} must be of this task, but the paths of its task are others.")
        trial = Trainer(copy.deepcopy(self.network), self.task, self.settings)
        try:
            trial._load(tensors, card)
        except (AttributeError, IndexError, KeyError, RuntimeError, TypeError, ValueError) as error:
            raise ValueError(f"the checkpoint {path} must hold this training, but does not: {error}.") from error
        self._load(tensors, card)

    def _load(self, tensors: Mapping[str, Tensor], card: Mapping[str, Any]) -> None:
        """Take over weights, optimiser, losses and generator; raises, half-way, where one of them does not fit."""
        losses: list[float] = card["losses"]
        if not all(isinstance(loss, float) and math.isfinite(loss) for loss in losses) or not losses:
            raise ValueError("losses must be finite numbers, one at least")
        parameters = list(self.network.parameters())
        state: dict[int, dict[str, Tensor]] = {index: {} for index in range(len(parameters))}
        weights = {}
        for name, tensor in tensors.items():
            kind, _, rest = name.partition(".")
            if kind == "network":
                weights[rest] = tensor
            elif kind == "optimizer":
                index, key = rest.split(".")
                state[int(index)][key] = tensor
        for parameter, one in zip(parameters, state.values(), strict=True):
            if not parameter.shape == one["exp_avg"].shape == one["exp_avg_sq"].shape or one["step"] != len(losses):
                raise ValueError("the optimiser's means must be those of the weights after as many steps as losses")
        self.network.load_state_dict(weights)
        self._optimizer.load_state_dict({"state": state, "param_groups": card["groups"]})
        self.losses = list(losses)
        self._scheduler = self._make_scheduler()
        self._generator.set_state(tensors["generator"])

    def _identity(self) -> dict[str, Any]:
        parts = {"network": self.network.settings, "task": self.task, "training": self.settings}
        return {name: describe(part) for name, part in parts.items()} | {"dtype": str(self.network.bias.dtype)}

    def _sample(self) -> dict[str, Tensor]:
        """Two paths of the task and their encoded starts: they tell apart what a description cannot, as a recording."""
        batch = self.task.batch(2, torch.Generator().manual_seed(0))
        return {"task.position": batch.position, "task.start": batch.start}


def _clip_(gradients: Sequence[Tensor], largest: float) -> None:
    """Scale ``gradients`` in place so that their norm together is at most ``largest``; nothing waits for a number."""
    norm = torch.linalg.vector_norm(torch.stack([torch.linalg.vector_norm(gradient) for gradient in gradients]))
    factor = (largest / (norm + 1e-6)).clamp(max=1.0)
    for gradient in gradients:
        gradient.mul_(factor)


def train(
    network: PathIntegrator,
    task: PathTask,
    settings: TrainingSettings | None = None,
    checkpoint: Path | None = None,
    every: int = 100,
    show: Callable[[list[float]], None] | None = None,
) -> list[float]:
    """Train ``network`` in place with a progress bar, by default settings unless told; returns each iteration's loss.

    With ``checkpoint``, a file is written after each ``every`` iterations; where it exists already, training goes on
    from it and ends with the same weights as an uninterrupted one. Ctrl-C ends training, and the last checkpoint
    stays. ``show`` is called with the losses so far at the same times.
    Raises ValueError where the network does not fit the task or the checkpoint is of another training, and
    FloatingPointError where the loss is no longer finite.
    """
    check_count("every", every)
    settings = settings or TrainingSettings()
    trainer = Trainer(network, task, settings)
    if checkpoint is not None and checkpoint.exists():
        trainer.resume(checkpoint)
    with tqdm(total=settings.iterations, initial=len(trainer.losses), desc="training", unit="batch") as bar:
        while not trainer.done:
            loss = trainer.step()
            bar.update()
            if len(trainer.losses) % every == 0 or trainer.done:
                bar.set_postfix(loss=f"{loss:.4f}")
                if checkpoint is not None:
                    trainer.save(checkpoint)
                if show is not None:
                    show(trainer.losses)
    return trainer.losses


@torch.no_grad()
def decoding_error(network: PathIntegrator, task: PathTask, paths: int = 256, seed: int = 10_000) -> float:
    """Mean distance between the decoded and the true position over fresh paths, noise on [m]."""
    generator = torch.Generator().manual_seed(seed)
    batch = task.batch(paths, generator).to(network.bias)
    hidden = network.wake(batch.start, batch.velocity, generator)
    return float((network.decode(hidden) - batch.position).norm(dim=-1).mean())


@torch.no_grad()
def held_out_loss(network: PathIntegrator, task: PathTask, paths: int = 256, seed: int = 10_000) -> float:
    """Mean squared error of the output over fresh paths, noise on: what training lowers [m^2 or 1]."""
    generator = torch.Generator().manual_seed(seed)
    batch = task.batch(paths, generator).to(network.bias)
    hidden = network.wake(batch.start, batch.velocity, generator)
    return float(torch.nn.functional.mse_loss(network.readout(hidden[:, 1:]), batch.target))
