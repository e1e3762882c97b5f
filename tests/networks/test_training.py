import json
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from replaylib._storage import read_tensors, write_tensors
from replaylib.networks.network import NetworkSettings, PathIntegrator
from replaylib.networks.pretrained import RECIPES
from replaylib.networks.training import Trainer, TrainingSettings, decoding_error, train
from replaylib.world.motion import TrackMotion
from replaylib.world.place_cells import PlaceCells
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


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    """A checkpoint of twelve iterations."""
    path = tmp_path_factory.mktemp("runs") / "run.checkpoint"
    trainer = Trainer(make(), task("triangle"), SETTINGS)
    for _ in range(12):
        trainer.step()
    trainer.save(path)
    return path


@pytest.fixture
def copy(checkpoint, tmp_path):
    """The same, free to be harmed."""
    path = tmp_path / "run.checkpoint"
    path.write_bytes(checkpoint.read_bytes())
    return path


def refused(trainer: Trainer, path, message: str) -> None:
    """Assert that the file is refused, and that file and trainer stay as they were, down to the next two steps."""
    content, untouched = path.read_bytes(), Trainer(deepcopy(trainer.network), trainer.task, trainer.settings)
    with pytest.raises(ValueError, match=message):
        trainer.resume(path)
    assert path.read_bytes() == content
    assert list(path.parent.iterdir()) == [path]
    assert trainer.losses == []
    assert [trainer.step(), trainer.step()] == [untouched.step(), untouched.step()]


@pytest.mark.parametrize("content", [b"", b"hello", "truncated"])
def test_what_is_no_whole_checkpoint_is_refused(copy, content):
    copy.write_bytes(copy.read_bytes()[:-100] if content == "truncated" else content)
    refused(Trainer(make(), task("triangle"), SETTINGS), copy, "must be a whole safetensors file")


@pytest.mark.parametrize("where", ["network.recurrent", "optimizer.2.exp_avg", "generator", "losses", "sha256"])
def test_one_changed_bit_is_seen(copy, where):
    content = bytearray(copy.read_bytes())
    if where in ("losses", "sha256"):
        at = content.index(where.encode()) + (14 if where == "losses" else 3)
    else:
        header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
        at = 8 + int.from_bytes(content[:8], "little") + header[where]["data_offsets"][0] + 2
    content[at] ^= 1
    copy.write_bytes(bytes(content))
    refused(Trainer(make(), task("triangle"), SETTINGS), copy, "must have the SHA-256|cannot be read")


def moved(count: int, steps: int, generator: torch.Generator | None = None) -> torch.Tensor:
    return task("triangle").motion(count, steps, generator) * 0.98


def slower(share: float) -> TrackMotion:
    return TrackMotion(task("triangle").space, speed=0.05 * (1 - share))


OTHERS = {
    "seed": lambda: Trainer(make(), task("triangle"), replace(SETTINGS, seed=4)),
    "network": lambda: Trainer(make(leak=0.1), task("triangle"), SETTINGS),
    "maze": lambda: Trainer(make(), task("t-maze"), SETTINGS),
    "length of paths": lambda: Trainer(make(), replace(task("triangle"), steps=79), SETTINGS),
    "animal": lambda: Trainer(
        make(), replace(task("triangle"), motion=replace(task("triangle").motion, stop=0.0)), SETTINGS
    ),
    "speed, by a hair": lambda: Trainer(make(), replace(task("triangle"), motion=slower(1e-6)), SETTINGS),
    "motion": lambda: Trainer(make(), replace(task("triangle"), motion=moved), SETTINGS),
}


@pytest.mark.parametrize("other", OTHERS)
def test_a_checkpoint_of_another_training_is_refused(copy, other):
    refused(OTHERS[other](), copy, "the checkpoint .* must (have|be of)")


def test_tasks_that_differ_in_numbers_only_are_told_apart(tmp_path):
    path, cells = tmp_path / "run.checkpoint", task("triangle-cells").cells
    tasks = [
        replace(task("triangle-cells"), motion=moved),
        replace(task("triangle-cells"), motion=lambda *arguments: moved(*arguments) * 0.98),
        replace(task("triangle-cells"), cells=PlaceCells(cells.centres.roll(1, 0), cells.width)),
        replace(task("triangle-cells"), cells=PlaceCells(cells.centres, 0.26)),
    ]
    for place in tasks:
        network = PathIntegrator(NetworkSettings(48, hidden=4), cells, torch.Generator().manual_seed(0))
        trainer = Trainer(network, place, SETTINGS)
        trainer.step()
        trainer.save(path)
        for other in tasks:
            if other is not place:
                refused(Trainer(deepcopy(network), other, SETTINGS), path, "the checkpoint .* must (have|be of)")


HARMS = {
    "losses of text": lambda tensors, card: card.update(losses=["low"]),
    "no losses": lambda tensors, card: card.update(losses=[]),
    "fewer losses": lambda tensors, card: card["losses"].pop(),
    "losses missing": lambda tensors, card: card.pop("losses"),
    "no groups": lambda tensors, card: card.update(groups=[]),
    "a group of text": lambda tensors, card: card.update(groups=[{"lr": "x"}]),
    "a tensor renamed": lambda tensors, card: tensors.update({"network.other": tensors.pop("network.bias")}),
    "a mean of another shape": lambda tensors, card: tensors.update({"optimizer.0.exp_avg": torch.zeros(3)}),
    "a mean missing": lambda tensors, card: tensors.pop("optimizer.1.exp_avg_sq"),
    "no generator": lambda tensors, card: tensors.pop("generator"),
    "half a generator": lambda tensors, card: tensors.update(generator=tensors["generator"][:9]),
    "no paths": lambda tensors, card: tensors.pop("task.position"),
}


@pytest.mark.parametrize("harm", HARMS)
def test_a_whole_file_of_wrong_content_is_refused_before_anything_is_taken_over(copy, harm):
    tensors, card = read_tensors(copy)
    HARMS[harm](tensors, card)
    write_tensors(copy, tensors, card)
    refused(Trainer(make(seed=2), task("triangle"), SETTINGS), copy, "the checkpoint .* must (hold|be of)")


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="only Linux tells which files are mapped to memory")
def test_a_resumed_training_holds_no_file(copy):
    trainer = Trainer(make(), task("triangle"), SETTINGS)
    trainer.resume(copy)
    # Windows refuses to replace a mapped file: the first save after a resumption would fail.
    assert copy.name not in Path("/proc/self/maps").read_text()


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
