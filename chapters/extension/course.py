"""The course as it stands in its sources: notebooks, solutions, and what teachers need, each sentence in one place.

A chapter's notebook has its objectives, minutes and exercises; ``solutions/`` its solutions under the same numbers;
``teaching/`` its minutes by section, misconceptions and quiz. Everything else is made from these.
"""

import copy
import itertools
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
import yaml

ROOT = Path(__file__).parents[2]
CHAPTERS = ROOT / "chapters"

OBJECTIVES = re.compile(r"\*\*You will be able to\*\*\n\n(.*?)\n\n\*\*Time:\*\*", re.DOTALL)
TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
TIME = re.compile(r"\*\*Time:\*\* (.*?)\.\n")
NEED = re.compile(r"\*\*You need:\*\* (.*?)\n")
EXERCISE = re.compile(
    r"### Exercise (?P<name>(?:\d+|B)\.\d+): (?P<title>.+)\n\n"
    r"\*(?P<kind>Pencil and paper|Code|Explore the figure), (?P<minutes>\d+) minutes, "
    r"objectives? (?P<objectives>[\d and,]+)\.\*\n\n(?P<rest>.*)",
    re.DOTALL,
)
HINT = re.compile(r"<details><summary>Hint \d</summary>\n\n(.*?)\n\n</details>", re.DOTALL)
QUESTIONS = re.compile(r"## Think about it\n\n(.*?)\n\n## ", re.DOTALL)
SUMMARY = re.compile(r"## Summary\n\n(.*?)\n\n## ", re.DOTALL)
SOLUTION = re.compile(
    r"^## Solution ((?:\d+|B)\.\d+)\n\n\*(.+?)\*\n\n(.*?)\n\n```python\n(.*?)\n```$", re.DOTALL | re.MULTILINE
)
ITEM = re.compile(r"^\d+\. (.*)$", re.MULTILINE)


class CourseError(ValueError):
    """A source of the course that does not have the form that it should."""


@dataclass(frozen=True)
class Exercise:
    """An exercise as a student sees it."""

    name: str
    title: str
    kind: str
    minutes: int
    objectives: tuple[int, ...]
    prompt: str
    hints: tuple[str, ...]
    stub: str


@dataclass(frozen=True)
class Solution:
    """What a student should not see before trying."""

    title: str
    text: str
    code: str


@dataclass(frozen=True)
class Chapter:
    """One chapter, from its notebook and the files of the same name in ``solutions`` and ``teaching``."""

    stem: str

    @property
    def number(self) -> int:
        """0 for the welcome."""
        return int(self.stem[:2])

    @cached_property
    def notebook(self) -> nbformat.NotebookNode:
        """The student's notebook as committed. Do not change it: take a copy."""
        notebook: nbformat.NotebookNode = nbformat.read(CHAPTERS / f"{self.stem}.ipynb", as_version=4)
        return notebook

    @cached_property
    def text(self) -> str:
        """All of its Markdown."""
        return "\n\n".join(cell.source for cell in self.notebook.cells if cell.cell_type == "markdown")

    @property
    def title(self) -> str:
        """Its first heading."""
        return self._header(TITLE)

    @cached_property
    def objectives(self) -> list[str]:
        """What a reader will be able to do; the first has the number 1."""
        return ITEM.findall(self._header(OBJECTIVES))

    @cached_property
    def minutes(self) -> dict[str, int]:
        """Minutes of reading, running, playing and exercises, as told in the header."""
        parts = re.findall(r"(\w+) (\d+) minutes?", self._header(TIME))
        return {what: int(count) for what, count in parts}

    @property
    def need(self) -> str:
        """What a reader must know before."""
        return self._header(NEED)

    def _header(self, pattern: re.Pattern[str]) -> str:
        found = pattern.search(self.text)
        if not found:
            raise CourseError(f"{self.stem} must have a text of the form {pattern.pattern!r}.")
        return found[1]

    @cached_property
    def sections(self) -> list[str]:
        """Headings of its sections, but for the exercises and what follows them."""
        headings = re.findall(r"^## (.+)$", self.text, re.MULTILINE)
        after = ("Exercises", "Think about it", "Summary", "What to read")
        return [heading for heading in headings if heading not in after]

    @cached_property
    def exercises(self) -> list[Exercise]:
        """In the chapter's order. Raises CourseError where one is not in the common form."""
        found = []
        cells = self.notebook.cells
        for cell, following in itertools.pairwise(cells):
            if "### Exercise" not in cell.source:
                continue
            match = EXERCISE.search(cell.source)
            if not match or following.cell_type != "code":
                raise CourseError(
                    f"{self.stem}: an exercise has a heading, a line of kind, minutes and objectives, "
                    f"and a code cell below, but this came: {cell.source[:120]!r}"
                )
            found.append(
                Exercise(
                    match["name"],
                    match["title"],
                    match["kind"],
                    int(match["minutes"]),
                    tuple(map(int, re.findall(r"\d+", match["objectives"]))),
                    match["rest"].split("<details>")[0].strip(),
                    tuple(HINT.findall(match["rest"])),
                    following.source,
                )
            )
        return found

    @cached_property
    def solutions(self) -> dict[str, Solution]:
        """By the exercise's name."""
        text = (CHAPTERS / "solutions" / f"{self.stem}.md").read_text(encoding="utf-8")
        return {name: Solution(*rest) for name, *rest in SOLUTION.findall(text)}

    @property
    def questions(self) -> list[str]:
        """The open questions of the chapter, under "Think about it"."""
        return ITEM.findall(self._header(QUESTIONS))

    @property
    def answers(self) -> list[str]:
        """What can be said to the open questions, in the same order."""
        text = (CHAPTERS / "solutions" / f"{self.stem}.md").read_text(encoding="utf-8")
        return ITEM.findall(text.split("## Think about it\n\n")[1])

    @property
    def summary(self) -> list[str]:
        """The points of the summary."""
        return re.findall(r"^- (.+)$", self._header(SUMMARY), re.MULTILINE)

    @cached_property
    def teaching(self) -> dict[str, Any]:
        """Minutes by section, misconceptions, and quiz items with their keys."""
        told: dict[str, Any] = yaml.safe_load((CHAPTERS / "teaching" / f"{self.stem}.yml").read_text(encoding="utf-8"))
        return told

    def solved(self) -> nbformat.NotebookNode:
        """A copy of the notebook with every stub replaced by its solution."""
        notebook = copy.deepcopy(self.notebook)
        by_stub = {one.stub: self.solutions[one.name].code for one in self.exercises}
        for cell in notebook.cells:
            if cell.source in by_stub:
                lines = cell.source.splitlines()
                kept = [line for line in lines if line.startswith("from replaylib.exercises")]
                check = next(line for line in lines if line.startswith("check("))
                cell.source = "\n".join([*kept, by_stub[cell.source], "", check])
        return notebook


LAB = Chapter("maze_lab")
"""The maze lab's page: a notebook for students as well, but no chapter with a number, exercises and minutes."""

MUSEUM = Chapter("bug_museum")
"""The bug museum: exercises with solutions, named "B.1" and so on, but no lesson and no place in the course's order."""

ASIDE = (LAB, MUSEUM)
"""Notebooks for students that are no numbered chapters."""


def course() -> list[Chapter]:
    """All chapters in their order."""
    return [Chapter(path.stem) for path in sorted(CHAPTERS.glob("[0-9][0-9]_*.ipynb"))]
