"""Exercises and quizzes as other systems take them: each by that system's own code, where it can be had."""

import html
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from answers import WRONG
from assignments import nbgrader_source, otter_master, stub, write_assignments
from concept import concept_test, sheet
from conftest import ROOT
from course import CHAPTERS, course
from guide import gift
from notebooks import plain_course
from qti import QTI, chapter_quizzes, write

COURSE = course()
each = pytest.mark.parametrize("chapter", COURSE, ids=lambda chapter: chapter.stem)
QUIZZES = [*chapter_quizzes(COURSE), concept_test()]
GRADERS = ROOT / ".venv" / "graders"
STEMS = [chapter.stem for chapter in COURSE]
LIGHT = {"nbgrader": STEMS[3:4], "otter": STEMS[3:4]}
"""What each program grades in the tests; with ALL_CHAPTERS=1 in the environment it is the whole course."""


def beside(*arguments, **settings):
    """Run Python with the graders on its path. Skips the test where they could not be installed."""
    if not (GRADERS / "nbgrader").is_dir():
        pytest.skip(f"nbgrader, Otter and text2qti were expected in {GRADERS}: make .venv/graders/installed")
    places = (GRADERS, ROOT / "chapters" / "extension", ROOT / "tests", ROOT)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, places))}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", *arguments],
        capture_output=True, text=True, check=False, env=environment, timeout=600, **settings,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def text(cells):
    return "\n".join(cell.source for cell in cells)


@each
def test_assignments_ask_every_exercise_once(chapter):
    cells = nbgrader_source([chapter], plain_course()).cells
    told = [cell.metadata["nbgrader"] for cell in cells]
    assert len({one["grade_id"] for one in told}) == len(told)
    points = {one["grade_id"].removeprefix("check-").replace("-", "."): one["points"] for one in told if one["grade"]}
    assert points == {one.name: 1 for one in chapter.exercises}
    master = text(otter_master([chapter], plain_course(), chapter.stem).cells)
    assert re.findall(r"^name: exercise_(\d+)_(\d+)$", master, re.MULTILINE) == [
        tuple(one.name.split(".")) for one in chapter.exercises
    ]
    for one in chapter.exercises:
        assert stub(one) in text(cells)
        assert stub(one) in master
    shown = re.sub(r"### BEGIN SOLUTION.*?### END SOLUTION", "", text(cells), flags=re.DOTALL)
    assert shown.count("BEGIN") == 0
    assert not re.search(r"\{[\w:]+\}`|\(solutions/", shown)


@pytest.mark.slow
@pytest.mark.parametrize("program", LIGHT)
def test_solved_is_full_marks_and_a_misconception_none_with_its_sentence(program, tmp_path):
    stems = STEMS if os.environ.get("ALL_CHAPTERS") else LIGHT[program]
    found = json.loads(beside(ROOT / "tests" / "book" / "graders.py", program, tmp_path, *stems, cwd=tmp_path))
    chapters = [one for one in COURSE if one.stem in stems]
    names = sorted(one.name for chapter in chapters for one in chapter.exercises)
    for student, points in {"solved": 1, "empty": 0, "misconceived": 0}.items():
        assert sorted(found[student]["points"]) == names
        assert {name: got for name, got in found[student]["points"].items() if got != points} == {}
    for name in names:
        words = WRONG[name][0][1]
        assert plain(words) in plain(found["misconceived"]["feedback"]), name
    # What is handed out has all stubs, and no line of a solution that no stub has.
    stubs = "\n".join(stub(one) for chapter in chapters for one in chapter.exercises)
    code = "\n".join(one.code for chapter in chapters for one in chapter.solutions.values())
    hidden = [line for line in code.splitlines() if len(line) > 20 and line not in stubs]
    assert [line for line in hidden if line in found["release"]] == []
    assert all(stub(one) in found["release"] for chapter in chapters for one in chapter.exercises)


def plain(page: str) -> str:
    """Words of a page: without tags, colours of a terminal, entities and breaks of lines."""
    bare = re.sub(r"<[^>]*>|\x1b\[[\d;]*m", "", page)
    return re.sub(r"\s+", "", html.unescape(bare))


def test_assignments_are_the_same_bytes_each_time(tmp_path):
    for name in ("one", "two"):
        write_assignments(tmp_path / name, plain_course(), COURSE[3:4])
    files = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.*"))
    assert len(files) == 3
    for path in files:
        assert (tmp_path / "one" / path).read_bytes() == (tmp_path / "two" / path).read_bytes()


Items = dict[str, tuple[str, list[str], int]]


def in_gift(words: str) -> Items:
    """By name: the question, the choices, and which of them is the key."""
    found = {}
    for name, question, rest in re.findall(r"^::(.*?)::(.*?) \{\n(.*?)^\}", words, re.DOTALL | re.MULTILINE):
        choices = re.findall(r"^  ([=~])(.*)$", rest, re.MULTILINE)
        clean = [re.sub(r"\\(.)", r"\1", one) for _, one in choices]
        found[name] = (re.sub(r"\\(.)", r"\1", question), clean, [sign for sign, _ in choices].index("="))
    return found


