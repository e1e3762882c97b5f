"""Exact laws of a mode against simulation (z-scores), against algebra by sympy, and against a Kalman filter."""

import numpy as np
import pytest
import sympy
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.linalg import solve_discrete_are

from replaylib.dynamics.rule import Dynamics, simulate
from replaylib.theory.modes import LinearMode

PATHS = 20_000
MODES = {
    "stiffness": st.floats(0.05, 0.8),
    "friction": st.floats(0.15, 1.6),
    "strength": st.one_of(st.just(0.0), st.floats(0, 0.3)),
    "time": st.floats(1, 40),
}
at_random = settings(max_examples=20, deadline=None, derandomize=True)


def mode_of(stiffness, friction, strength, time, noise_std=1.0) -> LinearMode:
    return LinearMode(
        stiffness, Dynamics(friction=friction, adaptation_strength=strength, adaptation_time=time, noise_std=noise_std)
    )


def follow(mode: LinearMode, steps: int, start: float = 0.0) -> torch.Tensor:
    """Simulated h, [PATHS, steps + 1]."""
    first = torch.full((PATHS, 1), start, dtype=torch.float64)
    return simulate(lambda h: -mode.stiffness * h, first, steps, mode.dynamics, torch.Generator().manual_seed(4))[
        ..., 0
    ]


def variance_z(sample: torch.Tensor, exact: float) -> float:
    return (float(sample.var()) / exact - 1) / (2 / len(sample)) ** 0.5


@pytest.mark.equation("eq-mode-law", "eq-momentum-variance", "eq-velocity-variance")
@given(**MODES)
@at_random
def test_stationary_law_is_what_simulation_finds(stiffness, friction, strength, time):
    mode = mode_of(stiffness, friction, strength, time)
    assume(mode.relaxation_steps < 40)
    path = follow(mode, 400)
    assert abs(variance_z(path[:, -1], mode.variance)) < 4
    assert abs(variance_z(path[:, -1] - path[:, -2], mode.velocity_variance)) < 4
    covariances = mode.autocovariance(3)
    product = path[:, -1] * path[:, -4]
    error = (covariances[0] ** 2 + covariances[3] ** 2) ** 0.5 / PATHS**0.5
    assert abs(float(product.mean()) - covariances[3]) < 4 * error


@pytest.mark.equation("eq-mode-moments", "eq-mode")
@given(**MODES, t=st.integers(0, 25))
@at_random
def test_moments_on_the_way_are_what_simulation_finds(stiffness, friction, strength, time, t):
    mode = mode_of(stiffness, friction, strength, time)
    mean, covariance = mode.moments(t, 2.0)
    now = follow(mode, max(t, 1), 2.0)[:, t]
    if t == 0:
        assert mean[0] == 2
        assert not covariance.any()
    else:
        assert abs(float(now.mean()) - mean[0]) < 4 * (covariance[0, 0] / PATHS) ** 0.5
        assert abs(variance_z(now, covariance[0, 0])) < 4
    if mode.relaxation_steps < 40:
        late_mean, late = mode.moments(2000, 2.0)
        assert late_mean[0] == pytest.approx(0, abs=1e-9)
        assert late[0, 0] == pytest.approx(mode.variance)
        assert late[1, 1] == pytest.approx(mode.velocity_variance)


@pytest.mark.equation("eq-momentum-variance", "eq-velocity-variance", "eq-law-preserving")
def test_closed_forms_follow_from_the_covariance_equation():
    k, mu, q, a, b, g = sympy.symbols("k mu q A B G", positive=True)
    step = sympy.Matrix([[1 - k, mu], [-k, mu]])
    law = sympy.Matrix([[a, b], [b, g]])
    solution = sympy.solve(list(step * law * step.T + q * sympy.ones(2, 2) - law), [a, b, g], dict=True)[0]
    variance = q * (1 + mu) / ((1 - mu) * k * (2 + 2 * mu - k))
    velocity = 2 * q / ((1 - mu) * (2 + 2 * mu - k))
    assert sympy.simplify(solution[a] - variance) == 0
    assert sympy.simplify(solution[g] - velocity) == 0
    scale = (1 - mu) * (2 + 2 * mu - k) / ((1 + mu) * (2 - k))
    assert sympy.simplify(variance.subs(q, q * scale) - variance.subs(mu, 0)) == 0
    for friction, stiffness in ((0.2, 0.05), (0.7, 0.4), (1.5, 0.1)):
        values = {k: stiffness, mu: 1 - friction, q: 0.49}
        mode = mode_of(stiffness, friction, 0.0, 10, 0.7)
        assert mode.variance == pytest.approx(float(variance.subs(values)))
        assert mode.velocity_variance == pytest.approx(float(velocity.subs(values)))
        assert mode.law_preserving_noise_std == pytest.approx(0.7 * float(scale.subs(values)) ** 0.5)


