"""Evidence of four motions, their fitted priors, and the recovery of what was put in."""

import numpy as np
import pytest
import torch

from replaylib.measures.motion_models.bins import ring_bins, track_bins
from replaylib.measures.motion_models.comparing import KINDS, Comparison, MotionModels, fitted_priors
from replaylib.measures.motion_models.forward import first_order_evidence, second_order_evidence
from replaylib.measures.motion_models.made_up import STEPS, made_up_paths, recovery
from replaylib.world.spaces import triangle

RING = track_bins(triangle(), 3**1.5 / 36)
SMALL = MotionModels(ring_bins(5), (0.6, 1.5), (0.5, 0.9))
SEEN = np.random.default_rng(0).normal(0, 2, (6, 5, 5))


@pytest.mark.equation("eq-evidence")
def test_evidence_is_that_of_each_point_and_is_summed_over_the_prior():
    found = SMALL.compare(SEEN)
    for index, spread in enumerate(SMALL.spreads):
        one = first_order_evidence(SEEN, SMALL.bins.diffusion(spread))
        np.testing.assert_allclose(found.evidence["diffusion"][:, index], one)
    for index, (spread, kept) in enumerate(SMALL.points):
        one = second_order_evidence(SEEN, SMALL.bins.momentum(spread, kept))
        np.testing.assert_allclose(found.evidence["momentum"][:, index], one)
    for index, kind in enumerate(KINDS):
        summed = np.log(np.exp(found.evidence[kind]) @ found.priors[kind])
        np.testing.assert_allclose(found.log_evidence[:, index], summed)
    assert sum(found.winners.values()) == 6
    np.testing.assert_allclose(found.log_bayes_factor, found.log_evidence[:, 3] - found.log_evidence[:, 2])


@pytest.mark.equation("eq-fitted-prior")
def test_priors_are_those_under_which_a_set_of_events_is_most_probable():
    generator = np.random.default_rng(1)
    evidence = {"one": generator.normal(0, 2, (40, 3)), "other": generator.normal(0, 2, (40, 2))}

    def probable(priors, frequency):
        each = [share * (np.exp(evidence[kind]) @ priors[kind]) for kind, share in frequency.items()]
        return float(np.log(sum(each)).sum())

    priors = fitted_priors(evidence, flat=1e-9)
    # The frequencies that belong to these priors.
    share = 0.5
    for _ in range(2000):
        one, other = (np.exp(evidence[kind]) @ priors[kind] for kind in evidence)
        share = float((share * one / (share * one + (1 - share) * other)).mean())
    best = probable(priors, {"one": share, "other": 1 - share})
    for kind, prior in priors.items():
        assert prior.sum() == pytest.approx(1)
        for point in range(len(prior)):
            moved = {**priors, kind: 0.95 * prior + 0.05 * np.eye(len(prior))[point]}
            assert probable(moved, {"one": share, "other": 1 - share}) < best + 1e-4


def test_a_flat_prior_counts_for_events_of_its_own():
    loud = {"one": np.tile([[50.0, 0.0, 0.0]], (15, 1)), "other": np.zeros((15, 1))}
    np.testing.assert_allclose(fitted_priors(loud, 5.0)["one"], [(15 + 5 / 3) / 20, 1 / 12, 1 / 12], atol=1e-6)
    # An event of another kind teaches this one nothing.
    np.testing.assert_allclose(fitted_priors({**loud, "other": np.full((15, 1), 900.0)}, 5.0)["one"], 1 / 3, atol=1e-6)
    with pytest.raises(ValueError, match="each event must be possible at some point of some kind"):
        fitted_priors({"one": np.full((2, 3), -np.inf)})


@pytest.mark.equation("eq-decoded-momentum")
def test_decoded_momentum_is_what_is_kept_where_it_is_kept():
    flat = np.array([0.5, 0.5])
    none = np.zeros((1, 1))
    priors = {"stationary": flat[:1] * 2, "random": flat[:1] * 2, "diffusion": flat, "momentum": flat}

    def decoded(momentum, diffusion=((0.0, 0.0),)):
        evidence = {"stationary": none, "random": none, "diffusion": np.array(diffusion), "momentum": momentum}
        return Comparison(evidence, priors, np.array([0.6, 0.9])).decoded_momentum()[0]

    assert decoded(np.array([[60.0, 0.0]])) == pytest.approx(0.6, abs=1e-9)
    assert decoded(np.array([[0.0, 60.0]])) == pytest.approx(0.9, abs=1e-9)
    assert decoded(np.array([[0.0, 0.0]])) == pytest.approx(0.75 / 4)
    assert decoded(np.array([[0.0, 0.0]]), ((60.0, 60.0),)) == pytest.approx(0, abs=1e-9)


def test_made_up_paths_move_as_they_are_called():
    paths = {kind: made_up_paths(kind, triangle(), 400, 40, seed=3) for kind in KINDS}
    for path in paths.values():
        assert path.shape == (400, 40, 2)
        assert float(triangle().distance(path).max()) < 1e-5
    step = {kind: path.diff(dim=1) for kind, path in paths.items()}
    assert float(step["stationary"].abs().max()) == 0
    assert float(step["random"].norm(dim=-1).mean()) > 0.8
    size = {kind: float(step[kind].norm(dim=-1).mean()) for kind in ("diffusion", "momentum")}
    # The mean of a normal's size is sqrt(2/pi) of its spread.
    wanted = sum(STEPS) / 2 * (2 / np.pi) ** 0.5
    assert size["diffusion"] == pytest.approx(wanted, rel=0.1)
    assert size["momentum"] == pytest.approx(wanted, rel=0.1)
    cosine = {kind: torch.cosine_similarity(one[:, 1:], one[:, :-1], dim=-1).mean() for kind, one in step.items()}
    assert abs(float(cosine["diffusion"])) < 0.1
    assert float(cosine["momentum"]) > 0.6
    with pytest.raises(ValueError, match="kind must be one of stationary, random, diffusion, momentum, but 'still'"):
        made_up_paths("still", triangle(), 1, 1)


@pytest.mark.slow
def test_what_was_put_in_is_found():
    models = MotionModels(RING)
    matrix = recovery(models, triangle(), 4.5, events=100)
    assert matrix.sum(axis=1).tolist() == [100] * 4
    assert (np.diag(matrix) >= 90).all(), matrix
    few = recovery(models, triangle(), 0.3, events=40)
    assert np.trace(few) / 160 < np.trace(matrix) / 400 - 0.1, few


def test_a_grid_needs_points():
    with pytest.raises(ValueError, match=r"a grid needs a spread and a share kept, but \(\) and \(0.5,\) came"):
        MotionModels(RING, (), (0.5,))
