"""The one update rule of the book, its fast kernels, and Langevin samplers."""

from replaylib.dynamics.rule import Drift, Dynamics, simulate
from replaylib.dynamics.samplers import (
    OVERDAMPED,
    KineticSampler,
    Score,
    exact_noise_variance,
    langevin,
    langevin_variance,
)

__all__ = [
    "OVERDAMPED",
    "Drift",
    "Dynamics",
    "KineticSampler",
    "Score",
    "exact_noise_variance",
    "langevin",
    "langevin_variance",
    "simulate",
]
