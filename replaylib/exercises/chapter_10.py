"""Exercises on the ledger. What is right is read from it, so that it follows the data."""

import shlex
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

from replaylib.exercises.checking import UNTOUCHED, AnswerError, Choice, Exercise, Function, Judged, Number, Several
from replaylib.exercises.estimates import networks_fault
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
    return _by_rank(p_values, lambda rank, n: n - rank)


def _by_rank(p_values: list[float], factor: Callable[[int, int], float]) -> list[float]:
    """Each multiplied by a factor of its rank and of their number, in the order given."""
    ranks = [sorted(p_values).index(p) for p in p_values]
    return [min(1.0, p * factor(rank, len(p_values))) for p, rank in zip(p_values, ranks, strict=True)]


def _without_cap(p_values: list[float]) -> list[float]:
    found, largest = dict[float, float](), 0.0
    for rank, p in enumerate(sorted(p_values)):
        found[p] = largest = max(largest, p * (len(p_values) - rank))
    return [found[p] for p in p_values]


def _command_fault(answer: Any) -> str:
    """Judge a command line by its options, in any order, as a shell or a notebook's cell takes it."""
    if answer is ...:
        raise AnswerError(UNTOUCHED)
    if not isinstance(answer, str):
        return "Give the command as a string, in quotes, as you would type it in a shell."
    try:
        words = shlex.split(answer.replace("\\\n", " ").strip().lstrip("!$% "))
    except ValueError:
        return "A quote in your command is not closed."
    if words[:1] == ["python3"]:
        words[0] = "python"
    if words[:4] != ["python", "-m", "replaylib", "replicate"]:
        return "The command begins with `python -m replaylib replicate`."
    last, options = "", dict[str, list[str]]({"": []})
    for one in words[4:]:
        option, equals, value = one.partition("=")
        if option.startswith("--"):
            options.setdefault(option, []).extend([value] if equals else [])
            last = option
        else:
            options[last].append(one)
    return _options_fault(options)


def _options_fault(options: Mapping[str, list[str]]) -> str:
    """What is wrong with the values of a command's options."""
    for name, values in {"--claim": ["C12"], "--task": ["t-maze"], "--seeds": ["7", "8", "9", "10", "11"]}.items():
        came = options.get(name, [])
        if name == "--seeds" and sorted(came) == sorted(values):
            continue
        if came != values:
            how = " Seeds stand one after the other, with blanks between them." if name == "--seeds" and came else ""
            return f"`{name}` should be followed by {' '.join(values)}, but {' '.join(came) or 'nothing'} came.{how}"
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
        [
            {"supported": one}
            for one in (
                [True, True],
                [True, False],
                [False] * 3,
                [True],
                [False],
                [True, True, False],
                [False, False, True],
            )
        ],
        {
            "One supported effect is enough for yours to hold. A claim holds where *all* deciding effects do.": (
                lambda supported: 2 * int(any(supported))
            ),
            "Yours knows no partly: some supported, but not all, is 1.": lambda supported: 2 * int(all(supported)),
            "You give the share of supported effects. The verdict has three values.": lambda supported: (
                sum(supported) / len(supported)
            ),
            "Your numbers are reversed: 2 is holds, 0 is fails.": lambda supported: 2 - _verdict(supported),
            "Yours knows no partly, and gives 1 for holds: 2 is holds.": lambda s: int(all(s)),
            "You count the supported effects. The verdict does not depend on how many there are.": sum,
            "More than half is enough for yours to hold. All deciding effects must be supported.": lambda s: (
                2 if 2 * sum(s) > len(s) else int(any(s))
            ),
            "You look at the first effect alone. All deciding effects must be supported.": lambda s: (
                2 if s[0] else int(any(s))
            ),
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
            "Your results come in sorted order. Put them back to the places of their p-values.": lambda p: _as_tensor(
                sorted(holm(p))
            ),
            "You divide by the rank. That is the correction of Benjamini and Hochberg, for another kind of error.": lambda p: (
                _as_tensor(_by_rank(p, lambda rank, n: n / (rank + 1)))
            ),
            "Your factors grow with the rank. The *smallest* p-value is multiplied by their number, the largest by 1.": lambda p: (
                _as_tensor(_by_rank(p, lambda rank, n: rank + 1))
            ),
            "Your factor is one too small: at rank r, counted from 0, it is their number minus r.": lambda p: (
                _as_tensor(_by_rank(p, lambda rank, n: n - rank - 1))
            ),
            "Yours can exceed 1. No p-value does.": lambda p: _as_tensor(_without_cap(p)),
            "This is Šidák's correction. Holm's goes through the sorted p-values, one after the other.": lambda p: (
                _as_tensor([1 - (1 - one) ** len(p) for one in p])
            ),
        },
    ),
    "10.3": Number(
        _count("C8", "holds"),
        {
            _count("C8", "holds")
            + _count("C8", "partly"): "You counted *partly* too. Count where it holds without restriction.",
            _count("C8", "partly"): "These are the tasks on which it holds *partly*.",
            0.0: "It holds on some. The sign for *holds* differs from that for *partly*.",
            _count("C8", "holds") / len(TASK_NAMES): "This is a share. Asked is the number of tasks.",
            1.0: "The ledger has a verdict for each task. Count the tasks on which it is *holds*.",
            _count("C8", "holds") + 1: "You count one too many: *partly* is not *holds*.",
            _count("C8", "holds") - 1: "You count one too few. Go through all six tasks.",
        },
        tolerance=1e-6,
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
            "You do not tell above from below. Above the null is 1, below it -1.": lambda a, z, n: int(a > n or z < n),
            "You return a difference. Asked is one of 1, 0 and -1.": lambda a, z, n: a - n,
            "You return a difference of the upper end. Asked is one of 1, 0 and -1.": lambda a, z, n: z - n,
            "Yours finds nothing, ever. An interval that lies wholly on one side of the null shows something.": lambda a, z, n: (
                0
            ),
            "One end above the null is enough for yours. The *whole* interval must lie there.": lambda a, z, n: (
                1 if z > n else -1
            ),
        },
    ),
    "10.6": Several(
        {
            "the measurements": Number(
                120.0,
                {
                    12.0: "This is the number of points of the grid. Each is measured for ten seeds.",
                    70.0: "You added the lengths of the lists. A grid holds every *combination*.",
                    17.0: "You added the lengths of the lists. A grid holds every *combination*.",
                    7.0: "You added the lengths of the lists, without the seeds. A grid holds every *combination*.",
                    20.0: "These are the trainings. Each network is measured at every friction and strength.",
                    60.0: "You left one of the lists of two out.",
                    22.0: "You added the seeds to the points. Each point is measured for *each* seed.",
                },
                tolerance=1e-6,
            ),
            "the trainings": Number(
                20.0,
                {
                    120.0: "One network serves all frictions and strengths of its task and seed.",
                    10.0: "Each task needs networks of its own.",
                    2.0: "Each seed makes a network of its own.",
                    12.0: "Points of the grid share their networks, and each seed makes its own.",
                },
                tolerance=1e-6,
            ),
        }
    ),
    "10.7": Choice(
        min(_QUOTIENTS, key=_QUOTIENTS.__getitem__),
        {name: _FAR[name] for name in sorted(_QUOTIENTS, key=_QUOTIENTS.__getitem__)[1:]},
    ),
    "10.8": Judged(networks_fault),
}
"""By name."""
