"""The price of a speed: strength by algebra, and against the exact ring; the size of a state that runs, simulated."""

import numpy as np
import pytest
import sympy
import torch
from scipy.optimize import brentq

from replaylib.dynamics.rule import Dynamics, simulate
from replaylib.theory.mobility import mobility_number, ring_speed, slow_ring_speed
from replaylib.theory.pricing import cheapest_time, running_size, strength_for


@pytest.mark.equation("eq-cheapest-time")
@pytest.mark.parametrize(("friction", "time", "turning"), [(1.0, 10.0, 0.1), (0.3, 40.0, 0.05), (0.15, 5.0, 0.3)])
def test_the_strength_for_a_speed_gives_that_speed(friction, time, turning):
    strength = strength_for(turning, friction=friction, time=time)
    dynamics = Dynamics(friction=friction, adaptation_strength=strength, adaptation_time=time)
    assert slow_ring_speed(dynamics) == pytest.approx(turning, rel=1e-12)
    assert strength_for(0.0, friction=friction, time=time) == friction / time


@pytest.mark.equation("eq-cheapest-time")
def test_the_cheapest_time_needs_the_least_strength():
    w, t, l = sympy.symbols("omega tau l", positive=True)  # noqa: E741 (the letters of the derivation)
    strength = l * (1 / t + w**2 * t)
    assert sympy.solve(strength.diff(t), t) == [1 / w]
    assert sympy.simplify((strength * t / l).subs(t, 1 / w)) == 2
    for friction, turning in ((1.0, 0.1), (0.3, 0.05)):
        time = cheapest_time(turning)
        least = strength_for(turning, friction=friction, time=time)
        assert least == pytest.approx(2 * friction * turning)
        assert mobility_number(
            Dynamics(friction=friction, adaptation_strength=least, adaptation_time=time)
        ) == pytest.approx(2)
        assert all(strength_for(turning, friction=friction, time=factor * time) > least for factor in (0.9, 1.1))


def test_the_exact_ring_agrees():
    def needed(friction, time, turning):
        """The strength at which the exact ring turns so fast."""
        low = friction / time
        return brentq(
            lambda b: ring_speed(Dynamics(friction=friction, adaptation_strength=b, adaptation_time=time)) - turning,
            low,
            100 * friction,
        )

    times = np.arange(2.0, 60.0)
    for friction, turning in ((1.0, 0.1), (0.3, 0.05), (0.15, 0.03)):
        strengths = [needed(friction, time, turning) for time in times]
        best = times[int(np.argmin(strengths))]
        assert cheapest_time(turning) == pytest.approx(best, abs=0.6)
        assert strength_for(turning, friction=friction, time=best) == pytest.approx(min(strengths), rel=0.06)


def size_on_a_ring(dynamics, stiffness):
    """Size of the state, over the ring's, in the end of a long noiseless replay round it."""

    def ring(hidden):
        distance = hidden.norm(dim=1, keepdim=True)
        return stiffness * (5 - distance) * hidden / distance

    start = torch.tensor([[5.0, 0.0]], dtype=torch.float64).expand(4, 2)
    # A few noisy steps, since at rest nothing pushes.
    begun = simulate(ring, start, 5, Dynamics(noise_std=0.3), torch.Generator().manual_seed(0))[:, -1]
    return float(simulate(ring, begun, 4000, dynamics)[:, -200:].norm(dim=-1).mean()) / 5


@pytest.mark.equation("eq-running-size")
@pytest.mark.parametrize(
    ("friction", "strength", "time", "stiffness"),
    [
        (1.0, 0.3, 10.0, 0.3),
        (0.3, 0.09, 10.0, 0.3),
        (0.15, 0.09, 10.0, 0.3),
        (0.5, 0.2, 20.0, 0.5),
        (1.0, 0.05, 10.0, 0.3),
    ],
)
def test_the_size_of_a_running_state_is_exact(friction, strength, time, stiffness):
    dynamics = Dynamics(friction=friction, adaptation_strength=strength, adaptation_time=time)
    assert running_size(dynamics, stiffness) == pytest.approx(size_on_a_ring(dynamics, stiffness), rel=1e-9)


@pytest.mark.equation("eq-running-size")
def test_at_one_speed_less_friction_makes_a_larger_state():
    sizes = [
        running_size(Dynamics(friction=f, adaptation_strength=0.3 * f, adaptation_time=10.0), 0.4)
        for f in (1.0, 0.6, 0.3, 0.15)
    ]
    assert sizes == sorted(sizes)
    assert sizes[0] < 1 < sizes[-1]
    # A state that has just begun to run has the size of one at rest.
    just = Dynamics(friction=0.3, adaptation_strength=0.03 * (1 + 1e-9), adaptation_time=10.0)
    assert running_size(just, 0.4) == pytest.approx(0.4 / 0.43)
    flung = Dynamics(friction=0.05, adaptation_strength=0.5, adaptation_time=10.0)
    assert running_size(flung, 0.4) == float("inf")


def test_senseless_values_are_refused():
    with pytest.raises(ValueError, match="turning must be a number in"):
        cheapest_time(0.0)
    with pytest.raises(ValueError, match="turning must be a number in"):
        strength_for(-0.1, friction=0.5, time=10.0)
    with pytest.raises(ValueError, match="stiffness must be a number in"):
        running_size(Dynamics(), 0.0)
    with pytest.raises(ValueError, match="friction must be a number in"):
        strength_for(0.1, friction=0.0, time=10.0)
    with pytest.raises(ValueError, match="adaptation_time must be a number in"):
        strength_for(0.1, friction=0.5, time=0.5)
