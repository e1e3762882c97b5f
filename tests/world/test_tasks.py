import os
import subprocess
import sys

import numpy as np
import pytest
import torch

from replaylib.world.drawn_tracks import from_points
from replaylib.world.motion import (
    RAT_ARENA,
    RAT_SECONDS,
    RAT_SPEED,
    RECORDINGS,
    Recording,
    TrackMotion,
    rat_recording,
    synthetic_recording,
)
from replaylib.world.spaces import t_maze, triangle
from replaylib.world.tasks import TASKS, PathTask, task


@pytest.mark.parametrize("name", [name for name in TASKS if name != "box"])
def test_batches_fit_together(name, generator):
    place = task(name)
    batch = place.batch(5, generator)
    steps = place.steps
    assert batch.position.shape == (5, steps + 1, 2)
    assert batch.target.shape == (5, steps, place.outputs)
    torch.testing.assert_close(batch.position[:, 0] + batch.velocity.sum(1), batch.position[:, -1], atol=1e-5, rtol=0)
    torch.testing.assert_close(place.encode(batch.position[:, 1:]), batch.target)
    torch.testing.assert_close(place.encode(batch.position[:, 0]), batch.start)


def test_same_seed_same_batch():
    first, second = (task("triangle").batch(4, torch.Generator().manual_seed(3)).position for _ in range(2))
    assert torch.equal(first, second)


@pytest.mark.parametrize("track", [triangle(), t_maze()])
def test_animal_stays_on_the_track(track, generator):
    assert float(track.distance(TrackMotion(track)(20, 200, generator)).max()) < 1e-5


@pytest.mark.parametrize(("stop", "go"), [(0.05, 0.08), (0.5, 0.5), (0.0, 0.1), (1.0, 1.0)])
def test_pauses_have_their_stationary_share_and_length(stop, go, generator):
    motion = TrackMotion(triangle(), speed_spread=0.0, turn=0.0, stop=stop, go=go)
    still = motion(2000, 300, generator).diff(dim=1).norm(dim=-1) < 1e-6
    wanted = stop / (stop + go)
    # Bouts make the samples dependent: the standard error is taken over paths.
    error = float(still.float().mean(1).std()) / 2000**0.5
    assert abs(float(still.float().mean()) - wanted) <= 4 * error + 1e-9
    began = still[:, 1:] & ~still[:, :-1]
    if 0 < stop < 1:
        rate = float(began.sum() / (~still[:, :-1]).sum())
        assert abs(rate - stop) < 4 * (stop * (1 - stop) / float((~still).sum())) ** 0.5


def test_speed_and_turning_are_as_asked(generator):
    motion = TrackMotion(triangle(), speed=0.05, speed_spread=0.3, turn=0.02, stop=0.0)
    steps = motion(500, 400, generator).diff(dim=1)
    speed = steps.norm(dim=-1)
    assert float(speed.mean()) == pytest.approx(0.05, rel=0.02)
    assert float(speed.std() / speed.mean()) == pytest.approx(0.3, rel=0.1)
    reversed_ = (steps[:, 1:] * steps[:, :-1]).sum(-1) < -0.9 * speed[:, 1:] * speed[:, :-1]
    assert float(reversed_.float().mean()) == pytest.approx(0.02, rel=0.15)


def test_speed_wanders_with_its_spread_and_memory(generator):
    """On a line so long that nearly no step meets its end; 4 standard errors see a variance 4 % too large."""
    line = from_points([(0.0, 0.0), (100.0, 0.0)])
    motion = TrackMotion(line, speed=0.05, speed_spread=0.3, speed_time=2.0, turn=0.0, stop=0.0)
    count = 100_000
    speed = motion(count, 20, generator).diff(dim=1)[:, -2:].double().norm(dim=-1) / 0.05
    assert float(speed.mean()) == pytest.approx(1, abs=4 * 0.3 / count**0.5)
    assert float(speed[:, 1].var()) == pytest.approx(0.09, rel=4 * (2 / count) ** 0.5)
    assert float(torch.corrcoef(speed.T)[0, 1]) == pytest.approx(1 - 1 / 2, abs=4 / count**0.5)


