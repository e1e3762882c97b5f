"""Markdown as pages that open anywhere, without a network: HTML with its formulas as MathML."""

from pathlib import Path

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from mathml import markup

PAGE = """<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 17px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }}
h1, h2, h3 {{ line-height: 1.2; break-after: avoid; }}
table {{ border-collapse: collapse; display: block; overflow-x: auto; }}
th, td {{ border: 1px solid #8888; padding: 0.3rem 0.6rem; text-align: left; vertical-align: top; }}
tr {{ break-inside: avoid; }}
code {{ font-size: 0.9em; overflow-wrap: anywhere; }}
</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""


def _math(text: str, options: dict[str, bool]) -> str:
    return markup(text, options["display_mode"])


def page(markdown: str) -> str:
    """A whole page; its title is the first heading."""
    reader = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin, renderer=_math)
    title = markdown.lstrip("# ").splitlines()[0]
    return PAGE.format(title=title, body=reader.render(markdown))


def write(path: Path, markdown: str) -> None:
    """Write a page."""
    path.write_text(page(markdown), encoding="utf-8")
