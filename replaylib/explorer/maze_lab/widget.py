"""MazeLab: draw a maze, train a network in it in the browser, let it dream; a live kernel follows."""

import json
import tempfile
from pathlib import Path
from typing import Any

import anywidget
import torch
import traitlets

from replaylib.explorer.explorer import BOOK, module
from replaylib.explorer.maze_lab.source import ENGINE_SOURCE
from replaylib.networks import pretrained
from replaylib.networks.network import PathIntegrator
from replaylib.world.spaces import Arena, Track

FOLDER = Path(__file__).parent

PAGE_FILES = (
    "drawing.js",
    "mobility.js",
    "maze_lab/link.js",
    "maze_lab/connection.js",
    "maze_lab/controls.js",
    "maze_lab/views.js",
    "maze_lab/losses_view.js",
    "maze_lab/sketch.js",
    "maze_lab/corners.js",
    "maze_lab/editor.js",
    "maze_lab/draw_stage.js",
    "maze_lab/train_stage.js",
    "maze_lab/dream_pair.js",
    "maze_lab/dream_stage.js",
    "maze_lab/run.js",
    "maze_lab/lab.js",
)
"""The page's files in order; the engine comes before them, as a text."""

MAZES = ("triangle", "t-maze", "ring", "figure-of-eight", "plus", "h-maze", "box", "drawn")
"""Mazes to choose from; "drawn" is the reader's own."""

UNITS = (32, 48, 64, 96, 128)
"""Numbers of hidden units to choose from."""

RANGES = {"leak": (0.0, 1.0), "noise": (0.0, 1.0), "seed": (0, 999_999), "iterations": (1, 10_000)}
"""Lowest and highest value of the numbers among the settings: leak [1/step], noise_std [1]."""


def page_source() -> str:
    """The widget's ES module: the engine's text, and the page's files after it."""
    return f"const ENGINE_SOURCE = {json.dumps(ENGINE_SOURCE)};\n{module(*PAGE_FILES)}"


def _style() -> str:
    paths = (FOLDER.parent / "replay_explorer.css", FOLDER / "maze_lab.css")
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def _complaint(name: str, value: object) -> str:
    """What is wrong with a setting, in one sentence; empty where nothing is."""
    if name in RANGES:
        low, high = RANGES[name]
        kinds = (int,) if isinstance(low, int) else (int, float)
        fits = isinstance(value, kinds) and not isinstance(value, bool) and low <= value <= high
        return "" if fits else f"{name} must be a number from {low:g} to {high:.10g}, but {value!r} came."
    if name in ("pauses", "symmetric"):
        return "" if isinstance(value, bool) else f"{name} must be True or False, but {value!r} came."
    choices = {"maze": MAZES, "units": UNITS}.get(name)
    if choices:
        return "" if value in choices else f"{name} must be one of {', '.join(map(str, choices))}, but {value!r} came."
    if name == "drawn":
        return "" if value is None or isinstance(value, dict) else f"drawn must be a maze or None, but {value!r} came."
    return f"a setting must be one of maze, drawn, units, pauses, symmetric, {', '.join(RANGES)}, but {name!r} came."


class MazeLab(anywidget.AnyWidget):
    """The maze lab: draw a maze, train a network in it in the browser, switch its input off and let it dream.

    settings: what the page trains with; those not named are the lab's own. maze, drawn: see ``MAZES``, and
        ``{"vertices": [[x, y], ...], "edges": [[i, j], ...]}`` [m] for a drawn one; leak [1/step]; noise: sigma, the
        noise per step while awake [1]; pauses, symmetric: True or False; units: one of ``UNITS``; seed; iterations.
    small: whether only presets, training and its pictures are shown.
    maze: the maze that the page shows, filled in by the page. saved: the network that it trained, as a file's bytes.

    In a live kernel ``network`` and ``track`` follow the page.
    Raises traitlets.TraitError where a setting is unknown or lies outside its range.
    """

    _esm = page_source()
    _css = _style()

    small = traitlets.Bool(False).tag(sync=True)
    book = traitlets.Dict(BOOK).tag(sync=True)
    settings = traitlets.Dict().tag(sync=True)
    maze = traitlets.Dict().tag(sync=True)
    saved = traitlets.Bytes(b"").tag(sync=True)

    def __init__(self, small: bool = False, **settings: Any) -> None:
        super().__init__(small=small, settings=settings)

    @traitlets.validate("settings")
    def _check_settings(self, proposal: "traitlets.Bunch") -> dict[str, Any]:
        for name, value in proposal["value"].items():
            if complaint := _complaint(name, value):
                raise traitlets.TraitError(complaint)
        return dict(proposal["value"])

    @property
    def network(self) -> PathIntegrator:
        """The network that the page trained, paused or loaded last.

        Raises ValueError where there is none yet, or its file is damaged.
        """
        if not self.saved:
            raise ValueError("the lab must have trained a network, but it has none yet: press Train in the figure.")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "maze-lab.safetensors"
            path.write_bytes(bytes(self.saved))
            return pretrained.read(path)

    @property
    def track(self) -> Track | Arena:
        """The maze that the page shows: a track, or an open box.

        Raises ValueError where the page has shown none yet, or what it shows is no maze.
        """
        if not self.maze:
            raise ValueError("the lab must be shown before it has a maze, but it has none yet: display the figure.")
        if "box" in self.maze:
            width, height = self.maze["box"]
            return Arena(width, height)
        edges = tuple((min(a, b), max(a, b)) for a, b in self.maze["edges"])
        corners = range(len(self.maze["vertices"]))
        ends = tuple(index for index in corners if sum(index in edge for edge in edges) == 1)
        return Track(torch.tensor(self.maze["vertices"], dtype=torch.float32), edges, ends or tuple(corners))
