"""The forward algorithm against every path written out, against a library of others, and against itself."""

from itertools import pairwise, product

import numpy as np
import pytest

from replaylib.measures.motion_models.bins import GridBins, first_spread, normal_step, ring_bins, track_bins
from replaylib.measures.motion_models.forward import (
    first_order_evidence,
    random_evidence,
    second_order_evidence,
    stationary_evidence,
)
from replaylib.measures.motion_models.spikes import poisson_log_likelihood
from replaylib.world.spaces import t_maze

RING = ring_bins(5)
SPREAD, KEPT = 0.8, 0.7


@pytest.fixture
def seen():
    """Log likelihoods of 3 events of 4 windows on 5 bins."""
    return np.random.default_rng(3).normal(0, 2, (3, 4, 5))


def enumerated(log_likelihood, probability):
    """Log evidence by adding up every path through the bins; ``probability`` takes a whole path."""
    windows, bins = log_likelihood.shape[1:]
    total = np.zeros(len(log_likelihood))
    for path in product(range(bins), repeat=windows):
        total += probability(path) * np.exp(log_likelihood[:, range(windows), path].sum(axis=1))
    return np.log(total)


def around(before, now, far):
    """Signed ring of 5: where ``far`` more bins lead from ``now``, seen from ``before`` [bins]."""
    ahead = (now - before + 2) % 5 - 2
    return now + np.sign(ahead) * far


def ring_momentum(path):
    """Probability of a path with momentum on the ring of 5, written by hand."""
    step = np.array([min(abs(a - path[0]), 5 - abs(a - path[0])) for a in range(5)], float)
    weight = np.exp(-(step**2) * (1 - KEPT**2) / (2 * SPREAD**2))
    probability = 0.2 * weight[path[1]] / weight.sum()
    for before, now, after in zip(path, path[1:], path[2:], strict=False):
        apart = min(abs(now - before), 5 - abs(now - before))
        mean = around(before, now, KEPT * apart)
        off = np.abs(np.arange(5) - mean) % 5
        weight = np.exp(-(np.minimum(off, 5 - off) ** 2) / (2 * SPREAD**2))
        probability *= weight[after] / weight.sum()
    return probability


@pytest.mark.equation("eq-four-motions")
def test_a_path_that_stays_and_one_that_is_anywhere_against_all_paths(seen):
    still = enumerated(seen, lambda path: 0.2 * (len(set(path)) == 1))
    np.testing.assert_allclose(stationary_evidence(seen), still, atol=1e-10)
    np.testing.assert_allclose(random_evidence(seen), enumerated(seen, lambda _: 0.2**4), atol=1e-10)


@pytest.mark.equation("eq-forward")
def test_first_order_against_all_paths(seen):
    matrix = np.random.default_rng(9).dirichlet(np.ones(5), 5)  # not symmetric, as a ring's diffusion is

    def probability(path):
        return 0.2 * np.prod([matrix[now, after] for now, after in pairwise(path)])

    np.testing.assert_allclose(first_order_evidence(seen, matrix), enumerated(seen, probability), atol=1e-10)


@pytest.mark.equation("eq-pairs", "eq-position-momentum")
def test_momentum_against_all_paths(seen):
    found = second_order_evidence(seen, RING.momentum(SPREAD, KEPT))
    np.testing.assert_allclose(found, enumerated(seen, ring_momentum), atol=1e-10)


@pytest.mark.equation("eq-pairs", "eq-position-momentum")
def test_momentum_in_a_box_against_all_paths():
    grid = GridBins(2, 3, spacing=0.5, reach=2)
    seen = np.random.default_rng(4).normal(0, 2, (2, 4, 6))

    def probability(path):
        places = grid.places[list(path)]
        first = normal_step(grid.distance[path[0]], first_spread(0.4, KEPT))
        found = first[path[1]] / 6
        for before, now, after in zip(places, places[1:], path[2:], strict=False):
            mean = now + KEPT * (now - before)
            found *= normal_step(np.linalg.norm(grid.places - mean, axis=1), 0.4)[after]
        return found

    found = second_order_evidence(seen, grid.momentum(0.4, KEPT))
    np.testing.assert_allclose(found, enumerated(seen, probability), atol=1e-10)


