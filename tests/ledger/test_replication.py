"""From claims to results: short replications, from the shell too."""

import json
import subprocess
import sys
import warnings

import pytest
import torch

from replaylib import __main__ as command_line
from replaylib.ledger import ledger
from replaylib.ledger.claims import CLAIMS, claim
from replaylib.ledger.claims.base import FULL, QUICK, REPORTING_SEEDS, Scale
from replaylib.ledger.measurements.weights import pack, train_network, unpack
from replaylib.ledger.replication import (
    TASKS_AND_PATHS,
    Plan,
    claim_cells,
    network_cell,
    replicate,
)
from replaylib.networks import pretrained
from replaylib.networks.training import TrainingSettings

TINY = Scale("tiny", paths=8, steps=60, points=200, training=(3, 3, 3), draws=1)


@pytest.fixture
def shell(monkeypatch, capsys, tmp_path):
    """The command line in this process, in an empty folder: (exit status, output, errors)."""
    monkeypatch.setattr(warnings, "formatwarning", warnings.formatwarning)  # which the command line sets
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["replaylib", *arguments])
        with pytest.raises(SystemExit) as ended:
            command_line.main()
        return (ended.value.code or 0, *capsys.readouterr())

    return call


def test_bytes_survive():
    content = bytes(range(256))
    assert unpack(json.loads(json.dumps(pack(content)))) == content


def test_pretrained_networks_are_taken_and_others_trained(monkeypatch, tmp_path):
    packed = train_network(**network_cell("triangle", 0).settings)
    assert unpack(packed) == (pretrained.FOLDER / "triangle-0.safetensors").read_bytes()
    monkeypatch.setitem(pretrained.RECIPES, "triangle", pretrained.Recipe(8, 0.5, 0.1, TrainingSettings(5, 4)))
    cell = network_cell("triangle", 150)
    (tmp_path / "n.safetensors").write_bytes(unpack(train_network(**cell.settings)))
    pretrained.make("triangle", 150, tmp_path)
    made, same = (pretrained.read(tmp_path / name) for name in ("n.safetensors", "triangle-150.safetensors"))
    assert torch.equal(made.recurrent, same.recurrent)


def test_cells_of_a_claim_share_their_network():
    cells = claim_cells(claim("C8"), "triangle", 0, QUICK)
    other = claim_cells(claim("C4"), "triangle", 0, QUICK)
    assert cells[0].needs.key == other[0].needs.key
    assert cells[0].key != other[0].key
    assert len(claim_cells(claim("C3"), "rat", 0, QUICK)) == 5
    assert claim_cells(claim("C3"), "rat", 0, QUICK)[0].needs is None


def test_a_replication_is_the_same_when_it_is_resumed(tmp_path):
    plan = Plan((claim("C5"), claim("C8")), ("triangle",), (0, 1), TINY)
    whole, sweep = replicate(plan, tmp_path / "whole", workers=0)
    assert not sweep.failed
    half = Plan((claim("C8"),), ("triangle",), (0, 1), TINY)
    replicate(half, tmp_path / "parts", workers=0)
    resumed, _ = replicate(plan, tmp_path / "parts", workers=0)
    assert resumed == whole
    assert whole["C8", "triangle"][0]["plain"]["coverage"] > 0


def test_a_seed_with_failed_parts_has_no_table(tmp_path, monkeypatch):
    """C6 has two parts. Where one fails, what the other says of this seed must not be told by itself."""
    one = claim("C6")
    first = one.parts("triangle")[0]
    monkeypatch.setattr("replaylib.ledger.sweep.attempt", _fails_for(1, first))
    tables, sweep = replicate(Plan((one,), ("triangle",), (0, 1), TINY), tmp_path, workers=0)
    assert list(tables["C6", "triangle"]) == [0]
    assert len(sweep.failed) == 1


def _fails_for(seed: int, part: str):
    def attempt(work, settings, source, needed=None):
        if settings.get("part") is None:
            return {"result": train_network(**settings)}
        if (settings["seed"], settings["part"]) == (seed, part):
            return {"error": "bad luck"}
        return {"result": {settings["part"]: {"x": 1.0}}}

    return attempt


def test_measures_that_are_not_finite_are_left_out(monkeypatch):
    one = claim("C2")
    monkeypatch.setattr("replaylib.ledger.measurements.score.measure_estimates", lambda *_: {"a": {"x": 1, "y": 1e999}})
    cell = claim_cells(one, "triangle", 0, TINY)[0]
    assert cell.work(**cell.settings) == {"a": {"x": 1.0}}


