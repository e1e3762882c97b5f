"""The noise against the exact law, and against the promise that it depends on key, step, path and unit alone."""

import math

import numpy as np
import pytest
import torch
from scipy import stats

from replaylib.dynamics._noise import SMALL, StepNoise, _pair


def draw(seed: int, steps: int, batch: int, n: int, step: int = 0, **how) -> torch.Tensor:
    """Noise of the steps from ``step`` on, [steps, batch, n]."""
    state = torch.empty(batch, n, dtype=how.get("dtype", torch.float32))
    expected = 1 if how.get("readable", True) else SMALL
    noise = StepNoise(how.get("std", 1.0), state, expected, torch.Generator().manual_seed(seed))
    return noise.fill_(state.new_full((steps, batch, n), torch.nan), step)


@pytest.fixture(scope="module")
def sample() -> np.ndarray:
    return draw(1, 20, 500, 200, readable=False).double().numpy()


def test_moments_are_normal(sample):
    n = sample.size
    for power, moment, variance in ((1, 0, 1), (2, 1, 2), (3, 0, 15), (4, 3, 96), (6, 15, 10170)):
        assert abs((sample**power).mean() - moment) < 4 * (variance / n) ** 0.5, power


def test_distribution_and_tails_are_normal(sample):
    assert stats.kstest(sample.ravel(), "norm").pvalue > 1e-3
    for edge in (2.5, 3.5, 4.5):
        expected = 2 * stats.norm.sf(edge) * sample.size
        assert abs((np.abs(sample) > edge).sum() - expected) < 4 * expected**0.5


def test_nothing_lies_beyond_its_truncation():
    # The radius comes from the upper 24 bits: it is largest, sqrt(48 log 2), where all of them are zero.
    first, second = _pair(torch.arange(2**9), 1.0, torch.float32)
    radius = (first**2 + second**2).sqrt()
    torch.testing.assert_close(radius[:256], torch.full((256,), (48 * math.log(2)) ** 0.5), rtol=1e-5, atol=0)
    assert float(radius[256:].max()) < float(radius[:256].min())


@pytest.mark.parametrize("power", [1, 2])
def test_numbers_are_independent(sample, power):
    x = sample**power
    pairs = [(x[lag:], x[:-lag]) for lag in (1, 2, 3, 8)]  # steps 2k and 2k + 1 share their words
    pairs += [(x[0::2], x[1::2]), (x[1:-1:2], x[2::2])]
    pairs += [(x[:, lag:], x[:, :-lag]) for lag in (1, 2, 250)]
    pairs += [(x[..., lag:], x[..., :-lag]) for lag in (1, 7, 16, 100)]
    for index, (first, second) in enumerate(pairs):
        correlation = np.corrcoef(first.ravel(), second.ravel())[0, 1]
        assert abs(correlation) < 4.5 / first.size**0.5, index


def test_draws_of_one_generator_are_independent():
    generator = torch.Generator().manual_seed(2)
    state = torch.empty(1000, 500)
    first, second = (StepNoise(1.0, state, SMALL, generator).fill_(torch.empty(2, 1000, 500), 0) for _ in range(2))
    assert abs(np.corrcoef(first.ravel(), second.ravel())[0, 1]) < 4.5 / 1e6**0.5


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize(("step", "steps"), [(0, 6), (0, 7), (5, 6), (5, 1), (4, 1), (3, 4)])
def test_the_readable_twin_draws_the_same_bits(dtype, step, steps):
    fast, slow = (draw(5, steps, 301, 37, step, dtype=dtype, readable=way, std=0.3) for way in (False, True))
    assert torch.equal(fast, slow)


@pytest.mark.parametrize("readable", [True, False])
def test_a_path_and_a_step_have_the_same_noise_in_any_company(readable):
    whole = draw(3, 40, 64, 9, readable=readable)
    for batch in (1, 2, 3, 63):
        assert torch.equal(draw(3, 40, batch, 9, readable=readable), whole[:, :batch])
    for step, steps in ((0, 13), (13, 27), (39, 1)):
        assert torch.equal(draw(3, steps, 64, 9, step, readable=readable), whole[step : step + steps])


def test_double_precision_has_the_noise_of_single():
    torch.testing.assert_close(draw(3, 9, 5, 4).double(), draw(3, 9, 5, 4, dtype=torch.float64), rtol=3e-7, atol=0)


@pytest.mark.parametrize("readable", [True, False])
def test_seed_and_scale_are_kept(readable):
    first = draw(3, 5, 6, 7, readable=readable)
    assert torch.equal(first, draw(3, 5, 6, 7, readable=readable))
    torch.testing.assert_close(draw(3, 5, 6, 7, readable=readable, std=2.0), 2 * first)
    assert not draw(3, 5, 6, 7, readable=readable, std=0.0).any()
    assert not torch.isclose(first, draw(4, 5, 6, 7, readable=readable)).any()


def test_two_numbers_are_taken_whatever_is_drawn():
    after = set()
    for std, batch, steps in ((1.0, 2, 3), (0.0, 200, 3), (0.5, 3, 10**6)):
        generator = torch.Generator().manual_seed(8)
        StepNoise(std, torch.empty(batch, 4), steps, generator)
        after.add(float(torch.rand(1, generator=generator)))
    generator = torch.Generator().manual_seed(8)
    torch.randint(2**32, (2,), generator=generator)
    assert after == {float(torch.rand(1, generator=generator))}
