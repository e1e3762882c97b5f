"""Learners: what is learnt from the states and experiences that a supplier names, and what it costs.

All of them know the maze and have found its reward once; from then on they learn from replay alone. A state counts as
learnt where the learner knows of the reward there, and every action that it holds for best is among the best.
"""

from dataclasses import dataclass
from time import perf_counter

import numpy as np
from jaxtyping import Bool, Float, Int

from replaylib._checks import check_between, check_count
from replaylib.planning._kernels import TIE, back_up, follow
from replaylib.planning.bins import Bins
from replaylib.planning.suppliers import NONE, Replayed
from replaylib.planning.worlds import World, best_actions, optimal, successor_representation

CHECKS = 50
"""Moments at which a learnt successor representation is compared with the true one."""


@dataclass(frozen=True)
class Spent:
    """What learning cost, for each learner in the mean, in three currencies.

    steps: replay steps made. backups: updates of values or of a row of the representation. seconds: wall time of
    supplying and learning [s]. refused: experiences that were no step to a neighbour, and taught nothing.
    """

    steps: float
    backups: float
    seconds: float
    refused: float


@dataclass(frozen=True, eq=False)
class Learnt:
    """What was learnt.

    share: states with the best action after each replay step [1]. values: of actions, in the end [1].
    """

    share: Float[np.ndarray, "worlds steps"]
    values: Float[np.ndarray, "worlds states actions"]
    spent: Spent


@dataclass(frozen=True, eq=False)
class LearntMap:
    """A learnt successor representation.

    moments: replay steps after which it was compared with the true one [steps]. correlation: with it, at each of them
    [1]; 0 where nothing is known. successors: discounted visits, in the end [1].
    """

    moments: Int[np.ndarray, " moments"]
    correlation: Float[np.ndarray, "worlds moments"]
    successors: Float[np.ndarray, "worlds states states"]
    spent: Spent


def knows(
    values: Float[np.ndarray, "*batch actions"], best: Bool[np.ndarray, "*batch actions"]
) -> Bool[np.ndarray, "*batch"]:
    """Whether a learner knows of the reward in a state, and holds none but the best actions for best."""
    wrong = (best_actions(values) & ~best).any(-1)
    found: Bool[np.ndarray, "*batch"] = (values.max(-1) > TIE) & ~wrong
    return found


def value_backups(world: World, replayed: Replayed) -> Learnt:
    """One full backup of each state that is named, in the order in which it is named.

    Raises ValueError where the supply is for another number of learners than there are worlds.
    Equation: eq-backup, eq-carried. Source: Sutton (1991), SIGART Bulletin 2, 160 (Dyna).
    """
    check_supply(world, replayed)
    begun = perf_counter()
    values, share = world.ignorance(), np.zeros(replayed.state.shape)
    back_up(world.arrays, best_actions(optimal(world)), np.ascontiguousarray(replayed.state), values, share)
    seconds = replayed.seconds + perf_counter() - begun
    return Learnt(share, values, Spent(float(replayed.made), float(replayed.steps), seconds, 0.0))


def q_learning(world: World, bins: Bins, replayed: Replayed, *, both_ways: bool = False, rate: float = 1.0) -> Learnt:
    """Q-learning on each experience: from a state to its neighbour, and back as well with ``both_ways``.

    A step that stays in its bin is no experience; one that is no step to a neighbour is refused and counted.
    rate: of learning; 1 is right where each action has one outcome [1].
    Raises ValueError where actions have several outcomes, or the supply is for another number of learners.
    Source: Watkins & Dayan (1992), Machine Learning 8, 279.
    """
    check_supply(world, replayed)
    check_between("rate", rate, 0.0, 1.0, open_low=True)
    if not world.deterministic:
        raise ValueError("Q-learning from states alone needs actions with one outcome each, but some have several.")
    begun = perf_counter()
    values, share = world.ignorance(), np.zeros(replayed.state.shape)
    taught, refused = _sorted_out(replayed, bins)
    experience = (np.ascontiguousarray(replayed.state), np.ascontiguousarray(replayed.after), taught)
    best = best_actions(optimal(world))
    updates = follow(world.arrays, best, experience, (both_ways, float(rate)), values, share)
    seconds = replayed.seconds + perf_counter() - begun
    spent = Spent(float(replayed.made), updates / world.worlds, seconds, refused)
    return Learnt(share, values, spent)


def learn_successors(bins: Bins, replayed: Replayed, discount: float, rate: float = 0.1) -> LearntMap:
    """The successor representation, by temporal differences on each experience.

    It is compared with that of the random walk; steps that stay in a bin are left out, and jumps are refused.
    Raises ValueError where the rate or the discount is out of range. Equation: eq-successor.
    Source: Dayan (1993), Neural Computation 5, 613.
    """
    check_between("rate", rate, 0.0, 1.0, open_low=True)
    begun = perf_counter()
    true, worlds, identity = successor_representation(bins, discount), replayed.worlds, np.eye(len(bins))
    learnt = np.zeros((worlds, len(bins), len(bins)))
    taught, refused = _sorted_out(replayed, bins)
    moments = np.unique(np.linspace(1, replayed.steps, min(CHECKS, replayed.steps)).astype(int))
    correlation = []
    for step in range(replayed.steps):
        rows = np.flatnonzero(taught[:, step])
        state, after = replayed.state[rows, step], replayed.after[rows, step]
        wanted = identity[state] + discount * learnt[rows, after]
        learnt[rows, state] += rate * (wanted - learnt[rows, state])
        if step + 1 in moments:
            correlation.append(correlations(learnt, true))
    seconds = replayed.seconds + perf_counter() - begun
    spent = Spent(float(replayed.made), float(taught.sum()) / worlds, seconds, refused)
    return LearntMap(moments, np.stack(correlation, axis=1), learnt, spent)


def correlations(
    learnt: Float[np.ndarray, "worlds states states"], true: Float[np.ndarray, "states states"]
) -> Float[np.ndarray, " worlds"]:
    """Correlation over all pairs of states [1]; 0 where the learnt one is the same everywhere."""
    flat = learnt.reshape(len(learnt), -1)
    flat, wanted = flat - flat.mean(1, keepdims=True), true.ravel() - true.mean()
    size = np.linalg.norm(flat, axis=1) * np.linalg.norm(wanted)
    found: Float[np.ndarray, " worlds"] = np.divide(flat @ wanted, size, out=np.zeros(len(flat)), where=size > 0)
    return found


def check_supply(world: World, replayed: Replayed) -> None:
    """Raise ValueError where a supply is for another number of learners than there are worlds."""
    check_count("steps", replayed.steps)
    if replayed.worlds != world.worlds:
        raise ValueError(f"a supply for {world.worlds} worlds was expected, but one for {replayed.worlds} came.")


def _sorted_out(replayed: Replayed, bins: Bins) -> tuple[Bool[np.ndarray, "worlds steps"], float]:
    """Which steps are experiences that teach, and how many of each learner's are refused because they jump."""
    moved = (replayed.after != NONE) & (replayed.after != replayed.state)
    refused = moved & replayed.jumps(bins)
    taught: Bool[np.ndarray, "worlds steps"] = moved & ~refused
    return taught, float(refused.sum()) / replayed.worlds
