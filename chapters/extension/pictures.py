"""Sphinx extension: pictures of figures are sent with a palette of 256 colours, in a third of the bytes."""

import os
from pathlib import Path

from PIL import Image
from sphinx.application import Sphinx


def with_palette(path: Path) -> bool:
    """Give an opaque PNG a palette of 256 colours, in place, where that makes it smaller; whether it did."""
    with Image.open(path) as picture:
        clear = picture.mode == "RGBA" and picture.getchannel("A").tobytes().strip(b"\xff")
        if clear or picture.mode not in ("RGB", "RGBA"):
            return False
        fewer = picture.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    part = path.with_suffix(".part")
    fewer.save(part, "PNG", optimize=True)
    smaller = part.stat().st_size < path.stat().st_size
    if smaller:
        os.replace(part, path)
    else:
        part.unlink()
    return smaller


def lighten(app: Sphinx, failure: Exception | None) -> None:
    """Do so for all figures of the pages, once they are written."""
    if failure is None and app.builder.format == "html":
        for path in (Path(app.outdir) / "_images").glob("*.png"):
            with_palette(path)


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.connect("build-finished", lighten)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
