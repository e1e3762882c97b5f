"""The student's notebooks: the chapters in plain Markdown, which reads well in any Jupyter.

    python chapters/extension/notebooks.py FOLDER

writes those that FOLDER lacks. One that is there is left alone, since it may hold a learner's work.
"""

import re
import sys
from collections.abc import Sequence
from pathlib import Path

import nbformat

from course import ASIDE, CHAPTERS, Chapter, course
from plain import Plain
from recall import recalled
from repository import address, site


def plain_course() -> Plain:
    """What turns this course into plain Markdown; equations are counted through all chapters, as on the site."""
    text = "\n".join(chapter.text for chapter in course())
    labels = re.findall(r"^\$\$ \((eq-[\w-]+)\)", text, re.MULTILINE)
    numbers = {label: f"({number})" for number, label in enumerate(labels, start=1)}
    return Plain(numbers.__getitem__, site(address()), CHAPTERS / "references.bib")


def write_notebooks(folder: Path, plain: Plain, chapters: Sequence[Chapter], solved: bool) -> None:
    """Write each chapter's notebook in plain Markdown, with or without its solutions."""
    folder.mkdir(parents=True, exist_ok=True)
    known = course()
    for chapter in chapters:
        notebook = recalled(chapter, chapter.solved() if solved else chapter.notebook, known)
        nbformat.write(plain.notebook(notebook), folder / f"{chapter.stem}.ipynb")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("One folder is expected: python chapters/extension/notebooks.py FOLDER")
    target = Path(sys.argv[1])
    missing = [chapter for chapter in [*course(), *ASIDE] if not (target / f"{chapter.stem}.ipynb").exists()]
    write_notebooks(target, plain_course(), missing, solved=False)
