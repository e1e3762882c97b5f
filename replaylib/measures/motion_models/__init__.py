"""From spikes to dynamics: which motion explains the spikes of place cells, and how much of a step is kept in the next.

A path of replay makes place cells fire (``spikes``); on bins of a track or a box (``bins``) the forward algorithm
(``forward``) tells how probable these spikes are under each of four motions (``comparing``), and a group of events how
often each motion occurs (``groups``). ``made_up`` simulates each motion, ``recordings`` reads real spikes.
"""

from replaylib.measures.motion_models.bins import (
    Bins,
    GraphBins,
    GridBins,
    box_bins,
    nearest_bin,
    ring_bins,
    space_bins,
    track_bins,
)
from replaylib.measures.motion_models.comparing import KEPT, KINDS, SPREADS, Comparison, MotionModels, fitted_priors
from replaylib.measures.motion_models.exponents import displacement_exponent, mean_displacements
from replaylib.measures.motion_models.forward import (
    first_order_evidence,
    random_evidence,
    second_order_evidence,
    stationary_evidence,
)
from replaylib.measures.motion_models.groups import GroupEvidence, random_effects
from replaylib.measures.motion_models.made_up import made_up_paths, recovery
from replaylib.measures.motion_models.recordings import Recorded, binned, fitted_fields, read_nwb
from replaylib.measures.motion_models.spikes import (
    STEPS_A_WINDOW,
    WINDOW_MS,
    SpikingCells,
    poisson_log_likelihood,
    windows,
)

__all__ = [
    "KEPT",
    "KINDS",
    "SPREADS",
    "STEPS_A_WINDOW",
    "WINDOW_MS",
    "Bins",
    "Comparison",
    "GraphBins",
    "GridBins",
    "GroupEvidence",
    "MotionModels",
    "Recorded",
    "SpikingCells",
    "binned",
    "box_bins",
    "displacement_exponent",
    "first_order_evidence",
    "fitted_fields",
    "fitted_priors",
    "made_up_paths",
    "mean_displacements",
    "nearest_bin",
    "poisson_log_likelihood",
    "random_effects",
    "random_evidence",
    "read_nwb",
    "recovery",
    "ring_bins",
    "second_order_evidence",
    "space_bins",
    "stationary_evidence",
    "track_bins",
    "windows",
]
