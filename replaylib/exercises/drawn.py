"""A learner's own plot, judged by the data that stand in its axes."""

from typing import Any

import numpy as np
import torch

from replaylib.exercises.checking import AnswerError, call
from replaylib.exercises.coercion import Array, short

_LEAST = 5
"""A line of fewer points tells no power."""


def _replays(kind: str) -> Any:
    generator = torch.Generator().manual_seed(3)
    steps = torch.randn(16, 40, 2, generator=generator, dtype=torch.float64) * 0.1
    if kind == "steady runs":
        steps = steps[:, :1].expand_as(steps)
    start = torch.randn(16, 1, 2, generator=generator, dtype=torch.float64)
    return torch.cat([start, start + steps.cumsum(1)], dim=1)


def _line(answer: Any, position: Any) -> tuple[Array, Array, Any]:
    """Windows and distances of the line that was drawn, and its axes; logarithms that were drawn are undone."""
    drawn = call(answer, {"position": position})
    ax = getattr(drawn, "axes", drawn)
    ax = ax[0] if isinstance(ax, list | tuple | np.ndarray) and len(ax) else ax
    if not hasattr(ax, "get_lines"):
        raise AnswerError(f"Your function must return the axes that it drew into, but {short(drawn)} came.")
    lines = ax.get_lines()
    _close(ax.figure)
    if len(lines) != 1 or len(lines[0].get_xdata()) < _LEAST:
        points = f" of {len(lines[0].get_xdata())} points" if len(lines) == 1 else ""
        raise AnswerError(
            f"One line of at least {_LEAST} points was expected in your axes, but {len(lines)}{points} came."
        )
    x, y = (np.asarray(one, float) for one in lines[0].get_data())
    return x, y, ax


def _close(figure: Any) -> None:
    """Without this the notebook would show the figures that the check asked for."""
    import matplotlib.pyplot as plt  # noqa: PLC0415 - a slow import, for one exercise

    plt.close(figure)


def growth_fault(answer: Any) -> str:
    """Judge a plot of mean distance from the start against steps."""
    for kind in ("random walks", "steady runs"):
        position = _replays(kind)
        x, y, ax = _line(answer, position)
        scales = (ax.get_xscale(), ax.get_yscale())
        if scales == ("log", "log"):
            windows, distance = x, y
        elif scales == ("linear", "linear"):
            windows, distance = _undone(x, y, position)
        else:
            return f"Your scales are {scales[0]} and {scales[1]}. On which two is a power law a straight line?"
        if said := _drawn_fault(windows, distance, position, kind):
            return said
        if not (ax.get_xlabel() and ax.get_ylabel()):
            return "What is drawn is right, but not all axes have a name: say what is shown, and its unit."
    return ""


def _undone(x: Array, y: Array, position: Any) -> tuple[Array, Array]:
    """What was drawn on plain scales: logarithms of some base, or else the numbers themselves."""
    for base in (10.0, np.e, 2.0):
        windows, distance = base**x, base**y
        if _near(windows, windows.round()) and windows.min() > 0.5 and _near(distance, _wanted(position, windows)):
            return windows.round(), distance
    raise AnswerError(
        "Your scales are linear, on which a power law is a curve. On which two scales is it a straight line?"
    )


def _near(one: Array, other: Array) -> bool:
    return bool(one.shape == other.shape and np.allclose(one, other, rtol=1e-3, atol=1e-9))


def _distances(position: Any) -> Array:
    """Distance from the start [replays, steps + 1]."""
    found: Array = np.linalg.norm(np.asarray(position) - np.asarray(position)[:, :1], axis=-1)
    return found


def _wanted(position: Any, windows: Array) -> Array:
    rows = np.clip(windows.round().astype(int), 0, position.shape[1] - 1)
    found: Array = _distances(position)[:, rows].mean(0)
    return found


def _drawn_fault(windows: Array, distance: Array, position: Any, kind: str) -> str:
    last = position.shape[1] - 1
    seen = windows > 0  # the start has no place on logarithmic scales, so Matplotlib leaves it out
    windows, distance = windows[seen], distance[seen]
    if not _near(windows, windows.round()) or windows.max() > last or len(set(windows)) < len(windows):
        return f"Along your first axis numbers of steps from 1 to {last} were expected, each once."
    if windows.max() < last:
        return f"Your line ends at {windows.max():g} steps, but the replays go on to {last}."
    if _near(distance, _wanted(position, windows)):
        return ""
    rows = windows.round().astype(int)
    far = _distances(position)[:, rows]
    path = np.linalg.norm(np.diff(np.asarray(position), axis=1), axis=-1).cumsum(1)[:, rows - 1]
    mean = np.linalg.norm((np.asarray(position) - np.asarray(position)[:, :1]).mean(0), axis=-1)[rows]
    origin = np.linalg.norm(np.asarray(position), axis=-1)[:, rows].mean(0)
    slips = {
        "This is the length of the path. Asked is how far the start is.": path.mean(0),
        "This is the mean square, in square metres: its slope is twice as large.": (far**2).mean(0),
        "This is the root of the mean square. Asked is the mean of the distances.": (far**2).mean(0) ** 0.5,
        "You took the mean before the distance, so that replays cancel each other.": mean,
        "You measure from the origin. Each replay has a start of its own.": origin,
        "These are the distances of the first replay alone.": far[0],
        "You added the replays' distances up. Asked is their mean.": far.sum(0),
        "This is one length of all coordinates together. Each replay has its own.": (far**2).sum(0) ** 0.5,
        "Your line is shifted: after one step a replay is where its second row says.": np.r_[0, far.mean(0)[:-1]],
    }
    told = next(
        (sentence for sentence, other in slips.items() if _near(distance, other)), "Your line has other heights."
    )
    want = _wanted(position, windows)
    return (
        f"{told} For {kind}, after {windows[-1]:g} steps, it is at {distance[-1]:.3g} m, and {want[-1]:.3g} m is right."
    )
