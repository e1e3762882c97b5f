"""The border: one sentence with the path to what is wrong, whatever comes, and nothing is replaced."""

import json
import os
import stat
import warnings
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from replaylib import _border
from replaylib._border import check_folder, check_free, listed, mapped, number, read_bytes, record, truth, whole, write
from replaylib._storage import read_tensors, write_tensors
from replaylib.ledger.grids import read_grid, replay_cells
from replaylib.ledger.ledger import Ledger, check_place
from replaylib.ledger.sweep import Cell, read_cell
from replaylib.networks import pretrained
from replaylib.networks.border import check_network, check_training

QUICK = settings(
    max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
WORDS = [
    *("task", "triangle", "seed", "friction", "noise", "adaptation_inside", "rows", "claim", "C8", "verdict", "holds"),
    *(
        "outcomes",
        "conditions",
        "code",
        "result",
        "sha256",
        "network",
        "hidden",
        "leak",
        "losses",
        "groups",
        "training",
    ),
]
NUMBERS = st.integers() | st.floats() | st.sampled_from([0, 1, 64, 2**31, 10**400, 1e308])
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=5) | st.sampled_from([*WORDS, "0" * 64]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4),
    max_leaves=12,
)
CONTENTS = VALUES.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=60) | st.just(b"[" * 100_000)


def nothing(**_):
    return {}


CELL = Cell("a", nothing, {}, check=mapped(number()))


def read_stored_cell(path: Path) -> None:
    """As a sweep does: what is no cell is told of, and there is no result."""
    stored = CELL.path(path.parent)
    stored.write_bytes(path.read_bytes())
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        if read_cell(CELL, path.parent) is None:
            raise ValueError(str(told[0].message))


def read_beside(path: Path, name: str, check) -> None:
    target = path.with_name(name)
    target.write_bytes(path.read_bytes())
    try:
        check("triangle", 0, path.parent)
    finally:
        target.unlink()


READERS = {
    "grid": lambda path: replay_cells(read_grid(path)),
    "ledger": Ledger,
    "place of a ledger": lambda path: check_place(path, whole=False),
    "cell": read_stored_cell,
    "card": lambda path: read_beside(path, "triangle-0.json", check_network),
    "weights": lambda path: read_beside(path, "triangle-0.safetensors", check_network),
    "checkpoint": lambda path: read_beside(path, "triangle-0.checkpoint", check_training),
    "safetensors": read_tensors,
    "network": pretrained.read,
}


def outcome(reader: str, path: Path) -> str:
    """What a reader says of a file: one sentence, or "" where it takes it; anything but a refusal is a failure."""
    before = path.read_bytes()
    try:
        READERS[reader](path)
    except (ValueError, FileNotFoundError) as error:
        said = str(error)
    else:
        said = ""
    assert path.read_bytes() == before
    assert len(said.splitlines()) == bool(said)
    return said


@pytest.mark.parametrize("reader", READERS)
def test_whatever_comes_is_taken_or_refused_in_one_sentence(tmp_path, reader):
    path = tmp_path / "came"
    refused = []

    @QUICK
    @given(CONTENTS)
    def feed(content: bytes) -> None:
        path.write_bytes(content)
        refused.append(outcome(reader, path))

    feed()
    assert sum(map(bool, refused)) > len(refused) / 2


@pytest.mark.parametrize(("reader", "kind"), [("weights", "safetensors"), ("network", "safetensors"), ("card", "json")])
def test_a_file_with_one_other_byte_is_taken_or_refused(tmp_path, reader, kind):
    whole_file = (pretrained.FOLDER / f"triangle-0.{kind}").read_bytes()
    path = tmp_path / "came"
    path.write_bytes(whole_file)
    assert outcome(reader, path) == ""
    refused = []

    @QUICK
    @given(st.integers(0, 2000), st.integers(1, 255))
    def damage(place: int, change: int) -> None:
        content = bytearray(whole_file)
        content[place % len(content)] ^= change
        path.write_bytes(content)
        refused.append(outcome(reader, path))

    damage()
    assert any(refused)


