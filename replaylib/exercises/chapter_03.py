"""Exercises on denoising, the score and Langevin sampling."""

from typing import Any

import torch

from replaylib.dynamics.samplers import langevin_variance
from replaylib.exercises.checking import Choice, Exercise, Function, Judged, Number, array, call, same


def _denoised(h: float, mean: float, variance: float, sigma: float) -> float:
    return h + sigma**2 * (mean - h) / (variance + sigma**2)


_STEP = 0.1


def _sampler_fault(answer: Any) -> str:
    """Judge a Langevin step by the law that it samples: a normal one of variance 1, with steps of 0.1."""
    generator = torch.Generator().manual_seed(0)
    drawn: list[torch.Tensor] = []

    def score(h: torch.Tensor) -> torch.Tensor:
        return -h

    state = torch.zeros(4000)
    for _ in range(100):
        noise = torch.randn(4000, generator=generator)
        case = {"h": state, "score": score, "step": _STEP, "xi": noise}
        found = torch.as_tensor(array(call(answer, case)))
        if found.shape != (4000,):
            return f"Your function must return a state of the shape of h, [4000], but {list(found.shape)} came."
        drawn.append(found)
        state = found.clamp(-1e6, 1e6)
    variance = float(state.var())
    exact = langevin_variance(1.0, _STEP)
    first = same(drawn[0], (2 * _STEP) ** 0.5 * torch.randn(4000, generator=torch.Generator().manual_seed(0)), 1e-4)
    ratio = variance / exact
    if abs(ratio - 1) < 0.1 and first:
        return ""
    return _reason(variance, ratio)


def _reason(variance: float, ratio: float) -> str:
    """Which slip leads to this variance."""
    slips = {
        0.0: "Your sampler does not move: every state ends at the top. Where does the noise come in?",
        0.5: "Your variance is half the exact one: is the noise sqrt(2 step) or sqrt(step)?",
        2.0: "Your variance is twice the exact one: the noise is right for a full step of the score. Did you halve the step?",
        langevin_variance(1.0, _STEP, (2 * _STEP) ** 2) / langevin_variance(1.0, _STEP): (
            "Your noise has the standard deviation 2 step. Its *variance* should be that: take the root."
        ),
        langevin_variance(1.0, _STEP, _STEP**2) / langevin_variance(1.0, _STEP): (
            "Your noise has the standard deviation step. It should be sqrt(2 step)."
        ),
    }
    for value, sentence in slips.items():
        if abs(ratio - value) < 0.1 * max(value, 0.1):
            return sentence
    if ratio > 1000:
        return "Your states run away: the score points to where states are likelier, so it is *added*."
    if abs(variance - 100 * 2 * _STEP) < 4:
        return "Your states wander without end, as if there were no score."
    return f"Your states have the variance {variance:.3g}, and {variance / ratio:.3g} is exact for this step."


EXERCISES: dict[str, Exercise] = {
    "3.1": Function(
        _denoised,
        [
            {"h": h, "mean": mean, "variance": variance, "sigma": sigma}
            for h, mean, variance, sigma in ((1.0, 0.0, 4.0, 1.0), (2.0, 1.0, 1.0, 0.5), (-1.0, 3.0, 0.5, 2.0))
        ],
        {
            "Your shrinkage goes to zero. It should go to the mean of the clean law.": lambda h, mean, variance, sigma: (
                h * variance / (variance + sigma**2)
            ),
            "The formula has the *variance* of the noise, sigma squared.": lambda h, mean, variance, sigma: (
                h + sigma * (mean - h) / (variance + sigma)
            ),
            "This is the step alone. The best guess is h plus the step.": lambda h, mean, variance, sigma: (
                sigma**2 * (mean - h) / (variance + sigma**2)
            ),
            "You used the score of the clean law. What we see is the clean law blurred by the noise.": (
                lambda h, mean, variance, sigma: h + sigma**2 * (mean - h) / variance
            ),
            "Your two weights are swapped: with little noise the guess should stay near h.": (
                lambda h, mean, variance, sigma: (mean * variance + h * sigma**2) / (variance + sigma**2)
            ),
            "Your step has the wrong sign: it leads away from the mean.": lambda h, mean, variance, sigma: (
                h - sigma**2 * (mean - h) / (variance + sigma**2)
            ),
        },
    ),
    "3.2": Judged(_sampler_fault),
    "3.3": Number(
        4.0,
        {
            2.0: "The *standard deviation* of the noise is doubled. The variance of the dream goes with the noise's variance.",
            2**0.5: "The root of two belongs to the step. Ask what doubling does to the variance of the noise.",
            1.0: "The weights are the same, but the noise is not: the dream gets hotter.",
        },
    ),
    "3.4": Number(
        2.0,
        {
            1.0: "At a step of 1 the state jumps right onto the mean and only noise is left. It is still stable.",
            0.5: "At one half a displacement is halved in each step: that is stable.",
            4.0: "Beyond a step of 2 the factor |1 - step| is larger than 1 already.",
        },
    ),
    "3.5": Choice(
        "stays",
        {
            "drifts": "Watch the head for a hundred steps at noise 0: does the displacement grow?",
            "stops training": "Training is over. What does the state do?",
            "runs round": "That needs a push along the track. The network was trained to hold its place when the animal pauses.",
        },
    ),
}
"""By name."""
