"""Exact laws of noisy linear paths: the score that replay should follow, as a function of time.

A linear Markov path s' = A s + B w has a Gaussian law at every step, so that its score is known without estimation.
"""

from copy import copy
from itertools import accumulate
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from replaylib._checks import check_between, check_count, check_finite, check_shape
from replaylib.theory.modes import LinearMode

__all__ = ["LinearMode", "MarkovGaussian", "ScoreParts"]


class ScoreParts(NamedTuple):
    """The three parts of noise_std^2 * score, each [batch, n]; their sum is what one step of denoising adds."""

    leak: Float[Tensor, "batch n"]
    recurrent: Float[Tensor, "batch n"]
    bias: Float[Tensor, "batch n"]


class MarkovGaussian:
    """A path s_{t+1} = A s_t + B w_t with s_0 ~ N(mean, covariance), seen through the noisy code h = E s + sigma xi.

    transition: A, [d, d], or [steps, d, d] where it changes with time.
    noise_factor: B, [d, k], or [steps, d, k]. mean: [d] [m]. covariance: [d, d] [m^2].
    noise_std: sigma, standard deviation of the code's noise, above 0 [1].
    The code is E = identity unless ``encoded`` gives another. All tensors become float64.

    Raises ValueError where shapes do not fit, a number is not finite, or ``covariance`` is not a covariance.
    Equation: eq-path.
    Source: arXiv:2602.18401, whose gradients of Markov Gaussian paths these are.
    """

    def __init__(
        self, transition: Tensor, noise_factor: Tensor, mean: Tensor, covariance: Tensor, noise_std: float = 1.0
    ) -> None:
        d = mean.shape[-1] if mean.ndim else 1
        for name, tensor, shape in (
            ("transition", transition, ("...", d, d)),
            ("noise_factor", noise_factor, ("...", d, "k")),
            ("mean", mean, (d,)),
            ("covariance", covariance, (d, d)),
        ):
            check_shape(name, tensor, shape)
            check_finite(name, tensor)
        check_between("noise_std", noise_std, 0.0, float("inf"), open_low=True)
        self.transition, self.noise_factor, self.noise_std = transition.double(), noise_factor.double(), noise_std
        self._start_mean, self._start_covariance = mean.double(), covariance.double()
        symmetric = torch.allclose(self._start_covariance, self._start_covariance.T)
        if not symmetric or float(torch.linalg.eigvalsh(self._start_covariance)[0]) < -1e-9:
            raise ValueError(f"covariance must be symmetric with no negative eigenvalue, but {covariance} came.")
        self.encoder = torch.eye(d, dtype=torch.float64)

    @classmethod
    def random_walk(
        cls, step_std: float, start_std: float = 0.0, dimensions: int = 1, noise_std: float = 1.0
    ) -> "MarkovGaussian":
        """s' = s + step_std w, in any number of dimensions: its covariance grows for ever. Equation: eq-walk."""
        eye = torch.eye(dimensions, dtype=torch.float64)
        return cls(eye, step_std * eye, eye[0] * 0, start_std**2 * eye, noise_std)

    @classmethod
    def ornstein_uhlenbeck(
        cls,
        correlation_time: float,
        std: float = 1.0,
        start_std: float = 0.0,
        dimensions: int = 1,
        noise_std: float = 1.0,
    ) -> "MarkovGaussian":
        """s' = r s + sqrt(1 - r^2) std w with r = exp(-1/correlation_time): its law settles at N(0, std^2).

        correlation_time [steps]. Raises ValueError unless it is above 0. Equation: eq-settle.
        """
        check_between("correlation_time", correlation_time, 0.0, float("inf"), open_low=True)
        eye = torch.eye(dimensions, dtype=torch.float64)
        kept = float(torch.exp(torch.tensor(-1 / correlation_time, dtype=torch.float64)))
        return cls(kept * eye, (1 - kept**2) ** 0.5 * std * eye, eye[0] * 0, start_std**2 * eye, noise_std)

    @classmethod
    def bridge(cls, step_std: float, steps: int, dimensions: int = 1, noise_std: float = 1.0) -> "MarkovGaussian":
        """A random walk that starts at 0 and is bound to be at 0 again after ``steps`` steps: it spreads, then narrows.

        With r steps to go it keeps the share (r - 1)/r of its position, and its noise is step_std sqrt((r - 1)/r).
        Equation: eq-bridge.
        """
        check_count("steps", steps, 2)
        eye = torch.eye(dimensions, dtype=torch.float64)
        kept = 1 - 1 / torch.arange(steps, 0, -1, dtype=torch.float64)[:, None, None]
        return cls(kept * eye, step_std * kept.sqrt() * eye, eye[0] * 0, 0 * eye, noise_std)

    @classmethod
    def fitted(cls, paths: Float[Tensor, "count times d"], noise_std: float = 1.0) -> "MarkovGaussian":
        """The path whose law has the sample's means and covariances at every step, and those of neighbouring steps.

        The means are set to zero: what is fitted is how positions spread. The best linear guess of the next position,
        A_t = C_{t+1,t} P_t^{-1}, and the covariance of its error carry P_t exactly into P_{t+1}. With paths measured
        from their starts, P_0 is 0. Raises ValueError where fewer than two paths or steps came, or one is not finite.
        """
        check_shape("paths", paths, ("count", "times", "d"))
        check_finite("paths", paths)
        check_count("the number of paths", len(paths), 2)
        check_count("the number of times", paths.shape[1], 2)
        centred = (paths - paths.mean(0)).double().transpose(0, 1)  # [times, count, d]
        spread = centred.mT @ centred / (len(paths) - 1)
        kept = centred[1:].mT @ centred[:-1] / (len(paths) - 1) @ torch.linalg.pinv(spread[:-1], hermitian=True)
        values, vectors = torch.linalg.eigh(spread[1:] - kept @ spread[:-1] @ kept.mT)
        return cls(kept, vectors * values.clamp(min=0).sqrt()[:, None], 0 * spread[0, 0], spread[0], noise_std)

    def encoded(self, encoder: Float[Tensor, "n d"]) -> "MarkovGaussian":
        """The same path in the code h = encoder s + sigma xi, ``encoder`` of shape [n, d] with full rank.

        Raises ValueError where its shape does not fit or its columns depend on each other.
        """
        check_shape("encoder", encoder, ("n", len(self._start_mean)))
        check_finite("encoder", encoder)
        if int(torch.linalg.matrix_rank(encoder.double())) < encoder.shape[1]:
            raise ValueError("encoder must have independent columns, but they depend on each other.")
        changed = copy(self)
        changed.encoder = encoder.double()
        return changed

    def _through_time(self, steps: int) -> list[tuple[Tensor, Tensor]]:
        """A and B of the first ``steps`` steps."""
        check_count("t", steps, 0)
        limits = [len(x) for x in (self.transition, self.noise_factor) if x.ndim == 3]
        if limits and steps > min(limits):
            raise ValueError(
                f"t must be a whole number from 0 to {min(limits)}, where the path ends, but {steps} came."
            )
        factors = [x if x.ndim == 3 else x.expand(steps, *x.shape) for x in (self.transition, self.noise_factor)]
        return list(zip(*(x[:steps] for x in factors), strict=True))

    def mean(self, t: int) -> Float[Tensor, " d"]:
        """m_t = A m_{t-1}: mean of s_t [m]. Raises ValueError where ``t`` is no step of the path."""
        means: list[Tensor] = list(accumulate(self._through_time(t), lambda m, ab: ab[0] @ m, initial=self._start_mean))
        return means[-1]

    def covariances(self, steps: int) -> Float[Tensor, "times d d"]:
        """P_0 to P_steps, P_{t+1} = A P_t A' + B B': covariances of s_t [m^2]. Equation: eq-path-covariance."""
        grow = accumulate(
            self._through_time(steps),
            lambda p, ab: ab[0] @ p @ ab[0].T + ab[1] @ ab[1].T,
            initial=self._start_covariance,
        )
        return torch.stack(list(grow))

    def covariance(self, t: int) -> Float[Tensor, "d d"]:
        """P_t [m^2]. Raises ValueError where ``t`` is no step of the path."""
        return self.covariances(t)[-1]

    def hidden_covariance(self, t: int) -> Float[Tensor, "n n"]:
        """C_t = E P_t E' + sigma^2 I, the covariance of the code h_t."""
        spread = self.encoder @ self.covariance(t) @ self.encoder.T
        return spread + self.noise_std**2 * torch.eye(len(spread), dtype=torch.float64)

    def gain(self, t: int) -> Float[Tensor, "d d"]:
        """The Wiener gain K_t = P_t (sigma^2 I + E'E P_t)^{-1}, [d, d].

        For an orthonormal code it is P_t (P_t + sigma^2 I)^{-1}: near 1 where the path has spread far beyond the noise.
        Equation: eq-gain.
        """
        return self._gains(t)[-1]

    def _gains(self, steps: int) -> Float[Tensor, "times d d"]:
        spread = self.covariances(steps)
        eye = torch.eye(spread.shape[-1], dtype=torch.float64)
        seen = self.noise_std**2 * eye + self.encoder.T @ self.encoder @ spread
        gains: Tensor = torch.linalg.solve(seen, spread, left=False)
        return gains

    def score_parts(self, t: int, hidden: Float[Tensor, "batch n"]) -> ScoreParts:
        """The leak, recurrent and bias parts of sigma^2 grad log p_t at ``hidden``, [batch, n].

        leak = -h, the same at all times; recurrent = E K_t E' h; bias = E (I - K_t E'E) m_t.
        Raises ValueError where ``hidden`` does not fit the code. Equation: eq-moving-score.
        """
        check_shape("hidden", hidden, ("batch", len(self.encoder)))
        code, gain, mean = self.encoder, self.gain(t), self.mean(t)
        h = hidden.double()
        bias = code @ (mean - gain @ code.T @ (code @ mean))
        return ScoreParts(-h, h @ code @ gain.T @ code.T, bias.expand_as(h))

    def score(self, t: int, hidden: Float[Tensor, "batch n"]) -> Float[Tensor, "batch n"]:
        """grad log p_t at ``hidden``, [batch, n]: the gradient that replay of step t should follow."""
        leak, recurrent, bias = self.score_parts(t, hidden)
        return (leak + recurrent + bias) / self.noise_std**2

    def leaky_network(self, t: int, share: float = 1.0) -> tuple[float, Float[Tensor, "n n"], Float[Tensor, " n"]]:
        """Leak, recurrent weights W and bias b of the linear network whose drift -leak h + W h + b follows the score.

        It makes the ``share`` of a denoising step, a step of size share * sigma^2 up the score; its leak is the share.
        Raises ValueError unless ``share`` lies in (0, 1]. Equation: eq-leak-network.
        """
        check_between("share", share, 0.0, 1.0, open_low=True)
        n = len(self.encoder)
        bias = share * self.score_parts(t, torch.zeros(1, n, dtype=torch.float64)).bias[0]
        return share, share * self.encoder @ self.gain(t) @ self.encoder.T, bias

    def best_constant_gain(self, steps: int) -> Float[Tensor, "d d"]:
        """The one gain that serves steps 0 to ``steps`` best, in the mean square over the paths: K*.

        For an orthonormal code it is Pbar (Pbar + sigma^2 I)^{-1}, with Pbar the mean of P_t over time.
        Equation: eq-constant-gain.
        """
        gains, seen = self._gains(steps), self._seen(steps)
        best: Tensor = torch.linalg.solve(seen.sum(0), (gains @ seen).sum(0), left=False)
        return best

    def _seen(self, steps: int) -> Float[Tensor, "times d d"]:
        """Covariance of E'h, the code as the readout plane sees it."""
        inner = self.encoder.T @ self.encoder
        return inner @ self.covariances(steps) @ inner + self.noise_std**2 * inner

    def gain_error(self, gain: Float[Tensor, "d d"], steps: int) -> Float[Tensor, " times"]:
        """Mean squared error of the score with a constant ``gain``, over the score's own mean square, at each step.

        0 is perfect, 1 as bad as following nothing. Raises ValueError where ``gain`` is not [d, d].
        Equation: eq-gain-error.
        """
        check_shape("gain", gain, tuple(self._start_covariance.shape))
        wrong = gain.double() - self._gains(steps)
        inner = self.encoder.T @ self.encoder
        error = torch.einsum("ij,tjk,tkl,til->t", inner, wrong, self._seen(steps), wrong)
        power = [self.noise_std**4 * torch.linalg.inv(self.hidden_covariance(t)).trace() for t in range(steps + 1)]
        return error / torch.stack(power)

    def paths(self, count: int, steps: int, generator: torch.Generator | None = None) -> Float[Tensor, "count times d"]:
        """``count`` sampled paths of s, [count, steps + 1, d] [m]."""
        check_count("count", count)
        factors = self._through_time(steps)
        values, vectors = torch.linalg.eigh(self._start_covariance)
        root = vectors * values.clamp(min=0).sqrt()

        def normal(width: int) -> Tensor:
            return torch.randn(count, width, generator=generator, dtype=torch.float64)

        start = self._start_mean + normal(len(root)) @ root.T
        walk = accumulate(factors, lambda s, ab: s @ ab[0].T + normal(ab[1].shape[1]) @ ab[1].T, initial=start)
        return torch.stack(list(walk), dim=1)
