"""What a claim is: what it says, which measurement it is about, and which effects decide it."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from replaylib.ledger.measurements.scale import Scale, Table

Value = Callable[[Table], float | None]
"""The effect that one table shows; None where it is not defined."""

TASK_NAMES = ("triangle", "t-maze", "triangle-cells", "t-maze-cells", "box", "rat")
"""The columns of the ledger; "linear-gaussian" stands beside them in the claims about the score."""

PUBLISHED = ("triangle-published", "t-maze-published")
"""The tracks with networks of the published kind, which one claim is asked about: ReLU, free weights, no pauses."""

TRACKS = TASK_NAMES[:4]
"""Tasks on a track; the others are in a box, where every place is on the path."""

TUNING_SEEDS = tuple(range(10))
"""Seeds kept for choosing settings, those of the pretrained networks; some tasks have fewer. None is reported."""

REPORTING_SEEDS = tuple(range(101, 111))
"""Seeds of the ledger. Each is the seed of a training, and of everything measured with that network."""


FULL = Scale("full")
QUICK = Scale("quick", paths=16, steps=200, points=500, training=(20, 20, 10), draws=1)
SCALES = {scale.name: scale for scale in (FULL, QUICK)}

MARGIN = 0.02
"""Change of the distance from the awake law that counts as none [m]."""


NO_TRACK = "A Gaussian path has no track to replay: it serves the score alone."
"""Why a claim about replay does not apply to the linear-Gaussian task."""


@dataclass(frozen=True)
class Outcome:
    """One effect.

    name, label, unit: what it is. value: reads it from a table. predicted: where the claim expects it, "above" or
    "below" ``null``, "at" it, or "" for a number that is told and not tested. null: no effect, or the change up to
    which nothing counts as lost. primary: whether it decides the verdict. tasks: where it is defined. margin: how far
    from the null still counts as at it. Raises ValueError where "at" comes without a margin, or the other way round.
    """

    name: str
    label: str
    value: Value
    predicted: Literal["above", "below", "at", ""] = "above"
    null: float = 0.0
    primary: bool = False
    unit: str = "1"
    tasks: tuple[str, ...] = (*TASK_NAMES, "linear-gaussian")
    margin: float = 0.0

    def __post_init__(self) -> None:
        if (self.predicted == "at") != (self.margin > 0):
            raise ValueError(
                f"{self.name} must have a margin just where it is predicted at its null, but {self.margin:g} came."
            )


@dataclass(frozen=True)
class Claim:
    """One row of the ledger.

    name: C1 to C14. title: a few words. statement: what is claimed. measure: (task, seed, part, scale), and a network
    where it needs one, to a table. parts: the pieces that are measured apart, so that each is short. outcomes: what
    decides. settings: what was fixed beforehand. needs_network: whether ``measure`` is given a network trained by the
    task's recipe. by_choice: whether it is given the settings that were chosen on the tuning seeds, as ``chosen``.
    not_for: tasks to which it does not apply, with the reason.
    """

    name: str
    title: str
    statement: str
    measure: Callable[..., Table]
    outcomes: tuple[Outcome, ...]
    settings: Mapping[str, object]
    parts: Callable[[str], tuple[str, ...]] = field(default=lambda _: ("",))
    needs_network: bool = True
    by_choice: bool = False
    not_for: Mapping[str, str] = field(
        default_factory=lambda: {
            "linear-gaussian": NO_TRACK,
            **dict.fromkeys(PUBLISHED, "Networks of the published kind are asked whether adaptation slows replay."),
        }
    )


def value(measure: str, condition: str) -> Value:
    """The measure itself."""
    return lambda table: table.get(condition, {}).get(measure)


def difference(measure: str, of: str, minus: str) -> Value:
    """The measure in one condition minus that in another, within one network."""
    return _both(value(measure, of), value(measure, minus), lambda a, b: a - b)


def ratio(measure: str, of: str, over: str, other_measure: str | None = None) -> Value:
    """The measure in one condition over that (or another measure) in another; None where the divisor is 0."""
    return _both(value(measure, of), value(other_measure or measure, over), lambda a, b: a / b if b else None)


def orders(measure: str, of: str, over: str, other_measure: str | None = None) -> Value:
    """The decimal logarithm of ``ratio``: orders of magnitude, for effects that differ by many."""
    read = ratio(measure, of, over, other_measure)
    return lambda table: math.log10(found) if (found := read(table)) else None


def _both(first: Value, second: Value, combine: Callable[[float, float], float | None]) -> Value:
    def read(table: Table) -> float | None:
        a, b = first(table), second(table)
        return None if a is None or b is None else combine(a, b)

    return read
