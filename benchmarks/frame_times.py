"""Times between frames of the live figures on a slow phone: Chromium at 390 x 844, its processor slowed four times.

Run: ``.venv/bin/python benchmarks/frame_times.py`` after ``make book``. It prints the median and the 95th percentile of
each figure and place [ms]. A screen shows 60 frames a second, 16.7 ms apart; at most 20 ms in the median is wanted.
"""

import argparse
import shutil
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

SITE = Path(__file__).parents[1] / "_build" / "html"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PLAYING = {
    "welcome, triangle": ("00_welcome", "triangle-cells"),
    "welcome, T-maze": ("00_welcome", "t-maze-cells"),
    "welcome, rat's box": ("00_welcome", "rat"),
    "chapter 9, rat's box": ("09_rat_in_a_box", "rat"),
}
"""Figures that play: page and task."""
DRAGGED = {
    "welcome, triangle, friction dragged": ("00_welcome", "friction"),
    "chapter 4, step dragged": ("04_moving_gradients", "slider"),
    "chapter 7, roots, friction dragged": ("07_momentum", "roots friction"),
    "chapter 8, friction dragged": ("08_together", "friction"),
}
"""Figures whose slider is moved in every frame: page and slider."""

RECORD = """async (frames) => {
  const times = [];
  await new Promise((resolve) => {
    const frame = (now) => {
      times.push(now);
      if (times.length > frames) resolve();
      else requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  return times.slice(1).map((time, index) => time - times[index]);
}"""
DRAG = """([part, figure]) => {
  const input = document.querySelector(`${figure} [data-part=${part}]`);
  let [share, way] = [0.5, 0.01];
  const move = () => {
    if (share > 0.95 || share < 0.05) way = -way;
    share += way;
    input.value = Number(input.min) + share * (input.max - input.min);
    input.dispatchEvent(new Event("input", { bubbles: true }));
    requestAnimationFrame(move);
  };
  requestAnimationFrame(move);
}"""


@contextmanager
def phone(slower: float) -> Iterator[Page]:
    """A page on a phone whose processor is so many times slower than this machine's."""
    with sync_playwright() as playwright:
        found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        context = browser.new_context(
            viewport={"width": 390, "height": 844},
            device_scale_factor=2,
            has_touch=True,
            is_mobile=True,
            reduced_motion="no-preference",
        )
        context.set_default_timeout(120_000)
        page = context.new_page()
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
        yield page
        browser.close()


def show(page: Page, name: str) -> None:
    """Open a chapter and bring its first figure into view, at rest."""
    page.goto(f"file://{SITE}/chapters/{name}.html", wait_until="load")
    page.wait_for_selector(".replay-explorer [data-part=sentence]:not(:empty)", state="attached")
    page.evaluate("document.querySelector('.replay-explorer').scrollIntoView()")
    page.wait_for_timeout(1500)


def playing(page: Page, name: str, task: str, frames: int) -> list[float]:
    """Times between frames while both replays run in a place [ms]."""
    show(page, name)
    page.evaluate(
        """(task) => {
          const part = (name) => document.querySelector(`.replay-explorer [data-part=${name}]`);
          if (part("play").textContent === "Pause") part("play").click();
          part("task").value = task;
          part("task").dispatchEvent(new Event("change", { bubbles: true }));
          part("reset").click();
          part("play").click();
        }""",
        task,
    )
    return list(page.evaluate(RECORD, frames))


def dragged(page: Page, name: str, part: str, frames: int) -> list[float]:
    """Times between frames while a slider moves in every frame [ms]."""
    show(page, name)
    *figure, part = part.split()
    page.evaluate(DRAG, [part, f".replay-explorer{''.join(f'.{one}' for one in figure)}"])
    return list(page.evaluate(RECORD, frames))


def racing(page: Page, name: str, frames: int) -> list[float]:
    """Times between frames while spikes of ten a window are decoded, the chains' making included [ms]."""
    show(page, name)
    page.evaluate(
        """() => {
          const figure = document.querySelector(".replay-explorer.race");
          const part = (name) => figure.querySelector(`[data-part=${name}]`);
          part("spikes").value = 10;
          part("spikes").dispatchEvent(new Event("input", { bubbles: true }));
          figure.querySelector("input[value=momentum]").click();
          part("play").click();
        }"""
    )
    return list(page.evaluate(RECORD, frames))


def report(name: str, times: list[float]) -> None:
    """One line: median, 95th percentile, frames a second."""
    middle, late = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    print(f"{name:38} {middle:7.1f} {late:7.1f} {1000 * len(times) / sum(times):7.1f}", flush=True)


def main() -> None:
    """Measure what the arguments say, and print it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--slower", type=float, default=4, help="how many times slower the phone's processor is")
    parser.add_argument("--frames", type=int, default=150, help="frames of each figure; 200 is the end of a replay")
    arguments = parser.parse_args()
    print(f"{'figure':38} {'median':>7} {'95 %':>7} {'per s':>7}")
    with phone(arguments.slower) as page:
        for name, (chapter, task) in PLAYING.items():
            report(name, playing(page, chapter, task, arguments.frames))
        for name, (chapter, part) in DRAGGED.items():
            report(name, dragged(page, chapter, part, arguments.frames))
        report("chapter 12, spikes decoded", racing(page, "12_spikes", arguments.frames))


if __name__ == "__main__":
    main()
