"""Sphinx extension: every labelled equation has its function and its test, with links both ways.

A function names its equations in its docstring ("Equation: eq-a, eq-b."), a test by ``@pytest.mark.equation("eq-a")``.
A missing corner, or a name that no equation bears, is a warning, and warnings fail the build.
"""

import re
from typing import Any, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.domains.math import MathDomain
from sphinx.domains.python import PythonDomain
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

from corners import ROOT, TAG, Place, corners

logger = logging.getLogger(__name__)


def equations(env: BuildEnvironment) -> dict[str, tuple[str, int]]:
    """Page and number of each labelled equation, in the book's order."""
    pages = list(env.titles)
    known = cast(MathDomain, env.get_domain("math")).equations
    return dict(sorted(known.items(), key=lambda item: (pages.index(item[1][0]), item[1][1])))


def check_corners(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn of every equation without function or test, and of every name without equation."""
    functions, tests = corners()
    known = equations(env)
    for label, (page, _) in known.items():
        for kind, found in (("function", functions), ("test", tests)):
            if label not in found:
                logger.warning("equation %s has no %s that names it", label, kind, location=page)
    for found in (functions, tests):
        for label, places in found.items():
            if label not in known:
                place = places[0]
                logger.warning(
                    "%s names the equation %s, which the book does not have",
                    place.name,
                    label,
                    location=(str(place.path), place.line),
                )


class Index(nodes.General, nodes.Element):
    """Stands for the table of equations until all pages are read."""


class EquationIndex(SphinxDirective):
    """``{equation-index}``: the table of equation, function and test."""

    def run(self) -> list[nodes.Node]:
        """A placeholder, since equations on later pages are not known yet."""
        self.env.note_dependency(__file__)
        return [Index()]


class EquationTests(SphinxDirective):
    """``{equation-tests}``: the source of every test that names an equation."""

    def run(self) -> list[nodes.Node]:
        """One section a test."""
        _, tests = corners()
        places = {place.name: place for found in tests.values() for place in found}
        sections: list[nodes.Node] = []
        for name, place in places.items():
            self.env.note_dependency(str(place.path))
            section = nodes.section(ids=[name])
            title = name.rsplit(".", 1)[1].removeprefix("test_").replace("_", " ")
            section += nodes.title(text=title)
            note = nodes.paragraph()
            note += nodes.literal(text=str(place.path.relative_to(ROOT)))
            note += nodes.Text(" checks ")
            labels = [label for label, found in tests.items() if place in found]
            for index, label in enumerate(labels):
                note += nodes.Text(", " if index else "")
                note += EquationLink(label=label)
            section += note
            section += nodes.literal_block(place.source, place.source, language="python")
            sections.append(section)
        return sections


class EquationLink(nodes.Inline, nodes.Element):
    """Stands for a link to an equation until its number is known."""


class Linker:
    """Makes links from one page to equations, functions and tests."""

    def __init__(self, app: Sphinx, page: str) -> None:
        self.app, self.page = app, page
        self.objects = cast(PythonDomain, app.env.get_domain("py")).objects
        self.equations = equations(app.env)

    def to_equation(self, label: str) -> nodes.Node:
        """The equation's title of page and number."""
        if label not in self.equations:
            return nodes.literal(text=label)
        page = self.equations[label][0]
        title = self.app.env.titles[page].astext().split(":")[0]
        return make_refnode(
            self.app.builder, self.page, page, f"equation-{label}", nodes.Text(f"{title} {self.number(label)}")
        )

    def number(self, label: str) -> str:
        """The equation's number as the reader sees it: Sphinx counts in more than one way."""
        domain = self.app.env.get_domain("math")
        asked = addnodes.pending_xref("", nodes.Text(""), refdoc=self.page)
        found = domain.resolve_xref(self.app.env, self.page, self.app.builder, "eq", label, asked, nodes.inline())
        return found.astext() if found else ""

    def to_function(self, place: Place) -> nodes.Node:
        """The function's entry in the reference."""
        text = nodes.literal(text=place.name.split(".", 2)[2] if place.name.count(".") > 1 else place.name)
        entry = self.objects.get(place.name)
        if entry is None:
            logger.warning("%s names an equation, but the reference lacks it", place.name)
            return text
        return make_refnode(self.app.builder, self.page, entry.docname, entry.node_id, text)

    def to_test(self, place: Place) -> nodes.Node:
        """The test's source."""
        name = place.name.rsplit(".", 1)[1].removeprefix("test_").replace("_", " ")
        target = self.app.config.equation_tests_page
        return make_refnode(self.app.builder, self.page, target, place.name, nodes.Text(name))


def joined(links: list[nodes.Node]) -> nodes.paragraph:
    """Links in one paragraph, parted by commas."""
    line = nodes.paragraph()
    for index, link in enumerate(links):
        line += [nodes.Text(", "), link] if index else [link]
    return line


def index_table(linker: Linker) -> nodes.table:
    """One row an equation: the equation, its functions, its tests."""
    functions, tests = corners()
    table = nodes.table(classes=["equation-index"])
    group = nodes.tgroup(cols=3)
    table += group
    group += [nodes.colspec(colwidth=1) for _ in range(3)]
    head, body = nodes.thead(), nodes.tbody()
    group += [head, body]

    def row(cells: list[nodes.Node], anchor: str = "") -> nodes.row:
        line = nodes.row(ids=[anchor] if anchor else [])
        for cell in cells:
            entry = nodes.entry()
            entry += cell
            line += entry
        return line

    head += row([nodes.paragraph(text=text) for text in ("equation", "function", "test")])
    for label in linker.equations:
        body += row(
            [
                joined([linker.to_equation(label)]),
                joined([linker.to_function(place) for place in functions.get(label, [])]),
                joined([linker.to_test(place) for place in tests.get(label, [])]),
            ],
            f"corners-{label}",
        )
    return table


def add_links(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Fill the placeholders of a page, and put links to function and test under each of its equations."""
    linker = Linker(app, page)
    for placeholder in list(doctree.findall(Index)):
        placeholder.replace_self(index_table(linker))
    for link in list(doctree.findall(EquationLink)):
        link.replace_self(linker.to_equation(link["label"]))
    functions, tests = corners()
    for block in list(doctree.findall(nodes.math_block)):
        label = block.get("label")
        if label in functions and label in tests:
            line = joined([linker.to_function(place) for place in functions[label][:2]])
            line["classes"].append("equation-corners")
            index = make_refnode(
                app.builder, page, app.config.equation_index_page, f"corners-{label}", nodes.Text("test")
            )
            line += [nodes.Text(" · "), index]
            block.parent.insert(block.parent.index(block) + 1, line)


def link_docstring(app: Sphinx, what: str, name: str, thing: Any, options: Any, lines: list[str]) -> None:
    """Make docstrings fit for reStructuredText: equations become links, indented formulas literal, lists lists."""
    text = TAG.sub(
        lambda tag: "Equation: " + ", ".join(f":eq:`{label}`" for label in re.split(r",\s+", tag[1])), "\n".join(lines)
    )
    paragraphs = re.split(r"\n\s*\n", text)
    lines[:] = "\n\n".join(map(as_restructured, paragraphs)).splitlines()


def as_restructured(paragraph: str) -> str:
    """One paragraph of a docstring: formulas literal, "name: meaning" lines as a list, the last remarks apart."""
    if paragraph.startswith("    "):
        return f"::\n\n{paragraph}"
    remark = r"Raises|Source|Equation"
    if re.match(rf"(?!{remark})\w+: ", paragraph):
        paragraph = re.sub(rf"^(?!\w+: |{remark})", "  ", paragraph, flags=re.M)
        paragraph = re.sub(rf"^(?!{remark})(\w+): ", r"* ``\1``: ", paragraph, flags=re.M)
    return re.sub(rf"(?<=\n)(?={remark})", "\n", paragraph)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.add_config_value("equation_index_page", "chapters/equations", "env")
    app.add_config_value("equation_tests_page", "chapters/equation_tests", "env")
    for node in (Index, EquationLink):
        app.add_node(node)
    app.add_directive("equation-index", EquationIndex)
    app.add_directive("equation-tests", EquationTests)
    app.connect("env-check-consistency", check_corners)
    app.connect("doctree-resolved", add_links)
    app.connect("autodoc-process-docstring", link_docstring)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
