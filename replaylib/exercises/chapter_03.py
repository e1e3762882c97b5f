"""Exercises on denoising, the score and Langevin sampling."""

from typing import Any

import torch

from replaylib.exercises.checking import Choice, Exercise, Function, Judged, Number, array, call


def _denoised(h: float, mean: float, variance: float, sigma: float) -> float:
    return h + sigma**2 * (mean - h) / (variance + sigma**2)


_CHAINS = 6


def _score(h: Any) -> Any:
    """The score of a law with two valleys: that of a normal law would hide slips, since it is a line."""
    return h - h**3


def _eye(covariance: torch.Tensor) -> torch.Tensor:
    return torch.eye(len(covariance), dtype=covariance.dtype)


def _kept(covariance: torch.Tensor, step: float) -> torch.Tensor:
    """What a step along the score of a normal law multiplies a state by."""
    return _eye(covariance) - step * covariance.inverse()


def _sampler_fault(answer: Any) -> str:
    """Judge a Langevin step by what it makes of states, of their score and of the noise."""
    generator = torch.Generator().manual_seed(0)
    parts = []
    for step in (0.1, 0.02):
        h, noise = torch.randn(2, _CHAINS, generator=generator)
        case = {"h": h, "score": _score, "step": step, "xi": noise}
        found, again = (torch.as_tensor(array(call(answer, case))).float() for _ in range(2))
        if found.shape != (_CHAINS,):
            return f"Your function must return a state of the shape of h, [{_CHAINS}], but {list(found.shape)} came."
        if not torch.equal(found, again):
            return (
                "Your step gives another result each time it is called: use the noise xi that comes in, and no other."
            )
        columns = torch.stack([h, _score(h), noise], dim=1)
        share = torch.linalg.lstsq(columns.double(), found.double()[:, None]).solution[:, 0]
        if (columns.double() @ share - found).abs().max() > 1e-4 * (1 + found.abs().max()):
            return _mixed(found - h - step * _score(h), step)
        parts.append((step, *share.tolist()))
    return next((fault for fault in (_reason(*one) for one in parts) if fault), "")


def _mixed(rest: torch.Tensor, step: float) -> str:
    """A step in which a chain's state is no sum of its own state, score and noise. rest: what is left of it [chains]."""
    if rest.std() < 1e-4:
        return "All your chains get the same kick. Each has its own number in xi."
    return f"At step={step:g} your chains do not keep apart: each needs its own state, its own score and its own xi."


