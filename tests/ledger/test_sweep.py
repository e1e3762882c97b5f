"""Sweeps of small cells: what is finished stays finished, whatever happens."""

import errno
import json
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from replaylib.ledger import sweep
from replaylib.ledger.sweep import Cell, code_hash, grid, pack, read_cell, run, unpack


def square(x: float, wait: float = 0.0) -> dict[str, float]:
    time.sleep(wait)
    if x == 13:
        raise ArithmeticError("13 brings bad luck")
    return {"square": x * x}


def add(needed: dict[str, float], y: float) -> dict[str, float]:
    return {"sum": needed["square"] + y}


def squares(*numbers: float, wait: float = 0.0) -> list[Cell]:
    return [Cell(f"square-{x:g}", square, {"x": x, "wait": wait}, ("replaylib._checks",)) for x in numbers]


@pytest.fixture
def counted(monkeypatch):
    """Names of the cells that are run, in this process."""
    calls: list[dict] = []
    attempt = sweep.attempt

    def noted(work, settings, needed=None):
        calls.append(settings)
        return attempt(work, settings, needed)

    monkeypatch.setattr(sweep, "attempt", noted)
    return calls


def test_grid_is_every_combination():
    assert grid(a=[1, 2], b=["x"]) == [{"a": 1, "b": "x"}, {"a": 2, "b": "x"}]
    assert len(grid(a=[1, 2, 3], b=[1, 2], c=[0.5])) == 6


@pytest.mark.parametrize(
    ("axes", "message"),
    [
        ({}, "at least one axis, but none came"),
        ({"a": []}, "axis a must be a list of at least one value"),
        ({"a": "xyz"}, "axis a must be a list"),
        ({"a": 3}, "axis a must be a list"),
        ({"a": [1, 1]}, "axis a must hold each value once"),
    ],
)
def test_bad_grids_are_refused(axes, message):
    with pytest.raises(ValueError, match=message):
        grid(**axes)


def test_only_what_is_missing_is_run(tmp_path, counted):
    first = run(squares(1, 2, 3), tmp_path, workers=0)
    assert [first.results[cell.key]["square"] for cell in squares(1, 2, 3)] == [1, 4, 9]
    assert len(counted) == 3
    again = run(squares(1, 2, 3, 4), tmp_path, workers=0)
    assert [call["x"] for call in counted[3:]] == [4]
    assert len(again.results) == 4
    assert {key: again.results[key] for key in first.results} == first.results


def test_needs_are_made_first_and_only_when_needed(tmp_path, counted):
    need = squares(3)[0]
    cells = [Cell(f"add-{y}", add, {"y": y}, needs=need) for y in (1, 2)]
    found = run(cells, tmp_path, workers=0)
    assert sorted(result["sum"] for result in found.results.values()) == [10, 11]
    assert len(counted) == 3
    cells[0].path(tmp_path).unlink()
    run(cells, tmp_path, workers=0)
    assert counted[3:] == [{"y": 1}]  # the need was read, not made again


def test_stored_needs_reach_the_workers_that_want_them(tmp_path):
    needs = squares(3, 4, 5)
    run(needs, tmp_path, workers=0)
    cells = [Cell(f"add-{need.name}", add, {"y": 1}, needs=need) for need in needs]
    found = run(cells, tmp_path, workers=1)
    assert [found.results[cell.key]["sum"] for cell in cells] == [10, 17, 26]


def test_keys_change_with_settings_code_and_needs():
    one, other = squares(1)[0], squares(2)[0]
    assert one.key == squares(1)[0].key != other.key
    assert Cell("a", square, {"x": 1, "wait": 0.0}, ("replaylib.world.place_cells",)).key != one.key
    assert Cell("a", add, {"y": 1}, needs=one).key != Cell("a", add, {"y": 1}, needs=other).key


