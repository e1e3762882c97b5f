"""Exercises on the ledger. What is right is read from it, so that it follows the data."""

from typing import Any

import torch
from torch import Tensor

from replaylib.exercises.checking import UNTOUCHED, AnswerError, Choice, Exercise, Function, Judged, Number
from replaylib.ledger.claims.base import TASK_NAMES
from replaylib.ledger.ledger import Ledger
from replaylib.measures.statistics import holm


def _verdict(supported: list[bool]) -> int:
    return 2 if all(supported) else int(any(supported))


def _bonferroni(p_values: list[float]) -> list[float]:
    return [min(1.0, p * len(p_values)) for p in p_values]


def _unsorted_holm(p_values: list[float]) -> list[float]:
    """Steps down in the order given, as if the p-values came sorted."""
    return [min(1.0, p * (len(p_values) - i)) for i, p in enumerate(p_values)]


def _without_maximum(p_values: list[float]) -> list[float]:
    ranks = [sorted(p_values).index(p) for p in p_values]
    return [min(1.0, p * (len(p_values) - rank)) for p, rank in zip(p_values, ranks, strict=True)]


def _command_fault(answer: Any) -> str:
    """Judge a command line by its options, in any order."""
    if answer is ...:
        raise AnswerError(UNTOUCHED)
    if not isinstance(answer, str):
        return "Give the command as a string, in quotes, as you would type it in a shell."
    words = answer.replace(",", " ").split()
    if words[:4] != ["python", "-m", "replaylib", "replicate"]:
        return "The command begins with `python -m replaylib replicate`."
    options: dict[str, list[str]] = {"": []}
    for word in words[4:]:
        if word.startswith("--"):
            options[word] = []
        else:
            options[list(options)[-1]].append(word)
    for name, values in {
        "--claim": ["C12"],
        "--task": ["t-maze"],
        "--seeds": ["7", "8", "9", "10", "11"],
    }.items():
        if options.get(name) != values:
            came = " ".join(options.get(name, [])) or "nothing"
            return f"`{name}` should be followed by {' '.join(values)}, but {came} came."
    return ""


def _shown(low: float, high: float, null: float) -> int:
    return 1 if low > null else -1 if high < null else 0


def _quotients() -> dict[str, float]:
    """Of C12's deciding effects in the rat's box, the way to what each must not touch, in half-widths."""
    ledger, found = Ledger(), {}
    for name, measure in {"speed": "speed_kept", "distance": "distance_saved", "size": "size_kept"}.items():
        one = ledger.outcome("C12", "rat", measure)
        low, high = one["interval"]
        off = abs(one["effect"] - one["null"])
        found[name] = (one["margin"] - off if one["margin"] else off) / ((high - low) / 2)
    return found


def _count(claim: str, verdict: str) -> float:
    ledger = Ledger()
    return float(sum(ledger.row(claim, task)["verdict"] == verdict for task in TASK_NAMES))


_P_VALUES = [{"p_values": one} for one in ([0.01, 0.04, 0.03], [0.2, 0.001, 0.5, 0.3], [0.6, 0.9])]


def _as_tensor(values: list[float]) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


_QUOTIENTS = _quotients()

_FAR = {
    "speed": "The speed must come nearer than that to the border of its margin. Count in its own half-widths.",
    "distance": "The distance lies further from 0 than one of the others from its border. Count in its own half-widths.",
    "size": "The size hardly differs between networks: many half-widths lie between it and 0. Which has the fewest?",
}

EXERCISES: dict[str, Exercise] = {
    "10.1": Function(
        _verdict,
        [{"supported": one} for one in ([True, True], [True, False], [False, False, False], [True], [False])],
        {
            "One supported effect is enough for yours to hold. A claim holds where *all* deciding effects do.": (
                lambda supported: 2 * int(any(supported))
            ),
            "Yours knows no partly: some supported, but not all, is 1.": lambda supported: 2 * int(all(supported)),
            "You give the share of supported effects. The verdict has three values.": lambda supported: (
                sum(supported) / len(supported)
            ),
            "Your numbers are reversed: 2 is holds, 0 is fails.": lambda supported: 2 - _verdict(supported),
        },
    ),
    "10.2": Function(
        lambda p_values: _as_tensor(holm(p_values)),
        _P_VALUES,
        {
            "You corrected nothing. Measure twenty things, and one will be significant by chance.": _as_tensor,
            "This is Bonferroni's correction: safe, but Holm multiplies only the *smallest* by their number, the next by "
            "one less, and so on.": lambda p_values: _as_tensor(_bonferroni(p_values)),
            "You multiply in the order in which the p-values came. Sort them first, and put the results back.": (
                lambda p_values: _as_tensor(_unsorted_holm(p_values))
            ),
            "Yours can make a larger p-value smaller than a smaller one: each is at least as large as the one before.": (
                lambda p_values: _as_tensor(_without_maximum(p_values))
            ),
        },
    ),
    "10.3": Number(
        _count("C8", "holds"),
        {
            _count("C8", "holds")
            + _count("C8", "partly"): "You counted *partly* too. Count where it holds without restriction.",
            _count("C8", "partly"): "These are the tasks on which it holds *partly*.",
        },
    ),
    "10.4": Judged(_command_fault),
    "10.5": Function(
        _shown,
        [
            {"low": low, "high": high, "null": null}
            for low, high, null in (
                (0.1, 0.3, 0.0),
                (-0.1, 0.3, 0.0),
                (-0.3, -0.1, 0.0),
                (0.6, 0.9, 1.0),
                (1.1, 1.3, 1.0),
            )
        ],
        {
            "Yours knows no 0. An interval on both sides of the null allows an effect in either direction.": (
                lambda low, high, null: 1 if low + high > 2 * null else -1
            ),
            "Yours gives 0 for whatever was not shown. Below the null the *opposite* was shown, and that is -1.": (
                lambda low, high, null: int(low > null)
            ),
            "You compare with 0. The null of a ratio is 1: it comes as the third argument.": (
                lambda low, high, null: _shown(low, high, 0.0)
            ),
            "Your signs are reversed: 1 is above the null, as predicted.": (
                lambda low, high, null: -_shown(low, high, null)
            ),
        },
    ),
    "10.6": Number(
        120.0,
        {
            12.0: "This is the number of points of the grid. Each is measured for ten seeds.",
            70.0: "You added the lengths of the lists. A grid holds every *combination*.",
            17.0: "You added the lengths of the lists. A grid holds every *combination*.",
        },
    ),
    "10.7": Choice(
        min(_QUOTIENTS, key=_QUOTIENTS.__getitem__),
        {name: _FAR[name] for name in sorted(_QUOTIENTS, key=_QUOTIENTS.__getitem__)[1:]},
    ),
}
"""By name."""
