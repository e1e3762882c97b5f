"""Suppliers that look at what has been learnt: each step they name the state whose backup is worth most.

Each runs a learner of its own beside the one that it supplies, so that what it names is the same for all learners.
"""

from time import perf_counter

import numpy as np
from jaxtyping import Float, Int

from replaylib._checks import check_count
from replaylib.planning.suppliers import Budget, Replayed
from replaylib.planning.worlds import TIE, World, best_actions

FLOOR = 1e-10
"""Least gain of a backup that changes a value [1]; as in Mattar & Daw (2018)."""


class _Twin:
    """A learner by full backups, with what a backup of each state would bring."""

    def __init__(self, world: World) -> None:
        self.world, self.values = world, world.ignorance()
        self.rows = np.arange(world.worlds)

    def look(self) -> None:
        """Work out what every backup would give."""
        self.found = self.world.all_backed_up(self.values.max(-1))
        self.change = np.abs(self.found.max(-1) - self.values.max(-1))

    def gain(self) -> Float[np.ndarray, "worlds states"]:
        """How much more reward the actions held for best after a backup bring than those before it [1]."""
        greedy = best_actions(self.values)
        finite = np.where(self.world.allowed, self.found, 0.0)
        before = (greedy * finite).sum(-1) / greedy.sum(-1)
        gain: Float[np.ndarray, "worlds states"] = np.maximum(self.found.max(-1) - before, 0.0)
        return gain

    def back_up(self, state: Int[np.ndarray, " worlds"]) -> Int[np.ndarray, " worlds"]:
        """Back up one state in each world, and return where the action held for best then leads most probably."""
        self.values[self.rows, state] = self.found[self.rows, state]
        action = self.values[self.rows, state].argmax(-1)
        likely = self.world.probability[state, action].argmax(-1)
        after: Int[np.ndarray, " worlds"] = self.world.next_state[state, action, likely]
        return after


def prioritised_sweeping(world: World, steps: int) -> Replayed:
    """Each step the state whose value a backup changes most; once nothing changes, the first state again and again.

    Source: Moore & Atkeson (1993), Machine Learning 13, 103; Peng & Williams (1993), Adaptive Behavior 1, 437.
    """
    check_count("steps", steps)
    begun = perf_counter()
    twin = _Twin(world)
    state, after = (np.zeros((world.worlds, steps), dtype=int) for _ in range(2))
    for step in range(steps):
        twin.look()
        state[:, step] = twin.change.argmax(1)
        after[:, step] = twin.back_up(state[:, step])
    return Replayed(state, after, steps, steps, perf_counter() - begun)


def gain_and_need(
    world: World,
    successors: Float[np.ndarray, "states states"],
    start: Int[np.ndarray, "worlds events"],
    budget: Budget,
) -> Replayed:
    """Each step the state with the largest product of gain and need.

    The gain is what the change of actions brings if the animal comes to the state, and at least 1e-10 where the backup
    changes a value. The need is how often the animal will come there from where it rests, ``start`` in each event, by
    the successor representation. Actions are the best ones, ties shared evenly; Mattar & Daw (2018) soften them, and
    back up sequences too.
    Raises ValueError where the starts are not those of the budget's events.
    Source: Mattar & Daw (2018), Nature Neuroscience 21, 1609.
    """
    if start.shape != (budget.worlds, budget.events) or budget.worlds != world.worlds:
        raise ValueError(f"starts must have the shape {[world.worlds, budget.events]}, but {list(start.shape)} came.")
    begun = perf_counter()
    twin = _Twin(world)
    state, after = (np.zeros((budget.worlds, budget.steps), dtype=int) for _ in range(2))
    for step in range(budget.steps):
        twin.look()
        gain = twin.gain()
        worth = np.where((twin.change > TIE) | (gain > TIE), np.maximum(gain, FLOOR), 0.0)
        state[:, step] = (worth * successors[start[:, step // budget.event]]).argmax(1)
        after[:, step] = twin.back_up(state[:, step])
    return Replayed(state, after, budget.event, budget.steps, perf_counter() - begun)
