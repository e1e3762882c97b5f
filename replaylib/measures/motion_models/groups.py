"""From events to a group: how often each motion occurs, where each event may be of another kind (random effects)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float
from scipy.special import digamma, gammaln, logsumexp, xlogy

from replaylib._checks import check_count

Array = np.ndarray[Any, np.dtype[np.float64]]

ROUNDS = 1000
"""Rounds of the variational updates, at most."""

DRAWS = 100_000
"""Samples of the frequencies from which exceedance is counted."""


@dataclass(frozen=True, eq=False)
class GroupEvidence:
    """What a set of events says of how often each kind occurs.

    alpha: parameters of the Dirichlet law of the frequencies. posterior: how probable each kind is for each event.
    exceedance: probability that a kind is the most frequent. chance_risk: probability that all kinds are equally
    frequent, and differences chance, if that is believed as much as the contrary beforehand. protected: exceedance
    with that risk allowed for.
    """

    alpha: Float[np.ndarray, " kinds"]
    posterior: Float[np.ndarray, "events kinds"]
    exceedance: Float[np.ndarray, " kinds"]
    chance_risk: float

    @property
    def frequency(self) -> Float[np.ndarray, " kinds"]:
        """Expected frequency of each kind [1]."""
        share: Array = self.alpha / self.alpha.sum()
        return share

    @property
    def protected(self) -> Float[np.ndarray, " kinds"]:
        """Protected exceedance probabilities [1]."""
        guarded: Array = (1 - self.chance_risk) * self.exceedance + self.chance_risk / len(self.alpha)
        return guarded


def random_effects(log_evidence: Float[np.ndarray, "events kinds"], seed: int = 0, draws: int = DRAWS) -> GroupEvidence:
    """Frequencies of the kinds by variational Bayes, from a flat Dirichlet law, and how sure the most frequent one is.

    seed, draws: of the samples that count exceedance. Raises ValueError where there is no event, or evidence is not
    finite. Equation: eq-frequencies.
    Source: Stephan et al. (2009), NeuroImage 46, 1004; Rigoux et al. (2014), NeuroImage 84, 971.
    """
    check_count("the number of events", len(log_evidence))
    check_count("draws", draws)
    if not np.isfinite(log_evidence).all():
        raise ValueError("log evidence must be finite, but an event has none under some kind.")
    kinds = log_evidence.shape[1]
    before = np.ones(kinds)
    alpha, posterior = before, np.full(log_evidence.shape, 1 / kinds)
    for _ in range(ROUNDS):
        raised = log_evidence + digamma(alpha) - digamma(alpha.sum())
        posterior = np.exp(raised - logsumexp(raised, axis=1, keepdims=True))
        after = before + posterior.sum(axis=0)
        if np.abs(after - alpha).max() < 1e-8:
            break
        alpha = after
    sampled = np.random.default_rng(seed).dirichlet(alpha, draws).argmax(axis=1)
    exceedance = np.bincount(sampled, minlength=kinds) / draws
    return GroupEvidence(alpha, posterior, exceedance, _chance_risk(log_evidence, alpha, posterior))


def _chance_risk(
    log_evidence: Float[np.ndarray, "events kinds"], alpha: Float[np.ndarray, " kinds"], posterior: Array
) -> float:
    """Probability that all kinds are equally frequent (Rigoux et al., "Bayesian omnibus risk")."""
    kinds = len(alpha)
    equal = float((logsumexp(log_evidence, axis=1) - np.log(kinds)).sum())
    # The free energy: what is expected of the log joint, plus the entropy of what is believed.
    log_frequency = digamma(alpha) - digamma(alpha.sum())
    joint = (posterior * (log_evidence + log_frequency)).sum() + gammaln(kinds)
    entropy = -xlogy(posterior, posterior).sum() + gammaln(alpha).sum() - gammaln(alpha.sum())
    different = float(joint + entropy - ((alpha - 1) * log_frequency).sum())
    return float(1 / (1 + np.exp(np.clip(different - equal, -700, 700))))
