"""Sphinx extension: lighter pages, an empty console, and mended accessibility."""

import re
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

UNUSED = re.compile(
    # Icons come twice, as a script and as a font: the font is enough, and of it the plain set.
    r'<script src="[^"]*fontawesome[^"]*"></script>'
    r'|<link rel="preload" as="(?:script|font)"[^>]*(?:fontawesome[^>]*\.js|fa-brands|fa-regular)[^>]*>'
    # Kernels on the page: live figures here need none. Its constants are also written twice, which is an error.
    r'|<script[^>]*src="[^"]*sphinx-thebe\.js[^"]*"></script>'
    r'|<script type="text/x-thebe-config">.*?</script>'
    r"|<script>[^<]*THEBE_JS_URL[^<]*</script>"
    r"|<script>kernelName = [^<]*</script>"
    r"|<link[^>]*sphinx-thebe\.css[^>]*>",
    re.DOTALL,
)

MENDED = {
    # Wide tables scroll, so the keyboard must reach them.
    '<div class="pst-scrollable-table-container">': '<div class="pst-scrollable-table-container" tabindex="0">',
    # The role of references has gone out of use, and their list asks for items.
    'role="doc-biblioentry"': 'role="listitem"',
}

CHATTY = ("scripts/pydata-sphinx-theme.js", "togglebutton.js")
"""Scripts that report to the console that all is well."""


def tidy(page: str) -> str:
    """The page without what no reader of this book uses, and with the theme's accessibility mended."""
    page = UNUSED.sub("", page)
    for broken, mended in MENDED.items():
        page = page.replace(broken, mended)
    return page


def tidy_site(app: Sphinx, failure: Exception | None) -> None:
    """Tidy every page and silence the chatty scripts; doing it twice changes nothing more."""
    if failure is not None or app.builder.format != "html":
        return
    for path in Path(app.outdir).rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        if (tidied := tidy(page)) != page:
            path.write_text(tidied, encoding="utf-8")
    for name in CHATTY:
        script = Path(app.outdir) / "_static" / name
        if script.exists():
            script.write_text(script.read_text(encoding="utf-8").replace("console.log(", "void("), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.connect("build-finished", tidy_site)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
