"""Exercises on adaptation and momentum together."""

import numpy as np

from replaylib.dynamics.rule import Dynamics
from replaylib.exercises.checking import Choice, Exercise, Function, Number
from replaylib.networks.linearisation import momentum_radius
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


_MOMENTA = np.linspace(0, 0.99, 100)


def _largest(kappa: complex) -> float:
    fits = [mu for mu in _MOMENTA if momentum_radius(np.array([kappa]), mu).max() < 1]
    return float(max(fits, default=0.0))


_SETTINGS = [
    {"k": k, "friction": friction, "strength": strength, "time": time}
    for k, friction, strength, time in ((0.05, 0.2, 0.05, 20.0), (0.0, 0.5, 0.1, 10.0), (0.3, 1.0, 0.2, 40.0))
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
                lambda matrix: float(-1 / np.log(np.abs(np.linalg.eigvals(matrix)).min()))
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
        [{"kappa": kappa} for kappa in (-0.3 + 0.2j, -0.3 + 0.1j, -0.1 + 0.1j, -0.5 + 0j, -0.6 + 0.5j, 0.1 + 0j)],
        {
            "You looked at the real part of kappa alone. It is the swirl, the imaginary part, that sets the limit.": (
                lambda kappa: _largest(complex(kappa.real, 0))
            ),
            "The product of the roots is below 1 for every mu below 1. The *larger* root may still be outside.": (
                lambda kappa: float(_MOMENTA[-1])
            ),
            "You ask for the smaller root to stay inside. The larger one decides.": lambda kappa: float(
                max(mu for mu in _MOMENTA if min(abs(np.roots([1, -(1 + mu + kappa), mu]))) < 1)
            ),
            "This is the largest *friction* that does. Asked is the momentum.": lambda kappa: 1 - _largest(kappa),
        },
        tolerance=0.011,
    ),
    "8.6": Choice(
        "b",
        {
            "a": "Less friction makes it faster still, but follow the line of the book's strength on from its ring: it comes no nearer to the awake law.",
            "c": "Twice the noise changes the law itself, and makes no progress towards the turn.",
        },
    ),
}
"""By name."""
