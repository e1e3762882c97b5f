"""The bug museum: ten exhibits, each with a prediction, a symptom, and an exercise that finds the bug."""

import re

from conftest import SITE
from course import CHAPTERS, MUSEUM

EXHIBIT = re.compile(r"^## (\d+)\. (.+)$", re.MULTILINE)

SECONDS = 30
"""The whole museum runs in less, on one core."""


def page(name):
    return (SITE / "chapters" / f"{name}.html").read_text(encoding="utf-8")


def test_every_exhibit_has_a_prediction_a_symptom_and_an_exercise():
    shown = [int(number) for number, _ in EXHIBIT.findall(MUSEUM.text)]
    assert shown == list(range(1, 11))
    assert [one.name for one in MUSEUM.exercises] == [f"B.{number}" for number in shown]
    sources = [cell.source for cell in MUSEUM.notebook.cells]
    begins = [at for at, source in enumerate(sources) if EXHIBIT.search(source)]
    for begin, end in zip(begins, [*begins[1:], len(sources)], strict=True):
        between = MUSEUM.notebook.cells[begin:end]
        code = [cell.source for cell in between if cell.cell_type == "code"]
        assert any("**Predict:**" in cell.source for cell in between)
        assert any("print(" in one or "figures." in one for one in code)
        assert sum(one.splitlines()[-1].startswith("check(") for one in code) == 1


def test_exercises_are_complete_and_their_minutes_add_up():
    assert list(MUSEUM.solutions) == [one.name for one in MUSEUM.exercises]
    for one in MUSEUM.exercises:
        assert one.title == MUSEUM.solutions[one.name].title
        assert len(set(one.hints)) == 3
        assert MUSEUM.solutions[one.name].code.splitlines()[-1].strip().removeprefix("return ") not in one.hints[2]
        assert "raise NotImplementedError" in one.stub
        assert max(one.objectives) <= len(MUSEUM.objectives)
    assert {number for one in MUSEUM.exercises for number in one.objectives} == {1, 2, 3}
    assert MUSEUM.minutes["exercises"] == sum(one.minutes for one in MUSEUM.exercises)


def test_links_to_solutions_hit_their_anchor():
    shown, solutions = page("bug_museum"), page("solutions/bug_museum")
    student = (SITE / "notebooks" / "bug_museum.ipynb").read_text(encoding="utf-8")
    for one in MUSEUM.exercises:
        anchor = f"solution-{one.name.replace('.', '-').lower()}"
        assert f'id="{anchor}"' in solutions
        assert f'href="solutions/bug_museum.html#{anchor}"' in shown
        assert f"/chapters/solutions/bug_museum.html#{anchor})" in student
        assert MUSEUM.solutions[one.name].code.splitlines()[-1].strip() not in student


def test_chapters_lead_to_their_exhibits():
    for stem in ("03_dreaming", "05_leakage", "07_momentum", "09_rat_in_a_box", "10_does_it_replicate"):
        text = (CHAPTERS / f"{stem}.ipynb").read_text(encoding="utf-8")
        told = re.findall(r"bug museum\]\(bug_museum\.ipynb\), exhibits? ([\d, and]*\d)", text)
        assert told
        assert {int(number) for one in told for number in re.findall(r"\d+", one)} <= set(range(1, 11))
        assert 'href="bug_museum.html"' in page(stem)


def test_it_runs_in_half_a_minute():
    row = re.search(r'href="bug_museum\.html".*?</tr>', page("times").split("Run Time")[1], re.DOTALL)[0]
    assert 0 < float(re.search(r"<p>(\d+\.\d+)</p>", row)[1]) < SECONDS
