"""The mobility law: thresholds against algebra and spectral radii, speeds and diffusion against simulation."""

import math

import numpy as np
import pytest
import sympy
import torch

from replaylib.dynamics.rule import Dynamics, simulate
from replaylib.theory.mobility import (
    Autocorrelation,
    adaptation_shrinkage,
    code_speed,
    diffusion_gain,
    mobility_number,
    ring_speed,
    slow_ring_speed,
    threshold,
)
from replaylib.theory.modes import LinearMode

RADIUS = 5.0


def ring(hidden):
    """A drift that holds the state on a circle and lets it move freely along it."""
    distance = hidden.norm(dim=1, keepdim=True)
    return 0.3 * (RADIUS - distance) * hidden / distance


def turns(position):
    """Signed angles between one step and the next [rad]."""
    change = torch.atan2(position[..., 1], position[..., 0]).diff(dim=1)
    return torch.atan2(change.sin(), change.cos())


def turning(dynamics):
    """Radians per step of steady running on the ring, after a few noisy steps, since at rest nothing pushes."""
    start = torch.tensor([[RADIUS, 0.0]], dtype=torch.float64).expand(4, 2)
    begun = simulate(ring, start, 5, Dynamics(noise_std=0.3), torch.Generator().manual_seed(0))[:, -1]
    return float(turns(simulate(ring, begun, 4000, dynamics)[:, -500:]).mean(dim=1).abs().mean())


def at_rest(stiffness, friction, strength, time):
    """(xi, v, a) -> next, along the tangent of a track of adapted rests whose own stiffness is given."""
    kept, rate = 1 - friction, 1 / time
    slope = strength - stiffness
    return [[1 + slope, kept, -1], [slope, kept, -1], [strength * rate, 0, 1 - rate]]


@pytest.mark.equation("eq-threshold")
def test_without_stiffness_the_threshold_is_friction_over_time():
    b, l, e, z = sympy.symbols("b l e z", positive=True)  # noqa: E741 (the letters of the derivation)
    step = sympy.Matrix(at_rest(0, l, b, 1 / e))
    rest = sympy.cancel((z * sympy.eye(3) - step).det() / (z - 1))
    # By hand, in the coordinates v and b xi - a: the trace lags behind the place by what it pushes.
    by_hand = z**2 - (2 - l - e + b) * z + (1 - l) * (1 - e)
    assert sympy.expand(rest - by_hand) == 0
    # Jury: the product of the roots is below 1 and p(-1) > 0 whatever b, so that p(1) > 0 decides.
    assert sympy.factor(rest.subs(z, -1) - (2 - l) * (2 - e) - b) == 0
    assert sympy.solve(rest.subs(z, 1), b) == [e * l]
    assert threshold(friction=0.3, time=20.0) == pytest.approx(0.3 / 20)


@pytest.mark.equation("eq-threshold")
def test_with_stiffness_a_complex_pair_leaves_the_unit_circle():
    b, l, e, k, z = sympy.symbols("b l e kappa z", positive=True)  # noqa: E741
    step = sympy.Matrix(at_rest(k, l, b, 1 / e))
    found = sympy.Poly((z * sympy.eye(3) - step).det(), z)
    by_hand = sympy.Poly((z - 1 + e) * (z**2 - (2 - l + b - k) * z + 1 - l) + e * b * z, z)
    assert sympy.expand((found - by_hand).as_expr()) == 0
    _, a2, a1, a0 = found.all_coeffs()
    # A complex pair of modulus 1 makes 1 - a1 + a2 a0 - a0^2 vanish, and it is linear in b.
    (critical,) = sympy.solve(1 - a1 + a2 * a0 - a0**2, b)
    formula = l * e + k * l * (1 - e) / (1 - (1 - l) * (1 - e))
    assert sympy.simplify(critical - formula) == 0
    for friction, time, stiffness in ((1.0, 5.0, 0.007), (0.3, 40.0, 0.007), (0.2, 10.0, 0.1)):
        value = float(formula.subs({l: friction, e: 1 / time, k: stiffness}))
        assert threshold(friction=friction, time=time, stiffness=stiffness) == pytest.approx(value, rel=1e-12)
    # Near 1, 1.5 and 2 with the stiffness .007, as the measured onsets are.
    numbers = [threshold(friction=f, time=40.0, stiffness=0.007) * 40 / f for f in (1.0, 0.5, 0.3)]
    assert numbers == pytest.approx([1.27, 1.53, 1.86], abs=0.01)