def test_recording_is_cut_by_time():
    recording = Recording(torch.arange(200.0)[:, None].expand(-1, 2), 0.2)
    before, after = recording.part(0, 0.75), recording.part(0.75, 1)
    windows = before(500, 40, torch.Generator().manual_seed(0))
    assert float(windows.max()) == 149
    assert float(after(500, 40, torch.Generator().manual_seed(0)).min()) == 150
    assert bool((windows.diff(dim=1) == 1).all())


@pytest.mark.parametrize(("name", "seconds"), [("tanni", 7323), ("sargolini", 600)])
def test_the_rats_are_real_and_inside_their_boxes(name, seconds):
    recording = rat_recording(name)
    assert len(recording.position) * RAT_SECONDS == pytest.approx(seconds, abs=2)
    assert float(RECORDINGS[name].distance(recording.position).max()) == 0
    spread = recording.position.amax(0) - recording.position.amin(0)
    assert bool((spread > 0.95 * RECORDINGS[name].size).all())
    speed = recording.position.diff(dim=0).norm(dim=1) / RAT_SECONDS
    assert 0.1 < float(speed.mean()) < 0.4
    assert float(speed.max()) < 2


def test_synthetic_motion_is_seeded_and_leaves_numpy_alone():
    np.random.seed(7)
    expected = np.random.rand()
    np.random.seed(7)
    first = synthetic_recording(10.0, 1)
    assert np.random.rand() == expected
    assert torch.equal(first.position, synthetic_recording.__wrapped__(10.0, 1).position)
    assert not torch.equal(first.position, synthetic_recording(10.0, 2).position)
    assert float(RAT_ARENA.distance(first.position).max()) == 0


def test_synthetic_motion_has_the_rats_mean_speed():
    speed = rat_recording().position.double().diff(dim=0).norm(dim=1).mean() / RAT_SECONDS
    assert float(speed) == pytest.approx(RAT_SPEED, abs=1e-7)


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="needs two processors")
@pytest.mark.slow
def test_synthetic_motion_does_not_depend_on_the_number_of_threads():
    program = "from replaylib.world import synthetic_recording as r; print(r(60.0).position.double().sum(0).tolist())"
    found = {
        threads: subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "OMP_NUM_THREADS": threads},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for threads in ("1", "2")
    }
    assert found["1"] == found["2"] != ""


def test_bad_input_is_refused(generator):
    with pytest.raises(ValueError, match=r"task must be one of triangle, t-maze.* but 'circle' came"):
        task("circle")
    with pytest.raises(ValueError, match=r"the recording must be one of tanni, sargolini, but 'mouse' came"):
        rat_recording("mouse")
    with pytest.raises(ValueError, match=r"stop must be a number in \[0, 1\], but 1.5 came"):
        TrackMotion(triangle(), stop=1.5)
    with pytest.raises(ValueError, match=r"go must be .* but -0.1 came"):
        TrackMotion(triangle(), go=-0.1)
    with pytest.raises(ValueError, match="recording must be longer than 50 steps, but it has 9"):
        Recording(torch.zeros(10, 2), 0.2)(1, 50, generator)
    with pytest.raises(ValueError, match="position must hold finite"):
        Recording(torch.full((3, 2), float("nan")), 0.2)
    with pytest.raises(ValueError, match="m away"):
        task("t-maze").encode(torch.tensor([[1.0, -0.5]]))
    with pytest.raises(ValueError, match="size must be a whole number of at least 1, but 0 came"):
        task("triangle").batch(0, generator)


def test_own_task_from_parts(generator):
    track = t_maze()
    assert PathTask(TrackMotion(track), track, steps=7).batch(2, generator).velocity.shape == (2, 7, 2)


def test_a_track_of_ones_own_becomes_a_task():
    track = from_points([(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)])
    plain, with_cells = task(track), task(track, cell_spacing=0.5)
    assert plain.space is track
    assert plain.outputs == 2
    torch.testing.assert_close(with_cells.cells.centres, track.points_every(0.5))
    with pytest.raises(ValueError, match="cell_spacing is for a track of your own, but came with the task 'triangle'"):
        task("triangle", cell_spacing=0.5)
