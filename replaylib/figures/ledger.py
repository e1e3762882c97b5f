"""Figures of the ledger: effects with their intervals, maps of speed, and the frontier of speed and faithfulness."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from IPython.display import Markdown
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from replaylib.figures.replays import ADAPTATION, AWAKE, MECHANISM, MOMENTUM, PLAIN, axes_grid, interval_table
from replaylib.ledger import choosing
from replaylib.ledger.ledger import TASK_LABELS, Ledger
from replaylib.ledger.measurements.mobility import FRICTIONS as EQUAL_FRICTIONS
from replaylib.ledger.measurements.mobility import MOBILITIES, ONSETS, equal_condition, onset_condition
from replaylib.ledger.measurements.slowness import MAP_STRENGTHS, MAP_TIMES, map_condition
from replaylib.measures.statistics import Interval

GREY = "#8a9197"


def forest(ledger: Ledger, claim: str, measures: Mapping[str, str], tasks: Sequence[str]) -> list[Axes]:
    """Effects of a claim with their intervals, one panel a measure: ``measures`` maps their names to titles.

    Four panels stand two by two, and six in two rows, to be legible.
    Supported effects are filled circles in vermilion, others are empty ones in grey. The null is a dashed line. Where a
    claim expects an effect at its null, a grey band is the margin.
    """
    columns = {4: 2, 6: 3}.get(len(measures), len(measures))
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
        for null, margin in {(row["null"], row["margin"]) for row in rows.values() if row and row["predicted"] == "at"}:
            ax.axvspan(null - margin, null + margin, color=AWAKE, alpha=0.12, linewidth=0, zorder=0)
        names = [TASK_LABELS[task] for task in tasks]
        ax.set(yticks=range(len(tasks)), yticklabels=[""] * len(tasks) if index % columns else names)
        ax.set(ylim=(len(tasks) - 0.5, -0.5))
        ax.locator_params(axis="x", nbins=5)
        ax.set_title(title, fontsize=10)
    return axes


def _effect(ledger: Ledger, claim: str, task: str, measure: str) -> dict[str, Any] | None:
    found = [one for one in ledger.row(claim, task).get("outcomes", []) if one["measure"] == measure]
    return found[0] if found else None


def speed_map(ledger: Ledger, panels: Mapping[str, tuple[str, float, bool]]) -> list[Axes]:
    """Speed of adapted replay over that of plain replay, by restricted mean reach time, over strength and time.

    ``panels`` maps a title to (task, noise, whether adaptation is inside the nonlinearity). Above 1, adaptation speeds
    replay up. Points where replay diverged in some network stay empty; mobility numbers from 1 on are framed.
    """
    axes = axes_grid(1, len(panels), 3.4, 3.2)
    for ax, (title, (task, noise, inside)) in zip(axes, panels.items(), strict=True):
        plain = ledger.mean("C6", task, f"plain, noise {noise:g}", "reach_time").mean
        known = ledger.content["conditions"]["C6"][task]
        speed = np.full((len(MAP_STRENGTHS), len(MAP_TIMES)), np.nan)
        for row, column in np.ndindex(speed.shape):
            name = map_condition(MAP_STRENGTHS[row], MAP_TIMES[column], noise, inside)
            if name in known:
                speed[row, column] = plain / ledger.mean("C6", task, name, "reach_time").mean
        _number_map(ax, speed)
        ax.set_title(title, fontsize=10)
    return axes


def _number_map(ax: Axes, speed: "np.typing.NDArray[np.float64]") -> None:
    ax.imshow(np.log2(speed), cmap="RdBu", vmin=-2, vmax=2, origin="lower", aspect="auto")
    for (row, column), value in np.ndenumerate(speed):
        if np.isfinite(value):
            dark = abs(np.log2(value)) > 1.4
            ax.text(column, row, f"{value:.2f}", ha="center", va="center", color="white" if dark else "black")
        if MAP_STRENGTHS[row] * MAP_TIMES[column] >= 1:
            frame = Rectangle((column - 0.47, row - 0.47), 0.94, 0.94, fill=False, edgecolor="black", linewidth=0.8)
            ax.add_patch(frame)
    ax.set(xticks=range(len(MAP_TIMES)), xticklabels=[f"{time:g}" for time in MAP_TIMES])
    ax.set(yticks=range(len(MAP_STRENGTHS)), yticklabels=[f"{b:g}" for b in MAP_STRENGTHS])
    ax.set(xlabel="time [steps]", ylabel="strength")


def frontier(ledger: Ledger, tasks: Sequence[str]) -> list[Axes]:
    """Distance from the awake law against speed in times the running animal's, one panel a task.

    Small marks: all settings that the tuning networks tolerated, without momentum (blue) and with it (vermilion).
    Large marks: those chosen among them for three speeds, measured on the ledger's networks with 95 % intervals.
    Dashed: the running animal. Dotted: the animal with its rests.
    """
    axes = axes_grid(1, len(tasks), 3.4, 3.2)
    for ax, task in zip(axes, tasks, strict=True):
        for label, kind, color in (("without momentum", "alone", PLAIN), ("with momentum", "together", MECHANISM)):
            of_kind = {"alone": choosing.alone, "together": choosing.together}[kind]
            fit = [one for one in choosing.tried(task) if one.tolerated and of_kind(one)]
            ax.plot([one.speed for one in fit], [one.price for one in fit], ".", color=color, alpha=0.35, markersize=4)
            names = [f"{kind} at {speed:g}" for speed in choosing.SPEEDS]
            rows = ledger.means("C9", task, names, ["speed", "sliced_wasserstein"])
            (speed, speed_half), (distance, distance_half) = (
                ([row[index].mean for row in rows], [row[index].half_width for row in rows]) for index in (0, 1)
            )
            ax.errorbar(speed, distance, distance_half, speed_half, "o", color=color, label=label, markersize=7)
        ax.axvline(1, color=AWAKE, linestyle="--", zorder=0)
        ax.axvline(ledger.mean("C8", task, "awake", "speed").mean, color=AWAKE, linestyle=":", zorder=0)
        ax.set(xlabel="speed over the running animal's", ylabel="distance from awake law [m]", ylim=(0, None))
        ax.set_title(TASK_LABELS[task], fontsize=10)
    axes[0].legend(fontsize=8)
    return axes


def equal_mobility(ledger: Ledger, task: str, measures: Mapping[str, str]) -> list[Axes]:
    """What the same mobility costs at several frictions: a panel for each measure, a line for each mobility number.

    ``measures`` maps names to titles. Bars are 95 % intervals over networks.
    """
    axes = axes_grid(1, len(measures), 2.9, 2.8)
    for ax, (measure, title) in zip(axes, measures.items(), strict=True):
        for mobility, color in zip(MOBILITIES, (ADAPTATION, MECHANISM), strict=True):
            names = [equal_condition(mobility, friction) for friction in EQUAL_FRICTIONS]
            found = [ledger.mean("C12", task, name, measure) for name in names]
            means, halves = [one.mean for one in found], [one.half_width for one in found]
            ax.errorbar(EQUAL_FRICTIONS, means, halves, fmt="-o", color=color, label=f"x = {mobility:g}", markersize=4)
        ax.set(xlabel="friction", ylim=(0, None))
        ax.set_title(title, fontsize=10)
    axes[0].legend(fontsize=8)
    return axes


def onsets(ledger: Ledger, tasks: Sequence[str]) -> Axes:
    """Onset found against onset predicted, on logarithmic axes: for each task two times and two frictions.

    Bars are 95 % intervals over networks; the line is equality, the band 25 % on either side.
    """
    (ax,) = axes_grid(1, 1, 4.6, 4.0)
    marks = dict(zip(tasks, "os^vDP", strict=False))
    for task in tasks:
        rows = ledger.means("C11", task, [onset_condition(*pair) for pair in ONSETS], ["predicted", "found"])
        for index, (predicted, found) in enumerate(rows):
            color = MECHANISM if ONSETS[index][1] < 1 else PLAIN
            label = TASK_LABELS[task] if index == 0 else None
            bars = (found.half_width, predicted.half_width)
            ax.errorbar(predicted.mean, found.mean, *bars, marks[task], color=color, label=label)
    ends = np.array(ax.get_xlim())
    ax.plot(ends, ends, color=AWAKE, linewidth=1, zorder=0)
    ax.fill_between(ends, 0.75 * ends, 1.25 * ends, color=AWAKE, alpha=0.15, zorder=0)
    ax.set(xscale="log", yscale="log", xlabel="onset predicted from stiffness", ylabel="onset found")
    ax.legend(fontsize=8)
    return ax


def collapse(tasks: Sequence[str]) -> list[Axes]:
    """Displacement in 20 steps times adaptation time against the mobility number, over all settings that were tried.

    One panel a task, one colour a friction. The line is the law of the ring for slow turning, scaled to the median.
    """
    axes = axes_grid(1, len(tasks), 3.4, 3.0)
    for ax, task in zip(axes, tasks, strict=True):
        fit = [one for one in choosing.tried(task) if one.tolerated and one.speed < 1.5]
        x = np.array([one.setting.strength * one.setting.time / one.setting.friction for one in fit])
        pace = np.array([one.speed * one.setting.time for one in fit])
        friction = np.array([one.setting.friction for one in fit])
        for value, color in zip(EQUAL_FRICTIONS, (PLAIN, ADAPTATION, MECHANISM, MOMENTUM), strict=True):
            ax.plot(x[friction == value], pace[friction == value], ".", color=color, label=f"friction {value:g}")
        moving = x > 2
        scale = np.median(pace[moving] / np.sqrt(x[moving] - 1)) if moving.any() else 1.0
        line = np.geomspace(1.001, x.max(), 200)
        ax.plot(line, scale * np.sqrt(line - 1), color=AWAKE, linewidth=1)
        ax.axvline(1, color=AWAKE, linestyle=":", zorder=0)
        ax.set(xscale="log", xlabel="mobility number x", ylabel="speed times adaptation time")
        ax.set_title(TASK_LABELS[task], fontsize=10)
    axes[0].legend(fontsize=8)
    return axes


def compression_curve(ledger: Ledger, task: str, frictions: Sequence[float]) -> list[Interval]:
    """Compression at fixed adaptation at each friction against friction 1, within each network [1].

    The interval is shown by half its width.
    """
    found = [ledger.outcome("C7", task, f"compression_at_friction_{friction:g}") for friction in frictions]
    return [Interval(one["effect"], (one["interval"][1] - one["interval"][0]) / 2, len(one["seeds"])) for one in found]


def means_table(
    ledger: Ledger, claim: str, task: str, conditions: Mapping[str, str], columns: Mapping[str, str]
) -> Markdown:
    """Means of a claim's conditions with their 95 % intervals: ``conditions`` and ``columns`` map names to titles.

    A measure that a condition does not have is told as a dash, such as the median reach time where fewer than half
    of the landmarks were reached. Raises KeyError where no condition has it.
    """
    known = ledger.content["conditions"][claim][task]
    for measure in columns:
        if not any(measure in known.get(condition, {}) for condition in conditions):
            raise KeyError(f"{claim} for {task} has no {measure!r} in any of {', '.join(conditions)}.")
    rows: dict[str, list[Interval | str]] = {}
    for condition, title in conditions.items():
        has = known.get(condition, {})
        rows[title] = [ledger.mean(claim, task, condition, key) if key in has else "–" for key in columns]
    return interval_table(list(columns.values()), rows)
