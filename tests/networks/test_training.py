from dataclasses import replace

import pytest
import torch

from replaylib._storage import read_tensors
from replaylib.networks.network import NetworkSettings, PathIntegrator
from replaylib.networks.pretrained import RECIPES
from replaylib.networks.training import Trainer, TrainingSettings, decoding_error, train
from replaylib.world.tasks import PathTask, task

SETTINGS = TrainingSettings(iterations=30, batch_size=8, seed=3)


def make(seed=0, **changes) -> PathIntegrator:
    return PathIntegrator(NetworkSettings(2, hidden=16, **changes), generator=torch.Generator().manual_seed(seed))


def test_training_lowers_the_error():
    place, network = task("triangle"), make(velocity_rms=task("triangle").velocity_rms)
    before = decoding_error(network, place)
    losses = train(network, place, replace(SETTINGS, iterations=150, batch_size=32))
    assert len(losses) == 150
    assert decoding_error(network, place) < 0.8 * before


@pytest.mark.parametrize("learn_leak", [False, True])
def test_resumed_training_equals_an_uninterrupted_one(tmp_path, monkeypatch, learn_leak):
    place, path = task("triangle"), tmp_path / "run.checkpoint"
    whole = make(learn_leak=learn_leak)
    losses = train(whole, place, SETTINGS)

    class Interrupt(Trainer):
        def step(self) -> float:
            if len(self.losses) == 17:
                raise KeyboardInterrupt
            return super().step()

    monkeypatch.setattr("replaylib.networks.training.Trainer", Interrupt)
    with pytest.raises(KeyboardInterrupt):
        train(make(learn_leak=learn_leak), place, SETTINGS, path, every=10)
    monkeypatch.undo()
    assert len(read_tensors(path)[1]["losses"]) == 10
    resumed = make(seed=99, learn_leak=learn_leak)  # other initial weights: the checkpoint must bring all of them
    assert train(resumed, place, SETTINGS, path, every=10) == losses
    for name, tensor in whole.state_dict().items():
        assert torch.equal(tensor, resumed.state_dict()[name]), name


@pytest.fixture
def batches(monkeypatch):
    """The batches that trainings draw, in order."""
    drawn = []

    def batch(self, size, generator=None, steps=None):
        drawn.append(draw(self, size, generator, steps))
        return drawn[-1]

    draw = PathTask.batch
    monkeypatch.setattr(PathTask, "batch", batch)
    return drawn


def correlation(first: torch.Tensor, second: torch.Tensor) -> tuple[float, float]:
    """The correlation of two batches of velocities, and its standard error over paths: steps of one are dependent."""
    products = (first * second).sum((1, 2))
    size = (first.square().sum() * second.square().sum()).sqrt()
    return float(products.sum() / size), float(products.std() * len(products) ** 0.5 / size)


@pytest.mark.parametrize("pair", [(101, 110), (0, 1), (7, 7 + 2**29)])
def test_two_seeds_learn_from_other_paths_and_noise(pair, batches):
    networks = []
    for seed in pair:
        network = make()  # the same initial weights
        Trainer(network, task("triangle"), TrainingSettings(iterations=3, batch_size=512, seed=seed)).step()
        networks.append(network)
    assert not torch.equal(networks[0].recurrent, networks[1].recurrent)
    found, error = correlation(batches[0].velocity, batches[1].velocity)
    assert abs(found) < 4 * error
    assert error < 0.05


def test_two_seeds_hear_other_noise_on_the_same_paths(monkeypatch):
    place = task("triangle")
    same = place.batch(8, torch.Generator().manual_seed(0))
    monkeypatch.setattr(PathTask, "batch", lambda *_, **__: same)
    losses = [Trainer(make(), place, replace(SETTINGS, seed=seed)).step() for seed in (101, 110)]
    assert losses[0] != losses[1]


def test_each_iteration_has_its_own_paths(batches):
    trainer = Trainer(make(), task("triangle"), TrainingSettings(iterations=2, batch_size=512))
    trainer.run()
    found, error = correlation(batches[0].velocity, batches[1].velocity)
    assert abs(found) < 4 * error


def test_training_meets_no_path_of_a_test(batches):
    trainer = Trainer(make(), task("triangle"), replace(SETTINGS, iterations=2))
    trainer.run()
    for seed in (*range(4), 99, SETTINGS.seed, 10_000):
        task("triangle").batch(SETTINGS.batch_size, torch.Generator().manual_seed(seed))
    starts = {tuple(batch.position[0, 0].tolist()) for batch in batches}
    assert len(starts) == 2 + 6


def test_weights_share_no_numbers_with_training_or_replay():
    weights = RECIPES["triangle"].network(task("triangle"), 3).recurrent
    same = torch.Generator().manual_seed(3)
    by_hand = (2 * torch.rand(64, 64, generator=same) - 1) / 8
    assert not torch.equal(weights, by_hand)
    assert not torch.equal(weights, RECIPES["triangle"].network(task("triangle"), 4).recurrent)
    assert torch.equal(weights, RECIPES["triangle"].network(task("triangle"), 3).recurrent)


def test_finished_training_is_not_repeated(tmp_path):
    place, path = task("triangle"), tmp_path / "run.checkpoint"
    losses = train(make(), place, SETTINGS, path)
    assert train(make(seed=5), place, SETTINGS, path) == losses


def test_show_is_called_with_growing_losses():
    seen = []
    train(make(), task("triangle"), SETTINGS, every=10, show=lambda losses: seen.append(len(losses)))
    assert seen == [10, 20, 30]


@pytest.mark.parametrize("harm", ["truncated", "other seed", "other network", "no safetensors"])
def test_a_wrong_checkpoint_is_refused_and_left_alone(tmp_path, harm):
    place, path = task("triangle"), tmp_path / "run.checkpoint"
    network = make()
    train(network, place, SETTINGS, path)
    content = path.read_bytes()
    if harm == "truncated":
        content = content[:-100]
    elif harm == "no safetensors":
        content = b"hello"
    path.write_bytes(content)
    settings = replace(SETTINGS, seed=4) if harm == "other seed" else SETTINGS
    changed = make(leak=0.1) if harm == "other network" else make()
    before = {name: tensor.clone() for name, tensor in changed.state_dict().items()}
    expected = "whole safetensors file" if harm in ("truncated", "no safetensors") else "checkpoint .* must have"
    with pytest.raises(ValueError, match=expected):
        train(changed, place, settings, path)
    assert path.read_bytes() == content
    for name, tensor in before.items():
        assert torch.equal(tensor, changed.state_dict()[name])
    assert list(tmp_path.iterdir()) == [path]


def test_senseless_trainings_are_refused():
    with pytest.raises(ValueError, match="the task's 48 outputs, but it has 2"):
        Trainer(make(), task("triangle-cells"), SETTINGS)
    with pytest.raises(ValueError, match="iterations must be a whole number of at least 1, but 0 came"):
        TrainingSettings(iterations=0)
    with pytest.raises(ValueError, match="learning_rate must be"):
        TrainingSettings(learning_rate=float("nan"))


def test_diverged_training_says_so():
    network = make(nonlinearity="relu", leak=0.0)
    with torch.no_grad():
        network.recurrent.fill_(1e12)
    with pytest.raises(FloatingPointError, match="the loss must be finite"):
        train(network, task("triangle"), SETTINGS)
