"""How an answer is checked: it is compared with the right one and with what typical misconceptions would give.

An answer may be anything, so nothing that it does is allowed to reach the notebook: not a wrong type, not an exception,
not an endless loop, not a warning. Whatever happens, one sentence or two come back, with the input on which they rest.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from replaylib.exercises.coercion import UNTOUCHED, AnswerError, array, number, same, short, word
from replaylib.exercises.running import SECONDS, call, within_time
from replaylib.exercises.showing import BRIEF, difference, in_full, shown, size_of, with_unit
from replaylib.exercises.slips import slip, slip_of_number

__all__ = [
    "SECONDS",
    "UNTOUCHED",
    "AnswerError",
    "Choice",
    "Exercise",
    "Function",
    "Judged",
    "Number",
    "Several",
    "Verdict",
    "array",
    "call",
    "number",
    "same",
    "within_time",
]


@dataclass(frozen=True)
class Verdict:
    """What a check has to say: whether the answer is right, and a sentence or two for the learner."""

    name: str
    right: bool
    sentence: str

    def __repr__(self) -> str:
        return f"{'✓' if self.right else '✗'} {self.name}: {self.sentence}"

    def _repr_markdown_(self) -> str:
        """Shown by notebooks."""
        return f"{'✓' if self.right else '✗'} **{self.name}** {self.sentence}"


@runtime_checkable
class Exercise(Protocol):
    """Finds what is wrong with an answer."""

    def fault(self, answer: Any) -> str:
        """One sentence on what is wrong, empty if nothing is."""
        ...


@dataclass(frozen=True)
class Number:
    """One number is asked for.

    value: the right one. wrong: sentences by the numbers that misconceptions lead to. tolerance: relative to ``value``.
    unit: what the number is measured in, "" for a pure number.
    """

    value: float
    wrong: Mapping[float, str]
    tolerance: float = 0.01
    unit: str = ""

    def fault(self, answer: Any) -> str:
        """See ``Exercise``."""
        found = number(answer)
        if self._near(found, self.value):
            return ""
        for value, sentence in self.wrong.items():
            if self._near(found, value):
                return sentence
        size = "small" if found < self.value else "large"
        return slip_of_number(found, self.value, self.tolerance) or f"{with_unit(found, self.unit)} is too {size}."

    def _near(self, found: float, value: float) -> bool:
        return abs(found - value) <= self.tolerance * max(abs(value), 1e-9)


@dataclass(frozen=True)
class Several:
    """Several numbers are asked for. parts: by what each of them is called in the exercise, in their order."""

    parts: Mapping[str, Number]

    def fault(self, answer: Any) -> str:
        """See ``Exercise``."""
        if answer is ...:
            raise AnswerError(UNTOUCHED)
        names = " and ".join(self.parts)
        if (
            isinstance(answer, str | bytes | dict)
            or callable(answer)
            or not getattr(answer, "ndim", hasattr(answer, "__len__"))
        ):
            raise AnswerError(f"The answer must be {len(self.parts)} numbers ({names}), but {short(answer)} came.")
        if any(one is ... for one in answer):
            raise AnswerError(UNTOUCHED)
        given = array(answer).ravel()
        if len(given) != len(self.parts):
            raise AnswerError(f"The answer must be {len(self.parts)} numbers ({names}), but {len(given)} came.")
        faults = {name: part.fault(one) for (name, part), one in zip(self.parts.items(), given, strict=True)}
        if all(faults.values()) and not any(part.fault(one) for part, one in zip(self._turned(), given, strict=True)):
            return f"Your numbers are in the wrong order: asked are {names}."
        return next((f"{name[0].upper()}{name[1:]}: {fault}" for name, fault in faults.items() if fault), "")

    def _turned(self) -> list[Number]:
        return list(self.parts.values())[::-1]


@dataclass(frozen=True)
class Choice:
    """One of several words is asked for. wrong: a sentence for each of the others. also: other right words."""

    right: str
    wrong: Mapping[str, str]
    also: Sequence[str] = ()

    def fault(self, answer: Any) -> str:
        """See ``Exercise``."""
        if answer is ...:
            raise AnswerError(UNTOUCHED)
        listed = ", ".join(f'"{one}"' for one in sorted([self.right, *self.wrong]))
        if not isinstance(answer, str):
            raise AnswerError(f"The answer must be one of {listed}, but {short(answer)} came.")
        given = word(answer)
        if given in map(word, (self.right, *self.also)):
            return ""
        known = {word(one): sentence for one, sentence in self.wrong.items()}
        return known.get(given) or f'The answer must be one of {listed}, but "{answer[:40]}" came.'


@dataclass(frozen=True)
class Function:
    """A function is asked for, and tried on several inputs.

    right: gives the right results. cases: the inputs, in the order of the function's arguments. wrong: for each
    misconception a sentence and a function that falls for it; the first one that agrees with the answer on every input
    is told. unit: of the result, "" for a pure number.
    """

    right: Callable[..., Any]
    cases: Sequence[Mapping[str, Any]]
    wrong: Mapping[str, Callable[..., Any]]
    tolerance: float = 1e-5
    unit: str = ""

    def fault(self, answer: Any) -> str:
        """See ``Exercise``."""
        found = [call(answer, case) for case in self.cases]
        wanted = [self.right(*case.values()) for case in self.cases]
        for one in found:
            array(one)
        if self._all_same(found, wanted):
            return ""
        for sentence, model in self.wrong.items():
            if self._all_same(found, [model(*case.values()) for case in self.cases]):
                return f"{sentence} {self._shortest_difference(found, wanted)}"
        said = slip(found, wanted, self.tolerance)
        return f"{said} {self._shortest_difference(found, wanted)}".strip()

    def _all_same(self, found: list[Any], wanted: list[Any]) -> bool:
        return all(same(one, other, self.tolerance) for one, other in zip(found, wanted, strict=True))

    def _shortest_difference(self, found: list[Any], wanted: list[Any]) -> str:
        """Told on an input that can be repeated; where only some inputs go wrong, that is said."""
        triples = zip(self.cases, found, wanted, strict=True)
        differ = [one for one in triples if not same(one[1], one[2], self.tolerance)]
        case, result, want = min(differ, key=lambda one: (not in_full(one[0]), len(shown(one[0])) > BRIEF))
        place = f"At {text} your function" if (text := shown(case)) else "Your function"
        if array(result).squeeze().shape != array(want).squeeze().shape and not isinstance(want, tuple):
            return f"{place} must return {size_of(want)}, but {size_of(result)} came."
        only = "" if len(differ) == len(found) else " Other inputs went well."
        return difference(place, result, want, self.tolerance, self.unit) + only


@dataclass(frozen=True)
class Judged:
    """Whatever ``judge`` asks of an answer: it gives one sentence on what is wrong, empty if nothing is."""

    judge: Callable[[Any], str]

    def fault(self, answer: Any) -> str:
        """See ``Exercise``."""
        return self.judge(answer)
