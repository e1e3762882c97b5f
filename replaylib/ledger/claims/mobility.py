"""C11 and C12: the mobility law predicts when replay moves by itself, and momentum lowers the price of a speed."""

from statistics import fmean

from replaylib.ledger.claims.base import TRACKS, Claim, Outcome, Value, difference, ratio
from replaylib.ledger.claims.momentum import EQUAL
from replaylib.ledger.measurements.mobility import (
    FRICTIONS,
    MOBILITIES,
    ONSETS,
    TIME,
    equal_condition,
    measure_equal_mobility,
    measure_onset,
    onset_condition,
)
from replaylib.ledger.measurements.scale import Table

FAST, SLOW = (10.0, 1.0), (10.0, 0.3)


def found_over(name: str) -> Value:
    """The onset that was found over ``name``, "predicted" or "even", the mean over times and frictions."""
    ratios = [ratio("found", onset_condition(*pair), onset_condition(*pair), name) for pair in ONSETS]

    def read(table: Table) -> float | None:
        found = [value for one in ratios if (value := one(table)) is not None]
        return fmean(found) if len(found) == len(ratios) else None

    return read


def at(friction: float, mobility: float = MOBILITIES[0]) -> str:
    """Name of a friction at a mobility number, the lower one unless said otherwise."""
    return equal_condition(mobility, friction)


CLAIMS = (
    Claim(
        "C11",
        "The onset is predicted",
        "The strength from which replay moves by itself follows from the stiffness that is measured at rest.",
        measure_onset,
        (
            Outcome(
                "found_over_predicted",
                "onset found over onset predicted, mean over two times and two frictions (within 25 %)",
                found_over("predicted"),
                "at",
                1.0,
                primary=True,
                margin=EQUAL,
            ),
            Outcome(
                "lowered_by_momentum",
                "onset found, time 10: friction 0.3 over friction 1",
                ratio("found", onset_condition(*SLOW), onset_condition(*FAST)),
                "below",
                1.0,
                primary=True,
            ),
            Outcome(
                "found_over_even",
                "onset found over that of an even track, mean over two times and two frictions",
                found_over("even"),
                "",
                1.0,
            ),
            *(
                Outcome(
                    f"found_over_predicted_{time:g}_{friction:g}",
                    f"onset found over predicted, time {time:g}, friction {friction:g} (within 25 %)",
                    ratio("found", onset_condition(time, friction), onset_condition(time, friction), "predicted"),
                    "at",
                    1.0,
                    margin=EQUAL,
                )
                for time, friction in ONSETS
            ),
        ),
        {"times_and_frictions": ONSETS},
    ),
    Claim(
        "C12",
        "The same speed at a lower price",
        "At the same mobility less friction gives the same speed, with a larger state nearer to the awake law.",
        measure_equal_mobility,
        (
            Outcome(
                "speed_kept",
                "displacement in 10 steps at mobility 3: friction 0.3 over friction 1 (within 25 %)",
                ratio("short_displacement", at(0.3), at(1)),
                "at",
                1.0,
                primary=True,
                margin=EQUAL,
            ),
            Outcome(
                "distance_saved",
                "distance from the awake law at mobility 3: friction 1 minus friction 0.3",
                difference("sliced_wasserstein", at(1), at(0.3)),
                primary=True,
                unit="m",
            ),
            Outcome(
                "size_kept",
                "the state's size over the awake one at mobility 3: friction 0.3 minus friction 1",
                difference("size", at(0.3), at(1)),
                primary=True,
            ),
            Outcome(
                "jumps_saved",
                "share of jumps at mobility 3: friction 1 minus friction 0.3",
                difference("jump_share", at(1), at(0.3)),
            ),
            Outcome(
                "share_on_path_gained",
                "share on the path at mobility 3: friction 0.3 minus friction 1",
                difference("share_on_path", at(0.3), at(1)),
                tasks=TRACKS,
            ),
            Outcome(
                "reach_gained",
                "restricted mean reach time at mobility 3: friction 1 over friction 0.3",
                ratio("reach_time", at(1), at(0.3)),
                null=1.0,
            ),
            Outcome(
                "speed_kept_at_little_friction",
                "displacement in 10 steps at mobility 3: friction 0.15 over friction 1 (within 25 %)",
                ratio("short_displacement", at(0.15), at(1)),
                "at",
                1.0,
                margin=EQUAL,
            ),
            Outcome(
                "speed_kept_at_high_mobility",
                "the first at mobility 6 (within 25 %)",
                ratio("short_displacement", at(0.3, 6), at(1, 6)),
                "at",
                1.0,
                margin=EQUAL,
            ),
            Outcome(
                "distance_saved_at_high_mobility",
                "the second at mobility 6",
                difference("sliced_wasserstein", at(1, 6), at(0.3, 6)),
                unit="m",
            ),
        ),
        {"mobilities": MOBILITIES, "frictions": FRICTIONS, "time": TIME},
    ),
)
