"""From claims to results: short replications, from the shell too."""

import json
import subprocess
import sys

import pytest
import torch

from replaylib.ledger.claims import claim
from replaylib.ledger.claims.base import QUICK
from replaylib.ledger.replication import (
    Plan,
    claim_cells,
    network_cell,
    read_grid,
    replay_cells,
    replicate,
    train_network,
    unpack,
)
from replaylib.ledger.sweep import run
from replaylib.networks import pretrained
from replaylib.networks.training import TrainingSettings


def shell(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "replaylib", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


def test_pretrained_networks_are_taken_and_others_trained(monkeypatch, tmp_path):
    packed = train_network(**network_cell("triangle", 0).settings)
    assert unpack(packed) == (pretrained.FOLDER / "triangle-0.safetensors").read_bytes()
    monkeypatch.setitem(pretrained.RECIPES, "triangle", pretrained.Recipe(8, 0.5, 0.1, TrainingSettings(5, 4)))
    cell = network_cell("triangle", 150)
    (tmp_path / "n.safetensors").write_bytes(unpack(train_network(**cell.settings)))
    pretrained.make("triangle", 150, tmp_path)
    made, same = (pretrained.load_file(tmp_path / name) for name in ("n.safetensors", "triangle-150.safetensors"))
    assert torch.equal(made.recurrent, same.recurrent)


def test_cells_of_a_claim_share_their_network():
    cells = claim_cells(claim("C8"), "triangle", 0, QUICK)
    other = claim_cells(claim("C4"), "triangle", 0, QUICK)
    assert cells[0].needs.key == other[0].needs.key
    assert cells[0].key != other[0].key
    assert len(claim_cells(claim("C3"), "rat", 0, QUICK)) == 5
    assert claim_cells(claim("C3"), "rat", 0, QUICK)[0].needs is None


def test_a_replication_is_the_same_when_it_is_resumed(tmp_path):
    plan = Plan((claim("C5"), claim("C8")), ("triangle",), (0, 1), QUICK)
    whole, sweep = replicate(plan, tmp_path / "whole", workers=0)
    assert not sweep.failed
    half = Plan((claim("C8"),), ("triangle",), (0, 1), QUICK)
    replicate(half, tmp_path / "parts", workers=0)
    resumed, _ = replicate(plan, tmp_path / "parts", workers=0)
    assert resumed == whole
    assert whole["C8", "triangle"][0]["plain"]["coverage"] > 0


def test_the_shell_tells_effect_interval_and_verdict(tmp_path):
    arguments = ["--claim", "C8", "--task", "triangle-cells", "--seeds", "0", "1", "2", "--json", "--quick"]
    result = shell("replicate", *arguments, "--workers", "0", "--folder", str(tmp_path))
    assert result.returncode == 0, result.stderr
    row = json.loads(result.stdout)
    wanted = {"claim", "task", "measure", "effect", "interval", "null", "verdict", "seeds", "settings"}
    assert wanted <= set(row)
    assert (row["claim"], row["task"], row["seeds"]) == ("C8", "triangle-cells", [0, 1, 2])
    assert row["interval"][0] <= row["effect"] <= row["interval"][1]
    assert row["effect"] > 1.3
    again = shell("replicate", *arguments, "--folder", str(tmp_path))
    assert again.stdout == result.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("replicate", "--claim", "C11"), "claim must be one of C1, "),
        (("replicate", "--task", "moon"), "task must be one of triangle, "),
        (("replicate", "--claim", "C8", "--seeds", "7"), "seeds must be at least two"),
        (("replicate", "--claim", "C8", "--write"), "the book's ledger must hold all claims and tasks"),
        (("replicate", "--claim", "C2", "--task", "box", "--scheduler", "nowhere"), "scheduler must be an address"),
        (("sweep", "no-such-file.json"), "a grid was expected at no-such-file.json"),
    ],
)
def test_the_shell_refuses_in_one_sentence(tmp_path, arguments, message):
    result = subprocess.run(
        [sys.executable, "-m", "replaylib", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=tmp_path,
    )
    assert result.returncode == 2
    assert message in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_grid_of_replays_is_measured(tmp_path):
    path = tmp_path / "grid.json"
    path.write_text(json.dumps({"task": ["triangle"], "friction": [1.0, 0.5], "adaptation_strength": [0.1]}))
    cells = replay_cells(read_grid(path))
    found = run(cells, tmp_path / "cells", workers=0)
    slow, fast = (found.results[cell.key]["reach_time"] for cell in cells)
    assert fast < slow


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "must be a grid in JSON, but cannot be read"),
        ("[1]", "a grid must have the axis task"),
        ('{"friction": [1]}', "a grid must have the axis task"),
        ('{"task": ["triangle"], "colour": [1]}', "a grid must have the axis task and may have seed, friction"),
        ('{"task": []}', "axis task must be a list of at least one value"),
        ('{"task": ["moon"]}', "task must be one of"),
        ('{"task": ["triangle"], "friction": [3]}', "friction must be a number in"),
    ],
)
def test_bad_grids_are_refused(tmp_path, text, message):
    path = tmp_path / "grid.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=message):
        replay_cells(read_grid(path))
    with pytest.raises(FileNotFoundError, match="only the seeds"):
        replay_cells([{"task": "triangle", "seed": 77}])
