"""Live figures: anywidgets that simulate in the browser, with a kernel or without."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import anywidget
import torch
import traitlets
from torch import Tensor

from replaylib.ledger.choosing import chosen
from replaylib.ledger.measurements.replays import WINDOW
from replaylib.measures.yardsticks import awake_speed
from replaylib.networks import pretrained
from replaylib.networks.network import NetworkDrift, PathIntegrator
from replaylib.networks.replaying import awake_states, replay_noise
from replaylib.networks.rests import adapted_rests, median_stiffness
from replaylib.world.tasks import PathTask, task

FOLDER = Path(__file__).parent
LABELS = {"triangle-cells": "Triangle", "t-maze-cells": "T-maze", "rat": "Rat’s box"}
STARTS = 16
STEPS = 600
RADIUS = 0.25

STRIDE, STRONGEST = 0.005, 0.4
"""Stride and end of the slider of the adaptation strength [1]."""


def _book() -> dict[str, float]:
    """The book's two settings, with strengths rounded to the slider's stride."""
    both, alone = (chosen("triangle-cells")[name] for name in ("together", "adaptation"))
    strength, of_one = (round(STRIDE * round(one.strength / STRIDE), 3) for one in (both, alone))
    return {
        "strength": strength,
        "time": both.time,
        "friction": both.friction,
        "alone_strength": of_one,
        "alone_time": alone.time,
        "strong": 4 * of_one,
        "strongest": STRONGEST,
    }


BOOK = _book()
"""What the buttons set: with momentum, without it, and strong adaptation alone; where the slider ends."""

STRENGTH, TIME, FRICTION = BOOK["strength"], BOOK["time"], BOOK["friction"]
"""Where the figures begin: the book's setting with momentum."""

PINNED = (0.0125, 0.025, 0.05, 0.1, 0.2)
"""Adaptation strengths at which it is measured how firmly a network's track holds replay [1]."""


REPLAY = ("maze_lab/arithmetic.js", "update_rule.js", "travel.js", "dynamics.js", "mobility.js")
DRAWING = ("drawing.js", "still_layer.js", "trail.js", "chart.js")
PAGE = ("page_state.js", "replay_controls.js")
"""Files of the browser's side by room: one ES module holds what a figure needs of them."""


def module(*names: str) -> str:
    """One ES module from several files, since a widget carries a single one."""
    return "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in names)


def network_arrays(network: PathIntegrator, starts: Tensor) -> dict[str, Tensor]:
    """The arrays that replay needs in the browser, in half precision and row-major order."""
    drift = network.drift
    arrays = {
        "recurrent": drift.recurrent,
        "bias": drift.bias,
        "leak": drift.leak.expand(network.settings.hidden),
        "decoder": network.decoder.detach(),
        "starts": starts,
    }
    if network.cells:
        arrays["centres"] = network.cells.centres
    return {name: tensor.half().contiguous() for name, tensor in arrays.items()}


def pinning(drift: NetworkDrift, starts: Tensor) -> list[list[float]]:
    """How firmly a network's track pins replay: pairs of an adaptation strength of ``PINNED`` and a stiffness [1/step].

    starts: awake states, [batch, n]. The ``median_stiffness`` of the rests they come to, left out where there is none.
    """
    found = []
    for strength in PINNED:
        with suppress(ValueError):
            found.append([strength, median_stiffness(adapted_rests(drift, starts, strength))])
    return found


def make_scene(network: PathIntegrator, path_task: PathTask, label: str, seed: int = 0) -> tuple[dict[str, Any], bytes]:
    """What the browser draws and simulates for one network: a description, and its arrays as one block of bytes.

    ``scene["arrays"]`` tells the offset in bytes and the length of each array within the block. "running_speed" and
    "awake_speed" are how far the animal gets in 20 steps, while it runs and with its rests [m]; "jump" is the length of
    a step that counts as a jump [m].
    """
    generator = torch.Generator().manual_seed(seed)
    starts = awake_states(network, path_task, STARTS, generator)
    arrays, block = {}, b""
    for name, tensor in network_arrays(network, starts).items():
        arrays[name] = [len(block), tensor.numel()]
        block += tensor.numpy().astype("<f2").tobytes()
    space, animal = path_task.space, awake_speed(path_task, WINDOW)
    awake = path_task.batch(256, generator, STEPS).position
    low, high = awake.amin((0, 1)) - 0.3, awake.amax((0, 1)) + 0.3
    columns = 48
    rows = max(1, round(float(columns * (high - low)[1] / (high - low)[0])))
    centres = torch.cartesian_prod(
        low[1] + (torch.arange(rows) + 0.5) / rows * (high - low)[1],
        low[0] + (torch.arange(columns) + 0.5) / columns * (high - low)[0],
    ).flip(-1)
    # A Gaussian kernel density of the awake positions, as wide as a cell of the picture.
    cell = float((high - low)[0]) / columns
    visited = awake[:, ::40].reshape(-1, 2)
    density = torch.exp(torch.cdist(centres, visited).square() / (-2 * cell**2)).sum(1)
    shade = (density / density.quantile(0.95)).clamp(max=1)
    scene = {
        "label": label,
        "hidden": network.settings.hidden,
        "outputs": network.settings.outputs,
        "nonlinearity": network.settings.nonlinearity,
        "exponent": network.cells.exponent if network.cells else 1,
        "noise_std": replay_noise(network),
        "pinning": pinning(network.drift, starts),
        "arrays": arrays,
        "bounds": _rounded(torch.cat([low, high])),
        "segments": _rounded(space.outline().flatten(1)),
        "regions": _rounded(space.regions(12)),
        "landmarks": _rounded(space.landmarks),
        "radius": RADIUS,
        "occupancy": {"columns": columns, "rows": rows, "shade": _rounded(shade, 2)},
        "awake_displacement": _rounded((awake - awake[:, :1]).norm(dim=-1).mean(0)[::10]),
        "running_speed": animal.running,
        "awake_speed": animal.every,
        "jump": animal.jump,
    }
    return scene, block


