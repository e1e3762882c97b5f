"""Made-up paths of each motion, and the recovery matrix: how often each is taken for which, before data are asked.

Paths are continuous, not drawn from the chains by which they are decoded, and each event has parameters of its own.
"""

from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int

from replaylib._checks import check_count
from replaylib.dynamics.rule import Dynamics, simulate
from replaylib.measures.motion_models.bins import Bins
from replaylib.measures.motion_models.comparing import KINDS, MotionModels
from replaylib.measures.motion_models.spikes import SpikingCells
from replaylib.world.place_cells import PlaceCells
from replaylib.world.spaces import Toured

STEPS = (0.15, 0.3)
"""Between which the standard deviation of a step is drawn, of diffusing events and of those with momentum alike [m]."""

KEPT = (0.93, 0.99)
"""Between which the share of a step that an event with momentum keeps in the next is drawn [1]."""

FIELD = 0.25
"""Width of the place fields [m]."""


def made_up_paths(
    kind: str, space: Toured, events: int, windows: int, seed: int = 0
) -> Float[torch.Tensor, "events windows 2"]:
    """Positions of one kind of motion along a track's tour, one a window [m].

    kind: "stationary", "random", "diffusion" or "momentum". Each event begins anywhere.
    Raises ValueError where the kind is unknown or a number is no positive whole one.
    """
    check_count("events", events)
    check_count("windows", windows)
    generator = torch.Generator().manual_seed(seed)
    start = torch.rand(events, 1, generator=generator) * space.tour_length
    if kind == "stationary":
        return space.on_tour(start.expand(-1, windows))
    if kind == "random":
        return space.on_tour(torch.rand(events, windows, generator=generator) * space.tour_length)
    if kind == "diffusion":
        step = _between(STEPS, events, generator) * torch.randn(events, windows, generator=generator)
    elif kind == "momentum":
        step = _between(STEPS, events, generator) * _velocity(events, windows, generator)
    else:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, but {kind!r} came.")
    return space.on_tour(start + step.cumsum(dim=1))


def _between(ends: tuple[float, float], events: int, generator: torch.Generator) -> Float[torch.Tensor, "events 1"]:
    return ends[0] + (ends[1] - ends[0]) * torch.rand(events, 1, generator=generator)


def _velocity(events: int, windows: int, generator: torch.Generator) -> Float[torch.Tensor, "events windows"]:
    """Velocities v' = kept v + sqrt(1 - kept^2) xi of variance 1, each event with a share kept of its own."""
    lost = 1 - _between(KEPT, events, generator)
    # The rule has one noise for all events: a state of size 1/noise, shrunk afterwards, has each event's own.
    noise = (lost * (2 - lost)).sqrt()
    start = torch.randn(events, 1, generator=generator) / noise
    return simulate(lambda v: -lost * v, start, windows - 1, Dynamics(noise_std=1.0), generator)[..., 0] * noise


def cells_on(bins: Bins, spikes: float) -> SpikingCells:
    """Place cells centred on every bin, whose spikes in a window are ``spikes`` together, in the mean."""
    centres = torch.from_numpy(bins.places)
    return SpikingCells.firing(PlaceCells(centres, FIELD), spikes, bins.places)


def recovery(
    models: MotionModels, space: Toured, spikes: float, events: int = 100, windows: int = 40, seed: int = 0
) -> Int[np.ndarray, "kinds kinds"]:
    """How often each kind of made-up event (row) is explained best by which (column), in the order of ``KINDS``.

    spikes: in a window, of all cells together, in the mean over places. Each kind is compared as a set of its own.
    """
    cells = cells_on(models.bins, spikes)
    generator = np.random.default_rng(seed)
    rows: list[list[Any]] = []
    for index, kind in enumerate(KINDS):
        path = made_up_paths(kind, space, events, windows, 10 * seed + index)
        counts = cells.counts(path, generator)
        found = models.compare(cells.log_likelihood(counts, models.bins.places))
        rows.append([found.winners[other] for other in KINDS])
    return np.array(rows)
