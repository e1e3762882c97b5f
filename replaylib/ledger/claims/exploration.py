"""C4 to C6: adaptation explores, remembers, and slows replay or speeds it up."""

from replaylib.ledger.claims.base import DEFAULTS, Claim, Outcome, difference, ratio, value
from replaylib.ledger.measurements.exploration import measure_exploration, measure_memory
from replaylib.ledger.measurements.replays import BASE, STRENGTH, STRENGTHS, TIME
from replaylib.ledger.measurements.slowness import MAP_NOISES, MAP_TIMES, UNAIDED, map_condition, measure_slowness

NO_MEMORY = 0.001
"""Gain of prediction from past states that counts as none [1]."""

SHORT_UNAIDED = f"{UNAIDED}: {map_condition(0.2, 5, 2)}"
"""Where adaptation slowed replay most on the tuning seeds."""

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
        DEFAULTS,
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
        {**DEFAULTS, "lags": (1, 5, 10, 20, 40), "components": 8},
    ),
    Claim(
        "C6",
        "Adaptation slows replay",
        "Adaptation slows replay by 30 to 50 %: its speed over that of plain replay is 0.5 to 0.7.",
        measure_slowness,
        (
            Outcome(
                "speed_at_default",
                "speed by reach time over plain replay's, strength 0.05 and memory 40",
                ratio("reach_time", "plain, noise 1", map_condition(STRENGTH, TIME, 1)),
                "below",
                1.0,
                primary=True,
            ),
            Outcome(
                "speed_unaided",
                f"speed by reach time, {UNAIDED}, strength 0.2, memory 5, twice the noise on both sides",
                ratio("reach_time", f"{UNAIDED}: plain, noise 2", SHORT_UNAIDED),
                "below",
                1.0,
                primary=True,
            ),
            Outcome(
                "transit_speed_unaided",
                "the same by transit time",
                ratio("transit_time", f"{UNAIDED}: plain, noise 2", SHORT_UNAIDED),
                "below",
                1.0,
            ),
            Outcome(
                "speed_with_short_memory",
                "the same by reach time, for the book's network",
                ratio("reach_time", "plain, noise 2", map_condition(0.2, 5, 2)),
                "below",
                1.0,
            ),
            Outcome(
                "speed_inside",
                "the first, for adaptation inside the nonlinearity",
                ratio("reach_time", "plain, noise 1", map_condition(STRENGTH, TIME, 1, inside=True)),
                "below",
                1.0,
            ),
            Outcome(
                "displacement_at_default",
                "displacement in 100 steps over plain replay's, strength 0.05 and memory 40",
                ratio("displacement", map_condition(STRENGTH, TIME, 1), "plain, noise 1"),
                "below",
                1.0,
            ),
        ),
        {"strengths": STRENGTHS, "times": MAP_TIMES, "noises": MAP_NOISES},
        parts=lambda _: (BASE, UNAIDED),
    ),
)
