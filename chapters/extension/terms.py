"""Sphinx extension: words of the glossary enter the index where a page explains them: in bold, or in a heading."""

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

GLOSSARY = Path(__file__).parents[1] / "glossary.md"


def terms(text: str) -> list[str]:
    """The words that a glossary explains."""
    _, _, body = text.partition("```{glossary}\n")
    return [line for line in body.partition("```")[0].splitlines() if line and not line.startswith(" ")]


class IndexTerms(SphinxTransform):
    """Put an index entry where a word of the glossary is set in bold or stands in a heading; once a word and page."""

    default_priority = 500  # before the index is collected

    def apply(self, **_: Any) -> None:
        """Change the page in place."""
        known = {term.lower(): term for term in terms(GLOSSARY.read_text(encoding="utf-8"))}
        places: dict[str, nodes.Element] = {}
        for bold in self.document.findall(nodes.strong):
            word = bold.astext().strip(" .,:;").lower()
            for form in (word, word.removesuffix("s")):
                if form in known:
                    places.setdefault(known[form], bold)
        for title in self.document.findall(nodes.title):
            words = title.astext().lower()
            for form, term in known.items():
                if re.search(rf"\b{re.escape(form)}\b", words):
                    places.setdefault(term, title)
        for number, (term, place) in enumerate(places.items()):
            target = f"index-term-{number}"
            entry = addnodes.index(entries=[("single", term, target, "", None)])
            # Before bold words; within a heading, since a section begins with its title.
            parent, index = (place, 0) if isinstance(place, nodes.title) else (place.parent, place.parent.index(place))
            parent.insert(index, [entry, nodes.target("", "", ids=[target])])


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.add_transform(IndexTerms)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
