"""Networks trained on paths whose score is known exactly, and the score that their drift implies."""

import torch
from jaxtyping import Float
from torch import Tensor

from replaylib._streams import Purpose, stream
from replaylib.networks.network import NetworkSettings, PathIntegrator
from replaylib.networks.training import Trainer, TrainingSettings
from replaylib.theory.markov_paths import MarkovGaussian
from replaylib.world.spaces import Arena
from replaylib.world.tasks import PathTask

ROOM = 8.0
"""Side of the square in which Gaussian paths are walked, from its middle: far too wide for them to leave [m]."""


SIGMA = 0.3
"""Recurrent noise of the networks that walk them [1]."""


def gaussian_task(path: MarkovGaussian, steps: int = 30) -> PathTask:
    """A task whose animal follows a Gaussian path in the plane, round the middle of a wide square.

    Raises ValueError where the path is not two-dimensional, or leaves the square.
    """
    if path.encoder.shape[1] != 2:
        raise ValueError(f"path must have 2 dimensions, but it has {path.encoder.shape[1]}.")

    def motion(count: int, length: int, generator: torch.Generator | None = None) -> Tensor:
        return (ROOM / 2 + path.paths(count, length, generator)).float()

    return PathTask(motion, Arena(ROOM, ROOM), steps=steps)


def train_on_gaussian_path(path: MarkovGaussian, seed: int, iterations: int = 1200) -> PathIntegrator:
    """A network of 64 units, trained to integrate the path; about 6 seconds on one core."""
    path_task = gaussian_task(path)
    settings = NetworkSettings(2, noise_std=SIGMA, velocity_rms=path_task.velocity_rms)
    network = PathIntegrator(settings, generator=stream(Purpose.WEIGHTS, seed))
    Trainer(network, path_task, TrainingSettings(iterations, seed=seed)).run()
    return network


@torch.no_grad()
def _awake(
    network: PathIntegrator, path: MarkovGaussian, t: int, paths: int, seed: int
) -> tuple[Tensor, Tensor, Tensor]:
    """Awake states of step ``t`` from their mean, the drift there, and the positions from the middle of the square."""
    generator = torch.Generator().manual_seed(seed)
    batch = gaussian_task(path).batch(paths, generator, t).to(network.bias)
    hidden = network.wake(batch.start, batch.velocity, generator)[:, t]
    place = (batch.position[:, t] - ROOM / 2).double()
    return (hidden - hidden.mean(0)).double(), network.drift(hidden).double(), place


def mode_pulls(
    network: PathIntegrator, path: MarkovGaussian, t: int, paths: int = 20_000, seed: int = 99
) -> tuple[Float[Tensor, " n"], Float[Tensor, " n"]]:
    """What is undone per step of a displacement along each principal direction of the awake states of step ``t`` [1].

    First by the drift, k_i; then by a step up the score of the awake states' own normal law, sigma^2 / c_i with their
    variances c_i. A linear mode that its own noise alone moves has sigma^2 / c = k (2 - k). The many paths keep the
    principal variances of a sample from spreading. Equation: eq-own-pull.
    """
    deviation, drift, _ = _awake(network, path, t, paths, seed)
    variances, directions = torch.linalg.eigh(torch.cov(deviation.T))
    along, moved = deviation @ directions, (drift - drift.mean(0)) @ directions
    return -(along * moved).sum(0) / along.square().sum(0), SIGMA**2 / variances


@torch.no_grad()
def implied_score(
    network: PathIntegrator, path: MarkovGaussian, t: int, paths: int = 4000, seed: int = 99
) -> dict[str, float]:
    """How a network's drift compares with two scores at its awake states of step ``t``.

    "own_error": mean squared error of drift / sigma^2 as the score of the awake states' own normal law, over the mean
    square of that score [1]; "leak_error": the same for the best multiple of the deviation from the mean, which a leak
    alone could follow. "plane_error", "null_error": the own error within the plane that the readout sees, and in the
    other directions; "null_copies": share of the variance in the latter that the position explains [1].
    "pull": share of a displacement along the code of position that the drift undoes per step; "exact_pull": that of
    the exact score, with the code E fitted to the awake states. Equation: eq-drift, eq-own-error, eq-pull.
    """
    deviation, drift, place = _awake(network, path, t, paths, seed)
    score = -deviation @ torch.linalg.inv(torch.cov(deviation.T))
    best = (deviation * score).sum() / deviation.square().sum() * deviation
    code = torch.linalg.lstsq(place, deviation).solution.T
    plane = torch.linalg.qr(code)[0]
    exact = MarkovGaussian(path.transition, path.noise_factor, path.mean(t), path.covariance(t), SIGMA).encoded(code)

    readout = torch.linalg.qr(network.decoder.double().T)[0]
    everywhere = torch.eye(len(readout), dtype=torch.float64)
    null = everywhere - readout @ readout.T
    unseen = deviation @ null
    copies = place @ torch.linalg.lstsq(place, unseen).solution

    def error(estimate: Tensor, directions: Tensor) -> float:
        return float(((estimate - score) @ directions).square().sum() / (score @ directions).square().sum())

    def pull(step: Tensor) -> float:
        along, moved = deviation @ plane, (step - step.mean(0)) @ plane
        return -float((along * moved).sum() / along.square().sum())

    return {
        "own_error": error(drift / SIGMA**2, everywhere),
        "leak_error": error(best, everywhere),
        "plane_error": error(drift / SIGMA**2, readout),
        "null_error": error(drift / SIGMA**2, null),
        "null_copies": float(copies.square().sum() / unseen.square().sum()),
        "pull": pull(drift),
        "exact_pull": pull(SIGMA**2 * exact.score(0, deviation)),
    }
