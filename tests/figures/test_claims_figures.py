"""What the chapter on the ledger shows: a sheet to fill in, verdicts, blocks of claims, and all settings tried."""

import json
import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from IPython.display import Markdown
from matplotlib.figure import Figure

from replaylib.figures import claims as figures
from replaylib.ledger import CLAIMS, TASK_NAMES, chosen, claim, tried
from replaylib.ledger.ledger import Ledger
from replaylib.ledger.measurements.tuning import GRID
from replaylib.ledger.replication import TASKS_AND_PATHS


def row(one, task, verdict):
    """A row of a made-up ledger, with an effect of 0.5 over its null, and an interval of 0.1 on either side."""
    if task in one.not_for:
        return {"claim": one.name, "task": task, "verdict": "does not apply", "reason": one.not_for[task]}
    described = [
        {
            "measure": each.name,
            "label": each.label,
            "effect": each.null + 0.5,
            "interval": [each.null + 0.4, each.null + 0.6],
            "null": each.null,
            "margin": each.margin,
            "predicted": each.predicted,
            "decides": each.primary,
            "seeds": list(range(10)),
            "supported": verdict == "holds",
        }
        for each in one.outcomes
        if task in each.tasks
    ]
    return {"claim": one.name, "task": task, "verdict": verdict, "command": "again", "outcomes": described}


@pytest.fixture
def ledger(tmp_path):
    """Every claim holds, but for C8, which fails in the rat's box and holds partly on the T-maze with cells."""
    broken = {("C8", "rat"): "fails", ("C8", "t-maze-cells"): "partly"}
    rows = [row(one, task, broken.get((one.name, task), "holds")) for one in CLAIMS for task in TASKS_AND_PATHS]
    path = tmp_path / "claims.json"
    path.write_text(json.dumps({"rows": rows, "code": {}, "conditions": {}}), encoding="utf-8")
    yield Ledger(path)
    plt.close("all")


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_sheet_asks_once_for_each_claim_with_a_named_field():
    sheet = figures.prediction_sheet().data
    fields = re.findall(r'<select aria-label="[^"]*?(C\d+) will hold">(.*?)</select>', sheet)
    assert [name for name, _ in fields] == [one.name for one in CLAIMS]
    assert {re.sub(r"<.*?>", " ", choices) for _, choices in fields} == {" ?  0  1  2  3  4  5  6 "}
    assert "where x &gt; 1." in sheet


def test_verdicts_are_folded_and_counted(ledger):
    shown = plain(figures.verdict_tables(ledger).data)
    assert shown.startswith("<details><summary>Show the verdicts</summary>\n\n| |")
    (c8,) = re.findall(r"^\| \*\*C8\*\*.*$", shown, re.MULTILINE)
    assert c8.endswith("| ● holds | ● holds | ● holds | ◐ partly | ● holds | ○ fails | 4 of 6 |")
    assert "6 everywhere is off by 6, who answers 0 everywhere by 78" in shown
    assert len(re.findall(r"^\| \*\*C6\*\*", shown, re.MULTILINE)) == 2
    elsewhere = re.findall(r"^\| \*\*(C\d+)\*\*", shown.split("elsewhere")[1], re.MULTILINE)
    assert elsewhere == ["C1", "C2", "C6"]


def block(monkeypatch, ledger, *arguments):
    shown = []
    monkeypatch.setattr(figures, "display", shown.append)
    figures.claim_block(ledger, *arguments)
    head, figure, sentence, effects = shown
    assert isinstance(figure, Figure)
    assert not plt.fignum_exists(figure.number)
    return plain(head.data), figure, sentence.data, effects.data


def test_a_block_draws_what_decides_and_folds_all_effects(monkeypatch, ledger):
    head, figure, sentence, effects = block(monkeypatch, ledger, "C8", Markdown("A sentence."))
    assert head.startswith(f"**C8 says:** {claim('C8').statement}\n\n● holds on 4 of 6 tasks, ◐ partly on 1 (T-maze,")
    deciding = [one for one in claim("C8").outcomes if one.primary]
    assert [" ".join(ax.get_title().split()) for ax in figure.axes] == [one.label for one in deciding]
    assert sentence == "A sentence."
    assert effects.startswith("<details><summary>All effects of C8</summary>")
    assert effects.count("\n|") == 2 + sum(task in one.tasks for one in claim("C8").outcomes for task in TASK_NAMES)
    assert "`again`" in effects


def test_a_block_tells_of_places_elsewhere_and_draws_the_gaussian_path(monkeypatch, ledger):
    head, figure, _, _ = block(monkeypatch, ledger, "C1", Markdown(""), ["residual_of_constant_gain"])
    assert head.endswith("● holds on 6 of 6 tasks. Gaussian path: ● holds.")
    (ax,) = figure.axes
    assert len(ax.get_yticklabels()) == 7
    head, figure, _, effects = block(monkeypatch, ledger, "C6", Markdown(""))
    assert "triangle, published kind: ● holds. T-maze, published kind: ● holds." in head
    assert len(figure.axes[0].get_yticklabels()) == 6
    assert "| T-maze, published kind | **the same, adaptation inside" in effects


