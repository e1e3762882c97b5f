"""Exercises on adaptation and momentum together."""

import math
from functools import cache
from itertools import takewhile

import numpy as np

from replaylib.dynamics.rule import Dynamics
from replaylib.exercises.checking import Choice, Exercise, Function, Number
from replaylib.networks.linearisation import momentum_radius
from replaylib.theory.mobility import adaptation_shrinkage
from replaylib.theory.modes import LinearMode

_Matrix = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def _matrix(k: float, friction: float, strength: float, time: float) -> _Matrix:
    return LinearMode(k, Dynamics(friction=friction, adaptation_strength=strength, adaptation_time=time)).matrix


def _with(matrix: _Matrix, row: int, column: int, value: float) -> _Matrix:
    changed = matrix.copy()
    changed[row, column] = value
    return changed


def _relaxation(matrix: _Matrix) -> float:
    radius = np.abs(np.linalg.eigvals(matrix)).max()
    return float(-1 / np.log(radius)) if radius < 1 else float("inf")


def _fastest_relaxation(matrix: _Matrix) -> float:
    smallest = np.abs(np.linalg.eigvals(matrix)).min()
    return float(-1 / np.log(smallest)) if smallest > 0 else 0.0


_MOMENTA = np.linspace(0, 0.99, 100)


@cache
def _bears(kappa: complex, mu: float) -> bool:
    return bool(momentum_radius(np.array([kappa]), mu).max() < 1)


def _largest(kappa: complex) -> float:
    return float(max((mu for mu in _MOMENTA if _bears(kappa, mu)), default=0.0))


def _until_the_first_fails(kappa: complex) -> float:
    borne = list(takewhile(lambda mu: _bears(kappa, mu), _MOMENTA))
    return float(borne[-1]) if borne else 0.0


def _same_speed(mobility: float, time: float, friction: float, stiffness: float) -> tuple[float, float]:
    strength = mobility * friction / time
    return strength, adaptation_shrinkage(strength, stiffness)


_SETTINGS = [
    {"k": k, "friction": friction, "strength": strength, "time": time}
    for k, friction, strength, time in ((0.05, 0.2, 0.05, 20.0), (0.0, 0.5, 0.1, 10.0), (0.3, 1.0, 0.2, 40.0))
]

_KAPPAS = (-0.3 + 0.2j, -0.3 + 0.1j, -0.1 + 0.1j, -0.5 + 0j, -2.5 + 0j, -0.6 + 0.5j, 0.1 + 0j)
"""Swirls, a gentle slope, one so steep that only much momentum bears it, and a pass that none bears."""

_SPEEDS = [
    {"mobility": mobility, "time": time, "friction": friction, "stiffness": stiffness}
    for mobility, time, friction, stiffness in ((3.0, 10.0, 1.0, 0.3), (3.0, 10.0, 0.15, 0.3), (2.0, 20.0, 0.6, 0.1))
]

