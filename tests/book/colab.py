"""An environment as Colab has: PyTorch, NumPy, Jupyter and the like of its own, and nothing else that we need."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import distribution
from importlib.util import cache_from_source
from pathlib import Path

import nbformat
from conftest import ROOT
from packaging.requirements import Requirement

STRANGER = """[project]
name = "replaylib"
version = "0.4"

[tool.setuptools]
py-modules = ["replaylib"]
"""
OWN = [
    *("torch", "numpy", "scipy", "scikit-learn", "matplotlib", "networkx", "numba"),
    *("ipykernel", "ipywidgets", "nbclient", "tqdm"),
]
"""What Colab has of what the course uses."""
EXECUTE = "from nbclient.cli import main; main()"


def call(*command: object, cwd: Path | None = None, env: dict[str, str] | None = None) -> None:
    """Run a command. Raises AssertionError, with the end of what it said, where it fails."""
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"


def lend(names: Iterable[str], packages: Path) -> None:
    """Link installed distributions, and all that they require, into another folder of packages.

    It gives the same files as an installation, compiled where ours are, without the minutes that they take.
    """
    waiting, lent = list(names), set()
    while waiting:
        name = waiting.pop()
        if name in lent:
            continue
        lent.add(name)
        found = distribution(name)
        needed = map(Requirement, found.requires or [])
        waiting += [one.name for one in needed if one.marker is None or one.marker.evaluate({"extra": ""})]
        for file in found.files or []:
            source, target = Path(str(file.locate())), packages / file
            if ".." in file.parts or not source.is_file():
                continue  # commands, which carry the path of their own Python
            _link(source, target)
            if file.suffix == ".py" and (compiled := Path(cache_from_source(str(source)))).is_file():
                _link(compiled, Path(cache_from_source(str(target))))


def _link(source: Path, target: Path) -> None:
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy2(source, target)


def publish(copy: Path) -> None:
    """The working tree's package as a repository of its own, to be cloned as Colab would clone the published one."""
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


@dataclass(frozen=True)
class Colab:
    """The environment in a folder, and the repository beside it that its notebooks install from."""

    folder: Path

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "venv" / "bin" / "python"

    @property
    def repository(self) -> str:
        """The address of the published package."""
        return (self.folder / "published").as_uri()

    @property
    def environment(self) -> dict[str, str]:
        """Its variables: nothing of the environment that runs the tests may leak in."""
        strange = ("PYTHON", "JUPYTER", "VIRTUAL")
        clean = {name: value for name, value in os.environ.items() if not name.startswith(strange)}
        return clean | {"PATH": f"{self.python.parent}:{os.environ['PATH']}"}

    def furnish(self) -> None:
        """Make both, with a stranger's package that has the name of ours."""
        publish(self.folder / "published")
        call(sys.executable, "-m", "venv", self.folder / "venv")
        (packages,) = (self.folder / "venv" / "lib").glob("python*/site-packages")
        lend(OWN, packages)
        stranger = self.folder / "stranger"
        stranger.mkdir()
        (stranger / "pyproject.toml").write_text(STRANGER)
        (stranger / "replaylib.py").write_text("for_http = True\n")
        call(self.python, "-m", "pip", "install", "-q", stranger)

    def run(self, notebook: nbformat.NotebookNode, folder: Path) -> None:
        """Run a notebook in a folder. Raises AssertionError with the traceback where a cell fails."""
        path = folder / "notebook.ipynb"
        nbformat.write(notebook, path)
        call(self.python, "-c", EXECUTE, "--timeout=300", path, cwd=folder, env=self.environment)
