"""Figures of the ledger show what it holds: numbers, intervals, and where nothing was measured."""

import json

import matplotlib.pyplot as plt
import numpy as np
import pytest

from replaylib.figures import ledger as figures
from replaylib.ledger import chosen, tried
from replaylib.ledger.ledger import Ledger
from replaylib.ledger.measurements.mobility import FRICTIONS, MOBILITIES, ONSETS, equal_condition, onset_condition
from replaylib.ledger.measurements.slowness import MAP_STRENGTHS, MAP_TIMES, map_condition


def made_up(tmp_path, conditions) -> Ledger:
    """A ledger with these means, each with a half-width of 0.1 over ten networks, on the triangle."""
    described = {
        claim: {"triangle": {name: {key: [value, 0.1, 10] for key, value in row.items()} for name, row in rows.items()}}
        for claim, rows in conditions.items()
    }
    path = tmp_path / "ledger.json"
    path.write_text(json.dumps({"rows": [], "code": {}, "conditions": described}), encoding="utf-8")
    return Ledger(path)


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


def test_the_map_tells_speed_over_plain_replay_and_leaves_diverged_points_empty(tmp_path):
    rows = {
        map_condition(strength, time, 1): {"reach_time": 50 / strength}
        for strength in MAP_STRENGTHS
        for time in MAP_TIMES
    }
    del rows[map_condition(MAP_STRENGTHS[-1], MAP_TIMES[0], 1)]
    ledger = made_up(tmp_path, {"C6": {"plain, noise 1": {"reach_time": 100.0}, **rows}})
    (axes,) = figures.speed_map(ledger, {"title": ("triangle", 1, False)})
    shown = [text.get_text() for text in axes.texts]
    assert len(shown) == len(MAP_STRENGTHS) * len(MAP_TIMES) - 1
    assert shown.count(f"{2 * MAP_STRENGTHS[0]:.2f}") == len(MAP_TIMES)
    framed = sum(strength * time >= 1 for strength in MAP_STRENGTHS for time in MAP_TIMES)
    assert len(axes.patches) == framed


def test_equal_mobility_has_a_line_for_each_number(tmp_path):
    rows = {
        equal_condition(mobility, friction): {"speed": mobility, "size": friction}
        for mobility in MOBILITIES
        for friction in FRICTIONS
    }
    speed, size = figures.equal_mobility(made_up(tmp_path, {"C12": rows}), "triangle", {"speed": "a", "size": "b"})
    assert [set(line.get_ydata()) for line in speed.get_lines()] == [{3}, {6}]
    assert list(size.get_lines()[0].get_ydata()) == list(FRICTIONS)


def test_onsets_stand_at_what_was_predicted_and_found(tmp_path):
    rows = {onset_condition(*pair): {"predicted": n + 1.0, "found": 2.0 * (n + 1)} for n, pair in enumerate(ONSETS)}
    axes = figures.onsets(made_up(tmp_path, {"C11": rows}), ["triangle"])
    points = [line for line in axes.get_lines() if len(line.get_xdata()) == 1 and line.get_marker() == "o"]
    found = [(*line.get_xdata(), *line.get_ydata()) for line in points]
    assert found == [(n, 2 * n) for n in range(1, len(ONSETS) + 1)]


def test_the_frontier_shows_what_was_tolerated_and_what_was_measured(tmp_path):
    names = [f"{kind} at {speed:g}" for kind in ("alone", "together") for speed in (0.5, 1, 1.5)]
    rows = {name: {"speed": n, "sliced_wasserstein": n / 10} for n, name in enumerate(names)}
    ledger = made_up(tmp_path, {"C9": rows, "C8": {"awake": {"speed": 0.66}}})
    (axes,) = figures.frontier(ledger, ["triangle"])
    small = [line for line in axes.get_lines() if line.get_marker() == "."]
    tolerated = [one for one in tried("triangle") if one.tolerated]
    assert sum(len(line.get_xdata()) for line in small) == len(tolerated)
    large = [line for line in axes.get_lines() if line.get_marker() == "o"]
    assert [list(line.get_xdata()) for line in large] == [[0, 1, 2], [3, 4, 5]]


def test_speeds_collapse_on_the_mobility_number():
    """The point of the figure, on what was tried: the pace of moving settings varies less at one x than over all."""
    for task in ("triangle-cells", "rat"):
        fit = [one for one in tried(task) if one.tolerated and one.speed < 1.5]
        x = np.array([one.setting.strength * one.setting.time / one.setting.friction for one in fit])
        pace = np.array([one.speed * one.setting.time for one in fit])
        moving = (x > 2) & (pace > 0)
        law = np.sqrt(x[moving] - 1)
        assert np.std(np.log(pace[moving] / law)) < 0.6 * np.std(np.log(pace[moving]))
    axes = figures.collapse(["triangle-cells", "rat"])
    assert len(axes) == 2
    assert all(len(one.get_lines()) == 4 + 2 for one in axes)


def test_a_table_tells_a_dash_for_what_is_not_there(tmp_path):
    ledger = made_up(tmp_path, {"C8": {"plain": {"speed": 0.1}, "both": {"speed": 1.2, "reach_median": 70.0}}})
    columns = {"speed": "speed", "reach_median": "median"}
    table = figures.means_table(ledger, "C8", "triangle", {"plain": "plain", "both": "both"}, columns).data
    assert "| plain | 0.1 ± 0.1 | – |" in table
    assert "70.0 ± 0.1" in table
    with pytest.raises(KeyError, match="C8 for triangle has no 'sped' in any of plain"):
        figures.means_table(ledger, "C8", "triangle", {"plain": "plain"}, {"sped": "speed"})


def test_the_book_s_two_settings_are_the_same_for_all_tasks():
    assert chosen("rat")["together"] == chosen("triangle")["together"] == chosen("triangle-published")["together"]
    assert chosen("rat")["together"].friction < 1 == chosen("rat")["adaptation"].friction
