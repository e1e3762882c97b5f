"""Every page of the built book, as readers meet it: opened once with scripts, for all checks, and once without."""

import gzip
import re

import pytest
from accessibility import broken_rules
from conftest import PAGES, SITE, Visit
from playwright.sync_api import Page

MEGABYTE = 1_000_000
COMPRESSED = (".woff", ".woff2", ".png", ".jpg")
"""Kinds of files that servers send as they are."""
LOOKS = ((1280, "light"), (390, "dark"))
"""Widths and themes: each once, since no rule of the style depends on both."""


def weights(found: Visit, site: str) -> tuple[list[int], list[int]]:
    """Bytes of all that a page has loaded from the site: as they are, and as they are sent."""
    bodies = {one.url: one.body() for one in found.answers if one.ok and one.url.startswith(site)}
    sent = [
        len(body if url.split("?")[0].endswith(COMPRESSED) else gzip.compress(body)) for url, body in bodies.items()
    ]
    return [len(body) for body in bodies.values()], sent


def put_on(page: Page, width: int, theme: str) -> None:
    """Give the page another look, and the time to take it."""
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_function("(theme) => document.documentElement.dataset.theme === theme", arg=theme)
    page.wait_for_timeout(500)  # the theme gives scrolling boxes their tab stops after a pause


def pictures_without_text(page: Page) -> list[str]:
    """Pictures and canvases that say nothing to those who cannot see them."""
    return page.evaluate(
        """() => [
          ...[...document.querySelectorAll("article.bd-article img")].filter((one) => !(one.alt.length > 20)),
          ...[...document.querySelectorAll("canvas")].filter((one) => !["img", "application"].includes(one.role)
            || !(one.ariaLabel?.length > 20)),
        ].map((one) => one.outerHTML.slice(0, 160))"""
    )


@pytest.mark.parametrize("name", PAGES)
def test_page_is_quiet_light_told_fits_and_is_accessible(visit, site, name):
    found: Visit = visit(name, color_scheme="light", reduced_motion="reduce")
    page = found.page
    found.scroll_through()
    page.wait_for_load_state("networkidle")
    raw, sent = weights(found, site)
    assert len(raw) > 5
    assert sum(raw) < 4 * MEGABYTE
    assert sum(sent) < 1.5 * MEGABYTE
    assert pictures_without_text(page) == []
    for width, theme in LOOKS:
        put_on(page, width, theme)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (width, theme)
        assert broken_rules(page, looks_alone=theme == "dark") == [], (width, theme)
    assert found.console == []
    assert found.outside == []


@pytest.mark.parametrize("name", PAGES)
def test_page_reads_without_scripts(visit, name):
    article = visit(name, java_script_enabled=False).page.locator("article.bd-article")
    assert article.locator("h1").first.is_visible()
    assert len(article.inner_text()) > 300
    for picture in article.locator("img").all():
        assert picture.is_visible()
        assert picture.bounding_box()["width"] > 100


BREAK = """() => {
  const article = document.querySelector("article.bd-article");
  const words = article.querySelectorAll("pre span");
  words[words.length - 1].style.color = "rgba(128, 128, 128, 0.3)";
  article.querySelector("dt.sig span.pre:last-of-type").style.opacity = 0.2;
  article.querySelector("p").style.color = "rgba(128, 128, 128, 0.3)";
  article.append(new Image());
}"""
PALE = ["color-contrast: <p", "color-contrast: <span", "color-contrast: <span"]


def kinds(found: list[str]) -> list[str]:
    """Broken rules, each with the kind of the element only."""
    return sorted(re.match(r"[\w-]+: <[\w-]+", one)[0] for one in found)


def test_what_is_broken_is_found(visit):
    """One pale word among the many of code and of signatures, a pale paragraph, and a picture without a text."""
    page = visit("chapters/reference/dynamics").page
    assert broken_rules(page) == []
    page.evaluate(BREAK)
    assert kinds(broken_rules(page)) == [*PALE, "image-alt: <img"]
    assert kinds(broken_rules(page, looks_alone=True)) == PALE
    assert len(pictures_without_text(page)) == 1


def test_mathematics_is_set(visit):
    found = visit("chapters/07_momentum")
    found.page.wait_for_selector("mjx-container", timeout=20_000)
    assert found.page.locator("mjx-container").count() > 30
    assert found.page.locator("mjx-merror").count() == 0
    every = "[...document.querySelectorAll('mjx-container')].map((one) => one.outerHTML)"
    formulas = found.page.evaluate(every)
    broken_rules(found.page, looks_alone=True)
    assert found.page.evaluate(every) == formulas  # what was set aside is back


def test_dark_is_dark_and_light_is_light(visit):
    def brightness(theme: str) -> float:
        page = visit("chapters/notation", color_scheme=theme).page
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(int(part) for part in colour[4:-1].split(",")[:3]) / 3

    assert brightness("light") > 200
    assert brightness("dark") < 60


def test_pages_of_source_do_not_scroll_sideways(visit):
    """Their titles are names of modules, which are long: the longest of them are looked at."""
    names = sorted((one.relative_to(SITE) for one in SITE.glob("_modules/**/*.html")), key=lambda one: len(str(one)))
    for name in names[-4:]:
        page = visit(name.with_suffix("").as_posix(), width=390).page
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, name


def test_every_sidebar_leads_to_all_pages_and_tells_where_one_is():
    """Pages of the package's source, which have no place of their own there, among them."""
    paths = [*SITE.glob("chapters/**/*.html"), *SITE.glob("_modules/**/*.html"), SITE / "genindex.html"]
    assert len(paths) > len(PAGES) + 50
    for path in paths:
        (menu,) = re.findall(r'<nav class="bd-links.*?</nav>', path.read_text(encoding="utf-8"), re.DOTALL)
        here = path.relative_to(SITE).with_suffix("").as_posix()
        links = re.findall(r'<a class="[^"]*internal[^"]*" href="([^"]+)"', menu)
        targets = [path if link == "#" else (path.parent / link).resolve() for link in links]
        assert [one.relative_to(SITE).with_suffix("").as_posix() for one in targets] == PAGES, here
        assert menu.count('class="current reference internal" href="#"') == (here in PAGES[1:]), here


def test_links_within_the_book_lead_somewhere():
    for path in SITE.glob("chapters/**/*.html"):
        for link in re.findall(r'<a [^>]*href="([^"#:?]+\.html)', path.read_text(encoding="utf-8")):
            assert (path.parent / link).resolve().is_file(), f"{path.name} links to {link}"
