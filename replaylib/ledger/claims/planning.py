"""C13: what a dream is good for, measured as what a learner has from it.

An effect is the share of states with the best action, in the mean over the budget, of one supplier minus another. What
is predicted, and decides, was written before the claim was measured, from pilots on other networks and settings. Its
rows are still to be measured on all networks: until then it is none of ``CLAIMS``, and the ledger does not tell of it.
"""

from replaylib.ledger.claims.base import NO_TRACK, PUBLISHED, TRACKS, Claim, Outcome, Value, difference, value
from replaylib.ledger.measurements.planning import AT_SPEEDS, EVENTS, LONG, SHORT, condition, measure_planning

RINGS, JUNCTIONS = ("triangle", "triangle-cells"), ("t-maze", "t-maze-cells")
"""Tracks without a junction, and with one."""

NO_HELP = 0.05
"""Change of the share of states with the best action that counts as none [1]."""

NO_BINS = "A wave of value runs along a track: the rings and the T-mazes are asked, and not the open box."
"""Why the claim does not apply to the boxes."""


def more(of: str, than: str, measure: str = "area", event: int = LONG) -> Value:
    """A measure of one supplier minus that of another, in events of this length."""
    return difference(measure, condition(of, event), condition(than, event))


TOLD = (
    ("both_over_uniform", "both minus states at random", ("both", "uniform")),
    ("both_over_uniform_300", "the same, events of 300", ("both", "uniform", "area", 300)),
    ("both_over_uniform_100", "the same, events of 100", ("both", "uniform", "area", 100)),
    ("both_over_adaptation_100", "both minus adaptation alone, events of 100", ("both", "adaptation", "area", 100)),
    ("order_of_adaptation", "adaptation minus the same shuffled", ("adaptation", "adaptation shuffled")),
    ("both_over_independent", "both minus independent draws of its law", ("both", "both independent")),
    ("both_over_reversed", "both minus the same reversed in time", ("both", "both reversed")),
    ("order_in_the_end", "share in the end: both minus the same shuffled", ("both", "both shuffled", "final")),
    ("book_over_adaptation", "the book's both minus its adaptation", ("book's both", "book's adaptation")),
    ("both_ways_over_uniform", "Q-learning both ways: both minus random", ("both", "uniform", "q_both_ways")),
    ("forward_over_uniform", "Q-learning forward: both minus random", ("both", "uniform", "q_forward")),
)
"""Effects that are told and not tested: name, label, and what ``more`` is given."""

PREDICTED = (
    ("both_over_plain", "both minus plain", ("both", "plain")),
    ("both_over_noise", "both minus twice the noise", ("both", "twice the noise")),
    ("both_over_longer", "both minus plain of 1/friction as many steps", ("both", "plain, longer")),
    ("both_over_awake", "both minus the awake path", ("both", "awake")),
    ("sweeping_over_uniform", "prioritised sweeping minus states at random", ("sweeping", "uniform")),
    ("sweeping_over_both", "prioritised sweeping minus both", ("sweeping", "both")),
    ("need_over_uniform", "gain and need minus states at random", ("gain and need", "uniform")),
    ("memory_over_uniform", "SFMA, reverse, minus states at random", ("memory, reverse", "uniform")),
    (
        "successors_over_plain",
        "correlation with the true successor representation: both minus plain",
        ("both", "plain", "successors"),
    ),
)
"""Effects that are predicted above 0, and do not decide."""


CLAIMS = (
    Claim(
        "C13",
        "What a dream is good for",
        "Momentum alone does not help a learner; with adaptation order helps, and on a ring momentum carries value "
        "further per step; at a junction, and in short events, states at random are better.",
        measure_planning,
        (
            Outcome(
                "momentum_alone",
                f"momentum alone minus plain (within {NO_HELP})",
                more("momentum", "plain"),
                "at",
                primary=True,
                margin=NO_HELP,
                tasks=TRACKS,
            ),
            Outcome(
                "order_helps",
                "both minus the same shuffled in time",
                more("both", "both shuffled"),
                primary=True,
                tasks=TRACKS,
            ),
            Outcome(
                "both_over_adaptation",
                "both minus adaptation alone (each the fastest that this task tolerates)",
                more("both", "adaptation"),
                primary=True,
                tasks=RINGS,
            ),
            Outcome(
                "uniform_over_both",
                "states at random minus both",
                more("uniform", "both"),
                primary=True,
                tasks=JUNCTIONS,
            ),
            Outcome(
                "uniform_over_both_short",
                f"states at random minus both, events of {SHORT} steps",
                more("uniform", "both", event=SHORT),
                primary=True,
                tasks=TRACKS,
            ),
            *(Outcome(name, label, more(*of), tasks=TRACKS) for name, label, of in PREDICTED),
            Outcome(
                "rank_correlation",
                "rank correlation over suppliers: effective samples per step with states learnt",
                value("rank_correlation", "over suppliers"),
                tasks=TRACKS,
            ),
            *(Outcome(name, label, more(*of), "", tasks=TRACKS) for name, label, of in TOLD),
            *(
                Outcome(
                    f"states_learnt_{speed:g}",
                    f"states learnt, both chosen for {speed:g} times the running animal's speed",
                    value("area", condition(f"both, together at {speed:g}", LONG)),
                    "",
                    tasks=TRACKS,
                )
                for speed in AT_SPEEDS
            ),
            Outcome(
                "jump_share", "share of jumps, both", value("jump_share", condition("both", LONG)), "", tasks=TRACKS
            ),
        ),
        {"events": EVENTS, "no_help": NO_HELP},
        by_choice=True,
        not_for={
            **dict.fromkeys(("box", "rat"), NO_BINS),
            "linear-gaussian": NO_TRACK,
            **dict.fromkeys(PUBLISHED, "Networks of the published kind are asked whether adaptation slows replay."),
        },
    ),
)
