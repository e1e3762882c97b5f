"""What both benchmarks share: interleaved timing, ratios, and the name of the machine.

Processor time is measured, and the works of a round follow each other at once, so that what else the machine does
falls on all of them alike; the median of the ratios within rounds is then steady where single times are not.
"""

import ctypes
import platform
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
"""Numbers of two settings of the C library's allocator, from malloc.h."""


def interleaved(works: dict[str, Callable[[], object]], rounds: int, at_once: float = 0.02) -> dict[str, list[float]]:
    """Seconds of processor time of one call of each work, in each round.

    at_once: seconds that each work should take in a round: quick ones are repeated.
    """
    repeats = {}
    for name, work in works.items():
        work()
        repeats[name] = max(1, round(at_once / max(_seconds(work, 1), 1e-6)))
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            times[name].append(_seconds(work, repeats[name]))
    return times


def _seconds(work: Callable[[], object], repeats: int) -> float:
    start = time.process_time()
    for _ in range(repeats):
        work()
    return (time.process_time() - start) / repeats


def over(times: dict[str, list[float]], name: str, base: str) -> float:
    """Median over rounds of the time of one work over that of another [1]."""
    return statistics.median(a / b for a, b in zip(times[name], times[base], strict=True))


def spread(times: dict[str, list[float]], name: str, base: str) -> str:
    """The median ratio with the middle half of the rounds: "1.20 (1.18 to 1.23)"."""
    ratios = sorted(a / b for a, b in zip(times[name], times[base], strict=True))
    low, high = ratios[len(ratios) // 4], ratios[(3 * len(ratios)) // 4]
    return f"{statistics.median(ratios):.2f} ({low:.2f} to {high:.2f})"


def header() -> None:
    """Print the machine and the command, and keep to one thread and to memory once taken.

    Tensors of some megabytes are otherwise asked of the system and given back at every use, or not, by chance: the
    published loop would look several times slower than it is.
    """
    torch.set_num_threads(1)
    if sys.platform == "linux" and hasattr(library := ctypes.CDLL(None), "mallopt"):
        library.mallopt(M_MMAP_THRESHOLD, 2**30)
        library.mallopt(M_TRIM_THRESHOLD, 2**31 - 1)
    model = platform.processor() or "unknown processor"
    information = Path("/proc/cpuinfo")
    if information.exists():
        names = [line.split(":")[1].strip() for line in information.read_text().splitlines() if "model name" in line]
        model = names[0] if names else model
    print(f"{model}, one thread; Python {platform.python_version()}, PyTorch {torch.__version__}")
    print(f"python {' '.join(sys.argv)}\n")


def table(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Print rows as a table of Markdown."""
    for row in (columns, tuple("---" for _ in columns), *rows):
        print("| " + " | ".join(row) + " |", flush=True)
    print()
