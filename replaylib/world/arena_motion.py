"""An animal that wanders in an open box, as that of the maze lab does, and the task to integrate its paths."""

from dataclasses import dataclass
from math import pi

import torch
from jaxtyping import Float
from torch import Tensor

from replaylib._checks import check_between
from replaylib.dynamics.rule import Dynamics, simulate
from replaylib.world.motion import _moving
from replaylib.world.place_cells import PlaceCells
from replaylib.world.spaces import Arena
from replaylib.world.tasks import PathTask

FIELD = 2
"""Width of a place field over the distance between cells [1]."""


@dataclass(frozen=True)
class ArenaMotion:
    """An animal whose heading drifts while it runs; from a wall it turns as light does from a mirror.

    So all places of the box are equally likely, and a path is a free walk folded into the box.

    speed, speed_spread, speed_time, stop, go: as in TrackMotion. drift: standard deviation of the change of heading
    in a step in which it runs [radians].

    Raises ValueError where a probability lies outside [0, 1] or another value is negative.
    """

    arena: Arena
    speed: float = 0.05
    speed_spread: float = 0.3
    speed_time: float = 10.0
    drift: float = 0.2
    stop: float = 0.05
    go: float = 0.08

    def __post_init__(self) -> None:
        for name in ("stop", "go"):
            check_between(name, getattr(self, name), 0.0, 1.0)
        check_between("speed", self.speed, 0.0, float("inf"), open_low=True)
        check_between("speed_spread", self.speed_spread, 0.0, float("inf"))
        check_between("speed_time", self.speed_time, 1.0, float("inf"))
        check_between("drift", self.drift, 0.0, float("inf"))

    def __call__(
        self, count: int, steps: int, generator: torch.Generator | None = None
    ) -> Float[Tensor, "count times 2"]:
        """Draw ``count`` paths from random places in the box; the first position is the start."""
        rate = 1 / self.speed_time
        wander = Dynamics(noise_std=(rate * (2 - rate)) ** 0.5)
        wave = simulate(lambda x: -rate * x, torch.randn(count, 1, generator=generator), steps, wander, generator)
        moving = _moving(count, steps, self.stop, self.go, generator)
        speed = self.speed * (1 + self.speed_spread * wave[:, 1:, 0]).clamp(min=0) * moving
        turning = self.drift * torch.randn(count, steps, generator=generator) * moving
        heading = 2 * pi * torch.rand(count, 1, generator=generator) + turning.cumsum(1)
        stride = speed[..., None] * torch.stack([heading.cos(), heading.sin()], dim=-1)
        start = self.arena.sample(count, generator)[:, None]
        return self._folded(torch.cat([start, start + stride.cumsum(1)], dim=1))

    def _folded(self, free: Float[Tensor, "count times 2"]) -> Float[Tensor, "count times 2"]:
        """A walk without walls, as it is between mirrors in place of the walls [m]."""
        size = self.arena.size
        rest = free % (2 * size)
        return torch.minimum(rest, 2 * size - rest)


def arena_task(arena: Arena, cell_spacing: float) -> PathTask:
    """The task of the maze lab's open box: place cells in columns and rows from wall to wall.

    cell_spacing: distance between neighbouring cells along the longer wall [m], rounded so that they fill it; along
    the shorter wall about as much. Place fields are FIELD times as wide.
    Raises ValueError where the spacing is not positive.
    """
    check_between("cell_spacing", cell_spacing, 0.0, float("inf"), open_low=True)
    longest = max(arena.width, arena.height)
    cells = max(3, round(longest / cell_spacing) + 1)
    columns, rows = (max(3, round(cells * length / longest)) for length in (arena.width, arena.height))
    centres = PlaceCells(arena.grid(columns, rows), width=FIELD * longest / (cells - 1))
    return PathTask(ArenaMotion(arena), arena, centres)
