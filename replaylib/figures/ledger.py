"""Figures of the ledger: effects with their intervals, maps of speed, and the frontier of speed and faithfulness."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from IPython.display import Markdown
from matplotlib.axes import Axes

from replaylib.figures.replays import ADAPTATION, AWAKE, MECHANISM, MOMENTUM, PLAIN, axes_grid, interval_table
from replaylib.ledger.ledger import TASK_LABELS, Ledger
from replaylib.ledger.measurements.momentum import FRONTIER_FRICTIONS, FRONTIER_STRENGTHS, frontier_condition
from replaylib.ledger.measurements.replays import STRENGTHS
from replaylib.ledger.measurements.slowness import MAP_TIMES, map_condition
from replaylib.measures.statistics import Interval

GREY = "#8a9197"


def forest(ledger: Ledger, claim: str, measures: Mapping[str, str], tasks: Sequence[str]) -> list[Axes]:
    """Effects of a claim with their intervals, one panel a measure: ``measures`` maps their names to titles.

    Four panels stand two by two, to be legible.
    Supported effects are filled circles in vermilion, others are empty ones in grey. The null is a dashed line.
    """
    columns = 2 if len(measures) == 4 else len(measures)
    axes = axes_grid(len(measures) // columns, columns, 3.2, 0.36 * len(tasks) + 0.9)
    for index, (ax, (measure, title)) in enumerate(zip(axes, measures.items(), strict=True)):
        rows = {task: _effect(ledger, claim, task, measure) for task in tasks}
        for place, row in enumerate(rows.values()):
            if row is None or row["effect"] is None:
                continue
            color = MECHANISM if row["supported"] else GREY
            ax.plot(row["interval"], [place, place], color=color, linewidth=2)
            ax.plot(row["effect"], place, "o", color=color, markerfacecolor=color if row["supported"] else "white")
            ax.axvline(row["null"], color=AWAKE, linestyle="--", linewidth=1, zorder=0)
        names = [TASK_LABELS[task] for task in tasks]
        ax.set(yticks=range(len(tasks)), yticklabels=[""] * len(tasks) if index % columns else names)
        ax.set(ylim=(len(tasks) - 0.5, -0.5))
        ax.set_title(title, fontsize=10)
    return axes


def _effect(ledger: Ledger, claim: str, task: str, measure: str) -> dict[str, Any] | None:
    found = [one for one in ledger.row(claim, task).get("outcomes", []) if one["measure"] == measure]
    return found[0] if found else None


def speed_map(ledger: Ledger, task: str, panels: Mapping[str, tuple[str, float]]) -> list[Axes]:
    """Speed of adapted replay over that of plain replay, by reach time, over strength and memory.

    ``panels`` maps a title to (what stands before the conditions, noise). Above 1, adaptation speeds replay up.
    """
    axes = axes_grid(1, len(panels), 3.4, 3.0)
    for ax, (title, (before, noise)) in zip(axes, panels.items(), strict=True):
        plain = ledger.mean("C6", task, f"{before}plain, noise {noise:g}", "reach_time").mean
        speed = np.array(
            [
                [
                    plain / ledger.mean("C6", task, before + map_condition(b, time, noise), "reach_time").mean
                    for time in MAP_TIMES
                ]
                for b in STRENGTHS
            ]
        )
        ax.imshow(np.log2(speed), cmap="RdBu", vmin=-1.2, vmax=1.2, origin="lower", aspect="auto")
        for (row, column), value in np.ndenumerate(speed):
            dark = abs(np.log2(value)) > 0.8
            ax.text(column, row, f"{value:.2f}", ha="center", va="center", color="white" if dark else "black")
        ax.set(xticks=range(len(MAP_TIMES)), xticklabels=[f"{time:g}" for time in MAP_TIMES])
        ax.set(yticks=range(len(STRENGTHS)), yticklabels=[f"{b:g}" for b in STRENGTHS])
        ax.set(xlabel="memory [steps]", ylabel="strength")
        ax.set_title(title, fontsize=10)
    return axes


def frontier(ledger: Ledger, tasks: Sequence[str]) -> list[Axes]:
    """Distance from the awake law against speed, one panel a task, one line an adaptation strength.

    Along a line friction falls from 1 (empty mark) to 0.1; the book's default is ringed, the awake speed dotted.
    """
    axes = axes_grid(1, len(tasks), 3.4, 3.2)
    for ax, task in zip(axes, tasks, strict=True):
        for strength, color in zip(FRONTIER_STRENGTHS, (PLAIN, ADAPTATION, MECHANISM, MOMENTUM), strict=True):
            names = [frontier_condition(strength, friction) for friction in FRONTIER_FRICTIONS]
            speed, distance = (_means(ledger, "C9", task, names, key) for key in ("displacement", "sliced_wasserstein"))
            ax.plot(speed, distance, "-o", color=color, markersize=4, label=f"strength {strength:g}")
            ax.plot(speed[0], distance[0], "o", color=color, markerfacecolor="white", markersize=7)
        default = ledger.mean("C9", task, (name := frontier_condition(0.05, 0.3)), "displacement").mean
        height = ledger.mean("C9", task, name, "sliced_wasserstein").mean
        ax.plot(default, height, "o", color="black", markerfacecolor="none", markersize=13)
        ax.axvline(ledger.mean("C8", task, "awake", "displacement").mean, color=AWAKE, linestyle=":", zorder=0)
        ax.set(xlabel="displacement in 20 steps [m]", ylabel="distance from awake law [m]", ylim=(0, None))
        ax.set_title(TASK_LABELS[task], fontsize=10)
    axes[0].legend(fontsize=8)
    return axes


def _means(ledger: Ledger, claim: str, task: str, conditions: Sequence[str], measure: str) -> list[float]:
    return [ledger.mean(claim, task, condition, measure).mean for condition in conditions]


def compression_curve(ledger: Ledger, task: str, frictions: Sequence[float]) -> list[Interval]:
    """Compression of adapted replay at each friction against friction 1, within each network [1].

    The interval is shown by half its width.
    """
    found = [ledger.outcome("C7", task, f"compression_at_friction_{friction:g}") for friction in frictions]
    return [Interval(one["effect"], (one["interval"][1] - one["interval"][0]) / 2, len(one["seeds"])) for one in found]


def means_table(
    ledger: Ledger, claim: str, task: str, conditions: Mapping[str, str], columns: Mapping[str, str]
) -> Markdown:
    """Means of a claim's conditions with their 95 % intervals: ``conditions`` and ``columns`` map names to titles."""
    rows = ledger.means(claim, task, list(conditions), list(columns))
    return interval_table(list(columns.values()), dict(zip(conditions.values(), rows, strict=True)))
