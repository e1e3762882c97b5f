"""The lab's files: what it writes the package reads, and the other way; what is no network is said in one sentence."""

import base64
import hashlib
import json
import struct
from dataclasses import asdict, replace

import numpy as np
import pytest
from lab_files import check_same, read_by_lab, saved, small_network
from maze_engine import run_engine

from replaylib import _storage
from replaylib.networks import pretrained


@pytest.mark.parametrize("name", ["triangle-cells", "t-maze-cells", "triangle", "rat"])
def test_the_lab_reads_what_the_package_trained(name):
    network = pretrained.load(name)
    (answer,) = read_by_lab((pretrained.FOLDER / f"{name}-0.safetensors").read_bytes())
    check_same(answer["network"], network)
    assert answer["lab"] is None
    assert answer["preset"] == (name.removesuffix("-cells") if name.endswith("-cells") else "")


@pytest.mark.parametrize("cells", [True, False])
@pytest.mark.parametrize("symmetric", [True, False])
def test_the_lab_reads_what_the_package_saves(cells, symmetric, generator, tmp_path):
    network = small_network(generator, cells, symmetric=symmetric)
    (answer,) = read_by_lab(saved(network, tmp_path))
    check_same(answer["network"], network)


def test_the_lab_reads_files_of_before_the_sha_256(generator, tmp_path):
    network = small_network(generator)
    path = tmp_path / "saved.safetensors"
    pretrained.save(network, path)
    tensors, card = _storage.read_tensors(path)
    file = _storage.save(tensors, {"card": json.dumps(card)})
    (answer,) = read_by_lab(file)
    check_same(answer["network"], network)


WRITE = """
const settings = lab.checkSettings(data.settings);
const network = lab.newNetwork(settings, lab.mazeOf(settings));
Object.assign(network, data.changes);
if (data.odd) [network.bias[0], network.bias[1], network.bias[2]] = [-0, 1e-45, 3.4e38];
const kept = { maze: lab.mazeOf(settings), settings, iteration: 17 };
const bytes = lab.writeNetwork(network, data.kept ? kept : null);
const back = lab.readNetwork(bytes);
const again = lab.writeNetwork(back.network, back.lab);
return { bytes, network, back, same: bytes.length === again.length && bytes.every((one, i) => one === again[i]) };
"""

DRAWN = {"vertices": [[-1, 0.123456789012345], [1, 0], [0, -1], [0, 1]], "edges": [[0, 1], [2, 3]]}


@pytest.mark.parametrize("given", [{}, {"maze": "drawn", "drawn": DRAWN, "symmetric": False, "leak": 1, "noise": 0}])
@pytest.mark.parametrize("kept", [True, False])
def test_the_package_reads_what_the_lab_writes(given, kept, tmp_path):
    data = {
        "settings": {"units": 32, "seed": 5, **given},
        "changes": {"velocityRms": 0.1 + 0.2},
        "kept": kept,
        "odd": True,
    }
    found = run_engine(WRITE, data)
    path = tmp_path / "lab.safetensors"
    path.write_bytes(bytes(found["bytes"]))
    network = pretrained.read(path)
    check_same(found["network"], network)
    check_same(found["back"]["network"], network)
    assert found["same"]
    assert (struct.unpack("<Q", bytes(found["bytes"][:8]))[0] + 8) % 8 == 0
    assert network.settings.velocity_rms == 0.1 + 0.2
    assert np.signbit(network.bias[0].item())
    _, card = _storage.read_tensors(path)
    assert ("lab" in card) == kept
    if kept:
        assert found["back"]["lab"] == card["lab"]
        assert card["lab"]["iteration"] == 17
        assert card["lab"]["settings"]["seed"] == 5
    # And back again, through the package's own writer.
    (answer,) = read_by_lab(saved(network, tmp_path))
    check_same(answer["network"], network)


def test_sha_256_is_hashlibs():
    numbers = np.random.default_rng(0)
    texts = [numbers.bytes(size) for size in (0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 1000, 100_003)]
    found = run_engine(
        "return data.map((text) => lab.sha256(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))))",
        [base64.b64encode(text).decode() for text in texts],
    )
    assert found == [hashlib.sha256(text).hexdigest() for text in texts]


def test_things_that_are_no_files_are_refused():
    script = """
    return [undefined, null, 7, "file", 1e12, {}, [1, 2]].map((thing) => {
      try { lab.readNetwork(thing); } catch (error) { return [error instanceof lab.MazeError, error.message]; }
    });
    """
    assert run_engine(script) == [[True, "A file was expected, but something else came."]] * 7


def test_a_part_of_a_buffer_is_read_as_itself(generator, tmp_path):
    network = small_network(generator)
    script = """
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    const wide = new Uint8Array(bytes.length + 6);
    wide.set(bytes, 3);
    const views = [wide.subarray(3, 3 + bytes.length), bytes.buffer, bytes];
    return views.map((view) => lab.readNetwork(view).network);
    """
    for found in run_engine(script, base64.b64encode(saved(network, tmp_path)).decode()):
        check_same(found, network)


def test_a_preset_is_known_by_its_cells_alone():
    script = """
    const grid = Array.from({ length: 841 }, (_, i) => [(i % 29) / 10 - 1.4, Math.floor(i / 29) / 10 - 1.4]);
    const known = Object.values(lab.PRESETS).map(({ maze }) => lab.presetOf({ cells: lab.cellsFor(maze) }));
    const half = lab.cellsFor({ vertices: [[0, 1], [-Math.sqrt(3) / 2, -0.5]], edges: [[0, 1]] });
    return [...known, lab.presetOf({ cells: { centres: Float32Array.from(grid.flat()) } }),
      lab.presetOf({ cells: half }), lab.presetOf({ cells: null })];
    """
    lines = ["triangle", "t-maze", "ring", "figure-of-eight", "plus", "h-maze"]
    assert run_engine(script) == [*lines, "", "", "", ""]


def test_settings_of_networks_are_those_of_the_card(generator, tmp_path):
    """A field that NetworkSettings gains must be thought of here."""
    fields = set(asdict(replace(small_network(generator).settings)))
    data = {"settings": {"units": 32}, "changes": {}, "kept": False, "odd": False}
    path = tmp_path / "lab.safetensors"
    path.write_bytes(bytes(run_engine(WRITE, data)["bytes"]))
    assert set(_storage.read_tensors(path)[1]["network"]) == fields
