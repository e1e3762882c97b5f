import pytest
import torch

from replaylib.dynamics.rule import Dynamics, simulate
from replaylib.measures import metrics
from replaylib.measures.statistics import interval
from replaylib.networks import pretrained
from replaylib.networks.network import NetworkSettings, PathIntegrator
from replaylib.networks.replaying import awake_states, dream, replay, replay_noise
from replaylib.world.tasks import task


def test_replay_is_simulate_with_the_networks_drift():
    network = pretrained.load("triangle")
    start = awake_states(network, task("triangle"), 3, torch.Generator().manual_seed(0))
    dynamics = Dynamics(friction=0.4, adaptation_strength=0.05, adaptation_time=20, noise_std=replay_noise(network))
    found = replay(network, start, 70, dynamics, torch.Generator().manual_seed(1))
    states = simulate(network.drift, start, 70, dynamics, torch.Generator().manual_seed(1))
    assert torch.equal(found.hidden, states)
    torch.testing.assert_close(found.position, network.readout(states).detach())
    frugal = replay(network, start, 70, dynamics, torch.Generator().manual_seed(1), keep="position")
    assert frugal.hidden is None
    torch.testing.assert_close(frugal.position, found.position)


def test_replay_noise_is_root_two_sigma():
    assert replay_noise(PathIntegrator(NetworkSettings(2, noise_std=0.3))) == pytest.approx(0.3 * 2**0.5)


def test_diverging_replay_says_when_and_what_to_do():
    network = PathIntegrator(NetworkSettings(2, hidden=4, nonlinearity="relu", leak=0.0))
    with torch.no_grad():
        network.recurrent.fill_(10.0)
        network.bias.fill_(1.0)
    with pytest.raises(FloatingPointError, match=r"diverged by step \d+: bring the friction nearer to 1"):
        replay(network, torch.ones(2, 4), 200, Dynamics())


def test_bad_start_is_refused():
    network = PathIntegrator(NetworkSettings(2, hidden=4))
    with pytest.raises(ValueError, match=r"start must have the shape \[batch, 4\], but \[2, 5\] came"):
        replay(network, torch.zeros(2, 5), 10, Dynamics())
    with pytest.raises(ValueError, match="start must hold finite"):
        replay(network, torch.full((2, 4), float("nan")), 10, Dynamics())


def test_momentum_compresses_adapted_replay_on_ten_triangles():
    """The book's main claim at its bar, on all pretrained networks."""
    place = task("triangle-cells")
    awake = place.batch(1000, torch.Generator().manual_seed(1)).position
    ratios, farther, shares = [], [], []
    for seed in pretrained.seeds("triangle-cells"):
        network = pretrained.load("triangle-cells", seed)
        start = awake_states(network, place, 32, torch.Generator().manual_seed(seed))
        slow = Dynamics(friction=1.0, adaptation_strength=0.05, adaptation_time=40, noise_std=replay_noise(network))
        paths = [
            replay(network, start, 600, dynamics, torch.Generator().manual_seed(seed), "position").position
            for dynamics in (slow, slow.with_friction(0.3))
        ]
        before, after = (metrics.all_measures(path, awake, place.space) for path in paths)
        ratios.append(metrics.compression(before["reach_time"], after["reach_time"]))
        farther.append(after["sliced_wasserstein"] - before["sliced_wasserstein"])
        shares.append(after["share_on_path"])
    assert len(ratios) == 10
    found = interval(ratios)
    assert found.mean - found.half_width > 2
    # Not worse: the whole interval of the paired difference lies below a fifth of plain replay's distance, 0.1 m.
    assert interval(farther).mean + interval(farther).half_width < 0.02
    assert min(shares) >= 0.95


def test_dreams_with_one_seed_share_start_and_noise():
    network, place = pretrained.load("triangle"), task("triangle")
    plain = Dynamics(noise_std=replay_noise(network))
    first, again = (dream(network, place, plain, 3, 20, 4) for _ in range(2))
    assert torch.equal(first, again)
    other = dream(
        network,
        place,
        Dynamics(friction=1.0, adaptation_strength=0.1, adaptation_time=20, noise_std=plain.noise_std),
        3,
        20,
        4,
    )
    assert torch.equal(first[:, 0], other[:, 0])
    assert torch.equal(first[:, 1], other[:, 1])  # adaptation is felt from the second step on
    assert not torch.equal(first[:, 2], other[:, 2])