@pytest.mark.equation("eq-mode", "eq-characteristic", "eq-adaptation-roots")
def test_characteristic_polynomials():
    k, mu, z, b, tau = sympy.symbols("k mu z b tau", positive=True)
    step = sympy.Matrix([[1 - k, mu, -1], [-k, mu, -1], [b / tau, 0, 1 - 1 / tau]])
    without = (z * sympy.eye(2) - step[:2, :2]).det()
    assert sympy.expand(without - (z**2 - (1 + mu - k) * z + mu)) == 0
    adapted = sympy.expand((z * sympy.eye(3) - step.subs(mu, 0)).det())
    discriminant = sympy.discriminant(sympy.cancel(adapted / z), z)
    assert sympy.simplify(discriminant - ((k - 1 / tau) ** 2 - 4 * b / tau)) == 0
    mode = mode_of(0.05, 0.2, 0.05, 20)
    numbers = np.array(step.subs({k: 0.05, mu: 0.8, b: 0.05, tau: 20}), dtype=float)
    np.testing.assert_allclose(mode.matrix, numbers)
    np.testing.assert_allclose(np.poly(mode.eigenvalues).real, np.poly(numbers), atol=1e-12)


@pytest.mark.equation("eq-prediction-gain")
@given(**MODES)
@at_random
def test_prediction_gain_is_that_of_a_kalman_filter(stiffness, friction, strength, time):
    mode = mode_of(stiffness, friction, strength, time)
    assume(mode.relaxation_steps < 40)
    size = 3 if strength > 1e-6 else 2
    step, kick = mode.matrix[:size, :size], mode._kick[:size, :size]
    seen = np.eye(1, size)
    # The filter sees h with a whiff of noise: without any, its equation is singular.
    filtered = solve_discrete_are(step.T, seen.T, kick, np.array([[1e-7]]))
    alone = mode.variance - mode.autocovariance(1)[1] ** 2 / mode.variance
    assert mode.prediction_gain == pytest.approx(alone / float((seen @ filtered @ seen.T)[0, 0]), rel=2e-3)


@pytest.mark.equation("eq-prediction-gain")
def test_plain_replay_is_markov_and_the_others_are_not():
    assert mode_of(0.1, 1.0, 0.0, 10).prediction_gain == pytest.approx(1, abs=1e-12)
    assert mode_of(0.1, 1.0, 0.1, 10).prediction_gain > 1.001
    assert mode_of(0.1, 0.4, 0.0, 10).prediction_gain > 1.1


@pytest.mark.equation("eq-critical", "eq-best-compression", "eq-compression")
@pytest.mark.parametrize("stiffness", [0.0005, 0.01, 0.2, 0.9, 1.7])
def test_critical_friction_relaxes_fastest(stiffness):
    plain = LinearMode(stiffness, Dynamics())
    critical = plain.critical_friction
    times = [
        LinearMode(stiffness, Dynamics(friction=friction)).relaxation_steps for friction in np.linspace(0.01, 1.99, 199)
    ]
    fastest = LinearMode(stiffness, Dynamics(friction=critical)).relaxation_steps
    assert fastest <= min(times) + 1e-9
    assert plain.best_compression == pytest.approx(max(1.0, plain.relaxation_steps / fastest))
    # The search that serves adapted modes must find the same where adaptation all but vanishes.
    assert LinearMode(
        stiffness, Dynamics(friction=1.0, adaptation_strength=1e-12, adaptation_time=1.0)
    ).critical_friction == pytest.approx(critical, rel=2e-3)
    if stiffness <= 0.01:
        assert plain.best_compression == pytest.approx(stiffness**-0.5, rel=0.06)
        slight = LinearMode(stiffness, Dynamics(friction=0.7)).relaxation_steps
        assert plain.relaxation_steps / slight == pytest.approx(1 / 0.7, rel=0.02)


