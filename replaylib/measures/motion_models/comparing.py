"""Which motion explains spikes best: evidence of four kinds, their parameters summed over a grid with a fitted prior.

Source: Krause & Drugowitsch (2022), Neuron 110, 722. Their four kinds and their momentum; the chains, the grids and the
way in which the prior is fitted are this book's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
from jaxtyping import Float

from replaylib._checks import check_between
from replaylib.measures.motion_models.bins import Bins
from replaylib.measures.motion_models.forward import (
    LogLikelihood,
    MomentumChain,
    first_order_evidence,
    random_evidence,
    second_order_evidence,
    stationary_evidence,
)

Array = np.ndarray[Any, np.dtype[np.float64]]

KINDS = ("stationary", "random", "diffusion", "momentum")
"""The motions that are told apart, in the order of every table."""

SPREADS = (0.6, 1.0, 1.6, 2.5, 4.0)
"""Spreads of a window's step that are tried [bins]: with a smaller one, a place between two bins seems to move."""

KEPT = (0.6, 0.8, 0.9, 0.97)
"""Shares of the last step that momentum keeps in the next, that are tried [1]: with less it is like diffusion."""

FLAT = 5.0
"""How many events a flat prior counts for when the prior over the grid is fitted [1]."""

ROUNDS, CLOSE = 500, 1e-6
"""Rounds of expectation and maximisation, at most, and the change of a prior below which they end [1]."""


@dataclass(frozen=True, eq=False)
class MotionModels:
    """The four motions on some bins, over a grid of their parameters.

    spreads: of a step about its mean, diffusion's and momentum's [bins]. kept: momentum's share of the last step in the
    mean of the next, e^(-decay times a window) [1]. Raises ValueError where a list is empty.
    """

    bins: Bins
    spreads: tuple[float, ...] = SPREADS
    kept: tuple[float, ...] = KEPT

    def __post_init__(self) -> None:
        if not (self.spreads and self.kept):
            raise ValueError(f"a grid needs a spread and a share kept, but {self.spreads} and {self.kept} came.")

    @property
    def points(self) -> tuple[tuple[float, float], ...]:
        """The momentum model's parameters, (spread [bins], kept [1])."""
        return tuple(product(self.spreads, self.kept))

    @cached_property
    def transitions(self) -> tuple[Float[np.ndarray, "bins bins"], ...]:
        """Diffusion's matrices, one a spread."""
        return tuple(self.bins.diffusion(spread * self.bins.spacing) for spread in self.spreads)

    @cached_property
    def chains(self) -> tuple[MomentumChain, ...]:
        """Momentum's chains, one a point."""
        return tuple(self.bins.momentum(spread * self.bins.spacing, kept) for spread, kept in self.points)

    def evidence(self, log_likelihood: LogLikelihood) -> dict[str, Float[np.ndarray, "events _"]]:
        """Log evidence of each event at each point of a kind's grid; kinds without parameters have one."""
        diffusion = [first_order_evidence(log_likelihood, one) for one in self.transitions]
        momentum = [second_order_evidence(log_likelihood, one) for one in self.chains]
        return {
            "stationary": stationary_evidence(log_likelihood)[:, None].astype(float),
            "random": random_evidence(log_likelihood)[:, None].astype(float),
            "diffusion": np.stack(diffusion, axis=1),
            "momentum": np.stack(momentum, axis=1),
        }

    def compare(self, log_likelihood: LogLikelihood) -> "Comparison":
        """The four kinds on a set of events, with priors over the grids fitted to this set."""
        evidence = self.evidence(log_likelihood)
        return Comparison(evidence, fitted_priors(evidence), np.array([kept for _, kept in self.points]))


