"""Where exact theory meets trained networks: short trainings, whose direction must be right."""

import pytest
import torch

from replaylib.dynamics.rule import Dynamics
from replaylib.figures.experiments import (
    ESTIMATES,
    displacement_by_strength,
    estimator_errors,
    largest_deviation,
    momentum_crossing,
    sizes_at_rest,
    train_published_kind,
    train_with_free_weights,
    variance_beside_samples,
)
from replaylib.measures.metrics import displacement, share_on_path
from replaylib.networks import pretrained
from replaylib.networks.gaussian_paths import gaussian_task, implied_score, mode_pulls, train_on_gaussian_path
from replaylib.networks.linearisation import drift_eigenvalues, largest_safe_momentum
from replaylib.networks.network import PathIntegrator
from replaylib.networks.replaying import awake_states, replay, replay_noise
from replaylib.networks.rests import adapted_rests
from replaylib.theory.markov_paths import MarkovGaussian
from replaylib.theory.mobility import adaptation_shrinkage
from replaylib.theory.modes import LinearMode
from replaylib.world.tasks import task

pytestmark = pytest.mark.slow

PATH = MarkovGaussian.ornstein_uhlenbeck(10.0, std=0.6, start_std=0.6, dimensions=2)


@pytest.mark.equation("eq-drift", "eq-own-error", "eq-pull")
def test_training_brings_the_pull_to_where_the_exact_score_has_it():
    trained, raw = (train_on_gaussian_path(PATH, seed=5, iterations=count) for count in (800, 1))
    late, untrained = implied_score(trained, PATH, 30), implied_score(raw, PATH, 30)
    assert late["own_error"] < 0.5 * late["leak_error"]
    # Over six seeds the trained drift lies 0.036 to 0.056 below the exact pull; without training, 0.47.
    assert abs(late["pull"] - late["exact_pull"]) < 0.1
    assert abs(untrained["pull"] - untrained["exact_pull"]) > 0.3
    assert late["exact_pull"] < 0.1 < untrained["exact_pull"]
    # Symmetric weights follow their own score with or without training: it is no evidence of learning.
    assert untrained["own_error"] < 0.3
    assert implied_score(trained, PATH, 1)["own_error"] > 1
    assert late["null_copies"] > 0.1
    assert untrained["null_copies"] < 0.05
    for row in (late, untrained):
        low, high = sorted((row["plane_error"], row["null_error"]))
        assert low <= row["own_error"] <= high


@pytest.mark.equation("eq-own-pull")
def test_directions_that_the_noise_alone_moves_lie_on_the_curve():
    network = train_on_gaussian_path(PATH, 5, 1)
    drift, score = mode_pulls(network, PATH, 30)
    assert drift.shape == score.shape == (64,)
    # tanh is not linear, and the animal moves the code of position too: nearly all lie near the curve of linear modes.
    near = (score - drift * (2 - drift)).abs() < 0.15
    assert float(near.double().mean()) > 0.85
    assert float(torch.corrcoef(torch.stack([drift, score]))[0, 1]) > 0.9


def test_own_score_of_symmetric_modes_is_followed_by_half_or_more():
    for stiffness in (0.01, 0.3, 0.9):
        mode = LinearMode(stiffness, Dynamics(noise_std=0.3))
        assert stiffness / (0.09 / mode.variance) == pytest.approx(1 / (2 - stiffness))


def test_gaussian_paths_are_a_task():
    batch = gaussian_task(PATH, steps=12).batch(500, torch.Generator().manual_seed(0))
    assert batch.position.shape == (500, 13, 2)
    assert float((batch.position - 4).std()) == pytest.approx(0.6, rel=0.1)
    with pytest.raises(ValueError, match="path must have 2 dimensions, but it has 1"):
        gaussian_task(MarkovGaussian.random_walk(1.0))


@pytest.mark.equation("eq-kappa", "eq-jacobian")
def test_free_weights_break_where_predicted_and_symmetric_ones_bear_all():
    momenta = (0.4, 0.8)
    limits, (below, beyond) = momentum_crossing(train_with_free_weights(seed=3, iterations=700), momenta)
    assert 0.4 < min(limits) < max(limits) < 0.8
    assert below["share_on_path"] > 0.95
    assert beyond["share_on_path"] < 0.9
    limits, rows = momentum_crossing(pretrained.load("triangle"), momenta)
    assert min(limits) > 0.99
    assert min(row["share_on_path"] for row in rows) > 0.95


