"""From the claims to the cells of a sweep: one training or measurement for each task, seed and part."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import isfinite
from pathlib import Path
from typing import Any

from replaylib.dynamics.rule import Dynamics
from replaylib.ledger.claims import claim as find_claim
from replaylib.ledger.claims.base import SCALES, TASK_NAMES, Claim, Scale, Table
from replaylib.ledger.claims.replays import measure_conditions
from replaylib.ledger.sweep import Cell, Result, Sweep, grid, pack, run, unpack
from replaylib.networks import pretrained
from replaylib.networks.network import PathIntegrator
from replaylib.networks.replaying import replay_noise
from replaylib.networks.training import Trainer, TrainingSettings
from replaylib.world.tasks import task as make_task

TRAINING = tuple(
    f"replaylib.{name}"
    for name in (
        "dynamics._kernels",
        "dynamics.rule",
        "world.motion",
        "world.place_cells",
        "world.spaces",
        "world.tasks",
        "networks.network",
        "networks.training",
        "networks.pretrained",
    )
)
"""Modules that decide what a trained network is."""

MEASURING = (*TRAINING, "replaylib.networks.replaying", "replaylib.measures.metrics", "replaylib.ledger.claims.replays")
"""Modules that decide what is measured of its replay."""

SCORING = ("replaylib.theory.markov_paths", "replaylib.theory.score_estimates", "replaylib.networks.gaussian_paths")
"""Modules that decide what is found about scores."""


def modules(one: Claim) -> tuple[str, ...]:
    """The modules whose code decides the measurements of a claim."""
    own = one.measure.__module__
    return (*MEASURING, own, *(SCORING if own.endswith("score") else ()))


def train_network(task: str, seed: int, recipe: Mapping[str, Any], sha256: str | None) -> Result:
    """The weights of a task's network, packed: the pretrained ones where there are some, else trained now."""
    if sha256 is not None:
        pretrained.load(task, seed)
        return pack((pretrained.FOLDER / f"{task}-{seed}.safetensors").read_bytes())
    path_task = make_task(task)
    network = pretrained.RECIPES[task].network(path_task, seed)
    settings = TrainingSettings(**{**asdict(pretrained.RECIPES[task].training), "seed": seed})
    Trainer(network, path_task, settings).run()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "network.safetensors"
        pretrained.save(network, path)
        return pack(path.read_bytes())


def _unpacked(weights: Result) -> PathIntegrator:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "network.safetensors"
        path.write_bytes(unpack(weights))
        return pretrained.load_file(path)


def measure(
    weights: Result | None = None, *, claim: str, task: str, seed: int, part: str, scale: Mapping[str, Any]
) -> Table:
    """One part of a claim on one task with one seed; what is not finite is left out."""
    network = None if weights is None else _unpacked(weights)
    settings = Scale(**{**scale, "training": tuple(scale["training"])})
    table = find_claim(claim).measure(network, task, seed, part, settings)
    return {
        condition: {name: float(value) for name, value in measures.items() if isfinite(value)}
        for condition, measures in table.items()
    }


def network_cell(name: str, seed: int) -> Cell:
    """The training of a task's network by its recipe. Raises ValueError where the task is unknown."""
    if name not in TASK_NAMES:
        raise ValueError(f"task must be one of {', '.join(TASK_NAMES)}, but {name!r} came.")
    sha256 = pretrained.card(name, seed)["sha256"] if seed in pretrained.seeds(name) else None
    settings = {"task": name, "seed": seed, "recipe": asdict(pretrained.RECIPES[name]), "sha256": sha256}
    return Cell(f"network-{name}-{seed}", train_network, settings, TRAINING)


def claim_cells(one: Claim, name: str, seed: int, scale: Scale) -> list[Cell]:
    """The cells of one claim for one task and seed."""
    trained = one.needs_network and name in TASK_NAMES
    need = network_cell(name, seed) if trained else None
    parts = one.parts(name) if name in TASK_NAMES else ("",)
    return [
        Cell(
            "-".join([one.name, name, str(seed), *([f"p{index}"] if part else [])]),
            measure,
            {"claim": one.name, "task": name, "seed": seed, "part": part, "scale": asdict(scale)},
            modules(one),
            need,
        )
        for index, part in enumerate(parts)
    ]


@dataclass(frozen=True)
class Plan:
    """What is to be replicated: claims, tasks, seeds, and at which scale."""

    claims: tuple[Claim, ...]
    tasks: tuple[str, ...]
    seeds: tuple[int, ...]
    scale: Scale = SCALES["full"]

    def __post_init__(self) -> None:
        for name in self.tasks:
            if name not in (*TASK_NAMES, "linear-gaussian"):
                raise ValueError(f"task must be one of {', '.join(TASK_NAMES)}, linear-gaussian, but {name!r} came.")
        if len(set(self.seeds)) != len(self.seeds) or len(self.seeds) < 2 or min(self.seeds) < 0:
            raise ValueError(f"seeds must be at least two different whole numbers from 0, but {list(self.seeds)} came.")

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


AXES = ("task", "seed", "friction", "adaptation_strength", "adaptation_time", "noise", "adaptation_inside")
"""What a grid of replays may vary; ``noise`` is over that of plain replay, and is rescaled with friction."""


def read_grid(path: Path) -> list[dict[str, Any]]:
    """The points of a grid in a JSON file, which maps axes to lists of values; "task" is needed.

    Raises FileNotFoundError where there is no file, ValueError where it is no JSON object or names another axis.
    """
    if not path.is_file():
        raise FileNotFoundError(f"a grid was expected at {path}, but there is no file.")
    try:
        axes = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path} must be a grid in JSON, but cannot be read: {error}.") from error
    if not isinstance(axes, dict) or "task" not in axes or set(axes) - set(AXES):
        came = list(axes) if isinstance(axes, dict) else axes
        raise ValueError(f"a grid must have the axis task and may have {', '.join(AXES[1:])}, but {came!r} came.")
    return grid(**axes)


def replay_cells(points: Sequence[Mapping[str, Any]]) -> list[Cell]:
    """One cell for each point of a grid of replays.

    Raises ValueError where a value lies outside its range, FileNotFoundError where a network is not pretrained.
    """
    cells = []
    for point in points:
        name, seed = point["task"], point.get("seed", 0)
        need = network_cell(name, seed)
        if seed not in pretrained.seeds(name):
            pretrained.card(name, seed)
        _replay_dynamics(1.0, point)
        label = "-".join(str(value) for value in point.values())
        cells.append(Cell(f"replay-{label}", measure_replay, {**point, "seed": seed}, MEASURING, need))
    return cells


def _replay_dynamics(noise_std: float, point: Mapping[str, Any]) -> Dynamics:
    return Dynamics(
        1.0,
        point.get("adaptation_strength", 0.0),
        point.get("adaptation_time", 40.0),
        noise_std * point.get("noise", 1.0),
        point.get("adaptation_inside", False),
    ).with_friction(point.get("friction", 1.0))


def measure_replay(weights: Result, **point: Any) -> dict[str, float]:
    """The measures of 64 replays of 600 steps at one point of a grid; what is not finite is left out."""
    network = _unpacked(weights)
    conditions = {"replay": _replay_dynamics(replay_noise(network), point)}
    table = measure_conditions(network, make_task(point["task"]), point["seed"], SCALES["full"], conditions)
    return {name: value for name, value in table.get("replay", {}).items() if isfinite(value)}
