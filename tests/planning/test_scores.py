"""Scores: areas, times, and the effective number of samples."""

import numpy as np
import pytest
import torch

from replaylib.planning import Bins, Budget, area, autocorrelation_time, effective_samples, of_paths, steps_to, uniform
from replaylib.world.spaces import triangle

RING = Bins.of_track(triangle())


def test_area_and_steps_are_read_off_the_mean_curve():
    share = np.array([[0.0, 0.5, 1.0, 1.0], [0.0, 0.5, 0.6, 0.9]])
    assert area(share) == pytest.approx(4.5 / 8)
    assert steps_to(share, 0.8) == 3
    assert steps_to(share, 0.95) == 4
    assert steps_to(share, 1.0) == float("inf")
    with pytest.raises(ValueError, match="level must be a number"):
        steps_to(share, 1.5)


@pytest.mark.equation("eq-effective")
@pytest.mark.parametrize("kept", [0.5, 0.9])
def test_the_autocorrelation_time_of_an_autoregression_is_known(kept):
    generator = np.random.default_rng(0)
    path = [generator.normal(size=(400, 2))]
    for _ in range(2000):
        path.append(kept * path[-1] + np.sqrt(1 - kept**2) * generator.normal(size=(400, 2)))
    found = autocorrelation_time(np.stack(path, axis=1))
    assert found == pytest.approx((1 + kept) / (1 - kept), rel=0.05)


def test_a_path_that_rests_has_no_end_of_memory():
    assert autocorrelation_time(np.ones((3, 10, 2))) == float("inf")
    still = np.repeat(np.arange(4.0), 50).reshape(4, 50, 1)
    assert autocorrelation_time(still) == pytest.approx(99)
    with pytest.raises(ValueError, match="the number of steps must be a whole number of at least 2"):
        autocorrelation_time(np.ones((3, 1, 2)))


def test_samples_at_random_count_as_one_each_and_slow_paths_as_few():
    budget = Budget(200, 100, 100)
    state = uniform(RING, budget, torch.Generator().manual_seed(0)).state
    assert effective_samples(of_paths(state, budget), RING) == pytest.approx(1, abs=0.1)
    held = np.repeat(state[:, :20], 5, axis=1)
    assert effective_samples(of_paths(held, budget), RING) == pytest.approx(1 / 5, abs=0.03)
    assert effective_samples(uniform(RING, budget), RING) == 1
