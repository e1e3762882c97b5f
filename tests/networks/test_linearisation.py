"""The derivative of a network's drift, and the momentum it can bear."""

import numpy as np
import pytest
import torch

from replaylib.dynamics.rule import Dynamics, simulate
from replaylib.networks import pretrained
from replaylib.networks.linearisation import (
    antisymmetric_share,
    drift_eigenvalues,
    jacobian,
    largest_safe_momentum,
    momentum_radius,
)
from replaylib.networks.network import NetworkSettings, PathIntegrator
from replaylib.theory.modes import LinearMode


def network(symmetric: bool, nonlinearity: str = "tanh") -> PathIntegrator:
    settings = NetworkSettings(2, 12, leak=0.4, symmetric=symmetric, nonlinearity=nonlinearity)
    return PathIntegrator(settings, generator=torch.Generator().manual_seed(0)).double()


@pytest.mark.equation("eq-jacobian")
@pytest.mark.parametrize("nonlinearity", ["tanh", "relu"])
def test_jacobian_is_the_derivative(nonlinearity):
    drift = network(False, nonlinearity).drift
    hidden = torch.randn(5, 12, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    found = jacobian(drift, hidden)
    for axis in range(12):
        shift = 1e-6 * torch.eye(12, dtype=torch.float64)[axis]
        difference = (drift(hidden + shift) - drift(hidden - shift)) / 2e-6
        torch.testing.assert_close(found[:, :, axis], difference, rtol=1e-5, atol=1e-7)


@pytest.mark.equation("eq-jacobian")
def test_symmetric_weights_have_no_swirl_and_free_ones_do():
    hidden = torch.randn(5, 12, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    assert float(drift_eigenvalues(network(True).drift, hidden).imag.abs().max()) < 1e-9
    assert float(drift_eigenvalues(network(False).drift, hidden).imag.abs().max()) > 0.05
    trained = pretrained.load("triangle")
    states = 0.5 * torch.randn(5, 64, generator=torch.Generator().manual_seed(2))
    assert float(drift_eigenvalues(trained.drift, states).imag.abs().max()) < 1e-5


@pytest.mark.equation("eq-kappa")
def test_radius_of_a_real_mode_is_that_of_the_exact_one():
    for stiffness in (0.01, 0.3, 1.5):
        for momentum in (0.0, 0.5, 0.9):
            exact = LinearMode(stiffness, Dynamics(friction=1 - momentum)).spectral_radius
            found = momentum_radius(np.array([-stiffness + 0j]), momentum)[0]
            assert found == pytest.approx(exact)


@pytest.mark.equation("eq-kappa")
@pytest.mark.parametrize("kappa", [-0.3 + 0.4j, -0.1 + 0.1j, -0.6 + 0.7j])
def test_a_swirl_bears_momentum_up_to_the_limit_and_no_further(kappa):
    limit = largest_safe_momentum([kappa])
    assert 0.05 < limit < 0.99
    turn = torch.tensor([[kappa.real, kappa.imag], [-kappa.imag, kappa.real]], dtype=torch.float64)
    for momentum, dies in ((limit - 0.02, True), (limit + 0.02, False)):
        path = simulate(lambda h: h @ turn, torch.ones(1, 2).double(), 3000, Dynamics(friction=1 - momentum))
        assert (float(path[0, -1].norm()) < float(path[0, 1000].norm())) == dies


@pytest.mark.equation("eq-kappa")
def test_the_limit_is_the_last_thousandth_at_which_no_root_lies_outside_the_circle():
    def radius(kappa: complex, momentum: float) -> float:
        return max(abs(np.roots([1, -(1 + momentum + kappa), momentum])))

    kappas = [-0.3 + 0.4j, -0.1 + 0.1j, -0.6 + 0.7j, -0.05 - 0.11j, -1.0 + 0.6j]
    limits = [largest_safe_momentum([kappa]) for kappa in kappas]
    for kappa, limit in zip(kappas, limits, strict=True):
        assert radius(kappa, limit) < 1 <= radius(kappa, limit + 0.999 / 999)
    assert largest_safe_momentum(kappas) == min(limits)


@pytest.mark.equation("eq-kappa")
def test_real_modes_bear_any_momentum_and_growing_ones_are_left_out():
    assert largest_safe_momentum([-0.01, -0.9, -1.9]) == pytest.approx(0.999)
    assert largest_safe_momentum([-0.01, 0.2 + 0.5j]) == pytest.approx(0.999)
    with pytest.raises(ValueError, match="eigenvalues must hold a mode that dies out"):
        largest_safe_momentum([0.1])


@pytest.mark.equation("eq-jacobian")
def test_symmetric_weights_are_not_yet_a_gradient():
    hidden = torch.randn(5, 12, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    at_zero = 0 * hidden[:1]
    symmetric, free = network(True), network(False)
    # At rest with no bias all slopes of tanh are 1, and the derivative is W minus the leak: symmetric.
    symmetric.bias.data.zero_()
    assert float(antisymmetric_share(symmetric.drift, at_zero)) < 1e-12
    share = antisymmetric_share(symmetric.drift, hidden)
    derivative = jacobian(symmetric.drift, hidden)
    for one, matrix in zip(share, derivative, strict=True):
        parts = (matrix - matrix.T) / 2, (matrix + matrix.T) / 2
        assert float(one) == pytest.approx(float(parts[0].norm() / parts[1].norm()))
        assert float(one) > 0.005
    # Each row over its slope is symmetric: the metric diag(1/f').
    slope = 1 - torch.tanh(hidden @ symmetric.drift.recurrent.T) ** 2
    scaled = derivative / slope[:, :, None]
    torch.testing.assert_close(scaled, scaled.mT)
    assert float(antisymmetric_share(free.drift, hidden).min()) > float(share.max())
