"""The notebooks, with their exercises solved, in an environment as Colab has: pyproject.toml's ranges, not the pins.

What they compute is tested elsewhere: the book executes them, and test_exercises the solutions. Here the question is
whether Colab has what they need. So one runs whole, and of the others all that they import; weekly, all run whole.
"""

import ast
import os
import re
from importlib.metadata import version
from pathlib import Path

import nbformat
import pytest
from colab import Colab, call
from course import LAB, Chapter, course
from filelock import FileLock
from repository import address

OWN = {name: version(name).partition("+")[0] for name in ("torch", "numpy")}
"""What Colab has of its own, here that of the environment of the tests."""
BEFORE = "import replaylib\nassert replaylib.for_http"
AFTER = """from importlib.metadata import distributions, version
assert version("torch").split("+")[0] == "{torch}", version("torch")
assert version("numpy") == "{numpy}", version("numpy")
assert "replaylib" not in [one.name for one in distributions()]
import replaylib.dynamics.rule"""
EVERY_MODULE = """import pkgutil
import replaylib
for one in pkgutil.walk_packages(replaylib.__path__, "replaylib."):
    __import__(one.name)"""
WELCOME, *LATER = course()
SHORTEST = "03_dreaming"
"""The notebook that takes the least time to run, with its exercises solved."""
WEEKLY = [pytest.param(one, id=one.stem, marks=[] if one.stem == SHORTEST else pytest.mark.weekly) for one in LATER]


def as_published(chapter: Chapter, colab: Colab) -> nbformat.NotebookNode:
    """The solved notebook, which installs from where ``colab`` has the package, and whose checks must be right."""
    notebook = chapter.solved()
    launch = next(cell for cell in notebook.cells if cell.cell_type == "code")
    assert f"git+{address()}" in launch.source
    launch.source = launch.source.replace(address(), colab.repository)
    for cell in notebook.cells:
        if cell.source.strip().splitlines()[-1:] and re.match(r"check\(", cell.source.splitlines()[-1]):
            cell.source = re.sub(
                r"^(check\(.*\))$", r"verdict = \1\nassert verdict.right, verdict", cell.source, flags=re.M
            )
    return notebook


def run_first(colab: Colab) -> None:
    """The first to come finds the stranger, already imported, and may not restart the kernel."""
    notebook = as_published(WELCOME, colab)
    place = next(index for index, cell in enumerate(notebook.cells) if cell.cell_type == "code")
    notebook.cells.insert(place, nbformat.v4.new_code_cell(BEFORE))
    notebook.cells.insert(place + 2, nbformat.v4.new_code_cell(AFTER.format(**OWN)))
    colab.run(notebook, colab.folder)


@pytest.fixture(scope="session")
def colab(tmp_path_factory: pytest.TempPathFactory) -> Colab:
    """One environment for all test processes; the welcome has run there, and so installed the package."""
    base = tmp_path_factory.getbasetemp()
    made = Colab((base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "colab")
    with FileLock(f"{made.folder}.lock"):
        done = made.folder / "done"
        if not made.folder.exists():
            made.furnish()
            run_first(made)
            done.touch()
        assert done.exists(), "the environment could not be made, or the welcome failed there: see the first failure"
    return made


def test_welcome_runs_in_colab_in_spite_of_a_stranger(colab: Colab):
    assert (colab.folder / "done").exists()


def imports(notebook: nbformat.NotebookNode) -> str:
    """What a notebook imports, in its cells and inside its functions."""
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    found = [one for one in ast.walk(ast.parse(code)) if isinstance(one, ast.Import | ast.ImportFrom)]
    return "\n".join(map(ast.unparse, found))


def test_all_that_notebooks_import_is_there(colab: Colab):
    """Modules of the package that import others only when called for are imported too."""
    used = [imports(one.solved()) for one in [*LATER, LAB]]
    assert all("replaylib" in lines for lines in used)
    code = "\n".join([*used, EVERY_MODULE])
    call(colab.python, "-c", code, cwd=colab.folder, env=colab.environment)


@pytest.mark.parametrize("chapter", WEEKLY)
def test_notebook_runs_in_colab_with_its_exercises_solved(colab: Colab, chapter: Chapter, tmp_path: Path):
    colab.run(as_published(chapter, colab), tmp_path)
