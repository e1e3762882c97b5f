"""The lab's files: what it writes the package reads, and the other way; what is no network is said in one sentence."""

import base64
import hashlib
import json
import struct
import time
from dataclasses import asdict, replace

import numpy as np
import pytest
import torch
from maze_engine import flat, run_engine

from replaylib import _storage
from replaylib.networks import pretrained
from replaylib.networks.network import NetworkSettings, PathIntegrator
from replaylib.world.place_cells import PlaceCells

READ = """
const fromText = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
return data.map(fromText).map((bytes) => {
  const before = performance.now();
  try {
    const { network, lab: kept } = lab.readNetwork(bytes);
    return { network, lab: kept, preset: lab.presetOf(network), took: performance.now() - before };
  } catch (error) {
    if (!(error instanceof lab.MazeError)) throw error;
    return { error: error.message, took: performance.now() - before };
  }
});
"""

NAMES = {"encoder_bias": "encoderBias"}


def read_by_lab(*files):
    return run_engine(READ, [base64.b64encode(bytes(file)).decode() for file in files])


def saved(network, folder):
    path = folder / "saved.safetensors"
    pretrained.save(network, path)
    return path.read_bytes()


def check_same(found, network):
    """The lab's network has the package's numbers, bit for bit."""
    for name, tensor in network.state_dict().items():
        assert torch.equal(flat(found, NAMES.get(name, name), *tensor.shape), tensor), name
    known = network.settings
    described = [found[name] for name in ("units", "outputs", "leak", "noise", "symmetric", "velocityRms")]
    assert described == [
        known.hidden,
        known.outputs,
        known.leak,
        known.noise_std,
        known.symmetric,
        known.velocity_rms,
    ]
    if network.cells is None:
        assert found["cells"] is None
    else:
        assert torch.equal(flat(found["cells"], "centres", *network.cells.centres.shape), network.cells.centres)
        assert (found["cells"]["width"], found["cells"]["exponent"]) == (network.cells.width, network.cells.exponent)


def small_network(generator, cells=True, **changes):
    centres = PlaceCells(torch.randn(5, 2, generator=generator), 0.3, 2.5) if cells else None
    settings = {"outputs": 5 if cells else 2, "hidden": 6, "leak": 0.25, "noise_std": 0.0, "velocity_rms": 0.0313}
    return PathIntegrator(NetworkSettings(**{**settings, **changes}), centres, generator)


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


def parts_of(file):
    """Header and numbers of a safetensors file."""
    (length,) = struct.unpack("<Q", file[:8])
    return json.loads(file[8 : 8 + length]), file[8 + length :]


def joined(header, rest):
    text = json.dumps(header).encode() if not isinstance(header, bytes) else header
    return struct.pack("<Q", len(text)) + text + rest


def with_card(file, change):
    """The file with another description, and the SHA-256 that fits it."""
    header, rest = parts_of(file)
    card = json.loads(header["__metadata__"]["card"])
    change(card)
    text = json.dumps(card)
    tensors = {
        name: torch.frombuffer(bytearray(rest[slice(*entry["data_offsets"])]), dtype=torch.float32).reshape(
            entry["shape"]
        )
        for name, entry in header.items()
        if name != "__metadata__"
    }
    header["__metadata__"] = {"card": text, "sha256": _storage._digest(tensors, text)}
    return joined(header, rest)


def with_header(file, change):
    header, rest = parts_of(file)
    change(header)
    return joined(header, rest)


def altered(where, *keys, to):
    """A change of one value deep in a description; ``to`` ... removes it."""

    def change(found):
        for key in keys[:-1]:
            found = found[key]
        if to is ...:
            del found[keys[-1]]
        else:
            found[keys[-1]] = to

    return where, change


