"""Where exact theory meets trained networks: what the figures and tables of the theory chapters are made of."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import replace

import torch

from replaylib._streams import Purpose, stream
from replaylib.dynamics.rule import Dynamics, simulate
from replaylib.ledger.measurements.slowness import PUBLISHED_NETWORK
from replaylib.ledger.measurements.trainings import without_pauses
from replaylib.measures.metrics import displacement, share_on_path
from replaylib.networks.linearisation import drift_eigenvalues, jacobian, largest_safe_momentum
from replaylib.networks.network import PathIntegrator
from replaylib.networks.pretrained import RECIPES
from replaylib.networks.replaying import awake_states, replay, replay_noise
from replaylib.networks.rests import adapted_rests
from replaylib.networks.training import TrainingSettings, train
from replaylib.theory.markov_paths import MarkovGaussian
from replaylib.theory.modes import LinearMode
from replaylib.theory.score_estimates import (
    denoising,
    leak_known,
    leak_structured,
    noisy_codes,
    plug_in,
    relative_error,
    shrinkage,
)
from replaylib.world.tasks import PathTask, task

STATES = 24
"""Awake states from which moving by itself, and its price, are measured."""

WHIFF = 1e-4
"""Noise that lets a state leave an unstable rest, a thousandth of that of replay or less [1]."""


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


ESTIMATES = ("plug-in", "shrinkage", "denoising network", "leak known", "leak and d known", "leak and E known")
"""Names of the estimates that ``estimator_errors`` compares."""


def estimator_errors(n: int, paths: int, seed: int, t: int = 8) -> dict[str, float]:
    """Relative errors of the estimates of a random walk's score at step ``t``, in a code of ``n`` units.

    The walk is in the plane, with steps of 0.5 m and noise_std 0.5; plug-in is left out with too few paths.
    """
    generator = torch.Generator().manual_seed(seed)
    code = torch.linalg.qr(torch.randn(n, 2, generator=generator, dtype=torch.float64))[0]
    law = MarkovGaussian.random_walk(0.5, dimensions=2, noise_std=0.5).encoded(code)
    noisy, clean = noisy_codes(law, t, paths, generator)
    estimates = {
        "shrinkage": shrinkage(noisy),
        "denoising network": denoising(noisy, clean, law.noise_std, generator, iterations=300),
        "leak known": leak_known(noisy, law.noise_std),
        "leak and d known": leak_known(noisy, law.noise_std, dimensions=2),
        "leak and E known": leak_structured(noisy, code, law.noise_std),
    }
    if paths > n:
        estimates["plug-in"] = plug_in(noisy)
    return {name: relative_error(score, law, t, generator=generator) for name, score in estimates.items()}


def median_estimator_errors(n: int, counts: Sequence[int], seeds: Sequence[int]) -> dict[str, list[float]]:
    """Medians over ``seeds`` of ``estimator_errors`` at each number of paths; NaN where plug-in has no estimate."""
    rows = {count: [estimator_errors(n, count, seed) for seed in seeds] for count in counts}
    return {
        name: [statistics.median(row.get(name, float("nan")) for row in rows[count]) for count in counts]
        for name in ESTIMATES
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


def train_published_kind(seed: int, iterations: int = 1200) -> tuple[PathIntegrator, PathTask]:
    """A network of the published kind, as the ledger has them, and its task: the triangle without pauses.

    About 12 seconds on one core.
    """
    path_task = without_pauses(task("triangle"))
    network = PathIntegrator.for_task(path_task, stream(Purpose.WEIGHTS, seed), **PUBLISHED_NETWORK)
    train(network, path_task, TrainingSettings(iterations, seed=seed))
    return network, path_task


def displacement_by_strength(
    network: PathIntegrator, path_task: PathTask, strengths: Sequence[float], time: float, seed: int = 0
) -> list[float]:
    """How far replay moves in 20 steps by itself, with a whiff of noise, at each adaptation strength [m].

    The median over awake states of the mean in steps 1100 to 1500, when adaptation has come to its end.
    time: tau_a [steps].
    """
    start = awake_states(network, path_task, STATES, torch.Generator().manual_seed(seed))
    moved = []
    for strength in strengths:
        dynamics = Dynamics(adaptation_strength=strength, adaptation_time=time, noise_std=WHIFF)
        dream = replay(network, start, 1500, dynamics, torch.Generator().manual_seed(seed + 1), keep="position")
        late = dream.position[:, 1100:]
        moved.append(float((late[:, 20:] - late[:, :-20]).norm(dim=-1).mean(dim=1).median()))
    return moved


def sizes_at_rest(
    network: PathIntegrator, path_task: PathTask, strengths: Sequence[float], seed: int = 0
) -> tuple[float, list[float]]:
    """Stiffness of the size of states at rest [1/step], and the sizes at each strength over that without adaptation.

    The stiffness is the share of a small lengthening of the state that the drift undoes per step, without adaptation.
    Means over the rests that awake states come to. Raises ValueError where they come to none.
    """
    start = awake_states(network, path_task, STATES, torch.Generator().manual_seed(seed))
    plain = adapted_rests(network.drift, start, 0.0)
    hidden = plain.hidden.to(start)
    undone = -torch.einsum("ri,rij,rj->r", hidden, jacobian(network.drift, hidden), hidden) / hidden.square().sum(1)
    stiffness = float(undone.double() @ plain.share / plain.share.sum())
    sizes = []
    for strength in (0.0, *strengths):
        rests = adapted_rests(network.drift, start, strength)
        sizes.append(float(rests.hidden.norm(dim=1) @ rests.share / rests.share.sum()))
    return stiffness, [size / sizes[0] for size in sizes[1:]]
