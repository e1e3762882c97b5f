"""Sweeps of small cells: what is finished stays finished, whatever happens."""

import errno
import json
import random
import time
from functools import partial

import numpy as np
import pytest
import torch

from replaylib._border import number, record
from replaylib.ledger import cluster, provenance, sweep
from replaylib.ledger.sweep import Cell, attempt, grid, read_cell, run


def square(x: float, wait: float = 0.0) -> dict[str, float]:
    time.sleep(wait)
    if x == 13:
        raise ArithmeticError("13 brings bad luck")
    return {"square": x * x}


def add(needed: dict[str, float], y: float, wait: float = 0.0) -> dict[str, float]:
    time.sleep(wait)
    return {"sum": needed["square"] + y}


def double(needed: dict[str, float]) -> dict[str, float]:
    return {"sum": 2 * needed["sum"]}


def of_numpy(**settings) -> dict:
    return {"x": np.float32(0.5), "n": np.int64(3), "yes": np.bool_(True), "many": np.arange(2), "t": torch.ones(2)}


def of_nothing(**settings) -> dict:
    return {}


def of_things(**settings) -> dict:
    return {"thing": object()}


def squares(*numbers: float, wait: float = 0.0) -> list[Cell]:
    return [Cell(f"square-{x:g}", square, {"x": x, "wait": wait}, ("replaylib._checks",)) for x in numbers]


@pytest.fixture
def counted(monkeypatch):
    """Names of the cells that are run, in this process."""
    calls: list[dict] = []
    attempt = sweep.attempt

    def noted(work, settings, source, needed=None):
        calls.append(settings)
        return attempt(work, settings, source, needed)

    monkeypatch.setattr(sweep, "attempt", noted)
    return calls


def test_grid_is_every_combination():
    assert grid(a=[1, 2], b=["x"]) == [{"a": 1, "b": "x"}, {"a": 2, "b": "x"}]
    assert len(grid(a=[1, 2, 3], b=[1, 2], c=[0.5])) == 6
    assert json.dumps(grid(a=np.arange(2))) == '[{"a": 0}, {"a": 1}]'


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


def test_a_need_of_a_need_is_made_before_both(tmp_path, counted):
    first = squares(3)[0]
    second = Cell("add", add, {"y": 1}, needs=first)
    third, fourth = Cell("double", double, {}, needs=second), Cell("double-again", double, {}, needs=second)
    found = run([third, fourth, first], tmp_path, workers=0)
    assert (found.results[third.key], found.results[first.key]) == ({"sum": 20}, {"square": 9})
    assert counted == [{"x": 3, "wait": 0.0}, {"y": 1}, {}, {}]
    third.path(tmp_path).unlink()
    first.path(tmp_path).unlink()
    run([third], tmp_path, workers=0)
    assert counted[4:] == [{}]  # what a need was made of is not asked for
    for path in tmp_path.iterdir():
        path.unlink()
    assert run([third], tmp_path, workers=0).results == {third.key: {"sum": 20}}


def test_an_empty_result_is_a_result(tmp_path, counted):
    need = Cell("nothing", of_nothing, {})
    cells = [need, Cell("too", of_nothing, {}, needs=need)]
    assert run(cells[:1], tmp_path, workers=0).results == {need.key: {}}
    with pytest.raises(TypeError):
        of_nothing({})
    assert run(cells, tmp_path, workers=0).failed.keys() == {"too"}  # it takes no need, but was given one
    assert len(counted) == 2


@pytest.fixture(scope="module")
def scheduler():
    """The address of a scheduler with one worker, in this process."""
    from distributed import LocalCluster  # noqa: PLC0415 (its import takes a second)

    with LocalCluster(n_workers=1, processes=False, protocol="tcp", dashboard_address=None) as cluster:
        yield cluster.scheduler_address


def test_stored_needs_reach_the_workers_that_want_them(tmp_path, scheduler):
    needs = squares(3, 4, 5)
    run(needs, tmp_path, workers=0)
    cells = [Cell(f"add-{need.name}", add, {"y": 1}, needs=need) for need in needs]
    cells += [Cell(f"double-{cell.name}", double, {}, needs=cell) for cell in cells]
    found = run([*cells, *squares(13)], tmp_path, scheduler=scheduler)
    assert [found.results[cell.key]["sum"] for cell in cells] == [10, 17, 26, 20, 34, 52]
    assert found.failed == {"square-13": "ArithmeticError: 13 brings bad luck"}


def test_numbers_of_numpy_are_numbers(tmp_path, counted):
    cells = [Cell("numbers", of_numpy, {"a": np.int64(3), "b": np.float64(0.5)}), *squares(2)]
    found = run(cells, tmp_path, workers=0)
    expected = {"x": 0.5, "n": 3, "yes": True, "many": [0, 1], "t": [1.0, 1.0]}
    assert found.results == {cells[0].key: expected, cells[1].key: {"square": 4}}
    assert cells[0].key == Cell("numbers", of_numpy, {"a": 3, "b": 0.5}).key
    assert run(cells, tmp_path, workers=0).results == found.results
    assert len(counted) == 2


def test_a_result_that_json_cannot_hold_fails_alone(tmp_path):
    found = run([Cell("things", of_things, {}), *squares(2)], tmp_path, workers=0)
    assert list(found.results.values()) == [{"square": 4}]
    assert "JSON must be able to hold it, but <object" in found.failed["things"]


