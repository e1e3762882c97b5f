"""The course as teachers and students get it: objectives, exercises, minutes, notebooks, and the pack."""

import io
import posixpath
import re
import subprocess
import sys
import zipfile

import nbformat
import pytest
import yaml
from conftest import ROOT, SITE
from course import ASIDE, CHAPTERS, Chapter, CourseError, course
from guide import gift, plan, quiz_bank
from pptx import Presentation
from qti import chapter_quizzes

COURSE = course()
IDS = [chapter.stem for chapter in COURSE]
each = pytest.mark.parametrize("chapter", COURSE, ids=IDS)


def secrets(chapter: Chapter) -> list[str]:
    """Lines that only one who has tried should see: of solutions, and of keys to the quiz."""
    told = [line.strip() for one in chapter.solutions.values() for line in one.code.splitlines()]
    shown = "\n".join(cell.source for cell in chapter.notebook.cells if cell.cell_type == "code")
    stubs = {line.strip() for one in chapter.exercises for line in one.stub.splitlines()}
    # A line of code that the chapter's own text has anyway, or that stands in the stub, gives nothing away.
    told = [line for line in told if len(line) > 8 and line not in stubs and line not in shown]
    sentences = [one.text for one in chapter.solutions.values()] + chapter.answers
    return told + sentences + [item["why"] for item in chapter.teaching["quiz"]]


@pytest.fixture(scope="module")
def teachers() -> zipfile.ZipFile:
    return zipfile.ZipFile(SITE / "downloads" / "instructor-pack.zip")


@pytest.fixture(scope="module")
def students() -> zipfile.ZipFile:
    return zipfile.ZipFile(SITE / "downloads" / "student-notebooks.zip")


def read(archive: zipfile.ZipFile, name: str) -> bytes:
    top = archive.namelist()[0].split("/")[0]
    return archive.read(f"{top}/{name}")


@each
def test_every_objective_has_an_exercise_and_a_quiz_item(chapter):
    wanted = set(range(1, len(chapter.objectives) + 1))
    assert len(wanted) >= 2
    assert {number for one in chapter.exercises for number in one.objectives} == wanted
    assert {number for item in chapter.teaching["quiz"] for number in item["objectives"]} == wanted


@each
def test_exercises_are_complete(chapter):
    assert len(chapter.exercises) >= 3
    assert [one.name for one in chapter.exercises] == list(chapter.solutions)
    for one in chapter.exercises:
        assert one.name.startswith(f"{chapter.number}.")
        assert one.title == chapter.solutions[one.name].title
        assert len(set(one.hints)) == 3
        assert one.stub.splitlines()[-1].startswith(f'check("{one.name}", ')
        assert ("raise NotImplementedError" in one.stub) != ("= ..." in one.stub)
        anchor = one.name.replace(".", "")
        assert f"[Solution](solutions/{chapter.stem}.md#solution-{anchor})" in chapter.text
    assert len(chapter.questions) == len(chapter.answers) >= 2


@pytest.mark.parametrize("kind", ["Code", "Pencil and paper", "Explore the figure"])
def test_every_chapter_has_each_kind_of_exercise(kind):
    assert [one.number for one in COURSE if kind not in {exercise.kind for exercise in one.exercises}] == []


@each
def test_minutes_add_up(chapter):
    minutes = chapter.minutes
    assert minutes["exercises"] == sum(one.minutes for one in chapter.exercises)
    assert list(chapter.teaching["sections"]) == chapter.sections
    assert sum(chapter.teaching["sections"].values()) == minutes["reading"] + minutes.get("playing", 0)
    assert chapter.need


@each
def test_lessons_fit_ninety_minutes(chapter):
    _, minutes = plan(chapter.teaching["lesson"], COURSE, chapter)
    assert 75 <= minutes <= 90


def test_syllabi_fit_and_leave_no_chapter_out():
    half, five, term = yaml.safe_load((CHAPTERS / "teaching" / "syllabi.yml").read_text())
    for session in half["sessions"]:
        assert 75 <= plan(session["items"], COURSE)[1] <= 90
    numbers = [one.number for one in COURSE]
    assert [lesson for day in five["days"] for lesson in day["lessons"]] == numbers
    assert [week for week in term["weeks"] if isinstance(week, int)] == numbers
    assert len(five["days"]) == 5


@pytest.mark.parametrize("item", [{"section": "No such"}, {"exercise": "9.99"}])
def test_a_plan_that_names_what_is_not_there_is_refused(item):
    with pytest.raises(CourseError, match="has no"):
        plan([item], COURSE, COURSE[0])
    with pytest.raises(CourseError, match="names its chapter"):
        plan([item], COURSE)


