import pytest
import torch

from replaylib.measures.made_up_replays import fake_replays
from replaylib.world.spaces import t_maze
from replaylib.world.tasks import PathTask, task


class Ring:
    """A round track of radius 1 m: a space of a reader's own, which is neither a Track nor an Arena."""

    walled = False
    landmarks = torch.tensor([[1.0, 0.0], [-1.0, 0.0]])
    tour_length = 2 * torch.pi

    def distance(self, position):
        return (position.norm(dim=-1) - 1).abs()

    def regions(self, count):
        return self.on_tour(torch.arange(count) / count * self.tour_length)

    def outline(self):
        corners = self.regions(60)
        return torch.stack([corners, corners.roll(-1, 0)], dim=1)

    def sample(self, count, generator=None):
        return self.on_tour(torch.rand(count, generator=generator) * self.tour_length)

    def on_tour(self, travelled):
        return torch.stack([travelled.cos(), travelled.sin()], dim=-1)


def ring_task() -> PathTask:
    def motion(count, steps, generator=None):
        start = torch.rand(count, 1, generator=generator) * Ring.tour_length
        return Ring().on_tour(start + 0.05 * torch.arange(steps + 1))

    return PathTask(motion, Ring())


@pytest.mark.parametrize("path_task", [task("triangle"), ring_task()])
def test_each_made_up_replay_is_what_its_name_says(path_task):
    replays = fake_replays(path_task, steps=150, paths=40, seed=1)
    space, run = path_task.space, replays["run"]
    assert all(position.shape == (40, 151, 2) for position in replays.values())
    for name in ("run", "double speed", "random walk", "rest", "shuffled"):
        assert float(space.distance(replays[name]).max()) < 1e-5
    assert float(space.distance(replays["shortcuts"]).mean()) > 0.2
    torch.testing.assert_close(replays["double speed"][:, :76], run[:, ::2])
    steps = replays["random walk"].diff(dim=1).norm(dim=-1)
    assert float(steps.square().mean().sqrt()) == pytest.approx(0.03, rel=0.05)
    assert float(replays["rest"].diff(dim=1).abs().max()) == 0
    assert torch.equal(replays["shuffled"].sort(dim=1).values, run.sort(dim=1).values)
    assert not torch.equal(replays["shuffled"], run)


def test_the_seed_decides():
    first, again, other = (fake_replays(task("triangle"), 20, 3, seed) for seed in (1, 1, 2))
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not torch.equal(first["run"], other["run"])


def test_a_box_and_senseless_numbers_are_refused():
    with pytest.raises(ValueError, match="path_task must be on a track, but its space is a Arena"):
        fake_replays(task("rat"), 20, 3)
    with pytest.raises(ValueError, match="steps must be a whole number of at least 1, but 0 came"):
        fake_replays(PathTask(task("t-maze").motion, t_maze()), 0, 3)
