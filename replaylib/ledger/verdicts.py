"""Verdicts: from measurements of many seeds to the ledger's rows."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from replaylib.ledger.claims.base import TUNING_SEEDS, Claim, Outcome
from replaylib.ledger.provenance import code_hash, versions
from replaylib.ledger.replication import Plan, Tables, measuring_modules
from replaylib.measures.statistics import Effect, effect, holm, interval

FEW = 5
"""Seeds below which nothing is judged: a test of so few has hardly any power, and no check of its assumptions."""

LEVEL = 0.05
"""Chance that is accepted of calling any effect of a row supported where none of its effects is there [1]."""

DIGITS = 5
"""Significant digits that are kept."""


def judge(plan: Plan, tables: Tables) -> dict[str, Any]:
    """The ledger of a plan: a row for each claim and task, and the means that the chapters show.

    Effects are means over seeds of what one network shows against itself. The p-values of a row's tested effects are
    corrected together (Holm), and an effect is supported where its corrected p-value lies below 0.05, on the predicted
    side of its null (or, where the null itself is predicted, within the margin). A claim holds on a task where all its
    deciding effects are supported, partly where some are, and fails where none is. With fewer than five seeds, or where
    a seed could not be measured, it is not judged. An effect that is not defined in some networks is judged on the
    others, and its row tells their seeds.

    The family of a correction is the row, so that one claim on one task, measured alone, is judged as in the ledger,
    and no row's verdict depends on which others are asked for. The price: the chance of a false finding is 5 % in each
    row, not in the ledger, where many rows may hold one. "findings" tells how many effects are tested and supported in
    all, and how many would be if all of them were corrected together.
    """
    rows = [_row(one, name, plan, tables) for one in plan.claims for name in plan.tasks]
    return {
        "scale": asdict(plan.scale),
        "seeds": {"tuning": list(TUNING_SEEDS), "reporting": list(plan.seeds)},
        "level": LEVEL,
        # Those of the measuring: they are in the key of every cell, so that none was made with others.
        "versions": versions(*{name for one in plan.claims for name in measuring_modules(one)}),
        "code": {one.name: code_hash(*measuring_modules(one)) for one in plan.claims},
        "findings": _findings(rows),
        "rows": rows,
        "conditions": _conditions(plan, tables),
    }


def merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """A ledger to which claims are added that were measured later; those of ``old`` by the same names are replaced.

    All other rows, their means, and the hash of the code that made them stay as they are, so that a ledger still tells
    which of them are older than the code. "findings" are counted again over all rows.
    Raises ValueError where scale, seeds, level or versions of a package differ: one ledger tells one of each.
    """
    new = json.loads(json.dumps(new))  # as the old one was read: with lists for tuples
    for key in ("scale", "seeds", "level"):
        if old[key] != new[key]:
            raise ValueError(f"a ledger with the {key} {old[key]} can have no claims added with {new[key]}.")
    differ = {
        name for name in set(old["versions"]) & set(new["versions"]) if old["versions"][name] != new["versions"][name]
    }
    if differ:
        raise ValueError(
            "claims that are added to a ledger must be measured with its packages, but "
            + ", ".join(f"{name} is {new['versions'][name]} for {old['versions'][name]}" for name in sorted(differ))
            + "."
        )
    added = set(new["code"])
    rows = [row for row in old["rows"] if row["claim"] not in added] + list(new["rows"])
    rows.sort(key=lambda row: int(row["claim"][1:]))
    parts = {key: {**old[key], **new[key]} for key in ("versions", "code")}
    kept = {name: found for name, found in old["conditions"].items() if name not in added}
    return {**old, **parts, "findings": _findings(rows), "rows": rows, "conditions": {**kept, **new["conditions"]}}


def _row(one: Claim, name: str, plan: Plan, tables: Tables) -> dict[str, Any]:
    if name in one.not_for:
        return {"claim": one.name, "task": name, "verdict": "does not apply", "reason": one.not_for[name]}
    of_seed = tables.get((one.name, name), {})
    failed = [seed for seed in plan.seeds if seed not in of_seed]
    reason = f"not measured: seed {', '.join(map(str, failed))}" if failed else ""
    if not reason and len(plan.seeds) < FEW:
        reason = f"fewer than {FEW} seeds"
    outcomes = [outcome for outcome in one.outcomes if name in outcome.tasks]
    found = [_measured(outcome, of_seed) for outcome in outcomes]
    tested = [index for index, outcome in enumerate(outcomes) if outcome.predicted and found[index][1]]
    corrected = dict(zip(tested, holm([found[index][1].p for index in tested]), strict=True))  # type: ignore[union-attr]
    described = [
        _describe(outcome, *found[index], corrected.get(index), judged=not reason)
        for index, outcome in enumerate(outcomes)
    ]
    deciding = [outcome for outcome in described if outcome["decides"]]
    supported = sum(bool(outcome["supported"]) for outcome in deciding)
    verdict = "holds" if supported == len(deciding) else "partly" if supported else "fails"
    quick = "" if plan.scale.name == "full" else f" --{plan.scale.name}"
    command = f"python -m replaylib replicate --claim {one.name} --task {name}"
    head = ("measure", "label", "effect", "interval", "null", "p", "p_corrected", "seeds")
    return {
        "claim": one.name,
        "task": name,
        **({"verdict": "not judged", "reason": reason} if reason else {"verdict": verdict}),
        **{key: deciding[0][key] for key in head},
        "settings": json.loads(json.dumps(one.settings)),
        "command": f"{command} --seeds {' '.join(map(str, plan.seeds))}{quick} --json",
        "outcomes": described,
    }


def _measured(outcome: Outcome, of_seed: dict[int, Any]) -> tuple[list[int], Effect | None]:
    """Seeds for which an effect is defined, and the effect, where there are at least two."""
    values = {seed: outcome.value(table) for seed, table in of_seed.items()}
    sample = {seed: float(value) for seed, value in values.items() if value is not None}
    margin = outcome.margin if outcome.predicted == "at" else 0.0
    return list(sample), effect(list(sample.values()), outcome.null, margin=margin) if len(sample) > 1 else None


def _describe(
    outcome: Outcome, seeds: Sequence[int], found: Effect | None, corrected: float | None, *, judged: bool
) -> dict[str, Any]:
    """An effect as the ledger tells it; "supported" is None where it is not tested, or nothing is judged."""
    supported = None
    if judged and outcome.predicted:
        supported = corrected is not None and len(seeds) >= FEW and corrected < LEVEL and _as_predicted(outcome, found)
    return {
        "measure": outcome.name,
        "label": outcome.label,
        "unit": outcome.unit,
        "predicted": outcome.predicted,
        "null": outcome.null,
        "margin": outcome.margin,
        "decides": outcome.primary,
        "seeds": list(seeds),
        "effect": None if found is None else rounded(found.mean),
        "interval": None if found is None else [rounded(found.low), rounded(found.high)],
        "p": None if found is None or not outcome.predicted else rounded(found.p),
        "p_corrected": None if corrected is None else rounded(corrected),
        "supported": supported,
    }


def _as_predicted(outcome: Outcome, found: Effect | None) -> bool:
    if found is None:
        return False
    return {"above": found.mean > found.null, "below": found.mean < found.null}.get(outcome.predicted, True)


def _findings(rows: Sequence[dict[str, Any]]) -> dict[str, int]:
    """How many effects are tested and supported, and how many would be if all were corrected together."""
    tested = [
        one for row in rows for one in row.get("outcomes", []) if one["p"] is not None and one["supported"] is not None
    ]
    together = holm([one["p"] for one in tested])
    return {
        "tested": len(tested),
        "supported": sum(one["supported"] for one in tested),
        "supported_together": sum(one["supported"] and p < LEVEL for one, p in zip(tested, together, strict=True)),
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
