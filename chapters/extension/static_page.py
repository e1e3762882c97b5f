"""Sphinx extension: pages that need no kernel, no repeated script and no outside request."""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

UNUSED = ("sphinx-thebe.js", "thebe")
"""Scripts for kernels on the page: live figures here need none."""


def tidy_scripts(
    app: Sphinx,
    page: str,
    template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Drop unused scripts and every repetition of an inline one, which browsers report as "already declared"."""
    seen: set[tuple[str, str]] = set()
    kept = []
    for script in context.get("script_files", []):
        source, body = (
            str(getattr(script, "filename", script) or ""),
            str(getattr(script, "attributes", {}).get("body", "")),
        )
        if (
            any(name in source for name in UNUSED)
            or "THEBE" in body
            or "thebe" in body
            or (source, body) in seen
        ):
            continue
        seen.add((source, body))
        kept.append(script)
    context["script_files"] = kept


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension. A late priority sees what all other extensions added."""
    app.connect("html-page-context", tidy_scripts, priority=900)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
