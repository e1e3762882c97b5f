"""Suppliers that look at what has been learnt: each step they name the state whose backup is worth most.

Each runs a learner of its own beside the one that it supplies, so that what it names is the same for all learners.
"""

from time import perf_counter

import numpy as np
from jaxtyping import Float, Int

from replaylib._checks import check_count
from replaylib.planning._kernels import name_by_priority
from replaylib.planning.suppliers import Budget, Replayed
from replaylib.planning.worlds import World


def prioritised_sweeping(world: World, steps: int) -> Replayed:
    """Each step the state whose value a backup changes most; once nothing changes, the first state again and again.

    Source: Moore & Atkeson (1993), Machine Learning 13, 103; Peng & Williams (1993), Adaptive Behavior 1, 437.
    """
    check_count("steps", steps)
    return _named(world, np.ones((world.worlds, 1, world.states)), Budget(world.worlds, steps, steps), by_gain=False)


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
    return _named(world, successors[start], budget, by_gain=True)


def _named(world: World, need: Float[np.ndarray, "worlds events states"], budget: Budget, by_gain: bool) -> Replayed:
    begun = perf_counter()
    state, after = (np.zeros((world.worlds, budget.steps), dtype=int) for _ in range(2))
    name_by_priority(world.arrays, need, (budget.event, by_gain), world.ignorance(), state, after)
    return Replayed(state, after, budget.event, budget.steps, perf_counter() - begun)
