"""``ReplayTrack-v0``: the book's mazes as a Gymnasium environment, for agents that are not ours.

Importing this module registers the environment:

import gymnasium, replaylib.planning.environment
environment = gymnasium.make("ReplayTrack-v0", track="t-maze", goal=3)
"""

from collections.abc import Callable
from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces

from replaylib.planning.bins import SPACING, Bins
from replaylib.planning.worlds import World
from replaylib.world.spaces import Track, t_maze, triangle

TRACKS: dict[str, Callable[[], Track]] = {"triangle": triangle, "t-maze": t_maze}
"""The book's tracks by name."""

STEPS = 200
"""Steps after which an episode is cut off."""


class ReplayTrack(gymnasium.Env[np.int64, np.int64]):
    """An animal on a track that is cut into bins; the reward 1 lies in one of them.

    Observed is the bin. An action is a step to one of its neighbours, in their order; where there are fewer, the others
    stay where they are. ``info["action_mask"]`` tells which actions there are. An episode starts in any bin but the
    goal's, every one as likely, or in ``options["start"]``.
    Raises ValueError where the track or the goal is unknown.
    """

    metadata = {"render_modes": []}  # noqa: RUF012 (as Gymnasium declares it)

    def __init__(self, track: str | Track = "triangle", goal: int = 0, spacing: float = SPACING) -> None:
        if isinstance(track, str) and track not in TRACKS:
            raise ValueError(f"track must be one of {', '.join(TRACKS)}, or a track, but {track!r} came.")
        self.bins = Bins.of_track(track if isinstance(track, Track) else TRACKS[track](), spacing)
        self.world = World.on_bins(self.bins, np.array([goal]))
        self.goal, self.place = goal, 0
        self.observation_space = spaces.Discrete(self.world.states)
        self.actions = int(self.world.next_state.shape[1])
        self.action_space = spaces.Discrete(self.actions)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[np.int64, dict[str, Any]]:
        """Begin an episode. Raises ValueError where ``options["start"]`` is no bin, or the goal."""
        super().reset(seed=seed)
        others = [state for state in range(self.world.states) if state != self.goal]
        start = (options or {}).get("start")
        if start is not None and start not in others:
            raise ValueError(f"start must be a bin other than the goal, {self.goal}, but {start!r} came.")
        self.place = int(self.np_random.choice(others)) if start is None else int(start)
        return np.int64(self.place), self._info()

    def step(self, action: int | np.integer) -> tuple[np.int64, float, bool, bool, dict[str, Any]]:
        """Step to a neighbour. Raises ValueError where there is no such action."""
        if not self.action_space.contains(np.int64(action)):
            raise ValueError(f"action must be from 0 to {self.actions - 1}, but {action!r} came.")
        reward = float(self.world.reward[0, self.place, action])
        if self.world.allowed[self.place, action]:
            self.place = int(self.world.next_state[self.place, action, 0])
        return np.int64(self.place), reward, self.place == self.goal, False, self._info()

    def _info(self) -> dict[str, Any]:
        return {"action_mask": self.world.allowed[self.place].astype(np.int8)}


gymnasium.register(
    id="ReplayTrack-v0",
    entry_point="replaylib.planning.environment:ReplayTrack",
    max_episode_steps=STEPS,
)
