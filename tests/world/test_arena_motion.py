import math

import pytest
import torch

from replaylib.world import Arena, ArenaMotion, arena_task
from replaylib.world.arena_motion import FIELD


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def test_paths_stay_in_the_box_and_are_smooth():
    arena = Arena(1.6, 1.0)
    position = ArenaMotion(arena)(200, 300, generator())
    assert position.shape == (200, 301, 2)
    assert float(arena.distance(position).max()) == 0.0
    step = position.diff(dim=1).norm(dim=-1)
    assert float(step.max()) < 0.05 * (1 + 0.3 * 6)
    assert float(step[step > 0].mean()) == pytest.approx(0.05, rel=0.03)
    assert float((step == 0).double().mean()) == pytest.approx(0.05 / 0.13, abs=0.03)


def test_all_places_are_equally_likely_at_the_end_as_well():
    arena = Arena(1.0, 2.0)
    end = ArenaMotion(arena, speed=0.1)(8000, 60, generator())[:, -1] / arena.size
    counts = torch.histc(end[:, 0], 8, 0, 1), torch.histc(end[:, 1], 8, 0, 1)
    for one in counts:
        assert float((one - 1000).abs().max()) < 5 * 1000**0.5


def test_heading_drifts_only_while_it_runs():
    motion = ArenaMotion(Arena(1000.0, 1000.0), speed_spread=0.0, drift=0.3)
    step = motion(2000, 40, generator()).double().diff(dim=1)
    runs = step.norm(dim=-1) > 1e-6
    heading = torch.atan2(step[..., 1], step[..., 0])
    both = runs[:, 1:] & runs[:, :-1]
    turn = torch.remainder(heading[:, 1:] - heading[:, :-1] + math.pi, 2 * math.pi) - math.pi
    assert float(turn[both].std()) == pytest.approx(0.3, rel=0.05)
    # Over a pause the heading waits: the first step after it turns by one drift.
    paused = runs[:, 2:] & ~runs[:, 1:-1] & runs[:, :-2]
    across = torch.remainder(heading[:, 2:] - heading[:, :-2] + math.pi, 2 * math.pi) - math.pi
    assert float(across[paused].std()) == pytest.approx(0.3, rel=0.2)


def test_a_wall_is_a_mirror():
    straight = ArenaMotion(Arena(0.5, 1000.0), speed=0.1, speed_spread=0.0, drift=0.0, stop=0.0)
    step = straight(500, 30, generator()).double().diff(dim=1)
    across, along = step.unbind(-1)
    inside = (across[:, 1:].abs() - across[:, :-1].abs()).abs() < 1e-5
    assert float(inside.double().mean()) > 0.5
    assert float((along.abs() - along[:, :1].abs()).abs().quantile(0.99)) < 1e-4  # few come to the far walls
    turned = across[:, 1:] * across[:, :-1] < 0
    assert bool(turned.any())


def test_task_has_cells_from_wall_to_wall():
    path_task = arena_task(Arena(1.6, 1.0), 1.6 / 9)
    assert path_task.outputs == 60
    assert path_task.cells.width == pytest.approx(FIELD * 1.6 / 9)
    assert path_task.cells.exponent == 4.0
    assert path_task.cells.centres.amin(0).tolist() == [0.0, 0.0]
    assert path_task.cells.centres.amax(0).tolist() == pytest.approx([1.6, 1.0])
    batch = path_task.batch(3, generator())
    assert batch.target.shape == (3, 80, 60)


@pytest.mark.parametrize("wrong", [{"stop": 2.0}, {"speed": 0.0}, {"drift": -1.0}, {"speed_time": 0.5}, {"go": -0.1}])
def test_values_outside_their_range_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        ArenaMotion(Arena(1.0, 1.0), **wrong)


def test_spacing_must_be_positive():
    with pytest.raises(ValueError, match="cell_spacing"):
        arena_task(Arena(1.0, 1.0), 0.0)
