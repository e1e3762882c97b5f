"""The bridge from exact modes to trained networks: how much momentum can a network bear?"""

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Complex, Float
from torch import Tensor

from replaylib._checks import check_shape
from replaylib.networks.network import NetworkDrift

MOMENTA = np.linspace(0.0, 0.999, 1000)
"""Shares of velocity kept among which the limit is sought.

:meta hide-value:
"""


def jacobian(drift: NetworkDrift, hidden: Float[Tensor, "batch n"]) -> Float[Tensor, "batch n n"]:
    """Derivative of F(h) - h at each state: -leak I + diag(f') W.

    Raises ValueError where ``hidden`` does not fit the network. Equation: eq-jacobian.
    """
    check_shape("hidden", hidden, ("batch", len(drift.bias)))
    activity = hidden @ drift.recurrent.T + drift.bias
    slope = 1 - torch.tanh(activity) ** 2 if drift.nonlinearity == "tanh" else (activity > 0).to(hidden.dtype)
    leak = torch.diag(drift.leak.expand(len(drift.bias)))
    return slope[:, :, None] * drift.recurrent - leak


def drift_eigenvalues(drift: NetworkDrift, hidden: Float[Tensor, "batch n"]) -> Complex[Tensor, "batch n"]:
    """Eigenvalues kappa of the derivative of F(h) - h at each state [1/step]."""
    values: Tensor = torch.linalg.eigvals(jacobian(drift, hidden).double())
    return values


def momentum_radius(eigenvalues: Complex[np.ndarray, " modes"], momentum: float) -> Float[np.ndarray, " modes"]:
    """Largest modulus of the roots of z^2 - (1 + mu + kappa) z + mu for each kappa: its factor per step.

    Equation: eq-kappa.
    """
    middle = 1 + momentum + eigenvalues
    root = np.sqrt(middle**2 - 4 * momentum + 0j)
    radius: Float[np.ndarray, " modes"] = np.maximum(np.abs(middle + root), np.abs(middle - root)) / 2
    return radius


def largest_safe_momentum(eigenvalues: Sequence[complex] | Complex[np.ndarray, " modes"]) -> float:
    """The largest mu, up to 0.999, to which every mode that dies out without momentum goes on dying out.

    eigenvalues: kappa of the derivative of the drift. Modes that grow without momentum, as they do where a state is
    on its way, are left out: momentum does not make them. Raises ValueError where no mode is left.
    Equation: eq-kappa.
    """
    kappa = np.asarray(eigenvalues, dtype=complex).ravel()
    kappa = kappa[np.abs(1 + kappa) < 1]
    if not len(kappa):
        raise ValueError("eigenvalues must hold a mode that dies out without momentum, but all of them grow.")
    grows = np.array([bool((momentum_radius(kappa, mu) >= 1).any()) for mu in MOMENTA])
    return float(MOMENTA[-1] if not grows.any() else MOMENTA[max(int(grows.argmax()) - 1, 0)])


def antisymmetric_share(drift: NetworkDrift, hidden: Float[Tensor, "batch n"]) -> Float[Tensor, " batch"]:
    """Size of the antisymmetric part of the drift's derivative over that of its symmetric part, at each state [1].

    Sizes are roots of sums of squares. The share is 0 for the step of a score, which is a gradient. It is not 0 for
    tanh units, even where their weights are symmetric: diag(f') W is not. Raises ValueError where ``hidden`` does not
    fit the network. Equation: eq-jacobian.
    """
    derivative = jacobian(drift, hidden)
    difference, total = derivative - derivative.mT, derivative + derivative.mT
    share: Tensor = difference.flatten(1).norm(dim=1) / total.flatten(1).norm(dim=1)
    return share