@pytest.mark.equation("eq-forward", "eq-poisson")
def test_diffusion_against_hmmlearn():
    hmm = pytest.importorskip("hmmlearn.hmm", reason="hmmlearn is not made for this Python")
    generator = np.random.default_rng(5)
    expected, matrix = generator.uniform(0.1, 2, (5, 7)), generator.dirichlet(np.ones(5), 5)
    counts = generator.poisson(1, (30, 7))
    other = hmm.PoissonHMM(5)
    other.startprob_, other.transmat_, other.lambdas_ = np.full(5, 0.2), matrix, expected
    from scipy.special import gammaln  # noqa: PLC0415

    factorials = gammaln(counts + 1).sum()  # which we leave out
    found = first_order_evidence(poisson_log_likelihood(counts, expected)[None], matrix)[0]
    assert found - factorials == pytest.approx(other.score(counts), abs=1e-10)


def test_without_memory_momentum_is_diffusion():
    seen = np.random.default_rng(6).normal(0, 2, (4, 12, 5))
    plain = first_order_evidence(seen, RING.diffusion(SPREAD))
    np.testing.assert_allclose(second_order_evidence(seen, RING.momentum(SPREAD, 0.0)), plain, atol=1e-10)


def test_windows_of_zeros_at_the_end_change_nothing():
    seen = np.random.default_rng(7).normal(0, 2, (4, 6, 5))
    longer = np.concatenate([seen, np.zeros((4, 3, 5))], axis=1)
    chain = RING.momentum(SPREAD, KEPT)
    for evidence in (stationary_evidence, random_evidence, lambda one: second_order_evidence(one, chain)):
        np.testing.assert_allclose(evidence(longer), evidence(seen), atol=1e-10)


def test_likelihoods_of_any_size_and_in_single_precision():
    seen = np.random.default_rng(8).normal(0, 2, (4, 40, 5))
    chain, matrix = RING.momentum(SPREAD, KEPT), RING.diffusion(SPREAD)
    for evidence in (lambda one: second_order_evidence(one, chain), lambda one: first_order_evidence(one, matrix)):
        # A constant in each window, as large as a busy one's, comes out as it went in.
        np.testing.assert_allclose(evidence(seen - 1e4), evidence(seen) - 40e4, rtol=1e-12)
        np.testing.assert_allclose(evidence(seen.astype(np.float32)), evidence(seen), atol=1e-3)


def test_what_cannot_be_has_no_evidence_and_spoils_no_other_event():
    seen = np.zeros((2, 3, 5))
    seen[0] = -np.inf
    seen[0, [0, 1, 2], [0, 2, 4]] = 0.0
    never = second_order_evidence(seen, RING.momentum(0.01, KEPT))
    assert never[0] == -np.inf
    assert never[1] == pytest.approx(0, abs=1e-10)


def test_momentum_goes_on_round_bends_and_both_ways_at_a_junction():
    bins = track_bins(t_maze(1.0, 1.0), 0.25)
    chain = bins.momentum(0.02, 0.95)
    place = {tuple(np.round(one, 3)): index for index, one in enumerate(bins.places)}
    far, near = place[0.0, 0.0], place[0.0, 0.25]
    where = np.full((1, 3, len(bins.places)), -50.0)
    where[0, 0, far] = where[0, 1, near] = 0.0
    onward = {}
    for name, end in {"junction": (0.0, 0.5), "left": (-0.25, 0.5), "right": (0.25, 0.5), "back": (0.0, 0.0)}.items():
        seen = where.copy()
        seen[0, 2, place[end]] = 0.0
        onward[name] = second_order_evidence(seen, chain)[0]
    assert onward["junction"] > max(onward[other] for other in ("left", "right", "back")) + 10
    # Through the junction at twice the step each arm has a half.
    where[0, 1] = -50.0
    where[0, 1, place[0.0, 0.5]] = 0.0
    seen = {arm: where.copy() for arm in (-0.5, 0.5)}
    for arm, one in seen.items():
        one[0, 2, place[arm, 0.5]] = 0.0
    left, right = (second_order_evidence(one, chain)[0] for one in seen.values())
    assert left == pytest.approx(right, abs=1e-9)


def test_wrong_numbers_of_bins_are_told():
    with pytest.raises(ValueError, match="likelihood must be of 5 bins, but one of 4 came"):
        first_order_evidence(np.zeros((1, 2, 4)), RING.diffusion(1.0))
    with pytest.raises(ValueError, match="likelihood must be of 5 bins, but one of 4 came"):
        second_order_evidence(np.zeros((1, 2, 4)), RING.momentum(1.0, 0.5))
    with pytest.raises(ValueError, match="kept must lie below 1"):
        RING.momentum(1.0, 1.0)
    with pytest.raises(ValueError, match=r"spread must be a number in \(0, infinity\), but 0.0 came"):
        RING.diffusion(0.0)
