"""Suppliers: who names the states that a learner thinks of next, and at what cost.

Here are those that do not look at what has been learnt: dreams of a network, the same in another order, awake paths,
and experience at random. Those that look stand in ``priorities``, the memory model in ``memory_model``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from replaylib._checks import check_count, check_shape
from replaylib.dynamics.rule import Dynamics
from replaylib.networks.network import PathIntegrator
from replaylib.networks.replaying import awake_states, replay
from replaylib.planning.bins import Bins
from replaylib.world.tasks import PathTask

NONE = -1
"""The state after the last one of an event: there is none."""


@dataclass(frozen=True)
class Budget:
    """How much is replayed: ``steps`` by each of ``worlds`` learners, in events of ``event`` steps, the last cut short.

    Raises ValueError where a number is no positive whole one.
    """

    worlds: int
    steps: int
    event: int

    def __post_init__(self) -> None:
        for name in ("worlds", "steps", "event"):
            check_count(name, getattr(self, name))

    @property
    def events(self) -> int:
        """Events of each learner."""
        return -(-self.steps // self.event)

    def joined(self, of_events: Int[np.ndarray, "all_events times"]) -> Int[np.ndarray, "worlds steps"]:
        """The events of each learner, one after the other; those of the first learner come first."""
        return of_events.reshape(self.worlds, -1)[:, : self.steps]


@dataclass(frozen=True, eq=False)
class Replayed:
    """What a supplier names, step by step, for each learner.

    state: the state thought of. after: the state that follows it in the same thought, or -1 where none does.
    event: length of an event [steps]. made: replay steps that were made for it, for each learner [steps].
    seconds: wall time that it took, for all learners [s].
    """

    state: Int[np.ndarray, "worlds steps"]
    after: Int[np.ndarray, "worlds steps"]
    event: int
    made: int
    seconds: float

    @property
    def worlds(self) -> int:
        """Number of learners that are supplied."""
        return len(self.state)

    @property
    def steps(self) -> int:
        """States named for each learner [steps]."""
        return int(self.state.shape[1])

    def jumps(self, bins: Bins) -> Bool[np.ndarray, "worlds steps"]:
        """Steps to a state that is neither the same nor next to it: no learner takes them for experience."""
        near = bins.next_to[self.state, self.after] | (self.state == self.after)
        found: Bool[np.ndarray, "worlds steps"] = ~near & (self.after != NONE)
        return found

    def jump_share(self, bins: Bins) -> float:
        """Share of the steps within events that are such jumps [1]; 0 where there is no step."""
        within = self.after != NONE
        return float(self.jumps(bins).sum() / within.sum()) if within.any() else 0.0


def of_paths(paths: Int[np.ndarray, "all_events times"], budget: Budget, seconds: float = 0.0) -> Replayed:
    """Paths of bins as thoughts, each state followed by the next; seconds: wall time that they took.

    Raises ValueError where the paths are not those of the budget's events.
    """
    expected = (budget.worlds * budget.events, budget.event)
    if paths.shape != expected:
        raise ValueError(f"paths must have the shape {list(expected)}, but {list(paths.shape)} came.")
    after = np.concatenate([paths[:, 1:], np.full((len(paths), 1), NONE)], axis=1)
    state, after = budget.joined(paths), budget.joined(after)
    after[:, -1] = NONE
    return Replayed(state, after, budget.event, budget.steps, seconds)


def dreamt(
    network: PathIntegrator,
    start: Float[Tensor, "all_events n"],
    bins: Bins,
    dynamics: Dynamics,
    budget: Budget,
    generator: torch.Generator | None = None,
) -> Replayed:
    """Dreams of a network from awake states, one an event; what a dream starts in is not thought of.

    Raises ValueError where ``start`` holds another number of states than the budget has events, and FloatingPointError
    where the dream diverges.
    """
    check_shape("start", start, (budget.worlds * budget.events, "n"))
    begun = perf_counter()
    position = replay(network, start, budget.event, dynamics, generator, keep="position").position
    return of_paths(bins.visited(position[:, 1:]), budget, perf_counter() - begun)


def starting_states(
    network: PathIntegrator, path_task: PathTask, budget: Budget, generator: torch.Generator | None = None
) -> Float[Tensor, "all_events n"]:
    """Awake states in which the events of a budget begin."""
    return awake_states(network, path_task, budget.worlds * budget.events, generator)


def awake(path_task: PathTask, bins: Bins, budget: Budget, generator: torch.Generator | None = None) -> Replayed:
    """Paths of the awake animal, with its rests."""
    begun = perf_counter()
    position = path_task.batch(budget.worlds * budget.events, generator, budget.event).position
    return of_paths(bins.visited(position[:, 1:]), budget, perf_counter() - begun)


def uniform(bins: Bins, budget: Budget, generator: torch.Generator | None = None) -> Replayed:
    """Experience at random: each step a bin, every one as likely, with a neighbour of it, every one as likely."""
    begun = perf_counter()
    shape = (budget.worlds, budget.steps)
    state = torch.randint(len(bins), shape, generator=generator).numpy()
    counts = np.array([len(others) for others in bins.neighbours])
    most = counts.max()
    table = np.array([[*others, *[NONE] * (most - len(others))] for others in bins.neighbours])
    pick = (torch.rand(shape, generator=generator, dtype=torch.float64).numpy() * counts[state]).astype(int)
    return Replayed(state, table[state, pick], 1, budget.steps, perf_counter() - begun)


def thinned(replayed: Replayed, every: int) -> Replayed:
    """Of each ``every`` steps the last alone: what there is if one waits, with as many backups as steps kept.

    Raises ValueError where events and budget are no multiples of ``every``.
    """
    check_count("every", every)
    if replayed.event % every or replayed.steps % every:
        raise ValueError(
            f"events and steps must be multiples of {every}, but are {replayed.event} and {replayed.steps}."
        )
    state, event = replayed.state[:, every - 1 :: every], replayed.event // every
    after = np.concatenate([state[:, 1:], np.full((replayed.worlds, 1), NONE)], axis=1)
    after[:, event - 1 :: event] = NONE
    return replace(replayed, state=state, after=after, event=event)


def shuffled(replayed: Replayed, generator: torch.Generator | None = None) -> Replayed:
    """The same experiences in a random order within each event: each state keeps what followed it."""
    order = np.empty(replayed.state.shape, dtype=int)
    for begin in range(0, replayed.steps, replayed.event):
        length = min(replayed.event, replayed.steps - begin)
        keys = torch.rand(replayed.worlds, length, generator=generator)
        order[:, begin : begin + length] = begin + keys.argsort(dim=1).numpy()
    return _taken(replayed, order)


def backwards(replayed: Replayed) -> Replayed:
    """Each event from its end to its beginning: what followed a state now precedes it."""
    begins = np.arange(0, replayed.steps, replayed.event)
    ends = np.minimum(begins + replayed.event, replayed.steps)
    order = np.concatenate([np.arange(end - 1, begin - 1, -1) for begin, end in zip(begins, ends, strict=True)])
    state = replayed.state[:, order]
    after = np.concatenate([state[:, 1:], np.full((replayed.worlds, 1), NONE)], axis=1)
    after[:, ends - 1] = NONE
    return replace(replayed, state=state, after=after)


def independent(replayed: Replayed, generator: torch.Generator | None = None) -> Replayed:
    """Independent draws from the dream's own law: experiences of the other learners' dreams, one by one at random.

    Raises ValueError where there is one learner only, and so no other dream.
    """
    if replayed.worlds < 2:
        raise ValueError("independent draws need dreams of two learners at least, but those of one came.")
    shape = replayed.state.shape
    own = np.arange(replayed.worlds)[:, None]
    other = torch.randint(replayed.worlds - 1, shape, generator=generator).numpy()
    moment = torch.randint(replayed.steps, shape, generator=generator).numpy()
    row = other + (other >= own)
    return replace(replayed, state=replayed.state[row, moment], after=replayed.after[row, moment], event=1)


def joined(parts: Sequence[Replayed]) -> Replayed:
    """Several supplies side by side, for the learners in ``World.repeated`` worlds.

    Raises ValueError where they have different numbers of steps.
    """
    if len({one.steps for one in parts}) != 1:
        raise ValueError(f"supplies must have the same steps, but {[one.steps for one in parts]} came.")
    state, after = (np.concatenate([getattr(one, name) for one in parts]) for name in ("state", "after"))
    return Replayed(state, after, parts[0].event, max(one.made for one in parts), sum(one.seconds for one in parts))


def _taken(replayed: Replayed, order: Int[np.ndarray, "worlds steps"]) -> Replayed:
    state, after = (np.take_along_axis(one, order, axis=1) for one in (replayed.state, replayed.after))
    return replace(replayed, state=state, after=after)
