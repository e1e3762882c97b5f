"""What a speed costs: the adaptation strength that it takes, the time that takes least, and the size of the state.

A state at rest shrinks with the strength (``adaptation_shrinkage``). One that runs shrinks with friction over time, and
its own turning throws it outwards.
"""

import math

from replaylib._checks import check_between
from replaylib.dynamics.rule import Dynamics
from replaylib.theory.mobility import mobility_number, ring_speed


def strength_for(turning: float, *, friction: float, time: float) -> float:
    """The adaptation strength with which a ring turns so fast, friction (1/time + turning^2 time) [1].

    turning: radians per step, or metres per step over the reach of a code. friction [1/step]. time [steps].
    For slow turning and an even track, as ``slow_ring_speed``, which it solves for the strength.
    Raises ValueError where a value lies outside its range. Equation: eq-cheapest-time.
    """
    check_between("turning", turning, 0.0, float("inf"))
    Dynamics(friction=friction, adaptation_time=time)
    return friction * (1 / time + turning**2 * time)


def cheapest_time(turning: float) -> float:
    """The adaptation time at which ``strength_for`` is least, 1/turning, whatever the friction [steps].

    There the mobility number is 2. Raises ValueError where turning is not positive. Equation: eq-cheapest-time.
    """
    check_between("turning", turning, 0.0, float("inf"), open_low=True)
    return 1 / turning


def running_size(dynamics: Dynamics, stiffness: float) -> float:
    """Size of a state that runs round a ring by itself, over that of the ring, exactly [1].

    For a drift that restores the size with stiffness * (R - now) [1/step]. At the speed omega of ``ring_speed`` it is
    stiffness / (stiffness + friction/time - 2 (1 - cos omega)): the trace pulls inwards, and the turning throws
    outwards. Where the mobility number is at most 1 the state rests, and has the size
    stiffness / (stiffness + strength). ``inf`` where nothing holds it.
    Raises ValueError where the stiffness is not positive. Equation: eq-running-size.
    """
    check_between("stiffness", stiffness, 0.0, float("inf"), open_low=True)
    inwards = dynamics.adaptation_strength
    if mobility_number(dynamics) > 1:
        inwards = dynamics.friction / dynamics.adaptation_time - 2 * (1 - math.cos(ring_speed(dynamics)))
    return stiffness / (stiffness + inwards) if stiffness + inwards > 0 else float("inf")
