"""What a claim is: what is measured for one task and one seed, and which effects decide it."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from replaylib.networks.network import PathIntegrator

Table = dict[str, dict[str, float]]
"""Measures by name, for each condition by name: what one task and one seed give."""

Value = Callable[[Table], float | None]
"""The effect that one table shows; None where it is not defined."""

TASK_NAMES = ("triangle", "t-maze", "triangle-cells", "t-maze-cells", "box", "rat")
"""The columns of the ledger; "linear-gaussian" stands beside them in the claims about the score."""

TUNING_SEEDS = tuple(range(10))
"""Seeds on which settings were chosen: those of the pretrained networks. No result is reported on them."""

REPORTING_SEEDS = tuple(range(101, 111))
"""Seeds of the ledger. Each is the seed of a training, and of everything measured with that network."""


@dataclass(frozen=True)
class Scale:
    """How much is simulated.

    paths, steps: of a replay. points: positions compared with the awake law. training: iterations of the short
    trainings that a claim itself makes, for coordinates, for place cells on a track, and for the box.
    """

    name: str
    paths: int = 64
    steps: int = 600
    points: int = 5000
    training: tuple[int, int, int] = (400, 500, 300)

    def iterations(self, task: str) -> int:
        """Iterations of a short training on ``task``."""
        kind = 0 if task in ("triangle", "t-maze", "linear-gaussian") else 1 if task.endswith("cells") else 2
        return self.training[kind]


FULL = Scale("full")
QUICK = Scale("quick", paths=16, steps=200, points=1000, training=(80, 80, 40))
SCALES = {scale.name: scale for scale in (FULL, QUICK)}


@dataclass(frozen=True)
class Outcome:
    """One effect.

    name, label, unit: what it is. value: reads it from a table. predicted: where the claim expects it, "above" or
    "below" ``null``, "at" it, or "" for a number that is told and not tested. null: no effect, or the margin up to
    which a change is accepted. primary: whether it decides the verdict. tasks: where it is defined.
    """

    name: str
    label: str
    value: Value
    predicted: Literal["above", "below", "at", ""] = "above"
    null: float = 0.0
    primary: bool = False
    unit: str = "1"
    tasks: tuple[str, ...] = (*TASK_NAMES, "linear-gaussian")


@dataclass(frozen=True)
class Claim:
    """One row of the ledger.

    name: C1 to C10. title: a few words. statement: what is claimed. measure: (network, task, seed, part, scale) to a
    table. parts: the pieces that are measured apart, so that each is short. outcomes: what decides. settings: what was
    fixed beforehand. needs_network: whether ``measure`` is given a network trained by the task's recipe.
    not_for: tasks to which it does not apply, with the reason.
    """

    name: str
    title: str
    statement: str
    measure: Callable[[PathIntegrator | None, str, int, str, Scale], Table]
    outcomes: tuple[Outcome, ...]
    settings: Mapping[str, object]
    parts: Callable[[str], tuple[str, ...]] = field(default=lambda _: ("",))
    needs_network: bool = True
    not_for: Mapping[str, str] = field(
        default_factory=lambda: {
            "linear-gaussian": "A Gaussian path has no track to replay: it serves the score alone."
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
