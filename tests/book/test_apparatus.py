"""What surrounds the chapters: bibliography, glossary, index, times, citation, downloads, paper."""

import html
import re

import pytest
import yaml
from conftest import PAGES, ROOT, SITE
from course import CHAPTERS, course
from pybtex.database import parse_file
from terms import GLOSSARY, terms

import replaylib

WITHOUT_DOI = {
    "miyasawa1961empirical",
    "holm1979simple",
    "krishna2024sufficient",
    "mi2014spike",
    "hennequin2014fast",
    "dong2021noisy",
}
"""A bulletin of 1961, a journal and conferences that gave none."""


def test_what_to_read_has_dois():
    entries = parse_file(str(CHAPTERS / "references.bib")).entries
    assert {key for key, entry in entries.items() if "doi" not in entry.fields} == WITHOUT_DOI
    page = (SITE / "chapters" / "bibliography.html").read_text(encoding="utf-8")
    assert page.count("https://doi.org/") >= len(entries) - len(WITHOUT_DOI)


def test_glossary_is_sorted_and_stands_in_the_index():
    known = terms(GLOSSARY.read_text(encoding="utf-8"))
    assert known == sorted(known, key=str.lower)
    index = html.unescape((SITE / "genindex.html").read_text(encoding="utf-8")).replace("’", "'")
    page = (SITE / "chapters" / "glossary.html").read_text(encoding="utf-8")
    linked = 0
    for term in known:
        assert re.search(rf">{re.escape(term)}<", index.replace("<strong>", "").replace("</strong>", "")), term
        linked += bool(re.search(rf">{re.escape(term)}(</strong>)?</a>,\s*<a href=\"chapters/\d\d_", index))
    assert linked >= 20
    assert 'href="../genindex.html"' in page


def test_index_entries_lead_to_anchors():
    index = (SITE / "genindex.html").read_text(encoding="utf-8")
    targets = set(re.findall(r'href="(chapters/\d\d_\w+\.html)#(index-term-\d+)"', index))
    assert len(targets) > 40
    for page, anchor in targets:
        assert f'id="{anchor}"' in (SITE / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", [page for page in PAGES if "/reference/" in page])
def test_reference_shows_no_value_that_nobody_reads(page):
    """A constant of many numbers, or a whole program, hides its value: ``:meta hide-value:`` in its docstring."""
    signatures = re.findall(r'<dt class="sig.*?</dt>', (SITE / f"{page}.html").read_text(encoding="utf-8"), re.DOTALL)
    assert [one[:120] for one in signatures if len(re.sub("<[^>]*>", "", one)) > 3000] == []


def test_times_tell_of_every_notebook():
    page = (SITE / "chapters" / "times.html").read_text(encoding="utf-8").split("Run Time")[1]
    for chapter in course():
        row = re.search(rf'href="{chapter.stem}\.html".*?</tr>', page, re.DOTALL)[0]
        assert float(re.search(r"<p>(\d+\.\d+)</p>", row)[1]) > 0


def test_the_citation_is_the_same_for_people_and_machines():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    page = (CHAPTERS / "cite.md").read_text(encoding="utf-8")
    for text in (
        citation["title"],
        f"version = {{{citation['version']}}}",
        f"year = {{{citation['date-released'].year}}}",
    ):
        assert text in page
    assert citation["version"] == replaylib.__version__


@pytest.mark.parametrize("page", ["run", "teaching/index"])
def test_downloads_are_there(page):
    folder = SITE / "chapters" / page
    links = re.findall(r'href="([^"]+)" download', (folder.with_suffix(".html")).read_text(encoding="utf-8"))
    assert links
    for link in links:
        assert (folder.parent / link).resolve().is_file(), link


def test_a_dark_page_is_printed_in_the_light(visit):
    page = visit("chapters/05_leakage", color_scheme="dark").page
    theme = "document.documentElement.dataset.theme"
    assert page.evaluate(theme) == "dark"
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(theme) == "light"
    page.emulate_media(media="print")
    assert not page.locator(".replay-explorer").first.is_visible()
    assert page.locator("article img").first.is_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(theme) == "dark"


def test_hints_open_by_keyboard(visit):
    page = visit("chapters/06_adaptation").page
    hint = page.locator("details", has_text="A loop over the states").first
    text = hint.locator("p").first
    assert not text.is_visible()
    hint.locator("summary").focus()
    page.keyboard.press("Enter")
    assert text.is_visible()
