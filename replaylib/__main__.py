"""The command line: ``python -m replaylib train | replay | tune | replicate | sweep``."""

import json
import os
import signal
import sys
import warnings

if __name__ == "__main__":
    # Ctrl-C while PyTorch is being loaded, which takes seconds: there is nothing yet to tell of or to clear away.
    signal.signal(signal.SIGINT, lambda *_: os._exit(130))

os.environ.setdefault("OMP_NUM_THREADS", "1")  # small networks run faster on one thread; PyTorch reads it when loaded

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, NoReturn

import torch
import typer

from replaylib._border import heed_umask, whole
from replaylib.dynamics.rule import Dynamics
from replaylib.ledger import choosing, ledger
from replaylib.ledger.claims import CLAIMS
from replaylib.ledger.claims import claim as find_claim
from replaylib.ledger.claims.base import FULL, QUICK, REPORTING_SEEDS
from replaylib.ledger.grids import AXES, read_grid, replay_cells
from replaylib.ledger.replication import TASKS_AND_PATHS, Plan, replicate, tune
from replaylib.ledger.sweep import Sweep, run
from replaylib.ledger.verdicts import judge, merged
from replaylib.measures import metrics
from replaylib.networks import pretrained
from replaylib.networks.border import check_network, check_training
from replaylib.networks.replaying import awake_states, replay, replay_noise
from replaylib.world.tasks import TASKS, task

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)

REPLICATION = Path("replication")
"""Where finished cells are kept, in the folder where the command is given."""

TRAINED = Path("networks")
"""Where trained networks are written, in the folder where the command is given: not into an installed package."""

REPLAY = {"steps": whole(21, 100_000), **{name: check for name, check in AXES.items() if name != "task"}}
"""What the options of ``replay`` may be: steps enough for a measure over 20, and not beyond memory and patience."""

TaskName = Annotated[str, typer.Argument(help=f"one of {', '.join(TASKS)}")]


@app.command("train")
def train_command(
    name: TaskName,
    seed: int = 0,
    folder: Annotated[Path, typer.Option(help="where weights and card are written")] = TRAINED,
) -> None:
    """Train one network by its recipe and write weights and card; run again to resume."""
    torch.set_num_threads(1)
    check_training(name, seed, folder)
    pretrained.make(name, seed, folder)
    for kind in ("safetensors", "json"):
        heed_umask(folder / f"{name}-{seed}.{kind}")
    typer.echo(json.dumps(pretrained.card(name, seed, folder)["held_out_decoding_error_m"]))


@app.command("replay")
def replay_command(
    name: TaskName,
    seed: int = 0,
    steps: int = 600,
    friction: float = 1.0,
    adaptation_strength: float = 0.0,
    adaptation_time: float = 20.0,
    folder: Annotated[
        Path, typer.Option(help="where the network is; the package's own by default")
    ] = pretrained.FOLDER,
) -> None:
    """Replay with a trained network (64 paths, noise scaled by sqrt(friction)) and tell the measures as JSON."""
    settings = {"seed": seed, "steps": steps, "friction": friction}
    settings |= {"adaptation_strength": adaptation_strength, "adaptation_time": adaptation_time}
    for option, value in settings.items():
        REPLAY[option](value, f"--{option.replace('_', '-')}")
    check_network(name, seed, folder)
    network, path_task = pretrained.load(name, seed, folder), task(name)
    generator = torch.Generator().manual_seed(seed)
    start = awake_states(network, path_task, 64, generator)
    dynamics = Dynamics(
        adaptation_strength=adaptation_strength, adaptation_time=adaptation_time, noise_std=replay_noise(network)
    ).with_friction(friction)
    position = replay(network, start, steps, dynamics, generator, keep="position").position
    awake = path_task.batch(64, generator).position
    measures = {
        "sliced_wasserstein_m": metrics.sliced_wasserstein(position, awake),
        "share_on_path": metrics.share_on_path(position, path_task.space),
        "displacement_20_steps_m": metrics.displacement(position, 20),
        "coverage": metrics.coverage(position, path_task.space),
        "reach_time_steps": metrics.reach_time(position, path_task.space),
    }
    told = {"task": name, "seed": seed, "steps": steps, "dynamics": asdict(dynamics), **measures}
    typer.echo(json.dumps(told, allow_nan=False))


