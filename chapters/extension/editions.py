"""Sphinx extension: the student's notebooks and the instructor pack, made together with the site from the same sources.

The site gets ``notebooks/`` (what Colab opens, once the site is published) and ``downloads/``. The directive
``{course}`` puts what is made for teachers, or the table of places to run a chapter, into a page.
"""

import re
import shutil
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

import concept
import guide
import paper
import qti
import slides
from assignments import write_assignments
from course import ASIDE, CHAPTERS, Chapter, course
from execution import executed, outputs
from notebooks import plain_course, write_notebooks
from packing import pack
from plain import Plain
from repository import address, parts

PUBLISHED = "gh-pages"
"""The branch of the published site, whose notebooks Colab opens."""


def colab(url: str, stem: str) -> str:
    """Where Colab opens a chapter."""
    return f"https://colab.research.google.com/github/{'/'.join(parts(url))}/blob/{PUBLISHED}/notebooks/{stem}.ipynb"


def binder(url: str, stem: str) -> str:
    """Where Binder opens a chapter."""
    return f"https://mybinder.org/v2/gh/{'/'.join(parts(url))}/main?urlpath=lab/tree/notebooks/{stem}.ipynb"


def launch_table(chapters: Sequence[Chapter]) -> str:
    """Where to run each chapter."""
    url = address()
    rows = [
        [
            f"[{one.number}. {one.title}]({one.stem}.ipynb)",
            f"[Colab]({colab(url, one.stem)})",
            f"[Binder]({binder(url, one.stem)})",
            f'<a href="../notebooks/{one.stem}.ipynb" download>notebook</a>',
        ]
        for one in chapters
    ]
    return guide.table(("chapter", "in Colab", "in Binder", "download"), rows)


class CourseDirective(SphinxDirective):
    """``{course}``: Markdown that is made from the course."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """The parsed text."""
        make: dict[str, Callable[[Sequence[Chapter]], str]] = {
            "minutes": guide.minutes_table,
            "syllabi": guide.syllabi,
            "launch": launch_table,
            "concept": partial(concept.sheet, keys=False),
        }
        for path in (*CHAPTERS.glob("*.ipynb"), *CHAPTERS.glob("teaching/*.yml")):
            self.env.note_dependency(str(path))
        text = make[self.arguments[0]](course())
        holder = nodes.container()
        self.state.nested_parse(StringList(text.splitlines(), "course"), 0, holder, match_titles=True)
        return list(holder.children)


def write_guides(folder: Path, plain: Plain, chapters: Sequence[Chapter]) -> None:
    """Write all pages of the instructor pack."""
    texts = {
        name: (CHAPTERS / "teaching" / f"{name}.md").read_text("utf-8") for name in ("start", "assignment", "projects")
    }
    texts["start"] += f"\n\n## The chapters\n\n{guide.chapter_list(chapters)}"
    texts["syllabi"] = f"# Syllabi\n\n{guide.syllabi(chapters, level=2)}"
    minutes = [f"## {one.number}. {one.title}\n\n{guide.chapter_minutes(one)}" for one in chapters]
    texts["minutes"] = "\n\n".join(["# Minutes", guide.minutes_table(chapters), *minutes])
    texts["quiz-student"] = guide.quiz_bank(chapters, keys=False)
    texts["quiz-keys"] = guide.quiz_bank(chapters, keys=True)
    for who, keys in {"student": False, "keys": True}.items():
        texts[f"concept-test-{who}"] = f"# {concept.TITLE}\n\n{concept.sheet(chapters, keys)}"
    texts |= {f"chapters/{one.stem}": guide.chapter_guide(one, chapters) for one in chapters}
    (folder / "chapters").mkdir()
    for name, text in texts.items():
        # The pack's pages lie elsewhere than the chapters that the text links to.
        linked = re.sub(r"\]\((\w+)\.ipynb\)", rf"]({plain.site}/chapters/\1.html)", text)
        paper.write(folder / f"{name}.html", plain.markdown(linked))
    for name, quizzes in {"quiz": qti.chapter_quizzes(chapters), "concept-test": [concept.concept_test()]}.items():
        (folder / f"{name}.gift").write_text(guide.gift(quizzes), encoding="utf-8")
        qti.write(folder / f"{name}-qti.zip", quizzes)


def write_editions(app: Sphinx, failure: Exception | None) -> None:
    """Write both editions into the built site."""
    if failure is not None or app.builder.format != "html":
        return
    plain = plain_course()
    chapters, out = course(), Path(app.outdir)
    cache = outputs(out)
    write_notebooks(out / "notebooks", plain, [*chapters, *ASIDE], solved=False)
    with tempfile.TemporaryDirectory() as temporary:
        teacher = Path(temporary) / "replay-as-sampling-instructor"
        teacher.mkdir()
        write_guides(teacher, plain, chapters)
        shutil.copytree(out / "notebooks", teacher / "notebooks")
        write_notebooks(teacher / "notebooks-solved", plain, chapters, solved=True)
        write_assignments(teacher / "assignments", plain, chapters)
        (teacher / "slides").mkdir()
        for chapter in chapters:
            slides.make(chapter, executed(chapter, cache), teacher / "slides" / f"{chapter.stem}.pptx")
        pack(teacher, out / "downloads" / "instructor-pack.zip")
        pack(out / "notebooks", out / "downloads" / "student-notebooks.zip")


def lead_to_students_notebooks(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Let a chapter's buttons open and download the notebook in plain Markdown instead of its source."""
    stem = page.removeprefix("chapters/")
    if not (CHAPTERS / f"{stem}.ipynb").is_file():
        return
    targets = {
        "Colab": colab(address(), stem),
        "Binder": binder(address(), stem),
        ".ipynb": context["pathto"](f"notebooks/{stem}.ipynb", 1),
    }
    for group in context.get("header_buttons", []):
        for button in group.get("buttons", []):
            if button["text"] in targets:
                button["url"] = targets[button["text"]]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.add_directive("course", CourseDirective)
    app.connect("build-finished", write_editions)
    app.connect("html-page-context", lead_to_students_notebooks, priority=900)  # after the theme has made them
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