def critical_strength(friction, time, stiffness):
    """Where the spectral radius of the map passes 1, by bisection."""

    def grows(strength):
        step = np.array(at_rest(stiffness, friction, strength, time))
        if stiffness == 0:
            # The root 1 that belongs to the track itself is taken out: v and b xi - a do not feel it.
            new = np.array([[0, 1, 0], [strength, 0, -1], [1, 0, 0]])
            step = (new @ step @ np.linalg.inv(new))[:2, :2]
        return np.abs(np.linalg.eigvals(step)).max() > 1

    low, high = 1e-9, 4.0
    assert not grows(low)
    assert grows(high)
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if grows(middle) else (middle, high)
    return high


@pytest.mark.equation("eq-threshold")
def test_thresholds_are_where_the_spectral_radius_passes_one():
    random = np.random.default_rng(0)
    for index in range(300):
        friction, time = random.uniform(0.03, 1.9), random.uniform(1.5, 100)
        stiffness = 0.0 if index % 3 == 0 else random.uniform(0.001, min(0.3, 1.9 - friction) + 0.005)
        found = threshold(friction=friction, time=time, stiffness=stiffness)
        assert found == pytest.approx(critical_strength(friction, time, stiffness), abs=1e-9)


def test_an_adapted_mode_is_stable_below_the_threshold_and_says_so_above():
    for friction, time, stiffness in ((1.0, 10.0, 0.01), (0.3, 40.0, 0.02), (0.1, 5.0, 0.2)):
        critical = threshold(friction=friction, time=time, stiffness=stiffness)
        below, above = (
            LinearMode(
                stiffness - b, Dynamics(friction=friction, adaptation_strength=b, adaptation_time=time, noise_std=1.0)
            )
            for b in (0.99 * critical, 1.01 * critical)
        )
        assert below.stable
        assert 0 < below.variance < float("inf")
        assert not above.stable
        assert above.variance == above.relaxation_steps == above.prediction_gain == float("inf")
        assert "a stationary law needs one below 1" in above.instability
        # The radius of both is that of the map at the adapted rest.
        step = np.array(at_rest(stiffness, friction, 1.01 * critical, time))
        assert above.spectral_radius == pytest.approx(np.abs(np.linalg.eigvals(step)).max())


@pytest.mark.equation("eq-mobility")
def test_on_an_even_track_a_push_grows_where_the_mobility_number_passes_one():
    b, e = sympy.symbols("b e", positive=True)
    # Without momentum, the place along the track and the trace along it, (xi, alpha), as the chapter writes them.
    step = sympy.Matrix([[1 + b, -1], [b * e, 1 - e]])
    assert set(step.eigenvals()) == {sympy.Integer(1), 1 + b - e}
    # The first moves place and trace together, from rest to rest. The push b xi - alpha is multiplied by the second.
    assert (step * sympy.Matrix([1, b])).expand() == sympy.Matrix([1, b])
    push = sympy.Matrix([[b, -1]])
    assert (push * step - (1 + b - e) * push).expand() == sympy.zeros(1, 2)
    for mobility in (0.5, 0.9, 1.1, 3.0):
        strength = mobility / 20
        dynamics = Dynamics(adaptation_strength=strength, adaptation_time=20.0)
        assert mobility_number(dynamics) == pytest.approx(mobility)
        mode = LinearMode(-strength, dynamics)
        assert sorted(np.abs(mode.eigenvalues))[1:] == pytest.approx(sorted((1.0, 1 + strength - 1 / 20)))
        # Simulated: a ring's push of a millionth dies out below 1, and above it grows until the state runs.
        begun = torch.tensor([[RADIUS * (1 - adaptation_shrinkage(strength, 0.3)), 0.0]], dtype=torch.float64)
        noise = Dynamics(adaptation_strength=strength, adaptation_time=20.0, noise_std=1e-6)
        speed = turns(simulate(ring, begun, 4000, noise, torch.Generator().manual_seed(0))[:, -500:]).mean().abs()
        assert (float(speed) > 1e-3) == (mobility > 1)


@pytest.mark.equation("eq-ring-exact")
@pytest.mark.parametrize(
    ("friction", "strength", "time"),
    [(1.0, 0.05, 40.0), (0.3, 0.05, 40.0), (0.2, 0.1, 10.0), (1.0, 0.3, 10.0), (0.5, 0.2, 20.0), (0.15, 0.05, 20.0)],
)
def test_ring_speed_is_exact(friction, strength, time):
    dynamics = Dynamics(friction=friction, adaptation_strength=strength, adaptation_time=time)
    assert turning(dynamics) == pytest.approx(ring_speed(dynamics), rel=1e-4)
    below = Dynamics(friction=friction, adaptation_strength=0.95 * friction / time, adaptation_time=time)
    assert ring_speed(below) == 0
    assert turning(below) < 1e-4


