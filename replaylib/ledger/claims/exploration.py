"""C4 to C6: adaptation explores, remembers, and slows replay or speeds it up."""

from statistics import geometric_mean

from replaylib.ledger.claims.base import (
    NO_TRACK,
    PUBLISHED,
    TASK_NAMES,
    Claim,
    Outcome,
    difference,
    ratio,
    value,
)
from replaylib.ledger.measurements.exploration import FACTORS, measure_exploration, measure_memory
from replaylib.ledger.measurements.scale import Table
from replaylib.ledger.measurements.slowness import (
    MAP_STRENGTHS,
    MAP_TIMES,
    PUBLISHED_NETWORK,
    map_condition,
    measure_slowness,
)

NO_MEMORY = 0.001
"""Gain of prediction from past states that counts as none [1]."""

MOVING = tuple(
    map_condition(strength, time, 1)
    for strength in MAP_STRENGTHS
    for time in MAP_TIMES
    if round(strength * time, 6) >= 2 and strength <= 0.2
)
"""Points of the map at which the mobility number is 2 or more, and replay moves by itself unless much pins it."""

PAPER = map_condition(0.05, 40, 1)
"""A weak and slow adaptation."""


def moving_speed(table: Table) -> float | None:
    """Displacement over plain replay's, the geometric mean over the map's points of mobility 2 or more."""
    ratios = [ratio("short_displacement", point, "plain, noise 1")(table) for point in MOVING]
    known = [one for one in ratios if one]
    return geometric_mean(known) if len(known) == len(MOVING) else None


CLAIMS = (
    Claim(
        "C4",
        "Adaptation explores",
        "With adaptation replay visits more than plain replay does, and more than twice the noise would make it visit.",
        measure_exploration,
        (
            Outcome(
                "coverage_gained",
                "coverage: adaptation minus plain",
                difference("coverage", "adaptation", "plain"),
                primary=True,
            ),
            Outcome(
                "coverage_gained_over_noise",
                "coverage: adaptation minus twice the noise",
                difference("coverage", "adaptation", "twice the noise"),
                primary=True,
            ),
            Outcome(
                "entropy_gained",
                "occupancy entropy: adaptation minus plain",
                difference("occupancy_entropy", "adaptation", "plain"),
            ),
            Outcome(
                "transitions_gained",
                "distinct transitions: adaptation minus plain",
                difference("distinct_transitions", "adaptation", "plain"),
            ),
            Outcome(
                "coverage_gained_inside",
                "coverage: adaptation inside the nonlinearity minus plain",
                difference("coverage", "adaptation inside", "plain"),
            ),
            Outcome(
                "share_on_path_kept",
                "share on the path: adaptation minus plain (margin -0.05)",
                difference("share_on_path", "adaptation", "plain"),
                null=-0.05,
            ),
        ),
        {"factors": FACTORS},
        by_choice=True,
    ),
    Claim(
        "C5",
        "Adaptation remembers",
        "Adaptation makes replay non-Markov: past states help to predict the next one. For plain replay they do not.",
        measure_memory,
        (
            Outcome(
                "memory_gained",
                "gain of prediction from past states: adaptation minus plain",
                difference("memory_gain", "adaptation", "plain"),
                primary=True,
            ),
            Outcome(
                "memory_of_plain",
                f"gain for plain replay (margin {NO_MEMORY})",
                value("memory_gain", "plain"),
                predicted="at",
                primary=True,
                margin=NO_MEMORY,
            ),
            Outcome(
                "memory_gained_inside",
                "the first for adaptation inside the nonlinearity",
                difference("memory_gain", "adaptation inside", "plain"),
            ),
            Outcome(
                "memory_gained_by_momentum",
                "the first for momentum, seen through h alone",
                difference("memory_gain", "momentum", "plain"),
            ),
        ),
        {"lags": (1, 5, 10, 20, 40), "components": 8},
        by_choice=True,
    ),
    Claim(
        "C6",
        "Adaptation slows replay, or sets it running",
        "Adaptation slows replay of the published kind of network, and sets that of the book's running where x > 1.",
        measure_slowness,
        (
            Outcome(
                "moving_speed",
                "displacement in 10 steps over plain replay's, mean over the map where x >= 2 and strength <= 0.2",
                moving_speed,
                null=1.0,
                primary=True,
                tasks=TASK_NAMES,
            ),
            Outcome(
                "speed",
                "speed by restricted mean reach time over plain replay's, strength 0.05 and time 40",
                ratio("reach_time", "plain, noise 1", PAPER),
                null=1.0,
                primary=True,
                tasks=TASK_NAMES,
            ),
            Outcome(
                "speed_published",
                "the same, published kind of network",
                ratio("reach_time", "plain, noise 1", PAPER),
                "below",
                1.0,
                primary=True,
                tasks=PUBLISHED,
            ),
            Outcome(
                "speed_published_inside",
                "the same, adaptation inside the nonlinearity",
                ratio("reach_time", "plain, noise 1", map_condition(0.05, 40, 1, inside=True)),
                "below",
                1.0,
                primary=True,
                tasks=PUBLISHED,
            ),
            Outcome(
                "displacement_published",
                "displacement in 20 steps over plain replay's, strength 0.05 and time 40",
                ratio("displacement", PAPER, "plain, noise 1"),
                "below",
                1.0,
                tasks=PUBLISHED,
            ),
            Outcome(
                "share_on_path_lost",
                "share on the path: plain minus adaptation",
                difference("share_on_path", "plain, noise 1", PAPER),
                tasks=PUBLISHED,
            ),
            Outcome(
                "speed_with_short_time",
                "speed by restricted mean reach time, strength 0.2 and time 5, twice the noise on both sides",
                ratio("reach_time", "plain, noise 2", map_condition(0.2, 5, 2)),
                "below",
                1.0,
                tasks=(*TASK_NAMES, *PUBLISHED),
            ),
            Outcome(
                "speed_inside",
                "speed by restricted mean reach time, adaptation inside the nonlinearity",
                ratio("reach_time", "plain, noise 1", map_condition(0.05, 40, 1, inside=True)),
                null=1.0,
                tasks=TASK_NAMES,
            ),
        ),
        {"strengths": MAP_STRENGTHS, "times": MAP_TIMES, "published": PUBLISHED_NETWORK},
        not_for={"linear-gaussian": NO_TRACK},
    ),
)
