"""Adapted rests of networks: exact on a ring that is known, and the onset of motion that they predict."""

import math

import pytest
import torch

from replaylib.dynamics.rule import Dynamics, simulate
from replaylib.networks import pretrained
from replaylib.networks.network import NetworkDrift
from replaylib.networks.replaying import awake_states, replay
from replaylib.networks.rests import adapted_rests, median_stiffness, predicted_onset
from replaylib.theory.mobility import threshold
from replaylib.world.tasks import task

pytestmark = pytest.mark.slow

ANGLE = torch.arange(64, dtype=torch.float64) / 64 * 2 * math.pi


def ring_network(pin: float) -> NetworkDrift:
    """64 units joined by the cosine of their angle; ``pin`` makes the places 0 and pi better than the others."""
    weights = 2 * 2 / 64 * torch.cos(ANGLE[:, None] - ANGLE) + pin * ANGLE.cos()[:, None] * ANGLE.cos()
    return NetworkDrift(weights, torch.zeros(64, dtype=torch.float64), torch.tensor(0.6), "tanh")


def bumps(place):
    return torch.cos(ANGLE - place[:, None])


STARTS = bumps(torch.arange(12, dtype=torch.float64) / 12 * 2 * math.pi + 0.1)


def place_of(hidden):
    return torch.atan2(hidden @ ANGLE.sin(), hidden @ ANGLE.cos())


@pytest.mark.equation("eq-adapted-rest")
@pytest.mark.parametrize("strength", [0.0, 0.1])
def test_rests_are_in_balance_and_their_tangent_is_what_the_drift_undoes(strength):
    drift = ring_network(0.0005)
    rests = adapted_rests(drift, STARTS, strength)
    assert float((drift(rests.hidden) - strength * rests.hidden).norm(dim=1).max()) < 1e-8
    assert float(rests.residual.max()) < 1e-9
    assert float(rests.share.sum()) == pytest.approx(1)
    assert len(torch.unique(rests.hidden.round(decimals=4), dim=0)) == len(rests.hidden)
    shift = 1e-5 * rests.tangent
    slope = (drift(rests.hidden + shift) - drift(rests.hidden - shift)) / 2e-5
    torch.testing.assert_close(slope, (strength - rests.stiffness)[:, None] * rests.tangent, rtol=1e-4, atol=1e-7)
    # The hollows are at the two better places, and the tangent there leads round the ring.
    assert int(rests.hollow.sum()) == 2
    assert float(place_of(rests.hidden[rests.hollow]).sin().abs().max()) < 1e-6
    round_the_ring = (rests.tangent[rests.hollow] @ ANGLE.sin()).abs()
    assert float(round_the_ring.min()) > 20 * float((rests.tangent[rests.hollow] @ ANGLE.cos()).abs().max())


def test_an_even_ring_has_no_stiffness_and_its_tangent_joins_neighbouring_rests():
    drift, places = ring_network(0.0), torch.tensor([0.3, 0.302, 1.7, 1.702], dtype=torch.float64)
    rests = adapted_rests(drift, bumps(places), 0.05)
    assert float(rests.stiffness.abs().max()) < 1e-6
    order = place_of(rests.hidden).argsort()
    hidden, tangent = rests.hidden[order], rests.tangent[order]
    for first in (0, 2):
        chord = hidden[first + 1] - hidden[first]
        assert float((chord @ tangent[first]).abs() / chord.norm()) > 0.999


def test_a_rest_shrinks_with_strength():
    sizes = [float(adapted_rests(ring_network(0.001), STARTS, b).hidden.norm(dim=1).max()) for b in (0.0, 0.05, 0.2)]
    assert sizes[0] > 1.05 * sizes[1] > 1.1 * sizes[2]


@pytest.mark.parametrize(("friction", "time"), [(1.0, 10.0), (0.3, 20.0)])
def test_the_predicted_onset_is_that_of_a_pinned_ring(friction, time):
    drift = ring_network(0.002)
    onset = predicted_onset(drift, STARTS, friction=friction, time=time)
    assert onset > 1.1 * threshold(friction=friction, time=time)

    def travelled(strength):
        dynamics = Dynamics(friction=friction, adaptation_strength=strength, adaptation_time=time, noise_std=1e-4)
        path = simulate(drift, STARTS, 4000, dynamics, torch.Generator().manual_seed(0), place_of_last)
        change = path[:, -500:, 0].diff(dim=1)
        return float(torch.atan2(change.sin(), change.cos()).abs().mean())

    def place_of_last(hidden):
        return place_of(hidden)[..., None]

    assert travelled(0.93 * onset) < 1e-3
    assert travelled(1.07 * onset) > 1e-2


@pytest.mark.parametrize(("friction", "time"), [(1.0, 40.0), (0.3, 20.0)])
def test_the_predicted_onset_is_that_of_a_trained_network(friction, time):
    path_task, network = task("triangle-cells"), pretrained.load("triangle-cells")
    start = awake_states(network, path_task, 24, torch.Generator().manual_seed(0))
    onset = predicted_onset(network.drift, start, friction=friction, time=time)

    def displacement(strength):
        dynamics = Dynamics(friction=friction, adaptation_strength=strength, adaptation_time=time, noise_std=1e-4)
        path = replay(network, start, 1500, dynamics, torch.Generator().manual_seed(1), "position").position[:, -400:]
        return float((path[:, 20:] - path[:, :-20]).norm(dim=-1).mean(dim=1).median())

    assert displacement(onset / 1.4) < 0.03
    assert displacement(1.4 * onset) > 0.1


def test_the_median_counts_states_and_not_rests():
    rests = adapted_rests(ring_network(0.0005), STARTS[[0, 0, 0, 6]], 0.05)
    assert rests.share.sort().values.tolist() == pytest.approx([0.25, 0.75])
    rests.stiffness[rests.share.argmax()], rests.stiffness[rests.share.argmin()] = 0.02, 0.01
    assert median_stiffness(rests) == pytest.approx(0.02)


def test_what_has_no_rest_is_refused():
    unstable = NetworkDrift(1.5 * torch.eye(4), torch.ones(4), torch.tensor(0.5), "relu")
    with pytest.raises(
        ValueError, match=r"some of the 3 states must come to a rest at the strength 0\.1, but none does"
    ):
        adapted_rests(unstable, torch.rand(3, 4, generator=torch.Generator().manual_seed(0)) + 1, 0.1)
    with pytest.raises(ValueError, match="strength must be a number in"):
        adapted_rests(ring_network(0.0), STARTS, -0.1)
    rests = adapted_rests(ring_network(0.0005), STARTS, 0.05)
    rests.stiffness.fill_(-1.0)
    with pytest.raises(ValueError, match="some rest must be a hollow, but all"):
        median_stiffness(rests)
