"""Errors to which the maze lab trains at its defaults: python benchmarks/lab_mazes.py

Each maze of the lab, a comb of five teeth and a spiral are trained in the Node that Playwright ships, at the lab's
defaults (64 units, 1,200 iterations), once for each seed. The error is the mean distance between the decoded and the
true place over 240 held-out paths, noise on; the bar is 5 % of the length of the maze's tour, in the box 5 % of the
length of two walls. About 15 seconds a training on a free core.
"""

import argparse
import json
import subprocess
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

from measuring import header, table
from playwright._impl._driver import compute_driver_executable

from replaylib.explorer.maze_lab.source import ENGINE_SOURCE

COMB = [(x, y) for x in (-1.2, -0.6, 0.0, 0.6, 1.2) for y in (0.6, -0.6, 0.6)]
SPIRAL = [(-1.2, -1.2), (1.2, -1.2), (1.2, 1.2), (-0.8, 1.2), (-0.8, -0.6), (0.7, -0.6), (0.7, 0.6), (-0.2, 0.6)]
PRESETS = ("triangle", "t-maze", "ring", "figure-of-eight", "plus", "h-maze", "box")

TRAIN = """
import * as lab from "./engine.mjs";
const settings = lab.checkSettings(JSON.parse(process.argv[2]));
const training = new lab.Training(settings, lab.loadProducts());
while (!training.done) training.step();
const { error, bar } = training.heldOut(lab.HELD_OUT_BATCHES);
console.log(JSON.stringify({ error, bar, cells: training.network.outputs }));
"""


def stroke(points: list[tuple[float, float]]) -> dict[str, Any]:
    """A drawn maze through points [m], in the lab's form."""
    return {"vertices": points, "edges": list(pairwise(range(len(points))))}


MAZES: dict[str, dict[str, Any]] = {
    **{name: {"maze": name} for name in PRESETS},
    "comb": {"maze": "drawn", "drawn": stroke(COMB)},
    "spiral": {"maze": "drawn", "drawn": stroke(SPIRAL)},
}


def trained(folder: Path, settings: dict[str, Any]) -> dict[str, float]:
    """Held-out error and bar [m], and the number of place cells, after a training."""
    node, _ = compute_driver_executable()
    command = [node, str(folder / "train.mjs"), json.dumps(settings)]
    found: dict[str, float] = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return found


def main() -> None:
    """Print a row for each maze."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2, 3, 4], help="seeds of the trainings")
    parser.add_argument("--mazes", nargs="+", default=list(MAZES), choices=list(MAZES), help="mazes to train on")
    chosen = parser.parse_args()
    header()
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "engine.mjs").write_text(ENGINE_SOURCE, encoding="utf-8")
        (folder / "train.mjs").write_text(TRAIN, encoding="utf-8")
        for maze in chosen.mazes:
            found = [trained(folder, {**MAZES[maze], "seed": seed}) for seed in chosen.seeds]
            errors = ", ".join(f"{one['error']:.3f}" for one in found)
            rows.append((maze, f"{found[0]['cells']:.0f}", f"{found[0]['bar']:.3f}", errors))
    table(("maze", "place cells", "bar [m]", f"error of seeds {', '.join(map(str, chosen.seeds))} [m]"), rows)


if __name__ == "__main__":
    main()