@pytest.mark.parametrize(
    ("network", "message"),
    [
        ({"symmetric": "no"}, "description.network.symmetric must be true or false, but 'no' came"),
        ({"hidden": 10**9}, "description.network.hidden must be a whole number from 1 to 4096, but 1000000000 came"),
        ({"leak": [0.5, "0.6"]}, "description.network.leak[1] must be a number of at least 0 and of at most 1"),
        ({"depth": 3}, "description.network must be an object with no other names than outputs"),
    ],
)
def test_a_description_is_refused_before_its_tensors_are_read(tmp_path, network, message):
    tensors, card = read_tensors(pretrained.FOLDER / "triangle-0.safetensors")
    path = tmp_path / "triangle-0.safetensors"
    write_tensors(path, tensors, {"network": {**card["network"], **network}})
    with pytest.raises(ValueError) as refused:  # noqa: PT011 (the message is compared as text)
        check_network("triangle", 0, tmp_path)
    assert str(refused.value).startswith(f"{path}: {message}")
    write_tensors(path, {name: tensor.long() for name, tensor in tensors.items()}, card)
    with pytest.raises(ValueError, match=r"head\['bias'\].dtype must be one of F32, F64, but 'I64' came"):
        check_network("triangle", 0, tmp_path)


def test_a_card_is_that_of_its_network(tmp_path):
    card = json.loads((pretrained.FOLDER / "triangle-0.json").read_bytes())
    for change, message in (({"task": "rat"}, "card.task must be triangle"), ({"seed": 3}, "card.seed must be 0")):
        (tmp_path / "triangle-0.json").write_text(json.dumps(card | change))
        with pytest.raises(ValueError, match=message):
            check_network("triangle", 0, tmp_path)
    with pytest.raises(ValueError, match="task must be one of triangle"):
        check_network("../triangle", 0, tmp_path)


def test_a_checkpoint_without_a_sum_is_refused(tmp_path):
    path = tmp_path / "triangle-0.checkpoint"
    write_tensors(path, {"network.bias": torch.zeros(3)}, {"losses": []})
    content = path.read_bytes()
    path.write_bytes(content.replace(b'"sha256"', b'"sha255"'))
    with pytest.raises(ValueError, match=r"head.__metadata__ must have sha256"):
        check_training("triangle", 0, tmp_path)
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"description must have network, task, training, groups"):
        check_training("triangle", 0, tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_only_regular_files_are_read_or_replaced(tmp_path):
    """A pipe would be waited for, and a link's or a device's place taken."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "target").write_text("precious")
    (tmp_path / "link").symlink_to("target")
    os.mkfifo(tmp_path / "pipe")
    for name in ("folder", "link", "pipe"):
        with pytest.raises(ValueError, match=rf"{name} must be a regular file, or not there, to be written, but it is"):
            write(tmp_path / name, b"new")
    with pytest.raises(ValueError, match="pipe must be a regular file, but it is none"):
        read_bytes(tmp_path / "pipe")
    with pytest.raises(ValueError, match="target must have at most 3 bytes, but it has 8"):
        read_bytes(tmp_path / "target", 3)
    with pytest.raises(ValueError, match="target must be a folder to write to, but it is not"):
        check_folder(tmp_path / "target")
    check_free(tmp_path / "target", tmp_path / "absent")
    assert read_bytes(tmp_path / "link") == b"precious"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no umask")
def test_new_files_heed_the_users_umask(tmp_path):
    before = os.umask(0o077)
    try:
        write(tmp_path / "mine", b"private")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "mine").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("check", "value", "message"),
    [
        (number(0.0), True, "x must be a number of at least 0, but True came"),
        (number(), 10**400, "x must be a number, but 1"),
        (number(), float("nan"), "x must be a number, but nan came"),
        (number(above=0.0, below=2.0), 2.0, "x must be a number above 0 and below 2, but 2.0 came"),
        (whole(0, 9), 1.0, "x must be a whole number from 0 to 9, but 1.0 came"),
        (whole(0, 9), True, "x must be a whole number from 0 to 9, but True came"),
        (truth, 1, "x must be true or false, but 1 came"),
        (listed(truth), [True, 0], r"x\[1\] must be true or false, but 0 came"),
        (record({"a": truth}, others=False), {"a": True, "b": 1}, "x must be an object with no other names than a"),
        (mapped(record({"a": truth})), {"b": {}}, r"x\.b must have a, but has \[\]"),
    ],
)
def test_checks_name_the_path_what_was_expected_and_what_came(check, value, message):
    with pytest.raises(ValueError, match=message):
        check(value, "x")


@pytest.mark.parametrize(
    "text", ['{"a": 1, "a": 2}', "NaN", "[1e999]", "-Infinity", "[" * 10**5, "9" * 5000, "\ufeff1"]
)
def test_json_is_strict(text):
    with pytest.raises(ValueError, match="g must be a grid in JSON, but"):
        _border.parse(text, "g", "a grid")
