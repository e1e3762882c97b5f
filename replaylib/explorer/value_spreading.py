"""Live figure of what a dream is good for: value spreads over a maze as two suppliers name states."""

from dataclasses import asdict
from typing import Any

import traitlets

from replaylib.explorer.explorer import DRAWING, FOLDER, SceneWidget, module
from replaylib.ledger.choosing import chosen
from replaylib.ledger.measurements.replays import Setting
from replaylib.planning.bins import Bins
from replaylib.planning.worlds import DISCOUNT
from replaylib.world.spaces import Track
from replaylib.world.tasks import task

TASKS = ("triangle-cells", "t-maze-cells")

SUPPLIERS = ("both", "adaptation", "momentum", "plain", "shuffled", "reversed", "uniform", "sweeping")
LEARNERS = ("backups", "steps")
EVENTS = (30, 100, 1000)
"""Who names states, who learns from them, and lengths of a dream [steps]."""

REPLAY = ("maze_lab/arithmetic.js", "update_rule.js", "travel.js", "dynamics.js")
PLANNING = ("value_learners.js", "value_supplies.js", "value_race.js")
"""Files of the browser's side: the dream, and what a learner has from it."""


def describe_bins(name: str) -> dict[str, Any]:
    """The bins of a task's maze as the browser has them: centres [m], the neighbours of each, and the discount.

    Raises ValueError where the task is on no track.
    """
    space = task(name).space
    if not isinstance(space, Track):
        raise ValueError(f"a task on a track was expected, but {name} came.")
    bins = Bins.of_track(space)
    return {
        "centres": bins.centres.tolist(),
        "neighbours": [list(one) for one in bins.neighbours],
        "discount": DISCOUNT,
    }


def dreams_of(name: str) -> dict[str, dict[str, float]]:
    """The settings of a task's dreams by supplier: those that claim C13 is measured with."""
    found = chosen(name)
    settings = {
        "plain": Setting(0.0, 1.0),
        "momentum": Setting(0.0, 1.0, found["together"].friction),
        "adaptation": found["fastest alone"],
        "both": found["fastest together"],
    }
    return {supplier: asdict(setting) for supplier, setting in settings.items()}


class ValueSpreading(SceneWidget):
    """Two learners in the same maze with the same reward, each with a supplier of states; the reader predicts first.

    left, right: the suppliers, each one of ``SUPPLIERS``. learner: one of ``LEARNERS``: one value backup a state, or
    Q-learning on each step. event: length of a dream, one of ``EVENTS`` [steps]. seed: chooses reward, starts, noise
    and orders. task: the maze. All are synced.

    Raises traitlets.TraitError where a value is none of these, FileNotFoundError where a network is missing.
    """

    _esm = module(
        *REPLAY, *PLANNING, *DRAWING, "value_picture.js", "controls.js", "value_controls.js", "value_spreading.js"
    )
    _css = "\n".join(
        (FOLDER / name).read_text(encoding="utf-8") for name in ("replay_explorer.css", "value_spreading.css")
    )

    left = traitlets.Enum(SUPPLIERS, default_value="both").tag(sync=True)
    right = traitlets.Enum(SUPPLIERS, default_value="uniform").tag(sync=True)
    learner = traitlets.Enum(LEARNERS, default_value="backups").tag(sync=True)
    event = traitlets.Enum(EVENTS, default_value=1000).tag(sync=True)
    seed = traitlets.Int(1, min=0).tag(sync=True)

    def __init__(self, **values: Any) -> None:
        super().__init__(TASKS, **values)
        self.scenes = {
            name: {**scene, "bins": describe_bins(name), "dreams": dreams_of(name)}
            for name, scene in self.scenes.items()
        }
