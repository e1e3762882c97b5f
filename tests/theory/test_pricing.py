"""The price of a speed: strength by algebra, and against the exact ring; the time that needs the least."""

import numpy as np
import pytest
import sympy
from scipy.optimize import brentq

from replaylib.dynamics.rule import Dynamics
from replaylib.theory.mobility import mobility_number, ring_speed, slow_ring_speed
from replaylib.theory.pricing import cheapest_time, strength_for


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


def test_senseless_values_are_refused():
    with pytest.raises(ValueError, match="turning must be a number in"):
        cheapest_time(0.0)
    with pytest.raises(ValueError, match="turning must be a number in"):
        strength_for(-0.1, friction=0.5, time=10.0)
    with pytest.raises(ValueError, match="friction must be a number in"):
        strength_for(0.1, friction=0.0, time=10.0)
    with pytest.raises(ValueError, match="adaptation_time must be a number in"):
        strength_for(0.1, friction=0.5, time=0.5)
