"""Every page of the built book, as readers meet it."""

import gzip
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import PAGES, SITE

MEGABYTE = 1_000_000
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
COMPRESSED = (".woff", ".woff2", ".png", ".jpg")
"""Kinds of files that servers send as they are."""


@pytest.mark.parametrize("name", PAGES)
def test_page_is_quiet_fits_and_is_accessible(visit, name):
    found = visit(name, color_scheme="light", reduced_motion="reduce")
    found.scroll_through()
    for width, theme in ((1280, "light"), (1280, "dark"), (390, "dark"), (390, "light")):
        found.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        found.page.set_viewport_size({"width": width, "height": 900})
        found.page.wait_for_function("(theme) => document.documentElement.dataset.theme === theme", arg=theme)
        found.page.wait_for_timeout(500)  # the theme gives scrolling boxes their tab stops after a pause
        assert found.page.evaluate("document.documentElement.scrollWidth") <= width
        # The theme's own frame is not ours to mend; the article is.
        result = Axe().run(
            found.page,
            context="article.bd-article",
            options={
                "preload": False,
                "resultTypes": ["violations"],
                "runOnly": {"type": "tag", "values": LEVELS},
            },
        )
        broken = [
            f"{width} {theme} {violation['id']}: {node['html'][:160]}"
            for violation in result.response["violations"]
            for node in violation["nodes"]
        ]
        assert broken == []
    assert found.console == []
    assert found.outside == []


@pytest.mark.parametrize("name", PAGES)
def test_page_is_light(visit, site, name):
    sizes: dict[str, tuple[int, int]] = {}

    def measure(response):
        if response.ok and response.url.startswith(site):
            body = response.body()
            as_sent = len(body) if response.url.split("?")[0].endswith(COMPRESSED) else len(gzip.compress(body))
            sizes[response.url] = (len(body), as_sent)

    found = visit(name, url="about:blank")
    found.page.on("response", measure)
    found.page.goto(f"{site}/{name}.html", wait_until="networkidle")
    found.scroll_through()
    found.page.wait_for_timeout(300)
    assert len(sizes) > 5
    assert sum(raw for raw, _ in sizes.values()) < 4 * MEGABYTE
    assert sum(sent for _, sent in sizes.values()) < 1.4 * MEGABYTE


@pytest.mark.parametrize("name", PAGES)
def test_every_picture_has_a_text(visit, name):
    found = visit(name)
    for picture in found.page.locator("article.bd-article img").all():
        assert len(picture.get_attribute("alt") or "") > 20, picture.get_attribute("src")
    for canvas in found.page.locator("canvas").all():
        assert canvas.get_attribute("role") in ("img", "application")
        assert len(canvas.get_attribute("aria-label") or "") > 20


@pytest.mark.parametrize("name", PAGES)
def test_page_reads_without_scripts(visit, name):
    found = visit(name, java_script_enabled=False)
    article = found.page.locator("article.bd-article")
    assert article.locator("h1").first.is_visible()
    assert len(article.inner_text()) > 300
    for picture in article.locator("img").all():
        assert picture.is_visible()
        assert picture.bounding_box()["width"] > 100


def test_mathematics_is_set(visit):
    found = visit("chapters/07_momentum")
    found.page.wait_for_selector("mjx-container", timeout=20_000)
    assert found.page.locator("mjx-container").count() > 30
    assert found.page.locator("mjx-merror").count() == 0


def test_dark_is_dark_and_light_is_light(visit):
    def brightness(theme: str) -> float:
        page = visit("chapters/notation", color_scheme=theme).page
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(int(part) for part in colour[4:-1].split(",")[:3]) / 3

    assert brightness("light") > 200
    assert brightness("dark") < 60


def test_links_within_the_book_lead_somewhere():
    for path in SITE.glob("chapters/*.html"):
        for link in re.findall(r'<a [^>]*href="([^"#:?]+\.html)', path.read_text(encoding="utf-8")):
            assert (path.parent / link).resolve().is_file(), f"{path.name} links to {link}"
