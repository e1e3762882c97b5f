"""The running animal's speed and censored reach times, on examples made by hand and on the book's tasks."""

import math

import pytest
import torch

from replaylib.measures.metrics import displacement, reach_time
from replaylib.measures.yardsticks import awake_speed, kaplan_meier_median, reach_times, windowed_speed
from replaylib.world.drawn_tracks import from_points
from replaylib.world.tasks import task

LINE = from_points([(0.0, 0.0), (4.0, 0.0)])


def along(*steps):
    """One path on the x axis from 0 with these steps [m]."""
    x = torch.tensor([0.0, *steps], dtype=torch.float64).cumsum(0)
    return torch.stack([x, torch.zeros_like(x)], dim=-1)[None]


def test_rests_are_left_out_of_the_running_speed():
    # Ten steps of 0.1 m, ten rests, ten steps of 0.2 m: windows of ten steps.
    path = along(*[0.1] * 10, *[0.0] * 10, *[0.2] * 10)
    speed = windowed_speed(path, 10)
    # 21 windows; those with at most one rest begin at 0, 1, 19 and 20.
    assert speed.running_share == pytest.approx(4 / 21)
    assert speed.running == pytest.approx((1.0 + 0.9 + 1.8 + 2.0) / 4)
    assert speed.every == pytest.approx(displacement(path, 10))
    assert speed.window == 10
    # The median of the steps that are taken is 0.1 or 0.2 m, by torch's rule the smaller.
    assert speed.moving == pytest.approx(0.025)


def test_a_crawl_is_a_rest_and_a_slow_step_is_none():
    crawl = windowed_speed(along(*[0.1] * 21, *[0.02] * 20), 10)
    assert crawl.running == pytest.approx(1.0, abs=0.05)
    assert windowed_speed(along(*[0.1] * 21, *[0.03] * 20), 10).running < 0.75


@pytest.mark.parametrize(
    ("name", "every", "running"), [("triangle", 0.453, 0.684), ("t-maze", 0.420, 0.623), ("rat", 0.604, 0.984)]
)
def test_speeds_of_the_animals_of_the_book(name, every, running):
    speed = awake_speed(task(name), paths=400)
    assert speed.every == pytest.approx(every, abs=0.01)
    assert speed.running == pytest.approx(running, rel=0.05)
    assert 0.2 < speed.running_share < 0.6


def test_reach_times_of_paths_made_by_hand():
    # The landmarks are at 0 and 4 m. The first path is at the second after 4 steps, the other never.
    fast, slow = along(*[1.0] * 4, 0.0, 0.0), along(*[0.1] * 6)
    times = reach_times(torch.cat([fast, slow]), LINE)
    assert times.restricted_mean == pytest.approx((0 + 4 + 0 + 6) / 4)
    assert times.restricted_mean == reach_time(torch.cat([fast, slow]), LINE)
    assert times.horizon == 6
    assert times.censored == pytest.approx(1 / 4)
    assert times.median == 0
    assert reach_times(fast + 10, LINE).median == float("inf")
    assert reach_times(fast + 10, LINE).censored == 1
    assert reach_times(fast, LINE, radius=1.2).restricted_mean == pytest.approx((0 + 3) / 2)


@pytest.mark.parametrize(("name", "reach"), [("triangle", 135), ("rat", 315)])
def test_reach_times_of_the_animals_of_the_book(name, reach):
    path_task = task(name)
    position = path_task.motion(400, 600, torch.Generator().manual_seed(5))
    times = reach_times(position, path_task.space)
    assert times.restricted_mean == pytest.approx(reach, rel=0.05)
    assert times.restricted_mean == pytest.approx(reach_time(position, path_task.space))
    assert times.horizon == 600
    assert times.median < times.restricted_mean


def test_kaplan_meier_median_by_hand():
    time = torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    seen = torch.tensor([True, False, True, True, False, True])
    # Share still waiting: 5/6 after 1, times 3/4 after 3, times 2/3 after 4: 0.417.
    assert math.isclose(5 / 6 * 3 / 4 * 2 / 3, 0.4166, abs_tol=1e-4)
    assert kaplan_meier_median(time, seen) == 4
    assert kaplan_meier_median(time, torch.ones(6, dtype=torch.bool)) == 3
    assert kaplan_meier_median(time, torch.zeros(6, dtype=torch.bool)) == float("inf")
    assert kaplan_meier_median(time, torch.tensor([True, True] + [False] * 4)) == float("inf")


def test_senseless_input_is_refused():
    with pytest.raises(ValueError, match="rests in each of them"):
        windowed_speed(along(*[0.0] * 30), 10)
    with pytest.raises(ValueError, match="the number of steps must be a whole number of at least 11"):
        windowed_speed(along(*[0.1] * 10), 10)
    with pytest.raises(ValueError, match="steps must be a whole number of at least 21, but 20 came"):
        awake_speed(task("triangle"), 20, 20)
    with pytest.raises(ValueError, match="radius must be"):
        reach_times(along(0.1), LINE, 0.0)
    with pytest.raises(ValueError, match="a median needs at least one time"):
        kaplan_meier_median(torch.zeros(0), torch.zeros(0, dtype=torch.bool))
