"""Measures of replay, statistics over seeds, made-up replays to try the measures on, and replay by design."""

from replaylib.measures.designing import Attempt, Design, awake_code, design
from replaylib.measures.made_up_replays import fake_replays
from replaylib.measures.metrics import (
    all_measures,
    as_numpy,
    compression,
    coverage,
    displacement,
    displacement_from_start,
    distinct_transitions,
    jump_share,
    memory_gain,
    occupancy_entropy,
    reach_time,
    share_on_path,
    sliced_wasserstein,
    transit_times,
)
from replaylib.measures.statistics import Effect, Interval, effect, holm, interval
from replaylib.measures.yardsticks import (
    AwakeSpeed,
    ReachTimes,
    awake_speed,
    kaplan_meier_median,
    reach_times,
    windowed_speed,
)

__all__ = [
    "Attempt",
    "AwakeSpeed",
    "Design",
    "Effect",
    "Interval",
    "ReachTimes",
    "all_measures",
    "as_numpy",
    "awake_code",
    "awake_speed",
    "compression",
    "coverage",
    "design",
    "displacement",
    "displacement_from_start",
    "distinct_transitions",
    "effect",
    "fake_replays",
    "holm",
    "interval",
    "jump_share",
    "kaplan_meier_median",
    "memory_gain",
    "occupancy_entropy",
    "reach_time",
    "reach_times",
    "share_on_path",
    "sliced_wasserstein",
    "transit_times",
    "windowed_speed",
]
