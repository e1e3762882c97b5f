"""The command line: ``python -m replaylib train | replay``."""

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import torch
import typer

from replaylib import metrics, pretrained
from replaylib.dynamics import Dynamics
from replaylib.replay import awake_states, replay, replay_noise
from replaylib.tasks import TASKS, task

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)

TaskName = Annotated[str, typer.Argument(help=f"one of {', '.join(TASKS)}")]


@app.command("train")
def train_command(name: TaskName, seed: int = 0, folder: Path = pretrained.FOLDER) -> None:
    """Train one network by its recipe and write weights and card; run again to resume."""
    torch.set_num_threads(1)
    pretrained.make(name, seed, folder)
    typer.echo(json.dumps(pretrained.card(name, seed, folder)["held_out_decoding_error_m"]))


@app.command("replay")
def replay_command(
    name: TaskName,
    seed: int = 0,
    steps: int = 600,
    friction: float = 1.0,
    adaptation_strength: float = 0.0,
    adaptation_time: float = 40.0,
) -> None:
    """Replay with a pretrained network (64 paths, noise scaled by sqrt(friction)) and tell the measures as JSON."""
    network, path_task = pretrained.load(name, seed), task(name)
    generator = torch.Generator().manual_seed(seed)
    start = awake_states(network, path_task, 64, generator)
    dynamics = Dynamics(1.0, adaptation_strength, adaptation_time, replay_noise(network)).with_friction(friction)
    position = replay(network, start, steps, dynamics, generator).position
    awake = path_task.batch(64, generator).position
    typer.echo(
        json.dumps(
            {
                "task": name,
                "seed": seed,
                "steps": steps,
                "dynamics": asdict(dynamics),
                "sliced_wasserstein_m": metrics.sliced_wasserstein(position, awake),
                "share_on_path": metrics.share_on_path(position, path_task.space),
                "displacement_20_steps_m": metrics.displacement(position, 20),
                "coverage": metrics.coverage(position, path_task.space),
                "reach_time_steps": metrics.reach_time(position, path_task.space),
            }
        )
    )


def main() -> None:
    """Run the command line; bad input ends with one sentence on standard error and exit status 2."""
    try:
        app()
    except (ValueError, FileNotFoundError, FloatingPointError) as error:
        typer.echo(f"replaylib: {error}", err=True)
        raise SystemExit(2) from None


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()
