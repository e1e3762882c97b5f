"""Files that are no whole networks of the lab: each is refused in one sentence, and at once."""

import json
import struct
import time

import numpy as np
import torch
from lab_files import check_same, read_by_lab, saved, small_network

from replaylib import _storage


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
