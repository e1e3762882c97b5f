"""Sweeps: many small measurements, each made once, on one core, several, or a cluster.

A sweep is a list of cells. Each finished cell is one file whose name ends with a hash of all that decides its result,
so that whatever stops a sweep, a second start runs only what is missing.
"""

import hashlib
import json
import os
import re
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tqdm import tqdm

from replaylib._border import Check, anything, check_folder, parse, read_json, record, text, whole, write
from replaylib.ledger.cluster import make_on_cluster
from replaylib.ledger.processes import make_in_processes
from replaylib.ledger.provenance import code_hash, versions

Result = dict[str, Any]
"""What a cell gives: numbers, text, lists and mappings that JSON can hold."""

CELL_BYTES = 2**26
"""Size of the largest cell's file [bytes]: a hundred times that of a network's."""

PROCESSES_A_CORE = 4
"""Processes that a sweep may use at most, for each core."""

_STORED = record({"result": anything, "sha256": text("[0-9a-f]{64}", "a SHA-256")})

FILE_NAME = re.compile(r"\w[\w.,+=-]*")
"""What a cell may be called."""


@dataclass(frozen=True, eq=False)
class Cell:
    """One measurement.

    name: for people, the beginning of its file's name, and part of its key. work: a function of a module, called as
    ``work(**settings)``, or ``work(needed, **settings)`` with the result of ``needs``, a cell that is made before.
    settings: what JSON can hold, NumPy's numbers too. modules: those whose code decides the result beside the module
    of ``work`` itself, where it finds them by name; what they import is found (``replaylib.ledger.provenance``).
    check: what its result must be. A cell that gives another has failed, and a stored one that holds another is made
    again.
    Raises ValueError where the name is no file's name, or ``work`` is no function at the top of a module.
    """

    name: str
    work: Callable[..., Result]
    settings: Mapping[str, Any]
    modules: tuple[str, ...] = ()
    needs: "Cell | None" = None
    check: Check = anything

    def __post_init__(self) -> None:
        if not FILE_NAME.fullmatch(self.name):
            raise ValueError(f"a cell's name must be letters, digits and any of _.,+=-, but {self.name!r} came.")
        if not getattr(self.work, "__qualname__", "<").isidentifier():
            raise ValueError(f"a cell's work must be a function at the top of a module, but {self.work!r} came.")

    @cached_property
    def source(self) -> dict[str, Any]:
        """Modules, hash of the code, and versions of the packages that decide the result."""
        modules = sorted({self.work.__module__, *self.modules})
        return {"modules": modules, "code": code_hash(*modules), "versions": versions(*modules)}

    @cached_property
    def key(self) -> str:
        """Hash of all that decides the result: the same for equal cells, wherever and whenever they are made."""
        needed = self.needs.key if self.needs else None
        described = [self.name, self.work.__qualname__, self.settings, self.source, needed]
        return hashlib.sha256(_json(described).encode()).hexdigest()[:20]

    def path(self, folder: Path, failed: bool = False) -> Path:
        """Where its result, or its error, is kept."""
        return folder / f"{self.name}-{self.key}.{'error' if failed else 'json'}"


@dataclass
class Sweep:
    """What a sweep has given: results by the key of their cell, and messages of failed cells by name."""

    results: dict[str, Result] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)


def grid(**axes: Any) -> list[dict[str, Any]]:
    """All combinations of the values of each axis, the last axis running fastest.

    Raises ValueError where there is no axis, or one is no list of values, or is empty, or holds a value twice.
    """
    if not axes:
        raise ValueError("a grid needs at least one axis, but none came.")
    axes = {name: values.tolist() if isinstance(values, np.ndarray) else values for name, values in axes.items()}
    for name, values in axes.items():
        if isinstance(values, str) or not isinstance(values, Sequence) or not len(values):
            raise ValueError(f"the axis {name} must be a list of at least one value, but {values!r} came.")
        if len({_json(value) for value in values}) < len(values):
            raise ValueError(f"the axis {name} must hold each value once, but {list(values)} came.")
    return [dict(zip(axes, values, strict=True)) for values in product(*axes.values())]


def read_cell(cell: Cell, folder: Path) -> Result | None:
    """The stored result of a cell; None where it is not there, or is damaged, of which a warning tells."""
    path = cell.path(folder)
    if not path.is_file():
        return None
    try:
        stored = read_json(path, _STORED, "a cell", "cell", CELL_BYTES)
        result: Result = stored["result"]
        if stored["sha256"] != _checksum(result):
            raise ValueError("its checksum differs")
        cell.check(result, "cell.result")
    except (ValueError, OSError) as error:
        reason = str(error).removeprefix(f"{path}: ").rstrip(".")
        warnings.warn(f"{path} must be a whole cell, but is damaged ({reason}): it is measured again.", stacklevel=2)
        return None
    return result


def _checksum(result: Result) -> str:
    return hashlib.sha256(_json(result).encode()).hexdigest()


def _json(content: object) -> str:
    """Content as JSON, with NumPy's and PyTorch's numbers and arrays as plain ones. Raises TypeError for others."""
    return json.dumps(content, sort_keys=True, default=_plain)


def _plain(one: object) -> Any:
    if isinstance(one, (np.generic, np.ndarray, torch.Tensor)):
        return one.tolist()
    if isinstance(one, Mapping):
        return dict(one)
    raise TypeError(f"JSON must be able to hold it, but {one!r} came")


