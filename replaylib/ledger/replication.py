"""From the claims to the cells of a sweep: one training or measurement for each task, seed and part."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from replaylib._border import mapped, number, record, text, whole
from replaylib._streams import LARGEST_SEED
from replaylib.ledger import choosing
from replaylib.ledger.claims import CLAIMS
from replaylib.ledger.claims.base import FULL, PUBLISHED, REPORTING_SEEDS, TASK_NAMES, Claim
from replaylib.ledger.measurements.parts import measure_part
from replaylib.ledger.measurements.scale import Scale, Table
from replaylib.ledger.measurements.tuning import measure_tuning
from replaylib.ledger.measurements.weights import network_of, train_network
from replaylib.ledger.sweep import Cell, Sweep, run
from replaylib.networks import pretrained

CHOOSING_SEEDS = (0, 1, 2)
"""The tuning seeds of which every task has a pretrained network."""

MOST_SEEDS = 1000
"""Seeds of the largest replication."""

TASKS_AND_PATHS = (*TASK_NAMES, "linear-gaussian", *PUBLISHED)
"""All that a claim may be asked about."""


def network_cell(name: str, seed: int) -> Cell:
    """The training of a task's network by its recipe. Raises ValueError where the task is unknown."""
    if name not in TASK_NAMES:
        raise ValueError(f"task must be one of {', '.join(TASK_NAMES)}, but {name!r} came.")
    sha256 = pretrained.card(name, seed)["sha256"] if seed in pretrained.seeds(name) else None
    settings = {"task": name, "seed": seed, "recipe": asdict(pretrained.RECIPES[name]), "sha256": sha256}
    return Cell(f"network-{name}-{seed}", train_network, settings, check=check_weights)


def check_weights(value: Any, where: str) -> None:
    """Raise ValueError where a cell's result is not the file of a network that can be read."""
    record({"base64": text("[A-Za-z0-9+/=]+", "a file in base64")}, others=False)(value, where)
    try:
        network_of(value)
    except (ValueError, OSError) as error:
        raise ValueError(f"{where}.base64 must be a network's file, but cannot be read: {error}") from error


TABLE = mapped(mapped(number()))
"""What a measurement gives: measures by condition."""


def measuring_modules(one: Claim) -> tuple[str, str]:
    """The modules that measure a claim and train its networks; what it says, and how it is judged, stand elsewhere."""
    return measure_part.__module__, one.measure.__module__


def claim_cells(one: Claim, name: str, seed: int, scale: Scale) -> list[Cell]:
    """The cells of one claim for one task and seed."""
    trained = one.needs_network and name in TASK_NAMES
    need = network_cell(name, seed) if trained else None
    parts = ("",) if name == "linear-gaussian" else one.parts(name)
    work = f"{one.measure.__module__}.{one.measure.__qualname__}"
    shared: dict[str, Any] = {"measure": work, "task": name, "seed": seed, "scale": asdict(scale)}
    if one.by_choice:
        shared["chosen"] = {key: asdict(setting) for key, setting in choosing.chosen(name).items()}
    return [
        Cell(
            "-".join([one.name, name, str(seed), *([f"p{index}"] if part else [])]),
            measure_part,
            {**shared, "part": part},
            (one.measure.__module__,),
            need,
            TABLE,
        )
        for index, part in enumerate(parts)
    ]


def tuning_cells(tasks: Sequence[str] = TASK_NAMES, scale: Scale = FULL) -> dict[tuple[str, int], Cell]:
    """The cells on which settings are chosen, by task and tuning seed: those networks that every task has."""
    work = f"{measure_tuning.__module__}.{measure_tuning.__qualname__}"
    common = {"measure": work, "part": "", "scale": asdict(scale)}
    return {
        (name, seed): Cell(
            f"tuning-{name}-{seed}",
            measure_part,
            {**common, "task": name, "seed": seed},
            (measure_tuning.__module__,),
            network_cell(name, seed),
            TABLE,
        )
        for seed in CHOOSING_SEEDS
        for name in tasks
    }


def tune(folder: Path, workers: int | None = None) -> Sweep:
    """Try all settings on the tuning networks, what ``folder`` lacks, and write what was tried and what is chosen.

    Nothing is written where a cell fails. Raises as ``replaylib.ledger.sweep.run``.
    """
    cells = tuning_cells()
    sweep = run(list(cells.values()), folder, workers)
    if not sweep.failed:
        tables = {name: [sweep.results[cells[name, seed].key] for seed in CHOOSING_SEEDS] for name in TASK_NAMES}
        choosing.write(tables, CHOOSING_SEEDS)
    return sweep


@dataclass(frozen=True)
class Plan:
    """What is to be replicated: claims, tasks, seeds, and at which scale."""

    claims: tuple[Claim, ...]
    tasks: tuple[str, ...]
    seeds: tuple[int, ...]
    scale: Scale = FULL

    def __post_init__(self) -> None:
        for name in self.tasks:
            if name not in TASKS_AND_PATHS:
                raise ValueError(f"task must be one of {', '.join(TASKS_AND_PATHS)}, but {name!r} came.")
        if not 2 <= len(self.seeds) <= MOST_SEEDS or len(set(self.seeds)) != len(self.seeds):
            shown = list(self.seeds[:4]) + ["..."] * (len(self.seeds) > 4)
            raise ValueError(f"seeds must be at least two different ones, {MOST_SEEDS} at most, but {shown} came.")
        for index, seed in enumerate(self.seeds):
            whole(0, LARGEST_SEED)(seed, f"seeds[{index}]")

    @property
    def whole(self) -> bool:
        """Whether this is all that the book's ledger tells of these claims: all tasks, its seeds, its scale."""
        return self == Plan(self.claims, TASKS_AND_PATHS, REPORTING_SEEDS)

    @property
    def complete(self) -> bool:
        """Whether all claims are measured."""
        return self.claims == CLAIMS

    @property
    def pairs(self) -> list[tuple[Claim, str]]:
        """Claims with the tasks to which they apply."""
        return [(one, name) for one in self.claims for name in self.tasks if name not in one.not_for]

    def cells(self) -> list[Cell]:
        """All cells, those of one seed after those of another, so that a stopped sweep has whole seeds."""
        return [
            cell for seed in self.seeds for one, name in self.pairs for cell in claim_cells(one, name, seed, self.scale)
        ]


Tables = dict[tuple[str, str], dict[int, Table]]
"""Measures by (claim, task) and seed."""


def replicate(
    plan: Plan, folder: Path, workers: int | None = None, scheduler: str | None = None
) -> tuple[Tables, Sweep]:
    """Make what ``folder`` lacks of a plan, and return its tables, and the sweep with what failed.

    A seed of which a part failed has no table. Raises as ``replaylib.ledger.sweep.run``.
    """
    sweep = run(plan.cells(), folder, workers, scheduler)
    tables: Tables = {}
    for one, name in plan.pairs:
        of_pair = tables.setdefault((one.name, name), {})
        for seed in plan.seeds:
            keys = [cell.key for cell in claim_cells(one, name, seed, plan.scale)]
            if all(key in sweep.results for key in keys):
                of_pair[seed] = {condition: row for key in keys for condition, row in sweep.results[key].items()}
    return tables, sweep
