"""For C1 and C2: the score that replay should follow moves with time, and is hard to estimate."""

import statistics

import torch
from jaxtyping import Float
from torch import Tensor

from replaylib.ledger.measurements.scale import Scale, Table
from replaylib.networks.gaussian_paths import gaussian_task, implied_score, train_on_gaussian_path
from replaylib.networks.network import PathIntegrator
from replaylib.theory.markov_paths import MarkovGaussian
from replaylib.theory.score_estimates import (
    denoising,
    leak_known,
    leak_structured,
    noisy_codes,
    plug_in,
    relative_error,
    shrinkage,
)
from replaylib.world.tasks import task

SCORE_STEPS = 30
"""Steps over which the score is followed."""

GAUSSIAN_PATH = MarkovGaussian.ornstein_uhlenbeck(10.0, std=0.6, start_std=0.0, dimensions=2)
SETTLED_PATH = MarkovGaussian.ornstein_uhlenbeck(10.0, std=0.6, start_std=0.6, dimensions=2)
"""The linear-Gaussian task, an Ornstein-Uhlenbeck path from a known place in the plane, and its settled twin."""

ESTIMATE_STEP, PATH_COUNTS, UNIT_COUNTS = 8, (25, 50, 400), (10, 40)
FEW = "40 units, 50 paths"
CODE_NOISE = 0.1
"""Noise of the code in which scores are estimated, for positions in metres [m]."""


def _paths(name: str, count: int, generator: torch.Generator) -> Float[Tensor, "count times 2"]:
    """Awake positions of a task [m]."""
    if name == "linear-gaussian":
        return GAUSSIAN_PATH.paths(count, SCORE_STEPS, generator)
    return task(name).motion(count, SCORE_STEPS, generator)


@torch.no_grad()
def code_of_position(network: PathIntegrator, name: str, generator: torch.Generator) -> Float[Tensor, "2 2"]:
    """The code of position within its own plane: R of h = Q R s + noise, fitted to awake states [1/m]."""
    path_task = gaussian_task(GAUSSIAN_PATH) if name == "linear-gaussian" else task(name)
    batch = path_task.batch(256, generator, SCORE_STEPS)
    hidden = network.wake(batch.start, batch.velocity, generator)[:, 1:].flatten(0, 1).double()
    place = batch.position[:, 1:].flatten(0, 1).double()
    code = torch.linalg.lstsq(place - place.mean(0), hidden - hidden.mean(0)).solution.T
    triangular: Tensor = torch.linalg.qr(code)[1]
    return triangular


def measure_moving_score(name: str, seed: int, part: str, scale: Scale, network: PathIntegrator | None = None) -> Table:
    """Share of the score's power that the best constant gain misses, in the plane of the position's code.

    For paths from a known start, and for the same paths with their starts unknown, whose law hardly moves. On the
    linear-Gaussian path no network is given: one is trained.
    """
    generator = torch.Generator().manual_seed(seed)
    if network is None:
        network = train_on_gaussian_path(GAUSSIAN_PATH, seed, 2 * scale.iterations(name))
    code, paths = code_of_position(network, name, generator), _paths(name, 4000, generator)
    unknown = SETTLED_PATH.paths(4000, SCORE_STEPS, generator) if name == "linear-gaussian" else paths
    table: Table = {}
    for condition, sample in (("known start", paths - paths[:, :1]), ("unknown start", unknown)):
        law = MarkovGaussian.fitted(sample, network.settings.noise_std).encoded(code)
        error = law.gain_error(law.best_constant_gain(SCORE_STEPS), SCORE_STEPS)
        table[condition] = {"residual": float(error.mean()), "worst_residual": float(error.max())}
    if name == "linear-gaussian":
        table |= {f"step {t}": implied_score(network, GAUSSIAN_PATH, t, seed=seed) for t in (1, SCORE_STEPS)}
    return table


def measure_estimates(name: str, seed: int, part: str, scale: Scale) -> Table:
    """Relative errors of estimated scores of step 8, by number of paths and of units; medians of a few draws."""
    table: Table = {}
    for units in UNIT_COUNTS:
        for count in PATH_COUNTS:
            draws = [_errors(name, units, count, 10 * seed + draw) for draw in range(scale.draws)]
            table[f"{units} units, {count} paths"] = {
                kind: statistics.median(draw[kind] for draw in draws) for kind in draws[0]
            }
    return table


def _errors(name: str, units: int, count: int, seed: int) -> dict[str, float]:
    generator = torch.Generator().manual_seed(seed)
    paths = _paths(name, 4000, generator)
    spread = MarkovGaussian.fitted(paths - paths[:, :1]).covariance(ESTIMATE_STEP)
    eye = torch.eye(2, dtype=torch.float64)
    code = torch.linalg.qr(torch.randn(units, 2, generator=generator, dtype=torch.float64))[0]
    law = MarkovGaussian(eye, eye, eye[0] * 0, spread, CODE_NOISE).encoded(code)
    noisy, clean = noisy_codes(law, 0, count, generator)
    estimates = {
        "shrinkage": shrinkage(noisy),
        "denoising network": denoising(noisy, clean, CODE_NOISE, generator, iterations=300),
        "leak known": leak_known(noisy, CODE_NOISE),
        "leak and dimension known": leak_known(noisy, CODE_NOISE, 2),
        "leak and code known": leak_structured(noisy, code, CODE_NOISE),
    }
    if count > units:
        estimates["plug-in"] = plug_in(noisy)
    return {kind: relative_error(score, law, 0, generator=generator) for kind, score in estimates.items()}
