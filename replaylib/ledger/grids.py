"""Grids of replays that a user writes: a JSON file of settings, each a list of values, and one cell for each point."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from replaylib._border import listed, mapped, number, one_of, read_json, record, truth, whole
from replaylib._streams import LARGEST_SEED
from replaylib.ledger.claims.base import FULL, TASK_NAMES
from replaylib.ledger.measurements.grid_point import measure_point
from replaylib.ledger.measurements.parts import dynamics_of
from replaylib.ledger.replication import network_cell
from replaylib.ledger.sweep import Cell, grid
from replaylib.networks import pretrained

AXES = {
    "task": one_of(*TASK_NAMES),
    "seed": whole(0, LARGEST_SEED),
    "friction": number(above=0.0, below=2.0),
    "adaptation_strength": number(0.0, 1e6),
    "adaptation_time": number(1.0, 1e6),
    "noise": number(0.0, 1e6),
    "adaptation_inside": truth,
}
"""What a grid of replays may vary; ``noise`` is over that of plain replay, and is rescaled with friction."""

MOST_POINTS = 10_000
"""Points of the largest grid: hours on one core."""

_LISTS = {name: listed(check, 1, MOST_POINTS) for name, check in AXES.items()}
GRID = record({"task": _LISTS["task"]}, _LISTS, others=False)
"""What the file of a grid must hold."""


def read_grid(path: Path) -> list[dict[str, Any]]:
    """The points of a grid in a JSON file, which maps axes to lists of values; "task" is needed.

    Raises FileNotFoundError where there is no file, ValueError, with the path to what is wrong, where it is no grid.
    """
    if not path.exists():
        raise FileNotFoundError(f"a grid was expected at {path}, but there is no file.")
    axes = read_json(path, GRID, "a grid", "grid", most=2**20)
    points = math.prod(map(len, axes.values()))
    if points > MOST_POINTS:
        raise ValueError(f"{path}: grid must have at most {MOST_POINTS} points, but its axes make {points}.")
    plain = {name: [_plain(value) for value in values] for name, values in axes.items()}
    for name, values in plain.items():
        if len({*values}) < len(values):
            raise ValueError(f"{path}: grid.{name} must hold each value once, but one of them comes twice.")
    return grid(**plain)


def _plain(value: Any) -> Any:
    """A number as that of one kind, so that 1 and 1.0 are one value."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def replay_cells(points: Sequence[Mapping[str, Any]]) -> list[Cell]:
    """One cell for each point of a grid of replays.

    Raises ValueError where a value lies outside its range, FileNotFoundError where a network is not pretrained.
    """
    need = cache(_pretrained_cell)
    cells = []
    for point in points:
        for name, value in point.items():
            AXES[name](value, name)
        seed = point.get("seed", 0)
        dynamics_of(point, noise_std=1.0)
        label = "-".join(str(value) for value in point.values())
        settings = {**point, "seed": seed, "scale": asdict(FULL)}
        cells.append(Cell(f"replay-{label}", measure_point, settings, (), need(point["task"], seed), mapped(number())))
    return cells


def _pretrained_cell(name: str, seed: int) -> Cell:
    if seed not in pretrained.seeds(name):
        pretrained.card(name, seed)
    return network_cell(name, seed)