@pytest.mark.equation("eq-ring", "eq-ring-compression")
@pytest.mark.parametrize("friction", [1.0, 0.5, 0.2])
def test_slow_ring_speed_is_what_simulation_finds(friction):
    dynamics = Dynamics(friction=friction, adaptation_strength=0.05, adaptation_time=40.0)
    assert turning(dynamics) == pytest.approx(slow_ring_speed(dynamics), rel=0.03)
    assert slow_ring_speed(Dynamics(friction=friction, adaptation_strength=0.001, adaptation_time=40.0)) == 0


@pytest.mark.equation("eq-ring-exact", "eq-ring")
def test_ring_speed_solves_the_balance_and_is_the_slow_form_where_it_is_slow():
    w, e, b, l = sympy.symbols("omega e b l", positive=True)  # noqa: E741
    # With h = R exp(i w t) the trace is b e / (exp(i w) - 1 + e) h; along the track friction takes l sin(w).
    push = -sympy.im(sympy.simplify(b * e * (sympy.exp(-sympy.I * w) - 1 + e))) / (
        (sympy.cos(w) - 1 + e) ** 2 + sympy.sin(w) ** 2
    )
    balance = sympy.simplify(sympy.expand_complex(push) - l * sympy.sin(w))
    law = sympy.acos(1 - e**2 * (b / (e * l) - 1) / (2 * (1 - e)))
    for values in ({e: 0.1, b: 0.2, l: 0.4}, {e: 0.025, b: 0.05, l: 0.3}):
        speed = float(law.subs(values))
        assert float(balance.subs({**values, w: speed})) == pytest.approx(0, abs=1e-12)
        assert ring_speed(
            Dynamics(friction=values[l], adaptation_strength=values[b], adaptation_time=1 / values[e])
        ) == pytest.approx(speed, rel=1e-10)
    slow = Dynamics(friction=0.5, adaptation_strength=0.0005, adaptation_time=1200.0)
    assert slow_ring_speed(slow) == pytest.approx(ring_speed(slow), rel=1e-3)
    assert ring_speed(Dynamics(friction=0.1, adaptation_strength=3.0, adaptation_time=2.0)) == math.pi
    assert ring_speed(Dynamics(friction=0.5, adaptation_strength=2.0, adaptation_time=1.0)) == math.pi


@pytest.mark.equation("eq-diffusion-gain")
def test_a_kick_goes_on_pushing_until_it_has_moved_the_state_by_the_gain():
    b, e = sympy.symbols("b e", positive=True)
    # A kick of 1 makes a push of b, which keeps the share 1 + b - e of itself in each step.
    moved = 1 + b / (1 - (1 + b - e))
    assert sympy.simplify(moved - 1 / (1 - b / e)) == 0
    assert float(moved.subs({b: 0.02, e: 0.05})) ** 2 == pytest.approx(diffusion_gain(0.4))


@pytest.mark.equation("eq-diffusion-gain")
@pytest.mark.parametrize("friction", [1.0, 0.5])
def test_adaptation_raises_diffusion_below_the_threshold(friction):
    def diffusion(mobility, time=5.0):
        dynamics = Dynamics(
            friction=friction, adaptation_strength=mobility * friction / time, adaptation_time=time, noise_std=0.05
        )
        start = torch.tensor([[RADIUS, 0.0]], dtype=torch.float64).expand(3000, 2)
        path = turns(simulate(ring, start, 260, dynamics, torch.Generator().manual_seed(1)))
        # In metres: the ring of adapted rests is smaller, and the same step turns the state further there.
        radius = RADIUS * (1 - adaptation_shrinkage(dynamics.adaptation_strength, 0.3))
        return radius**2 * float(path[:, -200:].sum(dim=1).var() / 200)

    plain = diffusion(0.0)
    for mobility in (0.25, 0.5):
        assert diffusion(mobility) / plain == pytest.approx(diffusion_gain(mobility), rel=0.12)
    assert diffusion_gain(1.0) == diffusion_gain(3.0) == float("inf")