def test_the_shell_tells_effect_interval_and_verdict(shell):
    arguments = ["--claim", "C8", "--task", "triangle-cells", "--seeds", "0", "1", "2", "--quick", "--workers", "0"]
    status, output, _ = shell("replicate", *arguments, "--json", "--ledger", "mine.json")
    row = json.loads(output)
    wanted = {"claim", "task", "measure", "effect", "interval", "null", "p", "p_corrected", "verdict", "seeds"}
    assert wanted | {"settings", "command"} <= set(row)
    assert (status, row["claim"], row["task"], row["seeds"]) == (0, "C8", "triangle-cells", [0, 1, 2])
    assert row["interval"][0] <= row["effect"] <= row["interval"][1]
    assert row["effect"] > 1.3
    assert (row["verdict"], row["reason"]) == ("not judged", "fewer than 5 seeds")
    assert shell("replicate", *arguments[:-2], "--json")[1] == output  # nothing is left to be made
    line = shell("replicate", *arguments)[1]
    assert line.startswith("C8 triangle-cells: not judged (fewer than 5 seeds); speed: the book's both over")
    written = ledger.Ledger(ledger.Path("mine.json"))
    assert written.rows == [row]
    assert written.stale == ()


def test_a_failed_cell_is_told_and_nothing_is_judged(shell, monkeypatch):
    def load(name, seed):
        raise ValueError("these weights are bad")

    monkeypatch.setattr(pretrained, "load", load)
    arguments = ["--claim", "C8", "--task", "triangle", "--seeds", "0", "1", "--quick", "--workers", "0"]
    status, output, errors = shell("replicate", *arguments, "--ledger", "mine.json")
    assert status == 2
    assert output.startswith("C8 triangle: not judged (not measured: seed 0, 1); ")
    assert "the cell network-triangle-0 failed: ValueError: these weights are bad" in errors
    assert "all cells must succeed, but 4 failed" in errors
    assert not ledger.Path("mine.json").exists()


REFUSED = [
    (("replicate", "--claim", "C99"), "claim must be one of C1, "),
    (("replicate", "--task", "moon"), "task must be one of triangle, "),
    (("replicate", "--claim", "C8", "--seeds", "7"), "seeds must be at least two different ones"),
    (
        ("replicate", "--claim", "C8", "--write", "--seeds", "0", "1"),
        "the book's ledger must hold each claim on all tasks",
    ),
    (("replicate", "--task", "box", "--write"), "the book's ledger must hold each claim on all tasks"),
    (("replicate", "--quick", "--write"), "the book's ledger must hold each claim on all tasks"),
    (("replicate", "--seeds", "0", "1", "--write"), "the book's ledger must hold each claim on all tasks"),
    (("replicate", "--quick", "--ledger", str(ledger.PATH)), "the book's ledger must hold each claim on all tasks"),
    (("replicate", "--quick", "--ledger", "/dev/null"), "a ledger must be written to a regular file, but /dev/null"),
    (("replicate", "--claim", "C2", "--task", "box", "--scheduler", "nowhere"), "scheduler must be an address"),
    (("replicate", "--quick", "--workers", "99999999999"), "workers must be a whole number from 0 to"),
    (("replicate", "--seeds", "1099511627776", "1"), "seeds[0] must be a whole number from 0 to 1073741823, but"),
    (("replay", "triangle", "--steps", "1000000000"), "--steps must be a whole number from 21 to 100000, but"),
    (("replay", "triangle", "--friction", "2"), "--friction must be a number above 0 and below 2, but 2.0 came"),
    (("replay", "triangle", "--adaptation-time", "nan"), "--adaptation-time must be a number of at least 1"),
    (("train", "triangle", "--seed", "-1"), "seed must be a whole number from 0 to 1073741823, but -1 came"),
    (("train", "../triangle"), "task must be one of triangle, "),
    (("train", "triangle", "--folder", "/dev/null"), "/dev/null must be a folder to write to, but it is not"),
    (("sweep", "no-such-file.json"), "a grid was expected at no-such-file.json"),
]


@pytest.mark.parametrize(("arguments", "message"), REFUSED)
def test_the_shell_refuses_in_one_sentence(shell, arguments, message):
    before = ledger.PATH.read_bytes()
    status, output, errors = shell(*arguments)
    assert (status, output) == (2, "")
    assert message in errors
    assert len(errors.strip().splitlines()) == 1
    assert ledger.PATH.read_bytes() == before


