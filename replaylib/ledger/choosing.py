"""Settings of replay are chosen by one rule, on networks of the tuning seeds, before any claim is measured.

A setting is *tolerated* where replay stays on the path for 90 % of its time and no more than 1 % of its steps are
jumps, in the mean over the tuning networks of a task. Its price is the distance to the awake law, its speed is told in
times that of the running animal.

- For all tasks, the book's "adaptation" and "together": the setting that every task tolerates with the highest speed,
  in the mean over tasks, without momentum (friction 1) and with it.
- For each task, "fastest alone" and "fastest together": the fastest that it tolerates, without momentum and with it.
- For each task and the speeds 0.5, 1 and 1.5, "alone at 1" and so on: the cheapest of those tolerated that are at least
  as fast, and where none is, the fastest.
- "as near as alone": the fastest tolerated with momentum whose price is no higher than that of "alone at 1".
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from statistics import fmean
from typing import Any

from replaylib._storage import write_atomically
from replaylib.ledger.measurements.replays import Setting
from replaylib.ledger.measurements.scale import Table
from replaylib.ledger.measurements.tuning import GRID
from replaylib.measures.designing import JUMPS, ON_PATH

PATH = Path(__file__).parent / "results" / "choices.json"
"""What was tried on the tuning seeds, and what was chosen.

:meta hide-value:
"""

SPEEDS = (0.5, 1.0, 1.5)
"""Speeds at which prices are compared, in times that of the running animal [1]."""

MEASURES = ("speed", "sliced_wasserstein", "share_on_path", "jump_share", "coverage", "reach_time")
"""What is kept of each setting that was tried."""


@dataclass(frozen=True)
class Trial:
    """A setting that was tried on a task, and the means over tuning networks: ``MEASURES``, in this order."""

    setting: Setting
    speed: float
    price: float
    share_on_path: float
    jump_share: float
    coverage: float
    reach_time: float

    @property
    def tolerated(self) -> bool:
        """Whether replay keeps to the path without jumps."""
        return self.share_on_path >= ON_PATH and self.jump_share <= JUMPS


def trials(tables: Sequence[Table]) -> list[Trial]:
    """The trials of a task from the tables of its networks; a setting with which one of them diverges has none."""
    kept = [setting for setting in GRID if all(setting.name in table for table in tables)]
    return [Trial(one, *(fmean(table[one.name][key] for table in tables) for key in MEASURES)) for one in kept]


def alone(trial: Trial) -> bool:
    """Whether it has no momentum."""
    return trial.setting.friction == 1


def together(trial: Trial) -> bool:
    """Whether it has momentum."""
    return trial.setting.friction < 1


def choose(tried: Mapping[str, Sequence[Trial]]) -> dict[str, dict[str, Setting]]:
    """The settings that the rule of this module chooses for each task, by name.

    Raises ValueError where no setting is tolerated.
    """
    book = {"adaptation": for_all(tried, alone), "together": for_all(tried, together)}
    return {name: {**book, **for_one(found)} for name, found in tried.items()}


def for_all(tried: Mapping[str, Sequence[Trial]], kind: Callable[[Trial], bool]) -> Setting:
    """The fastest setting of its kind that every task tolerates. Raises ValueError where there is none."""
    by_setting = [{one.setting: one for one in found if kind(one) and one.tolerated} for found in tried.values()]
    common = [setting for setting in by_setting[0] if all(setting in others for others in by_setting)]
    if not common:
        raise ValueError(f"some setting must be tolerated by {', '.join(tried)}, but none is.")
    return max(common, key=lambda setting: fmean(found[setting].speed for found in by_setting))


def for_one(found: Sequence[Trial]) -> dict[str, Setting]:
    """The settings that are chosen for one task by itself. Raises ValueError where none is tolerated."""
    chosen: dict[str, Setting] = {}
    for label, kind in (("alone", alone), ("together", together)):
        fit = [one for one in found if kind(one) and one.tolerated]
        if not fit:
            raise ValueError(f"some setting must be tolerated {label}, but none is.")
        fastest = max(fit, key=lambda one: one.speed)
        chosen[f"fastest {label}"] = fastest.setting
        for speed in SPEEDS:
            enough = [one for one in fit if one.speed >= speed] or [fastest]
            chosen[f"{label} at {speed:g}"] = min(enough, key=lambda one: one.price).setting
    limit = next(one.price for one in found if one.setting == chosen["alone at 1"])
    near = [one for one in found if together(one) and one.tolerated and one.price <= limit]
    # Where momentum is never as near, what is nearest is compared.
    best = max(near, key=lambda one: one.speed) if near else min(fit, key=lambda one: one.price)
    return {**chosen, "as near as alone": best.setting}


def write(tables: Mapping[str, Sequence[Table]], seeds: Sequence[int], path: Path = PATH) -> None:
    """Choose from the tables of each task's networks, and write what was tried and chosen, atomically."""
    tried = {name: trials(found) for name, found in tables.items()}
    plain = {
        name: {key: fmean(one["plain"][key] for one in found) for key in MEASURES} for name, found in tables.items()
    }
    content = {
        "seeds": list(seeds),
        "measures": MEASURES,
        "plain": plain,
        "tried": {name: [_flat(one) for one in found] for name, found in tried.items()},
        "chosen": {name: {key: asdict(one) for key, one in found.items()} for name, found in choose(tried).items()},
    }
    write_atomically(path, (json.dumps(content, separators=(",", ":")) + "\n").encode())


def _flat(trial: Trial) -> list[float]:
    numbers = (trial.speed, trial.price, trial.share_on_path, trial.jump_share, trial.coverage, trial.reach_time)
    return [trial.setting.strength, trial.setting.time, trial.setting.friction, *(float(f"{n:.4g}") for n in numbers)]


@cache
def read(path: Path = PATH) -> dict[str, Any]:
    """What ``write`` has written. Raises FileNotFoundError where there is nothing."""
    if not path.is_file():
        raise FileNotFoundError(f"chosen settings were expected at {path}, but are not there: make tune writes them.")
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def tried(task: str) -> list[Trial]:
    """What was tried on a task. Raises KeyError where the task was not."""
    return [Trial(Setting(*row[:3]), *row[3:]) for row in read()["tried"][task]]


def chosen(task: str) -> dict[str, Setting]:
    """What was chosen for a task, by name; for a task on which nothing was tried, the book's settings alone."""
    found: Mapping[str, Mapping[str, Mapping[str, float]]] = read()["chosen"]
    of_task = found.get(task)
    if of_task is None:
        first = next(iter(found.values()))
        of_task = {name: first[name] for name in ("adaptation", "together")}
    return {name: Setting(**one) for name, one in of_task.items()}
