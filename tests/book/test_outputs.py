"""The outputs that the book was built with are those that its check cells store, compared as nbval compares them.

The notebooks are not run a second time for this. `make outputs` lets nbval run them all itself; every test run, one.
"""

import re
import subprocess
import sys

import pytest
from conftest import ROOT, SITE
from course import CHAPTERS, MUSEUM, course
from execution import executed, outputs
from nbval.plugin import IPyNbCell, IPyNbFile, coalesce_streams


def check_cells(request, path) -> list[tuple[int, IPyNbCell]]:
    """nbval's own test items of a notebook, each with the number of its cell."""
    collector = IPyNbFile.from_parent(request.session, path=path)
    collector.compare_outputs = False  # as with --nbval-lax: only where a cell asks for it
    items = list(collector.collect())
    numbers = [number for number, cell in enumerate(collector.nb.cells) if cell.cell_type == "code"]
    return [(number, item) for number, item in zip(numbers, items, strict=True) if item.options["check"]]


def differences(request, path, notebook) -> list[str]:
    """What nbval says where outputs of ``notebook`` differ from those that the check cells of ``path`` store."""
    told = []
    for number, item in check_cells(request, path):
        found = notebook.cells[number]
        assert found.source == item.cell.source
        if not item.compare_outputs(coalesce_streams(found.outputs), coalesce_streams(item.cell.outputs)):
            told.append("\n".join([item.cell.source, *item.comparison_traceback]))
    return told


@pytest.mark.parametrize("chapter", [*course(), MUSEUM], ids=lambda chapter: chapter.stem)
def test_book_was_built_with_the_stored_outputs(request, chapter):
    path, notebook = CHAPTERS / f"{chapter.stem}.ipynb", executed(chapter, outputs(SITE))
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code)
    assert not any(output.output_type == "error" for cell in code for output in cell.outputs)
    assert check_cells(request, path)
    assert differences(request, path, notebook) == []


def test_nbval_itself_runs_a_notebook():
    """The shortest of them, in a kernel of nbval's own."""
    command = [sys.executable, "-m", "pytest", "-q", "--nbval-lax", "--nbval-current-env", "--override-ini", "addopts="]
    path = CHAPTERS / "01_replay.ipynb"
    done = subprocess.run([*command, path], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
    assert re.search(r"\d+ passed", done.stdout)


def test_another_output_is_told(request):
    chapter = course()[3]
    path, notebook = CHAPTERS / f"{chapter.stem}.ipynb", executed(chapter, outputs(SITE))
    number, item = check_cells(request, path)[0]
    printed = next(output for output in notebook.cells[number].outputs if output.output_type == "stream")
    printed.text += "and one thing more\n"
    (told,) = differences(request, path, notebook)
    assert item.cell.source in told
    assert "one thing more" in told
