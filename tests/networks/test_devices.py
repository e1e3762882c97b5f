"""Networks of another dtype or on another device: tasks, training, replay and measures follow them."""

import subprocess
import sys

import pytest
import torch

from replaylib.dynamics.rule import Dynamics
from replaylib.measures.metrics import all_measures, memory_gain
from replaylib.networks.linearisation import drift_eigenvalues
from replaylib.networks.network import PathIntegrator
from replaylib.networks.replaying import awake_states, dream, replay, replay_noise
from replaylib.networks.training import Trainer, TrainingSettings, decoding_error, held_out_loss
from replaylib.world.spaces import Arena, nearest, t_maze
from replaylib.world.tasks import task

OTHERS = [
    pytest.param({"dtype": torch.float64}, id="float64"),
    pytest.param(
        {"device": "cuda"}, id="cuda", marks=pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU")
    ),
]
SETTINGS = TrainingSettings(iterations=4, batch_size=6, seed=2)


def network_for(name: str, **where) -> PathIntegrator:
    return PathIntegrator.for_task(task(name), torch.Generator().manual_seed(0), hidden=16).to(**where)


@pytest.mark.parametrize("where", OTHERS)
@pytest.mark.parametrize("name", ["triangle", "t-maze-cells"])
def test_training_is_the_same_on_every_device_and_in_every_dtype(name, where):
    usual, other = network_for(name), network_for(name, **where)
    losses = Trainer(usual, task(name), SETTINGS).run()
    assert Trainer(other, task(name), SETTINGS).run() == pytest.approx(losses, rel=1e-3)
    for key, tensor in other.state_dict().items():
        torch.testing.assert_close(tensor.cpu().float(), usual.state_dict()[key], rtol=1e-2, atol=1e-3)
        assert all(getattr(tensor, attribute) == getattr(other.bias, attribute) for attribute in ("dtype", "device"))
    for error in (decoding_error, held_out_loss):
        assert error(other, task(name), 20) == pytest.approx(error(usual, task(name), 20), rel=1e-3)


@pytest.mark.parametrize("where", OTHERS)
@pytest.mark.parametrize("name", ["triangle", "rat"])
def test_replay_and_its_measures_follow_the_network(name, where):
    found = []
    for network in (network_for(name), network_for(name, **where)):
        dynamics = Dynamics(
            friction=0.5, adaptation_strength=0.05, adaptation_time=40.0, noise_std=replay_noise(network)
        )
        start = awake_states(network, task(name), 12, torch.Generator().manual_seed(1))
        assert start.dtype == network.bias.dtype
        assert start.device == network.bias.device
        kept = replay(network, start, 60, dynamics, torch.Generator().manual_seed(3))
        position = dream(network, task(name), dynamics, 1, 60, 12)
        assert position.dtype == network.bias.dtype
        law = task(name).batch(30, torch.Generator().manual_seed(0)).position
        table = all_measures(kept.position, law, task(name).space, points=200)
        table["memory_gain"] = memory_gain(kept.hidden, network.drift, (1, 5), 2)
        table["rotation"] = float(drift_eigenvalues(network.drift, start).imag.abs().max())
        found.append(table)
    assert found[1] == pytest.approx(found[0], rel=0.02, abs=0.02)


def test_a_checkpoint_of_another_dtype_is_refused(tmp_path):
    trainer = Trainer(network_for("triangle"), task("triangle"), SETTINGS)
    trainer.step()
    trainer.save(tmp_path / "run.checkpoint")
    other = Trainer(network_for("triangle", dtype=torch.float64), task("triangle"), SETTINGS)
    with pytest.raises(ValueError, match=r"must have dtype torch.float64, but it has torch.float32"):
        other.resume(tmp_path / "run.checkpoint")


def test_resuming_in_float64_is_exact(tmp_path):
    whole = Trainer(network_for("triangle", dtype=torch.float64), task("triangle"), SETTINGS)
    for _ in range(2):
        whole.step()
    whole.save(tmp_path / "run.checkpoint")
    resumed = Trainer(network_for("triangle", dtype=torch.float64), task("triangle"), SETTINGS)
    resumed.resume(tmp_path / "run.checkpoint")
    assert resumed.run() == whole.run()


@pytest.mark.parametrize("name", ["triangle", "t-maze-cells", "rat"])
def test_spaces_and_cells_hold_no_tensor_that_stays_behind(name):
    """On torch's "meta" device there are shapes alone, and no operation may mix it with the processor."""
    place, batch = task(name), task(name).batch(3).to(torch.empty(0, device="meta"))
    assert batch.velocity.device.type == batch.target.device.type == "meta"
    assert place.space.distance(batch.position).device.type == "meta"
    assert nearest(batch.position, place.space.regions(5)).device.type == "meta"
    if place.cells:
        assert place.cells.decode(batch.target).device.type == "meta"
    assert Arena(1, 1).distance(batch.position).shape == (3, place.steps + 1)
    assert t_maze().on_tour(batch.position[..., 0]).device.type == "meta"


@pytest.mark.slow
def test_a_default_dtype_of_float64_breaks_no_task():
    program = """
import torch
from replaylib.networks import PathIntegrator, Trainer, TrainingSettings, decoding_error
from replaylib.world import PathTask, TASKS, TrackMotion, task, t_maze, from_points
from replaylib.measures import fake_replays
torch.set_default_dtype(torch.float64)
maze = from_points([(0, 0), (1, 0), (0, 1), (0, 0), (-1, 0)])
for place in (task("triangle"), task("t-maze-cells"), task("rat"), PathTask(TrackMotion(maze), maze)):
    place.space.sample(3), place.space.regions(3), place.space.outline()
    network = PathIntegrator.for_task(place, hidden=8)
    Trainer(network, place, TrainingSettings(2, 3)).run()
    print(network.bias.dtype, decoding_error(network, place, 4) > 0)
    Trainer(network.float(), place, TrainingSettings(2, 3)).run()
fake_replays(task("triangle"), 10, 3)
"""
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert shown.stdout == "torch.float64 True\n" * 4, shown.stderr
