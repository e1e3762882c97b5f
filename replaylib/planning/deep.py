"""A small network that learns values from a memory of experiences: the agent with a memory that replay asks."""

from dataclasses import dataclass
from time import perf_counter

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from replaylib._checks import check_between, check_count
from replaylib.planning.learners import Learnt, Spent, knows
from replaylib.planning.suppliers import Replayed
from replaylib.planning.worlds import World, best_actions, optimal


@dataclass(frozen=True)
class DeepSettings:
    """The network and its training.

    hidden: rectified units. rate: of Adam [1]. batch: experiences of one update. renewed: updates after which the
    network that gives the targets is renewed. checked: steps between two looks at what is learnt.
    Raises ValueError where one is out of range.
    """

    hidden: int = 64
    rate: float = 3e-3
    batch: int = 16
    renewed: int = 10
    checked: int = 10

    def __post_init__(self) -> None:
        for name in ("hidden", "batch", "renewed", "checked"):
            check_count(name, getattr(self, name))
        check_between("rate", self.rate, 0.0, 1.0, open_low=True)


DEFAULT = DeepSettings()

Weights = tuple[Tensor, Tensor, Tensor, Tensor]
"""Of one network a world: in, its bias, out, its bias."""


def deep_q_learning(
    world: World,
    features: Float[np.ndarray, "states features"],
    replayed: Replayed,
    generator: torch.Generator | None = None,
    settings: DeepSettings = DEFAULT,
) -> Learnt:
    """Q-values by a network with one hidden layer, which learns each step from what its memory gives back.

    The memory holds every experience of the maze. Each replay step asks it for a state: an experience there, with an
    action at random, goes to the front of a queue, and the network learns from the last ``batch`` of the queue.
    features: what the network is told of each state. One network for each world, all of them at once.
    Raises ValueError where features or the supply do not fit the world.
    Source: Mnih et al. (2015), Nature 518, 529; Lin (1992), Machine Learning 8, 293.
    """
    if len(features) != world.states or replayed.worlds != world.worlds:
        raise ValueError(
            f"features of {world.states} states and a supply for {world.worlds} worlds were expected, "
            f"but {len(features)} and {replayed.worlds} came."
        )
    begun = perf_counter()
    told, memory = torch.from_numpy(features).float(), _Memory(world, replayed, generator)
    weights = _drawn(world, told.shape[1], settings.hidden, generator)
    target = _copied(weights)
    adam = torch.optim.Adam(weights, settings.rate)
    best, count = best_actions(optimal(world)), (~world.ended).sum(1)
    values, share = world.ignorance(), np.zeros(replayed.state.shape)
    for step in range(replayed.steps):
        state, action, reward, after, over = memory.last(step, settings.batch)
        with torch.no_grad():
            ahead = _values(target, told[after]).masked_fill(~memory.allowed[after], -torch.inf).amax(-1)
            wanted = reward + world.discount * torch.where(over, 0.0, ahead)
        held = _values(weights, told[state]).gather(-1, action[..., None])[..., 0]
        adam.zero_grad()
        # Each network has its own error: their sum trains them apart.
        (held - wanted).square().mean(1).sum().backward()  # type: ignore[no-untyped-call]
        adam.step()
        if (step + 1) % settings.renewed == 0:
            target = _copied(weights)
        if step % settings.checked == 0 or step == replayed.steps - 1:
            values = _table(world, weights, told)
            share[:, step:] = ((knows(values, best) & ~world.ended).sum(1) / count)[:, None]
    seconds = replayed.seconds + perf_counter() - begun
    backups = float(sum(min(settings.batch, step + 1) for step in range(replayed.steps)))
    return Learnt(share, values, Spent(float(replayed.made), backups, seconds, 0.0))


class _Memory:
    """The experiences that the named states bring back, in order, with an action and an outcome at random each."""

    def __init__(self, world: World, replayed: Replayed, generator: torch.Generator | None) -> None:
        self.state = torch.from_numpy(replayed.state)
        self.allowed = torch.from_numpy(world.allowed)
        shape, rows = self.state.shape, torch.arange(world.worlds)[:, None]
        chances = self.allowed.double()[self.state].flatten(0, 1)
        self.action = torch.multinomial(chances, 1, generator=generator).reshape(shape)
        outcomes = torch.from_numpy(world.probability)[self.state, self.action].flatten(0, 1)
        outcome = torch.multinomial(outcomes, 1, generator=generator).reshape(shape)
        self.after = torch.from_numpy(world.next_state)[self.state, self.action, outcome]
        self.reward = torch.from_numpy(world.reward)[rows, self.state, self.action].float()
        ended = torch.from_numpy(world.ended)
        self.over = ended[rows, self.after] | ended[rows, self.state]

    def last(self, step: int, count: int) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """The last ``count`` experiences up to this step: state, action, reward, state after, whether all is over."""
        window = slice(max(0, step + 1 - count), step + 1)
        state, action, reward = self.state[:, window], self.action[:, window], self.reward[:, window]
        return state, action, reward, self.after[:, window], self.over[:, window]


def _drawn(world: World, inputs: int, hidden: int, generator: torch.Generator | None) -> Weights:
    """Small weights; those of the readout are 0, so that nothing is known at first."""
    actions = world.next_state.shape[1]
    first = torch.randn(world.worlds, inputs, hidden, generator=generator) * (2 / inputs) ** 0.5
    drawn = (first, torch.zeros(world.worlds, 1, hidden), torch.zeros(world.worlds, hidden, actions))
    weights = (*drawn, torch.zeros(world.worlds, 1, actions))
    for one in weights:
        one.requires_grad_()
    return weights


def _copied(weights: Weights) -> Weights:
    first, bias, last, offset = (one.detach().clone() for one in weights)
    return first, bias, last, offset


def _values(weights: Weights, told: Float[Tensor, "worlds batch features"]) -> Float[Tensor, "worlds batch actions"]:
    first, bias, last, offset = weights
    return torch.relu(told @ first + bias) @ last + offset


@torch.no_grad()
def _table(
    world: World, weights: Weights, told: Float[Tensor, "states features"]
) -> Float[np.ndarray, "worlds states actions"]:
    """Values of all actions as the networks hold them; -inf where there is no such action."""
    found = _values(weights, told.expand(world.worlds, -1, -1)).double().numpy()
    return np.where(world.allowed, found, -np.inf)
