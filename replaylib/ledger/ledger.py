"""The ledger that the book reads: verdicts, effects and means, as words and tables."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from IPython.display import Markdown

from replaylib._border import (
    Check,
    check_folder,
    listed,
    mapped,
    maybe,
    number,
    one_of,
    read_bytes,
    read_json,
    record,
    text,
    truth,
    whole,
)
from replaylib._border import write as write_file
from replaylib._streams import LARGEST_SEED
from replaylib.ledger.claims import CLAIMS
from replaylib.ledger.claims.base import TASK_NAMES
from replaylib.ledger.provenance import code_hash
from replaylib.ledger.replication import measuring_modules
from replaylib.measures.statistics import Interval

PATH = Path(__file__).parent / "results" / "claims.json"
"""Where the ledger that the book reads is kept.

:meta hide-value:
"""

KNOWN_OLD = "older_than_code.txt"
"""A file of this name beside a ledger says in a sentence why it is older than the code; a new ledger removes it."""

TASK_LABELS = {
    "triangle": "triangle, coordinates",
    "t-maze": "T-maze, coordinates",
    "triangle-cells": "triangle, place cells",
    "t-maze-cells": "T-maze, place cells",
    "box": "box, motion model",
    "rat": "box, real rat",
    "linear-gaussian": "Gaussian path",
    "triangle-published": "triangle, published kind",
    "t-maze-published": "T-maze, published kind",
}
"""Tasks as the book calls them."""

VERDICTS = ("holds", "partly", "fails", "does not apply", "not judged")
MARKS = {verdict: f"{mark}\N{NO-BREAK SPACE}{verdict}" for verdict, mark in zip(VERDICTS, "●◐○–?", strict=True)}
"""Verdicts as tables show them."""

_EFFECT: dict[str, Check] = {
    **dict.fromkeys(("measure", "label", "unit"), text()),
    **dict.fromkeys(("effect", "p", "p_corrected"), maybe(number())),
    **dict.fromkeys(("null", "margin"), number()),
    "predicted": one_of("above", "below", "at", ""),
    "interval": maybe(listed(number(), 2, 2)),
    "seeds": listed(whole(0, LARGEST_SEED)),
    "decides": truth,
    "supported": maybe(truth),
}

ROW = record(
    {"claim": text(r"C\d{1,3}", "a claim's name, such as C8"), "task": text()},
    {"verdict": one_of(*VERDICTS), "reason": text(), **_EFFECT, "outcomes": listed(record({}, _EFFECT))},
)
"""A row of the ledger."""

LEDGER = record(
    {"rows": listed(ROW)},
    {
        "code": mapped(text()),
        "conditions": mapped(mapped(mapped(mapped(listed(number(), 3, 3))))),
        "findings": mapped(whole(0, 10**6)),
        "level": number(0.0, 1.0),
        "seeds": mapped(listed(whole(0, LARGEST_SEED))),
        "versions": mapped(text()),
    },
)
"""What a ledger's file must hold."""

KEY = re.compile(r"\{(C\d+)/([\w-]+)/([\w.]+)\}")
"""How a sentence names an effect: {claim/task/measure}."""


def check_place(path: Path, *, whole: bool, complete: bool = True) -> None:
    """Raise ValueError where a ledger must not be written.

    That is where nothing can be written; over anything but an empty file or a ledger; and over the book's ledger, by
    whatever name, where the claims that are measured are not ``whole``: on all tasks, with the reporting seeds, and at
    full scale. Where not all claims are measured (``complete``), the book's ledger must be there to be added to.
    """
    if path.exists() and not path.is_file():
        raise ValueError(f"a ledger must be written to a regular file, but {path} is none.")
    check_folder(path.resolve().parent)
    if path.exists() and path.stat().st_size and not is_the_books(path):
        try:
            Ledger(path)
        except ValueError as error:
            raise ValueError(f"only a ledger may be replaced by one: {error}") from None
    ours = is_the_books(path)
    if ours and not whole:
        raise ValueError(
            "the book's ledger must hold each claim on all tasks, on the reporting seeds and at full scale: "
            "leave --task, --seeds and --quick out, or name another file by --ledger."
        )
    if ours and not complete and not path.exists():
        raise ValueError(f"some claims can only be added to a ledger that is there, but {path} is not.")


