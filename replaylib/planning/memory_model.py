"""SFMA: spatial structure and frequency-weighted memory access, a model of replay as a walk among memories.

Each step one stored experience is brought back. Its chance grows with how strong it is, with how alike it is to the
experience brought back before, and with how long its state has not been visited. The three are multiplied, divided by
their largest, and made chances by exp(20 R) - 1. Parameters are those of the authors' program.
Source: Diekmann & Cheng (2023), eLife 12, e82301.
"""

from time import perf_counter
from typing import Literal

import numpy as np
import torch
from jaxtyping import Float, Int

from replaylib.planning.bins import Bins
from replaylib.planning.suppliers import Budget, Replayed, of_paths
from replaylib.planning.worlds import successor_representation

SHARPNESS, INHIBITION_KEPT, SIMILARITY_DISCOUNT, LEAST = 20.0, 0.9, 0.9, 1e-6
"""Inverse temperature [1], inhibition left after a step [1], discount of the similarity [1/step], least priority."""


def memory_access(
    bins: Bins,
    start: Int[np.ndarray, " all_events"],
    budget: Budget,
    mode: Literal["default", "reverse"] = "default",
    *,
    strength: Float[np.ndarray, "states states"] | None = None,
    generator: torch.Generator | None = None,
) -> Replayed:
    """Experiences that SFMA brings back, each a step from a bin to its neighbour.

    start: where the animal rests, for each event. mode: an experience is alike where its state is near the last one
    ("default"), or where the state to which it leads is ("reverse"). strength: of the experience from one bin to
    another; by default every one as strong.
    Raises ValueError where the mode is unknown, the starts are not those of the budget's events, or no experience has
    any strength.
    """
    if mode not in ("default", "reverse"):
        raise ValueError(f"mode must be 'default' or 'reverse', but {mode!r} came.")
    if start.shape != (budget.worlds * budget.events,):
        raise ValueError(f"{budget.worlds * budget.events} starts were expected, but {list(start.shape)} came.")
    begun = perf_counter()
    weights = np.ones(bins.next_to.shape) if strength is None else strength
    source, target = (torch.from_numpy(one) for one in np.nonzero(bins.next_to & (weights > 0)))
    if not len(source):
        raise ValueError("some experience must have strength, but none has.")
    strong = torch.from_numpy(weights[source, target])
    alike = torch.from_numpy(successor_representation(bins, SIMILARITY_DISCOUNT))
    alike = strong * alike[:, source if mode == "default" else target]
    inhibited = torch.zeros(len(start), len(bins), dtype=torch.float64)
    now, rows, picked = torch.from_numpy(start), torch.arange(len(start)), []
    for _ in range(budget.event):
        priority = alike[now] * (1 - inhibited[:, source])
        chances = _chances(torch.where(priority < LEAST, 0.0, priority))
        picked.append(torch.multinomial(chances, 1, generator=generator)[:, 0])
        now = source[picked[-1]]
        inhibited *= INHIBITION_KEPT
        inhibited[rows, now] = 1.0
    chosen = torch.stack(picked, dim=1)
    states = of_paths(source[chosen].numpy(), budget)
    after = budget.joined(target[chosen].numpy())
    return Replayed(states.state, after, budget.event, budget.steps, perf_counter() - begun)


def _chances(priority: torch.Tensor) -> torch.Tensor:
    """exp(20 R) - 1 with R over its largest; even chances where all priorities are 0."""
    most = priority.amax(1, keepdim=True)
    chances = torch.expm1(SHARPNESS * priority / most.clamp(min=LEAST))
    return torch.where(most > 0, chances, 1.0)
