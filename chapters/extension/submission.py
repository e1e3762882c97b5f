"""A student's notebook, run by nbclient in a kernel of its own, with its answers asked where they were given."""

import asyncio
import re
import secrets
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError

from course import Chapter, CourseError, Exercise, course
from fence import VERDICT
from notebooks import plain_course
from repository import LAUNCH
from slicing import answers, kept

HEADING = re.compile(r"^#+ Exercise (\d+\.\d+)\b", re.MULTILINE)
CALL = re.compile(r"""\bcheck\(\s*["'](\d+\.\d+)["']""")
INSTALLS = LAUNCH.splitlines()[0]
"""How the cell begins that installs the package, which is here."""
OWN = "own"
"""Metadata of a cell that is the student's."""


@dataclass
class Outcome:
    """What came of one notebook.

    asked: names of the exercises that it should answer. verdicts: of those that it does, whether right, and a sentence.
    report: what a teacher should know. errors: of the student's cells, for the student.
    """

    asked: list[str] = field(default_factory=list)
    verdicts: dict[str, tuple[bool, str]] = field(default_factory=dict)
    report: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def points(self) -> int:
        """One for each right answer."""
        return sum(right for right, _ in self.verdicts.values())


@cache
def exercises() -> Mapping[str, tuple[Chapter, Exercise]]:
    """All exercises of the course."""
    return {one.name: (chapter, one) for chapter in course() for one in chapter.exercises}


@cache
def handed_out() -> frozenset[str]:
    """Code cells of all student's notebooks but those of exercises."""
    plain = plain_course()
    cells = [cell.source for one in course() for cell in plain.notebook(one.notebook).cells if cell.cell_type == "code"]
    return frozenset(source.strip() for source in cells if not CALL.search(source))


def places(cells: Sequence[Any]) -> dict[str, tuple[int, str]]:
    """By exercise, the number of the cell that answers it, and the expression that is the answer.

    Where a student deleted the check, that is the cell below the heading, and the name that it had in the exercise.
    """
    found, waiting = {}, []
    for number, cell in enumerate(cells):
        if cell.cell_type == "markdown":
            waiting += [name for name in HEADING.findall(cell.source) if name in exercises()]
        elif cell.cell_type == "code":
            for name in waiting:
                found[name] = (number, next(answers(exercises()[name][1].stub))[1])
            found |= {name: (number, given) for name, given in answers(cell.source) if name in exercises()}
            waiting = []
    return found


def asked(cells: Sequence[Any]) -> list[str]:
    """All exercises of the chapters of which a notebook holds exercises."""
    text = "\n".join(cell.source for cell in cells)
    named = [name for name in (*HEADING.findall(text), *CALL.findall(text)) if name in exercises()]
    chapters = {exercises()[name][0].stem for name in named}
    return [name for name, (chapter, _) in exercises().items() if chapter.stem in chapters]


def assembled(cells: Sequence[Any], begin: str, brief: bool) -> nbformat.NotebookNode:
    """What is run: ``begin``, the notebook, and after each cell that answers exercises the questions to it.

    brief: of the cells that the course itself handed out only what the others need.
    """
    where, made = places(cells), [nbformat.v4.new_code_cell(begin)]
    code = [(number, cell.source) for number, cell in enumerate(cells) if cell.cell_type == "code"]
    own = [source.strip() not in handed_out() for _, source in code]
    sources = [source for _, source in code]
    for (number, _), source, is_own in zip(code, kept(sources, own) if brief else sources, own, strict=True):
        if not source.startswith(INSTALLS):
            made.append(nbformat.v4.new_code_cell(source, metadata={OWN: is_own}))
        questions = [(name, given) for name, (place, given) in where.items() if place == number]
        made += [nbformat.v4.new_code_cell(f"_ask({name!r}, lambda: ({given}))") for name, given in questions]
    whole: nbformat.NotebookNode = nbformat.v4.new_notebook(cells=[*made, nbformat.v4.new_code_cell("_ask()")])
    return whole


