"""The ledger as a reader scans it: predictions to make, verdicts, a block for each claim, and the settings tried."""

import html
import textwrap
from collections.abc import Mapping, Sequence
from statistics import fmean

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import HTML, Markdown, display
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.image import AxesImage

from replaylib.figures.ledger import forest
from replaylib.figures.replays import axes_grid
from replaylib.ledger import choosing
from replaylib.ledger.claims import CLAIMS, claim
from replaylib.ledger.claims.base import PUBLISHED, TASK_NAMES
from replaylib.ledger.ledger import MARKS, TASK_LABELS, Ledger
from replaylib.ledger.measurements.replays import Setting
from replaylib.ledger.measurements.tuning import GRID
from replaylib.measures.designing import JUMPS, ON_PATH
from replaylib.theory.mobility import mobility_number

ELSEWHERE = ("linear-gaussian", *PUBLISHED)
"""Where few claims are asked: beside the six tasks."""

WIDTH = 30
"""Letters in a line of a panel's title."""

BOOK, FASTEST = ("adaptation", "together"), ("fastest alone", "fastest together")
"""How choices name the two settings of the book, and those of a task by itself."""

TRIED = ("strength", "time", "friction", "x", "speed", "distance", "on path", "jumps")
"""What is told of a setting that was tried."""


def prediction_sheet() -> HTML:
    """A form for the reader's predictions, on the page or on paper: of the six tasks, on how many each claim holds."""
    choices = "".join(f"<option>{count}</option>" for count in ("?", *range(len(TASK_NAMES) + 1)))
    rows = [
        f"<tr><td><strong>{one.name}</strong></td><td>{html.escape(one.statement)}</td>"
        f'<td><select aria-label="On how many of the six tasks {one.name} will hold">{choices}</select></td></tr>'
        for one in CLAIMS
    ]
    head = "<tr><th>claim</th><th>what it says</th><th>holds on</th></tr>"
    return HTML(f"<table><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>")  # type: ignore[no-untyped-call]


def folded(summary: str, text: str) -> str:
    """Markdown that a reader unfolds."""
    return f"<details><summary>{summary}</summary>\n\n{text}\n\n</details>"


def verdict_tables(ledger: Ledger) -> Markdown:
    """The verdicts of all claims, folded: on the six tasks, with the number on which each holds, and elsewhere."""
    titles = {one.name: f"**{one.name}** {one.title}" for one in CLAIMS}
    head, rule, *rows = ledger.verdicts(TASK_NAMES, titles).data.splitlines()
    counts = [ledger.held(name) for name in titles]
    of_all = len(TASK_NAMES)
    lines = [f"{head}holds on|", f"{rule}---|"]
    lines += [f"{row} {count} of {of_all} |" for row, count in zip(rows, counts, strict=True)]
    asked = [one for one in CLAIMS if set(ELSEWHERE) - set(one.not_for)]
    elsewhere = ledger.verdicts(ELSEWHERE, {one.name: titles[one.name] for one in asked}).data
    score = (
        f"Add up by how much each of your numbers is off. Who answers {of_all} everywhere is off by "
        f"{sum(of_all - count for count in counts)}, who answers 0 everywhere by {sum(counts)}."
    )
    text = "\n\n".join(["\n".join(lines), score, "Three claims are asked elsewhere, too:", elsewhere])
    return Markdown(folded("Show the verdicts", text))  # type: ignore[no-untyped-call]


def claim_block(ledger: Ledger, name: str, sentence: Markdown, measures: Sequence[str] = ()) -> None:
    """Show a claim: statement and verdicts, its effects as ``forest`` draws them, a sentence, and all effects, folded.

    measures: the effects that are drawn; those that decide on the six tasks, unless said otherwise. The Gaussian path
    has a row where the claim is asked of it.
    """
    one = claim(name)
    tasks = [task for task in (*TASK_NAMES, ELSEWHERE[0]) if task not in one.not_for]
    drawn = measures or [each.name for each in one.outcomes if each.primary and set(each.tasks) & set(TASK_NAMES)]
    titles = {each.name: textwrap.fill(each.label, WIDTH) for each in one.outcomes if each.name in drawn}
    display(Markdown(f"**{name} says:** {one.statement}\n\n{verdict_line(ledger, name)}"))  # type: ignore[no-untyped-call]
    axes = forest(ledger, name, titles, tasks)
    for ax in axes:
        ax.set_title(ax.get_title(), fontsize=9)
    figure = axes[0].figure
    display(figure)  # type: ignore[no-untyped-call]
    plt.close(figure)  # type: ignore[arg-type]
    display(sentence)  # type: ignore[no-untyped-call]
    asked = [task for task in (*TASK_NAMES, *ELSEWHERE) if task not in one.not_for]
    last = [task for task in asked if task in TASK_NAMES][-1]
    again = f"Make it again, for one task: `{ledger.row(name, last)['command']}`"
    table = folded(f"All effects of {name}", f"{ledger.effects(name, asked).data}\n\n{again}")
    display(Markdown(table))  # type: ignore[no-untyped-call]


