"""Path-integration tasks: an animal moves, the network hears its velocity and must tell where it is."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial

import torch
from jaxtyping import Float
from torch import Tensor

from replaylib._checks import check_count
from replaylib.world.motion import RAT_ARENA, Motion, Recording, TrackMotion, rat_recording, synthetic_recording
from replaylib.world.place_cells import PlaceCells
from replaylib.world.spaces import Space, Track, check_inside, t_maze, triangle


@dataclass(frozen=True)
class Batch:
    """Paths for a network to integrate.

    velocity: displacement in each step, [batch, steps, 2] [m/step].
    start: encoded position at step 0, [batch, outputs].
    target: encoded position after each step, [batch, steps, outputs].
    position: where the animal is, the start included, [batch, steps + 1, 2] [m].
    """

    velocity: Float[Tensor, "batch steps 2"]
    start: Float[Tensor, "batch outputs"]
    target: Float[Tensor, "batch steps outputs"]
    position: Float[Tensor, "batch times 2"]

    def to(self, like: Tensor) -> "Batch":
        """The same paths with the device and the dtype of ``like``, as a network's weights.

        Paths are always drawn on the processor: the same generator gives the same paths for every device and dtype.
        """
        return Batch(self.velocity.to(like), self.start.to(like), self.target.to(like), self.position.to(like))


@dataclass(frozen=True, eq=False)
class PathTask:
    """Integrate paths drawn by ``motion`` in ``space``, and report place-cell activity, or coordinates without cells.

    steps: length of a training path [steps].
    """

    motion: Motion
    space: Space
    cells: PlaceCells | None = None
    steps: int = 80

    def __post_init__(self) -> None:
        check_count("steps", self.steps)

    @property
    def outputs(self) -> int:
        """Numbers that the network reports: one per place cell, or two coordinates."""
        return len(self.cells.centres) if self.cells else 2

    def encode(self, position: Float[Tensor, "*batch 2"]) -> Float[Tensor, "*batch outputs"]:
        """What the network should report at each position. Raises ValueError off the track, or where not finite."""
        check_inside(self.space, position)
        return self.cells.encode(position) if self.cells else position

    def batch(self, size: int, generator: torch.Generator | None = None, steps: int | None = None) -> Batch:
        """Draw ``size`` paths of ``steps`` steps (the task's own number by default), on the processor.

        Raises ValueError where a number is no positive whole one, or the generator is of another device.
        """
        check_count("size", size)
        if generator is not None and generator.device.type != "cpu":
            raise ValueError(f"generator must be one on the processor, but one on {generator.device} came.")
        position = self.motion(size, self.steps if steps is None else steps, generator)
        activity = self.encode(position)
        return Batch(position.diff(dim=1), activity[:, 0], activity[:, 1:], position)

    @cached_property
    def velocity_rms(self) -> float:
        """Root mean square of each velocity component, estimated once from 512 paths [m/step]."""
        position = self.motion(512, self.steps, torch.Generator().manual_seed(0))
        return float(position.diff(dim=1).square().mean().sqrt())


def _on_track(track: Track, spacing: float | None, test: bool) -> PathTask:
    cells = PlaceCells(track.points_every(spacing), width=0.25) if spacing else None
    return PathTask(TrackMotion(track), track, cells)


def _in_box(recording: Callable[[], Recording], test: bool) -> PathTask:
    cells = PlaceCells(RAT_ARENA.grid(18, 13), width=0.32, exponent=2.0)
    part = recording().part(0.75, 1.0) if test else recording().part(0.0, 0.75)
    return PathTask(part, RAT_ARENA, cells, steps=40)


TASKS: dict[str, Callable[[bool], PathTask]] = {
    "triangle": partial(_on_track, triangle(), None),
    "t-maze": partial(_on_track, t_maze(), None),
    "triangle-cells": partial(_on_track, triangle(), float(triangle().lengths.sum()) / 48),
    "t-maze-cells": partial(_on_track, t_maze(), 0.1),
    "box": partial(_in_box, synthetic_recording),
    "rat": partial(_in_box, rat_recording),
}
"""The book's tasks by name; the argument tells whether the held-out part is wanted."""


def task(name: str | Track, test: bool = False, cell_spacing: float | None = None) -> PathTask:
    """The book's task of this name, one of ``TASKS``, or a task on a track of one's own.

    In the box ``test`` gives the last quarter of the recording instead of the first three; on the tracks, where each
    path is drawn afresh, both are the same. On an own track the animal is a TrackMotion with its defaults, and
    ``cell_spacing`` [m] is the distance between place cells; without it the network reports coordinates.
    Raises ValueError where the name is unknown, or place cells are wanted for a task that has its own.
    """
    if isinstance(name, Track):
        return _on_track(name, cell_spacing, test)
    if name not in TASKS:
        raise ValueError(f"task must be one of {', '.join(TASKS)}, or a track, but {name!r} came.")
    if cell_spacing is not None:
        raise ValueError(f"cell_spacing is for a track of your own, but came with the task {name!r}.")
    return TASKS[name](test)
