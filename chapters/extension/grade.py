"""Grade a folder of students' notebooks.

    python chapters/extension/grade.py FOLDER [SECONDS]

runs each notebook below FOLDER, **and so the students' code**, in a process of its own for at most SECONDS, and writes
``grades.csv`` and ``feedback/STUDENT.md`` into FOLDER. A notebook that keeps a chapter's name belongs to the student
whose name its folder has, or who is named in front of it; any other notebook has its student's name.
"""

import csv
import os
import re
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from course import course
from submission import Outcome, exercises, grade

SECONDS = 300.0
"""Time limit of a notebook."""

GRADES, FEEDBACK = "grades.csv", "feedback"


@dataclass(frozen=True)
class Row:
    """One file that was handed in."""

    student: str
    path: Path
    outcome: Outcome


def student(path: Path) -> str:
    """Whose a file is, from its path within the folder."""
    stems = "|".join([*(one.stem for one in course()), *(f"chapter_{one.number:02d}" for one in course())])
    named = re.fullmatch(rf"(.*?)[\s_.-]*({stems}).*", path.stem)
    folders = [part for part in path.parent.parts if not re.fullmatch(stems, part)]
    name = named[1] if named else path.stem
    return "/".join([*folders, *([name] if name else [])]) or path.stem


def handed_in(folder: Path) -> list[Path]:
    """All notebooks, and files with no notebook beside them, which a student may have taken for one."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and _counts(path.relative_to(folder))]
    with_one = {path.parent for path in files if path.suffix == ".ipynb"} - {folder}
    return [path for path in files if path.suffix == ".ipynb" or path.parent not in with_one]


def _counts(path: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.parts)
    return not hidden and path.parts[0] not in (GRADES, FEEDBACK)


def cell(text: object) -> str:
    """What a spreadsheet must not take for a formula."""
    return f"'{text}" if str(text).startswith(("=", "+", "-", "@", "\t", "\r")) else str(text)


def write(path: Path, text: str) -> None:
    """Write a file under another name first, so that nobody reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(text, encoding="utf-8", newline="")
    temporary.replace(path)


def table(rows: Sequence[Row]) -> Iterator[list[str]]:
    """The lines of the CSV: a column for each exercise that somebody was asked."""
    names = [name for name in exercises() if any(name in row.outcome.asked for row in rows)]
    yield ["student", "notebook", "points", "of", *names, "report"]
    for row in rows:
        found = row.outcome
        marks = [int(found.verdicts[name][0]) if name in found.verdicts else "" for name in names]
        told = [row.student, row.path.as_posix(), found.points, len(found.asked), *marks, " ".join(found.report)]
        yield list(map(cell, told))


def feedback(rows: Sequence[Row]) -> str:
    """What one student is told, in Markdown."""
    parts = [f"# {rows[0].student}"]
    for row in rows:
        found = row.outcome
        parts += [f"## {row.path.name}: {found.points} of {len(found.asked)}", *found.report]
        for name in found.asked:
            right, sentence = found.verdicts.get(name, (False, "No answer was found."))
            parts.append(f"- {'✓' if right else '✗'} **{name}** {exercises()[name][1].title}: {sentence}")
        parts += [f"- A cell stopped with `{error}`" for error in found.errors]
    return "\n\n".join(parts) + "\n"


def grade_folder(folder: Path, seconds: float = SECONDS) -> list[Row]:
    """Grade all that was handed in, as many notebooks at once as there are cores, and write what came of it."""
    paths, rows = handed_in(folder), []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, outcome in zip(paths, pool.map(lambda one: grade(one, seconds), paths), strict=True):
            short = path.relative_to(folder)
            rows.append(Row(student(short), short, outcome))
            told = f"{short}: {outcome.points} of {len(outcome.asked)}. {' '.join(outcome.report)}".strip()
            sys.stdout.write(f"{told}\n")
            sys.stdout.flush()
    with (folder / f".{GRADES}.{os.getpid()}").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(table(rows))
    (folder / f".{GRADES}.{os.getpid()}").replace(folder / GRADES)
    for name in {row.student: None for row in rows}:
        write(folder / FEEDBACK / f"{name}.md", feedback([row for row in rows if row.student == name]))
    return rows


def main(arguments: Sequence[str]) -> str:
    """Grade; gives what is wrong with the arguments."""
    form = "A folder of notebooks is expected: make grade FOLDER=handed-in"
    if not 1 <= len(arguments) <= 2 or not arguments[0]:
        return form
    folder = Path(arguments[0])
    if not folder.is_dir():
        return f"{form}, but {folder} is no folder."
    if not os.access(folder, os.W_OK):
        return f"The grades are written into {folder}, but it cannot be written to."
    try:
        seconds = float(arguments[1]) if len(arguments) > 1 and arguments[1] else SECONDS
    except ValueError:
        return f"A number of seconds for each notebook is expected, but {arguments[1]!r} came."
    if not handed_in(folder):
        return f"{form}, but there is no file in {folder}."
    grade_folder(folder, seconds)
    sys.stdout.write(f"Written: {folder / GRADES} and a file for each student in {folder / FEEDBACK}.\n")
    return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]) or 0)
