"""C7 to C9: momentum compresses replay, alone and with adaptation, and what it costs."""

from replaylib.ledger.claims.base import DEFAULTS, MARGIN, TRACKS, Claim, Outcome, difference, ratio
from replaylib.ledger.measurements.momentum import (
    FRICTIONS,
    FRONTIER_FRICTIONS,
    FRONTIER_STRENGTHS,
    frontier_condition,
    measure_compression,
    measure_frontier,
    measure_together,
)
from replaylib.ledger.measurements.replays import FRICTION, STRENGTH
from replaylib.ledger.measurements.scale import Table


def default_regret(table: Table) -> float | None:
    """How much nearer to the awake law [m] the best setting is that is at least as fast as the default."""
    needed = {"displacement", "sliced_wasserstein"}
    measured = {condition: row for condition, row in table.items() if needed <= set(row)}
    default = measured.get(frontier_condition(STRENGTH, FRICTION))
    if default is None:
        return None
    rivals = [row["sliced_wasserstein"] for row in measured.values() if row["displacement"] >= default["displacement"]]
    return default["sliced_wasserstein"] - min(rivals)


CLAIMS = (
    Claim(
        "C7",
        "Momentum compresses",
        "Momentum compresses replay in time, by up to the inverse of its friction, with the awake law kept.",
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
                "reach time of adapted replay at friction 1 over that at friction 0.3",
                ratio("reach_time", "adaptation, friction 1", "adaptation, friction 0.3"),
                null=1.0,
                primary=True,
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
                "compression_alone",
                "reach time of plain replay over that with momentum alone",
                ratio("reach_time", "plain", "momentum"),
                null=1.0,
            ),
            Outcome(
                "compression_alone_same_noise",
                "the same with the noise not rescaled",
                ratio("reach_time", "plain", "momentum, same noise"),
                null=1.0,
            ),
            Outcome(
                "displacement_over_awake",
                "displacement of momentum alone over the awake animal's",
                ratio("displacement", "momentum", "awake"),
                null=1.0,
            ),
            *(
                Outcome(
                    f"compression_at_friction_{friction:g}",
                    f"the second effect at friction {friction:g} (predicted {1 / friction:.3g})",
                    ratio("reach_time", "adaptation, friction 1", f"adaptation, friction {friction:g}"),
                    "",
                    1.0,
                )
                for friction in FRICTIONS[1:]
            ),
        ),
        {**DEFAULTS, "frictions": FRICTIONS},
    ),
    Claim(
        "C8",
        "Both restore speed and keep exploration",
        "Momentum makes adapted replay fast, and it still explores, stays on the path and keeps the awake law.",
        measure_together,
        (
            Outcome(
                "compression",
                "reach time of adaptation over that of adaptation with momentum",
                ratio("reach_time", "adaptation", "adaptation with momentum"),
                null=1.0,
                primary=True,
            ),
            Outcome(
                "coverage_gained",
                "coverage: adaptation with momentum minus plain",
                difference("coverage", "adaptation with momentum", "plain"),
                primary=True,
            ),
            Outcome(
                "distance_added",
                f"distance from the awake law: both minus adaptation (margin {MARGIN} m)",
                difference("sliced_wasserstein", "adaptation with momentum", "adaptation"),
                "below",
                MARGIN,
                primary=True,
                unit="m",
            ),
            Outcome(
                "compression_against_awake",
                "displacement in 20 steps: both over the awake animal's",
                ratio("displacement", "adaptation with momentum", "awake"),
                null=1.0,
            ),
            Outcome(
                "compression_against_plain",
                "displacement in 20 steps: both over plain",
                ratio("displacement", "adaptation with momentum", "plain"),
                null=1.0,
            ),
            Outcome(
                "share_on_path_kept",
                "share on the path: both minus plain (margin -0.05)",
                difference("share_on_path", "adaptation with momentum", "plain"),
                null=-0.05,
            ),
            Outcome(
                "compression_inside",
                "the first, with adaptation inside the nonlinearity",
                ratio("reach_time", "adaptation inside", "adaptation inside with momentum"),
                null=1.0,
            ),
        ),
        DEFAULTS,
    ),
    Claim(
        "C9",
        "A frontier of speed and faithfulness",
        "Beyond the paper: no setting as fast as the default is clearly more faithful, and too much momentum hurts.",
        measure_frontier,
        (
            Outcome(
                "regret_of_default",
                f"distance from the awake law: default minus the best as fast (margin {MARGIN} m)",
                default_regret,
                "below",
                MARGIN,
                primary=True,
                unit="m",
            ),
            Outcome(
                "distance_added_by_too_much",
                "distance from the awake law at strength 0.1: friction 0.1 minus friction 1",
                difference("sliced_wasserstein", frontier_condition(0.1, 0.1), frontier_condition(0.1, 1)),
                primary=True,
                unit="m",
            ),
            Outcome(
                "share_lost_by_too_much",
                "share on the path at strength 0.1: friction 1 minus friction 0.1",
                difference("share_on_path", frontier_condition(0.1, 1), frontier_condition(0.1, 0.1)),
                tasks=TRACKS,
            ),
        ),
        {"strengths": FRONTIER_STRENGTHS, "frictions": FRONTIER_FRICTIONS},
    ),
)
