"""Replay: the network runs on with its input switched off."""

from dataclasses import dataclass
from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor

from replaylib._checks import check_shape
from replaylib.dynamics.rule import Dynamics, simulate
from replaylib.networks.network import PathIntegrator
from replaylib.world.tasks import PathTask


@dataclass(frozen=True)
class Replay:
    """One replay of a batch.

    position: decoded position at steps 0 to ``steps``, [batch, steps + 1, 2] [m].
    hidden: hidden states at the same steps, [batch, steps + 1, n]; None where only positions were kept.
    """

    position: Float[Tensor, "batch times 2"]
    hidden: Float[Tensor, "batch times n"] | None


def replay_noise(network: PathIntegrator) -> float:
    """sigma * sqrt(2): the noise that makes a denoising step of size sigma^2 a Langevin step."""
    return network.settings.noise_std * 2**0.5


@torch.no_grad()
def awake_states(
    network: PathIntegrator, task: PathTask, count: int, generator: torch.Generator | None = None
) -> Float[Tensor, "count n"]:
    """Hidden states at the end of ``count`` noisy awake paths, where the network is: where replay starts."""
    batch = task.batch(count, generator).to(network.bias)
    return network.wake(batch.start, batch.velocity, generator)[:, -1]


def replay(
    network: PathIntegrator,
    start: Float[Tensor, "batch n"],
    steps: int,
    dynamics: Dynamics,
    generator: torch.Generator | None = None,
    keep: Literal["all", "position"] = "all",
) -> Replay:
    """Let the network replay ``steps`` steps from the hidden states ``start``.

    ``dynamics.noise_std`` is the noise of replay, usually ``replay_noise(network)``. ``keep="position"`` decodes
    block by block and never holds all hidden states.
    Raises ValueError where ``start`` does not fit the network, and FloatingPointError where replay diverges.
    """
    check_shape("start", start, ("batch", network.settings.hidden))
    if keep == "position":
        position = simulate(network.drift, start, steps, dynamics, generator, network.decode)
        result = Replay(position, None)
    elif keep == "all":
        hidden = simulate(network.drift, start, steps, dynamics, generator)
        with torch.no_grad():
            # Time is the first axis in memory, and the readout is quickest in that order.
            result = Replay(network.decode(hidden.transpose(0, 1)).transpose(0, 1), hidden)
    else:
        raise ValueError(f"keep must be 'all' or 'position', but {keep!r} came.")
    wrong = ~torch.isfinite(result.position).all(dim=-1).all(dim=0)
    if bool(wrong.any()):
        raise FloatingPointError(
            f"replay must stay finite, but it diverged by step {int(wrong.int().argmax())}: "
            "bring the friction nearer to 1, lower the adaptation strength, or train with symmetric weights."
        )
    return result


def dream(
    network: PathIntegrator, path_task: PathTask, dynamics: Dynamics, seed: int, steps: int = 600, paths: int = 64
) -> Float[Tensor, "paths times 2"]:
    """Positions replayed from awake states [m]; the same seed gives the same starts and noise for all dynamics."""
    generator = torch.Generator().manual_seed(seed)
    start = awake_states(network, path_task, paths, generator)
    return replay(network, start, steps, dynamics, generator, keep="position").position