def words_of(element: ElementTree.Element) -> str:
    written = element.find(f".//{{{QTI}}}mattext").text
    bare = html.unescape(re.sub(r"</?p>", "", written))
    return " ".join(bare.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())  # text2qti sets it


def in_qti(content: bytes) -> Iterator[tuple[str, tuple[str, list[str], int]]]:
    """The same of one quiz in QTI."""
    for item in ElementTree.fromstring(content).iter(f"{{{QTI}}}item"):
        labels = list(item.iter(f"{{{QTI}}}response_label"))
        (key,) = item.iter(f"{{{QTI}}}varequal")
        place = [one.get("ident") for one in labels].index(key.text)
        question = words_of(item.find(f"{{{QTI}}}presentation"))
        yield item.get("title"), (question, [words_of(one) for one in labels], place)


def packaged(path: Path) -> Items:
    """All items of a package, found as a system finds them: from its manifest."""
    with zipfile.ZipFile(path) as archive:
        root = ElementTree.fromstring(archive.read("imsmanifest.xml"))
        files = [one for one in root.iter() if one.tag.endswith("}file")]
        assert {one.get("href") for one in files} == set(archive.namelist()) - {"imsmanifest.xml"}
        assert {one.get("type") for one in root.iter() if one.tag.endswith("}resource")} == {"imsqti_xmlv1p2"}
        return {name: item for one in files for name, item in in_qti(archive.read(one.get("href")))}


def test_qti_and_gift_hold_the_same_items_and_keys_as_the_source(tmp_path):
    write(tmp_path / "quiz.zip", QUIZZES)
    found = packaged(tmp_path / "quiz.zip")
    source = {
        f"{quiz.name}-{number}": (item["question"], item["choices"], "abcdef".index(item["key"]))
        for quiz in QUIZZES
        for number, item in enumerate(quiz.items, start=1)
    }
    assert len(source) > 80
    assert found == source
    assert in_gift(gift(QUIZZES)) == source
    write(tmp_path / "again.zip", QUIZZES)
    assert (tmp_path / "again.zip").read_bytes() == (tmp_path / "quiz.zip").read_bytes()


def structure(content: bytes, known: set[str]) -> set[tuple[str, str]]:
    """Which element lies in which, of those that are known."""
    names = {
        (one.tag.split("}")[1], part.tag.split("}")[1])
        for one in ElementTree.fromstring(content).iter()
        for part in one
    }
    return {pair for pair in names if pair[0] in known and pair[1] in known}


COMPARED = """
import sys, zipfile
from text2qti.config import Config
from text2qti.qti import QTI
from text2qti.quiz import Quiz
sys.stdout.write(QTI(Quiz(sys.stdin.read(), config=Config())).assessment)
"""


def test_text2qti_makes_the_same_of_a_quiz(tmp_path):
    quiz = QUIZZES[7]
    lines = []
    for number, item in enumerate(quiz.items, start=1):
        lines += [f"{number}. {item['question']}", f"... {item['why']}"]
        marks = ("*" if letter == item["key"] else "" for letter in "abcdef")
        lines += [f"{mark}{letter}) {one}" for mark, letter, one in zip(marks, "abcdef", item["choices"], strict=False)]
        lines.append("")
    theirs = beside("-c", COMPARED, input="\n".join(lines)).encode()
    write(tmp_path / "quiz.zip", [quiz])
    with zipfile.ZipFile(tmp_path / "quiz.zip") as archive:
        ours = archive.read("quiz-7/quiz-7.xml")
    assert [item for _, item in in_qti(theirs)] == [item for _, item in in_qti(ours)]
    known = {one.tag.split("}")[1] for one in ElementTree.fromstring(theirs).iter()}
    assert structure(ours, known) == structure(theirs, known)


def test_the_concept_test_is_a_draft_whose_keys_give_nothing_away():
    items = concept_test().items
    assert len(items) == 12
    for item in items:
        lengths = [len(choice) for choice in item["choices"]]
        assert lengths["abcd".index(item["key"])] < max(lengths), item["question"]
        beliefs = [one["belief"] for one in COURSE[item["chapter"]].teaching["misconceptions"]]
        assert item["belief"] in beliefs, f"chapter {item['chapter']} names no such misconception: {item['belief']}"
    assert {letter: [item["key"] for item in items].count(letter) for letter in "abcd"} == dict.fromkeys("abcd", 3)
    assert not any(item["why"] in sheet(COURSE, keys=False) for item in items)
    assert sheet(COURSE, keys=True).count("Key: ") == 12


def test_the_page_of_the_concept_test_says_what_it_is_and_computes_the_gain():
    page = (CHAPTERS / "teaching" / "concept_test.md").read_text(encoding="utf-8")
    assert "not validated" in page
    names = {}
    exec(re.search(r"```python\n(.*?)```", page, re.DOTALL)[1], names)
    gained, (low, high) = names["gain"]([40] * 10, [60, 80] * 5)
    assert gained == pytest.approx(0.5)
    assert low < 0.5 < high
