"""C14: whether the momentum that spikes tell of rises as friction falls, at one speed."""

import math

from replaylib.ledger.claims.base import NO_TRACK, PUBLISHED, Claim, Outcome, Value, difference, ratio, value
from replaylib.ledger.claims.momentum import EQUAL
from replaylib.ledger.measurements.decoding import (
    FEW_SPIKES,
    FRICTIONS,
    SPEED,
    SPIKES,
    TIME,
    WINDOWS,
    friction_condition,
    measure_decoding,
)
from replaylib.ledger.measurements.scale import Table

ALONE, LAST = (friction_condition(FRICTIONS[index]) for index in (0, -1))
"""Adaptation alone, and the least friction."""


def rise(measure: str) -> Value:
    """Slope of a measure over the decimal logarithm of 1/friction, by least squares over all frictions."""
    reads = [(-math.log10(friction), value(measure, friction_condition(friction))) for friction in FRICTIONS]
    middle = sum(x for x, _ in reads) / len(reads)
    spread = sum((x - middle) ** 2 for x, _ in reads)

    def read(table: Table) -> float | None:
        found = [(x, one(table)) for x, one in reads]
        known = [(x - middle, number) for x, number in found if number is not None]
        return sum(x * number for x, number in known) / spread if len(known) == len(found) else None

    return read


CLAIMS = (
    Claim(
        "C14",
        "Spikes tell of friction",
        "At the same speed more momentum is decoded from the spikes of replay, the less friction it has.",
        measure_decoding,
        (
            Outcome(
                "momentum_gained",
                "decoded momentum at equal speed: friction 0.15 minus friction 1 (adaptation alone)",
                difference("decoded_momentum", LAST, ALONE),
                primary=True,
            ),
            Outcome(
                "evidence_gained",
                "log Bayes factor of momentum over diffusion, per event: friction 0.15 minus friction 1",
                difference("log_bayes_factor", LAST, ALONE),
                primary=True,
            ),
            Outcome(
                "speed_kept",
                "displacement in 20 steps: friction 0.15 over friction 1 (within 25 %)",
                ratio("speed", LAST, ALONE),
                "at",
                1.0,
                primary=True,
                margin=EQUAL,
            ),
            Outcome(
                "momentum_rise",
                "rise of decoded momentum for ten times less friction, over four frictions",
                rise("decoded_momentum"),
            ),
            Outcome(
                "momentum_over_shuffled",
                "decoded momentum at friction 0.15 minus that of its windows in random order",
                difference("decoded_momentum", LAST, "shuffled"),
            ),
            Outcome(
                "momentum_over_unpushed",
                "decoded momentum at friction 0.15 minus that with momentum alone, without adaptation",
                difference("decoded_momentum", LAST, "momentum"),
            ),
            Outcome(
                "momentum_gained_with_few_spikes",
                f"the first from {FEW_SPIKES:g} spikes a window",
                difference("decoded_momentum", f"{LAST}, few spikes", f"{ALONE}, few spikes"),
            ),
            Outcome(
                "exponent_gained",
                "displacement exponent: friction 0.15 minus friction 1",
                difference("exponent", LAST, ALONE),
            ),
            Outcome(
                "momentum_over_awake",
                "decoded momentum at friction 0.15 minus that of the awake animal",
                difference("decoded_momentum", LAST, "awake"),
                "",
            ),
            Outcome(
                "share_alone",
                "share of events with momentum at friction 1, by adaptation alone",
                value("share_of_momentum", ALONE),
                "",
            ),
            Outcome("share", "share of events with momentum at friction 0.15", value("share_of_momentum", LAST), ""),
        ),
        {
            "frictions": FRICTIONS,
            "time": TIME,
            "speed": SPEED,
            "spikes": SPIKES,
            "few_spikes": FEW_SPIKES,
            "windows": WINDOWS,
        },
        not_for={
            "linear-gaussian": NO_TRACK,
            **dict.fromkeys(PUBLISHED, "Networks of the published kind bear too little momentum."),
            **dict.fromkeys(("box", "rat"), "Pairs of places in a box are too many to be asked for ten networks."),
        },
    ),
)