def test_too_little_memory_and_a_closed_output_are_one_sentence(shell, monkeypatch):
    def full(*_):
        raise MemoryError

    monkeypatch.setattr(command_line, "check_network", full)
    status, output, errors = shell("replay", "triangle")
    assert (status, output) == (2, "")
    assert errors == "replaylib: there must be memory enough for what is asked, but there is not.\n"
    monkeypatch.setattr(sys, "stdout", None)
    status, _, errors = shell("replay", "triangle")
    assert status == 2
    assert "standard output must be open" in errors


def test_a_training_replaces_no_link_and_is_refused_before_it_begins(shell, tmp_path, monkeypatch):
    monkeypatch.setattr(pretrained, "make", lambda *_: pytest.fail("a training began"))
    (tmp_path / "precious").write_text("kept")
    (tmp_path / "triangle-0.safetensors").symlink_to("precious")
    status, _, errors = shell("train", "triangle", "--folder", ".")
    assert status == 2
    assert "triangle-0.safetensors must be a regular file, or not there, to be written, but it is a link" in errors
    assert (tmp_path / "precious").read_text() == "kept"


def test_the_shell_is_a_command_of_its_own(tmp_path):
    command = [sys.executable, "-m", "replaylib", *REFUSED[0][0]]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=tmp_path)
    assert result.returncode == 2
    assert REFUSED[0][1] in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_only_a_whole_replication_may_become_the_books_ledger(tmp_path, monkeypatch):
    book = tmp_path / "book.json"
    book.write_text("{}")
    monkeypatch.setattr(ledger, "PATH", book)
    (tmp_path / "soft.json").symlink_to(book)
    (tmp_path / "hard.json").hardlink_to(book)
    (tmp_path / "folder").mkdir()
    for path in (book, tmp_path / "folder" / ".." / "book.json", tmp_path / "soft.json", tmp_path / "hard.json"):
        with pytest.raises(ValueError, match="the book's ledger must hold each claim on all tasks"):
            ledger.check_place(path, whole=False)
        ledger.check_place(path, whole=True)
        ledger.check_place(path, whole=True, complete=False)
        assert ledger.is_the_books(path)
    assert not ledger.is_the_books(tmp_path / "other.json")
    ledger.check_place(tmp_path / "other.json", whole=False)
    with pytest.raises(ValueError, match="a ledger must be written to a regular file"):
        ledger.check_place(tmp_path, whole=True)
    whole, some = (Plan(claims, TASKS_AND_PATHS, REPORTING_SEEDS, FULL) for claims in (CLAIMS, CLAIMS[1:]))
    assert whole.whole
    assert some.whole
    assert (whole.complete, some.complete) == (True, False)
    (tmp_path / "soft.json").unlink()
    book.unlink()
    with pytest.raises(ValueError, match="some claims can only be added to a ledger that is there"):
        ledger.check_place(book, whole=True, complete=False)
    ledger.check_place(book, whole=True)
    assert not Plan(CLAIMS, TASKS_AND_PATHS[1:], REPORTING_SEEDS).whole
    assert not Plan(CLAIMS, TASKS_AND_PATHS, REPORTING_SEEDS[1:]).whole
    assert not Plan(CLAIMS, TASKS_AND_PATHS, REPORTING_SEEDS, QUICK).whole


def test_claims_are_added_to_the_books_ledger(shell, tmp_path, monkeypatch):
    """Those of other claims stay, whatever this machine has of their cells; a ledger elsewhere holds the new alone."""
    monkeypatch.setattr(command_line, "FULL", TINY)
    monkeypatch.setattr("replaylib.ledger.replication.FULL", TINY)
    monkeypatch.setattr(Plan, "whole", property(lambda plan: plan.scale is TINY))
    book = tmp_path / "book.json"
    monkeypatch.setattr(ledger, "PATH", book)
    arguments = ("--task", "triangle", "--seeds", "0", "1", "--workers", "0")
    assert shell("replicate", "--claim", "C8", "--claim", "C5", *arguments, "--ledger", "both.json")[0] == 0
    before = ledger.Ledger(tmp_path / "both.json")
    book.write_bytes((tmp_path / "both.json").read_bytes())
    status, output, _ = shell("replicate", "--claim", "C4", *arguments, "--write", "--json")
    after = ledger.Ledger(book)
    assert status == 0
    assert [row["claim"] for row in after.rows] == ["C4", "C5", "C8"]
    assert after.rows[0] == json.loads(output)
    for name in ("C5", "C8"):
        assert after.row(name, "triangle") == before.row(name, "triangle")
        for kind in ("code", "conditions"):
            assert after.content[kind][name] == before.content[kind][name]
    assert after.stale == ()
