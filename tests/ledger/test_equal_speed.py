"""The rule by which C14's strengths are chosen, and the search for each network's own."""

from dataclasses import replace
from itertools import pairwise

import pytest

from replaylib.ledger.choosing import Trial
from replaylib.ledger.claims.base import Scale
from replaylib.ledger.equal_speed import strength_of, strengths
from replaylib.ledger.measurements.decoding import SPEED, STRENGTHS, Search
from replaylib.ledger.measurements.replays import Setting
from replaylib.measures.metrics import displacement
from replaylib.measures.yardsticks import awake_speed
from replaylib.networks import dream, pretrained, replay_noise
from replaylib.world.tasks import task


def trial(strength, speed, friction=1.0, time=10.0):
    return Trial(Setting(strength, time, friction), speed, 0.1, 1.0, 0.0, 0.5, 100.0)


def test_the_strength_lies_where_the_line_of_logarithms_meets_the_speed():
    curve = [trial(0.1, 0.3), trial(0.2, 1.2), trial(0.4, 0.1)]
    # 0.6 is half-way from 0.3 to 1.2 in logarithms, and so is the strength.
    assert strength_of(curve, 1.0) == pytest.approx(0.1414, abs=1e-4)
    others = [trial(0.15, 9.0, friction=0.3), trial(0.15, 9.0, time=20.0)]
    assert strength_of([*curve, *others], 1.0) == strength_of(curve, 1.0)
    assert strength_of([trial(0.1, 0.3), trial(0.2, 0.6)], 1.0) == 0.2
    for wrong in ([trial(0.1, 0.7), trial(0.2, 1.2)], [trial(0.1, 0.3), trial(0.2, 0.5)]):
        with pytest.raises(
            ValueError, match=r"speeds at friction 1 must reach 0.6 from below, but 0\.\d+, \d\.\d+ came"
        ):
            strength_of(wrong, 1.0)


def test_the_strengths_are_those_of_the_rule():
    for name, chosen in STRENGTHS.items():
        assert chosen == pytest.approx(strengths(name), abs=1e-9)
        assert all(strong > weak for strong, weak in pairwise(chosen))


@pytest.mark.slow
def test_a_network_s_own_strength_gives_the_speed_and_stays_near_the_rule_s():
    path_task, network = task("triangle"), pretrained.load("triangle", 1)
    scale = Scale("small", paths=32, steps=300)
    far = SPEED * awake_speed(path_task).running
    search = Search(network, path_task, 1, scale, far)
    start = Setting(STRENGTHS["triangle"][0], 10.0)
    found = search(start)
    # Other noise than that of the search.
    position = dream(network, path_task, found.dynamics(replay_noise(network)), 2, 300, 32)
    assert displacement(position[:, -240:], 20) == pytest.approx(far, rel=0.15)
    assert search(replace(start, strength=0.001)).strength == pytest.approx(0.002, rel=0.02)
