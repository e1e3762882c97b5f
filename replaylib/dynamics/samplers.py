"""Langevin samplers: ``simulate`` with a score for its drift, and two textbook integrators to compare it with."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import exp, sqrt
from typing import Literal

import numpy as np
import torch
from jaxtyping import Float
from scipy.linalg import solve_discrete_lyapunov
from torch import Tensor

from replaylib._checks import check_between, check_finite, check_shape
from replaylib.dynamics.rule import Dynamics, simulate

Score = Callable[[Tensor], Tensor]
"""A function from states [batch, n] to the gradient of a log density there [batch, n]."""

OVERDAMPED = Dynamics()


def langevin(
    score: Score,
    start: Float[Tensor, "batch n"],
    steps: int,
    step_size: float,
    dynamics: Dynamics = OVERDAMPED,
    generator: torch.Generator | None = None,
) -> Float[Tensor, "batch times n"]:
    """Sample the law with this score: replay with the drift step_size * score(h).

    ``dynamics`` makes it overdamped (the default), adapted (``adaptation_strength``) or underdamped (``friction``
    below 1). Its noise is set to sqrt(2 step_size friction), at which slow directions sample the law itself.
    Returns the states, [batch, steps + 1, n]. Raises ValueError where ``step_size`` is not positive or ``start`` not
    finite. Equation: eq-replay, eq-stationary. Source: Roberts & Tweedie (1996), Bernoulli 2, 341.
    """
    check_between("step_size", step_size, 0.0, float("inf"), open_low=True)
    noisy = replace(dynamics, noise_std=sqrt(2 * step_size * dynamics.friction))
    return simulate(lambda h: step_size * score(h), start, steps, noisy, generator)


def langevin_variance(variance: float, step_size: float, noise_variance: float | None = None) -> float:
    """Stationary variance of overdamped Langevin sampling of a normal law with the variance c.

    It is noise_variance/(2 step_size) * c / (1 - step_size/(2c)); the noise has the variance 2 step_size by default.
    ``inf`` where the step is too long, 2c or more. Raises ValueError where a value is not positive.
    Equation: eq-variance.
    """
    check_between("variance", variance, 0.0, float("inf"), open_low=True)
    check_between("step_size", step_size, 0.0, float("inf"), open_low=True)
    shrunk = 1 - step_size / (2 * variance)
    heat = 1.0 if noise_variance is None else noise_variance / (2 * step_size)
    return heat * variance / shrunk if shrunk > 0 else float("inf")


def exact_noise_variance(variance: float, step_size: float) -> float:
    """Variance of the noise at which overdamped Langevin sampling of a normal law keeps its variance c exactly.

    It is step_size (2 - step_size/c). For a full denoising step, of size sigma^2, it is sigma^2 (1 + K), with the gain
    K = 1 - sigma^2/c. Raises ValueError unless 0 < step_size <= 2c. Equation: eq-exact-noise.
    """
    check_between("variance", variance, 0.0, float("inf"), open_low=True)
    check_between("step_size", step_size, 0.0, 2 * variance, open_low=True)
    return step_size * (2 - step_size / variance)


@dataclass(frozen=True)
class KineticSampler:
    """Underdamped Langevin dynamics in continuous time, dx = p dt, dp = (score - rate p) dt + sqrt(2 rate) dW.

    integrator: "euler" (all terms from the old state), "semi-implicit" (first p, then x with the new p: the rule of
    ``simulate``, with friction rate * step_size), or "baoab" (the symmetric splitting).
    step_size: time of one step. rate: friction per time. Both above 0; "euler" and "semi-implicit" need
    rate * step_size below 2.

    In continuous time it keeps the law with this score, beside standard normal velocities p, whatever the score.

    Raises ValueError where a value lies outside its range.
    Equation: eq-underdamped, eq-stationary. Source: Leimkuhler & Matthews (2013), Appl. Math. Res. eXpress 2013, 34.
    """

    integrator: Literal["euler", "semi-implicit", "baoab"]
    step_size: float
    rate: float

    def __post_init__(self) -> None:
        if self.integrator not in ("euler", "semi-implicit", "baoab"):
            raise ValueError(f"integrator must be 'euler', 'semi-implicit' or 'baoab', but {self.integrator!r} came.")
        check_between("step_size", self.step_size, 0.0, float("inf"), open_low=True)
        limit = float("inf") if self.integrator == "baoab" else 2 / self.step_size
        check_between("rate", self.rate, 0.0, limit, open_low=True)

    def step(
        self, score: Score, state: Float[Tensor, "batch n2"], noise: Float[Tensor, "batch n"]
    ) -> Float[Tensor, "batch n2"]:
        """The next state (x, p), [batch, 2n], from standard normal ``noise``, [batch, n]. Equation: eq-baoab."""
        x, p = state.chunk(2, dim=1)
        dt, rate = self.step_size, self.rate
        if self.integrator == "baoab":
            half = p + dt / 2 * score(x)
            middle = x + dt / 2 * half
            kicked = exp(-rate * dt) * half + sqrt(1 - exp(-2 * rate * dt)) * noise
            after = middle + dt / 2 * kicked
            return torch.cat([after, kicked + dt / 2 * score(after)], dim=1)
        pushed = (1 - rate * dt) * p + dt * score(x) + sqrt(2 * rate * dt) * noise
        return torch.cat([x + dt * (pushed if self.integrator == "semi-implicit" else p), pushed], dim=1)

    def sample(
        self, score: Score, start: Float[Tensor, "batch n"], steps: int, generator: torch.Generator | None = None
    ) -> Float[Tensor, "batch times n"]:
        """Positions x of ``steps`` steps from ``start`` at rest, [batch, steps + 1, n].

        The loop is that of ``simulate``; its drift is what the step changes, noise included.
        """
        check_shape("start", start, ("batch", "n"))
        check_finite("start", start)
        n = start.shape[1]

        def change(state: Tensor) -> Tensor:
            noise = torch.empty_like(state[:, :n]).normal_(generator=generator)
            return self.step(score, state, noise) - state

        state = torch.cat([start, torch.zeros_like(start)], dim=1)
        return simulate(change, state, steps, Dynamics(), observe=lambda states: states[..., :n].clone())

    def stationary_variance(self, stiffness: float) -> float:
        """Exact stationary variance of x for the score -stiffness * x; ``inf`` where the step is too long.

        The true value is 1/stiffness. The step is linear then, so that its matrix is read off from unit states.
        Raises ValueError where ``stiffness`` is not positive. Equation: eq-baoab.
        """
        check_between("stiffness", stiffness, 0.0, float("inf"), open_low=True)
        units, still = torch.eye(2, dtype=torch.float64), torch.zeros(2, 1, dtype=torch.float64)
        matrix = self.step(lambda x: -stiffness * x, units, still).T.numpy()
        kick = self.step(lambda x: -stiffness * x, 0 * units[:1], still[:1] + 1).numpy()
        if np.abs(np.linalg.eigvals(matrix)).max() >= 1 - 1e-12:
            return float("inf")
        return float(solve_discrete_lyapunov(matrix, kick.T @ kick)[0, 0])
