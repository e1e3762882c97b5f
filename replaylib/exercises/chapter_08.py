"""Exercises on adaptation and momentum together."""

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
        },
    ),
    "8.3": Number(
        0.7 * (1 - 1 / 40) / 0.95**2,
        {
            0.7 * (1 - 1 / 40) / 0.95: "A complex pair has two eigenvalues of this modulus: divide by its square.",
            0.7 / 0.95**2: "The trace has its own factor: the product is mu (1 - 1/time).",
            0.3 * (1 - 1 / 40) / 0.95**2: "The product has the momentum, 1 - friction, not the friction.",
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
        },
    ),
}
"""By name."""
