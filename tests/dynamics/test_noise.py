"""The fast noise against the exact law; the slow one is PyTorch's."""

import numpy as np
import pytest
import torch
from scipy import stats

from replaylib.dynamics._kernels import SMALL, fill_normal_


@pytest.fixture(scope="module")
def sample() -> np.ndarray:
    drawn = fill_normal_(torch.empty(20, 500, 200), 1.0, torch.Generator().manual_seed(1))
    return drawn.double().numpy().ravel()


def test_moments_are_normal(sample):
    n = len(sample)
    for power, moment, variance in ((1, 0, 1), (2, 1, 2), (3, 0, 15), (4, 3, 96), (6, 15, 10170)):
        assert abs((sample**power).mean() - moment) < 4 * (variance / n) ** 0.5, power


def test_distribution_and_tails_are_normal(sample):
    assert stats.kstest(sample, "norm").pvalue > 1e-3
    for edge in (2.5, 3.5, 4.5):
        expected = 2 * stats.norm.sf(edge) * len(sample)
        assert abs((np.abs(sample) > edge).sum() - expected) < 4 * expected**0.5


def test_numbers_are_independent(sample):
    n = len(sample)
    for lag in (1, 2, 7, 200, 100_000, n // 2):
        for first, second in ((sample[:-lag], sample[lag:]), (sample[:-lag] ** 2, sample[lag:] ** 2)):
            assert abs(np.corrcoef(first, second)[0, 1]) < 4.5 / (n - lag) ** 0.5, lag


def test_blocks_of_one_generator_are_independent():
    generator = torch.Generator().manual_seed(2)
    first, second = (fill_normal_(torch.empty(500_000), 1.0, generator).numpy() for _ in range(2))
    assert abs(np.corrcoef(first, second)[0, 1]) < 4.5 / 500_000**0.5


@pytest.mark.parametrize("size", [10, SMALL, SMALL + 1, 3 * SMALL])
def test_seed_and_scale_are_kept(size):
    first, again, double = (
        fill_normal_(torch.empty(size), std, torch.Generator().manual_seed(3)) for std in (1.0, 1.0, 2.0)
    )
    assert torch.equal(first, again)
    torch.testing.assert_close(double, 2 * first)
    assert not torch.equal(first, fill_normal_(torch.empty(size), 1.0, torch.Generator().manual_seed(4)))


def test_other_kinds_of_tensors_are_filled_too():
    for tensor in (torch.empty(SMALL + 2, dtype=torch.float64), torch.empty(2, SMALL).T):
        assert float(fill_normal_(tensor, 0.5).std()) == pytest.approx(0.5, rel=0.03)
