"""Where exact theory meets trained networks: what the figures and tables of the theory chapters are made of."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import replace

import torch
from torch import Tensor

from replaylib.dynamics import Dynamics, simulate
from replaylib.gaussian import LinearMode, MarkovGaussian
from replaylib.linearisation import drift_eigenvalues, largest_safe_momentum
from replaylib.metrics import displacement, share_on_path
from replaylib.network import NetworkSettings, PathIntegrator
from replaylib.pretrained import RECIPES
from replaylib.replay import awake_states, replay, replay_noise
from replaylib.score_estimators import denoising, leak_structured, noisy_codes, plug_in, relative_error, shrinkage
from replaylib.tasks import PathTask, task
from replaylib.tracks import Arena
from replaylib.training import Trainer, TrainingSettings, train

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
    network = PathIntegrator(settings, generator=torch.Generator().manual_seed(seed))
    Trainer(network, path_task, TrainingSettings(iterations, seed=seed)).run()
    return network


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
    the exact score, with the code E fitted to the awake states. Equation: eq-drift.
    """
    generator = torch.Generator().manual_seed(seed)
    batch = gaussian_task(path).batch(paths, generator, t)
    hidden = network.wake(batch.start, batch.velocity, generator)[:, t]
    drift = (network.drift(hidden)).double()
    deviation, place = (hidden - hidden.mean(0)).double(), (batch.position[:, t] - ROOM / 2).double()
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


def variance_beside_samples(
    stiffness: float | Sequence[float], settings: Sequence[Dynamics], paths: int = 4000, steps: int = 400, seed: int = 0
) -> tuple[list[float], list[float], list[float]]:
    """Exact stationary variance of a mode at each setting, that of ``paths`` simulated ends, and its standard error.

    ``stiffness`` is one number, or one for each setting.
    """
    generator = torch.Generator().manual_seed(seed)
    each = [stiffness] * len(settings) if isinstance(stiffness, float) else stiffness
    modes = [LinearMode(k, dynamics) for k, dynamics in zip(each, settings, strict=True)]
    exact = [mode.variance for mode in modes]
    start = torch.zeros(paths, 1)
    ends = [simulate(mode.drift, start, steps, mode.dynamics, generator)[:, -1] for mode in modes]
    return exact, [float(end.var()) for end in ends], [value * (2 / paths) ** 0.5 for value in exact]


def largest_deviation(laws: Mapping[str, tuple[Sequence[float], Sequence[float], Sequence[float]]]) -> float:
    """Largest distance between sample and exact law, in standard errors; ``laws`` as in ``exact_beside_samples``."""
    return max(abs(found - exact) / error for law in laws.values() for exact, found, error in zip(*law, strict=True))


def estimator_errors(n: int, paths: int, seed: int, t: int = 8) -> dict[str, float]:
    """Relative errors of four estimates of a random walk's score at step ``t``, in a code of ``n`` units.

    The walk is in the plane, with steps of 0.5 m and noise_std 0.5; plug-in is left out with too few paths.
    """
    generator = torch.Generator().manual_seed(seed)
    code = torch.linalg.qr(torch.randn(n, 2, generator=generator, dtype=torch.float64))[0]
    law = MarkovGaussian.random_walk(0.5, dimensions=2, noise_std=0.5).encoded(code)
    noisy, clean = noisy_codes(law, t, paths, generator)
    estimates = {
        "shrinkage": shrinkage(noisy),
        "denoising network": denoising(noisy, clean, law.noise_std, generator, iterations=300),
        "leak known": leak_structured(noisy, code, law.noise_std),
    }
    if paths > n:
        estimates["plug-in"] = plug_in(noisy)
    return {name: relative_error(score, law, t, generator=generator) for name, score in estimates.items()}


def median_estimator_errors(n: int, counts: Sequence[int], seeds: Sequence[int]) -> dict[str, list[float]]:
    """Medians over ``seeds`` of ``estimator_errors`` at each number of paths; NaN where plug-in has no estimate."""
    rows = {count: [estimator_errors(n, count, seed) for seed in seeds] for count in counts}
    names = ("plug-in", "shrinkage", "denoising network", "leak known")
    return {
        name: [statistics.median(row.get(name, float("nan")) for row in rows[count]) for count in counts]
        for name in names
    }


def train_with_free_weights(seed: int, iterations: int = 1200) -> PathIntegrator:
    """The triangle's network with recurrent weights that need not be symmetric; about 12 seconds on one core."""
    path_task, recipe = task("triangle"), RECIPES["triangle"]
    network = recipe.network(path_task, seed, symmetric=False)
    train(network, path_task, replace(recipe.training, seed=seed, iterations=iterations))
    return network


def momentum_crossing(
    network: PathIntegrator, momenta: Sequence[float], name: str = "triangle", seed: int = 1
) -> tuple[list[float], list[dict[str, float]]]:
    """The largest momentum that each of 64 awake states should bear, and what replay does at each of ``momenta``.

    The first list holds ``largest_safe_momentum`` of the drift's eigenvalues at each state; the second maps
    "displacement" in 20 steps [m] and "share_on_path" for each momentum, with rescaled noise. Equation: eq-kappa.
    """
    path_task = task(name)
    states = awake_states(network, path_task, 64, torch.Generator().manual_seed(seed))
    limits = [largest_safe_momentum(values.numpy()) for values in drift_eigenvalues(network.drift, states)]
    rows = []
    for momentum in momenta:
        dynamics = Dynamics(noise_std=replay_noise(network)).with_friction(1 - momentum)
        dream = replay(network, states, 600, dynamics, torch.Generator().manual_seed(seed + 1), keep="position")
        rows.append(
            {
                "displacement": displacement(dream.position, 20),
                "share_on_path": share_on_path(dream.position, path_task.space),
            }
        )
    return limits, rows