def test_code_hash_sees_code_and_overlooks_words(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path))
    texts = {
        "wordy_a": '"""Words."""\nCLAIMS = (1,)\ndef f(x):\n    """More."""\n    return x + 1  # and more\n',
        "wordy_b": '"""Other words."""\nCLAIMS = (2,)\ndef f(x):\n    return x + 1\n',
        "wordy_c": "def f(x):\n    return x + 2\n",
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.py").write_text(text)
    strip = [code_hash((name,)) for name in texts]
    monkeypatch.setattr(sweep, "find_spec", lambda name: type("Spec", (), {"origin": str(tmp_path / "wordy_b.py")}))
    code_hash.cache_clear()
    assert code_hash(("wordy_a",)) == strip[0]
    monkeypatch.setattr(sweep, "find_spec", lambda name: type("Spec", (), {"origin": str(tmp_path / "wordy_c.py")}))
    code_hash.cache_clear()
    assert code_hash(("wordy_a",)) != strip[0]
    monkeypatch.undo()
    code_hash.cache_clear()
    with pytest.raises(ValueError, match="a module of this package was expected, but 'no_such' came"):
        code_hash(("no_such",))


def test_a_failing_cell_keeps_its_error_and_the_rest_goes_on(tmp_path, counted):
    need = squares(13)[0]
    cells = [*squares(1, 13, 2), Cell("add", add, {"y": 1}, needs=need)]
    found = run(cells, tmp_path, workers=0)
    assert len(found.results) == 2
    assert found.failed["square-13"] == "ArithmeticError: 13 brings bad luck"
    assert "what it needs has failed" in found.failed["add"]
    stored = json.loads(need.path(tmp_path, failed=True).read_text())
    assert "bad luck" in stored["error"]
    assert "Traceback" in stored["error"]
    assert len(run(cells, tmp_path, workers=0).failed) == 2  # they are tried again
    assert len(counted) == 4 + 2


@pytest.mark.parametrize("harm", [lambda text: text[:40], lambda text: text.replace("16.0", "17.0"), lambda _: "[]"])
def test_a_corrupted_cell_is_told_of_and_measured_again(tmp_path, harm):
    cells = squares(4.0, 5.0)
    run(cells, tmp_path, workers=0)
    path = cells[0].path(tmp_path)
    path.write_text(harm(path.read_text()))
    with pytest.warns(UserWarning, match=r"must be a whole cell, but is damaged .*: it is measured again"):
        found = run(cells, tmp_path, workers=0)
    assert found.results[cells[0].key] == {"square": 16.0}
    assert read_cell(cells[0], tmp_path) == {"square": 16.0}


def test_a_full_disk_is_one_sentence_and_nothing_is_lost(tmp_path, monkeypatch):
    run(squares(1), tmp_path, workers=0)
    before = sorted(tmp_path.iterdir())

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match=r"must be written to .*No space left on device.*; what is finished stays there"):
        run(squares(1, 2), tmp_path, workers=0)
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("values", "error", "message"),
    [
        ({"scheduler": "tcp://127.0.0.1:9"}, ConnectionError, "a Dask scheduler was expected at tcp://127.0.0.1:9"),
        ({"scheduler": "nowhere at all"}, ValueError, "scheduler must be an address such as tcp://10.0.0.1:8786"),
        ({"workers": -1}, ValueError, "workers must be a whole number of at least 0"),
    ],
)
def test_unreachable_schedulers_and_bad_numbers_are_refused(tmp_path, monkeypatch, values, error, message):
    monkeypatch.setattr(sweep, "PATIENCE", 1)
    with pytest.raises(error, match=message):
        run(squares(1), tmp_path, **values)


def test_no_cells_are_refused(tmp_path):
    with pytest.raises(ValueError, match="at least one cell"):
        run([], tmp_path)


def test_bytes_survive():
    content = bytes(range(256))
    assert unpack(json.loads(json.dumps(pack(content)))) == content


SCRIPT = """
import sys
from pathlib import Path
from replaylib.ledger.sweep import run
from tests_of_sweeps import squares, add, Cell
if __name__ == "__main__":
    cells = squares(*range(12), wait=0.15)
    cells += [Cell(f"add-{y}", add, {"y": y}, needs=cells[y]) for y in range(4)]
    found = run(cells, Path(sys.argv[1]), workers=int(sys.argv[2]))
    print([sorted(found.results[cell.key].items()) for cell in cells])
"""


def start(script: Path, folder: Path, workers: int) -> subprocess.Popen:
    command = [sys.executable, str(script), str(folder), str(workers)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def script(tmp_path) -> Path:
    shutil.copy(__file__, tmp_path / "tests_of_sweeps.py")
    path = tmp_path / "sweep_script.py"
    path.write_text(SCRIPT)
    return path


@pytest.mark.parametrize(("workers", "kills"), [(0, 17), (2, 3)])
def test_killed_at_random_moments_it_ends_as_if_undisturbed(tmp_path, script, workers, kills):
    undisturbed = start(script, tmp_path / "calm", workers).communicate(timeout=120)[0]
    assert undisturbed.count("square") == 12
    generator, begun = random.Random(3), time.monotonic()
    for _ in range(kills):
        process = start(script, tmp_path / "stormy", workers)
        time.sleep(generator.uniform(1.5, 5.0))
        process.kill()
        process.wait()
        assert time.monotonic() - begun < 300
    finished = start(script, tmp_path / "stormy", workers).communicate(timeout=120)[0]
    assert finished == undisturbed
    names = [sorted(path.name for path in (tmp_path / kind).glob("*.json")) for kind in ("calm", "stormy")]
    assert names[0] == names[1]
