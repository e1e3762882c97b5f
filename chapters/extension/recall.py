"""Sphinx extension: a chapter begins with three questions of the quizzes from 1, 3 and 6 chapters back, answers folded.

The questions stand in ``teaching/`` alone. The site gets them when Sphinx reads a chapter, and the student's notebooks
when they are written; no notebook in ``chapters/`` holds a copy.
"""

import copy
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import nbformat
from sphinx.application import Sphinx

from course import CHAPTERS, Chapter, CourseError, course

ITEMS = {1: 0, 3: 1, 6: 2}
"""By how many chapters back: which item of that chapter's quiz is asked. So each item is asked once."""

FRAME = re.compile(r":::\{admonition\} In this chapter\n.*?^:::$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Question:
    """An item of an earlier chapter's quiz. answer: the text of the right choice."""

    chapter: Chapter
    text: str
    choices: tuple[str, ...]
    answer: str
    why: str


def questions(number: int, chapters: Sequence[Chapter]) -> list[Question]:
    """What the chapter of this number asks, the latest chapter first; fewer where there are no earlier chapters."""
    found = []
    for back, place in ITEMS.items():
        if number < back:
            continue
        chapter = chapters[number - back]
        item = chapter.teaching["quiz"][place]
        choices = tuple(item["choices"])
        found.append(Question(chapter, item["question"], choices, choices["abcdef".index(item["key"])], item["why"]))
    return found


def _folded(summary: str, body: str) -> str:
    return f"<details><summary>{summary}</summary>\n\n{body}\n\n</details>"


def _asked(number: int, question: Question) -> str:
    choices = "\n".join(f"- {choice}" for choice in question.choices)
    answer = question.answer if question.answer.endswith((".", "?", "!")) else f"{question.answer}."
    source = f"[{question.chapter.title}]({question.chapter.stem}.ipynb)"
    return "\n\n".join(
        [
            f"**{number}.** {question.text}",
            _folded("Choices", choices),
            _folded("Answer", f"**{answer}** {question.why} (Chapter {question.chapter.number}, {source}.)"),
        ]
    )


def box(asked: Sequence[Question]) -> str:
    """The questions in MyST Markdown. Try to answer before the choices are opened: that is what makes them stay."""
    begin = "From earlier chapters. Answer from memory, then open the choices, and last the answer."
    parts = [begin, *(_asked(number, one) for number, one in enumerate(asked, start=1))]
    return ":::{admonition} Do you remember?\n:class: tip recall\n" + "\n\n".join(parts) + "\n:::"


def with_recall(text: str, asked: Sequence[Question]) -> str:
    """A chapter's first cell with the questions behind its objectives. Raises CourseError where it has none."""
    if not asked:
        return text
    frame = FRAME.search(text)
    if not frame:
        raise CourseError(f"A chapter begins with a box 'In this chapter', but this came: {text[:80]!r}")
    return f"{text[: frame.end()]}\n\n{box(asked)}{text[frame.end() :]}"


def recalled(chapter: Chapter, notebook: nbformat.NotebookNode, chapters: Sequence[Chapter]) -> nbformat.NotebookNode:
    """A copy of a chapter's notebook with its questions; other notebooks as they are."""
    if chapter.stem not in [one.stem for one in chapters]:
        return notebook
    made = copy.deepcopy(notebook)
    made.cells[0].source = with_recall(made.cells[0].source, questions(chapter.number, chapters))
    return made


def ask(app: Sphinx, page: str, source: list[str]) -> None:
    """Put the questions into a chapter that Sphinx has read from its file."""
    chapters = course()
    numbers = {f"chapters/{one.stem}": one.number for one in chapters}
    if page not in numbers:
        return
    for one in questions(numbers[page], chapters):
        app.env.note_dependency(str(CHAPTERS / "teaching" / f"{one.chapter.stem}.yml"))
    notebook = json.loads(source[0])
    first = notebook["cells"][0]
    first["source"] = with_recall("".join(first["source"]), questions(numbers[page], chapters))
    source[0] = json.dumps(notebook, ensure_ascii=False)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.connect("source-read", ask)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