class Quiet(NotebookClient):
    """Keeps verdicts and errors only, so that a notebook may print without end."""

    def output(self, outs: list[Any], msg: dict[str, Any], display_id: str | None, cell_index: int) -> Any:
        """Called by nbclient for each output."""
        content = msg["content"]
        if msg["msg_type"] == "error" or (msg["msg_type"] == "display_data" and VERDICT in content["data"]):
            return super().output(outs, msg, display_id, cell_index)
        return None


def limit_of(cell: Any, seconds: float) -> float | None:
    """A student's cell is interrupted after a third of the time, so that those below it have theirs."""
    return seconds / 3 if OWN in cell.metadata else None


async def _run(client: NotebookClient, seconds: float, folder: str) -> str:
    """Run a notebook; gives what stopped it, or nothing."""
    end = time.monotonic() + seconds
    try:
        async with asyncio.timeout(seconds):
            await client.async_execute(cwd=folder, stdout=DEVNULL, stderr=DEVNULL)
    except (TimeoutError, DeadKernelError):
        return f"It ran longer than {seconds:g} seconds." if time.monotonic() >= end else "It killed its own process."
    return ""


def run(cells: Sequence[Any], seconds: float, brief: bool) -> Outcome:
    """The outcome of a notebook's cells in a fresh kernel, which is killed with all that it started."""
    secret = secrets.token_hex()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        begin = (
            f"import sys\nsys.path.insert(0, {str(Path(__file__).parent)!r})\nfrom fence import guard as _ask\n"
            f"sys.path.pop(0)\n_ask = _ask({folder!r}, {secret!r})"
        )
        notebook = assembled(cells, begin, brief)
        client = Quiet(
            notebook,
            kernel_name="python3",
            allow_errors=True,
            interrupt_on_timeout=True,
            timeout_func=lambda cell: limit_of(cell, seconds),
            shutdown_kernel="immediate",
            extra_arguments=["--HistoryManager.enabled=False"],
        )
        client.log.disabled = True
        stopped = asyncio.run(_run(client, seconds, folder))
    outcome = Outcome(asked(cells), report=[stopped] if stopped else [])
    _gather(outcome, notebook.cells, secret)
    return outcome


def _gather(outcome: Outcome, cells: Sequence[Any], secret: str) -> None:
    """Read verdicts and errors from the outputs."""
    refused: list[str] = []
    for cell in cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error" and cell.metadata.get(OWN) and output.ename != "AssertionError":
                outcome.errors.append(f"{output.ename}: {output.evalue}"[:300])
            told = output.get("data", {}).get(VERDICT, {})
            if told.get("secret") == secret:
                refused = told["refused"]
                if told["name"]:
                    outcome.verdicts[told["name"]] = (told["right"], told["sentence"])
    outcome.report += refused


def read(path: Path) -> nbformat.NotebookNode:
    """A notebook. Raises CourseError with a sentence where it is none."""
    try:
        notebook: nbformat.NotebookNode = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
    except Exception as error:
        said = " ".join(str(error).split())[:120]
        raise CourseError(f"A notebook was expected, but this file is none ({type(error).__name__}: {said}).") from None
    return notebook


def grade(path: Path, seconds: float) -> Outcome:
    """The outcome of a file, whatever is in it.

    First without what the course itself computes before the exercises; where an own cell then fails, with all of it.
    """
    try:
        cells = read(path).cells
        if not asked(cells):
            return Outcome(report=["It holds no exercise of this course."])
        outcome = run(cells, seconds, brief=True)
        left_out = not {cell.source.strip() for cell in cells}.isdisjoint(handed_out())
        if outcome.errors and not outcome.report and left_out:
            outcome = run(cells, seconds, brief=False)
        if outcome.errors:
            outcome.report.append(f"{len(outcome.errors)} of its cells stopped with an error.")
        return outcome
    except CourseError as error:
        return Outcome(report=[str(error)])
    except Exception as error:  # one notebook must not stop the others
        return Outcome(report=[f"It could not be run ({type(error).__name__}: {' '.join(str(error).split())[:200]})."])
