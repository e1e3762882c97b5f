"""Samplers against their exact laws (z-scores), and integrators against each other."""

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from replaylib.dynamics.rule import Dynamics
from replaylib.dynamics.samplers import KineticSampler, exact_noise_variance, langevin, langevin_variance
from replaylib.theory.markov_paths import MarkovGaussian
from replaylib.theory.modes import LinearMode

PATHS = 20_000


def z_score(sample: torch.Tensor, exact: float) -> float:
    return (float(sample.var()) / exact - 1) / (2 / len(sample)) ** 0.5


@pytest.mark.equation("eq-replay", "eq-variance")
@given(variance=st.floats(0.3, 3.0), ratio=st.floats(0.05, 1.5))
@settings(max_examples=20, deadline=None, derandomize=True)
def test_overdamped_sampling_has_its_exact_bias(variance, ratio):
    step = ratio * variance
    start = torch.zeros(PATHS, 1, dtype=torch.float64)
    generator = torch.Generator().manual_seed(1)
    last = langevin(lambda h: -h / variance, start, 150, step, generator=generator)[:, -1, 0]
    assert abs(z_score(last, langevin_variance(variance, step))) < 4
    assert langevin_variance(variance, step, step) == pytest.approx(langevin_variance(variance, step) / 2)
    assert langevin_variance(variance, step) == pytest.approx(
        LinearMode(step / variance, Dynamics(noise_std=(2 * step) ** 0.5)).variance
    )


@pytest.mark.equation("eq-variance")
def test_full_denoising_steps_double_the_variance_off_the_paths():
    law = MarkovGaussian.random_walk(1.0, start_std=3.0, noise_std=0.5).encoded(torch.tensor([[1.0], [0.0], [0.0]]))
    states = langevin(
        lambda h: law.score(0, h),
        torch.zeros(PATHS, 3, dtype=torch.float64),
        300,
        0.25,
        generator=torch.Generator().manual_seed(3),
    )[:, -1]
    assert abs(z_score(states[:, 1], 2 * 0.25)) < 4
    assert abs(z_score(states[:, 0], langevin_variance(9.25, 0.25))) < 4


@pytest.mark.equation("eq-exact-noise", "eq-gain")
@pytest.mark.parametrize("share", [1.0, 0.6])
def test_exact_noise_is_that_of_the_awake_network_off_the_paths_and_more_along_them(share):
    law = MarkovGaussian.random_walk(1.0, start_std=3.0, noise_std=0.5)
    seen, noise = float(law.hidden_covariance(0)), 0.25
    along, off = exact_noise_variance(seen, share * noise), exact_noise_variance(noise, share * noise)
    assert along == pytest.approx(share * noise * (2 - share * (1 - float(law.gain(0)))))
    assert off == pytest.approx(share * noise * (2 - share))
    assert langevin_variance(seen, share * noise, along) == pytest.approx(seen)
    assert langevin_variance(noise, share * noise, off) == pytest.approx(noise)
    with pytest.raises(ValueError, match=r"step_size must be a number in \(0, 2\], but 2.1 came"):
        exact_noise_variance(1.0, 2.1)


@pytest.mark.equation("eq-exact-noise", "eq-miyasawa")
def test_a_clean_state_drawn_and_blurred_keeps_any_law():
    # Two clean places: given what is seen, the clean state is one of them; their chances are known.
    noise_std, generator = 0.7, torch.Generator().manual_seed(4)
    start = torch.where(torch.rand(PATHS, generator=generator) < 0.5, -1.0, 1.0)
    seen = start + noise_std * torch.randn(PATHS, generator=generator)
    chance = torch.sigmoid(2 * seen / noise_std**2)
    clean = torch.where(torch.rand(PATHS, generator=generator) < chance, 1.0, -1.0)
    again = clean + noise_std * torch.randn(PATHS, generator=generator)
    guessed = 2 * chance - 1 + noise_std * torch.randn(PATHS, generator=generator)
    exact = 1 + noise_std**2
    assert abs(z_score(again, exact)) < 4
    assert float(guessed.var()) < 0.95 * exact  # the best guess alone leaves out the spread of the clean state


