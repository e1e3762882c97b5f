"""Sweeps that are killed: they end as if undisturbed."""

import multiprocessing
import random
import time
from pathlib import Path

import pytest
from test_sweep import add, squares

from replaylib.ledger.sweep import Cell, run

pytestmark = pytest.mark.slow

CELLS, WAIT = 16, 0.05


def sweep_of_many(folder: Path, workers: int) -> None:
    """What the processes run that are killed."""
    cells = squares(*range(CELLS // 2), wait=WAIT)
    cells += [Cell(f"add-{y}", add, {"y": y, "wait": WAIT}, needs=need) for y, need in enumerate(cells)]
    run(cells, folder, workers)


@pytest.fixture(scope="module")
def processes():
    """Processes that begin with the package loaded, so that most of their time is that of the sweep."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["replaylib.ledger.sweep"])
    return context


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def kill_and_finish(processes, folder: Path, workers: int, moments: list) -> set[int]:
    """Kill a sweep at each moment, a time [s] or a number of finished cells, and finish it: cells found at kills."""
    found = set()
    for moment in moments:
        process = processes.Process(target=sweep_of_many, args=(folder, workers))
        process.start()
        until = time.monotonic() + (moment if isinstance(moment, float) else 60)
        while process.is_alive() and time.monotonic() < until:
            if isinstance(moment, int) and len(list(folder.glob("*.json"))) >= moment:
                break
            time.sleep(0.01)
        process.kill()
        process.join()
        found.add(len(list(folder.glob("*.json"))))
    last = processes.Process(target=sweep_of_many, args=(folder, workers))
    last.start()
    last.join(120)
    assert last.exitcode == 0
    return found


@pytest.mark.parametrize("workers", [0, 2])
def test_killed_at_random_moments_it_ends_as_if_undisturbed(tmp_path, processes, workers):
    sweep_of_many(tmp_path / "calm", 0)
    generator = random.Random(3)
    times = [generator.uniform(0.0, 0.6) for _ in range(7)]
    counts = sorted(generator.sample(range(1, CELLS), 10))
    moments = [counts[0], *times, *counts] if workers == 0 else [generator.randint(2, 9)]
    (tmp_path / "stormy").mkdir()
    found = kill_and_finish(processes, tmp_path / "stormy", workers, moments)
    assert len(found & set(range(1, CELLS))) >= (3 if workers == 0 else 1)  # several kills were in the middle
    calm, stormy = contents(tmp_path / "calm"), contents(tmp_path / "stormy")
    assert {name: text for name, text in stormy.items() if not name.startswith(".")} == calm
    assert len(calm) == CELLS
