"""Where the animal lives, how it moves, what its place cells tell, and the tasks made of these."""

from replaylib.world.arena_motion import ArenaMotion, arena_task
from replaylib.world.drawn_tracks import from_points
from replaylib.world.motion import (
    RAT_ARENA,
    RAT_SECONDS,
    RAT_SPEED,
    RECORDINGS,
    Motion,
    Recording,
    TrackMotion,
    rat_recording,
    synthetic_recording,
)
from replaylib.world.place_cells import PlaceCells
from replaylib.world.spaces import Arena, Space, Toured, Track, check_inside, nearest, t_maze, triangle
from replaylib.world.tasks import TASKS, Batch, PathTask, task

__all__ = [
    "RAT_ARENA",
    "RAT_SECONDS",
    "RAT_SPEED",
    "RECORDINGS",
    "TASKS",
    "Arena",
    "ArenaMotion",
    "Batch",
    "Motion",
    "PathTask",
    "PlaceCells",
    "Recording",
    "Space",
    "Toured",
    "Track",
    "TrackMotion",
    "arena_task",
    "check_inside",
    "from_points",
    "nearest",
    "rat_recording",
    "synthetic_recording",
    "t_maze",
    "task",
    "triangle",
]
