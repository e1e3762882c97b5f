"""Sphinx extension: cells that only check what the text says are folded into boxes named "Checked".

These are the cells whose outputs are stored and compared. A reader who doubts opens the box; the others read on.
"""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

MARK = "# NBVAL_CHECK_OUTPUT\n"
"""First line of such a cell, which nbval reads. No reader needs it."""

TITLE = "Checked"


def fold(app: Sphinx, document: nodes.document) -> None:
    """Let MyST-NB hide all of each check cell under one title."""
    for cell in document.findall(nodes.container):
        if cell.get("nb_element") != "cell_code":
            continue
        for code in list(cell.findall(nodes.literal_block)):
            if not code.astext().startswith(MARK):
                continue
            cell["hide_mode"] = "all"
            cell["prompt_show"] = cell["prompt_hide"] = TITLE
            cell["classes"].append("checked")
            code.rawsource = code.rawsource.removeprefix(MARK)
            code.clear()
            code.append(nodes.Text(code.rawsource))


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.connect("doctree-read", fold)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
