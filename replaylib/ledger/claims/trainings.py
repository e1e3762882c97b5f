"""C3 and C10: what leakage, pauses, symmetric weights and even place cells add, by training without them."""

from replaylib.ledger.claims.base import TASK_NAMES, TRACKS, Claim, Outcome, difference, ratio, value
from replaylib.ledger.measurements.replays import BASE
from replaylib.ledger.measurements.trainings import (
    FREE_WEIGHTS,
    HARD_FRICTION,
    LEAKS,
    NO_PAUSES,
    RANDOM_CELLS,
    measure_ablation,
    measure_leak,
)

ZERO = "leak 0"
CELLS = ("triangle-cells", "t-maze-cells", "box", "rat")


def leak_parts(_: str) -> tuple[str, ...]:
    """The networks of C3."""
    return tuple(LEAKS)


def ablation_parts(name: str) -> tuple[str, ...]:
    """The networks of C10: each lacks one thing that the task has."""
    pauses = (NO_PAUSES,) if name in TRACKS else ()
    cells = (RANDOM_CELLS,) if name in CELLS else ()
    return (BASE, *pauses, FREE_WEIGHTS, *cells)


CLAIMS = (
    Claim(
        "C3",
        "Leakage helps",
        "Networks with a leak integrate better than those without, and their replay is nearer to the awake law.",
        measure_leak,
        (
            Outcome(
                "loss_without_leak",
                "held-out loss without a leak over that with the book's",
                ratio("held_out_loss", ZERO, BASE),
                null=1.0,
                primary=True,
            ),
            Outcome(
                "loss_without_leak_helped",
                "the same where the weights of the network without a leak begin at -I/2",
                ratio("held_out_loss", "leak 0, recurrent weights from -I/2", BASE),
                null=1.0,
            ),
            Outcome(
                "loss_with_full_leak",
                "held-out loss with a leak of 1 over that with the book's",
                ratio("held_out_loss", "leak 1", BASE),
                null=1.0,
            ),
            Outcome(
                "share_on_path_gained",
                "share of plain replay on the path: the book's leak minus none",
                difference("share_on_path", BASE, ZERO),
                primary=True,
                tasks=TRACKS,
            ),
            Outcome(
                "distance_lost",
                "distance of plain replay from the awake law: no leak minus the book's",
                difference("sliced_wasserstein", ZERO, BASE),
                primary=True,
                unit="m",
            ),
            Outcome(
                "distance_lost_with_both",
                "the same for replay with adaptation and momentum",
                difference("sliced_wasserstein", f"{ZERO}, both", f"{BASE}, both"),
                unit="m",
            ),
            Outcome(
                "spread_off_readout",
                "spread of replay where the readout does not see: no leak over the book's",
                ratio("spread_off_readout", ZERO, BASE),
                null=1.0,
                tasks=("triangle", "t-maze"),
            ),
            Outcome("learned_leak", "leak that is learned, from 0.5", value("leak", "leak learned"), "", unit="1/step"),
        ),
        {"leaks": tuple(LEAKS), "training": "short"},
        parts=leak_parts,
        by_choice=True,
        needs_network=False,
    ),
    Claim(
        "C10",
        "Three choices that make replay good",
        "Beyond the paper: pauses, symmetric weights and evenly spaced place cells each make replay better.",
        measure_ablation,
        (
            Outcome(
                "distance_without_pauses",
                "distance of replay with both from the awake law: trained without pauses minus with",
                difference("sliced_wasserstein", "without pauses, both", f"{BASE}, both"),
                primary=True,
                unit="m",
                tasks=TRACKS,
            ),
            Outcome(
                "distance_with_free_weights",
                "the same: free weights minus symmetric",
                difference("sliced_wasserstein", "free weights, both", f"{BASE}, both"),
                primary=True,
                unit="m",
                tasks=TASK_NAMES,
            ),
            Outcome(
                "distance_with_random_cells",
                "the same: place cells at random minus evenly spaced",
                difference("sliced_wasserstein", "cells at random, both", f"{BASE}, both"),
                primary=True,
                unit="m",
                tasks=CELLS,
            ),
            Outcome(
                "coverage_by_pauses",
                "coverage of plain replay: trained with pauses minus without",
                difference("coverage", BASE, "without pauses"),
                tasks=TRACKS,
            ),
            Outcome(
                "jumps_with_free_weights",
                "share of jumps at friction 0.2: free weights minus symmetric",
                difference("jump_share", "free weights, friction 0.2", f"{BASE}, friction 0.2"),
                tasks=TASK_NAMES,
            ),
            Outcome(
                "jumps_with_random_cells",
                "share of jumps in replay with both: place cells at random minus evenly spaced",
                difference("jump_share", "cells at random, both", f"{BASE}, both"),
                tasks=CELLS,
            ),
            Outcome(
                "price_of_symmetry",
                "decoding error awake: symmetric weights over free",
                ratio("decoding_error", BASE, "free weights"),
                "",
                1.0,
                tasks=TASK_NAMES,
            ),
        ),
        {"training": "short", "friction": HARD_FRICTION},
        parts=ablation_parts,
        by_choice=True,
        needs_network=False,
    ),
)
