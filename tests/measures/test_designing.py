"""Dynamics by design: the wished speed is hit with other starts and other noise, and the lowest price is taken."""

from dataclasses import replace

import pytest
import torch

from replaylib.dynamics.rule import Dynamics
from replaylib.measures import designing
from replaylib.measures.designing import Design, awake_code, design
from replaylib.measures.metrics import displacement, share_on_path
from replaylib.measures.yardsticks import AwakeSpeed, awake_speed
from replaylib.networks import pretrained
from replaylib.networks.linearisation import largest_safe_momentum
from replaylib.networks.network import PathIntegrator
from replaylib.networks.replaying import dream, replay_noise
from replaylib.theory.mobility import code_speed, mobility_number, ring_speed
from replaylib.world.tasks import task

pytestmark = pytest.mark.slow


@pytest.fixture
def quick(monkeypatch):
    """One friction and one time instead of twelve pairs."""
    monkeypatch.setattr(designing, "FRICTIONS", (0.3,))
    monkeypatch.setattr(designing, "SHARES", (0.5,))


@pytest.mark.parametrize(
    ("name", "speed", "within"),
    [
        ("triangle-cells", 0.5, 0.25),
        ("t-maze-cells", 1.0, 0.25),
        ("rat", 1.5, 0.35),
    ],
)
def test_the_wished_speed_is_hit_with_other_starts_and_other_noise(quick, name, speed, within):
    path_task, network = task(name), pretrained.load(name)
    made = design(network, path_task, speed)
    assert made.speed == pytest.approx(speed, rel=0.1)
    position = dream(network, path_task, made.dynamics, 77, 600, 48)
    shown = displacement(position, 20) / awake_speed(path_task).running
    assert shown == pytest.approx(speed, rel=within)
    assert share_on_path(position, path_task.space) > 0.85
    assert made.mobility == pytest.approx(mobility_number(made.dynamics))
    assert made.dynamics.friction == 0.3
    assert made.dynamics.noise_std == pytest.approx(replay_noise(network) * 0.3**0.5)
    assert 0.1 < made.dynamics.adaptation_strength / made.law_strength < 10


def test_a_speed_that_no_replay_reaches_is_refused_in_one_sentence(quick):
    network, path_task = pretrained.load("triangle-cells"), task("triangle-cells")
    with pytest.raises(
        ValueError, match=r"but at 9 times the running animal its replay leaves the path for more than 10%.* came to \d"
    ):
        design(network, path_task, 9.0)
    with pytest.raises(ValueError, match="speed must be a number in"):
        design(network, path_task, 0.0)
    with pytest.raises(ValueError, match="on_path must be a number in"):
        design(network, path_task, 1.0, on_path=1.5)


def test_an_untrained_network_is_refused(quick):
    path_task = task("triangle-cells")
    network = PathIntegrator.for_task(path_task, torch.Generator().manual_seed(0), hidden=16, symmetric=False)
    with pytest.raises(ValueError, match="speed must be one that the network bears"):
        design(network, path_task, 1.0)


PRICES = {(0.15, 1): 0.2, (0.15, 0.5): 0.19, (0.3, 1): 0.1, (0.3, 0.5): None, (0.6, 1): 0.095, (0.6, 0.5): 0.08}


def test_the_lowest_price_is_taken_and_a_tie_goes_to_the_lower_friction(monkeypatch):
    tried = []

    def by_law(bench, friction, turning):
        return [(10.0 * share, 0.1) for share in (1, 0.5)]

    def search(bench, plain, strength, speed):
        tried.append((plain.friction, plain.adaptation_time / 10))
        price = PRICES.get(tried[-1], 0.3)
        made = Design(replace(plain, adaptation_strength=0.1), speed, price or 0.0, 1.0, strength)
        return (made if price else None), speed

    monkeypatch.setattr(designing, "_by_law", by_law)
    monkeypatch.setattr(designing, "_search", search)
    network, path_task = pretrained.load("triangle"), task("triangle")
    monkeypatch.setattr(designing, "awake_code", lambda *args, **more: awake_code(network, path_task, 200))
    made = design(network, path_task, 1.0)
    assert tried[:3] == [(0.15, 1), (0.15, 0.5), (0.3, 1)]
    assert made.price == 0.08
    # All that was tried is told, in order, with what failed.
    assert [(one.friction, one.time / 10) for one in made.tried] == tried
    assert [one.made.price if one.made else None for one in made.tried[:4]] == [0.2, 0.19, 0.1, None]
    assert {(one.law_strength, one.fastest) for one in made.tried} == {(0.1, 1.0)}
    assert replace(made, tried=()) in [one.made for one in made.tried]
    monkeypatch.setitem(PRICES, (0.6, 0.5), 0.095)
    assert design(network, path_task, 1.0).dynamics.friction == 0.3
    # A network whose drift swirls is spared the frictions that it can not bear.
    tried.clear()
    swirl = -0.5 + 0.35j
    monkeypatch.setattr(designing, "drift_eigenvalues", lambda *args: torch.tensor([[swirl]]))
    design(network, path_task, 1.0)
    assert tried[0][0] == min(f for f in designing.FRICTIONS if f >= 1 - largest_safe_momentum([swirl])) > 0.15


def test_the_time_by_law_needs_least_strength(monkeypatch):
    network, path_task = pretrained.load("triangle-cells"), task("triangle-cells")
    monkeypatch.setattr(designing, "median_stiffness", lambda rests: 0.0)
    awake = AwakeSpeed(20, every=0.6, running=1.0, moving=0.01, running_share=0.5)
    bench = designing._Bench(network, path_task, awake, torch.zeros(2, 96), torch.zeros(2, 3, 2), 0.9, 0)
    monkeypatch.setattr(designing, "adapted_rests", lambda *args: None)
    (time, strength), (half, more), _ = designing._by_law(bench, 0.3, 1 / 20)
    assert time == 20
    assert mobility_number(Dynamics(friction=0.3, adaptation_strength=strength, adaptation_time=time)) == pytest.approx(
        2
    )
    assert ring_speed(Dynamics(friction=0.3, adaptation_strength=strength, adaptation_time=time)) == pytest.approx(
        1 / 20, rel=0.03
    )
    assert half == 10
    assert more > strength
    monkeypatch.setattr(designing, "median_stiffness", lambda rests: 0.02)
    assert designing._by_law(bench, 0.3, 1 / 20)[0][0] < 20


@pytest.mark.parametrize("name", ["rat", "triangle-cells"])
def test_the_code_of_a_network_predicts_how_fast_it_runs(name):
    network, path_task = pretrained.load(name), task(name)
    dynamics = Dynamics(
        friction=0.3, adaptation_strength=0.1, adaptation_time=20.0, noise_std=0.15 * replay_noise(network)
    )
    position = dream(network, path_task, dynamics, 5, 400, 24)[:, 200:]
    measured = float((position[:, 3:] - position[:, :-3]).norm(dim=-1).median()) / 3
    assert code_speed(awake_code(network, path_task), dynamics) == pytest.approx(measured, rel=0.4)
