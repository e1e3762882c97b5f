"""Sphinx extension: the course as one electronic book (EPUB 3), and the whole site in one file to read offline.

Both are made from the pages of the site when these are written, so they hold the same. https://www.w3.org/TR/epub-33/
"""

import html
import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from sphinx.application import Sphinx

from book_page import HEAD, Page, link, read
from packing import pack, write_zip
from repository import address
from repository import site as site_of

ROOT = Path(__file__).parents[2]
BOOK, SITE = "replay-as-sampling.epub", "replay-as-sampling-site.zip"
LEFT_OUT = re.compile(r"chapters/(reference/.*|teaching/.*|equations|equation_tests|times)")
"""Pages for teachers and programmers, which lead to the code: the book leads to them on the site."""
COVER = "chapters/assets/live-figure.png"

CONTAINER = """<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="EPUB/book.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
PACKAGE = """<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="en-GB">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:uuid:{identifier}</dc:identifier>
<dc:title>{title}</dc:title>
<dc:creator>{author}</dc:creator>
<dc:language>en-GB</dc:language>
<dc:source>{site}</dc:source>
<dc:rights>Text and figures: CC BY 4.0. Code: BSD 3-Clause.</dc:rights>
<meta property="dcterms:modified">{date}T00:00:00Z</meta>
<meta property="schema:accessMode">textual</meta>
<meta property="schema:accessMode">visual</meta>
<meta property="schema:accessModeSufficient">textual</meta>
<meta property="schema:accessibilityFeature">MathML</meta>
<meta property="schema:accessibilityFeature">alternativeText</meta>
<meta property="schema:accessibilityFeature">structuralNavigation</meta>
<meta property="schema:accessibilityFeature">tableOfContents</meta>
<meta property="schema:accessibilityHazard">none</meta>
<meta property="schema:accessibilitySummary">Formulas are MathML, and each picture has a text for it.</meta>
</metadata>
<manifest>
{manifest}
</manifest>
<spine>
{spine}
</spine>
</package>
"""
TITLE_PAGE = """<div class="title-page"><h1>{title}</h1><p>{subtitle}</p><p>{author}</p>
<p><img src="images/cover.png" alt="Two replays of one network on a triangle: plain replay stays on one side, \
and replay with adaptation and momentum has come to all three corners."/></p>
<p>Version {version}, {date}. Text and figures: CC BY 4.0. Code: BSD 3-Clause.</p>
<p>The figures move, and the code runs, on <a href="{site}">the site</a>.</p></div>
</body>
</html>
"""


def told(root: Path = ROOT) -> dict[str, str]:
    """Who made what and when, from the citation of the course."""
    cited = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    title, _, subtitle = cited["title"].partition(": ")
    return {
        "title": title,
        "subtitle": subtitle[:1].upper() + subtitle[1:],
        "author": cited["authors"][0]["name"],
        "version": str(cited["version"]),
        "date": str(cited["date-released"]),
        "site": site_of(address()),
    }


def contents(root: Path = ROOT) -> list[tuple[str, list[str]]]:
    """The parts of the course with their pages, in the order of the table of contents."""
    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    parts = [(part["caption"], [*_files(part["chapters"])]) for part in toc["parts"]]
    kept = [(caption, [one for one in names if not LEFT_OUT.fullmatch(one)]) for caption, names in parts]
    return [("", [toc["root"]]), *kept]


def _files(entries: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for one in entries:
        yield one["file"]
        yield from _files(one.get("sections", []))


def navigation(parts: Sequence[tuple[str, Sequence[Page]]]) -> str:
    """The table of contents: parts and pages."""

    def entry(page: Page) -> str:
        return f'<li><a href="{page.name}">{html.escape(page.title)}</a></li>'

    lines = []
    for caption, pages in parts:
        inner = "\n".join(map(entry, pages))
        lines.append(f"<li><span>{html.escape(caption)}</span><ol>\n{inner}\n</ol></li>" if caption else inner)
    listed = "\n".join(lines)
    head = HEAD.format(title="Contents")
    return f'{head}<nav epub:type="toc"><h1>Contents</h1><ol>\n{listed}\n</ol></nav>\n</body>\n</html>\n'


def package(pages: Sequence[Page], images: Sequence[str], facts: Mapping[str, str]) -> str:
    """The list of what is in the book, and in which order it is read."""
    items = ['<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>']
    items.append('<item id="title" href="title.xhtml" media-type="application/xhtml+xml"/>')
    items.append('<item id="style" href="book.css" media-type="text/css"/>')
    items.append('<item id="cover" href="images/cover.png" media-type="image/png" properties="cover-image"/>')
    for number, page in enumerate(pages):
        math = ' properties="mathml"' if page.has_formulas else ""
        items.append(f'<item id="page-{number}" href="{page.name}" media-type="application/xhtml+xml"{math}/>')
    for number, name in enumerate(images):
        kind = "svg+xml" if name.endswith(".svg") else "png"
        items.append(f'<item id="image-{number}" href="{name}" media-type="image/{kind}"/>')
    order = ["title", "nav", *(f"page-{number}" for number in range(len(pages)))]
    spine = "\n".join(f'<itemref idref="{one}"/>' for one in order)
    identifier = uuid.uuid5(uuid.NAMESPACE_URL, f"{facts['site']}#{facts['version']}")
    safe = {name: html.escape(text) for name, text in facts.items()}
    return PACKAGE.format(identifier=identifier, manifest="\n".join(items), spine=spine, **safe)


def write_book(out: Path, target: Path) -> None:
    """Write the book of a built site. Raises BookError where a page of it cannot stand in a book."""
    facts, parts = told(), contents()
    names = [name for _, inside in parts for name in inside]
    pages = {name: read(name, (out / f"{name}.html").read_text("utf-8"), facts["site"]) for name in names}
    link(pages, facts["site"])
    images = {name: source for page in pages.values() for source, name in page.images.items()}
    listed = [(caption, [pages[name] for name in inside]) for caption, inside in parts]
    title = HEAD.format(title=facts["title"]) + TITLE_PAGE.format(**{k: html.escape(v) for k, v in facts.items()})
    text = {
        "META-INF/container.xml": CONTAINER,
        "EPUB/book.opf": package([*pages.values()], sorted(images), facts),
        "EPUB/nav.xhtml": navigation(listed),
        "EPUB/title.xhtml": title,
        "EPUB/book.css": (Path(__file__).parent / "epub.css").read_text(encoding="utf-8"),
    }
    content = {name: words.encode() for name, words in text.items()}
    content["EPUB/images/cover.png"] = (ROOT / COVER).read_bytes()
    content |= {f"EPUB/{page.name}": page.write() for page in pages.values()}
    content |= {f"EPUB/{name}": (out / source).read_bytes() for name, source in sorted(images.items())}
    write_zip(target, content, first={"mimetype": b"application/epub+zip"})


def write_offline(app: Sphinx, failure: Exception | None) -> None:
    """Write the book and the zip of the site, once all pages are done."""
    if failure is not None or app.builder.format != "html":
        return
    out = Path(app.outdir)
    write_book(out, out / "downloads" / BOOK)
    unused = (BOOK, SITE, "objects.inv", ".buildinfo")
    pack(out, out / "downloads" / SITE, SITE.removesuffix(".zip"), lambda at: at.name not in unused)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension: after those that change pages and pictures."""
    app.connect("build-finished", write_offline, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
