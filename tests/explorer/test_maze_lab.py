"""MazeLab on the Python side: its traits, and what a kernel reads of the page; the page is tested with the book."""

import json
import re
from pathlib import Path

import pytest
import torch
from traitlets import TraitError

from replaylib.explorer import MazeLab
from replaylib.explorer.maze_lab.source import ENGINE_SOURCE
from replaylib.explorer.maze_lab.widget import MAZES, PAGE_FILES, RANGES, UNITS
from replaylib.networks import pretrained
from replaylib.world.spaces import Arena

CORNER = {"vertices": [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]], "edges": [[1, 0], [1, 2]]}


def saved(tmp_path: Path) -> bytes:
    pretrained.save(pretrained.load("triangle-cells"), tmp_path / "network.safetensors")
    return (tmp_path / "network.safetensors").read_bytes()


def test_network_is_the_one_of_the_page(tmp_path):
    lab, network = MazeLab(), pretrained.load("triangle-cells")
    lab.saved = saved(tmp_path)
    assert lab.network.settings == network.settings
    assert torch.equal(lab.network.recurrent, network.recurrent)


def test_without_a_network_or_a_maze_it_says_what_to_do():
    with pytest.raises(ValueError, match="press Train in the figure"):
        _ = MazeLab().network
    with pytest.raises(ValueError, match="display the figure"):
        _ = MazeLab().track


def test_damaged_bytes_are_refused(tmp_path):
    lab, content = MazeLab(), saved(tmp_path)
    for wrong in (content[:-5], b"no network", content[:-1] + bytes([content[-1] ^ 1])):
        lab.saved = wrong
        with pytest.raises(ValueError, match=r"maze-lab\.safetensors must"):
            _ = lab.network


def test_track_is_the_maze_of_the_page():
    lab = MazeLab()
    lab.maze = CORNER
    assert lab.track.edges == ((0, 1), (1, 2))
    assert lab.track.landmark_indices == (0, 2)
    assert float(lab.track.lengths.sum()) == 2.0
    lab.maze = {**CORNER, "edges": [[0, 1], [1, 2], [2, 0]]}
    assert lab.track.landmark_indices == (0, 1, 2)
    lab.maze = {"box": [1.6, 1.2]}
    assert lab.track == Arena(1.6, 1.2)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"leak": 2.0}, "leak must be a number from 0 to 1, but 2.0 came"),
        ({"noise": "loud"}, "noise must be a number"),
        ({"noise": float("nan")}, "noise must be a number"),
        ({"seed": 1.5}, "seed must be a number from 0 to 999999"),
        ({"iterations": True}, "iterations must be a number"),
        ({"units": 65}, "units must be one of 32, 48, 64, 96, 128, but 65 came"),
        ({"maze": "moon"}, "maze must be one of triangle"),
        ({"drawn": 3}, "drawn must be a maze or None, but 3 came"),
        ({"pauses": 1}, "pauses must be True or False, but 1 came"),
        ({"lead": 0.5}, "a setting must be one of maze, .* but 'lead' came"),
    ],
)
def test_senseless_settings_are_refused_and_change_nothing(settings, message):
    with pytest.raises(TraitError, match=message):
        MazeLab(**settings)
    lab = MazeLab(seed=4)
    with pytest.raises(TraitError, match=message):
        lab.settings = settings
    assert lab.settings == {"seed": 4}


def test_state_is_synced_and_the_engine_stands_in_the_module():
    lab = MazeLab(small=True, maze="ring")
    state = lab.get_state()
    assert (state["small"], state["settings"], state["saved"]) == (True, {"maze": "ring"}, b"")
    assert json.dumps(ENGINE_SOURCE) in state["_esm"]
    assert len(PAGE_FILES) == len(set(PAGE_FILES))


def test_choices_are_those_of_the_page():
    for name in MAZES[:-1]:
        assert re.search(rf'^  "?{name}"?: {{', ENGINE_SOURCE, re.MULTILINE)
    assert f"UNITS = [{', '.join(map(str, UNITS))}]" in ENGINE_SOURCE
    for name, (low, high) in RANGES.items():
        assert f"{name}: [{low:g}, {high:.0f}]" in ENGINE_SOURCE
