"""C7 to C9: momentum compresses replay, alone and with adaptation, and what it costs."""

from replaylib.ledger.claims.base import MARGIN, TRACKS, Claim, Outcome, Value, difference, ratio
from replaylib.ledger.measurements.momentum import (
    CURVE_FACTORS,
    FRICTIONS,
    curve_condition,
    measure_compression,
    measure_frontier,
    measure_together,
    ring_condition,
)
from replaylib.ledger.measurements.scale import Table

EQUAL = 0.25
"""How far from 1 a ratio still counts as 1, where a law predicts it [1]."""

BOTH, ALONE = "adaptation with momentum", "adaptation"


def compression(factor: float, friction: float = 0.3) -> Value:
    """Displacement in 10 steps at a friction over that without momentum, at a multiple of the book's strength."""
    return ratio("short_displacement", curve_condition(factor, friction), curve_condition(factor, 1))


def over_ring_law(factor: float, friction: float = 0.3) -> Value:
    """That compression over what the law of the ring says; None where the law has none."""
    measured = compression(factor, friction)

    def read(table: Table) -> float | None:
        law, found = table.get(ring_condition(factor, friction), {}).get("compression"), measured(table)
        return found / law if law and found else None

    return read


CLAIMS = (
    Claim(
        "C7",
        "Momentum compresses",
        "At fixed adaptation momentum compresses replay in time, as the law of the ring says, and keeps the awake law.",
        measure_compression,
        (
            Outcome(
                "displacement_ratio",
                "displacement in 20 steps: momentum alone, noise rescaled, over plain",
                ratio("displacement", "momentum", "plain"),
                null=1.0,
                primary=True,
            ),
            Outcome(
                "compression_with_push",
                "displacement in 10 steps: 2 times the book's adaptation, friction 0.3 over friction 1",
                compression(2),
                null=1.0,
                primary=True,
            ),
            Outcome(
                "over_ring_law",
                "that ratio over the law of the ring (within 25 %)",
                over_ring_law(2),
                "at",
                1.0,
                primary=True,
                margin=EQUAL,
            ),
            Outcome(
                "distance_added",
                f"distance from the awake law: momentum alone minus plain (margin {MARGIN} m)",
                difference("sliced_wasserstein", "momentum", "plain"),
                "below",
                MARGIN,
                primary=True,
                unit="m",
            ),
            Outcome(
                "distance_added_with_push",
                f"the same with 2 times the book's adaptation (margin {MARGIN} m)",
                difference("sliced_wasserstein", curve_condition(2, 0.3), curve_condition(2, 1)),
                "below",
                MARGIN,
                unit="m",
            ),
            Outcome(
                "compression_of_weaker",
                "the second effect at the book's strength",
                compression(1),
                null=1.0,
            ),
            Outcome(
                "compression_of_stronger",
                "the second effect at 4 times the book's strength",
                compression(4),
                null=1.0,
            ),
            Outcome(
                "over_ring_law_of_stronger",
                "that ratio over the law of the ring (within 25 %)",
                over_ring_law(4),
                "at",
                1.0,
                margin=EQUAL,
            ),
            *(
                Outcome(
                    f"compression_at_friction_{friction:g}",
                    f"the second effect at friction {friction:g}",
                    compression(2, friction),
                    "",
                    1.0,
                )
                for friction in FRICTIONS[1:]
            ),
            Outcome(
                "reach_alone",
                "restricted mean reach time of plain replay over that with momentum alone",
                ratio("reach_time", "plain", "momentum"),
                null=1.0,
            ),
            Outcome(
                "coverage_over_longer",
                "coverage: momentum alone minus plain replay of 1/friction times as many steps",
                difference("coverage", "momentum", "plain, longer"),
                "",
            ),
            Outcome(
                "speed_alone",
                "displacement in 20 steps: momentum alone over the running animal",
                ratio("displacement", "momentum", "running"),
                "",
                1.0,
            ),
        ),
        {"frictions": FRICTIONS, "factors": CURVE_FACTORS},
        by_choice=True,
    ),
    Claim(
        "C8",
        "Both are faster than the best of one",
        "Adaptation with momentum is faster than the fastest adaptation alone, explores as much and is as faithful.",
        measure_together,
        (
            Outcome(
                "speed_gained",
                "speed: the book's both over the book's adaptation (each the fastest that all tasks tolerate)",
                ratio("displacement", BOTH, ALONE),
                null=1.0,
                primary=True,
            ),
            Outcome(
                "best_speed_gained",
                "speed: the fastest that this task tolerates with momentum over that without",
                ratio("displacement", "fastest together", "fastest alone"),
                null=1.0,
                primary=True,
            ),
            Outcome(
                "coverage_kept",
                "coverage: the book's both minus the book's adaptation (margin -0.05)",
                difference("coverage", BOTH, ALONE),
                null=-0.05,
                primary=True,
            ),
            Outcome(
                "distance_added",
                f"distance from the awake law: the book's both minus its adaptation (margin {MARGIN} m)",
                difference("sliced_wasserstein", BOTH, ALONE),
                "below",
                MARGIN,
                primary=True,
                unit="m",
            ),
            Outcome(
                "speed",
                "displacement in 20 steps: the book's both over the running animal",
                ratio("displacement", BOTH, "running"),
                null=1.0,
            ),
            Outcome(
                "best_speed",
                "displacement in 20 steps: the fastest that this task tolerates, over the running animal",
                ratio("displacement", "fastest together", "running"),
                null=1.0,
            ),
            Outcome(
                "best_distance_added",
                f"distance from the awake law: the fastest with momentum minus that without (margin {MARGIN} m)",
                difference("sliced_wasserstein", "fastest together", "fastest alone"),
                "below",
                MARGIN,
                unit="m",
            ),
            Outcome(
                "coverage_over_noise",
                "coverage: the book's both minus twice the noise",
                difference("coverage", BOTH, "twice the noise"),
            ),
            Outcome(
                "coverage_over_longer",
                "coverage: the book's both minus plain replay of 1/friction times as many steps",
                difference("coverage", BOTH, "plain, longer"),
            ),
            Outcome(
                "share_on_path_kept",
                "share on the path: the book's both minus plain (margin -0.05)",
                difference("share_on_path", BOTH, "plain"),
                null=-0.05,
            ),
            Outcome(
                "share_on_path_lost_by_strength",
                "share on the path: both minus 4 times the book's adaptation alone",
                difference("share_on_path", BOTH, "adaptation, 4 times the strength"),
                "",
                tasks=TRACKS,
            ),
            Outcome(
                "speed_gained_inside",
                "the first, with adaptation inside the nonlinearity",
                ratio("displacement", "adaptation inside with momentum", "adaptation inside"),
                null=1.0,
            ),
        ),
        {},
        by_choice=True,
    ),
    Claim(
        "C9",
        "Momentum moves the frontier",
        "At the same speed replay with momentum is nearer to the awake law, and at the same distance it is faster.",
        measure_frontier,
        (
            Outcome(
                "distance_saved",
                "distance from the awake law at the running animal's speed or above: without minus with momentum",
                difference("sliced_wasserstein", "alone at 1", "together at 1"),
                primary=True,
                unit="m",
            ),
            Outcome(
                "speed_gained",
                "speed at the distance of the former: with momentum over without",
                ratio("displacement", "as near as alone", "alone at 1"),
                null=1.0,
                primary=True,
            ),
            Outcome(
                "speed_ratio",
                "speed of the first pair: with momentum over without",
                ratio("displacement", "together at 1", "alone at 1"),
                "",
                1.0,
            ),
            Outcome(
                "distance_saved_slow",
                "distance saved at half the running animal's speed",
                difference("sliced_wasserstein", "alone at 0.5", "together at 0.5"),
                unit="m",
            ),
            Outcome(
                "distance_saved_fast",
                "distance saved at 1.5 times the running animal's speed",
                difference("sliced_wasserstein", "alone at 1.5", "together at 1.5"),
                unit="m",
            ),
            Outcome(
                "speed",
                "displacement in 20 steps with momentum, chosen for 1, over the running animal",
                ratio("displacement", "together at 1", "running"),
                "",
                1.0,
            ),
            Outcome(
                "speed_fast",
                "the same, chosen for 1.5",
                ratio("displacement", "together at 1.5", "running"),
                "",
                1.0,
            ),
            Outcome(
                "speed_alone",
                "the same without momentum, chosen for 1",
                ratio("displacement", "alone at 1", "running"),
                "",
                1.0,
            ),
            Outcome(
                "distance_added_to_second_distance",
                f"distance of the second pair: with momentum minus without (margin {MARGIN} m)",
                difference("sliced_wasserstein", "as near as alone", "alone at 1"),
                "below",
                MARGIN,
                unit="m",
            ),
        ),
        {},
        by_choice=True,
    ),
)
