"""C1 and C2: the score that replay should follow moves with time, and is hard to estimate."""

import statistics

import torch
from jaxtyping import Float
from torch import Tensor

from replaylib.ledger.claims.base import Claim, Outcome, Scale, Table, difference, orders, ratio, value
from replaylib.networks.gaussian_paths import gaussian_task, implied_score, train_on_gaussian_path
from replaylib.networks.network import PathIntegrator
from replaylib.theory.markov_paths import MarkovGaussian
from replaylib.theory.score_estimates import denoising, leak_structured, noisy_codes, plug_in, relative_error, shrinkage
from replaylib.world.tasks import task

STEPS = 30
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
        return GAUSSIAN_PATH.paths(count, STEPS, generator)
    return task(name).motion(count, STEPS, generator)


@torch.no_grad()
def code_of_position(network: PathIntegrator, name: str, generator: torch.Generator) -> Float[Tensor, "2 2"]:
    """The code of position within its own plane: R of h = Q R s + noise, fitted to awake states [1/m]."""
    path_task = gaussian_task(GAUSSIAN_PATH) if name == "linear-gaussian" else task(name)
    batch = path_task.batch(256, generator, STEPS)
    hidden = network.wake(batch.start, batch.velocity, generator)[:, 1:].flatten(0, 1).double()
    place = batch.position[:, 1:].flatten(0, 1).double()
    code = torch.linalg.lstsq(place - place.mean(0), hidden - hidden.mean(0)).solution.T
    triangular: Tensor = torch.linalg.qr(code)[1]
    return triangular


def measure_moving_score(network: PathIntegrator | None, name: str, seed: int, part: str, scale: Scale) -> Table:
    """Share of the score's power that the best constant gain misses, in the plane of the position's code.

    For paths from a known start, and for the same paths with their starts unknown, whose law hardly moves.
    """
    generator = torch.Generator().manual_seed(seed)
    if network is None:
        network = train_on_gaussian_path(GAUSSIAN_PATH, seed, 2 * scale.iterations(name))
    code, paths = code_of_position(network, name, generator), _paths(name, 4000, generator)
    unknown = SETTLED_PATH.paths(4000, STEPS, generator) if name == "linear-gaussian" else paths
    table: Table = {}
    for condition, sample in (("known start", paths - paths[:, :1]), ("unknown start", unknown)):
        law = MarkovGaussian.fitted(sample, network.settings.noise_std).encoded(code)
        error = law.gain_error(law.best_constant_gain(STEPS), STEPS)
        table[condition] = {"residual": float(error.mean()), "worst_residual": float(error.max())}
    if name == "linear-gaussian":
        table |= {f"step {t}": implied_score(network, GAUSSIAN_PATH, t, seed=seed) for t in (1, STEPS)}
    return table


def measure_estimates(network: PathIntegrator | None, name: str, seed: int, part: str, scale: Scale) -> Table:
    """Relative errors of estimated scores of step 8, by number of paths and of units; medians of three draws."""
    table: Table = {}
    for units in UNIT_COUNTS:
        for count in PATH_COUNTS:
            draws = [_errors(name, units, count, 10 * seed + draw) for draw in range(3)]
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
        "leak known": leak_structured(noisy, code, CODE_NOISE),
    }
    if count > units:
        estimates["plug-in"] = plug_in(noisy)
    return {kind: relative_error(score, law, 0, generator=generator) for kind, score in estimates.items()}


CLAIMS = (
    Claim(
        "C1",
        "The gradients move",
        "The score that replay should follow changes from step to step, so that fixed weights cannot follow it.",
        measure_moving_score,
        (
            Outcome(
                "residual_of_constant_gain",
                "share of the score missed by the best constant gain: known start minus unknown start",
                difference("residual", "known start", "unknown start"),
                primary=True,
            ),
            Outcome(
                "worst_residual",
                "the same at the worst step",
                difference("worst_residual", "known start", "unknown start"),
            ),
            Outcome(
                "implied_score_error",
                "error of a trained network's implied score: step 1 minus step 30",
                difference("own_error", "step 1", "step 30"),
                primary=True,
                tasks=("linear-gaussian",),
            ),
        ),
        {"steps": STEPS, "paths": 4000},
        not_for={},
    ),
    Claim(
        "C2",
        "The gradients are hard to estimate",
        "From few paths the score of a step is estimated badly; a known leak makes it better by orders of magnitude.",
        measure_estimates,
        (
            Outcome(
                "shrinkage_over_leak_known",
                "orders of magnitude: error of shrinkage over that with the leak known",
                orders("shrinkage", FEW, FEW, "leak known"),
                primary=True,
            ),
            Outcome(
                "denoising_over_leak_known",
                "orders of magnitude: error of denoising score matching over that with the leak known",
                orders("denoising network", FEW, FEW, "leak known"),
                primary=True,
            ),
            Outcome(
                "plug_in_over_leak_known",
                "orders of magnitude: error of the plug-in estimate over that with the leak known",
                orders("plug-in", FEW, FEW, "leak known"),
            ),
            Outcome(
                "growth_with_units",
                "error of shrinkage with 40 units over that with 10 (50 paths)",
                ratio("shrinkage", FEW, "10 units, 50 paths"),
                null=1.0,
            ),
            Outcome(
                "error_of_shrinkage",
                "error of shrinkage over the score (40 units, 50 paths)",
                value("shrinkage", FEW),
                "",
            ),
            Outcome(
                "fall_with_paths",
                "error of shrinkage with 25 paths over that with 400 (40 units)",
                ratio("shrinkage", "40 units, 25 paths", "40 units, 400 paths"),
                null=1.0,
            ),
        ),
        {"step": ESTIMATE_STEP, "code_noise_m": CODE_NOISE, "paths": PATH_COUNTS},
        needs_network=False,
        not_for={},
    ),
)
