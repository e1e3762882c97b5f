"""How often made-up events of each motion are taken for each motion, against the spikes in a window.

Run: python benchmarks/motion_recovery.py [spikes in a window ...]. By default 4.5, 1.4 and 0.3. A matrix for each
number: rows are what 100 events are, columns what they are taken for, on the triangle in 36 bins of 14 cm.
"""

import sys
import time

from measuring import header, table

from replaylib.measures.motion_models import KINDS, MotionModels, recovery, track_bins
from replaylib.world import task

SPIKES = (4.5, 1.4, 0.3)
BINS = 36
EVENTS = 100


def measure(models: MotionModels, spikes: float) -> None:
    """Print the matrix of one number of spikes, and the seconds it took."""
    start = time.perf_counter()
    found = recovery(models, task("triangle").space, spikes, EVENTS)
    print(f"{spikes:g} spikes a window, {time.perf_counter() - start:.1f} s\n")
    table(("is", *KINDS), [(kind, *map(str, row)) for kind, row in zip(KINDS, found, strict=True)])


if __name__ == "__main__":
    header()
    space = task("triangle").space
    bins = MotionModels(track_bins(space, space.tour_length / BINS))
    for one in map(float, sys.argv[1:] or SPIKES):
        measure(bins, one)
