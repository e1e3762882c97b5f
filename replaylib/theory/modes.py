"""Exact laws of one direction of the hidden state: plain, adapted, underdamped, or both.

Near a point of rest every smooth drift is linear, and along each of its directions it is -stiffness * h. The state
(h, v, a) of such a mode follows a linear recursion, so that its law needs no simulation.
"""

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from jaxtyping import Complex, Float
from scipy.linalg import solve_discrete_lyapunov
from scipy.optimize import minimize_scalar
from torch import Tensor

from replaylib._checks import check_count
from replaylib.dynamics.rule import Dynamics

FRICTIONS = np.geomspace(1e-4, 1.99, 400)
"""Frictions among which the fastest one is sought, before the search is refined between two of them.

:meta hide-value:
"""


@dataclass(frozen=True)
class LinearMode:
    """One direction with the drift -stiffness * h, under the update rule of ``simulate``.

    stiffness: k, share of a displacement that the drift undoes per step [1/step]. It is negative where the drift
    carries the state away, as along a track of adapted rests: there it is the track's own stiffness less the
    adaptation strength, see ``replaylib.theory.mobility``.
    dynamics: friction, adaptation and noise. Where the mode is not stable, what has no finite value is ``inf``, and
    ``instability`` says why. Lengths are in the unit of h.

    Raises ValueError where ``stiffness`` is not finite.
    """

    stiffness: float
    dynamics: Dynamics

    def __post_init__(self) -> None:
        if not math.isfinite(self.stiffness):
            raise ValueError(f"stiffness must be a finite number, but {self.stiffness!r} came.")

    def drift(self, hidden: Float[Tensor, "batch n"]) -> Float[Tensor, "batch n"]:
        """-stiffness * hidden, for ``simulate``: each column of ``hidden`` is a mode of its own."""
        return -self.stiffness * hidden

    @property
    def matrix(self) -> Float[np.ndarray, "3 3"]:
        """What one noiseless step does to the state (h, v, a). Equation: eq-mode."""
        k, mu, rate = self.stiffness, self.dynamics.momentum, 1 / self.dynamics.adaptation_time
        taken = self.dynamics.adaptation_strength * rate
        return np.array([[1 - k, mu, -1.0], [-k, mu, -1.0], [taken, 0.0, 1 - rate]])

    @property
    def eigenvalues(self) -> Complex[np.ndarray, " modes"]:
        """Factors per step of the parts that h can feel, the largest first: three, or two without adaptation.

        Without adaptation the trace a stays empty, and its own factor 1 - 1/adaptation_time is left out.
        Equation: eq-characteristic, eq-adaptation-roots.
        """
        size = 3 if self.dynamics.adaptation_strength > 0 else 2
        values = np.linalg.eigvals(self.matrix[:size, :size]).astype(complex)
        return values[np.argsort(-np.abs(values), kind="stable")]

    @property
    def spectral_radius(self) -> float:
        """Largest modulus of the eigenvalues: the factor per step of the slowest part [1]."""
        return float(np.abs(self.eigenvalues[0]))

    @property
    def stable(self) -> bool:
        """Whether every displacement dies out: spectral radius below 1, by more than rounding."""
        return self.spectral_radius < 1 - 1e-12

    @property
    def instability(self) -> str:
        """Why there is no stationary law; empty where there is one."""
        if self.stable:
            return ""
        return f"The spectral radius is {self.spectral_radius:.4f}, and a stationary law needs one below 1."

    @cached_property
    def _covariance(self) -> Float[np.ndarray, "3 3"]:
        """Stationary covariance of (h, v, a)."""
        return np.asarray(solve_discrete_lyapunov(self.matrix, self._kick)) if self.stable else np.full((3, 3), np.inf)

    @property
    def _kick(self) -> Float[np.ndarray, "3 3"]:
        """Covariance of the noise of one step: it enters v, and with it h."""
        return self.dynamics.noise_std**2 * np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 0.0]])

    @property
    def variance(self) -> float:
        """Stationary variance of h. Equation: eq-momentum-variance, eq-mode-law."""
        return float(self._covariance[0, 0])

    @property
    def velocity_variance(self) -> float:
        """Stationary variance of v. Equation: eq-velocity-variance."""
        return float(self._covariance[1, 1])

    def autocovariance(self, lags: int) -> Float[np.ndarray, " lags"]:
        """Stationary covariance of h with itself 0 to ``lags`` steps later, [lags + 1]."""
        check_count("lags", lags, 0)
        if not self.stable:
            return np.full(lags + 1, np.inf)
        powers = (np.linalg.matrix_power(self.matrix, lag) for lag in range(lags + 1))
        return np.array([(power @ self._covariance)[0, 0] for power in powers])

    def moments(self, t: int, start: float = 0.0) -> tuple[Float[np.ndarray, "3"], Float[np.ndarray, "3 3"]]:
        """Mean and covariance of (h, v, a) after ``t`` steps from h = ``start``, at rest and unadapted.

        They exist at every step, for unstable modes too. Equation: eq-mode-moments, eq-flat.
        """
        check_count("t", t, 0)
        # The covariance equation is linear in the covariance's nine entries: its t-th power does all steps at once.
        step = np.eye(10)
        step[:9, :9], step[:9, 9] = np.kron(self.matrix, self.matrix), self._kick.ravel()
        with np.errstate(over="ignore", invalid="ignore"):
            mean = np.linalg.matrix_power(self.matrix, t) @ np.array([start, 0.0, 0.0])
            covariance = np.linalg.matrix_power(step, t)[:9, 9].reshape(3, 3)
        # An unstable mode outgrows all numbers in the end, and infinities must not cancel to NaN.
        return np.nan_to_num(mean, nan=np.inf), np.nan_to_num(covariance, nan=np.inf, posinf=np.inf, neginf=-np.inf)

    @property
    def relaxation_steps(self) -> float:
        """Steps in which the slowest part falls to 1/e of itself; ``inf`` where it does not fall [steps].

        Equation: eq-compression.
        """
        radius = self.spectral_radius
        if radius < 1e-12:
            return 0.0
        return float(-1 / np.log(radius)) if self.stable else float("inf")

    @property
    def prediction_gain(self) -> float:
        """Variance of h one step ahead given h alone, over that given the whole past of h; 1 means Markov [1].

        The whole past tells v and a exactly, so the second variance is that of the noise. The ratio does not depend
        on the noise. Equation: eq-prediction-gain.
        """
        unit = replace(self, dynamics=replace(self.dynamics, noise_std=1.0))
        if not unit.stable:
            return float("inf")
        now, later = unit.autocovariance(1)
        return float(now - later**2 / now)

    def _with_friction(self, friction: float) -> "LinearMode":
        return replace(self, dynamics=replace(self.dynamics, friction=friction))

    @property
    def critical_friction(self) -> float:
        """The friction at which the slowest part falls fastest, with the adaptation as it is [1/step].

        Without adaptation it is 2 sqrt(k) - k, critical damping; ``inf`` where no friction makes the mode stable.
        Equation: eq-critical.
        """
        k = self.stiffness
        if self.dynamics.adaptation_strength == 0:
            return 2 * k**0.5 - k if 0 <= k < 4 else float("inf")
        radii = [self._with_friction(float(friction)).spectral_radius for friction in FRICTIONS]
        best = int(np.argmin(radii))
        if radii[best] >= 1:
            return float("inf")
        bounds = (FRICTIONS[max(best - 1, 0)], FRICTIONS[min(best + 1, len(FRICTIONS) - 1)])
        found = minimize_scalar(
            lambda friction: self._with_friction(float(friction)).spectral_radius, bounds=bounds, method="bounded"
        )
        return float(found.x)

    @property
    def best_compression(self) -> float:
        """Relaxation time without momentum over the shortest one that friction can give, at least 1 [1].

        About 1/sqrt(k) for gentle slopes without adaptation; ``inf`` where the mode relaxes only with momentum, or
        never. Equation: eq-best-compression.
        """
        critical = self.critical_friction
        plain = self._with_friction(1.0).relaxation_steps
        if plain in (0.0, float("inf")):
            return 1.0 if plain == 0 else plain
        fastest = self._with_friction(min(max(critical, FRICTIONS[0]), FRICTIONS[-1])).relaxation_steps
        return max(1.0, plain / fastest) if fastest > 0 else float("inf")

    @property
    def law_preserving_noise_std(self) -> float:
        """The noise with which this mode has the stationary variance of plain replay at ``dynamics.noise_std`` [1].

        Raises ValueError where one of the two has no stationary law. Equation: eq-law-preserving.
        """
        plain = replace(self, dynamics=Dynamics(noise_std=1.0))
        unit = replace(self, dynamics=replace(self.dynamics, noise_std=1.0))
        for name, mode in (("plain replay", plain), ("this mode", unit)):
            if not mode.stable:
                raise ValueError(f"{name} must have a stationary law, but it has none: {mode.instability}")
        return float(self.dynamics.noise_std * (plain.variance / unit.variance) ** 0.5)
