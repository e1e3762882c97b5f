"""What a teacher reads, as Markdown made from the course: minutes, lesson plans, guides, quizzes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import yaml

from course import CHAPTERS, Chapter, CourseError
from qti import LETTERS, Quiz

Item = Mapping[str, Any]


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def minutes_table(chapters: Sequence[Chapter]) -> str:
    """Minutes of each chapter by kind, and their sum."""
    kinds = ("reading", "running", "playing", "exercises")
    rows = [
        [
            chapter.number,
            chapter.title,
            *(chapter.minutes.get(kind, "") for kind in kinds),
            sum(chapter.minutes.values()),
        ]
        for chapter in chapters
    ]
    total = [sum(chapter.minutes.get(kind, 0) for chapter in chapters) for kind in kinds]
    return table(("", "chapter", *kinds, "together"), [*rows, ["", "**all**", *total, sum(total)]])


def timed(item: Item, chapter: Chapter | None) -> tuple[str, int]:
    """What one item of a lesson plan is, and its minutes. Raises CourseError where it names what is not there."""
    if "other" in item:
        return item["other"], item["minutes"]
    if chapter is None:
        raise CourseError(f"An item of a lesson names its chapter, but this came: {dict(item)}")
    if "section" in item:
        name = item["section"]
        if name not in chapter.teaching["sections"]:
            raise CourseError(f"{chapter.stem} has no section {name!r}.")
        return f"*{name}*", chapter.teaching["sections"][name]
    if "exercise" in item:
        for exercise in chapter.exercises:
            if exercise.name == item["exercise"]:
                return (f"**Exercise {exercise.name}**: {exercise.title}", exercise.minutes)
        raise CourseError(f"{chapter.stem} has no exercise {item['exercise']!r}.")
    kind, minutes = next((kind, item[kind]) for kind in ("questions", "quiz") if kind in item)
    text = {"questions": "Discussion: *Think about it*", "quiz": "Quiz"}[kind]
    return f"{text} (chapter {chapter.number})", minutes


def plan(items: Sequence[Item], chapters: Sequence[Chapter], own: Chapter | None = None) -> tuple[str, int]:
    """A lesson plan with a clock, and its length in minutes."""
    clock, rows = 0, []
    for item in items:
        chapter = chapters[item["chapter"]] if "chapter" in item else own
        text, minutes = timed(item, chapter)
        place = f"{chapter.number}. {text}" if chapter and "chapter" in item and "section" in item else text
        rows.append([f"{clock // 60}:{clock % 60:02}", place, minutes])
        clock += minutes
    return table(("at", "what", "minutes"), rows), clock


def syllabi(chapters: Sequence[Chapter], level: int = 3) -> str:
    """The three syllabi, each under a heading of this level."""
    made = []
    for one in yaml.safe_load((CHAPTERS / "teaching" / "syllabi.yml").read_text(encoding="utf-8")):
        made.append(f"{'#' * level} {one['name']}\n\n{one['text']}")
        for session in one.get("sessions", []):
            text, minutes = plan(session["items"], chapters)
            made.append(f"**{session['title']}** ({minutes} minutes)\n\n{text}")
        if "days" in one:
            rows = [
                [number, day["title"], _lessons(day["lessons"], chapters), day["afternoon"]]
                for number, day in enumerate(one["days"], start=1)
            ]
            made.append(table(("day", "theme", "lessons", "afternoon"), rows))
        if "weeks" in one:
            rows = [
                [number, _lessons([week], chapters) if isinstance(week, int) else week]
                for number, week in enumerate(one["weeks"], start=1)
            ]
            made.append(table(("week", "lesson"), rows))
    return "\n\n".join(made)


def _lessons(numbers: Sequence[int], chapters: Sequence[Chapter]) -> str:
    lengths = [plan(chapters[number].teaching["lesson"], chapters, chapters[number])[1] for number in numbers]
    return "; ".join(
        f"{number}. {chapters[number].title} ({length} min)" for number, length in zip(numbers, lengths, strict=True)
    )


def chapter_minutes(chapter: Chapter) -> str:
    """Minutes of each section and each exercise."""
    sections = table(("section", "minutes"), chapter.teaching["sections"].items())
    exercises = table(
        ("exercise", "title", "kind", "objectives", "minutes"),
        [
            [one.name, one.title, one.kind, ", ".join(map(str, one.objectives)), one.minutes]
            for one in chapter.exercises
        ],
    )
    return f"{sections}\n\n{exercises}"


def quiz(chapter: Chapter, keys: bool) -> str:
    """The quiz items of a chapter, with or without their keys."""
    made = []
    for number, item in enumerate(chapter.teaching["quiz"], start=1):
        lines = [f"**{chapter.number}-{number}.** {item['question']}", ""]
        lines += [f"- ({letter}) {choice}" for letter, choice in zip("abcdef", item["choices"], strict=False)]
        if keys:
            objectives = ", ".join(map(str, item["objectives"]))
            lines += ["", f"Key: **{item['key']}**. {item['why']} (Objective {objectives}.)"]
        made.append("\n".join(lines))
    return "\n\n".join(made)


def quiz_bank(chapters: Sequence[Chapter], keys: bool) -> str:
    """All quiz items."""
    title = "Quiz bank with keys" if keys else "Quiz bank"
    parts = [f"## {one.number}. {one.title}\n\n{quiz(one, keys)}" for one in chapters]
    return "\n\n".join([f"# {title}", *parts])


def gift(quizzes: Sequence[Quiz]) -> str:
    """All items in GIFT, the text format that Moodle and other systems import."""

    def escape(text: str) -> str:
        return "".join(f"\\{letter}" if letter in "~=#{}:" else letter for letter in text)

    made = []
    for quiz in quizzes:
        made.append(f"$CATEGORY: Replay as Sampling/{quiz.name}")
        for number, item in enumerate(quiz.items, start=1):
            answers = [
                f"  {'=' if letter == item['key'] else '~'}{escape(choice)}"
                for letter, choice in zip(LETTERS, item["choices"], strict=False)
            ]
            reason = f"  ####{escape(item['why'])}"
            question = f"::{quiz.name}-{number}::{escape(item['question'])} {{"
            made.append("\n".join([question, *answers, reason, "}"]))
    return "\n\n".join(made) + "\n"


def chapter_list(chapters: Sequence[Chapter]) -> str:
    """Guide, slides and length of the lesson of each chapter, as links within the pack."""
    rows = [
        [
            f"[{one.number}. {one.title}](chapters/{one.stem}.html)",
            f"[slides](slides/{one.stem}.pptx)",
            f"{plan(one.teaching['lesson'], chapters, one)[1]} minutes",
        ]
        for one in chapters
    ]
    return table(("guide", "slides", "lesson"), rows)


def chapter_guide(chapter: Chapter, chapters: Sequence[Chapter]) -> str:
    """Everything a teacher wants to know about one chapter."""
    lesson, minutes = plan(chapter.teaching["lesson"], chapters, chapter)
    objectives = "\n".join(f"{number}. {one}" for number, one in enumerate(chapter.objectives, start=1))
    beliefs = "\n\n".join(f"**{one['belief']}** {one['reply']}" for one in chapter.teaching["misconceptions"])
    questions = "\n\n".join(
        f"**{question}**\n\nExpected: {answer}"
        for question, answer in zip(chapter.questions, chapter.answers, strict=True)
    )
    return "\n\n".join(
        [
            f"# {chapter.number}. {chapter.title}",
            f"## Objectives\n\nStudents will be able to\n\n{objectives}\n\nThey need: {chapter.need}",
            f"## Lesson plan: {minutes} minutes\n\n{lesson}",
            f"## Minutes\n\n{chapter_minutes(chapter)}",
            f"## Common misconceptions, and a reply\n\n{beliefs}",
            f"## Questions to discuss\n\n{questions}",
            f"## Quiz\n\n{quiz(chapter, keys=True)}",
        ]
    )
