import json
import subprocess
import sys

import pytest
import torch

from replaylib._storage import read_tensors, write_atomically, write_tensors
from replaylib.networks import pretrained
from replaylib.networks.training import TrainingSettings, decoding_error, train
from replaylib.world.tasks import TASKS, task

BARS = {"triangle-cells": 0.07, "t-maze-cells": 0.06, "rat": 0.20}
"""Largest held-out decoding error that the book promises [m]."""


@pytest.fixture
def copy(tmp_path):
    """A folder with one network of its own, free to be harmed."""
    for suffix in ("safetensors", "json"):
        name = f"triangle-0.{suffix}"
        (tmp_path / name).write_bytes((pretrained.FOLDER / name).read_bytes())
    return tmp_path


@pytest.mark.parametrize("name", list(TASKS))
def test_every_task_has_weights_with_a_true_card(name):
    for seed in pretrained.seeds(name):
        network, card = pretrained.load(name, seed), pretrained.card(name, seed)
        assert card["command"] == f"python -m replaylib train {name} --seed {seed}"
        assert card["loss"][-1] < 0.5 * card["loss"][0]
        assert (pretrained.FOLDER / f"{name}-{seed}.safetensors").stat().st_size < 1_000_000
        assert network.settings.outputs == card["network"]["outputs"]
    assert pretrained.seeds(name)


@pytest.mark.parametrize(("name", "bar"), BARS.items())
def test_held_out_decoding_error(name, bar):
    held_out = task(name, test=True)
    for seed in pretrained.seeds(name):
        error = decoding_error(pretrained.load(name, seed), held_out)
        assert error <= bar
        assert error == pytest.approx(pretrained.card(name, seed)["held_out_decoding_error_m"], abs=2e-3)


def test_making_is_saving_is_loading(tmp_path, monkeypatch):
    recipe = pretrained.Recipe(8, 0.5, 0.1, TrainingSettings(12, 4))
    monkeypatch.setitem(pretrained.RECIPES, "t-maze-cells", recipe)
    made = pretrained.make("t-maze-cells", 3, tmp_path)
    loaded = pretrained.load("t-maze-cells", 3, tmp_path)
    hidden = torch.randn(2, 8)
    assert torch.equal(made.drift(hidden), loaded.drift(hidden))
    torch.testing.assert_close(made.decode(hidden), loaded.decode(hidden))
    assert pretrained.seeds("t-maze-cells", tmp_path) == [3]
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".json", ".safetensors"]


def test_unknown_task_and_seed_are_refused():
    with pytest.raises(ValueError, match=r"task must be one of triangle, .* but 'moon' came"):
        pretrained.load("moon")
    with pytest.raises(FileNotFoundError, match=r"seed 77 was expected, but only the seeds \[0, 1, 2\] are there"):
        pretrained.load("triangle", 77)


def test_missing_truncated_and_foreign_weights_are_refused(copy):
    path = copy / "triangle-0.safetensors"
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(ValueError, match="must be a whole safetensors file"):
        pretrained.load("triangle", 0, copy)
    assert path.read_bytes() == content[: len(content) // 2]
    path.unlink()
    with pytest.raises(FileNotFoundError, match="a safetensors file was expected at"):
        pretrained.load("triangle", 0, copy)
    path.write_bytes((pretrained.FOLDER / "triangle-1.safetensors").read_bytes())
    with pytest.raises(ValueError, match="must have the SHA-256"):
        pretrained.load("triangle", 0, copy)


def test_weights_that_do_not_fit_or_are_not_finite_are_refused(copy):
    path = copy / "triangle-0.safetensors"
    tensors, card = read_tensors(path)
    write_tensors(path, {**tensors, "bias": torch.zeros(3)}, card)
    with pytest.raises(ValueError, match="must hold the weights of its own description"):
        pretrained.read(path)
    write_tensors(path, {**tensors, "bias": torch.full((64,), float("nan"))}, card)
    with pytest.raises(ValueError, match=r"bias in triangle-0.safetensors must hold finite"):
        pretrained.read(path)
    write_tensors(path, tensors, {"other": 1})
    with pytest.raises(ValueError, match="must hold a network, but its description names only other"):
        pretrained.read(path)


@pytest.mark.parametrize(
    "network",
    [
        None,
        [1],
        {},
        {"leak": "0.6"},
        {"leak": [[1.0]]},
        {"leak": None},
        {"noise_std": "0.3"},
        {"depth": 3},
        {"hidden": 9},
        {"hidden": 10**9},
        {"outputs": 10**9},
    ],
)
def test_a_description_that_makes_no_network_is_refused(copy, network):
    path = copy / "triangle-0.safetensors"
    tensors, card = read_tensors(path)
    write_tensors(
        path, tensors, {"network": {**card["network"], **network} if isinstance(network, dict) and network else network}
    )
    with pytest.raises(ValueError, match=r"triangle-0.safetensors must hold the weights of its own description"):
        pretrained.read(path)


@pytest.mark.parametrize("text", ["", "[1]", "null", "[" * 100_000, "{}", '{"sha'])
def test_a_card_that_is_none_is_named(copy, text):
    (copy / "triangle-0.json").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"triangle-0.json must (hold|name)"):
        pretrained.load("triangle", 0, copy)


def test_strange_files_beside_the_networks_are_passed_over(copy):
    for name in ("triangle-0b.json", "triangle-cells-4.json", "triangle-.json", "notes.txt"):
        (copy / name).write_text("{}", encoding="utf-8")
    assert pretrained.seeds("triangle", copy) == [0]
    assert pretrained.seeds("*", copy) == []


def test_a_checkpoint_that_another_process_removed_is_no_harm(tmp_path, monkeypatch):
    monkeypatch.setitem(pretrained.RECIPES, "triangle", pretrained.Recipe(4, 0.5, 0.1, TrainingSettings(2, 4)))

    def removed(network, path_task, settings, checkpoint):
        losses = train(network, path_task, settings, checkpoint)
        checkpoint.unlink()
        return losses

    monkeypatch.setattr(pretrained, "train", removed)
    pretrained.make("triangle", 3, tmp_path)
    assert pretrained.seeds("triangle", tmp_path) == [3]


def test_writing_is_all_or_nothing(tmp_path, monkeypatch):
    path = tmp_path / "file"
    write_atomically(path, b"old")

    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def shell(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "replaylib", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.slow
def test_command_line_replays_as_json():
    found = json.loads(shell("replay", "triangle", "--steps", "60", "--friction", "0.5").stdout)
    assert found["dynamics"]["friction"] == 0.5
    assert 0 < found["coverage"] <= 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("replay", "moon"), "task must be one of"),
        (("replay", "triangle", "--friction", "-1"), "friction must be"),
        (("replay", "triangle", "--seed", "77"), "only the seeds"),
        (("train", "moon"), "task must be one of"),
    ],
)
@pytest.mark.slow
def test_command_line_refuses_in_one_sentence(arguments, message):
    result = shell(*arguments)
    assert result.returncode == 2
    assert message in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
