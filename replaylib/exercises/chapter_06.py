"""Exercises on adaptation."""

import numpy as np
import torch
from scipy.linalg import solve_discrete_lyapunov
from torch import Tensor

from replaylib.exercises.checking import Choice, Exercise, Function, Number, Several


def _trace(
    states: Tensor, strength: float, time: float, kept: float | None = None, taken: float | None = None
) -> Tensor:
    trace = torch.zeros_like(states[0])
    for state in states:
        trace = (1 - 1 / time if kept is None else kept) * trace + (strength / time if taken is None else taken) * state
    return trace


def _discriminant(stiffness: float, strength: float, time: float) -> float:
    return (stiffness - 1 / time) ** 2 - 4 * strength / time


def _states(seed: int, steps: int) -> Tensor:
    normal = torch.randn(steps, 3, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    return normal.round(decimals=1)


_MODES = [
    {"stiffness": k, "strength": b, "time": time}
    for k, b, time in (
        (0.05, 0.05, 20.0),
        (0.5, 0.05, 20.0),
        (0.02, 0.01, 10.0),
        (0.02, 0.02, 10.0),
        (0.3, 0.09, 10.0),
        (0.3, 0.12, 10.0),
        (0.2, 0.05, 5.0),
        (0.9, 0.5, 40.0),
        (0.3, 0.3, 10.0),
        (0.02, 0.05, 4.0),
        (0.02, 0.2, 40.0),
        (0.25, 0.2, 5.0),
        (0.6, 0.02, 2.0),
        (0.1, 1.5, 2.0),
    )
]
"""None lies on the border, where rounding would decide; together they tell the misconceptions apart."""

_LAWS = [
    {"matrix": np.array([[1 - k, -1.0], [b / time, 1 - 1 / time]]), "noise": np.array(noise)}
    for k, b, time, noise in (
        (0.05, 0.05, 20.0, [[1.0, 0.0], [0.0, 0.0]]),
        (0.3, 0.2, 5.0, [[0.5, 0.0], [0.0, 0.0]]),
        # Noise in the trace as well: with noise in h alone the transposed matrix gives the same variance.
        (0.1, 0.1, 10.0, [[1.0, 0.2], [0.2, 0.5]]),
    )
]

_TRACKS = [
    {"stiffness": kappa, "time": time}
    for kappa, time in ((0.01, 20.0), (0.007, 40.0), (0.03, 10.0), (0.06, 5.0), (0.3, 2.0))
]


def _onset(stiffness: float, time: float) -> float:
    return 1 / time + stiffness * (1 - 1 / time)


EXERCISES: dict[str, Exercise] = {
    "6.1": Function(
        _trace,
        [
            {"states": _states(seed, steps), "strength": b, "time": time}
            for seed, steps, b, time in ((0, 2, 0.2, 5.0), (1, 6, 0.05, 20.0), (2, 4, 0.5, 1.0))
        ],
        {
            "Each state enters with strength / time. You left out the division: the trace gets `time` times too large.": (
                lambda states, strength, time: _trace(states, strength, time, taken=strength)
            ),
            "You keep the share 1 / time of the trace. That is the share that fades in each step.": (
                lambda states, strength, time: _trace(states, strength, time, kept=1 / time)
            ),
            "Your trace never fades: it adds up all states alike. Each step keeps 1 - 1 / time of it.": (
                lambda states, strength, time: _trace(states, strength, time, kept=1.0)
            ),
            "Your trace leaves out the last state.": lambda states, strength, time: _trace(states[:-1], strength, time),
            "Your sum runs the wrong way: the *latest* state weighs most.": lambda states, strength, time: _trace(
                states.flip(0), strength, time
            ),
            "Your trace knows the last state alone. It holds what is left of all of them.": lambda h, b, t: (
                b / t * h[-1]
            ),
            "This is the mean of the states times the strength. Late states weigh more than early ones.": lambda h, b, t: (
                b * h.mean(0)
            ),
            "Your trace leaves out the first state.": lambda h, b, t: _trace(h[1:], b, t) if len(h) > 1 else 0 * h[0],
            "You left out the strength: the state enters with strength / time.": lambda h, b, t: _trace(h, 1.0, t),
            "These are the traces after each state. Asked is the one after the last.": lambda h, b, t: torch.stack(
                [_trace(h[: i + 1], b, t) for i in range(len(h))]
            ),
            "Your trace begins with the first state in full. It starts empty.": lambda h, b, t: (
                _trace(h, b, t) + (1 - 1 / t) ** len(h) * h[0]
            ),
        },
    ),
    "6.2": Function(
        lambda stiffness, strength, time: _discriminant(stiffness, strength, time) < 0,
        _MODES,
        {
            "Your answers are all reversed: it swings where the discriminant is *negative*.": (
                lambda stiffness, strength, time: _discriminant(stiffness, strength, time) > 0
            ),
            "Your border lacks the 4 of the discriminant.": lambda stiffness, strength, time: (
                (stiffness - 1 / time) ** 2 - strength / time < 0
            ),
            "You added stiffness and 1 / time. The two compete: their *difference* is squared.": (
                lambda stiffness, strength, time: (stiffness + 1 / time) ** 2 - 4 * strength / time < 0
            ),
            "You left out that the strength acts in portions of strength / time.": lambda stiffness, strength, time: (
                (stiffness - 1 / time) ** 2 - 4 * strength < 0
            ),
            "For you every adapted mode swings. A steep valley with weak adaptation does not.": (
                lambda stiffness, strength, time: strength > 0
            ),
            "You lost the square: the discriminant has (stiffness - 1 / time)².": (
                lambda stiffness, strength, time: abs(stiffness - 1 / time) < 4 * strength / time
            ),
            "You compared strength with stiffness. The time of the trace counts, too: look for complex roots.": (
                lambda stiffness, strength, time: strength > stiffness
            ),
            "You compared strength times time with 1. That is when replay moves along a track; a mode has a stiffness.": (
                lambda stiffness, strength, time: strength * time > 1
            ),
            "You ask whether the swing *grows*. A mode swings as soon as its roots are complex, and mostly dies out.": (
                lambda stiffness, strength, time: (1 - stiffness) * (1 - 1 / time) + strength / time > 1
            ),
            "For you a mode swings where stiffness is about 1 / time. There it swings most easily, but not only there.": (
                lambda stiffness, strength, time: abs(stiffness * time - 1) < 0.2
            ),
            "You ask whether the mode is less stiff than 1 / time. The strength counts, too.": lambda k, b, t: (
                k < 1 / t
            ),
            "You ask whether the mode is stiffer than 1 / time. The strength counts, too.": lambda k, b, t: k > 1 / t,
            "You took the time for its inverse: the discriminant has (stiffness - 1 / time)².": lambda k, b, t: (
                (k - t) ** 2 < 4 * b / t
            ),
            "This is the discriminant itself. Asked is whether it is negative.": _discriminant,
        },
    ),
    "6.3": Number(
        0.016,
        {
            0.064: "You lost the 4 of the discriminant.",
            0.0016: "You lost the time: the discriminant has 4 strength / time.",
            0.036: "You added stiffness and 1 / time. It is their difference that is squared.",
            0.0064: "This is (k - 1/time)². Now solve for the strength.",
            0.2: "You forgot to square the difference.",
            0.004: "You divided by the time where it multiplies, or lost a factor: solve (k - 1/time)² = 4 strength / time.",
            0.0256: "You multiplied by 4 where you should divide.",
            0.02: "This is the stiffness. Where it is 1 / time any strength would do; here it is not.",
            0.1: "This is 1 / time. Put it into the discriminant.",
        },
    ),
    "6.4": Function(
        lambda matrix, noise: solve_discrete_lyapunov(matrix, noise)[0, 0],
        _LAWS,
        {
            "This is the variance after a single step from rest. The kicks of earlier steps are carried on.": (
                lambda matrix, noise: noise[0, 0]
            ),
            "You solved S = M S + Q. A covariance is multiplied from *both* sides: M S Mᵀ.": (
                lambda matrix, noise: np.linalg.solve(np.eye(2) - matrix, noise)[0, 0]
            ),
            "You transposed the wrong M: the covariance of what M makes of a state is M S Mᵀ, not Mᵀ S M.": (
                lambda matrix, noise: solve_discrete_lyapunov(matrix.T, noise)[0, 0]
            ),
            "You treat h as if there were no trace: q / (1 - m²) is the law of a single number.": (
                lambda matrix, noise: noise[0, 0] / (1 - matrix[0, 0] ** 2)
            ),
            "This is a standard deviation. Asked is the variance.": lambda matrix, noise: (
                solve_discrete_lyapunov(matrix, noise)[0, 0] ** 0.5
            ),
            "This is the variance of the trace. Asked is that of h, the first of the two.": lambda m, q: (
                solve_discrete_lyapunov(m, q)[1, 1]
            ),
            "This is the covariance of h and its trace. Asked is the variance of h.": lambda m, q: (
                solve_discrete_lyapunov(m, q)[0, 1]
            ),
            "You squared the noise. It is a covariance already.": lambda m, q: solve_discrete_lyapunov(m, q**2)[0, 0],
            "This is the variance after two steps from rest. Go on until it does not change any more.": lambda m, q: (
                m @ q @ m.T + q
            )[0, 0],
            "You added the variances of h and of its trace. Asked is that of h.": lambda m, q: np.trace(
                solve_discrete_lyapunov(m, q)
            ),
        },
        tolerance=1e-4,
    ),
    "6.5": Function(
        lambda variance, covariance, noise_variance: (variance - covariance**2 / variance) / noise_variance,
        [
            {"variance": v, "covariance": c, "noise_variance": q}
            for v, c, q in ((4.0, 3.0, 1.0), (10.0, 9.5, 0.5), (2.0, -1.0, 1.2))
        ],
        {
            "This compares the whole variance with the noise. From h alone a part of the next state can be guessed.": (
                lambda variance, covariance, noise_variance: variance / noise_variance
            ),
            "The guess explains covariance² / variance, not the covariance itself.": (
                lambda variance, covariance, noise_variance: (variance - covariance) / noise_variance
            ),
            "Your ratio is upside down: a gain of more than 1 means that the past helps.": (
                lambda variance, covariance, noise_variance: noise_variance / (variance - covariance**2 / variance)
            ),
            "This is the share explained by h alone, not what is left of it.": (
                lambda variance, covariance, noise_variance: covariance**2 / variance / noise_variance
            ),
            "This is the error's variance alone. The gain divides it by that of the noise.": lambda v, c, q: (
                v - c**2 / v
            ),
            "The explained part is covariance² over *variance*: you did not divide.": lambda v, c, q: (v - c**2) / q,
            "You added what is explained. It is taken off.": lambda v, c, q: (v + c**2 / v) / q,
            "You divided by the noise's standard deviation. The gain compares variances.": lambda v, c, q: (
                (v - c**2 / v) / q**0.5
            ),
        },
    ),
    "6.6": Choice(
        "valley",
        {
            "track": "On a flat track nothing holds the state, and a push away from where it has been sets it running: "
            "compare the reach times in the table.",
            "both": "Press Adaptation: on the triangle replay gets round sooner, not later.",
            "neither": "Look at the printed steps of the single mode: the stronger the adaptation, the later it arrives.",
        },
    ),
    "6.7": Several(
        {
            "the strength": Number(
                0.05,
                {
                    20.0: "This is the time. Asked is the strength at which strength times time is 1.",
                    1.0: "This is the mobility number at the threshold. Which strength gives it, with 20 steps?",
                    0.95: "This is the share of the trace that is kept in a step.",
                    0.0025: "You divided by the time twice.",
                    0.1: "This gives the mobility number 2, well above the threshold.",
                    0.025: "This would do for a trace of 40 steps. A shorter one needs more.",
                    2.0: "You divided 40 by the memory. At the threshold strength times memory is 1.",
                },
            ),
            "the memory": Number(
                50.0,
                {
                    0.02: "This is the strength. Asked is the memory in steps.",
                    0.4: "You multiplied by the memory of the first question. At the threshold strength times memory is 1.",
                    20.0: "This is the memory of the first question. A weaker adaptation needs a longer one.",
                },
                unit="steps",
            ),
        }
    ),
    "6.8": Function(
        _onset,
        _TRACKS,
        {
            "This is the threshold of an even track: you left the stiffness out.": lambda stiffness, time: 1 / time,
            "Close: this is what the text says for a long trace. The determinant tells the rest.": (
                lambda stiffness, time: 1 / time + stiffness
            ),
            "You took the stiffness off. A hollow holds replay back, so more strength is needed, not less.": (
                lambda stiffness, time: 1 / time - stiffness * (1 - 1 / time)
            ),
            "This is the mobility number, strength times time. Asked is the strength.": (
                lambda stiffness, time: 1 + stiffness * time
            ),
            "You used the mode around zero. Along the track of adapted rests its stiffness is kappa - b_a.": (
                lambda stiffness, time: time * _onset(stiffness, time)
            ),
            "Here the mode begins to swing: its roots become complex. It leaves only where the swing *grows*.": (
                lambda stiffness, time: (stiffness**0.5 - (1 / time) ** 0.5) ** 2
            ),
            "Here the roots become real again, long after the swing has begun to grow.": (
                lambda stiffness, time: (stiffness**0.5 + (1 / time) ** 0.5) ** 2
            ),
            "You lost what an even track needs already, 1 / time.": lambda stiffness, time: stiffness * (1 - 1 / time),
            "You mixed up 1 / time and the share 1 - 1 / time that is kept.": (
                lambda stiffness, time: 1 - 1 / time + stiffness / time
            ),
            "This is the other product: stiffness fades with the share 1 - 1 / time that the trace keeps.": (
                lambda stiffness, time: 1 / time + stiffness / time
            ),
            "This is the stiffness alone: you lost what an even track needs already, and what the trace keeps.": lambda k, t: (
                k
            ),
        },
        tolerance=1e-4,
    ),
}
"""By name."""
