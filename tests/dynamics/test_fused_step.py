"""The fused step against the readable one, on the same noise."""

from itertools import pairwise

import pytest
import torch

from replaylib.dynamics import rule as module
from replaylib.dynamics._kernels import FusedStep, fits
from replaylib.dynamics.rule import Dynamics, simulate

SHAPE = (4, 120, 128)


def noise_of(generator_seed: int, noise_std: float) -> torch.Tensor:
    """What the fused step adds: seen where nothing else moves the state."""
    quiet = torch.zeros(SHAPE[1:])
    generator = torch.Generator().manual_seed(generator_seed)
    step = FusedStep(Dynamics(noise_std=noise_std), quiet.clone(), quiet.clone(), SHAPE[0], generator)
    rows = torch.empty(SHAPE)
    for row in rows:
        step(row, quiet, quiet)
    return rows


@pytest.mark.parametrize(
    "dynamics",
    [Dynamics(noise_std=0.3), Dynamics(0.3, 0.0, 40, 0.3), Dynamics(1.0, 0.2, 10, 0.3), Dynamics(0.2, 0.1, 5, 0.3)],
)
def test_twins_agree_on_the_same_noise(dynamics):
    def drift(hidden):
        return -0.3 * torch.tanh(hidden)

    start = torch.randn(SHAPE[1:], generator=torch.Generator().manual_seed(3))
    states = torch.empty(1 + SHAPE[0], *SHAPE[1:])
    states[0] = start
    assert fits(states, dynamics)
    fused = simulate(drift, start, SHAPE[0], dynamics, torch.Generator().manual_seed(8)).transpose(0, 1)
    states[1:] = noise_of(8, 0.3)
    velocity, adaptation = torch.zeros_like(start), torch.zeros_like(start)
    for hidden, following in pairwise(states):
        module._step(dynamics, velocity, adaptation, following, hidden, drift(hidden))
    torch.testing.assert_close(fused, states, rtol=1e-5, atol=1e-5)


def test_its_noise_is_normal_and_independent_in_time_and_space():
    noise = noise_of(5, 1.0).double().reshape(SHAPE[0], -1)
    n = noise.numel()
    assert abs(float(noise.mean())) < 4 / n**0.5
    assert abs(float(noise.var()) - 1) < 4 * (2 / n) ** 0.5
    assert abs(float((noise**4).mean()) - 3) < 4 * (96 / n) ** 0.5
    half = noise.shape[1] // 2
    for first, second in (
        (noise[0], noise[1]),
        (noise[0] ** 2, noise[3] ** 2),
        (noise[:, :half], noise[:, half:]),
        (noise[:, 1:], noise[:, :-1]),
    ):
        correlation = torch.corrcoef(torch.stack([first.flatten(), second.flatten()]))[0, 1]
        assert abs(float(correlation)) < 4.5 / first.numel() ** 0.5


@pytest.mark.parametrize(
    ("states", "dynamics"),
    [
        (torch.zeros(3, 2, 2), Dynamics(noise_std=1.0)),
        (torch.zeros(SHAPE), Dynamics()),
        (torch.zeros(SHAPE).double(), Dynamics(noise_std=1.0)),
        (torch.zeros(SHAPE).transpose(1, 2), Dynamics(noise_std=1.0)),
        (torch.zeros(5, 101, 125), Dynamics(noise_std=1.0)),
    ],
)
def test_what_it_cannot_write_is_left_to_the_readable_step(states, dynamics):
    assert not fits(states, dynamics)


def test_observing_large_states_gives_what_keeping_all_gives():
    start = torch.randn(256, 1024, generator=torch.Generator().manual_seed(1))
    kept, seen = (
        simulate(lambda h: -0.2 * h, start, 9, Dynamics(0.4, 0.1, 10, 0.2), torch.Generator().manual_seed(2), observe)
        for observe in (None, lambda h: h[..., :3].clone())
    )
    torch.testing.assert_close(seen, kept[..., :3])


def test_the_seed_decides():
    assert torch.equal(noise_of(1, 1.0), noise_of(1, 1.0))
    assert not torch.equal(noise_of(1, 1.0), noise_of(2, 1.0))
