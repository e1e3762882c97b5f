"""Every notebook, with its exercises solved, in an environment as Colab has: pyproject.toml's ranges, not the pins."""

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT
from course import course
from repository import address

PINS = dict(re.findall(r"^([\w-]+)==(\S+)$", (ROOT / "requirements.txt").read_text(), re.MULTILINE))
STRANGER = """[project]
name = "replaylib"
version = "0.4"

[tool.setuptools]
py-modules = ["replaylib"]
"""
BEFORE = "import replaylib\nassert replaylib.for_http"
AFTER = """from importlib.metadata import distributions, version
assert version("torch").split("+")[0] == "{torch}", version("torch")
assert version("numpy") == "{numpy}", version("numpy")
assert "replaylib" not in [one.name for one in distributions()]
import replaylib.dynamics.rule"""


def call(*command: object, **options: object) -> None:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The working tree as a repository of its own, to be cloned as Colab would clone the published one."""
    copy = tmp_path_factory.mktemp("published") / "course"
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z", "replaylib", "pyproject.toml", "README.md", "LICENSE"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_bytes((ROOT / name).read_bytes())
    call("git", "init", "-q", copy)
    call("git", "-C", copy, "add", "-A")
    call("git", "-C", copy, "-c", "user.name=Test", "-c", "user.email=test@example.org", "commit", "-qm", "Published")
    return copy


@pytest.fixture(scope="module")
def colab(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its own PyTorch, NumPy and Jupyter, and a stranger's package that has the name of ours."""
    folder = tmp_path_factory.mktemp("colab")
    stranger = folder / "stranger"
    stranger.mkdir()
    (stranger / "pyproject.toml").write_text(STRANGER)
    (stranger / "replaylib.py").write_text("for_http = True\n")
    call(sys.executable, "-m", "venv", folder / "venv")
    python = folder / "venv" / "bin" / "python"
    own = [f"{name}=={PINS[name]}" for name in ("torch", "numpy")]
    call(python, "-m", "pip", "install", "-q", *own, "ipykernel", "nbclient", stranger)
    return python


def run(python: Path, notebook: nbformat.NotebookNode, folder: Path) -> None:
    path = folder / "notebook.ipynb"
    nbformat.write(notebook, path)
    # Nothing of the environment that runs the tests may leak in.
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "JUPYTER", "VIRTUAL"))}
    clean["PATH"] = f"{python.parent}:{os.environ['PATH']}"
    call(python, "-m", "jupyter", "execute", "--timeout=300", path, cwd=folder, env=clean)


@pytest.mark.parametrize("chapter", course(), ids=lambda chapter: chapter.stem)
def test_notebook_runs_in_colab_with_its_exercises_solved(colab, published, chapter, tmp_path):
    notebook = chapter.solved()
    launch = next(cell for cell in notebook.cells if cell.cell_type == "code")
    assert f"git+{address()}" in launch.source
    launch.source = launch.source.replace(address(), published.as_uri())
    if chapter.number == 0:  # the first to come finds the stranger, already imported, and may not restart the kernel
        place = notebook.cells.index(launch)
        notebook.cells.insert(place, nbformat.v4.new_code_cell(BEFORE))
        notebook.cells.insert(place + 2, nbformat.v4.new_code_cell(AFTER.format(**PINS)))
    for cell in notebook.cells:
        if cell.source.strip().splitlines()[-1:] and re.match(r"check\(", cell.source.splitlines()[-1]):
            cell.source = re.sub(
                r"^(check\(.*\))$", r"verdict = \1\nassert verdict.right, verdict", cell.source, flags=re.M
            )
    run(colab, notebook, tmp_path)