@app.command("replicate")
def replicate_command(
    claim: Annotated[list[str] | None, typer.Option(help="C1 to C14; all by default, again for more")] = None,
    task_name: Annotated[
        list[str] | None,
        typer.Option("--task", help="as above, linear-gaussian, or TRACK-published"),
    ] = None,
    seeds: Annotated[list[int] | None, typer.Option(help="two or more; those of the ledger by default")] = None,
    more_seeds: Annotated[list[int] | None, typer.Argument(hidden=True)] = None,
    quick: Annotated[bool, typer.Option(help="short replays and trainings, with the seeds 0 and 1")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print the rows as JSON")] = False,
    write: Annotated[
        bool, typer.Option("--write", help="write the ledger that the book reads, or add the claims to it")
    ] = False,
    ledger_file: Annotated[Path | None, typer.Option("--ledger", help="write a ledger to this file instead")] = None,
    folder: Annotated[Path, typer.Option(help="where finished cells are kept")] = REPLICATION,
    workers: Annotated[int | None, typer.Option(help="processes, one a core by default; 0: this one")] = None,
    scheduler: Annotated[str | None, typer.Option(help="address of a Dask scheduler to use instead")] = None,
) -> None:
    """Measure claims of the ledger again, or what is missing of them, and tell effects, intervals and verdicts."""
    plan = Plan(
        tuple(map(find_claim, claim)) if claim else CLAIMS,
        tuple(task_name or TASKS_AND_PATHS),
        tuple([*(seeds or []), *(more_seeds or [])] or ((0, 1) if quick else REPORTING_SEEDS)),
        QUICK if quick else FULL,
    )
    to = ledger_file or (ledger.PATH if write else None)
    if to is not None:
        ledger.check_place(to, whole=plan.whole, complete=plan.complete)
    tables, sweep = replicate(plan, folder, workers, scheduler)
    found = judge(plan, tables)
    if to is not None and not sweep.failed:
        added = not plan.complete and ledger.is_the_books(to)
        ledger.write(merged(ledger.Ledger(to).content, found) if added else found, to)
    rows = found["rows"]
    if as_json:
        typer.echo(json.dumps(rows[0] if len(rows) == 1 else rows))
    else:
        typer.echo("\n".join(map(ledger.line, rows)))
    _tell_failures(sweep)


@app.command("tune")
def tune_command(
    folder: Annotated[Path, typer.Option(help="where finished cells are kept")] = REPLICATION,
    workers: Annotated[int | None, typer.Option(help="processes, one a core by default; 0: this one")] = None,
) -> None:
    """Try all settings of replay on the tuning networks, and write which the ledger measures; resumable."""
    _tell_failures(tune(folder, workers))
    for name, setting in choosing.chosen("rat").items():
        typer.echo(f"{name}: {setting.name}")


def _tell_failures(sweep: Sweep) -> None:
    for name, message in sweep.failed.items():
        typer.echo(f"replaylib: the cell {name} failed: {message}", err=True)
    if sweep.failed:
        raise ValueError(f"all cells must succeed, but {len(sweep.failed)} failed; start again to repeat just these.")


@app.command("sweep")
def sweep_command(
    grid_file: Annotated[Path, typer.Argument(help="a JSON file: axes of replay's settings, each a list of values")],
    folder: Annotated[Path, typer.Option(help="where finished cells are kept")] = REPLICATION,
    workers: Annotated[int | None, typer.Option(help="processes, one a core by default; 0: this one")] = None,
    scheduler: Annotated[str | None, typer.Option(help="address of a Dask scheduler to use instead")] = None,
) -> None:
    """Measure replay of pretrained networks over a grid of settings, resumable, and print one JSON line a point."""
    cells = replay_cells(read_grid(grid_file))
    found = run(cells, folder, workers, scheduler)
    for cell in cells:
        if cell.key in found.results:
            typer.echo(json.dumps({**cell.settings, **found.results[cell.key]}))
    _tell_failures(found)


def main() -> None:
    """Run the command line; bad input ends with one sentence on standard error and exit status 2."""
    warnings.formatwarning = lambda message, *_, **__: f"replaylib: {message}\n"
    try:
        if sys.stdout is None:
            raise ValueError("standard output must be open, to tell what is found, but it is closed.")
        app()
    except (ValueError, OSError, ModuleNotFoundError, FloatingPointError) as error:
        _end(str(error))
    except (MemoryError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and "allocate" not in str(error):
            raise
        _end("there must be memory enough for what is asked, but there is not.")


def _end(sentence: str) -> NoReturn:
    typer.echo(f"replaylib: {' '.join(sentence.split())}", err=True)
    raise SystemExit(2) from None


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    main()