def test_weak_adaptation_makes_a_mode_narrower_and_strong_adaptation_need_not():
    b, e, k = sympy.symbols("b e k", positive=True)
    step = sympy.Matrix([[1 - k, -1], [b * e, 1 - e]])
    law = sympy.Matrix(2, 2, sympy.symbols("v c c w"))
    rest = law - step * law * step.T - sympy.Matrix([[1, 0], [0, 0]])
    variance = sympy.solve([rest[0, 0], rest[0, 1], rest[1, 1]], list(law.free_symbols), dict=True)[0][law[0, 0]]
    # Where there is a law, the sign of what adaptation adds is that of this polynomial, negative for b <= (1 - k)^2.
    sign = e * b**2 + (4 - 3 * (e + k - e * k)) * b - 2 * (2 - e) * (1 - k) ** 2
    scale = b * e / (k * (b + k) * (k - 2) * (b * e + e * k - e - k) * (b * e + e * k - 2 * e - 2 * k + 4))
    assert sympy.simplify(variance - 1 / (k * (2 - k)) - scale * sign) == 0
    for stiffness in np.linspace(0.01, 1.99, 34):
        for time in (1.5, 5.0, 20.0, 80.0):
            for share in (0.1, 1.0):
                strength = share * (1 - stiffness) ** 2
                mode = LinearMode(
                    stiffness, Dynamics(adaptation_strength=strength, adaptation_time=time, noise_std=1.0)
                )
                assert mode.variance < 1 / (stiffness * (2 - stiffness))
    for stiffness, strength in ((0.05, 1.0), (0.7, 0.5)):
        mode = LinearMode(stiffness, Dynamics(adaptation_strength=strength, adaptation_time=5.0, noise_std=1.0))
        assert mode.variance > 1.02 / (stiffness * (2 - stiffness))


@pytest.mark.equation("eq-shrinkage")
def test_an_adapted_rest_shrinks_with_strength_alone():
    for strength in (0.05, 0.2):
        for friction, share_of_threshold in ((1.0, 0.5), (0.3, 0.9)):
            time = max(1.0, share_of_threshold * friction / strength)
            start = torch.tensor([[RADIUS, 0.0]], dtype=torch.float64)
            rest = simulate(
                ring, start, 4000, Dynamics(friction=friction, adaptation_strength=strength, adaptation_time=time)
            )[0, -1].norm()
            assert float(rest) == pytest.approx(RADIUS * (1 - adaptation_shrinkage(strength, 0.3)), rel=1e-6)
    assert adaptation_shrinkage(0.0, 0.3) == 0


def harmonics(*power):
    """A ring of length 2 pi on which a cosine and a sine of each whole wavenumber have these powers."""
    angle = torch.arange(64, dtype=torch.float64) / 64 * 2 * math.pi
    waves = [(p / 1.0) ** 0.5 * f((m + 1) * angle) for m, p in enumerate(power) for f in (torch.cos, torch.sin)]
    return torch.stack(waves, dim=1)


@pytest.mark.equation("eq-code-speed")
def test_a_code_of_one_harmonic_runs_as_the_ring_does():
    code = Autocorrelation.of_ring(harmonics(2.0), 2 * math.pi * RADIUS)
    for dynamics in (
        Dynamics(friction=1.0, adaptation_strength=0.05, adaptation_time=40.0),
        Dynamics(friction=0.3, adaptation_strength=0.1, adaptation_time=10.0),
        Dynamics(friction=0.2, adaptation_strength=0.3, adaptation_time=20.0),
    ):
        assert code_speed(code, dynamics) == pytest.approx(RADIUS * ring_speed(dynamics), rel=1e-6)
    assert code_speed(code, Dynamics(friction=1.0, adaptation_strength=0.02, adaptation_time=40.0)) == 0
    just = Dynamics(friction=1.0, adaptation_strength=0.025 * (1 + 1e-5), adaptation_time=40.0)
    assert code_speed(code, just) == pytest.approx(RADIUS * ring_speed(just), rel=1e-3)


POWER = (1.0, 0.2, 0.05)


def bent_ring(angle, order=0):
    """The code of three harmonics at each angle, or its derivative of this order, [batch, 6]."""
    waves = []
    for index, power in enumerate(POWER):
        turn = (index + 1) * angle + order * math.pi / 2
        waves += [power**0.5 * (index + 1) ** order * wave(turn) for wave in (torch.cos, torch.sin)]
    return torch.stack(waves, dim=-1)


def nearest_angle(hidden):
    """Angle of the nearest place of the code: the best of a grid, made exact by Newton's method."""
    grid = torch.linspace(0, 2 * math.pi, 401, dtype=torch.float64)[:-1]
    angle = grid[(hidden @ bent_ring(grid).T).argmax(dim=1)]
    for _ in range(4):
        angle = angle - (hidden * bent_ring(angle, 1)).sum(dim=1) / (hidden * bent_ring(angle, 2)).sum(dim=1)
    return angle


