"""The draft of a concept test, before and after the course, made from misconceptions that its chapters name."""

from collections.abc import Sequence

import yaml

from course import CHAPTERS, Chapter
from qti import LETTERS, Quiz

TITLE = "Concept test (a draft, not validated)"


def concept_test() -> Quiz:
    """Its items. Each names the chapter and the belief that it asks for."""
    text = (CHAPTERS / "teaching" / "concept_test.yml").read_text(encoding="utf-8")
    return Quiz("concept", TITLE, yaml.safe_load(text))


def sheet(chapters: Sequence[Chapter], keys: bool) -> str:
    """The items as Markdown, with or without keys, and the belief behind each."""
    made = []
    for number, item in enumerate(concept_test().items, start=1):
        lines = [f"**{number}.** {item['question']}", ""]
        lines += [f"- ({letter}) {choice}" for letter, choice in zip(LETTERS, item["choices"], strict=False)]
        if keys:
            place = f"chapter {item['chapter']}, {chapters[item['chapter']].title}"
            lines += [
                "",
                f"Key: **{item['key']}**. {item['why']} (The belief asked for, in {place}: *{item['belief']}*)",
            ]
        made.append("\n".join(lines))
    return "\n\n".join(made)