EXERCISES: dict[str, Exercise] = {
    "8.1": Function(
        _matrix,
        _SETTINGS,
        {
            "Your matrix has the friction where the momentum belongs: 1 - friction of the velocity is kept.": (
                lambda k, friction, strength, time: (
                    _matrix(k, 1 - friction, strength, time)
                    if friction < 1
                    else _with(_with(_matrix(k, friction, strength, time), 0, 1, 1.0), 1, 1, 1.0)
                )
            ),
            "Your trace pushes the state on: the force is *minus* a.": lambda k, friction, strength, time: _with(
                _with(_matrix(k, friction, strength, time), 0, 2, 1.0), 1, 2, 1.0
            ),
            "In your first row h moves with the old velocity. It moves with the new one, so the row is that of v plus h.": (
                lambda k, friction, strength, time: np.vstack(
                    [[1.0, 1.0, 0.0], _matrix(k, friction, strength, time)[1:]]
                )
            ),
            "Your trace takes up strength in each step. It takes strength / time.": lambda k, friction, strength, time: (
                _with(_matrix(k, friction, strength, time), 2, 0, strength)
            ),
            "Your trace keeps 1 / time of itself. That is what fades.": lambda k, friction, strength, time: _with(
                _matrix(k, friction, strength, time), 2, 2, 1 / time
            ),
            "Your stiffness has the wrong sign: the drift is *minus* k h.": lambda k, f, b, t: _matrix(-k, f, b, t),
            "Your trace never fades: it keeps 1 - 1 / time of itself.": lambda k, f, b, t: _with(
                _matrix(k, f, b, t), 2, 2, 1.0
            ),
            "Your trace takes up the *new* state. It takes up the old one.": lambda k, f, b, t: np.vstack(
                [_matrix(k, f, b, t)[:2], b / t * _matrix(k, f, b, t)[0] + [0, 0, 1 - 1 / t]]
            ),
            "Your rows and columns have the order v, h, a. Asked is h, v, a.": lambda k, f, b, t: _matrix(k, f, b, t)[
                [1, 0, 2]
            ][:, [1, 0, 2]],
            "The matrix has three rows: one for each of h, v and a.": lambda k, f, b, t: _matrix(k, f, b, t)[:2],
            "Your strength stands in the force. It is in the trace already, which is taken off as it is.": lambda k, f, b, t: (
                np.array([[1 - k, 1 - f, -b], [-k, 1 - f, -b], [1 / t, 0, 1 - 1 / t]])
            ),
        },
    ),
    "8.2": Function(
        _relaxation,
        [
            *({"matrix": _matrix(**one)} for one in _SETTINGS),
            {"matrix": np.diag([0.9, 0.5, 0.2])},
            {"matrix": _matrix(0.0, 0.2, 0.1, 20.0)},  # unstable
        ],
        {
            "You ask the *fastest* part. What is left in the end is the slowest: the eigenvalue of largest modulus.": (
                _fastest_relaxation
            ),
            "1 / (1 - radius) is good only near 1. A factor `radius` per step is exp(-1 / relaxation).": lambda matrix: (
                1 / (1 - np.abs(np.linalg.eigvals(matrix)).max())
                if np.abs(np.linalg.eigvals(matrix)).max() < 1
                else float("inf")
            ),
            "Where the radius is 1 or more nothing relaxes: your function should return inf there.": lambda matrix: (
                float(-1 / np.log(np.abs(np.linalg.eigvals(matrix)).max()))
            ),
            "You took real parts. A complex eigenvalue shrinks by its *modulus* in each step.": lambda matrix: (
                float(-1 / np.log(np.linalg.eigvals(matrix).real.max()))
                if np.linalg.eigvals(matrix).real.max() < 1
                else float("inf")
            ),
            "Your relaxation is negative: the logarithm of a number below 1 is.": lambda matrix: -_relaxation(matrix),
            "This is the half-life. Asked is the time to 1/e.": lambda m: _relaxation(m) * math.log(2),
            "You took the logarithm to the base 10. To 1/e belongs the natural one.": lambda m: (
                _relaxation(m) * math.log(10)
            ),
            "Your relaxation is negative, but for the mode that is not stable: the logarithm of a number below 1 is.": lambda m: (
                -_relaxation(m) if _relaxation(m) < math.inf else math.inf
            ),
            "This is a rate. The time is 1 over it.": lambda m: (
                1 / _relaxation(m) if _relaxation(m) < math.inf else math.inf
            ),
            "This is the largest modulus, the factor of one step. In how many of them is 1/e reached?": lambda m: (
                np.abs(np.linalg.eigvals(m)).max()
            ),
            "You took the norm of the matrix. What counts in the end are its eigenvalues.": lambda m: (
                -1 / math.log(np.linalg.norm(m)) if np.linalg.norm(m) < 1 else math.inf
            ),
            "Where the mode is not stable your function returns 0, as if it relaxed at once. It should return inf there.": lambda m: (
                _relaxation(m) if _relaxation(m) < math.inf else 0.0
            ),
        },
        unit="steps",
    ),
    "8.3": Number(
        0.7 * (1 - 1 / 40) / 0.95**2,
        {
            0.7 * (1 - 1 / 40) / 0.95: "A complex pair has two eigenvalues of this modulus: divide by its square.",
            0.7 / 0.95**2: "The trace has its own factor: the product is mu (1 - 1/time).",
            0.3 * (1 - 1 / 40) / 0.95**2: "The product has the momentum, 1 - friction, not the friction.",
            0.7 * (1 - 1 / 40): "This is the product of all three. Divide by the pair.",
            0.7: "This is the momentum. It is one factor of the product.",
            0.975: "This is what the trace keeps. It is one factor of the product.",
            0.95: "This is the pair's modulus.",
            0.95**2: "This is the product of the pair. Divide the product of all three by it.",
        },
        tolerance=0.002,
    ),
    "8.4": Choice(
        "travels",
        {
            "explodes": "The exact mode does. The network's units are bounded by tanh: watch its dot, not the curve.",
            "stops": "Look again, with the point well beyond the cliff, and let it run for a while.",
            "leaves the track": "Watch the grey ground: the dot keeps to it. What does it do along the track?",
        },
    ),
    "8.5": Function(
        _largest,
        [{"kappa": kappa} for kappa in _KAPPAS],
        {
            "You looked at the real part of kappa alone. It is the swirl, the imaginary part, that sets the limit.": (
                lambda kappa: _largest(complex(kappa.real, 0))
            ),
            "The product of the roots is below 1 for every mu below 1. The *larger* root may still be outside.": (
                lambda kappa: float(_MOMENTA[-1])
            ),
            "You stop at the first momentum that fails. A slope of stiffness 2.5 overshoots at little momentum, and is "
            "borne at much: try all hundred.": _until_the_first_fails,
            "You ask for the smaller root to stay inside. The larger one decides.": lambda kappa: float(
                max(mu for mu in _MOMENTA if min(abs(np.roots([1, -(1 + mu + kappa), mu]))) < 1)
            ),
            "This is the largest *friction* that does. Asked is the momentum.": lambda kappa: 1 - _largest(kappa),
            "You ask for plain replay alone: if it bears no momentum it may bear some, and if it does, it need not bear all.": lambda z: (
                0.99 if abs(1 + z) < 1 else 0.0
            ),
            "This is the *smallest* momentum that is borne. Asked is the largest.": lambda z: float(
                min((m for m in _MOMENTA if _bears(z, m)), default=0.0)
            ),
            "You took the modulus of kappa for a real slope. It is the turning that counts.": lambda z: _largest(
                complex(-abs(z), 0)
            ),
            "This is a place in the list of momenta. Asked is the momentum.": lambda z: round(100 * _largest(z)),
        },
        tolerance=0.004,
    ),
    "8.6": Choice(
        "the first",
        {
            "both": "In the T-maze with place cells find the blue and the vermilion mark near half of the running animal's speed. Which one lies lower?",
            "the second": "In the T-maze with coordinates follow the blue marks to the right. How near do they come to the dashed line?",
            "neither": "In the T-maze with coordinates no blue mark comes near the dashed line, the running animal's speed. Is there one that does?",
        },
    ),
    "8.7": Function(
        _same_speed,
        _SPEEDS,
        {
            "You left friction out. The strength is what makes strength * time / friction the mobility number.": (
                lambda mobility, time, friction, stiffness: (
                    mobility / time,
                    adaptation_shrinkage(mobility / time, stiffness),
                )
            ),
            "You divided by the friction. The mobility number already has the friction below: multiply.": (
                lambda mobility, time, friction, stiffness: (
                    mobility / (time * friction),
                    adaptation_shrinkage(mobility / (time * friction), stiffness),
                )
            ),
            "Your second number is the share that is left of the state. Asked is the share that is lost.": (
                lambda mobility, time, friction, stiffness: (
                    mobility * friction / time,
                    1 - adaptation_shrinkage(mobility * friction / time, stiffness),
                )
            ),
            "The state shrinks with the strength alone. Your second number takes the mobility number for it.": (
                lambda mobility, time, friction, stiffness: (
                    mobility * friction / time,
                    adaptation_shrinkage(mobility, stiffness),
                )
            ),
            "Your two numbers are in the wrong order: first the strength, then the share.": lambda x, t, f, k: (
                _same_speed(x, t, f, k)[::-1]
            ),
            "One number came. Return the strength and the share that is lost.": lambda x, t, f, k: _same_speed(
                x, t, f, k
            )[0],
            "You multiplied by the time. The mobility number has it on top: divide.": lambda x, t, f, k: _same_speed(
                x * t**2, t, f, k
            ),
            "Your share divides by the stiffness alone. Strength and stiffness stand below *together*.": lambda x, t, f, k: (
                x * f / t,
                x * f / t / k,
            ),
            "Your second number is in per cent. Asked is a share.": lambda x, t, f, k: (
                x * f / t,
                100 * _same_speed(x, t, f, k)[1],
            ),
            "At x = 1 a ring begins to move, but a state at rest shrinks with the whole strength: take x, not x - 1.": lambda x, t, f, k: (
                x * f / t,
                _same_speed(x - 1, t, f, k)[1],
            ),
            "You took x - 1 for x in both. The strength is what gives the mobility number itself.": lambda x, t, f, k: (
                _same_speed(x - 1, t, f, k)
            ),
        },
    ),
}
"""By name."""