def _write(cell: Cell, folder: Path, content: Mapping[str, Any], failed: bool = False) -> None:
    path = cell.path(folder, failed)
    try:
        write(path, (_json(content) + "\n").encode())
    except OSError as error:
        raise OSError(
            f"{path.name} must be written to {folder}, but cannot be ({error.strerror}); what is finished stays there."
        ) from error


def attempt(
    work: Callable[..., Result], settings: Mapping[str, Any], source: Mapping[str, Any], needed: Any = None
) -> dict[str, Any]:
    """Run one cell on one thread and return {"result": ...}, as JSON holds it, or {"error": text} whatever went wrong.

    source: the code and versions that the cell's key tells of. Where those of this process are others there is no
    result, so that a key is true whichever machine made its cell.
    """
    torch.set_num_threads(1)
    if isinstance(needed, dict) and "error" in needed:
        return {"error": f"what it needs has failed: {needed['error'].strip().splitlines()[-1]}"}
    arguments = () if needed is None else (needed["result"],)
    try:
        _check_source(source)
        # As it will be read: JSON turns tuples to lists and keys to strings, and NaN is no number there.
        return {"result": parse(_json(work(*arguments, **settings)), "a cell's result", "numbers, text and lists")}
    except Exception:  # a failing cell must not stop the others
        return {"error": traceback.format_exc()}


def _check_source(source: Mapping[str, Any]) -> None:
    modules = source["modules"]
    if "__main__" in modules:  # a script, whose functions travel to other processes by value
        return
    here = {"code": code_hash(*modules), "versions": versions(*modules)}
    if wrong := [f"{name} {here[name]} for {source[name]}" for name in here if here[name] != source[name]]:
        raise ValueError(f"a worker must have the code and the packages of the sweep, but has {', '.join(wrong)}.")


def run(cells: Sequence[Cell], folder: Path, workers: int | None = None, scheduler: str | None = None) -> Sweep:
    """Make all cells that ``folder`` lacks, with a progress bar, and return what all of them gave.

    workers: processes on this machine, one a core by default; 0 runs the cells in this one. No port is opened.
    scheduler: address of a Dask scheduler whose workers have this package, instead; it must be trusted, since what
    comes back is unpickled. Results are written here: the workers need no common disk.
    Raises ValueError where the address or a number is wrong, or nothing can be written to ``folder``, ConnectionError
    where no scheduler answers, ModuleNotFoundError where Dask is missing, ChildProcessError where a process cannot
    start, and OSError where a result cannot be written.
    """
    if workers is not None:
        whole(0, PROCESSES_A_CORE * (os.cpu_count() or 1))(workers, "workers")
    if not cells:
        raise ValueError("a sweep needs at least one cell, but none came.")
    check_folder(folder)
    wanted = {cell.key: cell for cell in cells}
    found = {key: read_cell(cell, folder) for key, cell in wanted.items()}
    sweep = Sweep({key: result for key, result in found.items() if result is not None})
    order, stored = _missing([cell for key, cell in wanted.items() if found[key] is None], sweep.results, folder)
    if not order:
        return sweep
    if scheduler is not None:
        made = make_on_cluster(attempt, order, stored, scheduler)
    elif workers == 0:
        made = _here(order, stored)
    else:
        made = make_in_processes(attempt, order, stored, workers or os.cpu_count() or 1)
    with tqdm(made, total=len(order), desc="cells", unit="cell", smoothing=0.05) as bar:
        for cell, came in bar:
            outcome = _checked(cell, came)
            if "error" in outcome:
                sweep.failed[cell.name] = outcome["error"].strip().splitlines()[-1]
                _write(cell, folder, {"name": cell.name, **outcome}, failed=True)
                continue
            result = outcome["result"]
            told = {"name": cell.name, "settings": cell.settings, "source": cell.source}
            _write(cell, folder, {**told, "result": result, "sha256": _checksum(result)})
            cell.path(folder, failed=True).unlink(missing_ok=True)
            if cell.key in wanted:
                sweep.results[cell.key] = result
    return sweep


def _checked(cell: Cell, outcome: dict[str, Any]) -> dict[str, Any]:
    """An outcome, which is an error where the result is not what the cell's must be."""
    try:
        cell.check(outcome.get("result"), "its result") if "error" not in outcome else None
    except ValueError as error:
        return {"error": f"ValueError: {error}"}
    return outcome


def _missing(
    cells: Sequence[Cell], results: Mapping[str, Result], folder: Path
) -> tuple[list[Cell], dict[str, Result]]:
    """What must be made, each cell after what it needs, and the results of needs that are there already."""
    order: dict[str, Cell] = {}
    wanted = {cell.key for cell in cells}
    stored: dict[str, Result] = {}

    def add(cell: Cell) -> None:
        need = cell.needs
        if need is not None and need.key not in order and need.key not in stored:
            result = results.get(need.key)
            if result is None and need.key not in wanted:
                result = read_cell(need, folder)
            if result is None:
                add(need)
            else:
                stored[need.key] = result
        order.setdefault(cell.key, cell)

    for cell in cells:
        add(cell)
    return list(order.values()), stored


def _here(order: Sequence[Cell], stored: Mapping[str, Result]) -> Iterator[tuple[Cell, dict[str, Any]]]:
    outcomes: dict[str, Any] = {key: {"result": result} for key, result in stored.items()}
    for cell in order:
        needed = outcomes[cell.needs.key] if cell.needs else None
        outcomes[cell.key] = attempt(cell.work, cell.settings, cell.source, needed)
        yield cell, outcomes[cell.key]
