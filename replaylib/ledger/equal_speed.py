"""Settings of one speed at several frictions, by one rule, from what was tried on the tuning networks.

For a task and a friction, with the adaptation time of 10 steps: the strength at which displacement in 20 steps is 0.6
of that of the running animal, in the mean over the tuning networks. Between the last strength of the grid that is
slower and the next, which is as fast or faster, the logarithm of speed is taken to be linear in that of strength.

Why 0.6: with coordinates and at friction 0.15 replay comes to 0.54 with hardly any adaptation, and above 0.6 a T-maze
with place cells is no longer tolerated at friction 1. What comes out stands in ``measurements.decoding.STRENGTHS``, and
a test applies the rule again. Near the onset of motion a small change of strength is a large one of speed, and networks
differ. So these strengths are where each network's own search for the same speed begins, with other noise than that
which is decoded.
"""

import math
from collections.abc import Sequence

from replaylib.ledger.choosing import Trial, tried
from replaylib.ledger.measurements.decoding import FRICTIONS, SPEED, TIME

DIGITS = 4
"""Decimals of a strength that are kept."""


def strength_of(trials: Sequence[Trial], friction: float, speed: float = SPEED) -> float:
    """The strength with which trials of this friction reach ``speed`` times the running animal's [1].

    Raises ValueError where the weakest is faster, or none is as fast.
    """
    curve = [(one.setting.strength, one.speed) for one in trials if _at(one, friction)]
    after = next((index for index, (_, shown) in enumerate(curve) if shown >= speed), 0)
    if after == 0:
        shown = ", ".join(f"{one:.2f}" for _, one in curve)
        raise ValueError(f"speeds at friction {friction:g} must reach {speed:g} from below, but {shown} came.")
    (weak, slow), (strong, fast) = curve[after - 1], curve[after]
    share = math.log(speed / slow) / math.log(fast / slow)
    return round(float(weak * (strong / weak) ** share), DIGITS)


def _at(trial: Trial, friction: float) -> bool:
    return trial.setting.time == TIME and trial.setting.friction == friction


def strengths(name: str) -> tuple[float, ...]:
    """The strengths of a task, one a friction."""
    return tuple(strength_of(tried(name), friction) for friction in FRICTIONS)