def is_the_books(path: Path) -> bool:
    """Whether this is the file of the ledger that the book reads, by whatever name."""
    return path.resolve() == PATH.resolve() or (path.exists() and PATH.exists() and path.samefile(PATH))


def write(ledger: Mapping[str, Any], path: Path = PATH) -> None:
    """Write a ledger, atomically; where a link stands, to the file that it leads to."""
    write_file(path.resolve(), (json.dumps(ledger, separators=(",", ":"), sort_keys=True) + "\n").encode())
    path.with_name(KNOWN_OLD).unlink(missing_ok=True)


def with_interval(mean: float, low: float, high: float) -> str:
    """A mean with the ends of its interval, to the digits that the interval's width deserves."""
    width = high - low
    decimals = min(4, max(0, 1 - math.floor(math.log10(width)))) if width > 0 else 2
    # Adding 0 turns a negative zero into a plain one.
    mean, low, high = (round(number, decimals) + 0.0 for number in (mean, low, high))
    return f"{mean:.{decimals}f} [{low:.{decimals}f}, {high:.{decimals}f}]"


def line(row: Mapping[str, Any]) -> str:
    """One row of the ledger as a line of text."""
    reason = f" ({row['reason']})" if "reason" in row else ""
    head = f"{row['claim']} {row['task']}: {row['verdict']}{reason}"
    if "label" not in row:
        return head
    if row["effect"] is None:
        return f"{head}; {row['label']} is not defined here"
    mean = with_interval(row["effect"], *row["interval"])
    return f"{head}; {row['label']}: {mean}, null {row['null']:g}, p {row['p']:g} ({row['p_corrected']:g} corrected)"


