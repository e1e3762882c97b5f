"""Three students, solved, empty and misconceived, graded by nbgrader's or Otter's own code; prints what they got.

    python tests/book/graders.py nbgrader|otter FOLDER STEM...

in a process whose path has the two programs, the extension and the tests. All chapters named are one assignment.
"""

import contextlib
import json
import os
import sys
from pathlib import Path

import nbformat
from assignments import CONFIG, answer, nbgrader_source, otter_master
from course import ROOT, Chapter
from notebooks import plain_course

NAME = "course"
MISCONCEIVED = """
import sys
from types import ModuleType
sys.modules.setdefault("answers", ModuleType("answers")).__path__ = [{folder!r}]  # one chapter's are enough
from answers.chapter_{number:02d} import WRONG
{given} = WRONG[{name!r}][0][0]
{end}"""


def submissions(release, chapters, key):
    """By student, a notebook as handed out with other answers. key: gives a cell's exercise, or None."""
    exercises = {one.name: (chapter, one) for chapter in chapters for one in chapter.exercises}
    made = {name: nbformat.from_dict(release) for name in ("solved", "empty", "misconceived")}
    for cell in (cell for notebook in made.values() for cell in notebook.cells):
        cell.source = str(cell.source)
    for number, cell in enumerate(release.cells):
        name = key(cell, release.cells[number - 1])
        if name in exercises:
            chapter, one = exercises[name]
            end = "".join(line for line in cell.source.splitlines(keepends=True) if line.startswith("answer_"))
            made["solved"].cells[number].source = f"{chapter.solutions[name].code}\n{end}"
            told = {"folder": str(ROOT / "tests" / "answers"), "number": chapter.number, "name": name}
            made["misconceived"].cells[number].source = MISCONCEIVED.format(given=answer(one), end=end, **told)
    return made


def by_nbgrader(folder, chapters):
    """Points and feedback pages by student."""
    import nbgrader  # noqa: PLC0415
    from nbgrader.apps import NbGraderAPI  # noqa: PLC0415
    from traitlets.config import Config  # noqa: PLC0415

    # It calls alembic, which is installed beside it.
    os.environ["PATH"] = f"{Path(nbgrader.__file__).parents[1] / 'bin'}{os.pathsep}{os.environ['PATH']}"
    (folder / "source" / NAME).mkdir(parents=True)
    nbformat.write(nbgrader_source(chapters, plain_course()), folder / "source" / NAME / f"{NAME}.ipynb")
    settings = Config()
    exec(CONFIG, {"get_config": lambda: settings})
    settings.CourseDirectory.root = str(folder)
    settings.IncludeHeaderFooter.header = ""
    api = NbGraderAPI(config=settings)
    made = api.generate_assignment(NAME)
    if not made["success"]:
        raise RuntimeError(str(made))
    told = {}
    release = nbformat.read(folder / "release" / NAME / f"{NAME}.ipynb", as_version=4)

    def key(cell, _):
        kind, _, name = cell.metadata.get("nbgrader", {}).get("grade_id", "").partition("-")
        return name.replace("-", ".") if kind == "answer" else None

    told["release"] = "\n".join(cell.source for cell in release.cells)
    for student, notebook in submissions(release, chapters, key).items():
        place = folder / "submitted" / student / NAME
        place.mkdir(parents=True)
        nbformat.write(notebook, place / f"{NAME}.ipynb")
        api.autograde(NAME, student)
        api.generate_feedback(NAME, student)
        with api.gradebook as book:
            grades = book.find_submission_notebook(NAME, NAME, student).grades
            points = {grade.name.removeprefix("check-").replace("-", "."): grade.auto_score for grade in grades}
        page = (folder / "feedback" / student / NAME / f"{NAME}.html").read_text(encoding="utf-8")
        told[student] = {"points": points, "feedback": page}
    return told


def by_otter(folder, chapters):
    """Points and what the tests said, by student."""
    from otter.api import grade_submission  # noqa: PLC0415
    from otter.assign import main as assign  # noqa: PLC0415

    nbformat.write(otter_master(chapters, plain_course(), NAME), folder / f"{NAME}.ipynb")
    assign(str(folder / f"{NAME}.ipynb"), str(folder / "made"), no_pdfs=True, no_run_tests=True)
    (grader,) = (folder / "made" / "autograder").glob("*.zip")
    release = nbformat.read(folder / "made" / "student" / f"{NAME}.ipynb", as_version=4)

    def key(cell, above):
        head = above.source.find("### Exercise ") if above.cell_type == "markdown" else -1
        return above.source[head:].split(":")[0].removeprefix("### Exercise ") if head >= 0 else None

    told = {"release": "\n".join(cell.source for cell in release.cells)}
    for student, notebook in submissions(release, chapters, key).items():
        path = folder / f"{student}.ipynb"
        nbformat.write(notebook, path)
        found = grade_submission(str(path), str(grader), quiet=True).results.values()
        points = {one.name.removeprefix("exercise_").replace("_", "."): one.score for one in found}
        told[student] = {"points": points, "feedback": "\n".join(one.summary() for one in found)}
    return told


if __name__ == "__main__":
    grader, place, *stems = sys.argv[1:]
    with contextlib.redirect_stdout(sys.stderr):
        result = {"nbgrader": by_nbgrader, "otter": by_otter}[grader](Path(place), list(map(Chapter, stems)))
    sys.stdout.write(json.dumps(result))
