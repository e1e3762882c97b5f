"""Sphinx extension: the sidebar of each page is made from the titles of all pages alone.

It shows no more than those. Yet Sphinx would copy all headings and all functions of the reference for each of 140
pages, to drop them from the copy.
"""

from typing import Any, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx


def title_alone(contents: nodes.bullet_list) -> nodes.bullet_list:
    """A copy of a page's contents with its title, and the lists of pages below it, but without its headings."""
    kept = contents.deepcopy()
    for top in cast(list[nodes.Element], kept.children):
        for below in cast(list[nodes.Element], top.children[1:]):
            lists = list(below.findall(addnodes.toctree))
            below.clear()
            below.extend(lists)
            if not lists:
                top.remove(below)
    return kept


class Sidebar:
    """What the template of a page gets its sidebar from."""

    def __init__(self) -> None:
        self.titles: dict[str, nodes.bullet_list] = {}

    def lighten(
        self, app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
    ) -> None:
        """Let the page's ``toctree`` find the titles where it would drop the rest."""
        if not self.titles:  # the first page is written when all are read
            self.titles = {name: title_alone(contents) for name, contents in app.env.tocs.items()}
        whole = context["toctree"]

        def toctree(**options: Any) -> str:
            if not options.get("titles_only"):
                return str(whole(**options))
            contents, app.env.tocs = app.env.tocs, self.titles
            try:
                return str(whole(**options))
            finally:
                app.env.tocs = contents

        context["toctree"] = toctree


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.connect("html-page-context", Sidebar().lighten)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
