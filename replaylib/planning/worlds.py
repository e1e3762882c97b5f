"""Worlds: what follows on each action in each state, and which actions are best there.

A world is a finite Markov decision process whose transitions are known. Several worlds stand side by side in one
object: they share their transitions, and each has a reward of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int

from replaylib._checks import check_between
from replaylib.planning._kernels import TIE
from replaylib.planning.bins import Bins

DISCOUNT = 0.95
"""What a reward one step ahead is worth now [1/step]."""

EXACT, SWEEPS = 1e-14, 20_000
"""Value iteration stops where no value changes by more than this [1], after so many sweeps at most."""


@dataclass(frozen=True, eq=False)
class World:
    """Worlds with the same transitions.

    next_state: where an action may lead. probability: of each of these outcomes; all 0 where there is no such action.
    reward: what is expected of an action [1]. ended: states in which all is over; there is nothing to decide or to
    learn in them. discount: in [0, 1) [1/step].
    Raises ValueError where shapes differ, a state is unknown, probabilities do not sum to 1, or the discount is wrong.
    """

    next_state: Int[np.ndarray, "states actions outcomes"]
    probability: Float[np.ndarray, "states actions outcomes"]
    reward: Float[np.ndarray, "worlds states actions"]
    ended: Bool[np.ndarray, "worlds states"]
    discount: float = DISCOUNT

    def __post_init__(self) -> None:
        if self.next_state.shape != self.probability.shape or self.reward.shape[1:] != self.next_state.shape[:2]:
            raise ValueError(
                "next_state, probability and reward must tell of the same states and actions, but have the shapes "
                f"{self.next_state.shape}, {self.probability.shape} and {self.reward.shape}."
            )
        if self.ended.shape != self.reward.shape[:2]:
            raise ValueError(f"ended must have the shape {self.reward.shape[:2]}, but {self.ended.shape} came.")
        check_between("discount", self.discount, 0.0, 1 - TIE)
        if self.next_state.min() < 0 or self.next_state.max() >= self.states:
            raise ValueError(f"next states must lie between 0 and {self.states - 1}, but one does not.")
        whole = self.probability.sum(-1)
        if not np.all(np.isclose(whole, 1) | (whole == 0)) or self.probability.min() < 0:
            raise ValueError("probabilities of each action's outcomes must sum to 1, or all be 0, but some do not.")

    @classmethod
    def on_bins(cls, bins: Bins, goals: Int[np.ndarray, " worlds"], discount: float = DISCOUNT) -> "World":
        """From a bin one may step to each neighbour; a step into the world's goal gives the reward 1 and ends it.

        Raises ValueError where a goal is no bin.
        """
        if goals.min(initial=0) < 0 or goals.max(initial=0) >= len(bins):
            raise ValueError(f"goals must be bins from 0 to {len(bins) - 1}, but {goals.tolist()} came.")
        most = max(map(len, bins.neighbours))
        next_state = np.array([[*others, *[0] * (most - len(others))] for others in bins.neighbours])[..., None]
        probability = np.array([[1.0] * len(others) + [0.0] * (most - len(others)) for others in bins.neighbours])
        arrives = (next_state[None, ..., 0] == goals[:, None, None]) & (probability[None] > 0)
        ended = np.arange(len(bins))[None] == goals[:, None]
        reward = np.where(ended[..., None], 0.0, arrives.astype(float))
        return cls(next_state, probability[..., None], reward, ended, discount)

    @classmethod
    def of_table(
        cls, table: Mapping[int, Mapping[int, Sequence[tuple[Any, ...]]]], discount: float = DISCOUNT
    ) -> "World":
        """One world from the table ``P`` of a Gymnasium environment: (probability, state, reward, ended) by action."""
        states, actions = len(table), len(table[0])
        outcomes = max(len(found) for of_state in table.values() for found in of_state.values())
        next_state = np.zeros((states, actions, outcomes), dtype=int)
        probability = np.zeros((states, actions, outcomes))
        reward, ended = np.zeros((1, states, actions)), np.zeros((1, states), dtype=bool)
        for state, of_state in table.items():
            for action, found in of_state.items():
                for outcome, (chance, after, gain, over) in enumerate(found):
                    next_state[state, action, outcome], probability[state, action, outcome] = int(after), chance
                    reward[0, state, action] += chance * gain
                    ended[0, int(after)] |= over
        return cls(next_state, probability, np.where(ended[..., None], 0.0, reward), ended, discount)

    @property
    def worlds(self) -> int:
        """Number of worlds."""
        return len(self.reward)

    @property
    def states(self) -> int:
        """Number of states."""
        return int(self.next_state.shape[0])

    @property
    def deterministic(self) -> bool:
        """Whether each action has one outcome."""
        return bool(np.all((self.probability > 0).sum(-1) <= 1))

    @cached_property
    def allowed(self) -> Bool[np.ndarray, "states actions"]:
        """Which actions there are in a state."""
        found: Bool[np.ndarray, "states actions"] = self.probability.sum(-1) > 0
        return found

    def repeated(self, times: int) -> "World":
        """The worlds this many times over, one lot after the other: several learners for each."""
        return World(
            self.next_state,
            self.probability,
            np.tile(self.reward, (times, 1, 1)),
            np.tile(self.ended, (times, 1)),
            self.discount,
        )

    def ignorance(self) -> Float[np.ndarray, "worlds states actions"]:
        """Values before anything is learnt: 0 for each action that there is, -inf for others."""
        return np.where(self.allowed, 0.0, -np.inf) * np.ones((self.worlds, 1, 1))

    @property
    def arrays(self) -> tuple[Any, ...]:
        """What the compiled loops need to know of it: next_state, probability, reward, ended and discount."""
        return self.next_state, self.probability, self.reward, self.ended, self.discount

    def all_backed_up(self, best: Float[np.ndarray, "worlds states"]) -> Float[np.ndarray, "worlds states actions"]:
        """A full backup of every state at once, by the value of every state's best action [1].

        0 for actions in states where all is over. Equation: eq-backup.
        """
        ahead = (self.probability * best[:, self.next_state]).sum(-1)
        values = np.where(self.allowed, self.reward + self.discount * ahead, -np.inf)
        return np.where(self.ended[..., None] & self.allowed, 0.0, values)


def optimal(world: World) -> Float[np.ndarray, "worlds states actions"]:
    """The values of all actions under the best behaviour, by value iteration [1].

    Raises FloatingPointError where values still change after 20,000 sweeps. Equation: eq-backup.
    Source: Bellman (1957), Dynamic Programming.
    """
    values = world.ignorance()
    for _ in range(SWEEPS):
        found = world.all_backed_up(values.max(-1))
        change = np.abs(np.subtract(found, values, out=np.zeros_like(found), where=world.allowed)).max()
        values = found
        if change <= EXACT:
            return values
    raise FloatingPointError(f"value iteration must settle, but values still change by {change:.2g}.")


def best_actions(values: Float[np.ndarray, "*batch actions"]) -> Bool[np.ndarray, "*batch actions"]:
    """The actions whose value is the largest, all that tie."""
    found: Bool[np.ndarray, "*batch actions"] = values >= values.max(-1, keepdims=True) - TIE
    return found


def random_walk(bins: Bins) -> Float[np.ndarray, "states states"]:
    """Probabilities to step from bin to bin for an animal that takes any neighbour as gladly [1]."""
    found: Float[np.ndarray, "states states"] = bins.next_to / bins.next_to.sum(1, keepdims=True)
    return found


def successor_representation(bins: Bins, discount: float = DISCOUNT) -> Float[np.ndarray, "states states"]:
    """Expected discounted visits of each bin from each, for the random walk, now counted: (I - discount P)^-1.

    Raises ValueError where the discount lies outside [0, 1). Equation: eq-successor.
    Source: Dayan (1993), Neural Computation 5, 613.
    """
    check_between("discount", discount, 0.0, 1 - TIE)
    return np.linalg.inv(np.eye(len(bins)) - discount * random_walk(bins))
