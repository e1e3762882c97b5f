"""The rule by which settings are chosen: what is tolerated, the fastest, the cheapest at a speed; what was chosen."""

import json
from dataclasses import replace

import pytest

from replaylib.ledger import choosing
from replaylib.ledger.choosing import MEASURES, SPEEDS, Trial, choose, for_all, for_one, trials
from replaylib.ledger.claims import claim
from replaylib.ledger.claims.base import FULL, TASK_NAMES, TUNING_SEEDS
from replaylib.ledger.measurements.replays import Setting
from replaylib.ledger.measurements.tuning import GRID
from replaylib.ledger.replication import CHOOSING_SEEDS, claim_cells, tuning_cells


def trial(strength, friction, speed, price, share_on_path=1.0, jump_share=0.0):
    return Trial(Setting(strength, 10.0, friction), speed, price, share_on_path, jump_share, 0.5, 100.0)


ALONE = [
    trial(0.1, 1, 0.3, 0.05),
    trial(0.2, 1, 0.7, 0.09),
    trial(0.3, 1, 1.2, 0.20),
    trial(0.4, 1, 3.0, 0.01, share_on_path=0.89),
    trial(0.5, 1, 4.0, 0.01, jump_share=0.011),
]
TOGETHER = [
    trial(0.1, 0.3, 0.9, 0.04),
    trial(0.2, 0.3, 1.1, 0.15),
    trial(0.3, 0.3, 1.4, 0.19),
    trial(0.4, 0.3, 2.0, 0.30),
    trial(0.5, 0.3, 9.0, 0.01, jump_share=0.5),
]


def test_one_task_gets_the_cheapest_at_each_speed_and_the_fastest():
    chosen = for_one([*ALONE, *TOGETHER])
    strengths = {name: (setting.strength, setting.friction) for name, setting in chosen.items()}
    assert strengths == {
        "fastest alone": (0.3, 1),
        "alone at 0.5": (0.2, 1),
        "alone at 1": (0.3, 1),
        "alone at 1.5": (0.3, 1),  # none is as fast: the fastest
        "fastest together": (0.4, 0.3),
        "together at 0.5": (0.1, 0.3),
        "together at 1": (0.2, 0.3),
        "together at 1.5": (0.4, 0.3),
        "as near as alone": (0.3, 0.3),
    }


def test_where_momentum_is_never_as_near_the_nearest_is_compared():
    far = [replace(one, price=1 + one.price) for one in TOGETHER]
    assert for_one([*ALONE, *far])["as near as alone"].strength == 0.1


def test_all_tasks_get_the_fastest_that_each_tolerates():
    strict = [replace(one, share_on_path=0.5 if one.setting.strength == 0.3 else 1.0) for one in ALONE]
    assert for_all({"one": ALONE}, choosing.alone).strength == 0.3
    assert for_all({"one": ALONE, "other": strict}, choosing.alone).strength == 0.2
    with pytest.raises(ValueError, match="some setting must be tolerated by one, but none is"):
        for_all({"one": ALONE}, choosing.together)
    with pytest.raises(ValueError, match="some setting must be tolerated together, but none is"):
        for_one(ALONE)


def test_trials_are_means_over_networks_and_leave_out_what_diverged():
    row = dict.fromkeys(MEASURES, 1.0)
    first = {one.name: row | {"speed": 2.0} for one in GRID}
    second = {one.name: row | {"speed": 4.0} for one in GRID[1:]}
    found = trials([first, second])
    assert [one.setting for one in found] == list(GRID[1:])
    assert {one.speed for one in found} == {3.0}


def test_what_is_written_is_read_again(tmp_path):
    table = {one.name: {key: float(place) for place, key in enumerate(MEASURES)} for one in GRID}
    for row in table.values():
        row |= {"share_on_path": 1.0, "jump_share": 0.0}
    table["plain"] = dict.fromkeys(MEASURES, 0.5)
    path = tmp_path / "choices.json"
    choosing.write({"triangle": [table, table]}, [0, 1], path)
    content = choosing.read(path)
    assert content["seeds"] == [0, 1]
    assert content["plain"]["triangle"]["speed"] == 0.5
    assert len(content["tried"]["triangle"]) == len(GRID)
    with pytest.raises(FileNotFoundError, match="make tune writes them"):
        choosing.read(tmp_path / "none.json")


def test_the_book_s_choice_follows_from_what_was_tried():
    """No setting was chosen by hand: the rule, applied to the stored trials, gives the stored choice."""
    content = choosing.read()
    assert content["seeds"] == list(CHOOSING_SEEDS)
    assert set(CHOOSING_SEEDS) <= set(TUNING_SEEDS)
    again = choose({name: choosing.tried(name) for name in TASK_NAMES})
    assert again == {name: choosing.chosen(name) for name in TASK_NAMES}
    assert len(GRID) == len(set(GRID)) == 240
    for name in TASK_NAMES:
        assert len(choosing.tried(name)) > 150
        assert {f"{kind} at {speed:g}" for kind in ("alone", "together") for speed in SPEEDS} <= set(again[name])
    assert len({json.dumps(str(found["together"])) for found in again.values()}) == 1


def test_a_choice_is_part_of_the_key_of_what_is_measured_by_it(monkeypatch):
    (before,) = claim_cells(claim("C8"), "triangle", 101, FULL)
    elsewhere = {name: one.stronger(2) for name, one in choosing.chosen("triangle").items()}
    monkeypatch.setattr(choosing, "chosen", lambda name: elsewhere)
    (after,) = claim_cells(claim("C8"), "triangle", 101, FULL)
    assert before.key != after.key
    (onset,) = claim_cells(claim("C11"), "triangle", 101, FULL)
    assert "chosen" not in onset.settings


def test_settings_are_tried_on_the_tuning_networks_alone():
    cells = tuning_cells()
    assert set(cells) == {(name, seed) for name in TASK_NAMES for seed in CHOOSING_SEEDS}
    for cell in cells.values():
        assert cell.needs is not None
        assert cell.needs.settings["sha256"] is not None
