"""Verdicts: from measurements of many seeds to the ledger's rows."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

from replaylib.ledger.claims.base import TUNING_SEEDS, Claim, Outcome
from replaylib.ledger.replication import Plan, Tables, modules
from replaylib.ledger.sweep import code_hash
from replaylib.measures.statistics import Effect, effect, holm, interval

FEW = 5
"""Seeds below which a test has no power, so that an effect's own interval decides, uncorrected."""

LEVEL = 0.05
"""Chance of one false finding among all effects of a claim that is accepted [1]."""

DIGITS = 5
"""Significant digits that are kept."""


def judge(plan: Plan, tables: Tables) -> dict[str, Any]:
    """The ledger of a plan: a row for each claim and task, and the means that the chapters show.

    Effects are means over seeds of what one network shows against itself. The p-values of all effects of a claim are
    corrected together (Holm). An effect is supported where it is significant on the predicted side of its null (or,
    where the null itself is predicted, not significant). With fewer than five seeds, significant means that the
    interval leaves the null out. A claim holds where all its deciding effects are supported,
    partly where some are, and fails where none is.
    """
    rows = [row for one in plan.claims for row in _rows(one, plan, tables)]
    packages = ("torch", "numpy", "scipy", "scikit-learn", "POT", "ratinabox")
    return {
        "scale": asdict(plan.scale),
        "seeds": {"tuning": list(TUNING_SEEDS), "reporting": list(plan.seeds)},
        "level": LEVEL,
        "versions": {name: version(name) for name in packages},
        "code": {one.name: code_hash(modules(one)) for one in plan.claims},
        "rows": rows,
        "conditions": _conditions(plan, tables),
    }


def _rows(one: Claim, plan: Plan, tables: Tables) -> list[dict[str, Any]]:
    found: list[tuple[str, Outcome, list[int], Effect | None]] = []
    for name in plan.tasks:
        of_seed = tables.get((one.name, name), {})
        for outcome in (outcome for outcome in one.outcomes if name in outcome.tasks and name not in one.not_for):
            values = {seed: outcome.value(table) for seed, table in of_seed.items()}
            seeds = [seed for seed, value in values.items() if value is not None]
            sample = [float(values[seed]) for seed in seeds]  # type: ignore[arg-type]
            found.append((name, outcome, seeds, effect(sample, outcome.null) if len(sample) > 1 else None))
    tested = [index for index, (_, outcome, _, one_effect) in enumerate(found) if outcome.predicted and one_effect]
    corrected = dict(zip(tested, holm([found[index][3].p for index in tested]), strict=True))  # type: ignore[union-attr]
    described = [
        (name, _describe(outcome, seeds, one_effect, corrected.get(index)))
        for index, (name, outcome, seeds, one_effect) in enumerate(found)
    ]
    return [_row(one, name, plan, [text for of, text in described if of == name]) for name in plan.tasks]


def _describe(outcome: Outcome, seeds: Sequence[int], found: Effect | None, p: float | None) -> dict[str, Any]:
    text: dict[str, Any] = {
        "measure": outcome.name,
        "label": outcome.label,
        "unit": outcome.unit,
        "predicted": outcome.predicted,
        "null": outcome.null,
        "decides": outcome.primary,
        "seeds": list(seeds),
        "effect": None,
        "interval": None,
        "p": None,
        "supported": False if outcome.predicted else None,
    }
    if found is None:
        return text
    side = {"above": found.mean > outcome.null, "below": found.mean < outcome.null, "at": True, "": True}
    apart = not found.low <= outcome.null <= found.high
    significant = apart if found.count < FEW else p is not None and p < LEVEL
    supported = None if p is None else side[outcome.predicted] and significant == (outcome.predicted != "at")
    ends = [rounded(found.low), rounded(found.high)]
    return text | {"effect": rounded(found.mean), "interval": ends, "p": p and rounded(p), "supported": supported}


def _row(one: Claim, name: str, plan: Plan, outcomes: list[dict[str, Any]]) -> dict[str, Any]:
    if name in one.not_for:
        return {"claim": one.name, "task": name, "verdict": "does not apply", "reason": one.not_for[name]}
    deciding = [outcome for outcome in outcomes if outcome["decides"]]
    supported = sum(bool(outcome["supported"]) for outcome in deciding)
    verdict = "holds" if supported == len(deciding) else "partly" if supported else "fails"
    seeds = " ".join(map(str, plan.seeds))
    quick = "" if plan.scale.name == "full" else f" --{plan.scale.name}"
    head = {key: deciding[0][key] for key in ("measure", "label", "effect", "interval", "null", "p", "seeds")}
    return {
        "claim": one.name,
        "task": name,
        "verdict": verdict,
        **head,
        "settings": json.loads(json.dumps(one.settings)),
        "command": f"python -m replaylib replicate --claim {one.name} --task {name} --seeds {seeds}{quick} --json",
        "outcomes": outcomes,
    }


def _conditions(plan: Plan, tables: Tables) -> dict[str, Any]:
    """Mean, half-width and count of each measure, by claim, task and condition."""
    kept: dict[str, Any] = {}
    for one, name in plan.pairs:
        of_seed = list(tables.get((one.name, name), {}).values())
        names = dict.fromkeys((condition, key) for table in of_seed for condition in table for key in table[condition])
        for condition, key in names:
            values = [table[condition][key] for table in of_seed if key in table.get(condition, {})]
            if len(values) < 2:
                continue
            mean = interval(values)
            triple = [rounded(mean.mean), rounded(mean.half_width), mean.count]
            kept.setdefault(one.name, {}).setdefault(name, {}).setdefault(condition, {})[key] = triple
    return kept


def rounded(number: float) -> float:
    """The number to five significant digits."""
    return float(f"{number:.{DIGITS}g}")