def controls_table(ledger: Ledger, tasks: Sequence[str], conditions: Mapping[str, str]) -> Markdown:
    """Speed over the running animal's, and distance from the awake law [m], of C8's conditions: means over networks.

    ``conditions`` maps their names to titles, a row each; a column each task. A dagger stands where replay leaves the
    path or jumps more than is tolerated, in the mean over these networks.
    """
    measures = ["speed", "sliced_wasserstein", "share_on_path", "jump_share"]
    lines = ["| |" + "|".join(TASK_LABELS[task] for task in tasks) + "|", "|---" * (len(tasks) + 1) + "|"]
    for condition, title in conditions.items():
        cells = []
        for task in tasks:
            ((speed, distance, on_path, jumps),) = ledger.means("C8", task, [condition], measures)
            mark = " †" if on_path.mean < ON_PATH or jumps.mean > JUMPS else ""
            cells.append(f"{speed.mean:.2f} at {distance.mean:.3f}{mark}")
        lines.append(f"| {title} | {' | '.join(cells)} |")
    return Markdown("\n".join(lines))  # type: ignore[no-untyped-call]


def verdict_line(ledger: Ledger, name: str) -> str:
    """The verdicts of a claim in a line: the six tasks together, and each place elsewhere where it is asked."""
    elsewhere = [task for task in ELSEWHERE if task not in claim(name).not_for]
    told = [f"{TASK_LABELS[task]}: {MARKS[ledger.row(name, task)['verdict']]}" for task in elsewhere]
    return ". ".join([ledger.told(name), *told]) + "."


def tolerated_map(tasks: Sequence[str]) -> list[Axes]:
    """Speed of all settings that were tried: a row of panels for each task, a panel for each friction.

    Colour: speed over the running animal's, where the setting is tolerated; grey where it is not; white where the
    replay of some network diverged. A star is the book's setting, a circle the fastest that the task tolerates.
    """
    frictions = sorted({one.friction for one in GRID}, reverse=True)
    axes = axes_grid(len(tasks), len(frictions), 1.9, 1.4)
    panels = [(task, friction) for task in tasks for friction in frictions]
    for ax, (task, friction) in zip(axes, panels, strict=True):
        image = _tolerated_panel(ax, task, friction)
    for ax, friction in zip(axes, frictions, strict=False):
        ax.set_title(f"friction {friction:g}", fontsize=9)
    for ax, task in zip(axes[:: len(frictions)], tasks, strict=True):
        ax.set_ylabel(f"{TASK_LABELS[task].replace(', ', chr(10))}\nstrength", fontsize=9)
    for ax in axes[-len(frictions) :]:
        ax.set_xlabel("time [steps]", fontsize=9)
    axes[0].figure.colorbar(image, ax=axes, location="top", shrink=0.5, label="speed over the running animal's")
    return axes


def _tolerated_panel(ax: Axes, task: str, friction: float) -> AxesImage:
    strengths, times = sorted({one.strength for one in GRID}), sorted({one.time for one in GRID})
    speed, barred = np.full((2, len(strengths), len(times)), np.nan)
    for one in choosing.tried(task):
        if one.setting.friction == friction:
            place = strengths.index(one.setting.strength), times.index(one.setting.time)
            (speed if one.tolerated else barred)[place] = one.speed
    ax.imshow(barred, cmap=ListedColormap(["#d4d7da"]), origin="lower", aspect="auto")
    image = ax.imshow(speed, cmap="viridis", vmin=0, vmax=2, origin="lower", aspect="auto")
    found = choosing.chosen(task)
    for label, mark in ((BOOK, "*"), (FASTEST, "o")):
        for setting in (found[name] for name in label if found[name].friction == friction):
            place = times.index(setting.time), strengths.index(setting.strength)
            ax.plot(*place, mark, color="white", markeredgecolor="black", markersize=9 if mark == "*" else 6)
    ax.set(xticks=range(len(times)), xticklabels=[f"{time:g}" for time in times])
    ax.set(yticks=range(0, len(strengths), 3), yticklabels=[f"{b:.2g}" for b in strengths[::3]])
    ax.tick_params(labelsize=7)
    return image


