"""Figures of the way from spikes to dynamics: spikes, recovery, which motion wins, and what friction does to it."""

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float, Int
from matplotlib.axes import Axes

from replaylib.figures.replays import ADAPTATION, AWAKE, MECHANISM, MOMENTUM, PLAIN, axes_grid
from replaylib.ledger.ledger import TASK_LABELS, Ledger
from replaylib.measures.motion_models.comparing import KINDS
from replaylib.measures.motion_models.groups import GroupEvidence

COLORS = dict(zip(KINDS, (AWAKE, PLAIN, ADAPTATION, MECHANISM), strict=True))
"""The colour of each motion."""


def spike_raster(
    counts: Int[np.ndarray, "windows cells"],
    likelihood: Float[np.ndarray, "windows bins"],
    path: Int[np.ndarray, " windows"],
) -> list[Axes]:
    """Left the spikes of each cell in each window; right how probable they make each bin, and the bin of the path."""
    left, right = axes_grid(1, 2, 4.4, 3.2)
    window, cell = np.nonzero(counts)
    left.scatter(window, cell, s=14 * counts[window, cell], marker="|", color="black", linewidths=1.2)
    left.set(xlabel="window", ylabel="place cell", xlim=(-1, len(counts)), ylim=(-1, counts.shape[1]))
    posterior = np.exp(likelihood - likelihood.max(axis=1, keepdims=True))
    posterior /= posterior.sum(axis=1, keepdims=True)
    right.imshow(posterior.T, origin="lower", aspect="auto", cmap="Greys", vmax=float(posterior.max()) / 2)
    right.plot(path, ".", color=MECHANISM, markersize=4, label="where the path was")
    right.set(xlabel="window", ylabel="bin")
    right.legend(fontsize=8)
    return [left, right]


def recovery_matrices(matrices: Mapping[str, Int[np.ndarray, "kinds kinds"]]) -> list[Axes]:
    """Events of each kind (row) that are taken for each kind (column), a panel for each matrix, in percent."""
    axes = axes_grid(1, len(matrices), 3.6, 3.6)
    for ax, (title, matrix) in zip(axes, matrices.items(), strict=True):
        percent = 100 * matrix / matrix.sum(axis=1, keepdims=True)
        ax.imshow(percent, cmap="Blues", vmin=0, vmax=100)
        for row, column in np.ndindex(*percent.shape):
            shade = "white" if percent[row, column] > 50 else "black"
            ax.text(column, row, f"{percent[row, column]:.0f}", ha="center", va="center", color=shade)
        ax.set(title=title, xlabel="taken for", ylabel="is")
        ax.set_xticks(range(len(KINDS)), KINDS, rotation=40, ha="right", fontsize=8)
        ax.set_yticks(range(len(KINDS)), KINDS, fontsize=8)
        ax.grid(visible=False)
    return list(axes)


def motion_bars(groups: Mapping[str, GroupEvidence], ax: Axes | None = None) -> Axes:
    """Expected frequency of each motion, a bar for each set of events."""
    ax = ax or axes_grid(1, 1, 6.5, 0.5 + 0.45 * len(groups))[0]
    for place, group in enumerate(groups.values()):
        begin = 0.0
        for kind, share in zip(KINDS, group.frequency, strict=True):
            label = kind if place == 0 else None
            ax.barh(place, share, left=begin, color=COLORS[kind], label=label, edgecolor="white", linewidth=0.8)
            begin += float(share)
    ax.set_yticks(range(len(groups)), list(groups))
    ax.set(xlabel="expected share of events", xlim=(0, 1))
    ax.invert_yaxis()
    ax.legend(fontsize=8, ncols=4, loc="lower center", bbox_to_anchor=(0.5, 1.0), frameon=False)
    return ax


def friction_lines(ledger: Ledger, tasks: Sequence[str], frictions: Sequence[float]) -> list[Axes]:
    """Decoded momentum over friction at one speed, a panel for each task: means and 95 % intervals over networks.

    The dashed line is the awake animal, the dotted one the least friction's path with its windows in random order.
    """
    axes = axes_grid(1, len(tasks), 3.0, 3.0)
    for ax, task in zip(axes, tasks, strict=True):
        found = [ledger.mean("C14", task, f"friction {one:g}", "decoded_momentum") for one in frictions]
        middle, half = [one.mean for one in found], [one.half_width for one in found]
        ax.errorbar(np.array(frictions), middle, half, color=MOMENTUM, marker="o", capsize=3)
        for condition, style in (("awake", "--"), ("shuffled", ":")):
            level = ledger.mean("C14", task, condition, "decoded_momentum").mean
            ax.axhline(level, color=AWAKE, linestyle=style, label=condition)
        ax.set(xscale="log", xlabel="friction [1/step]", title=TASK_LABELS[task], ylim=(-0.05, 1))
        ax.set_xticks(list(frictions), [f"{one:g}" for one in frictions])
        ax.minorticks_off()
        ax.invert_xaxis()
    axes[0].set_ylabel("decoded momentum")
    axes[0].legend(fontsize=8)
    return list(axes)
