"""Estimates that learners write: a friction from a path, and the size of a study. Both are right within a margin."""

from collections.abc import Callable
from typing import Any

import torch
from scipy import stats

from replaylib.exercises.checking import call, number

_STEPS = 20_000
_MARGIN = 0.03
_FRICTIONS = {0.9: 0.02, 0.4: 0.3, 0.1: 0.05}
"""Frictions that are to be found, each with the noise of its replay."""


def _flat_replay(friction: float, noise_std: float) -> torch.Tensor:
    """Positions of a replay with momentum that nothing pulls [steps + 1]."""
    kicks = torch.randn(_STEPS, generator=torch.Generator().manual_seed(5), dtype=torch.float64) * noise_std
    velocity, found = 0.0, [0.3]
    for kick in kicks.tolist():
        velocity = (1 - friction) * velocity + kick
        found.append(found[-1] + velocity)
    return torch.tensor(found, dtype=torch.float64)


def friction_fault(answer: Any) -> str:
    """Judge an estimate of friction from positions."""
    paths = {friction: _flat_replay(friction, noise) for friction, noise in _FRICTIONS.items()}
    found = {friction: number(call(answer, {"position": path})) for friction, path in paths.items()}
    if all(abs(one - friction) <= _MARGIN for friction, one in found.items()):
        return _unit_fault(answer, paths[0.4], found[0.4])
    slips: dict[str, Callable[[float], float]] = {
        "This is the share of the velocity that is kept. The friction is the rest.": lambda f: 1 - f,
        "This is how many steps the velocity lasts. The friction is one over it.": lambda f: 1 / f,
        "This is the friction of two steps. Undo that with a root.": lambda f: 1 - (1 - f) ** 2,
        "You compared positions, of which all is kept on a flat track. What is forgotten is the velocity.": lambda f: (
            0.0
        ),
        "You compared changes of the velocity. Compare the velocity with the one before it.": lambda f: 1 + f / 2,
        "You regressed the *change* of the velocity on it, and left the sign.": lambda f: -f,
    }
    for sentence, model in slips.items():
        if all(
            abs(one - model(friction)) <= _MARGIN * max(1, 2 * abs(model(friction))) for friction, one in found.items()
        ):
            return f"{sentence} {_first(found)}"
    return _unit_fault(answer, paths[0.4], found[0.4]) or _first(found)


def _unit_fault(answer: Any, path: torch.Tensor, metres: float) -> str:
    centimetres = number(call(answer, {"position": 100 * path}))
    if abs(centimetres - metres) <= 1e-3 * max(1, abs(metres)):
        return ""
    return (
        f"The same replay gives {metres:.3g} in metres and {centimetres:.3g} in centimetres. A friction has no length "
        "in it: divide by something that has the same unit."
    )


def _first(found: dict[float, float]) -> str:
    friction = max(found, key=lambda one: abs(found[one] - one))
    return f"At a friction of {friction:g} your function gives {found[friction]:.3g}."


_PLANS = ((1.0, 1.0), (0.5, 1.0), (0.6, 0.3), (0.03, 0.1))
"""Effects and spreads of studies that are to be planned."""


def networks(effect: float, spread: float, power: float = 0.8, quantile: float = 0.975) -> int:
    """The smallest number of networks that shows an effect with this power, by the noncentral law of t."""
    n = 2
    while stats.nct.sf(stats.t.ppf(quantile, n - 1), n - 1, n**0.5 * effect / spread) < power:
        n += 1
    return n


def networks_fault(answer: Any) -> str:
    """Judge a number of networks. A simulation is right within one network or 6 %."""
    cases = {plan: networks(*plan) for plan in _PLANS}
    found = {plan: number(call(answer, {"effect": plan[0], "spread": plan[1]})) for plan in cases}
    if any(one != round(one) or one < 2 for one in found.values()):
        return f"A whole number of networks from 2 was expected, but {next(iter(found.values())):g} came."
    if all(abs(found[plan] - n) <= max(1, 0.06 * n) for plan, n in cases.items()):
        return ""
    slips = {
        "This shows the effect in half of the studies only: the mean of the lower end is no promise.": [
            networks(*plan, power=0.5) for plan in cases
        ],
        "This is for two groups of different networks. Here each network is its own control.": [
            2 * n for n in cases.values()
        ],
        "You forgot the root: the standard error falls with the root of the number of networks.": [
            max(2, round(n**0.5)) for n in cases.values()
        ],
        "Your interval is one of 90 %: 2.5 % lie beyond each of its ends.": [
            networks(*plan, quantile=0.95) for plan in cases
        ],
        "You turned effect and spread round: a larger effect needs fewer networks.": [
            networks(spread, effect) for effect, spread in cases
        ],
    }
    given = list(found.values())
    told = ""
    for sentence, others in slips.items():
        if all(abs(one - other) <= max(1, 0.06 * other) for one, other in zip(given, others, strict=True)):
            told = sentence
            break
    few = (0.6, 0.3)
    if not told and found[few] < cases[few] and abs(found[(0.03, 0.1)] / cases[(0.03, 0.1)] - 1) <= 0.06:
        told = "With few networks the quantile of Student's t is far above that of the normal law."
    effect, spread = next(plan for plan, n in cases.items() if abs(found[plan] - n) > max(1, 0.06 * n))
    place = f"For effect={effect:g} and spread={spread:g} your function gives {found[(effect, spread)]:g}, "
    return f"{told} {place}where {cases[(effect, spread)]} are needed.".strip()
