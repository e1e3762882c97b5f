"""Live figures of the theory chapters: a score that moves with time, two roots, and the phase diagram."""

from collections.abc import Sequence
from typing import Any

import anywidget
import traitlets

from replaylib.explorer.explorer import DRAWING, FOLDER, FRICTION, REPLAY, STRENGTH, TIME, SceneWidget, module
from replaylib.theory.markov_paths import MarkovGaussian

STEPS = 30
"""Steps of the paths whose score is shown."""

PATHS = {
    "walk": ("Random walk", MarkovGaussian.random_walk(0.5)),
    "settling": ("Ornstein–Uhlenbeck path", MarkovGaussian.ornstein_uhlenbeck(5.0, std=2.0)),
    "bridge": ("Bridge", MarkovGaussian.bridge(0.8, STEPS)),
}
"""The paths by name: label and law, each in one dimension with noise_std 1."""

QUANTITIES = ("relaxation", "variance", "stability", "prediction")


def describe_law(label: str, law: MarkovGaussian) -> dict[str, Any]:
    """What the browser draws of one law: its variances, its best constant gain, and that gain's error at each step."""
    gain = law.best_constant_gain(STEPS)
    return {
        "label": label,
        "variance": law.covariances(STEPS)[:, 0, 0].tolist(),
        "constant_gain": float(gain),
        "error": law.gain_error(gain, STEPS).tolist(),
    }


class MovingScore(anywidget.AnyWidget):
    """The law of a Gaussian path and its score at one step, with the line that serves all steps best.

    path: one of ``PATHS``. step: 0 to 30. Both are synced.
    Raises traitlets.TraitError where a value is none of these.
    """

    _esm = module("drawing.js", "chart.js", "controls.js", "moving_score.js")
    _css = (FOLDER / "replay_explorer.css").read_text(encoding="utf-8")

    laws = traitlets.Dict().tag(sync=True)
    path = traitlets.Enum(tuple(PATHS), default_value="walk").tag(sync=True)
    step = traitlets.Int(1, min=0, max=STEPS).tag(sync=True)

    def __init__(self, **values: Any) -> None:
        laws = {name: describe_law(label, law) for name, (label, law) in PATHS.items()}
        super().__init__(laws=laws, **values)


class RootsExplorer(anywidget.AnyWidget):
    """The two roots of a slope with momentum in the plane of z, and the ball that falls as they tell.

    stiffness: k, 0.001 to 0.25 [1/step]. friction: lambda_v, 0.02 to 1 [1/step]. Both are synced.
    Raises traitlets.TraitError where a value lies outside its range.
    """

    _esm = module("drawing.js", "chart.js", "controls.js", "modes.js", "roots.js")
    _css = "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in ("replay_explorer.css", "roots.css"))

    stiffness = traitlets.Float(0.04, min=0.001, max=0.25).tag(sync=True)
    friction = traitlets.Float(0.6, min=0.02, max=1.0).tag(sync=True)


class PhaseDiagram(SceneWidget):
    """A map over adaptation strength and friction whose point drives eigenvalues, an exact path, and a replay.

    quantity: what the colours show, one of "relaxation", "variance", "stability", "prediction".
    adaptation_strength [1], friction [1/step], adaptation_time [steps]: as in ``replaylib.dynamics.rule.Dynamics``.
    stiffness: of the exact mode [1/step]. task: the network that replays, one of ``tasks``. All are synced.

    Raises traitlets.TraitError where a value lies outside its range, FileNotFoundError where a network is missing.
    """

    _esm = module(*REPLAY, *DRAWING, "controls.js", "modes.js", "phase_map.js", "phase_diagram.js")
    _css = (FOLDER / "replay_explorer.css").read_text(encoding="utf-8")

    quantity = traitlets.Enum(QUANTITIES, default_value="relaxation").tag(sync=True)
    adaptation_strength = traitlets.Float(STRENGTH, min=0.0, max=0.3).tag(sync=True)
    adaptation_time = traitlets.Float(TIME, min=1.0, max=100.0).tag(sync=True)
    friction = traitlets.Float(FRICTION, min=0.05, max=1.0).tag(sync=True)
    stiffness = traitlets.Float(0.02, min=0.0, max=0.2).tag(sync=True)

    def __init__(self, tasks: Sequence[str] = ("triangle-cells", "t-maze-cells"), **values: Any) -> None:
        super().__init__(tasks, **values)