@pytest.mark.parametrize(
    "dynamics",
    [
        Dynamics(friction=0.2),
        Dynamics(friction=1.0, adaptation_strength=0.05, adaptation_time=20.0),
        Dynamics(friction=0.3, adaptation_strength=0.05, adaptation_time=20.0),
    ],
)
def test_other_dynamics_sample_their_exact_law(dynamics):
    mode = LinearMode(0.1, Dynamics(**{**dynamics.__dict__, "noise_std": (0.2 * dynamics.friction) ** 0.5}))
    start = torch.zeros(PATHS, 1, dtype=torch.float64)
    last = langevin(lambda h: -h, start, 300, 0.1, dynamics, torch.Generator().manual_seed(2))[:, -1, 0]
    assert abs(z_score(last, mode.variance)) < 4


@pytest.mark.equation("eq-baoab")
@pytest.mark.parametrize("integrator", ["euler", "semi-implicit", "baoab"])
@given(stiffness=st.floats(0.5, 3.0), step_size=st.floats(0.1, 0.5), rate=st.floats(0.5, 1.5))
@settings(max_examples=20, deadline=None, derandomize=True)
def test_integrators_have_their_exact_variance(integrator, stiffness, step_size, rate):
    sampler, paths = KineticSampler(integrator, step_size, rate), 4000
    exact = sampler.stationary_variance(stiffness)
    assume(exact < 5 / stiffness)
    start = torch.zeros(paths, 1, dtype=torch.float64)
    last = sampler.sample(lambda x: -stiffness * x, start, 200, torch.Generator().manual_seed(5))[:, -1, 0]
    assert abs(z_score(last, exact)) < 4


@pytest.mark.equation("eq-baoab")
@given(stiffness=st.floats(0.1, 4.0), step_size=st.floats(0.01, 0.9), rate=st.floats(0.1, 2.0))
@settings(max_examples=30, deadline=None, derandomize=True)
def test_baoab_is_exact_in_a_parabola_and_the_rule_of_simulate_nearly(stiffness, step_size, rate):
    exact = KineticSampler("baoab", step_size, rate).stationary_variance(stiffness)
    assert exact == pytest.approx(1 / stiffness, rel=1e-6)
    ours = KineticSampler("semi-implicit", step_size, rate).stationary_variance(stiffness)
    noise = (2 * rate * step_size) ** 0.5 * step_size
    mode = LinearMode(stiffness * step_size**2, Dynamics(friction=rate * step_size, noise_std=noise))
    assert ours == pytest.approx(mode.variance)


@pytest.mark.equation("eq-baoab")
def test_biases_shrink_with_the_step_in_their_order():
    bias = {
        name: [abs(KineticSampler(name, step, 1.0).stationary_variance(1.0) - 1) for step in (0.2, 0.1, 0.05)]
        for name in ("euler", "semi-implicit")
    }
    for name, fold in (("euler", 2), ("semi-implicit", 4)):
        np.testing.assert_allclose(np.array(bias[name][:-1]) / bias[name][1:], fold, rtol=0.3)
    assert bias["euler"][1] > bias["semi-implicit"][1]
    assert KineticSampler("euler", 1.5, 0.5).stationary_variance(1.0) == float("inf")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: KineticSampler("euler", 0.1, 21.0), r"rate must be a number in \(0, 20\]"),
        (lambda: KineticSampler("baoab", 0.1, 1.0).stationary_variance(0.0), "stiffness must be"),
        (lambda: langevin(lambda h: -h, torch.zeros(2, 1), 5, 0.0), r"step_size must be a number in \(0"),
        (lambda: langevin_variance(-1.0, 0.1), "variance must be"),
    ],
)
def test_senseless_samplers_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()