@pytest.mark.equation("eq-code-speed")
@pytest.mark.parametrize(("friction", "mobility"), [(1.0, 3.0), (0.3, 3.0), (0.5, 6.0)])
def test_a_code_of_many_harmonics_runs_as_simulation_finds(friction, mobility):
    def hold(hidden):
        return bent_ring(nearest_angle(hidden)) - hidden

    # A whiff of noise, since at rest nothing pushes.
    dynamics = Dynamics(
        friction=friction, adaptation_strength=mobility * friction / 20, adaptation_time=20.0, noise_std=1e-4
    )
    start = bent_ring(torch.zeros(1, dtype=torch.float64))
    change = nearest_angle(simulate(hold, start, 1500, dynamics, torch.Generator().manual_seed(0))[0, -400:]).diff()
    found = float(torch.atan2(change.sin(), change.cos()).mean().abs())
    track = bent_ring(torch.linspace(0, 2 * math.pi, 65, dtype=torch.float64)[:-1])
    predicted = code_speed(Autocorrelation.of_ring(track, 2 * math.pi), dynamics)
    assert predicted == pytest.approx(found, rel=0.1)
    assert predicted < 0.85 * ring_speed(dynamics)


def test_autocorrelation_of_a_ring_is_that_of_its_states():
    track = harmonics(1.0, 0.3, 0.1) + 0.5
    code = Autocorrelation.of_ring(track, 3.0)
    for shift in (0, 1, 7, 32):
        product = float((track * track.roll(shift, 0)).sum(dim=1).mean())
        assert float(code(np.array([shift * 3.0 / 64]))[0]) == pytest.approx(product)
    apart = np.linspace(0.1, 1.4, 5)
    assert code.fall(apart) == pytest.approx(-(code(apart + 1e-6) - code(apart - 1e-6)) / 2e-6, rel=1e-5)
    tangent = (track.roll(-1, 0) - track.roll(1, 0)) / (2 * 3.0 / 64)
    assert code.curvature == pytest.approx(float(tangent.square().sum(dim=1).mean()), rel=0.03)
    assert Autocorrelation.of_ring(harmonics(2.0), 3.0).reach == pytest.approx(3.0 / (2 * math.pi))


def test_autocorrelation_of_scattered_states_finds_the_width_of_their_fields():
    place = torch.rand(700, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64) * 4
    centres = torch.cartesian_prod(*(torch.linspace(-1, 5, 25, dtype=torch.float64),) * 2)
    width = 0.5
    hidden = torch.exp(-(torch.cdist(place, centres) ** 2) / (2 * width**2))
    code = Autocorrelation.of_states(hidden, torch.cdist(place, place))
    exact = math.pi * width**2 / 0.25**2
    apart = np.array([0.2, 0.6, 1.2])
    assert code(apart) == pytest.approx(exact * np.exp(-(apart**2) / (4 * width**2)), rel=0.04)
    assert code.curvature == pytest.approx(exact / (2 * width**2), rel=0.1)
    assert code.fall(apart) == pytest.approx(-(code(apart + 1e-6) - code(apart - 1e-6)) / 2e-6, rel=1e-5)


def test_mobility_number():
    assert mobility_number(Dynamics(friction=0.3, adaptation_strength=0.1, adaptation_time=20.0)) == pytest.approx(
        6.667, abs=1e-3
    )
    assert mobility_number(Dynamics()) == 0


def test_senseless_values_are_refused():
    with pytest.raises(ValueError, match="adaptation_time must be a number in"):
        threshold(friction=0.5, time=0.0)
    with pytest.raises(ValueError, match="friction must be a number in"):
        threshold(friction=0.0, time=10.0)
    with pytest.raises(ValueError, match=r"stiffness must be a number in \[0, 2\], but -0.1 came"):
        threshold(friction=1.0, time=10.0, stiffness=-0.1)
    with pytest.raises(ValueError, match=r"stiffness must lie below 2 \(2 - friction\) = 2, but 2.0 came"):
        threshold(friction=1.0, time=10.0, stiffness=2.0)
    with pytest.raises(ValueError, match="mobility must be a number"):
        diffusion_gain(-1.0)
    with pytest.raises(ValueError, match="stiffness must be a number in"):
        adaptation_shrinkage(0.1, 0.0)
    with pytest.raises(ValueError, match="code must differ between places"):
        code_speed(
            Autocorrelation.of_ring(torch.ones(8, 3), 1.0),
            Dynamics(friction=1.0, adaptation_strength=0.1, adaptation_time=40.0),
        )
    with pytest.raises(ValueError, match="at least two bins of distance must hold 50 pairs, but 0 do"):
        Autocorrelation.of_states(torch.ones(3, 2), torch.zeros(3, 3))
