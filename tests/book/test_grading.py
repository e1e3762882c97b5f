"""A class of notebooks, right, wrong and hostile, graded by one command."""

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT
from course import course
from fence import Fence
from grade import cell, main, student
from notebooks import plain_course, write_notebooks
from slicing import kept
from submission import grade, places

CHAPTER = course()[3]
NAMES = [one.name for one in CHAPTER.exercises]
CHECK = "from replaylib.exercises import check\n"
LIMIT = 36
"""Of a notebook [s]; a third of it for one cell."""


def write(path, *cells):
    """A notebook of these code cells."""
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=list(map(nbformat.v4.new_code_cell, cells))), path)


MISCONCEIVED = {
    "3.1": ("lambda h, mean, variance, sigma: mean", "the mean of the clean law, whatever was seen"),
    "3.2": ("lambda h, score, step, xi: h + step * score(h)", "Where does the noise come in?"),
    "3.3": ("lambda c, step: step * (2 - step) * (c @ c.inverse())", "if all variances were 1"),
    "3.4": ("1", "right onto the mean"),
    "3.5": ("'drifts'", "does the displacement grow?"),
}
"""Wrong answers, and words of what should be said to each."""


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """By student: the row of the table, and the feedback. Graded by the command itself."""
    folder = tmp_path_factory.mktemp("class")
    outside = folder.parent / "outside.txt"
    write_notebooks(folder / "alice", plain_course(), [CHAPTER], solved=True)
    wrong = [f"check({name!r}, {answer})" for name, (answer, _) in MISCONCEIVED.items()]
    write(folder / "group" / "bob.ipynb", CHECK, "import time\ntime.sleep(1000)", *wrong)
    tries = [
        f"open({str(outside)!r}, 'w')",
        "!echo",
        "open('own.txt', 'w').write('allowed')",
        f"{CHECK}check('3.4', 2)",
    ]
    write(folder / f"carol_17_{CHAPTER.stem} (2).ipynb", *tries, "import os\nos._exit(1)", "check('3.5', 'stays')")
    (folder / "dan.ipynb").write_text('{"cells": [')
    (folder / "eve.ipynb").write_text("[]")
    (folder / "fay.pdf").write_bytes(b"%PDF")
    command = [sys.executable, ROOT / "chapters" / "extension" / "grade.py", folder, str(LIMIT)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert not outside.exists()
    with (folder / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert [path.name for path in folder.glob(".*")] == []
    return {name: (row, (folder / "feedback" / f"{name}.md").read_text("utf-8")) for name, row in rows.items()}


def test_each_student_has_a_row_and_a_file_in_the_order_of_the_names(graded):
    assert list(graded) == ["alice", "carol_17", "dan", "eve", "fay", "group/bob"]
    assert [name for name in graded["alice"][0] if re.fullmatch(r"\d+\.\d+", name)] == NAMES


def test_a_solved_notebook_has_full_marks(graded):
    row, told = graded["alice"]
    assert (row["points"], row["of"], row["report"]) == (str(len(NAMES)), str(len(NAMES)), "")
    assert told.count("✓") == len(NAMES)


def test_misconceptions_have_no_marks_and_are_told_after_a_cell_that_hangs(graded):
    row, told = graded["group/bob"]
    assert [row[name] for name in NAMES] == ["0"] * len(NAMES)
    assert "KeyboardInterrupt" in told
    assert "1 of its cells stopped" in row["report"]
    for name in NAMES:
        (line,) = (line for line in told.splitlines() if f"**{name}**" in line)
        assert MISCONCEIVED[name][1] in line


def test_what_is_written_elsewhere_is_refused_and_what_was_right_before_the_end_counts(graded):
    row, _ = graded["carol_17"]
    assert (row["points"], row["3.4"], row["3.5"]) == ("1", "1", "")
    assert "outside.txt" in row["report"]
    assert "own.txt" not in row["report"]
    assert "another program" in row["report"]
    assert "killed its own process" in row["report"]


@pytest.mark.parametrize("name", ["dan", "eve", "fay"])
def test_what_is_no_notebook_is_told(graded, name):
    row, told = graded[name]
    assert (row["points"], row["of"]) == ("0", "0")
    assert "A notebook was expected" in row["report"]
    assert row["report"] in told


def test_a_notebook_without_exercises_is_told(tmp_path):
    write(tmp_path / "one.ipynb", "print(1)")
    assert grade(tmp_path / "one.ipynb", LIMIT).report == ["It holds no exercise of this course."]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("ann.ipynb", "ann"),
        ("ann/03_dreaming.ipynb", "ann"),
        ("week 3/ann/03_dreaming/03_dreaming.ipynb", "week 3/ann"),
        ("ann_12_assign_03_dreaming-1.ipynb", "ann_12_assign"),
        ("week 3/ann.ipynb", "week 3/ann"),
        ("03_dreaming.ipynb", "03_dreaming"),
    ],
)
def test_whose_a_notebook_is(path, name):
    assert student(Path(path)) == name


def test_a_spreadsheet_takes_nothing_for_a_formula():
    assert [cell(text) for text in ("=1+1", "@x", "-1", "ann", 3)] == ["'=1+1", "'@x", "'-1", "ann", "3"]


def test_an_answer_is_found_where_its_check_was_changed_or_deleted():
    heading = nbformat.v4.new_markdown_cell("### Exercise 3.4: The longest step")
    sources = ("longest = 2", "%matplotlib inline\ncheck('3.3', mine[0])", "x = (")
    code = [nbformat.v4.new_code_cell(source) for source in sources]
    assert places([heading, *code]) == {"3.4": (1, "longest"), "3.3": (2, "mine[0]")}


def test_of_a_chapter_only_what_an_answer_needs_is_run():
    chapter = [
        "import math\nimport time\nrows = []\ntime.sleep(9)",
        "for one in (1, 2):\n    rows.append(one)",
        "far = 3",
    ]
    mine = "check('3.3', len(rows) * math.e)"
    told = kept([*chapter, mine], [False, False, False, True])
    assert told == ["import math\nrows = []", "for one in (1, 2):\n    rows.append(one)", "", mine]


EVENTS = [
    ("open", "elsewhere", "w", 0),
    ("open", "elsewhere", None, os.O_CREAT),
    ("os.remove", "elsewhere", -1),
    ("os.rename", "own", "elsewhere", -1, -1),
    ("os.mkdir", "elsewhere", 511, -1),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: f"{event[0]}-{event[2]}")
def test_the_fence_keeps_changes_in_the_notebooks_own_folder(tmp_path, event):
    fence = Fence(tmp_path / "work")
    places = {"own": str(tmp_path / "work" / "file"), "elsewhere": str(tmp_path / "file")}
    name, *arguments = event
    with pytest.raises(PermissionError, match="outside its own folder"):
        fence(name, tuple(places.get(one, one) for one in arguments))
    fence(name, tuple(places["own"] if one in places else one for one in arguments))
    fence("open", (places["elsewhere"], "r", 0))
    assert len(fence.refused) == 1


def test_arguments_that_cannot_be_are_told(tmp_path):
    assert "is expected" in main([""])
    assert "is no folder" in main([str(tmp_path / "none")])
    assert "no file" in main([str(tmp_path)])
    assert "'soon' came" in main([str(tmp_path), "soon"])