def _is(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-3 * max(abs(other), 0.01)


def _reason(step: float, state: float, climb: float, kick: float) -> str:
    """Which slip has these factors of state, score and noise; "" where the step is right.

    A step of half the size, with noise of the variance ``step``, is how statisticians write the same sampler.
    """
    full, root = _is(climb, step), (2 * step) ** 0.5
    kick = abs(kick)  # the noise is as likely as its negative
    if _is(state, 1) and ((full and _is(kick, root)) or (_is(climb, step / 2) and _is(kick, step**0.5))):
        return ""
    came = f"At step={step:g} yours is {state:.3g} h + {climb:.3g} score(h) + {kick:.3g} xi."
    whole = _is(state, 1)
    cases = {
        "Your step never asks for the score. It must work for every law: call `score(h)`.": (
            not whole and abs(climb) < 1e-6
        ),
        "Your state is not carried on: the new one is h and what comes to it.": not whole,
        "Your sampler does not move: every state ends at the top. Where does the noise come in?": kick < 1e-6,
        "Your states wander without end, as if there were no score.": abs(climb) < 1e-6,
        "Your states run away: the score points to where states are likelier, so it is *added*.": climb < 0,
        _climbs(step, climb, kick): not full,
    }
    said = next((sentence for sentence, holds in cases.items() if holds), "") or _kicks(step, kick)
    return f"{said} {came}"


def _kicks(step: float, kick: float) -> str:
    """Which slip has this factor of the noise, where that of the score is right."""
    slips = {
        step**0.5: "Your variance is half the exact one: is the noise sqrt(2 step) or sqrt(step)?",
        2 * step: "Your noise has the standard deviation 2 step. Its *variance* should be that: take the root.",
        step: "Your noise has the standard deviation step. It should be sqrt(2 step).",
        2**0.5: "Your noise does not shrink with the step: its variance should be 2 step.",
        1.0: "Your noise does not shrink with the step: its variance should be 2 step.",
    }
    told = next((sentence for value, sentence in slips.items() if _is(kick, value)), "")
    return told or f"The factor of xi should be sqrt(2 step), {(2 * step) ** 0.5:.3g}."


def _climbs(step: float, climb: float, kick: float) -> str:
    """Which slip has this factor of the score."""
    if _is(climb, step / 2) and _is(kick, (2 * step) ** 0.5):
        return "Your variance is twice the exact one: the noise is right for a full step of the score. Did you halve the step?"
    if _is(climb, 1):
        return "You climb by the whole score, whatever the step. Multiply it with the step."
    if _is(climb, 2 * step):
        return "You climb twice as far as the noise allows: the 2 belongs to the variance of the noise alone."
    return f"The factor of the score should be the step, {step:g}."


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
            "This is the score. The formula multiplies it by sigma squared, and adds it to h.": lambda h, m, v, s: (
                (m - h) / (v + s**2)
            ),
            "You squared the variance. It is a square already.": lambda h, m, v, s: h + s**2 * (m - h) / (v**2 + s**2),
            "This is the mean of the clean law, whatever was seen. What was seen counts as well.": lambda h, m, v, s: m,
            "This is what was seen. The noise must be undone.": lambda h, m, v, s: h,
            "You added the score as it is. The formula multiplies it by sigma squared.": lambda h, m, v, s: (
                h + (m - h) / (v + s**2)
            ),
            "You believe seen and expected alike. How much each counts depends on the two variances.": lambda h, m, v, s: (
                (h + m) / 2
            ),
            "Your step is twice as long as it should be. The 2 belongs to the sampler's noise, not to the denoiser.": lambda h, m, v, s: (
                h + 2 * s**2 * (m - h) / (v + s**2)
            ),
        },
    ),
    "3.2": Judged(_sampler_fault),
    "3.3": Function(
        lambda covariance, step: 2 * step * _eye(covariance) - step**2 * covariance.inverse(),
        [
            {"covariance": torch.tensor(rows, dtype=torch.float64), "step": step}
            for rows, step in (
                ([[4.0, 0.0], [0.0, 0.5]], 0.5),
                ([[2.0, 1.0], [1.0, 1.0]], 0.2),
                ([[3.0, 0.0, 1.0], [0.0, 1.0, 0.5], [1.0, 0.5, 2.0]], 0.4),
            )
        ],
        {
            "This is the noise of a short step, with which the dream is too hot.": lambda c, step: 2 * step * _eye(c),
            "This is what the step keeps of the covariance. The noise must supply what is missing to C.": lambda c, step: (
                _kept(c, step) @ c @ _kept(c, step)
            ),
            "You multiplied by C where its inverse belongs: a narrow law has a steep score.": lambda c, step: (
                2 * step * _eye(c) - step**2 * c
            ),
            "A covariance is multiplied from both sides: A C A, not A C.": lambda c, step: c - _kept(c, step) @ c,
            "This would be right if all variances were 1.": lambda c, step: step * (2 - step) * _eye(c),
            "Your A is that of a step which climbs the wrong way: the score is minus the inverse times the state.": lambda c, step: (
                c - (2 * _eye(c) - _kept(c, step)) @ c @ (2 * _eye(c) - _kept(c, step))
            ),
            "This is a root of the covariance. Asked is the covariance itself.": lambda c, step: torch.linalg.cholesky(
                2 * step * _eye(c) - step**2 * c.inverse()
            ),
            "The noise of half a law: you left out the factor 2.": lambda c, step: (
                step * _eye(c) - step**2 * c.inverse() / 2
            ),
        },
    ),
    "3.4": Number(
        2.0,
        {
            1.0: "At a step of 1 the state jumps right onto the mean and only noise is left. It is still stable.",
            0.5: "At one half a displacement is halved in each step: that is stable.",
            4.0: "Beyond a step of 2 the factor |1 - step| is larger than 1 already.",
            0.0: "At a step of 0 nothing moves at all.",
            1.5: "At 1.5 the factor is -0.5: the displacement changes its side, and dies out.",
            0.1: "At 0.1 the factor is 0.9: a displacement dies out slowly.",
            2**0.5: "The root of two belongs to the noise. Here there is none: look at the factor of a displacement.",
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
