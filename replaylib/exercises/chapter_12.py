"""Exercises on the way from spikes to dynamics."""

import math
from typing import Any

import numpy as np
import torch
from torch import Tensor

from replaylib.exercises.checking import Choice, Exercise, Function, Judged, Number, Several, array, call

WINDOWS = 4000
"""Length of the path that a design is judged by: its measures are then sure to a few hundredths."""


def _log_likelihood(counts: Tensor, expected: Tensor) -> Tensor:
    """Poisson, without the factorials: [windows, cells] and [bins, cells] to [windows, bins]."""
    return counts @ expected.log().T - expected.sum(dim=1)


def _spikes(seed: int) -> dict[str, object]:
    generator = torch.Generator().manual_seed(seed)
    expected = 0.05 + 2 * torch.rand(5, 7, generator=generator, dtype=torch.float64)
    return {"counts": torch.poisson(torch.ones(6, 7, dtype=torch.float64), generator=generator), "expected": expected}


def _forward(likelihood: Tensor, transition: Tensor) -> Tensor:
    """Log evidence of a chain that begins anywhere."""
    weight = torch.full_like(likelihood[0], 1 / len(transition))
    total = torch.zeros((), dtype=likelihood.dtype)
    for window, seen in enumerate(likelihood):
        weight = (weight @ transition if window else weight) * seen
        total = total + weight.sum().log()
        weight = weight / weight.sum()
    return total


def _best_path(likelihood: Tensor, transition: Tensor) -> Tensor:
    """Log probability of the best path alone."""
    best = likelihood[0] / len(transition)
    for seen in likelihood[1:]:
        best = (best[:, None] * transition).max(dim=0).values * seen
    return best.max().log()


def _moved_first(likelihood: Tensor, transition: Tensor) -> Tensor:
    """A step before the first window too, from the first bin."""
    weight = torch.zeros_like(likelihood[0])
    weight[0] = 1
    for seen in likelihood:
        weight = (weight @ transition) * seen
    return weight.sum().log()


def _chain(seed: int, windows: int = 5) -> dict[str, object]:
    """A chain with unlike rows and columns, and likelihoods of a few bins."""
    generator = torch.Generator().manual_seed(seed)
    transition = torch.rand(4, 4, generator=generator, dtype=torch.float64) ** 3 + 0.02
    likelihood = 0.05 + torch.rand(windows, 4, generator=generator, dtype=torch.float64)
    return {"likelihood": likelihood, "transition": transition / transition.sum(dim=1, keepdim=True)}


_FEW_SPIKES = {
    "counts": torch.tensor([[0.0, 3.0], [2.0, 1.0]], dtype=torch.float64),
    "expected": torch.tensor([[0.5, 1.0], [2.0, 0.1], [1.0, 1.5]], dtype=torch.float64),
}

_SHORT_CHAIN = {
    "likelihood": torch.tensor([[0.5, 0.1], [0.2, 0.4], [0.3, 0.6]], dtype=torch.float64),
    "transition": torch.tensor([[0.9, 0.1], [0.3, 0.7]], dtype=torch.float64),
}


def _design_fault(answer: Any) -> str:
    """Judge a made-up event: straight as momentum, and to be taken for diffusion by its displacement exponent."""
    path = array(call(answer, {"windows": WINDOWS})).squeeze()
    if path.shape != (WINDOWS,):
        return f"Your function must return one position for each window, [{WINDOWS}], but {list(path.shape)} came."
    step = np.diff(path)
    if not np.isfinite(path).all() or step.std() == 0:
        return "Your path must move, and all positions must be finite numbers."
    kept = float(np.corrcoef(step[1:], step[:-1])[0, 1])
    lags = np.array([10, 20, 30, 40])
    far = [np.abs(path[lag:] - path[:-lag]).mean() + 1e-12 for lag in lags]
    slope = float(np.polyfit(np.log(lags), np.log(far), 1)[0])
    if kept < 0.5:
        return (
            f"Neighbouring steps of your path have a correlation of {kept:.2f}. That is no momentum: "
            "each step should keep more than half of the one before."
        )
    if slope > 0.65:
        return (
            f"Over 10 to 40 windows your displacement grows with the power {slope:.2f}: the path still runs straight "
            "there. Let it forget its velocity sooner."
        )
    if slope < 0.35:
        return (
            f"Over 10 to 40 windows your displacement grows with the power {slope:.2f}: the path comes back. "
            "Neither a wall nor a swing is asked for: a velocity that is forgotten is enough."
        )
    return ""