CHANGES = [
    (
        *altered(with_card, "network", "nonlinearity", to="relu"),
        'The lab dreams with tanh units, but this network has "relu".',
    ),
    (
        *altered(with_card, "network", "learn_leak", to=True),
        "The lab dreams with one fixed leak, but",
    ),
    (
        *altered(with_card, "network", "leak", to=[0.5] * 6),
        "The lab dreams with one fixed leak, but",
    ),
    (*altered(with_card, "network", "leak", to=1.5), "The network's leak must be from 0 to 1, but 1.5 came."),
    (*altered(with_card, "network", "leak", to=...), "The lab dreams with one fixed leak"),
    (
        *altered(with_card, "network", "hidden", to=10**9),
        "A network of at most 512 units and 1024 outputs was expected",
    ),
    (*altered(with_card, "network", "hidden", to=-1), "A network of at most 512 units and 1024 outputs was expected"),
    (*altered(with_card, "network", "hidden", to="6"), "A network of at most 512 units and 1024 outputs was expected"),
    (*altered(with_card, "network", "hidden", to=7), 'The tensor "bias" must have the shape 7'),
    (*altered(with_card, "network", "symmetric", to="yes"), "The file does not say whether"),
    (*altered(with_card, "network", "noise_std", to=-1), "The network's noise must be at least 0, but -1 came."),
    (*altered(with_card, "network", "velocity_rms", to=0), "The network's scale of velocity must be above 0"),
    (*altered(with_card, "network", to=...), "The file holds no network of replaylib."),
    (*altered(with_card, "network", to=[]), "The lab dreams with tanh units"),
    (*altered(with_card, "cells", to=None), "The network's place cells need a width"),
    (*altered(with_card, "cells", "width", to=0), "The network's place cells need a width"),
    (*altered(with_card, "cells", to=...), "A network without place cells must report x and y"),
    (*altered(with_card, "lab", to=7), "What the file says of the lab is damaged."),
    (*altered(with_card, "lab", to={}), "Settings were expected, but undefined came."),
    (*altered(with_card, "lab", to={"settings": {"maze": "castle"}, "iteration": 1}), "The maze must be one of"),
    (*altered(with_card, "lab", to={"settings": {}, "iteration": -1}), "The file's number of iterations is -1."),
    (*altered(with_card, "lab", to={"settings": {}, "iteration": 1}), "The file's maze is not the one"),
    (*altered(with_header, "__metadata__", to=...), "The file was not written by replaylib"),
    (*altered(with_header, "__metadata__", to=None), "The file was not written by replaylib"),
    (*altered(with_header, "__metadata__", "card", to=7), "The file was not written by replaylib"),
    (*altered(with_header, "__metadata__", "card", to="[1]"), "The file's description is no object."),
    (*altered(with_header, "__metadata__", "card", to="{"), "The file's description can not be read"),
    (*altered(with_header, "__metadata__", "sha256", to="0" * 64), "The file is damaged: its content is not that"),
    (*altered(with_header, "__metadata__", "sha256", to=7), "The file is damaged: its content is not that"),
    (*altered(with_header, "bias", to=...), 'The file holds no tensor "bias".'),
    (*altered(with_header, "bias", to=3), 'The file holds no tensor "bias".'),
    (*altered(with_header, "bias", "dtype", to="F16"), 'The tensor "bias" must be of 32-bit numbers, but "F16" came.'),
    (*altered(with_header, "bias", "shape", to=[3, 2]), 'The tensor "bias" must have the shape 6'),
    (*altered(with_header, "bias", "shape", to="6"), 'The file holds no tensor "bias".'),
    (*altered(with_header, "bias", "data_offsets", to=[0, 28]), 'The tensor "bias" lies where its'),
    (*altered(with_header, "bias", "data_offsets", to=[-24, 0]), 'The tensor "bias" lies where its'),
    (
        *altered(with_header, "bias", "data_offsets", to=[1e300, 1e300]),
        'The tensor "bias" lies where',
    ),
    (*altered(with_header, "bias", "data_offsets", to=[4, 28]), "The file is damaged: its content is not that"),
    (*altered(with_header, "more", to={"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}), 'The file holds "more"'),
    (*altered(with_header, "__proto__", to={"dtype": "F32"}), 'The file holds "__proto__", which no network'),
]


def test_altered_descriptions_are_refused_in_one_sentence(generator, tmp_path):
    file = saved(small_network(generator), tmp_path)
    check_same(read_by_lab(with_card(file, lambda card: None))[0]["network"], small_network(torch.manual_seed(0)))
    answers = read_by_lab(*(where(file, change) for where, change, _ in CHANGES))
    for (_, _, sentence), answer in zip(CHANGES, answers, strict=True):
        assert answer.get("error", "no error").startswith(sentence), answer
        assert answer["error"].endswith(".")
        assert len(answer["error"]) < 250


def test_numbers_that_are_not_finite_are_refused(generator, tmp_path):
    for value in (float("nan"), float("-inf")):
        network = small_network(generator)
        with torch.no_grad():
            network.decoder[1, 2] = value
        (answer,) = read_by_lab(saved(network, tmp_path))
        assert answer["error"] == 'The tensor "decoder" holds a number that is not finite.'


def test_no_cut_and_no_altered_byte_goes_unseen(generator, tmp_path):
    """Of a whole file, cut at any place or with one byte altered anywhere, nothing but a sentence comes."""
    file = saved(small_network(generator), tmp_path)
    cut = [file[:length] for length in range(0, len(file), 7)]
    numbers = np.random.default_rng(0)
    flipped = []
    for place in range(0, len(file), 3):
        other = bytearray(file)
        other[place] ^= int(numbers.integers(1, 256))
        flipped.append(bytes(other))
    answers = read_by_lab(*cut, *flipped, file + b"\0", file + file)
    for answer in answers:
        assert answer.get("error", "no error").endswith("."), answer
        assert answer["took"] < 500


def test_foreign_and_huge_files_are_refused_at_once():
    deep = b'{"a":' + b"[" * 190_000 + b"]" * 4
    files = {
        b"": "The file is too short for a safetensors file: it has 0 bytes.",
        b"PK\x03\x04" + b"\0" * 100: "The file is no safetensors file: no description stands at its beginning.",
        b"{" * 50: "The file is cut off: it ends within its description.",
        struct.pack("<Q", 2**63) + b"{" * 100: "The file is cut off: it ends within its description.",
        struct.pack("<Q", 2)
        + b"{}": "The file was not written by replaylib: it carries no description of its network.",
        joined(deep, b""): "The file's header can not be read: it is damaged, or no safetensors file.",
        joined(b"{" + b" " * 300_000 + b"}", b""): "The file's description is too long for a network: 300002 bytes.",
        struct.pack("<Q", 2) + b"\xff\xfe": "The file is no safetensors file: no description stands at its beginning.",
        struct.pack("<Q", 3) + b"{\xff}": "The file's header can not be read: it is damaged, or no safetensors file.",
        bytes(9_000_000): "A file of at most 8 MB was expected, but one of 9.0 MB came.",
    }
    before = time.monotonic()
    for sentence, answer in zip(files.values(), read_by_lab(*files), strict=True):
        assert answer["error"] == sentence
        assert answer["took"] < 1000
    assert time.monotonic() - before < 30


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
