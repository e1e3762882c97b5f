"""Notebooks that read well everywhere: MyST's directives and roles become plain Markdown.

Colab and a bare Jupyter show plain Markdown only. Numbers of equations are those of the site.
"""

import copy
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import nbformat
from pybtex.database import Entry, parse_file
from pylatexenc.latex2text import LatexNodes2Text

DIRECTIVE = re.compile(r"^:::\{([\w:-]+)\} ?([^\n]*)\n((?::\w+: [^\n]*\n)*)(.*?)^:::$", re.DOTALL | re.MULTILINE)
FIGURE = re.compile(r"```\{figure\} (\S+)\n:alt: (.*?)\n.*?```", re.DOTALL)
LABELLED = re.compile(r"\$\$\n(.*?)\n\$\$ \((eq-[\w-]+)\)", re.DOTALL)
KINDS = {"prf:theorem": "Theorem", "prf:definition": "Definition", "prf:proof": "Proof", "admonition": ""}


@cache
def _bibliography(path: Path) -> Mapping[str, Entry]:
    entries: Mapping[str, Entry] = parse_file(str(path)).entries
    return entries


def authors_and_year(entry: Entry) -> tuple[str, str]:
    """How the text names a work: "Miyasawa", "A and B" or "A et al.", and the year."""
    decode = LatexNodes2Text().latex_to_text
    names = [decode(" ".join(person.last_names)) for person in entry.persons["author"]]
    listed = " and ".join(names) if len(names) < 3 else f"{names[0]} et al."
    return listed, entry.fields["year"]


@dataclass(frozen=True)
class Plain:
    """Turns MyST into plain Markdown.

    number: the site's number of a labelled equation. site: address of the published book. bibliography: its .bib file.
    """

    number: Callable[[str], str]
    site: str
    bibliography: Path

    def markdown(self, text: str) -> str:
        """One cell's text. Raises KeyError where it cites what the bibliography lacks."""
        text = LABELLED.sub(lambda one: f"$$\n{one[1]} \\tag{{{self.number(one[2]).strip('()')}}}\n$$", text)
        text = DIRECTIVE.sub(self._directive, text)
        text = FIGURE.sub(lambda one: f"![{one[2]}]({self.site}/_images/{Path(one[1]).name})", text)
        text = re.sub(r"\{eq\}`([\w-]+)`", lambda one: self.number(one[1]), text)
        text = re.sub(r"\{cite:([pt])\}`([\w,-]+)`", self._citation, text)
        return re.sub(r"\]\(([\w/]+)\.md(#[\w-]+)?\)", self._page, text)

    def _directive(self, found: re.Match[str]) -> str:
        kind, title, _, body = found.groups()
        name = KINDS[kind]
        head = f"{name} ({title})" if name and title else name or title
        end = " ∎" if kind == "prf:proof" else ""
        return f"**{head}**\n\n{body.strip()}{end}"

    def _citation(self, found: re.Match[str]) -> str:
        cited = []
        for key in found[2].split(","):
            entry = _bibliography(self.bibliography)[key]
            names, year = authors_and_year(entry)
            text = f"{names} ({year})" if found[1] == "t" else f"{names}, {year}"
            where = f"https://doi.org/{entry.fields['doi']}" if "doi" in entry.fields else entry.fields.get("url")
            cited.append(f"[{text}]({where})" if where else text)
        joined = "; ".join(cited)
        return joined if found[1] == "t" else f"({joined})"

    def _page(self, found: re.Match[str]) -> str:
        # Anchors of solutions have one form in Markdown (#solution-61) and another on the site (#solution-6-1).
        number = re.search(r"(\d\d)_\w+$", found[1])
        chapter = int(number[1]) if number else "b"  # the bug museum's are B.1, B.2 and so on
        anchor = re.sub(rf"#solution-({chapter})(\d+)$", r"#solution-\1-\2", found[2] or "")
        return f"]({self.site}/chapters/{found[1]}.html{anchor})"

    def notebook(self, source: nbformat.NotebookNode) -> nbformat.NotebookNode:
        """A copy with plain text, without outputs, and without what only the build of the book needs."""
        made = copy.deepcopy(source)
        for cell in made.cells:
            cell.metadata = nbformat.NotebookNode()
            if cell.cell_type == "markdown":
                cell.source = self.markdown(cell.source)
            else:
                cell.source = cell.source.removeprefix("# NBVAL_CHECK_OUTPUT\n")
                cell.outputs, cell.execution_count = [], None
        return made
