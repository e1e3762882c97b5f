"""The displacement exponent of paths whose exponent is known."""

import pytest
import torch

from replaylib.measures.motion_models.exponents import displacement_exponent, mean_displacements


@pytest.mark.equation("eq-exponent")
def test_straight_brownian_and_shuffled_paths(generator):
    straight = torch.arange(100.0)[None, :, None] * torch.tensor([0.3, -0.1])
    walk = torch.randn(400, 100, 2, generator=generator).cumsum(dim=1)
    assert displacement_exponent(straight) == pytest.approx(1)
    assert displacement_exponent(walk) == pytest.approx(0.5, abs=0.01)
    assert displacement_exponent(walk[:, torch.randperm(100, generator=generator)]) == pytest.approx(0, abs=0.03)


def test_displacements_are_means_over_events_and_times():
    path = torch.tensor([[[0.0, 0], [3, 4], [3, 4]], [[0, 0], [0, 1], [0, 3]]])
    assert mean_displacements(path, (1, 2)) == pytest.approx([(5 + 0 + 1 + 2) / 4, (5 + 3) / 2])


@pytest.mark.parametrize(
    ("path", "lags", "told"),
    [
        (torch.zeros(2, 20, 2), (1, 2), "position must move, but it rests"),
        (torch.zeros(2, 20, 2), (3, 3), "number of lags must be a whole number of at least 2, but 1 came"),
        (torch.zeros(2, 5, 2), (1, 9), "number of steps must be a whole number of at least 9, but 4 came"),
        (torch.zeros(2, 5, 2), (0, 2), "each lag must be a whole number of at least 1, but 0 came"),
    ],
)
def test_paths_without_an_exponent_are_told(path, lags, told):
    with pytest.raises(ValueError, match=told):
        displacement_exponent(path, lags)