def test_the_crossing_is_measured_from_its_own_seeds():
    """States from the seed, noise from the next one: written out."""
    network, momenta = PathIntegrator.for_task(task("t-maze"), torch.Generator().manual_seed(0), hidden=8), (0.0, 0.5)
    limits, rows = momentum_crossing(network, momenta, "t-maze", seed=7)
    start = awake_states(network, task("t-maze"), 64, torch.Generator().manual_seed(7))
    assert limits == [largest_safe_momentum(one.numpy()) for one in drift_eigenvalues(network.drift, start)]
    for momentum, row in zip(momenta, rows, strict=True):
        dynamics = Dynamics(friction=1 - momentum, noise_std=replay_noise(network) * (1 - momentum) ** 0.5)
        path = replay(network, start, 600, dynamics, torch.Generator().manual_seed(8)).position
        assert row["displacement"] == pytest.approx(displacement(path, 20), rel=1e-5)
        assert row["share_on_path"] == pytest.approx(share_on_path(path, task("t-maze").space), abs=1e-3)


def test_sampled_variances_lie_near_the_exact_ones():
    law = variance_beside_samples(
        0.1,
        [
            Dynamics(noise_std=1.0),
            Dynamics(friction=0.3, adaptation_strength=0.05, adaptation_time=20.0, noise_std=1.0),
        ],
    )
    assert largest_deviation({"modes": law}) < 4
    assert largest_deviation({"modes": ([1.0, 1.0], [1.0, 0.4], [0.1, 0.2])}) == pytest.approx(3)


def test_estimators_are_compared_on_one_sample():
    assert set(estimator_errors(6, 5, 0)) == set(ESTIMATES) - {"plug-in"}
    few = estimator_errors(6, 30, 0)
    assert set(few) == set(ESTIMATES)
    assert min(few, key=few.__getitem__) == "leak and E known"


def test_displacement_by_strength_is_measured_from_its_own_seeds():
    """States from the seed, noise from the next one: written out, for a network that has not learned to hold still."""
    network = PathIntegrator.for_task(task("t-maze"), torch.Generator().manual_seed(0), hidden=8)
    found = displacement_by_strength(network, task("t-maze"), (0.0, 0.3), time=4.0, seed=5)
    start = awake_states(network, task("t-maze"), 24, torch.Generator().manual_seed(5))
    for strength, moved in zip((0.0, 0.3), found, strict=True):
        dynamics = Dynamics(adaptation_strength=strength, adaptation_time=4.0, noise_std=1e-4)
        path = replay(network, start, 1500, dynamics, torch.Generator().manual_seed(6)).position
        each = [displacement(one[None, 1100:], 20) for one in path]
        assert moved == pytest.approx(float(torch.tensor(each).median()), rel=1e-3, abs=1e-7)


def test_sizes_at_rest_are_those_of_rests_and_their_stiffness_that_of_a_longer_state():
    network, path_task = pretrained.load("triangle-cells"), task("triangle-cells")
    stiffness, sizes = sizes_at_rest(network, path_task, (0.01, 0.1, 0.2), seed=3)
    # The law is the first order in the strength for this drift, and seen to be 0.03 off at the strength 0.2.
    kept = [1 - adaptation_shrinkage(strength, stiffness) for strength in (0.01, 0.1, 0.2)]
    assert sizes[0] == pytest.approx(kept[0], abs=0.01)
    assert sizes == pytest.approx(kept, abs=0.05)
    assert sizes[0] > sizes[1] > sizes[2]
    start = awake_states(network, path_task, 24, torch.Generator().manual_seed(3))
    rests = adapted_rests(network.drift, start, 0.0)
    hidden = rests.hidden.float()
    undone = -(network.drift(1.005 * hidden) - network.drift(0.995 * hidden)) / 0.01
    each = (undone * hidden).sum(1) / hidden.square().sum(1)
    assert stiffness == pytest.approx(float(each.double() @ rests.share), rel=0.01)


def test_a_network_of_the_published_kind_shrinks_where_the_books_does_not():
    network, path_task = train_published_kind(seed=1, iterations=500)
    assert path_task.motion.stop == 0
    assert network.settings.nonlinearity == "relu"
    assert not network.settings.symmetric
    stiffness, sizes = sizes_at_rest(network, path_task, (0.05,))
    ours, kept = sizes_at_rest(pretrained.load("triangle"), task("triangle"), (0.05,))
    # Over three seeds fully trained: stiffness 0.013 to 0.015 and sizes 0.27 to 0.34, against 0.41 and 0.88.
    assert 10 * stiffness < ours
    assert sizes[0] < 0.6
    assert kept[0] > 0.8