@pytest.mark.equation("eq-flat")
@pytest.mark.parametrize("friction", [0.1, 0.4, 1.0])
def test_a_flat_direction_diffuses_and_scaled_noise_speeds_it_up(friction):
    mode = LinearMode(0.0, Dynamics(noise_std=0.5).with_friction(friction))
    late, later = (mode.moments(t)[1][0, 0] for t in (2000, 2001))
    assert later - late == pytest.approx(0.25 * friction / friction**2, rel=1e-6)
    path = follow(mode, 300)
    assert abs(variance_z(path[:, -1], mode.moments(300)[1][0, 0])) < 4


def test_values_of_the_book():
    both = mode_of(0.05, 0.2, 0.05, 20, 0.2**0.5)
    assert round(both.variance, 3) == 11.558
    assert round(both.spectral_radius, 4) == 0.9263
    adapted = mode_of(0.05, 1.0, 0.05, 20)
    assert round(adapted.spectral_radius, 4) == 0.9513
    assert round(adapted.variance, 3) == 7.891
    plain = mode_of(0.05, 1.0, 0.0, 20)
    assert round(plain.spectral_radius, 4) == 0.95
    assert round(plain.variance, 3) == 10.256
    flat = mode_of(0.0, 0.2, 0.1, 20, 0.2**0.5)
    assert round(flat.spectral_radius, 4) == 1.0167
    assert not flat.stable


@given(stiffness=st.floats(-3, 6), friction=st.floats(0.01, 1.99), strength=st.floats(0, 3), time=st.floats(1, 100))
@settings(max_examples=60, deadline=None, derandomize=True)
@pytest.mark.slow
def test_nothing_is_ever_nan(stiffness, friction, strength, time):
    mode = mode_of(stiffness, friction, strength, time)
    names = "spectral_radius variance velocity_variance relaxation_steps prediction_gain best_compression"
    values = [getattr(mode, name) for name in (names + " critical_friction").split()]
    values += [*mode.autocovariance(4), *mode.moments(100_000, 1.0)[0], *mode.moments(100_000, 1.0)[1].ravel()]
    assert not np.isnan(values).any()
    assert bool(mode.instability) == (not mode.stable) == np.isinf(mode.variance)


@pytest.mark.parametrize("friction", [1.0, 0.3, 1.5])
def test_a_drift_that_carries_away_has_no_law_and_says_so(friction):
    mode = mode_of(-0.02, friction, 0.0, 20)
    assert mode.spectral_radius > 1
    assert mode.variance == mode.velocity_variance == mode.relaxation_steps == mode.prediction_gain == float("inf")
    assert mode.critical_friction == mode.best_compression == float("inf")
    assert "a stationary law needs one below 1" in mode.instability
    mean, covariance = mode.moments(50, 2.0)
    now = follow(mode, 50, 2.0)[:, -1]
    assert abs(float(now.mean()) - mean[0]) < 4 * (covariance[0, 0] / PATHS) ** 0.5
    assert abs(variance_z(now, covariance[0, 0])) < 4
    with pytest.raises(ValueError, match="plain replay must have a stationary law, but it has none"):
        _ = mode.law_preserving_noise_std


def test_a_trace_can_hold_a_mode_that_the_drift_carries_away():
    held = mode_of(-0.02, 1.0, 0.04, 5)
    assert held.stable
    assert abs(variance_z(follow(held, 600)[:, -1], held.variance)) < 4


def test_senseless_modes_are_refused():
    with pytest.raises(ValueError, match="stiffness must be a finite number, but nan came"):
        LinearMode(float("nan"), Dynamics())
    with pytest.raises(ValueError, match="this mode must have a stationary law, but it has none: The spectral radius"):
        _ = LinearMode(
            0.05, Dynamics(friction=0.2, adaptation_strength=2.0, adaptation_time=20.0, noise_std=1.0)
        ).law_preserving_noise_std
    with pytest.raises(ValueError, match="lags must be a whole number of at least 0, but -1 came"):
        LinearMode(0.1, Dynamics()).autocovariance(-1)