def test_a_block_of_a_claim_that_is_asked_of_the_tracks_alone(monkeypatch, ledger):
    head, figure, _, effects = block(monkeypatch, ledger, "C13", Markdown(""))
    assert "● holds on 4 of 6 tasks, – does not apply on 2 (box, motion model; box, real rat)" in head
    assert len(figure.axes[0].get_yticklabels()) == 4
    assert "`again`" in effects


def test_a_margin_is_drawn_where_an_effect_is_expected_at_its_null(monkeypatch, ledger):
    _, figure, _, _ = block(monkeypatch, ledger, "C12", Markdown(""))
    speed, distance, _ = figure.axes
    (band,) = speed.patches
    assert (band.get_x(), band.get_width()) == pytest.approx((0.75, 0.5))
    assert not distance.patches


def test_the_table_of_controls_marks_what_is_not_tolerated(tmp_path):
    def means(speed, distance, on_path, jumps):
        values = {"speed": speed, "sliced_wasserstein": distance, "share_on_path": on_path, "jump_share": jumps}
        return {measure: [value, 0.1, 10] for measure, value in values.items()}

    conditions = {
        "fine": means(1.0, 0.1, 0.9, 0.01),
        "off": means(2.0, 0.2, 0.89, 0.0),
        "jumps": means(3, 0.3, 1, 0.011),
    }
    path = tmp_path / "claims.json"
    path.write_text(json.dumps({"rows": [], "conditions": {"C8": {"rat": conditions}}}), encoding="utf-8")
    titles = {"fine": "Fine", "off": "Off the path", "jumps": "Jumps"}
    assert figures.controls_table(Ledger(path), ["rat"], titles).data.splitlines() == [
        "| |box, real rat|",
        "|---|---|",
        "| Fine | 1.00 at 0.100 |",
        "| Off the path | 2.00 at 0.200 † |",
        "| Jumps | 3.00 at 0.300 † |",
    ]


def test_the_map_shows_speed_where_a_setting_is_tolerated_and_marks_what_was_chosen():
    axes = figures.tolerated_map(["rat"])
    frictions = [1.0, 0.6, 0.3, 0.15]
    assert [ax.get_title() for ax in axes] == [f"friction {one:g}" for one in frictions]
    strengths, times = sorted({one.strength for one in GRID}), sorted({one.time for one in GRID})
    for ax, friction in zip(axes, frictions, strict=True):
        barred, speed = (image.get_array().filled(np.nan) for image in ax.images)
        for one in tried("rat"):
            if one.setting.friction == friction:
                place = strengths.index(one.setting.strength), times.index(one.setting.time)
                shown, empty = (speed, barred) if one.tolerated else (barred, speed)
                assert shown[place] == one.speed
                assert np.isnan(empty[place])
    setting = chosen("rat")["adaptation"]
    star = next(line for line in axes[0].get_lines() if line.get_marker() == "*")
    assert star.get_xydata().tolist() == [[times.index(setting.time), strengths.index(setting.strength)]]
    plt.close("all")


def test_the_table_of_settings_tells_speed_and_price_of_what_was_chosen():
    head, _, rat = figures.book_settings(["rat"]).data.splitlines()
    assert head == "| |adaptation alone|with momentum|fastest alone|fastest with momentum|"
    one = next(one for one in tried("rat") if one.setting == chosen("rat")["fastest alone"])
    setting = one.setting
    told = f"{setting.strength:.2g}, {setting.time:g}, {setting.friction:g}: {one.speed:.2f} at {one.price:.3f}"
    assert rat.split(" | ")[3] == told


def test_looser_rules_begin_with_the_book_and_never_get_slower():
    _, _, *rows = figures.looser_rules(TASK_NAMES).data.splitlines()
    book = [figures.described(chosen("rat")[name]) for name in ("adaptation", "together")]
    assert [cell.split(":")[0].strip() for cell in rows[0].split("|")[2:4]] == book
    for column in (2, 3):
        speeds = [float(row.split("|")[column].split(":")[1]) for row in rows]
        assert speeds == sorted(speeds)
        assert len(speeds) == 3


def test_the_lists_hold_every_setting_that_was_tried():
    text = figures.tried_lists(["rat"], count=3).data
    fit = sum(one.tolerated for one in tried("rat"))
    assert text.startswith(f"<details><summary>box, real rat: {fit} of {len(GRID)} settings are tolerated</summary>")
    shown, every = text.split("```text\n")
    lines = every.split("\n```")[0].splitlines()
    assert len(lines) == 1 + len(tried("rat"))
    speeds = [float(line.split()[4]) for line in lines[1:]]
    assert speeds == sorted(speeds, reverse=True)
    rows = [line for line in shown.splitlines() if line.startswith("| 0")]
    named = {name for line in rows for name in line.split("|")[-2].strip().split(", ") if name}
    assert named == set(chosen("rat"))
    assert len(rows) >= 3
