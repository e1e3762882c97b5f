"""Learners: what is learnt from the states and experiences that a supplier names, and what it costs.

All of them know the maze and have found its reward once; from then on they learn from replay alone. A state counts as
learnt where the learner knows of the reward there, and every action that it holds for best is among the best.
"""

from dataclasses import dataclass
from time import perf_counter

import numpy as np
from jaxtyping import Bool, Float, Int

from replaylib._checks import check_between, check_count
from replaylib.planning.bins import Bins
from replaylib.planning.suppliers import NONE, Replayed
from replaylib.planning.worlds import TIE, World, best_actions, optimal, successor_representation

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


class Tally:
    """Which states are learnt, and the share of them after each step; states where all is over do not count."""

    def __init__(self, world: World, steps: int) -> None:
        self.best = best_actions(optimal(world))
        self.learnt = np.zeros((world.worlds, world.states), dtype=bool)
        self.count = (~world.ended).sum(1)
        self.share = np.zeros((world.worlds, steps))
        self.world, self.rows = world, np.arange(world.worlds)

    def see(self, values: Float[np.ndarray, "worlds states actions"], state: Int[np.ndarray, " worlds"]) -> None:
        """Look again at one state of each world."""
        right = knows(values[self.rows, state], self.best[self.rows, state])
        self.learnt[self.rows, state] = right & ~self.world.ended[self.rows, state]

    def see_all(self, values: Float[np.ndarray, "worlds states actions"]) -> None:
        """Look again at all states."""
        self.learnt = knows(values, self.best) & ~self.world.ended

    def note(self, step: int) -> None:
        """Write down the share after this step."""
        self.share[:, step] = self.learnt.sum(1) / self.count


def value_backups(world: World, replayed: Replayed) -> Learnt:
    """One full backup of each state that is named, in the order in which it is named.

    Raises ValueError where the supply is for another number of learners than there are worlds. Equation: eq-backup.
    Source: Sutton (1991), SIGART Bulletin 2, 160 (Dyna).
    """
    _check_worlds(world, replayed)
    begun = perf_counter()
    values, tally, rows = world.ignorance(), Tally(world, replayed.steps), np.arange(world.worlds)
    best = values.max(-1)
    live = ~world.ended
    for step, state in enumerate(replayed.state.T):
        found = np.where(live[rows, state][:, None], world.backed_up(best, state), values[rows, state])
        values[rows, state] = found
        best[rows, state] = found.max(-1)
        tally.see(values, state)
        tally.note(step)
    seconds = replayed.seconds + perf_counter() - begun
    return Learnt(tally.share, values, Spent(float(replayed.made), float(replayed.steps), seconds, 0.0))


def q_learning(world: World, bins: Bins, replayed: Replayed, *, both_ways: bool = False, rate: float = 1.0) -> Learnt:
    """Q-learning on each experience: from a state to its neighbour, and back as well with ``both_ways``.

    A step that stays in its bin is no experience; one that is no step to a neighbour is refused and counted.
    rate: of learning; 1 is right where each action has one outcome [1].
    Raises ValueError where actions have several outcomes, or the supply is for another number of learners.
    Source: Watkins & Dayan (1992), Machine Learning 8, 279.
    """
    _check_worlds(world, replayed)
    check_between("rate", rate, 0.0, 1.0, open_low=True)
    if not world.deterministic:
        raise ValueError("Q-learning from states alone needs actions with one outcome each, but some have several.")
    begun = perf_counter()
    values, tally = world.ignorance(), Tally(world, replayed.steps)
    taken = (replayed.after != NONE) & (replayed.after != replayed.state)
    refused = taken & replayed.jumps(bins)
    taught = taken & ~refused
    backups = 0
    for step in range(replayed.steps):
        state, after = replayed.state[:, step], replayed.after[:, step]
        for source, target in ((state, after), (after, state))[: 1 + both_ways]:
            backups += _learn_step(world, values, source, target, taught[:, step], rate)
            tally.see(values, source)
        tally.note(step)
    seconds = replayed.seconds + perf_counter() - begun
    spent = Spent(float(replayed.made), backups / world.worlds, seconds, float(refused.sum()) / world.worlds)
    return Learnt(tally.share, values, spent)


def _learn_step(
    world: World,
    values: Float[np.ndarray, "worlds states actions"],
    source: Int[np.ndarray, " worlds"],
    target: Int[np.ndarray, " worlds"],
    taught: Bool[np.ndarray, " worlds"],
    rate: float,
) -> int:
    """Update, in place, the action that leads from source to target where it is taught; the number of updates."""
    rows = np.flatnonzero(taught & ~world.ended[np.arange(world.worlds), source])
    source, target = source[rows], target[rows]
    action = ((world.next_state[source, :, 0] == target[:, None]) & world.allowed[source]).argmax(1)
    ahead = np.where(world.ended[rows, target], 0.0, values[rows, target].max(-1))
    wanted = world.reward[rows, source, action] + world.discount * ahead
    values[rows, source, action] += rate * (wanted - values[rows, source, action])
    return len(rows)


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
    moved = (replayed.after != NONE) & (replayed.after != replayed.state)
    refused = moved & replayed.jumps(bins)
    taught = moved & ~refused
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
    spent = Spent(float(replayed.made), taught.sum() / worlds, seconds, refused.sum() / worlds)
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


def _check_worlds(world: World, replayed: Replayed) -> None:
    check_count("steps", replayed.steps)
    if replayed.worlds != world.worlds:
        raise ValueError(f"a supply for {world.worlds} worlds was expected, but one for {replayed.worlds} came.")
