"""Every figure of the book. Each function draws on given or new axes and returns them; all colours are safe."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import torch
from IPython.display import Markdown
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.patches import Polygon
from matplotlib.ticker import NullFormatter
from torch import Tensor

from replaylib._checks import check_count
from replaylib.measures.metrics import as_numpy
from replaylib.measures.statistics import Interval, interval
from replaylib.networks.network import PathIntegrator
from replaylib.world.spaces import Space

PLAIN, MECHANISM, AWAKE, ADAPTATION, MOMENTUM = "#0072B2", "#D55E00", "#555555", "#009E73", "#CC79A7"
"""Colours of Okabe and Ito: plain replay blue, the mechanism vermilion, each single mechanism its own."""

plt.rcParams.update({"figure.facecolor": "white", "savefig.facecolor": "white", "axes.spines.top": False})
plt.rcParams.update({"axes.spines.right": False, "figure.dpi": 110, "legend.frameon": False, "font.size": 10})


def axes_grid(rows: int, columns: int, width: float = 3.0, height: float = 3.0) -> list[Axes]:
    """``rows`` x ``columns`` axes in reading order, each ``width`` x ``height`` inches."""
    size = (width * columns, height * rows)
    _, axes = plt.subplots(rows, columns, figsize=size, squeeze=False, layout="constrained")
    return list(axes.flat)


def space(place: Space, ax: Axes) -> Axes:
    """Draw where the animal can be, in metres, without axes."""
    lines = as_numpy(place.outline())
    if place.walled:
        ax.add_patch(Polygon(lines[:, 0], facecolor="#f0f1f3", edgecolor="#9aa1a8", zorder=0))
    else:
        ax.add_collection(LineCollection(list(lines), colors="#c9ced3", linewidths=7, capstyle="round", zorder=0))
    ax.set_aspect("equal")
    ax.autoscale_view()
    ax.margins(0.06)
    ax.axis("off")
    return ax


def trail(
    position: Float[Tensor, "times 2"], ax: Axes, color: str, width: float = 1.6, dots: int | None = None
) -> Axes:
    """One path, pale where it is old, with a ringed head.

    dots: steps from one dot to the next along the path, so that dots far apart tell of speed; the start is then marked
    by a square. None for no dots. Raises ValueError where it is no positive whole number.
    """
    points = as_numpy(position)
    pieces = np.stack([points[:-1], points[1:]], axis=1)
    fade = LinearSegmentedColormap.from_list("fade", [(*to_rgb(color), a) for a in (0.15, 1.0)])
    lines = LineCollection(list(pieces), cmap=fade, array=np.arange(len(pieces)), linewidths=width)
    ax.add_collection(lines)
    if dots is not None:
        check_count("dots", dots)
        marked = np.arange(0, len(points), dots)
        x, y = points[marked].T
        ax.scatter(x, y, s=24, c=marked, cmap=fade, vmin=0, vmax=len(points) - 1, linewidths=0, zorder=4)
        ax.plot(*points[0], "s", color="white", markeredgecolor=color, markeredgewidth=1.4, markersize=6, zorder=5)
    ax.plot(*points[-1], "o", color=color, markeredgecolor="white", markeredgewidth=1.2, markersize=8, zorder=5)
    return ax


def replay_panels(
    place: Space,
    panels: Mapping[str, tuple[Float[Tensor, "times 2"], str]],
    width: float = 2.9,
    dots: int | None = 10,
) -> list[Axes]:
    """One panel a replay: ``panels`` maps a title to (path, colour). Four or six stand in two rows, to be legible.

    A square marks the start, and a dot every ``dots`` steps: they lie far apart where replay is fast. None: neither.
    """
    rows = 2 if len(panels) in (4, 6) else 1
    axes = axes_grid(rows, len(panels) // rows, width, width)
    for ax, (title, (position, color)) in zip(axes, panels.items(), strict=True):
        space(place, ax)
        trail(position, ax, color, dots=dots)
        ax.set_title(title, fontsize=11, color=color)
    return axes


def loss_curves(losses: Mapping[str, Sequence[float]], ax: Axes | None = None) -> Axes:
    """Training losses on a logarithmic axis, each smoothed over 25 iterations."""
    ax = ax or axes_grid(1, 1, 5.5, 3)[0]
    for (name, values), color in zip(losses.items(), (PLAIN, MECHANISM, ADAPTATION, MOMENTUM), strict=False):
        window = min(25, len(values))
        smooth = np.convolve(np.asarray(values), np.ones(window) / window, mode="valid")
        ax.semilogy(np.arange(len(smooth)) + window, smooth, color=color, label=name)
    ax.set(xlabel="iteration", ylabel="mean squared error")
    ax.legend()
    return ax


def decoded_paths(
    place: Space, true: Float[Tensor, "batch times 2"], decoded: Float[Tensor, "batch times 2"], width: float = 2.9
) -> list[Axes]:
    """True paths in grey and decoded ones in blue, one panel each."""
    axes = axes_grid(1, len(true), width, width + 0.3)
    for ax, path, guess in zip(axes, true, decoded, strict=True):
        space(place, ax)
        ax.plot(*as_numpy(path).T, color=AWAKE, linewidth=4, alpha=0.45, label="animal")
        trail(guess, ax, PLAIN)
    axes[0].plot([], [], color=PLAIN, label="network")
    axes[0].legend(loc="lower center", bbox_to_anchor=(0.5, -0.12), ncols=2)
    return axes


def hidden_map(hidden: Float[Tensor, "batch times n"], position: Float[Tensor, "batch times 2"]) -> list[Axes]:
    """Awake states on their first two principal components beside the positions, coloured alike."""
    states, places = hidden.reshape(-1, hidden.shape[-1]), position.reshape(-1, 2)
    centred = states - states.mean(0)
    _, sizes, components = torch.pca_lowrank(centred, q=6, center=False)
    share = sizes**2 / centred.square().sum()
    centre = places.mean(0)
    hue = torch.atan2(*(places - centre).T.flip(0))
    left, right = axes_grid(1, 2, 4, 3.6)
    for ax, cloud in ((left, places), (right, centred @ components[:, :2])):
        x, y = as_numpy(cloud).T
        ax.scatter(x, y, c=as_numpy(hue), cmap="twilight_shifted", s=3, alpha=0.6, rasterized=True)
        ax.set_aspect("equal")
    left.set(title="where the animal is", xlabel="x [m]", ylabel="y [m]")
    right.set(
        title="what the network holds", xlabel=f"component 1 ({share[0]:.0%})", ylabel=f"component 2 ({share[1]:.0%})"
    )
    return [left, right]


def drift_field(
    network: PathIntegrator, states: Float[Tensor, "count n"], offset: Float[Tensor, "count n"], place: Space
) -> Axes:
    """Decoded drift at states pushed off the awake manifold by ``offset``: arrows from where they are to where they go.

    Only for networks with coordinates as output, whose decoding is linear.
    """
    moved = states + offset
    with torch.no_grad():
        begin, change = network.readout(moved), network.readout(network.drift(moved))
    ax = space(place, axes_grid(1, 1, 4.6, 4.2)[0])
    origin, arrow = as_numpy(begin), as_numpy(change)
    ax.quiver(*origin.T, *arrow.T, angles="xy", scale_units="xy", scale=1, color=MECHANISM, width=0.004)
    ax.plot(*origin.T, ".", color=PLAIN, markersize=3)
    return ax


def lines_with_bands(
    x: Sequence[float],
    bands: Mapping[str, tuple[Sequence[Interval], str]],
    labels: tuple[str, str],
    ax: Axes | None = None,
) -> Axes:
    """Means with their confidence bands: ``bands`` maps a name to (intervals, colour); ``labels`` name the axes."""
    ax = ax or axes_grid(1, 1, 5.5, 4)[0]
    for name, (values, color) in bands.items():
        mean = np.array([value.mean for value in values])
        half = np.array([value.half_width for value in values])
        ax.plot(x, mean, "o-", color=color, label=name)
        ax.fill_between(x, mean - half, mean + half, color=color, alpha=0.2, linewidth=0)
    ax.set(xlabel=labels[0], ylabel=labels[1])
    ax.legend()
    return ax


def compression_against_prediction(
    predicted: Sequence[float],
    measured: Mapping[str, tuple[Sequence[Interval], str]],
    lagging: Mapping[str, tuple[Sequence[float], str]],
) -> Axes:
    """The signature figure: measured speed-up against 1/friction, which is the dashed diagonal.

    ``lagging`` maps a name to (predicted speed-ups, colour), drawn as dotted lines.
    """
    labels = ("$1/\\lambda_v$", "compression of displacement")
    ax = lines_with_bands(predicted, measured, labels)
    top = max(predicted)
    ax.plot([1, top], [1, top], "--", color=AWAKE, zorder=0, label="$1/\\lambda_v$")
    for name, (values, color) in lagging.items():
        ax.plot(predicted, values, ":", color=color, linewidth=2, label=name)
    ax.set(xscale="log", yscale="log", xticks=(marks := [1, 2, 3, 5, 10]), yticks=marks)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter("{x:g}")
        axis.set_minor_formatter(NullFormatter())
    ax.legend(fontsize=8)
    return ax


def relaxation(curves: Mapping[str, tuple[Sequence[float], str]], ax: Axes | None = None) -> Axes:
    """Displacement of a mode against steps, one curve a setting."""
    ax = ax or axes_grid(1, 1, 5.5, 3.2)[0]
    for name, (values, color) in curves.items():
        ax.plot(values, color=color, label=name)
    ax.axhline(0, color="#c9ced3", linewidth=1, zorder=0)
    ax.set(xlabel="steps", ylabel="height in the valley")
    ax.legend()
    return ax


def occupancy(place: Space, clouds: Mapping[str, tuple[Float[Tensor, "batch times 2"], str]]) -> list[Axes]:
    """Where positions lie, as point clouds, one panel each: ``clouds`` maps a title to (positions, colour)."""
    axes = axes_grid(1, len(clouds), 2.9, 3.0)
    for ax, (title, (position, color)) in zip(axes, clouds.items(), strict=True):
        space(place, ax)
        points = as_numpy(position.reshape(-1, 2))[:: max(1, position.numel() // 12000)]
        ax.plot(*points.T, ".", color=color, markersize=1.2, alpha=0.35, rasterized=True)
        ax.set_title(title, fontsize=11)
    return axes


def table(rows: Mapping[str, Sequence[Mapping[str, float]]], columns: Mapping[str, str]) -> Markdown:
    """A table of means with 95 % intervals over seeds: ``rows`` maps a name to one mapping of measures for each seed.

    ``columns`` maps the measures to the headings.
    """
    cells = {name: [interval([seed[key] for seed in seeds]) for key in columns] for name, seeds in rows.items()}
    return interval_table(list(columns.values()), cells)


def interval_table(headings: Sequence[str], rows: Mapping[str, Sequence[Interval | str]]) -> Markdown:
    """A table of intervals, or of text, under ``headings``; ``rows`` maps a name to its cells."""
    lines = ["| |" + "|".join(headings) + "|", "|---" * (len(headings) + 1) + "|"]
    lines += [f"| {name} | " + " | ".join(map(str, cells)) + " |" for name, cells in rows.items()]
    return Markdown("\n".join(lines))  # type: ignore[no-untyped-call]
