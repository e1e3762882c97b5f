"""The mazes as a Gymnasium environment."""

import numpy as np
import pytest

gymnasium = pytest.importorskip("gymnasium")

from gymnasium.utils.env_checker import check_env  # noqa: E402

from replaylib.planning.environment import STEPS, ReplayTrack  # noqa: E402
from replaylib.planning.worlds import optimal  # noqa: E402
from replaylib.world.drawn_tracks import from_points  # noqa: E402


@pytest.mark.parametrize("track", ["triangle", "t-maze", from_points([(0.0, 0.0), (1.0, 0.0)])])
@pytest.mark.filterwarnings("error")
def test_gymnasium_finds_no_fault(track):
    check_env(gymnasium.make("ReplayTrack-v0", track=track, goal=1).unwrapped, skip_render_check=True)


def test_the_best_actions_lead_to_the_goal_by_the_shortest_way():
    environment = gymnasium.make("ReplayTrack-v0", track="t-maze", goal=3)
    world, bins = environment.unwrapped.world, environment.unwrapped.bins
    action = optimal(world)[0].argmax(1)
    for start in (0, 2, len(bins) - 1):
        place, info = environment.reset(options={"start": start})
        assert place == start
        assert info["action_mask"].tolist() == world.allowed[start].tolist()
        for _ in range(bins.distances[start, 3]):
            place, reward, over, cut, _ = environment.step(action[place])
            assert reward == float(over)
        assert (place, over, cut) == (3, True, False)


def test_an_action_that_is_not_there_stays_and_episodes_are_cut_off():
    environment = gymnasium.make("ReplayTrack-v0", track="t-maze", goal=3)
    environment.reset(options={"start": 0})
    for count in range(STEPS):
        place, reward, over, cut, _ = environment.step(2)
        assert (place, reward, over, cut) == (0, 0, False, count == STEPS - 1)


def test_starts_are_drawn_from_the_seed_and_are_never_the_goal():
    environment = ReplayTrack("triangle", goal=5)
    starts = [environment.reset(seed=seed)[0] for seed in range(200)]
    assert starts == [environment.reset(seed=seed)[0] for seed in range(200)]
    assert 5 not in starts
    assert len(set(starts)) > 30


def test_bad_mazes_goals_starts_and_actions_are_refused():
    with pytest.raises(ValueError, match="track must be one of triangle, t-maze, or a track"):
        ReplayTrack("moon")
    with pytest.raises(ValueError, match="goals must be bins"):
        ReplayTrack("triangle", goal=99)
    environment = ReplayTrack("triangle", goal=5)
    with pytest.raises(ValueError, match="start must be a bin other than the goal"):
        environment.reset(options={"start": 5})
    environment.reset()
    with pytest.raises(ValueError, match="action must be from 0 to 1"):
        environment.step(np.int64(7))
