"""The exercises as assignments for nbgrader and Otter, from the same sources as the chapters.

    python chapters/extension/assignments.py FOLDER

writes ``FOLDER/nbgrader``, a course folder with a source notebook for each chapter, and ``FOLDER/otter``, a master
notebook for each chapter. Both hold the solutions, which the two programs take out. A point is given by the check of
the exercise, whose sentence is the feedback.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell

from course import Chapter, Exercise, course
from notebooks import plain_course
from plain import Plain
from repository import LAUNCH, address
from slicing import answers, bound

CONFIG = '''"""Settings of nbgrader for this course folder."""

c = get_config()  # noqa: F821 - nbgrader gives it
c.CourseDirectory.course_id = "replay-as-sampling"
c.ClearSolutions.code_stub = {"python": "# Your answer: write over the lines above."}
c.ExecutePreprocessor.timeout = 300
'''

OTTER = """# ASSIGNMENT CONFIG
name: {name}
init_cell: true
check_all_cell: false
export_cell: false
suppress_no_tests_warning: true
tests:
  ok_format: false
generate:
  pdf: false
solutions_pdf: false
"""

IMPORTS = "import numpy as np\nimport torch"

Cells = list[nbformat.NotebookNode]


def answer(exercise: Exercise) -> str:
    """The name that an exercise gives to its answer."""
    return next(answers(exercise.stub))[1]


def stub(exercise: Exercise) -> str:
    """What a student begins with, without the check."""
    lines = exercise.stub.splitlines()
    return "\n".join(line for line in lines if not line.startswith(("from replaylib.exercises", "check("))).strip()


def text(chapter: Chapter, exercise: Exercise, plain: Plain) -> str:
    """The exercise with its hints."""
    hints = [
        f"<details><summary>Hint {number}</summary>\n\n{hint}\n\n</details>"
        for number, hint in enumerate(exercise.hints, start=1)
    ]
    head = f"### Exercise {exercise.name}: {exercise.title}\n\n*{exercise.kind}, {exercise.minutes} minutes.*"
    return plain.markdown("\n\n".join([head, exercise.prompt, *hints]))


def opening(chapters: Sequence[Chapter], plain: Plain) -> Cells:
    """What stands above the exercises: where they belong, and what their solutions take from the chapter."""
    links = [f"[{one.number}. {one.title}]({plain.site}/chapters/{one.stem}.html)" for one in chapters]
    told = "Each answer is checked below it: the check tells what it thinks of your answer, and you may try again."
    head = f"# Exercises\n\nTo {', '.join(links)}. Equations have the numbers that they have there.\n\n{told}"
    taken = [line for one in chapters for line in _taken(one)]
    imports = "\n".join([IMPORTS, *dict.fromkeys(taken)])
    return [new_markdown_cell(head), new_code_cell(LAUNCH.format(url=address())), new_code_cell(imports)]


def _taken(chapter: Chapter) -> list[str]:
    handed = [
        cell.source for cell in chapter.notebook.cells if cell.cell_type == "code" and "check(" not in cell.source
    ]
    taken = bound(handed, [chapter.solutions[one.name].code for one in chapter.exercises])
    return [line for line in taken if line not in IMPORTS.splitlines()]


def checked(exercise: Exercise, given: str) -> str:
    """Code that stops with the sentence of the check where the answer, of the name ``given``, is not right."""
    lines = [
        "from replaylib.exercises import check",
        "",
        f'_verdict = check("{exercise.name}", {given})',
        "print(_verdict)",
        "assert _verdict.right, _verdict.sentence",
    ]
    return "\n".join(lines)


def _solved(chapter: Chapter, exercise: Exercise, mark: str) -> str:
    code = chapter.solutions[exercise.name].code
    return f"{stub(exercise)}\n\n{mark} BEGIN SOLUTION\n{code}\n{mark} END SOLUTION"


def _graded(cell: nbformat.NotebookNode, identity: str, **kind: Any) -> nbformat.NotebookNode:
    told = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
    cell.metadata["nbgrader"] = {**told, "grade_id": identity, **kind}
    return cell


def nbgrader_cells(chapter: Chapter, exercise: Exercise, plain: Plain) -> Cells:
    """The text, the solution, and the check that is worth a point."""
    name = exercise.name.replace(".", "-")
    return [
        _graded(new_markdown_cell(text(chapter, exercise, plain)), f"text-{name}", locked=True),
        _graded(new_code_cell(_solved(chapter, exercise, "###")), f"answer-{name}", solution=True),
        _graded(new_code_cell(checked(exercise, answer(exercise))), f"check-{name}", grade=True, locked=True, points=1),
    ]


def otter_cells(chapter: Chapter, exercise: Exercise, plain: Plain) -> Cells:
    """The same in Otter's words. Its tests are functions that take names of the notebook as they are at the end.

    Two exercises may use one name, so each answer gets a second one.
    """
    name = f"exercise_{exercise.name.replace('.', '_')}"
    given = name.replace("exercise", "answer")
    body = checked(exercise, given).replace("\n", "\n    ").replace("    \n", "\n")
    solved = f"{_solved(chapter, exercise, '#')}\n\n{given} = {answer(exercise)}  # for the check: leave it here"
    return [
        new_raw_cell(f"# BEGIN QUESTION\nname: {name}\npoints: 1"),
        new_markdown_cell(text(chapter, exercise, plain)),
        new_raw_cell("# BEGIN SOLUTION"),
        new_code_cell(solved),
        new_raw_cell("# END SOLUTION"),
        new_raw_cell("# BEGIN TESTS"),
        new_code_cell(f"def test_{name}({given}):\n    {body}"),
        new_raw_cell("# END TESTS"),
        new_raw_cell("# END QUESTION"),
    ]


def _notebook(cells: Sequence[nbformat.NotebookNode]) -> nbformat.NotebookNode:
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"  # the same sources give the same bytes
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    made: nbformat.NotebookNode = nbformat.v4.new_notebook(cells=list(cells), metadata={"kernelspec": kernel})
    nbformat.validate(made)
    return made


def nbgrader_source(chapters: Sequence[Chapter], plain: Plain) -> nbformat.NotebookNode:
    """A source notebook with the exercises of these chapters."""
    head = [_graded(cell, f"opening-{number}", locked=True) for number, cell in enumerate(opening(chapters, plain))]
    return _notebook([*head, *(cell for pair in _pairs(chapters) for cell in nbgrader_cells(*pair, plain))])


def otter_master(chapters: Sequence[Chapter], plain: Plain, name: str) -> nbformat.NotebookNode:
    """A master notebook with the exercises of these chapters."""
    head = [new_raw_cell(OTTER.format(name=name)), *opening(chapters, plain)]
    return _notebook([*head, *(cell for pair in _pairs(chapters) for cell in otter_cells(*pair, plain))])


def _pairs(chapters: Sequence[Chapter]) -> Iterator[tuple[Chapter, Exercise]]:
    return ((chapter, exercise) for chapter in chapters for exercise in chapter.exercises)


def write_assignments(folder: Path, plain: Plain, chapters: Sequence[Chapter]) -> None:
    """Write an assignment for each chapter, in both forms."""
    for one in chapters:
        forms = {
            folder / "nbgrader" / "source" / one.stem: nbgrader_source([one], plain),
            folder / "otter" / one.stem: otter_master([one], plain, one.stem),
        }
        for place, notebook in forms.items():
            place.mkdir(parents=True, exist_ok=True)
            nbformat.write(notebook, place / f"{one.stem}.ipynb")
    (folder / "nbgrader" / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("One folder is expected: python chapters/extension/assignments.py FOLDER")
    write_assignments(Path(sys.argv[1]), plain_course(), course())
    sys.stdout.write(f"Assignments for nbgrader and Otter are in {sys.argv[1]}.\n")