EXERCISES: dict[str, Exercise] = {
    "12.1": Function(
        _log_likelihood,
        [_FEW_SPIKES, _spikes(0), _spikes(1)],
        {
            "You left out the silence: a cell that should fire and does not speaks against a place. Take the sum off.": (
                lambda counts, expected: counts @ expected.log().T
            ),
            "You added the expected spikes. They are taken off: exp(-expected) makes silence improbable.": (
                lambda counts, expected: counts @ expected.log().T + expected.sum(dim=1)
            ),
            "You multiplied by the expected spikes themselves. Take their logarithm.": (
                lambda counts, expected: counts @ expected.T - expected.sum(dim=1)
            ),
            "You took off the spikes that came. What is taken off are the spikes that were *expected* in each bin.": lambda c, e: (
                c @ e.log().T - c.sum(1, keepdim=True)
            ),
            "You normalised over the bins. That is the posterior; asked is the likelihood itself.": lambda c, e: (
                _log_likelihood(c, e).log_softmax(1)
            ),
            "You took the logarithm to the base 10. It must be the natural one.": lambda c, e: (
                c @ e.log10().T - e.sum(1)
            ),
            "You count a cell that fires twice like one that fires once.": lambda c, e: _log_likelihood(
                (c > 0).to(c), e
            ),
            "You took off the mean over the cells. Each cell's silence counts: take off the sum.": lambda c, e: (
                c @ e.log().T - e.mean(1)
            ),
            "You took the factorials along. They are the same in all bins, and the exercise leaves them out.": lambda c, e: (
                _log_likelihood(c, e) - torch.lgamma(c + 1).sum(1, keepdim=True)
            ),
        },
    ),
    "12.2": Function(
        _forward,
        [_SHORT_CHAIN, _chain(0), _chain(1), _chain(2, 1)],
        {
            "This is the best path alone. The evidence adds up all paths: sum over the bins you come from.": _best_path,
            "You move before the first window. The path begins anywhere, each bin with the same weight.": _moved_first,
            "You turned the matrix round: its rows are where the path comes from, so it stands behind the weights.": (
                lambda likelihood, transition: _forward(likelihood, transition.T)
            ),
            "This is the evidence of a path that is anywhere in each window. Use the transitions.": (
                lambda likelihood, transition: likelihood.mean(dim=1).log().sum()
            ),
            "Your path begins in every bin with the full weight. Anywhere means 1 / bins in each.": lambda s, m: (
                _forward(s, m) + math.log(len(m))
            ),
            "You took the logarithm to the base 10. It must be the natural one.": lambda s, m: (
                _forward(s, m) / math.log(10)
            ),
            "You divided by the number of windows. Asked is the evidence of the whole event.": lambda s, m: (
                _forward(s, m) / len(s)
            ),
            "You look at the first and the last window alone. Each window between them counts.": lambda s, m: (
                (s[0] / len(m)) @ torch.linalg.matrix_power(m, len(s) - 1) @ s[-1]
            ).log(),
            "Your path stays in its bin: the product over the windows, without the transitions.": lambda s, m: (
                s.prod(0).mean().log()
            ),
        },
    ),
    "12.3": Several(
        {
            "the share with two steps": Number(
                0.85**2,
                {
                    0.85: "That is what is kept in one step. A window holds two.",
                    0.15: "That is the friction: what is lost in one step. Asked is what is kept, in two.",
                    0.7: "You took the friction off twice. What is kept is multiplied: 0.85 of 0.85.",
                    2 * 0.85: "More than all cannot be kept: multiply the two shares.",
                    0.15**2: "You squared what is lost. Square what is *kept*.",
                    0.85**3: "This is what three steps keep. A window holds two.",
                    0.85**4: "This is what four steps keep. A window holds two.",
                    0.925: "You halved the friction. A longer window loses more, not less.",
                },
                tolerance=0.005,
            ),
            "the share with four steps": Number(
                0.85**4,
                {
                    0.7225: "This is the share with two steps.",
                    0.4: "You took the friction off four times. Shares multiply.",
                    1.445: "More than all cannot be kept: multiply.",
                    0.85**3: "This is what three steps keep. A window holds four.",
                },
                tolerance=0.005,
            ),
        }
    ),
    "12.4": Choice(
        "cause",
        {
            "spikes": "More spikes would make the same answer surer, and the same conclusion no better.",
            "prior": "A fitted prior may favour one kind a little; that is what recovery is for. The flaw lies deeper.",
            "order": "Shuffled windows show no momentum, as they should: the order is there. What made it?",
        },
    ),
    "12.5": Judged(_design_fault),
}
"""By name."""
