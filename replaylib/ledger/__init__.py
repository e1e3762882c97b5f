"""The claims, how they are measured and judged, and the ledger that the book takes its numbers from."""

from replaylib.ledger.choosing import SPEEDS, Trial, chosen, tried
from replaylib.ledger.claims import CLAIMS, claim
from replaylib.ledger.claims.base import (
    FULL,
    QUICK,
    REPORTING_SEEDS,
    SCALES,
    TASK_NAMES,
    TUNING_SEEDS,
    Claim,
    Outcome,
)
from replaylib.ledger.grids import read_grid, replay_cells
from replaylib.ledger.ledger import MARKS, TASK_LABELS, VERDICTS, Ledger
from replaylib.ledger.measurements.replays import Setting
from replaylib.ledger.measurements.scale import Scale
from replaylib.ledger.replication import Plan, replicate, tune
from replaylib.ledger.sweep import Cell, Sweep, grid, run
from replaylib.ledger.verdicts import judge

__all__ = [
    "CLAIMS",
    "FULL",
    "MARKS",
    "QUICK",
    "REPORTING_SEEDS",
    "SCALES",
    "SPEEDS",
    "TASK_LABELS",
    "TASK_NAMES",
    "TUNING_SEEDS",
    "VERDICTS",
    "Cell",
    "Claim",
    "Ledger",
    "Outcome",
    "Plan",
    "Scale",
    "Setting",
    "Sweep",
    "Trial",
    "chosen",
    "claim",
    "grid",
    "judge",
    "read_grid",
    "replay_cells",
    "replicate",
    "run",
    "tried",
    "tune",
]
