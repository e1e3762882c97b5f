"""Measures of replay, statistics over seeds, and made-up replays to try the measures on."""

from replaylib.measures.made_up_replays import fake_replays
from replaylib.measures.metrics import (
    as_numpy,
    compression,
    coverage,
    displacement,
    displacement_from_start,
    distinct_transitions,
    jump_share,
    measure,
    memory_gain,
    occupancy_entropy,
    reach_time,
    share_on_path,
    sliced_wasserstein,
    transit_times,
)
from replaylib.measures.statistics import Effect, Interval, effect, holm, interval

__all__ = [
    "Effect",
    "Interval",
    "as_numpy",
    "compression",
    "coverage",
    "displacement",
    "displacement_from_start",
    "distinct_transitions",
    "effect",
    "fake_replays",
    "holm",
    "interval",
    "jump_share",
    "measure",
    "memory_gain",
    "occupancy_entropy",
    "reach_time",
    "share_on_path",
    "sliced_wasserstein",
    "transit_times",
]
