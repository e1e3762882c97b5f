"""Grids of replays: what a user writes is checked value by value, before anything is made."""

import json

import pytest

from replaylib.ledger import grids
from replaylib.ledger.claims.base import FULL
from replaylib.ledger.grids import read_grid, replay_cells
from replaylib.ledger.measurements import grid_point
from replaylib.ledger.sweep import run


def test_a_grid_of_replays_is_measured_and_a_diverged_point_has_failed(tmp_path):
    path = tmp_path / "grid.json"
    path.write_text(json.dumps({"task": ["triangle"], "friction": [1.0, 0.5, 1.99999], "adaptation_strength": [0.1]}))
    cells = replay_cells(read_grid(path))
    assert [cell.settings["scale"] for cell in cells] == 3 * [vars(FULL)]
    found = run(cells, tmp_path / "cells", workers=0)
    slow, fast = (found.results[cell.key]["reach_time"] for cell in cells[:2])
    assert fast < slow
    assert list(found.failed) == ["replay-triangle-1.99999-0.1"]
    assert "replay must stay finite, but it diverged" in found.failed["replay-triangle-1.99999-0.1"]


def test_a_point_without_measures_fails(monkeypatch):
    monkeypatch.setattr(grid_point, "measure_replay", lambda *_, **__: {})
    with pytest.raises(FloatingPointError, match="it has no measures at this point"):
        grid_point.measure_point({}, scale={})


BAD = [
    ("{", "must be a grid in JSON, but cannot be read"),
    ("[" * 100_000, "must be a grid in JSON, but its brackets are nested too deeply"),
    ("[1]", "grid must be an object with names"),
    ('{"friction": [1]}', "grid must have task, but has"),
    ('{"task": ["triangle"], "task": ["rat"]}', "the name 'task' comes twice"),
    ('{"task": ["triangle"], "colour": [1]}', "grid must be an object with no other names than task, seed, friction"),
    ('{"task": []}', "grid.task must be a list of 1 to 10000 values, but 'a list of 0' came"),
    ('{"task": "triangle"}', "grid.task must be a list of 1 to 10000 values, but 'triangle' came"),
    ('{"task": ["../moon"]}', "grid.task[0] must be one of triangle, "),
    ('{"task": ["triangle"], "seed": [0, 1.0]}', "grid.seed[1] must be a whole number from 0 to"),
    ('{"task": ["triangle"], "seed": [true]}', "grid.seed[0] must be a whole number from 0 to"),
    (
        '{"task": ["triangle"], "friction": [1, 0.5, "0.5"]}',
        "grid.friction[2] must be a number above 0 and below 2, but",
    ),
    ('{"task": ["triangle"], "friction": [3]}', "grid.friction[0] must be a number above 0 and below 2, but 3 came"),
    ('{"task": ["triangle"], "friction": [NaN]}', "NaN is no finite number"),
    ('{"task": ["triangle"], "noise": [1e400]}', "1e400 is no finite number"),
    ('{"task": ["triangle"], "noise": [true]}', "grid.noise[0] must be a number of at least 0 and of at most 1e+06"),
    (f'{{"task": ["triangle"], "noise": [1{400 * "0"}]}}', "grid.noise[0] must be a number of at least 0"),
    (
        '{"task": ["triangle"], "adaptation_inside": ["x/../../pwned"]}',
        "grid.adaptation_inside[0] must be true or false",
    ),
    ('{"task": ["triangle"], "friction": [1, 1.0]}', "grid.friction must hold each value once"),
]


@pytest.mark.parametrize(("text", "message"), BAD)
def test_bad_grids_are_refused_with_the_path_to_what_is_wrong(tmp_path, text, message):
    path = tmp_path / "grid.json"
    path.write_text(text)
    with pytest.raises(ValueError) as refused:  # noqa: PT011 (the message is compared as text)
        replay_cells(read_grid(path))
    assert message in str(refused.value)
    assert "grid.json" in str(refused.value)
    assert list(tmp_path.iterdir()) == [path]


def test_grids_that_are_too_large_are_refused_before_they_are_made(tmp_path, monkeypatch):
    path = tmp_path / "grid.json"
    many = [round(index / 1001, 6) for index in range(1, 1001)]
    path.write_text(json.dumps({"task": ["triangle"], "friction": many, "noise": many, "adaptation_strength": many}))
    monkeypatch.setattr(grids, "grid", lambda **_: pytest.fail("the points must be counted before"))
    with pytest.raises(ValueError, match="grid must have at most 10000 points, but its axes make 1000000000"):
        read_grid(path)
    with path.open("wb") as file:
        file.truncate(2**33)
    with pytest.raises(ValueError, match=r"grid\.json must have at most 1048576 bytes, but it has 8589934592"):
        read_grid(path)


def test_points_made_in_python_are_checked_too():
    with pytest.raises(ValueError, match="adaptation_inside must be true or false, but 'no' came"):
        replay_cells([{"task": "triangle", "adaptation_inside": "no"}])
    with pytest.raises(FileNotFoundError, match="only the seeds"):
        replay_cells([{"task": "triangle", "seed": 77}])