def book_settings(tasks: Sequence[str]) -> Markdown:
    """What was chosen: on each task the book's two settings, and the fastest that this task tolerates by itself.

    Speeds are over the running animal's, distances from the awake law are in metres: means over the tuning networks.
    """
    names = {"adaptation": "adaptation alone", "together": "with momentum"}
    names |= {"fastest alone": "fastest alone", "fastest together": "fastest with momentum"}
    lines = ["| |" + "|".join(names.values()) + "|", "|---" * (len(names) + 1) + "|"]
    for task in tasks:
        by_setting = {one.setting: one for one in choosing.tried(task)}
        cells = []
        for name in names:
            setting = choosing.chosen(task)[name]
            one = by_setting[setting]
            which = "" if name in BOOK else f"{described(setting)}: "
            cells.append(f"{which}{one.speed:.2f} at {one.price:.3f}")
        lines.append(f"| {TASK_LABELS[task]} | " + " | ".join(cells) + " |")
    return Markdown("\n".join(lines))  # type: ignore[no-untyped-call]


def looser_rules(tasks: Sequence[str]) -> Markdown:
    """The fastest setting that all tasks tolerate, and those that one or two fewer do, without momentum and with it.

    Speeds are over the running animal's, means over all tasks.
    """
    by_setting: dict[Setting, list[choosing.Trial]] = {}
    for task in tasks:
        for one in choosing.tried(task):
            by_setting.setdefault(one.setting, []).append(one)
    whole = [found for found in by_setting.values() if len(found) == len(tasks)]
    lines = ["|tolerated on|without momentum|with momentum|", "|---|---|---|"]
    for need in range(len(tasks), len(tasks) - 3, -1):
        cells = []
        for kind in (choosing.alone, choosing.together):
            fit = [found for found in whole if kind(found[0]) and sum(one.tolerated for one in found) >= need]
            best = max(fit, key=lambda found: fmean(one.speed for one in found))
            cells.append(f"{described(best[0].setting)}: {fmean(one.speed for one in best):.2f}")
        lines.append(f"| at least {need} of {len(tasks)} tasks | {' | '.join(cells)} |")
    return Markdown("\n".join(lines))  # type: ignore[no-untyped-call]


def described(setting: Setting) -> str:
    """A setting in three numbers."""
    return f"{setting.strength:.2g}, {setting.time:g}, {setting.friction:g}"


def tried_lists(tasks: Sequence[str], count: int = 15) -> Markdown:
    """All that was tried, folded: for each task the fastest ``count`` that it tolerates, and under them every setting.

    In the order of speed. The last column tells as what a setting was chosen.
    """
    parts = []
    for task in tasks:
        trials = sorted(choosing.tried(task), key=lambda one: -one.speed)
        fit = [one for one in trials if one.tolerated]
        names: dict[Setting, list[str]] = {}
        for name, setting in choosing.chosen(task).items():
            names.setdefault(setting, []).append(name)
        shown = [one for index, one in enumerate(fit) if index < count or one.setting in names]
        told = f"{TASK_LABELS[task]}: {len(fit)} of {len(GRID)} settings are tolerated"
        rows = [f"| {' | '.join(_cells(one))} | {', '.join(names.get(one.setting, []))} |" for one in shown]
        head = [f"| {' | '.join([*TRIED, 'chosen as'])} |", "|---" * (len(TRIED) + 1) + "|"]
        every = ["  ".join(f"{cell:>8}" for cell in row) for row in (TRIED, *map(_cells, trials))]
        whole = folded("Every setting that was tried", "\n".join(["```text", *every, "```"]))
        parts.append(folded(told, "\n".join([*head, *rows, "", whole])))
    return Markdown("\n\n".join(parts))  # type: ignore[no-untyped-call]


def _cells(trial: choosing.Trial) -> list[str]:
    setting = trial.setting
    x = mobility_number(setting.dynamics(0.0))
    numbers = (setting.strength, setting.time, setting.friction, x, trial.speed, trial.price)
    return [f"{number:.3g}" for number in numbers] + [f"{trial.share_on_path:.3f}", f"{trial.jump_share:.4f}"]