@each
def test_quiz_items_are_sound(chapter):
    for item in chapter.teaching["quiz"]:
        assert len(set(item["choices"])) == len(item["choices"]) >= 3
        assert "abcdef".index(item["key"]) < len(item["choices"])
        assert len(item["why"]) > 20
    for one in chapter.teaching["misconceptions"]:
        assert set(one) == {"belief", "reply"}
    assert len(chapter.teaching["misconceptions"]) >= 2


def test_keys_are_not_all_the_same_letter():
    keys = [item["key"] for chapter in COURSE for item in chapter.teaching["quiz"]]
    assert max(map(keys.count, set(keys))) < 0.6 * len(keys)


@each
def test_students_get_no_solutions(chapter, students):
    hidden = secrets(chapter)
    assert len(hidden) > 10
    committed = (CHAPTERS / f"{chapter.stem}.ipynb").read_text(encoding="utf-8")
    downloaded = read(students, f"{chapter.stem}.ipynb").decode()
    page = (SITE / "notebooks" / f"{chapter.stem}.ipynb").read_text(encoding="utf-8")
    for notebook in (committed, downloaded, page):
        source = "\n".join(cell.source for cell in nbformat.reads(notebook, as_version=4).cells)
        assert [secret for secret in hidden if secret in source] == []


@each
def test_teachers_get_them(chapter, teachers):
    solved = nbformat.reads(read(teachers, f"notebooks-solved/{chapter.stem}.ipynb").decode(), as_version=4)
    source = "\n".join(cell.source for cell in solved.cells)
    for solution in chapter.solutions.values():
        assert solution.code in source
    assert "NotImplementedError" not in "\n".join(cell.source for cell in solved.cells if cell.cell_type == "code")


