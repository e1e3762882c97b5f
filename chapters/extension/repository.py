"""Where this course is published: one address in ``_config.yml``, written from there to every place that needs it.

    python chapters/extension/repository.py https://github.com/OWNER/REPOSITORY

makes the course yours. Colab and GitHub Pages want GitHub.
"""

import re
import sys
from pathlib import Path

import nbformat
import yaml

ROOT = Path(__file__).parents[2]
PLACES = (
    "_config.yml",
    "*.md",
    "CITATION.cff",
    ".zenodo.json",
    "pyproject.toml",
    ".github/ISSUE_TEMPLATE/*.yml",
    "paper/*.md",
    "chapters/*.ipynb",
    "chapters/**/*.md",
)
"""Files that may name the address."""

LAUNCH = """\
# Only in Colab, where this course's package is absent: install it.
# PyTorch and NumPy stay as they are.
import subprocess
import sys
from importlib import invalidate_caches, metadata

have = {{one.name: one.version for one in metadata.distributions()}}
if "replay-as-sampling" not in have:
    source = "git+{url}"
    if "replaylib" in have:
        raise RuntimeError(
            "Another project's replaylib is installed here, and stays: "
            "open this notebook in an environment of its own."
        )
    if "google-colab" not in have:
        raise RuntimeError(
            f"This course's package is not installed here: pip install {{source}}"
        )
    pip = [sys.executable, "-m", "pip", "install", "-q", source]
    kept = [f"{{name}}=={{have[name]}}" for name in ("torch", "numpy") if name in have]
    subprocess.run([*pip, *kept], check=True)
    invalidate_caches()"""
"""The first cell of every notebook."""


def parts(url: str) -> tuple[str, str]:
    """Owner and name of a repository. Raises ValueError where the address is not one of GitHub."""
    found = re.fullmatch(r"https://github\.com/([\w-]+)/([\w.-]+?)(?:\.git)?/?", url)
    if not found:
        raise ValueError(f"The address must be https://github.com/OWNER/REPOSITORY, but {url!r} came.")
    return found[1], found[2]


def address(root: Path = ROOT) -> str:
    """The address of the repository, from ``_config.yml``."""
    return str(yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))["repository"]["url"])


def site(url: str) -> str:
    """The address of the published book, which GitHub Pages makes of that of the repository."""
    owner, name = parts(url)
    return f"https://{owner.lower()}.github.io/{name}"


def move(url: str, root: Path = ROOT) -> list[Path]:
    """Write the address of the repository to every place; the changed files. Raises ValueError as ``parts``."""
    old, new = address(root), "https://github.com/{}/{}".format(*parts(url))
    pairs = [(site(old), site(new)), ("/".join(parts(old)), "/".join(parts(new)))]
    changed = []
    for path in sorted(found for place in PLACES for found in root.glob(place)):
        text = moved = path.read_text(encoding="utf-8")
        for before, after in pairs:
            moved = re.sub(rf"{re.escape(before)}(?![\w-])", after, moved)
        if moved != text:
            path.write_text(moved, encoding="utf-8")
            changed.append(path)
    return changed


def put_launch_cells(root: Path = ROOT) -> None:
    """Put the first cell into every notebook that lacks it or has another."""
    source = LAUNCH.format(url=address(root))
    first = source.splitlines()[0]
    for path in sorted((root / "chapters").glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        title, *rest = [one for one in notebook.cells if not one.source.startswith(first)]
        cell = nbformat.v4.new_code_cell(source, id="launch", metadata={"tags": ["remove-cell"]})
        if notebook.cells[1].source != source:
            notebook.cells = [title, cell, *rest]
            nbformat.write(notebook, path)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("One address is expected: make repository URL=https://github.com/OWNER/REPOSITORY")
    try:
        written = move(sys.argv[1])
    except ValueError as error:
        sys.exit(str(error))
    put_launch_cells()
    sys.stdout.write(f"{len(written)} files changed; the course is at {address()}.\n")
