"""A page of the site as a page of an electronic book: XHTML with MathML, without scripts, and with links that hold."""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from urllib.parse import urldefrag, urljoin, urlparse

from lxml import etree, html

from mathml import formula

XHTML = "http://www.w3.org/1999/xhtml"
LIVE = "application/vnd.jupyter.widget-view+json"
DROPPED = {"script", "style", "button", "headerlink", "equation-corners", "needs-kernel", "download"}
"""Tags and classes of what has no use without the site."""
OLD = ("align", "valign", "border", "cellpadding", "cellspacing", "tabindex")
"""Attributes that XHTML no longer has, or that only a browser uses."""
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="en-GB" xml:lang="en-GB">
<head><meta charset="utf-8"/><title>{title}</title><link rel="stylesheet" href="book.css"/></head>
<body>
"""


class BookError(ValueError):
    """A page of the site that cannot stand in a book as it is."""


@dataclass
class Page:
    """A page. source: its name on the site, without ending; name: in the book; text: what is shown."""

    source: str
    text: etree._Element
    images: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Its file in the book."""
        return file_name(self.source)

    @property
    def title(self) -> str:
        """Its first heading."""
        return " ".join("".join(next(self.text.iter("{*}h1")).itertext()).split())

    @property
    def anchors(self) -> set[str]:
        """What can be linked to."""
        return {one.get("id") for one in self.text.iter() if one.get("id")}

    @property
    def has_formulas(self) -> bool:
        """Whether it holds MathML."""
        return next(self.text.iter("{*}math"), None) is not None

    def write(self) -> bytes:
        """The whole file."""
        body = etree.tostring(self.text, encoding="unicode", method="xml")
        return f"{HEAD.format(title=escape(self.title))}{body}\n</body>\n</html>\n".encode()


def file_name(source: str) -> str:
    """The name in the book of a page of the site."""
    return source.removeprefix("chapters/").replace("/", "-") + ".xhtml"


def anchor(text: str) -> str:
    """A name of a place that XML allows."""
    clean = re.sub(r"[^\w.-]", "-", text)
    return clean if re.match(r"[A-Za-z_]", clean) else f"a-{clean}"


def read(source: str, text: str, site: str) -> Page:
    """What a page of the site shows, without what needs the site. Raises BookError where it shows nothing."""
    articles = html.fromstring(text).find_class("bd-article")
    if not articles:
        raise BookError(f"{source} was expected to have an article, but has none.")
    article = articles[0]
    article.tag, article.attrib["class"] = "div", "page"
    article.tail = None
    _replace_live_figures(article, f"{site}/{source}.html")
    etree.strip_tags(article, etree.Comment)
    for one in [one for one in article.iter(etree.Element) if DROPPED & _kinds(one)]:
        one.drop_tree()
    for one in list(article.iter("select")):
        _replace(one, etree.fromstring("<span>____</span>"))
    # A picture is no page to link to, and a summary holds no paragraph.
    for one in [*article.find_class("image-reference"), *article.xpath(".//summary/p")]:
        one.drop_tag()
    page = Page(source, article)
    _set_formulas(page)
    _clean(page)
    html.html_to_xhtml(article)
    return page


def _kinds(one: etree._Element) -> set[str]:
    return {one.tag, *one.get("class", "").split()}


def _replace(old: etree._Element, new: etree._Element) -> None:
    new.tail = old.tail
    old.getparent().replace(old, new)


def _replace_live_figures(article: etree._Element, address: str) -> None:
    for one in [one for one in article.iter("script") if one.get("type") == LIVE]:
        box = etree.fromstring(
            f'<p class="live">On the site there is a <a href="{address}">live figure</a> here. '
            "In this book the pictures that the text names stand for it.</p>"
        )
        _replace(one, box)


def _set_formulas(page: Page) -> None:
    for one in page.text.find_class("math"):
        for number in one.find_class("eqno"):
            number.tail, shown = None, number.tail or ""
            one.text = (one.text or "") + shown
        source = re.sub(r"^\\[(\[]|\\[)\]]$", "", (one.text or "").strip()).strip()
        try:
            one.append(formula(source, one.tag == "div"))
        except (ValueError, IndexError) as error:
            raise BookError(f"{page.source}: {error}") from None
        one.text = None


def _clean(page: Page) -> None:
    seen: set[str] = set()
    for one in page.text.iter(etree.Element):
        for name in OLD:
            one.attrib.pop(name, None)
        if "id" in one.attrib:
            one.set("id", anchor(one.get("id")))
            if one.get("id") in seen:
                del one.attrib["id"]
            seen.add(one.get("id", ""))
        if one.tag == "img":
            if not one.get("alt"):
                raise BookError(f"{page.source}: a picture was expected to have a text that stands for it.")
            at = posixpath.normpath(posixpath.join(posixpath.dirname(page.source), one.get("src")))
            page.images[at] = f"images/{posixpath.basename(at)}"
            one.set("src", page.images[at])


def link(pages: Mapping[str, Page], site: str) -> None:
    """Let all links lead to a place in the book, or else to the site."""
    anchors = {source: page.anchors for source, page in pages.items()}
    for page in pages.values():
        for one in page.text.iter(f"{{{XHTML}}}a"):
            if one.get("href"):
                one.set("href", _target(one.get("href"), page, anchors, site))


def _target(href: str, page: Page, anchors: Mapping[str, set[str]], site: str) -> str:
    if urlparse(href).scheme:
        return href
    address, place = urldefrag(urljoin(f"/{page.source}.html", href))
    source, place = address.lstrip("/").removesuffix(".html"), anchor(place) if place else ""
    if source not in anchors:
        return urljoin(f"{site}/{page.source}.html", href)
    found = f"#{place}" if place in anchors[source] else ""
    return found or file_name(source) if source == page.source else f"{file_name(source)}{found}"