@each
def test_downloaded_notebooks_are_plain(chapter, students):
    notebook = nbformat.reads(read(students, f"{chapter.stem}.ipynb").decode(), as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        assert not cell.metadata
        if cell.cell_type == "code":
            assert not cell.outputs
            assert "NBVAL" not in cell.source
            continue
        assert not re.search(r"\{[\w:]+\}`|^:::|^```\{|\$\$ \(eq-", cell.source, re.MULTILINE), cell.source
        for link in re.findall(r"\]\(([^)]+)\)", cell.source):
            assert link.startswith(("https://", "#")) or (CHAPTERS / link).suffix == ".ipynb", link
            if link.endswith(".ipynb"):
                assert (SITE / "notebooks" / link).is_file()


@each
def test_numbers_of_equations_are_those_of_the_site(chapter, students):
    page = (SITE / "chapters" / f"{chapter.stem}.html").read_text(encoding="utf-8")
    shown = re.findall(r'class="eqno">\((\d+)\)', page)
    source = "\n".join(
        cell.source for cell in nbformat.reads(read(students, f"{chapter.stem}.ipynb").decode(), as_version=4).cells
    )
    assert re.findall(r"\\tag\{(\d+)\}", source) == shown


@each
def test_links_to_solutions_hit_their_anchor(chapter):
    page = (SITE / "chapters" / f"{chapter.stem}.html").read_text(encoding="utf-8")
    notebook = (SITE / "notebooks" / f"{chapter.stem}.ipynb").read_text(encoding="utf-8")
    solutions = (SITE / "chapters" / "solutions" / f"{chapter.stem}.html").read_text(encoding="utf-8")
    for one in chapter.exercises:
        anchor = f"solution-{one.name.replace('.', '-')}"
        assert f'id="{anchor}"' in solutions
        assert f'href="solutions/{chapter.stem}.html#{anchor}"' in page
        assert f"/chapters/solutions/{chapter.stem}.html#{anchor})" in notebook


def test_the_pack_holds_what_its_first_page_promises(teachers):
    start = read(teachers, "start.html").decode()
    top = teachers.namelist()[0].split("/")[0]
    promised = re.findall(r"<code>([\w-]+(?:\.\w+|/))</code>", start) + re.findall(r'href="([^"]+)"', start)
    assert len(promised) >= 8 + 2 * len(COURSE)
    for name in promised:
        assert any(one.startswith(f"{top}/{name}") for one in teachers.namelist()), name


def test_pages_of_the_pack_need_nothing_and_show_their_formulas(teachers):
    for name in (one for one in teachers.namelist() if one.endswith(".html")):
        page = teachers.read(name).decode()
        assert "<script" not in page
        assert "src=" not in page
        assert "{eq}" not in page
        assert "<merror" not in page
        body = re.sub(r"<math.*?</math>|<code>.*?</code>", "", page, flags=re.DOTALL)
        assert "$" not in body, re.search(r".{60}\$.{60}", body, re.DOTALL)


def test_links_within_the_pack_lead_somewhere(teachers):
    names = set(teachers.namelist())
    for name in (one for one in names if one.endswith(".html")):
        for link in re.findall(r'href="(?!https:)([^"]+)"', teachers.read(name).decode()):
            assert posixpath.normpath(posixpath.join(posixpath.dirname(name), link)) in names, (name, link)


@each
def test_a_guide_has_all_that_a_lesson_needs(chapter, teachers):
    page = re.sub(r"<math.*?</math>", "M", read(teachers, f"chapters/{chapter.stem}.html").decode(), flags=re.DOTALL)
    for part in ("Objectives", "Lesson plan", "Minutes", "Common misconceptions", "Questions to discuss", "Quiz"):
        assert f">{part}" in page
    assert page.count("Expected: ") == len(chapter.questions)
    assert page.count("Key: ") == len(chapter.teaching["quiz"])


def test_the_students_quiz_has_no_keys():
    for chapter in COURSE:
        assert not any(item["why"] in quiz_bank(COURSE, keys=False) for item in chapter.teaching["quiz"])
    assert "Key:" not in quiz_bank(COURSE, keys=False)
    assert quiz_bank(COURSE, keys=True).count("Key:") == sum(len(one.teaching["quiz"]) for one in COURSE)


def test_gift_has_one_right_answer_for_each_item():
    text = gift(chapter_quizzes(COURSE))
    items = re.findall(r"^::(.*?)::(.*?) \{\n(.*?)^\}", text, re.DOTALL | re.MULTILINE)
    assert len(items) == sum(len(one.teaching["quiz"]) for one in COURSE)
    for _, question, answers in items:
        assert not re.search(r"(?<!\\)[{}=~#]", question)
        assert len(re.findall(r"^  =", answers, re.MULTILINE)) == 1
        assert len(re.findall(r"^  [=~]", answers, re.MULTILINE)) >= 3


@each
def test_slides_show_every_figure_with_its_text(chapter, teachers):
    deck = Presentation(io.BytesIO(read(teachers, f"slides/{chapter.stem}.pptx")))
    described = [
        shape._element.nvPicPr.cNvPr.get("descr")
        for slide in deck.slides
        for shape in slide.shapes
        if hasattr(shape, "image")
    ]
    wanted = [cell for cell in chapter.notebook.cells if cell.metadata.get("mystnb", {}).get("image", {}).get("alt")]
    assert len(described) == len(wanted)
    assert all(len(text) > 40 for text in described)
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert titles[1] == "You will be able to"
    assert titles.count("Quiz") == len(chapter.teaching["quiz"])
    words = "\n".join(shape.text_frame.text for slide in deck.slides for shape in slide.shapes if shape.has_text_frame)
    assert not re.search(r"\$|\\[a-z]+|\{\w+\}`", words)


def test_a_learners_work_is_left_alone(tmp_path):
    script = ROOT / "chapters" / "extension" / "notebooks.py"
    worked = tmp_path / f"{COURSE[3].stem}.ipynb"
    worked.write_text("a learner's work")
    for _ in range(2):
        subprocess.run([sys.executable, script, tmp_path], check=True)
    assert sorted(path.stem for path in tmp_path.iterdir()) == sorted([*IDS, *(one.stem for one in ASIDE)])
    assert worked.read_text() == "a learner's work"
    other = tmp_path / f"{COURSE[4].stem}.ipynb"
    assert other.read_bytes() == (SITE / "notebooks" / other.name).read_bytes()


def test_a_malformed_exercise_stops_the_build(monkeypatch):
    chapter = Chapter(COURSE[6].stem)
    for cell in chapter.notebook.cells:
        cell.source = cell.source.replace("*Code, 6 minutes, objective 1.*", "Code")
    with pytest.raises(CourseError, match="an exercise has a heading"):
        _ = chapter.exercises


def test_binder_asks_for_what_the_package_needs():
    environment = yaml.safe_load((ROOT / "binder" / "environment.yml").read_text())
    conda = {"torch": "pytorch-cpu", "pot": "pot", "matplotlib": "matplotlib-base"}
    listed = [one if isinstance(one, str) else "" for one in environment["dependencies"]]
    listed += environment["dependencies"][-1]["pip"]
    project = (ROOT / "pyproject.toml").read_text()
    needed = re.findall(r'"([\w-]+)>=([\d.]+)"', re.search(r"dependencies = \[(.*?)\]", project, re.DOTALL)[1])
    assert len(needed) > 10
    for name, version in needed:
        assert f"{conda.get(name.lower(), name.lower())}>={version}" in listed
    assert not any("cuda" in one for one in listed)
    assert (ROOT / "binder" / "postBuild").stat().st_mode & 0o111
