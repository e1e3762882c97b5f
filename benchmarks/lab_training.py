"""Cost of an iteration of the maze lab in Chromium over that of Trainer.step: python benchmarks/lab_training.py

Both train the triangle with 48 place cells, 64 units, 48 paths of 80 steps, and draw their paths; in a third column
Trainer.step is given its paths. Processor time of the page's process and of this one, in turns. ``--errors`` trains
that many seeds to the end on both sides, by turns, and tells the decoding errors on paths that training never saw.
"""

import argparse
import shutil
import statistics
import time
from collections.abc import Callable
from types import SimpleNamespace

from measuring import header, spread, table
from playwright.sync_api import CDPSession, Page, sync_playwright

from replaylib._streams import Purpose, stream
from replaylib.explorer.maze_lab.source import ENGINE_SOURCE
from replaylib.networks import PathIntegrator, Trainer, TrainingSettings
from replaylib.networks.training import decoding_error
from replaylib.world import task

ITERATIONS = 1200
FLAGS = ["--no-sandbox", "--disable-gpu"]

LOAD = """async (source) => {
  window.lab = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
}"""
BEGIN = """(settings) => {
  window.training = new lab.Training({ ...lab.DEFAULTS, ...settings }, lab.loadProducts());
}"""
STEPS = """(count) => {
  const start = performance.now();
  for (let i = 0; i < count && !training.done; i += 1) training.step();
  return performance.now() - start;
}"""


def trainer(seed: int, iterations: int = ITERATIONS) -> Trainer:
    """A training in the package, with the lab's settings."""
    place = task("triangle-cells")
    network = PathIntegrator.for_task(place, stream(Purpose.WEIGHTS, seed), hidden=64, leak=0.5, noise_std=0.1)
    return Trainer(network, place, TrainingSettings(iterations, seed=seed))


def given_paths() -> Trainer:
    """The same with paths that are drawn before."""
    one = trainer(0, 10**6)
    batch = one.task.batch(48)
    one.task = SimpleNamespace(batch=lambda *_: batch)  # type: ignore[assignment]
    return one


def of_process(work: Callable[[], object]) -> float:
    """Seconds of this process's processor time."""
    start = time.process_time()
    work()
    return time.process_time() - start


def of_page(page: Page, session: CDPSession, count: int) -> float:
    """Seconds of processor time of the page's process for ``count`` iterations."""

    def used() -> float:
        found = session.send("SystemInfo.getProcessInfo")["processInfo"]
        return sum(one["cpuTime"] for one in found if one["type"] == "renderer")

    start = used()
    page.evaluate(STEPS, count)
    return used() - start


def costs(page: Page, session: CDPSession, rounds: int, count: int = 20) -> None:
    """Print the table of costs."""
    whole, given = trainer(0, 10**6), given_paths()
    page.evaluate(BEGIN, {"iterations": 10**6})
    page.evaluate(STEPS, count)
    times: dict[str, list[float]] = {"page": [], "step": [], "given": []}
    for _ in range(rounds):
        times["page"].append(of_page(page, session, count) / count)
        for name, one in (("step", whole), ("given", given)):
            times[name].append(of_process(lambda one=one: [one.step() for _ in range(count)]) / count)
    middle = {name: statistics.median(one) for name, one in times.items()}
    rows = [(f"{1e3 * middle[name]:.1f}", spread(times, "page", name)) for name in ("step", "given")]
    lab = f"{1e3 * middle['page']:.1f}", f"{ITERATIONS * middle['page']:.1f}"
    columns = (
        "lab [ms]",
        "lab, 1,200 iterations [s]",
        "Trainer.step [ms]",
        "lab / it",
        "without paths [ms]",
        "lab / it",
    )
    table(columns, [(*lab, *rows[0], *rows[1])])


def errors(page: Page, seeds: int) -> None:
    """Print the table of decoding errors."""
    rows, ours, theirs = [], [], []
    for seed in range(seeds):
        page.evaluate(BEGIN, {"seed": seed, "iterations": ITERATIONS})
        page.evaluate(STEPS, ITERATIONS)
        ours.append(page.evaluate("() => training.heldOut(5).error"))
        one = trainer(seed)
        one.run()
        theirs.append(decoding_error(one.network, one.task))
        rows.append((str(seed), f"{ours[-1]:.4f}", f"{theirs[-1]:.4f}"))
    mean, other = statistics.mean(ours), statistics.mean(theirs)
    rows.append(("mean", f"{mean:.4f}", f"{other:.4f}"))
    table(("seed", "lab: decoding error [m]", "package: decoding error [m]"), rows)
    print(f"The lab's mean is {mean / other:.2f} times the package's.")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20, help="rounds of 20 iterations each")
    parser.add_argument("--errors", type=int, default=0, metavar="SEEDS", help="seeds to train to the end")
    chosen = parser.parse_args()
    header()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page()
        page.evaluate(LOAD, ENGINE_SOURCE)
        if chosen.rounds:
            costs(page, browser.new_browser_cdp_session(), chosen.rounds)
        if chosen.errors:
            errors(page, chosen.errors)
        browser.close()


if __name__ == "__main__":
    main()