def test_keys_change_with_settings_code_and_needs():
    one, other = squares(1)[0], squares(2)[0]
    assert one.key == squares(1)[0].key != other.key
    assert Cell("a", square, {"x": 1, "wait": 0.0}, ("replaylib.world.place_cells",)).key != one.key
    assert Cell("a", add, {"y": 1}, needs=one).key != Cell("a", add, {"y": 1}, needs=other).key


def test_keys_tell_functions_names_code_and_versions_apart(tmp_path, monkeypatch):
    one = Cell("a", of_numpy, {})
    assert Cell("a", of_things, {}).key != one.key
    assert Cell("a", of_numpy, {"x": 1}).key != one.key
    assert Cell("b", of_numpy, {}).key != one.key
    assert one.source["modules"] == [__name__]
    for name, other in {"code_hash": lambda *_: "other", "versions": lambda *_: {"torch": "1.0"}}.items():
        with monkeypatch.context() as patch:
            patch.setattr(sweep, name, other)
            assert Cell("a", of_numpy, {}).key != one.key, name
    assert Cell("a", of_numpy, {}).key == one.key


def test_two_names_are_two_cells(tmp_path):
    cells = [Cell(name, square, {"x": 3}) for name in ("a", "b")]
    found = run(cells, tmp_path, workers=0)
    assert len(found.results) == 2
    assert all(cell.path(tmp_path).is_file() for cell in cells)


def test_an_edited_function_is_run_again(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "edited_work.py").write_text("def work():\n    return 1\n")
    import edited_work  # noqa: PLC0415

    before = Cell("a", edited_work.work, {}).key
    (tmp_path / "edited_work.py").write_text("def work():\n    return 2\n")
    for cached in (provenance.code_hash, provenance.closure, provenance._imports, provenance._tree):
        cached.cache_clear()
    assert Cell("a", edited_work.work, {}).key != before


@pytest.mark.parametrize("work", [lambda: {"x": 1}, partial(square, 2), random.Random(0).random])
def test_work_must_be_a_function_that_can_be_found_again(work):
    with pytest.raises(ValueError, match="a cell's work must be a function at the top of a module, but"):
        Cell("a", work, {})


@pytest.mark.parametrize("name", ["", "..", "../a", "a/b", ".a", "a b", "a\n"])
def test_names_that_are_no_file_names_are_refused(name):
    with pytest.raises(ValueError, match="a cell's name must be letters, digits and any of"):
        Cell(name, square, {})


def test_a_worker_with_other_code_or_packages_gives_no_result():
    source = squares(2)[0].source
    assert attempt(square, {"x": 2}, source) == {"result": {"square": 4}}
    for change in ({"code": "other"}, {"versions": {"torch": "1.0"}}):
        found = attempt(square, {"x": 2}, source | change)
        assert "a worker must have the code and the packages of the sweep, but has" in found["error"]
    script = {"modules": ["__main__"], "code": "of a script", "versions": {}}
    assert attempt(square, {"x": 2}, script) == {"result": {"square": 4}}


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


@pytest.mark.parametrize(
    "harm", [lambda text: text[:40], lambda text: text.replace("16.0", "17.0"), lambda _: "[]", lambda _: "[" * 10**5]
)
def test_a_corrupted_cell_is_told_of_and_measured_again(tmp_path, harm):
    cells = squares(4.0, 5.0)
    run(cells, tmp_path, workers=0)
    path = cells[0].path(tmp_path)
    path.write_text(harm(path.read_text()))
    with pytest.warns(UserWarning, match=r"must be a whole cell, but is damaged .*: it is measured again"):
        found = run(cells, tmp_path, workers=0)
    assert found.results[cells[0].key] == {"square": 16.0}
    assert read_cell(cells[0], tmp_path) == {"square": 16.0}


def of_nan(**settings) -> dict[str, float]:
    return {"x": float("nan")}


def test_a_cell_that_diverges_or_gives_what_it_should_not_has_failed(tmp_path):
    cells = [Cell("nan", of_nan, {}), Cell("other", square, {"x": 2}, check=record({"cube": number()}))]
    found = run(cells, tmp_path, workers=0)
    assert found.results == {}
    assert "NaN is no finite number" in found.failed["nan"]
    assert found.failed["other"] == "ValueError: its result must have cube, but has ['square']."


def test_a_stored_cell_of_another_kind_is_made_again(tmp_path):
    """Its sum may be right: then its file was written by other code."""
    plain = Cell("a", square, {"x": 2})
    run([plain], tmp_path, workers=0)
    strict = Cell("a", square, {"x": 2}, check=record({"cube": number()}))
    assert strict.path(tmp_path) == plain.path(tmp_path)
    with pytest.warns(UserWarning, match=r"is damaged \(cell\.result must have cube, but has \['square'\]\)"):
        assert read_cell(strict, tmp_path) is None


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
        ({"workers": -1}, ValueError, "workers must be a whole number from 0 to"),
    ],
)
def test_unreachable_schedulers_and_bad_numbers_are_refused(tmp_path, monkeypatch, values, error, message):
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    with pytest.raises(error, match=message):
        run(squares(1), tmp_path, **values)


def test_no_cells_are_refused(tmp_path):
    with pytest.raises(ValueError, match="at least one cell"):
        run([], tmp_path)