@dataclass(frozen=True, eq=False)
class Comparison:
    """What spikes say of motions.

    evidence: log evidence of each event at each point of a kind's grid, [events, points]. priors: of these points,
    fitted. kept: momentum's share of the last step at each of its points [1].
    """

    evidence: Mapping[str, Float[np.ndarray, "events _"]]
    priors: Mapping[str, Float[np.ndarray, " _"]]
    kept: Float[np.ndarray, " points"]

    @cached_property
    def log_evidence(self) -> Float[np.ndarray, "events kinds"]:
        """Log evidence of each event under each kind, its parameters summed up. Equation: eq-evidence."""
        return np.stack([_marginal(self.evidence[kind], self.priors[kind]) for kind in KINDS], axis=1)

    @property
    def winners(self) -> dict[str, int]:
        """How many events each kind explains best."""
        best = self.log_evidence.argmax(axis=1)
        return {kind: int((best == index).sum()) for index, kind in enumerate(KINDS)}

    @property
    def log_bayes_factor(self) -> Float[np.ndarray, " events"]:
        """Log evidence of momentum less that of diffusion, for each event."""
        factor: Array = self.log_evidence[:, 3] - self.log_evidence[:, 2]
        return factor

    def decoded_momentum(self, weights: Float[np.ndarray, " kinds"] | None = None) -> Float[np.ndarray, " events"]:
        """Expected share of a step that is kept in the next, 0 under the three other kinds, for each event [1].

        weights: how probable each kind is beforehand; all alike by default. Equation: eq-decoded-momentum.
        """
        before = np.full(len(KINDS), 1 / len(KINDS)) if weights is None else weights
        posterior = _posterior(self.log_evidence, before)[:, KINDS.index("momentum")]
        points = _posterior(self.evidence["momentum"], self.priors["momentum"])
        decoded: Array = posterior * (points @ self.kept)
        return decoded


def fitted_priors(
    evidence: Mapping[str, Float[np.ndarray, "events _"]], flat: float = FLAT
) -> dict[str, Float[np.ndarray, " _"]]:
    """The priors over the points of each kind's grid under which a set of events is most probable (empirical Bayes).

    Each event is of some kind, the kinds with frequencies that are fitted too, so that an event teaches the prior of
    its own kind: were each kind's prior fitted to all events, momentum's would learn to mimic diffusion. By expectation
    and maximisation from flat priors, which count for ``flat`` events each, so that no point is ruled out by a few.
    Raises ValueError where an event is impossible at every point of every kind. Equation: eq-fitted-prior.
    Source: Dempster, Laird & Rubin (1977), J. R. Stat. Soc. B 39, 1.
    """
    check_between("flat", flat, 0.0, float("inf"), open_low=True)
    if not np.isfinite(np.max([one.max(axis=1) for one in evidence.values()], axis=0)).all():
        raise ValueError("each event must be possible at some point of some kind, but one is not.")
    priors = {kind: np.full(one.shape[1], 1 / one.shape[1]) for kind, one in evidence.items()}
    frequency = np.full(len(evidence), 1 / len(evidence))
    for _ in range(ROUNDS):
        marginal = np.stack([_marginal(one, priors[kind]) for kind, one in evidence.items()], axis=1)
        belongs = _posterior(marginal, frequency)
        after: dict[str, Array] = {}
        for index, (kind, one) in enumerate(evidence.items()):
            held = belongs[:, index] @ _posterior(one, priors[kind])
            after[kind] = (held + flat / len(held)) / (held.sum() + flat)
        frequency = (belongs.sum(axis=0) + flat / len(evidence)) / (len(belongs) + flat)
        moved = max(float(np.abs(after[kind] - priors[kind]).max()) for kind in priors)
        priors = after
        if moved < CLOSE:
            break
    return priors


def _posterior(evidence: Float[np.ndarray, "events points"], prior: Float[np.ndarray, " points"]) -> Array:
    """How probable each point is for each event, [events, points]."""
    weight = np.exp(evidence - _largest(evidence)[:, None]) * prior
    # An event that is impossible at every point of a kind is no more probable at one of them than at another.
    total = weight.sum(axis=1, keepdims=True)
    posterior: Array = np.where(total > 0, weight, prior) / np.where(total > 0, total, 1)
    return posterior


def _marginal(evidence: Float[np.ndarray, "events points"], prior: Float[np.ndarray, " points"]) -> Array:
    """Log evidence of each event, summed over points, [events]."""
    largest = _largest(evidence)
    with np.errstate(divide="ignore"):
        total: Array = largest + np.log(np.exp(evidence - largest[:, None]) @ prior)
    return total


def _largest(evidence: Float[np.ndarray, "events points"]) -> Array:
    """The largest of each event, 0 where all are -inf, [events]."""
    largest = evidence.max(axis=1)
    return np.where(np.isfinite(largest), largest, 0.0)
