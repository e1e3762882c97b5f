"""Does ``design`` hit the wished speed on networks that nobody tuned on? The ledger's own, with other starts and noise.

Run: python benchmarks/designed_speeds.py [folder of a replication] [seeds ...]. Each line is a task, a seed, a wished
speed, the speed of 64 fresh replays, both in times that of the running animal, and the setting; or a refusal.
"""

import sys
from pathlib import Path

import torch

from replaylib.ledger import TASK_NAMES
from replaylib.ledger.measurements.weights import network_of
from replaylib.ledger.replication import network_cell
from replaylib.ledger.sweep import run
from replaylib.measures import awake_speed, design
from replaylib.measures.metrics import displacement
from replaylib.networks import dream
from replaylib.world import task

SPEEDS = (0.5, 1.0, 1.5)
FRESH = 7_000
"""Added to the seed of a network for the starts and the noise by which it is judged."""


def main(folder: Path, seeds: list[int]) -> None:
    """Print a line for each task, seed and speed."""
    torch.set_num_threads(1)
    for seed in seeds:
        for name in TASK_NAMES:
            cell = network_cell(name, seed)
            network, path_task = network_of(run([cell], folder, workers=0).results[cell.key]), task(name)
            running = awake_speed(path_task).running
            for speed in SPEEDS:
                try:
                    made = design(network, path_task, speed)
                except ValueError as error:
                    print(f"{name} {seed} {speed}: refused, {str(error).rpartition(': ')[2]}", flush=True)
                    continue
                position = dream(network, path_task, made.dynamics, FRESH + seed)
                shown = displacement(position, 20) / running
                found = made.dynamics
                print(
                    f"{name} {seed} {speed}: {shown:.2f}, off by {100 * (shown / speed - 1):+.0f} %; "
                    f"strength {found.adaptation_strength:.3g}, time {found.adaptation_time:g}, "
                    f"friction {found.friction:g}, mobility {made.mobility:.2f}, distance {made.price:.3f} m",
                    flush=True,
                )


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "replication"), [int(one) for one in sys.argv[2:]] or [101, 102])
