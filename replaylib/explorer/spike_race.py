"""SpikeRace: spikes of a dream or a made-up path appear, and four motions race to explain them."""

from typing import Any

import torch
import traitlets

from replaylib.explorer.explorer import DRAWING, FOLDER, REPLAY, SceneWidget, module
from replaylib.ledger.measurements.decoding import CELLS, FIELD, FRICTIONS, SPACING, SPIKES, SPREADS, STRENGTHS, TIME
from replaylib.measures.motion_models.bins import GraphBins, track_bins
from replaylib.measures.motion_models.comparing import KEPT, KINDS
from replaylib.measures.motion_models.made_up import KEPT as MADE_UP_KEPT
from replaylib.measures.motion_models.made_up import STEPS as MADE_UP_STEPS
from replaylib.measures.motion_models.spikes import FLOOR, STEPS_A_WINDOW, WINDOW_MS
from replaylib.world.spaces import Track
from replaylib.world.tasks import task as task_of

DECODING = ("motion_bins.js", "motion_models.js", "spiking_cells.js")
"""Files of the decoder; they follow those of replay in one module."""

REACH = 12
"""The longest step of momentum [bins]: 0.9 m, three times the longest made-up step's standard deviation."""

WINDOWS, SETTLE = 40, 320
"""Windows in an event, and steps that a dream makes before its first one: its start is forgotten then."""

PATHS = ("plain", "adaptation", "both", *KINDS)
"""Paths to choose from: three dreams, and made-up ones of each kind."""


def figure_bins(track: Track) -> GraphBins:
    """The bins on which the figure decodes: as wide as those of C14, with a longer reach for fast made-up paths."""
    return track_bins(track, SPACING, REACH)


def cell_centres(track: Track) -> torch.Tensor:
    """Centres of the spiking cells in the order of the track's tour, [cells, 2] [m]."""
    centres = torch.from_numpy(track_bins(track, CELLS).places)
    tour = track.on_tour(torch.linspace(0, track.tour_length, 10_001)[:-1]).double()
    return centres[torch.cdist(centres, tour).argmin(dim=1).argsort(stable=True)]


def describe_decoding(name: str) -> dict[str, Any]:
    """What the browser needs to make and to decode spikes of a task's track; it mirrors ``MotionModels``."""
    track = task_of(name).space
    if not isinstance(track, Track) or name not in STRENGTHS:
        raise ValueError(f"task must be one of {', '.join(STRENGTHS)}, but {name!r} came.")
    bins = figure_bins(track)
    return {
        "track": {"places": bins.places.tolist(), "links": [list(link) for link in bins.links], "reach": REACH},
        "grid": {"spreads": list(SPREADS), "kept": list(KEPT)},
        "cells": {"centres": cell_centres(track).tolist(), "width": FIELD, "floor": FLOOR},
        "made_up": {"tour": track.tour.tolist(), "step": list(MADE_UP_STEPS), "keep": list(MADE_UP_KEPT)},
        "dream": {"frictions": list(FRICTIONS), "strengths": list(STRENGTHS[name]), "time": TIME, "settle": SETTLE},
        "windows": WINDOWS,
        "steps": STEPS_A_WINDOW,
        "milliseconds": WINDOW_MS,
    }


class SpikeRace(SceneWidget):
    """A path, the spikes that it makes place cells fire, and the probability of four motions, window after window.

    path: one of ``PATHS``: a dream without adaptation, with it, or with adaptation and momentum; or made-up motion.
    friction: of the first and the third dream [1/step]; the third's strength is the one with which replay has the same
    speed at each friction. spikes: of all cells in a window, in the mean over places [1]. seed: another event.
    All are synced. decoding: see ``describe_decoding``.

    Each kind's parameters are summed over a grid with a flat prior, since one event cannot teach a prior: the twin of
    ``MotionModels.evidence`` and of ``Comparison`` with equal priors.
    Raises traitlets.TraitError where a value lies outside its range, ValueError where the task has no strengths.
    """

    _esm = module(*REPLAY, *DRAWING, "controls.js", *DECODING, "race_event.js", "race_view.js", "spike_race.js")
    _css = "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in ("replay_explorer.css", "spike_race.css"))

    decoding = traitlets.Dict().tag(sync=True)
    path = traitlets.Enum(PATHS, default_value="both").tag(sync=True)
    friction = traitlets.Float(0.3, min=FRICTIONS[-1], max=1.0).tag(sync=True)
    spikes = traitlets.Float(SPIKES, min=0.3, max=10.0).tag(sync=True)
    seed = traitlets.Int(1, min=0).tag(sync=True)

    def __init__(self, task: str = "triangle-cells", **values: Any) -> None:
        super().__init__((task,), decoding=describe_decoding(task), **values)
