"""Why order matters: how far value is carried from a reward by the states that a supplier names, exactly.

A backup looks one step ahead. So the state at distance d along a way from the reward is learnt just when the states at
distances 1, 2, ..., d have been named in this order, whatever else was named between them.
"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int
from scipy.stats import binom

from replaylib._checks import check_between, check_count


def carried(state: Int[np.ndarray, "worlds steps"], way: Sequence[int]) -> Int[np.ndarray, "worlds steps"]:
    """States along a way that are learnt after each step; ``way`` leads outwards from the reward, which it leaves out.

    Right where there is one shortest way to each of these states. Raises ValueError where the way is empty.
    Equation: eq-carried.
    """
    check_count("the length of the way", len(way))
    outwards = np.array([*way, -1])  # no state is -1: the end of the way is never passed
    reached = np.zeros(state.shape, dtype=int)
    now = np.zeros(len(state), dtype=int)
    for step, named in enumerate(state.T):
        now = now + (outwards[now] == named)
        reached[:, step] = now
    return reached


def carried_at_random(states: int, length: int, steps: int) -> Float[np.ndarray, " steps"]:
    """Expected states along a way of this length that are learnt after each step by states at random.

    Each step names the next state of the way with probability 1/states, so that the mean is that of a binomial number,
    cut off at the end of the way. Raises ValueError where a number is no positive whole one.
    Equation: eq-carried-random.
    """
    for name, value in (("states", states), ("length", length), ("steps", steps)):
        check_count(name, value)
    taken, tries = np.arange(length), np.arange(1, steps + 1)
    # The mean of a number up to ``length`` is the sum over k of the chance that it exceeds k.
    mean: Float[np.ndarray, " steps"] = np.asarray(binom.sf(taken[None], tries[:, None], 1 / states)).sum(1)
    return mean


def carried_by_wave(
    states: int, length: int, steps: int, speed: float = 1.0, *, outwards: bool = True
) -> Float[np.ndarray, " steps"]:
    """States along a way on a ring that are learnt by a wave that never turns, from the reward on [states].

    speed: of the wave, up to one bin a step [bins/step]. Outwards it learns a state with every bin, up to the end of
    the way. The other way round it comes to the states from the far end: each lap it learns one.
    Raises ValueError where the speed is no more than 0 or above 1, or a number is no positive whole one.
    Equation: eq-carried-wave.
    """
    for name, value in (("states", states), ("length", length), ("steps", steps)):
        check_count(name, value)
    check_between("speed", speed, 0.0, 1.0, open_low=True)
    run = np.floor(speed * np.arange(1, steps + 1) + 1e-9)
    # Distance 1 is passed last in a lap, distance 2 one bin before it in the next: from one to the other n - 1 bins.
    learnt = run if outwards else np.floor(run / max(states - 1, 1))
    reached: Float[np.ndarray, " steps"] = np.minimum(learnt, length)
    return reached
