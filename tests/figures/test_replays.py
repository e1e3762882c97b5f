import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from matplotlib.collections import LineCollection

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
