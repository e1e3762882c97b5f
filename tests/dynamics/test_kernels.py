"""The compiled loops against the readable ones, on the same noise."""

from itertools import pairwise

import numpy as np
import pytest
import torch

from replaylib.dynamics import Dynamics, rule, simulate
from replaylib.dynamics import _kernels as kernels
from replaylib.dynamics._noise import StepNoise
from replaylib.networks.network import NetworkDrift

KINDS = {
    "plain": Dynamics(noise_std=0.3),
    "quiet": Dynamics(),
    "momentum": Dynamics(friction=0.4, noise_std=0.3),
    "adaptation": Dynamics(friction=1.0, adaptation_strength=0.3, adaptation_time=7.0, noise_std=0.3),
    "both": Dynamics(friction=0.4, adaptation_strength=0.3, adaptation_time=7.0, noise_std=0.3),
    "inside": Dynamics(
        friction=0.4, adaptation_strength=0.3, adaptation_time=7.0, noise_std=0.3, adaptation_inside=True
    ),
    "inside, no momentum": Dynamics(
        friction=1.0, adaptation_strength=0.3, adaptation_time=7.0, noise_std=0.3, adaptation_inside=True
    ),
}


def make_drift(n: int, nonlinearity: str, per_unit: bool, dtype: torch.dtype) -> NetworkDrift:
    generator = torch.Generator().manual_seed(1)
    weights = torch.randn(n, n, generator=generator, dtype=dtype) / (2 * n**0.5)
    bias = torch.randn(n, generator=generator, dtype=dtype)
    leak = torch.linspace(0.2, 0.9, n, dtype=dtype) if per_unit else torch.tensor(0.6, dtype=dtype)
    return NetworkDrift(weights, bias, leak, nonlinearity)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("nonlinearity", ["tanh", "relu"])
@pytest.mark.parametrize("name", KINDS)
def test_replay_is_the_readable_rule(name, nonlinearity, dtype):
    drift, dynamics = make_drift(7, nonlinearity, nonlinearity == "relu", dtype), KINDS[name]
    start = torch.randn(3, 7, generator=torch.Generator().manual_seed(3), dtype=dtype)
    steps = rule.BLOCK + 3
    found = simulate(drift, start, steps, dynamics, torch.Generator().manual_seed(8)).transpose(0, 1)
    states = torch.empty_like(found)
    states[0] = start
    noise = StepNoise(dynamics.noise_std, start, steps, torch.Generator().manual_seed(8))
    rule._readable(drift, states[0], dynamics, noise)(states, 0)
    tolerance = 1e-5 if dtype == torch.float32 else 1e-12
    torch.testing.assert_close(found, states, rtol=tolerance, atol=tolerance)


def test_a_block_may_begin_at_an_odd_step():
    drift, dynamics = make_drift(5, "tanh", False, torch.float64), KINDS["both"]
    whole, parts = torch.zeros(2, 13, 2, 5, dtype=torch.float64)
    for states, borders in ((whole, (0, 12)), (parts, (0, 5, 6, 12))):
        noise = StepNoise(0.3, states[0], 12, torch.Generator().manual_seed(8))
        advance = rule._compiled(drift, states[0], dynamics, noise)
        for first, last in pairwise(borders):
            advance(states[first : last + 1], first)
    assert torch.equal(whole, parts)


def test_rational_tanh_is_within_a_millionth():
    x = np.concatenate([np.linspace(-12, 12, 500_001), [0, -0.0, 1e-30, -1e-30, 1e30, -1e30, np.inf, -np.inf]])
    x = x.astype(np.float32)
    found = x.copy()
    kernels.activate(found, kernels.TANH)
    assert float(np.abs(found - np.tanh(x.astype(np.float64))).max()) < 5e-7
    assert float(np.abs(found).max()) <= 1
    near = np.abs(x) < 1e-3
    np.testing.assert_allclose(found[near], x[near], rtol=1e-6)
    assert np.array_equal(found[:500_001], -found[:500_001][::-1])


@pytest.mark.parametrize("kind", [kernels.TANH, kernels.EXACT_TANH, kernels.RELU])
def test_what_is_no_number_stays_none(kind):
    x = np.full(40, np.nan, np.float64 if kind == kernels.EXACT_TANH else np.float32)
    kernels.activate(x, kind)
    assert np.isnan(x).all()


def test_without_a_folder_for_its_cache_a_function_is_compiled_all_the_same():
    found: dict = {}
    exec(compile("def double(x):\n    return 2 * x", "/nowhere/double.py", "exec"), found)
    assert kernels.compiled()(found["double"])(21) == 42


def test_all_kernels_stand_in_one_file():
    """Numba's cache looks at the file of the cached function alone."""
    for name, kernel in vars(kernels).items():
        if hasattr(kernel, "py_func"):
            assert kernel.py_func.__code__.co_filename == kernels.__file__, name
    assert not [name for name, value in vars(kernels).items() if type(value).__module__.startswith("replaylib")]