def pack_scenes(tasks: Sequence[str]) -> tuple[dict[str, dict[str, Any]], bytes]:
    """The scenes of several tasks by name, and the arrays of them all as one block of bytes.

    Raises ValueError where no task is named or one is unknown, FileNotFoundError where its network is missing.
    """
    if not tasks:
        raise ValueError(f"tasks must name at least one of {', '.join(LABELS)}, but none came.")
    scenes, weights = {}, b""
    for name in tasks:
        scene, block = make_scene(pretrained.load(name), task(name), LABELS.get(name, name))
        scene["arrays"] = {key: [len(weights) + offset, size] for key, (offset, size) in scene["arrays"].items()}
        scenes[name] = scene
        weights += block
    return scenes, weights


def _rounded(tensor: Tensor, digits: int = 3) -> Any:
    return torch.round(tensor.double(), decimals=digits).tolist()


class SceneWidget(anywidget.AnyWidget):
    """What the live figures with pretrained networks share: the scenes, their weights, and the task shown.

    Raises traitlets.TraitError where the task is not among ``tasks``, ValueError where none is named, and
    FileNotFoundError where a pretrained network is missing.
    """

    scenes = traitlets.Dict().tag(sync=True)
    weights = traitlets.Bytes().tag(sync=True)
    task = traitlets.Unicode().tag(sync=True)

    def __init__(self, tasks: Sequence[str], **values: Any) -> None:
        scenes, weights = pack_scenes(tasks)
        super().__init__(scenes=scenes, weights=weights, **{"task": tasks[0], **values})

    @traitlets.validate("task")
    def _check_task(self, proposal: "traitlets.Bunch") -> str:
        name = str(proposal["value"])
        if name not in self.scenes:
            raise traitlets.TraitError(f"task must be one of {', '.join(self.scenes)}, but {name!r} came.")
        return name


class ReplayExplorer(SceneWidget):
    """Two replays of a pretrained network side by side, from the same state and the same noise.

    The left one is plain, the right one has the mechanism that the sliders set. All traits are synced:

    task: one of ``tasks``. seed: chooses start and noise. noise: noise over sigma*sqrt(2) [1].
    adaptation_strength [1], adaptation_time [steps], friction [1/step]: as in ``replaylib.dynamics.rule.Dynamics``.
    book: what the buttons set, ``BOOK``.
    rescale_noise: whether the right replay's noise is multiplied by sqrt(friction), which keeps slow laws the same.
    autoplay: whether it starts when first seen, where the reader welcomes motion.
    folded: whether all controls but Play wait behind "More", as on a first screen.

    Raises traitlets.TraitError where a value lies outside its range or the task is not among ``tasks``, and
    FileNotFoundError where a pretrained network is missing.
    """

    _esm = module(*REPLAY, *DRAWING, "controls.js", "replay_pair.js", *PAGE, "replay_explorer.js")
    _css = (FOLDER / "replay_explorer.css").read_text(encoding="utf-8")

    book = traitlets.Dict(BOOK).tag(sync=True)
    seed = traitlets.Int(1, min=0).tag(sync=True)
    noise = traitlets.Float(1.0, min=0.0, max=3.0).tag(sync=True)
    adaptation_strength = traitlets.Float(STRENGTH, min=0.0, max=STRONGEST).tag(sync=True)
    adaptation_time = traitlets.Float(TIME, min=1.0, max=100.0).tag(sync=True)
    friction = traitlets.Float(FRICTION, min=0.05, max=1.0).tag(sync=True)
    rescale_noise = traitlets.Bool(True).tag(sync=True)
    autoplay = traitlets.Bool(True).tag(sync=True)
    folded = traitlets.Bool(False).tag(sync=True)

    def __init__(self, tasks: Sequence[str] = tuple(LABELS), **values: Any) -> None:
        super().__init__(tasks, **values)
