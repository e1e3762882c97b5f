import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from matplotlib.collections import LineCollection, PathCollection

from replaylib import figures
from replaylib.world.spaces import Arena, t_maze


class Yard(Arena):
    """A box whose corner is not the origin: a space of a reader's own."""

    def outline(self):
        return super().outline() + 5.0


@pytest.fixture
def ax():
    axes = plt.figure().add_subplot()
    yield axes
    plt.close("all")


def test_a_track_is_drawn_as_its_lines(ax):
    (lines,) = (one for one in figures.space(t_maze(), ax).collections if isinstance(one, LineCollection))
    assert torch.equal(torch.tensor(np.array(lines.get_segments())).float(), t_maze().outline())


def test_a_walled_space_is_drawn_as_its_ground_wherever_it_lies(ax):
    (ground,) = figures.space(Yard(2.0, 1.0), ax).patches
    corners = ground.get_path().vertices
    assert corners.min(0).tolist() == [5, 5]
    assert corners.max(0).tolist() == [7, 6]


def test_dots_lie_every_ten_steps_and_the_start_is_marked():
    path = torch.cat([torch.linspace(0, 1, 26), torch.linspace(1, 0, 10)])[:, None].expand(-1, 2)
    (ax,) = figures.replay_panels(t_maze(), {"there and back": (path, figures.PLAIN)})
    (dots,) = (one for one in ax.collections if isinstance(one, PathCollection))
    assert torch.allclose(torch.tensor(dots.get_offsets().data).float(), path[[0, 10, 20, 30]])
    opacity = dots.to_rgba(dots.get_array())[:, 3]
    assert (np.diff(opacity) > 0).all()
    start, head = ax.lines
    assert (start.get_marker(), start.get_xydata()[0].tolist()) == ("s", path[0].tolist())
    assert (head.get_marker(), head.get_xydata()[0].tolist()) == ("o", path[-1].tolist())
    plt.close("all")


def test_dots_can_be_left_out_and_senseless_ones_are_refused(ax):
    path = torch.rand(30, 2, generator=torch.Generator().manual_seed(0))
    (bare,) = figures.replay_panels(t_maze(), {"path": (path, figures.PLAIN)}, dots=None)
    assert not any(isinstance(one, PathCollection) for one in bare.collections)
    assert len(bare.lines) == 1
    with pytest.raises(ValueError, match="dots must be a whole number of at least 1, but 0 came"):
        figures.replay_panels(t_maze(), {"path": (path, figures.PLAIN)}, dots=0)
