"""Sphinx extension: each line of code is an element, which a narrow page breaks at the indentation of the line.

Pygments writes lines as bare text, of which a style sheet cannot tell where one begins.
"""

import re
from typing import Any

from sphinx.application import Sphinx
from sphinx.highlighting import PygmentsBridge

BLOCK = re.compile(r"(<pre>(?:<span></span>)?)(.*)(</pre>)", re.DOTALL)
TAG = re.compile(r"<[^>]*>")


def with_lines(block: str) -> str:
    """A highlighted block with its lines as elements. Their text stays, line ends included."""
    found = BLOCK.search(block)
    if not found:
        return block
    lines = "".join(map(_line, found[2].splitlines(keepends=True)))
    return block[: found.start()] + found[1] + lines + found[3] + block[found.end() :]


def _line(code: str) -> str:
    text = TAG.sub("", code)
    indent = len(text) - len(text.lstrip(" "))
    style = f' style="--indent:{indent}ch"' if indent else ""
    return f'<span class="line"{style}>{code}</span>'


class LinesBridge(PygmentsBridge):
    """What Sphinx highlights code with, in lines."""

    def highlight_block(self, source: str, lang: str, *arguments: Any, **settings: Any) -> str:
        """As Sphinx has it. Pages of whole modules count lines themselves, and come without a place of their own."""
        made = super().highlight_block(source, lang, *arguments, **settings)
        return with_lines(made) if settings.get("location") is not None else made


def use_lines(app: Sphinx) -> None:
    """Give the builder of pages its bridge."""
    old = getattr(app.builder, "highlighter", None)
    if isinstance(old, PygmentsBridge):
        old.__class__ = LinesBridge


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.connect("builder-inited", use_lines)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