class Ledger:
    """What ``replaylib replicate --write`` has written.

    stale: the claims whose measuring code has changed since. known_old: why, where that is known; else "".
    Raises FileNotFoundError where there is no such file, ValueError where it is damaged, and KeyError with what there
    is where something else is asked for.
    """

    def __init__(self, path: Path = PATH) -> None:
        if not path.is_file():
            raise FileNotFoundError(f"the ledger was expected at {path}, but is not there: make replicate writes it.")
        reason = path.with_name(KNOWN_OLD)
        self.known_old = read_bytes(reason, 2**16).decode().strip() if reason.is_file() else ""
        self.content: dict[str, Any] = read_json(path, LEDGER, "a ledger", "ledger")
        self.rows: list[dict[str, Any]] = self.content["rows"]

    @cached_property
    def _by_pair(self) -> dict[tuple[str, str], dict[str, Any]]:
        return {(row["claim"], row["task"]): row for row in self.rows}

    @cached_property
    def stale(self) -> tuple[str, ...]:
        """Names of the claims whose measuring code is no longer that of the ledger."""
        made_with = self.content.get("code", {})
        measured = [one for one in CLAIMS if any(row["claim"] == one.name for row in self.rows)]
        return tuple(one.name for one in measured if made_with.get(one.name) != code_hash(*measuring_modules(one)))

    def freshness(self) -> Markdown | None:
        """A box for the reader where the ledger is older than the code, and nothing where it is not."""
        if not self.stale:
            return None
        why = f" {self.known_old}" if self.known_old else ""
        text = f"The code that measures {', '.join(self.stale)} has changed since this ledger was made.{why}"
        remedy = "Its numbers are those of the older code; `make replicate` measures them again."
        box = f":::{{admonition}} An older ledger\n:class: warning\n{text} {remedy}\n:::"
        return Markdown(box)  # type: ignore[no-untyped-call]

    def row(self, claim: str, task: str) -> dict[str, Any]:
        """The row of one claim and task."""
        if (claim, task) not in self._by_pair:
            raise KeyError(f"the ledger has no row {claim} for {task!r}, only {', '.join(map(str, self._by_pair))}.")
        return self._by_pair[claim, task]

    def outcome(self, claim: str, task: str, measure: str) -> dict[str, Any]:
        """One effect of a row: label, effect, interval, null, p, supported, seeds."""
        outcomes: dict[str, dict[str, Any]] = {one["measure"]: one for one in self.row(claim, task).get("outcomes", [])}
        if measure not in outcomes:
            raise KeyError(f"{claim} for {task} has no measure {measure!r}, only {', '.join(outcomes) or 'none'}.")
        return outcomes[measure]

    def mean(self, claim: str, task: str, condition: str, measure: str) -> Interval:
        """Mean of a measure in one condition, with its 95 % t-interval over seeds."""
        conditions = self.content["conditions"].get(claim, {}).get(task, {})
        if measure not in conditions.get(condition, {}):
            have = conditions.get(condition) or conditions
            raise KeyError(f"{claim} for {task} has no {measure!r} in {condition!r}, only {', '.join(have) or 'none'}.")
        return Interval(*conditions[condition][measure])

    def held(self, claim: str, tasks: Sequence[str] = TASK_NAMES) -> int:
        """On how many of these tasks a claim holds, without restriction."""
        return sum(self.row(claim, task)["verdict"] == "holds" for task in tasks)

    def told(self, claim: str, tasks: Sequence[str] = TASK_NAMES) -> str:
        """The verdicts of a claim in words: on how many of these tasks it holds, and on which it does not."""
        words = [f"{MARKS['holds']} on {self.held(claim, tasks)} of {len(tasks)} tasks"]
        for verdict in VERDICTS[1:]:
            where = [TASK_LABELS[task] for task in tasks if self.row(claim, task)["verdict"] == verdict]
            if where:
                listed = f" ({'; '.join(where)})" if len(where) < len(tasks) else ""
                words.append(f"{MARKS[verdict]} on {len(where)}{listed}")
        return ", ".join(words)

    def means(self, claim: str, task: str, conditions: Sequence[str], measures: Sequence[str]) -> list[list[Interval]]:
        """Means of several measures, a list for each condition."""
        return [[self.mean(claim, task, condition, measure) for measure in measures] for condition in conditions]

    def say(self, sentence: str) -> Markdown:
        """The sentence with each {claim/task/measure} replaced by that effect and its interval."""
        return Markdown(self.fill(sentence))  # type: ignore[no-untyped-call]

    def fill(self, sentence: str) -> str:
        """As ``say``, as plain text."""

        def text(key: re.Match[str]) -> str:
            found = self.outcome(key[1], key[2], key[3])
            return "undefined" if found["effect"] is None else with_interval(found["effect"], *found["interval"])

        return KEY.sub(text, sentence)

    def effects(self, claim: str, tasks: Sequence[str]) -> Markdown:
        """All effects of a claim on several tasks, a table with a row each; it says where networks are missing."""
        lines = ["| task | effect | mean, 95 % interval | null | supported |", "|---|---|---|---|---|"]
        for task in tasks:
            outcomes = self.row(claim, task).get("outcomes", [])
            most = max((len(one["seeds"]) for one in outcomes), default=0)
            for one in outcomes:
                mean = "not defined" if one["effect"] is None else with_interval(one["effect"], *one["interval"])
                shown = {True: "yes", False: "no", None: "told only"}[one["supported"]]
                if 0 < len(one["seeds"]) < most:
                    mean += f" ({len(one['seeds'])} networks)"
                mark = "**" if one["decides"] else ""
                null = f"{one['null']:g}" if one["predicted"] else ""
                lines.append(f"| {TASK_LABELS[task]} | {mark}{one['label']}{mark} | {mean} | {null} | {shown} |")
        return Markdown("\n".join(lines))  # type: ignore[no-untyped-call]

    def verdicts(self, tasks: Sequence[str], titles: Mapping[str, str]) -> Markdown:
        """The verdict of every claim on every task, a table; ``titles`` maps claims to what stands before them."""
        lines = ["| |" + "|".join(TASK_LABELS[task] for task in tasks) + "|", "|---" * (len(tasks) + 1) + "|"]
        for claim, title in titles.items():
            cells = [MARKS[self.row(claim, task)["verdict"]] for task in tasks]
            lines.append(f"| {title} | " + " | ".join(cells) + " |")
        return Markdown("\n".join(lines))  # type: ignore[no-untyped-call]
