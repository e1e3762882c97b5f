"""Random effects over events, against cases whose answer is known."""

import numpy as np
import pytest
from scipy.special import betainc, gammaln

from replaylib.measures.motion_models.groups import random_effects


def decided(*counts):
    """Log evidence that leaves no doubt: so many events of each kind."""
    kinds = np.repeat(np.arange(len(counts)), counts)
    return 200.0 * np.eye(len(counts))[kinds]


@pytest.mark.equation("eq-frequencies")
def test_events_without_doubt_are_counted():
    found = random_effects(decided(6, 3, 0, 1))
    np.testing.assert_allclose(found.alpha, [7, 4, 1, 2], atol=1e-6)
    np.testing.assert_allclose(found.frequency, np.array([7, 4, 1, 2]) / 14, atol=1e-6)
    assert found.posterior.argmax(axis=1).tolist() == [0] * 6 + [1] * 3 + [3]


def test_exceedance_of_two_kinds_is_an_integral_of_the_beta_law():
    found = random_effects(decided(6, 3))
    assert found.exceedance[0] == pytest.approx(1 - betainc(7, 4, 0.5), abs=0.005)
    assert found.exceedance.sum() == pytest.approx(1)


def test_risk_of_chance_is_that_of_the_exact_evidence():
    # Without doubt about any event both hypotheses have their evidence in closed form.
    found = random_effects(decided(6, 3))
    different = gammaln(7) + gammaln(4) - gammaln(11) + gammaln(2)
    equal = -9 * np.log(2)
    assert found.chance_risk == pytest.approx(1 / (1 + np.exp(different - equal)), abs=1e-6)
    np.testing.assert_allclose(
        found.protected, (1 - found.chance_risk) * found.exceedance + found.chance_risk / 2, atol=1e-12
    )


def test_events_that_tell_nothing_leave_all_kinds_alike():
    found = random_effects(np.zeros((20, 4)))
    np.testing.assert_allclose(found.frequency, 0.25, atol=1e-6)
    assert found.chance_risk > 0.5
    np.testing.assert_allclose(found.protected, 0.25, atol=0.005)


def test_one_loud_event_does_not_outvote_many():
    # A product of evidence would say the second kind; most events say the first.
    evidence = np.zeros((12, 2))
    evidence[:11, 0], evidence[11, 1] = 3.0, 500.0
    assert evidence.sum(axis=0)[1] > evidence.sum(axis=0)[0]
    assert random_effects(evidence).frequency[0] > 0.8


def test_the_same_seed_draws_the_same_samples():
    one, other, third = (random_effects(decided(3, 2), seed=seed).exceedance for seed in (1, 1, 2))
    assert one.tolist() == other.tolist() != third.tolist()


def test_what_is_no_evidence_is_told():
    with pytest.raises(ValueError, match="number of events must be a whole number of at least 1, but 0 came"):
        random_effects(np.zeros((0, 4)))
    with pytest.raises(ValueError, match="log evidence must be finite, but an event has none"):
        random_effects(np.array([[0.0, -np.inf]]))
