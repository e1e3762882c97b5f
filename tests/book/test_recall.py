"""Questions from earlier chapters: their spacing, that they are the quizzes' own, and where they can be read."""

import html
import json
import re
from collections import Counter

import nbformat
import pytest
import yaml
from conftest import SITE
from course import CHAPTERS, CourseError, course
from recall import box, questions, with_recall

COURSE = course()
BACK = (1, 3, 6)
each = pytest.mark.parametrize("number", range(len(COURSE)))


def quiz(number):
    """The items of a chapter as they stand in its file."""
    return yaml.safe_load((CHAPTERS / "teaching" / f"{COURSE[number].stem}.yml").read_text(encoding="utf-8"))["quiz"]


def earlier(number):
    """Chapters that the one of this number should ask of, the latest first."""
    return [number - back for back in BACK if number >= back]


@each
def test_chapters_ask_of_those_one_three_and_six_back(number):
    assert [one.chapter.number for one in questions(number, COURSE)] == earlier(number)


@each
def test_questions_and_answers_are_the_quizzes_own(number):
    for one in questions(number, COURSE):
        item = next(item for item in quiz(one.chapter.number) if item["question"] == one.text)
        assert list(one.choices) == item["choices"]
        assert one.answer == item["choices"]["abcdef".index(item["key"])]
        assert one.why == item["why"]


def test_nothing_is_asked_twice():
    asked = Counter(one.text for number in range(len(COURSE)) for one in questions(number, COURSE))
    assert set(asked.values()) == {1}
    assert len(asked) == sum(len(earlier(number)) for number in range(len(COURSE))) > 25


def plain_text(page):
    """What a page says, with straight quotes and single blanks, as the quizzes are written."""
    text = html.unescape(re.sub(r"<[^>]+>", "", page)).translate(str.maketrans("’‘“”", "''\"\""))
    return re.sub(r"\s+", " ", text)


@each
def test_the_page_asks_before_its_first_section_and_folds_the_answers(number):
    page = (SITE / "chapters" / f"{COURSE[number].stem}.html").read_text(encoding="utf-8")
    start = page.split("<article")[1].split("<h2>")[0]
    boxes = re.findall(r'<div class="tip recall admonition">.*?</div>', start, re.DOTALL)
    assert len(boxes) == bool(number)
    folded = re.findall(r"<details>(.*?)</details>", "".join(boxes), re.DOTALL)
    shown = plain_text(re.sub(r"<details>.*?</details>", "", "".join(boxes), flags=re.DOTALL))
    asked = questions(number, COURSE)
    assert len(folded) == 2 * len(asked)
    for one, choices, answer in zip(asked, folded[::2], folded[1::2], strict=True):
        assert one.text in shown
        assert one.why not in shown
        assert all(choice in plain_text(choices) for choice in one.choices)
        assert plain_text(answer).strip().startswith(f"Answer {one.answer.rstrip('.')}. {one.why}")
        assert f'href="{one.chapter.stem}.html"' in answer


@each
def test_students_notebooks_ask_as_well_and_the_sources_hold_no_copy(number):
    given = nbformat.read(SITE / "notebooks" / f"{COURSE[number].stem}.ipynb", as_version=4).cells[0].source
    committed = json.dumps(COURSE[number].notebook, ensure_ascii=False)
    for one in questions(number, COURSE):
        assert f" {one.text}\n" in given
        assert one.why in given
        assert one.why not in committed
    assert ("Do you remember?" in given) == bool(number)


def test_a_chapter_without_its_box_is_told():
    with pytest.raises(CourseError, match="begins with a box"):
        with_recall("# A title\n\nAnd a text.", questions(1, COURSE))


def test_what_follows_the_box_stays():
    text = COURSE[3].notebook.cells[0].source
    asked = questions(3, COURSE)
    assert with_recall(text, asked).replace(f"\n\n{box(asked)}", "") == text
    assert with_recall(text, []) == text
