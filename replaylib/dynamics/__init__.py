"""The one update rule of the book, its fast kernels, and Langevin samplers."""

from replaylib.dynamics.drifts import AdaptableDrift, Drift, RecurrentDrift
from replaylib.dynamics.rule import Dynamics, simulate
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
    "AdaptableDrift",
    "Drift",
    "Dynamics",
    "KineticSampler",
    "RecurrentDrift",
    "Score",
    "exact_noise_variance",
    "langevin",
    "langevin_variance",
    "simulate",
]
