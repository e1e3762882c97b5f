"""What a speed costs: by the law of slow turning, the adaptation strength that it takes, and the time that takes least.

It is the strength that shrinks the state (``adaptation_shrinkage``), so that strength is what a speed is paid with.
"""

from replaylib._checks import check_between
from replaylib.dynamics.rule import Dynamics


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
