"""Code is read whole at every width: its lines fit the column, or break at their indentation."""

import html
import re

import pytest
from code_lines import with_lines
from conftest import SITE
from course import course
from sphinx.highlighting import PygmentsBridge

CODE = 'def far(steps):\n    """How far.\n\n    In metres."""\n    return [\n        steps,\n    ]\n'
SIDEWAYS = """[...document.querySelectorAll("article.bd-article div.cell_input pre")]
    .filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.textContent)"""
SHIFT = """code => {
    const line = [...document.querySelectorAll("article.bd-article div.cell_input span.line")]
        .find(one => one.textContent.startsWith("    ") && one.getClientRects().length && one.offsetHeight > 30);
    const style = getComputedStyle(line);
    return [parseFloat(style.paddingLeft), -parseFloat(style.textIndent), line.textContent.search(/\\S/)];
}"""


def test_lines_keep_their_text_and_their_indentation():
    block = PygmentsBridge("html", "sphinx").highlight_block(CODE, "python")
    made = with_lines(block)
    text = re.search(r"<pre>(.*)</pre>", made, re.DOTALL)[1]
    assert html.unescape(re.sub("<[^>]*>", "", text)) == CODE
    assert text.count('<span class="line"') == CODE.count("\n")
    assert re.findall(r"--indent:(\d+)ch", text) == ["4", "4", "4", "8", "4"]
    for line in re.findall(r'<span class="line".*?\n</span>', text, re.DOTALL):
        assert line.count("<span") == line.count("</span>"), "a colour must not run over two lines"


def test_what_is_no_code_stays():
    assert with_lines("<p>text</p>") == "<p>text</p>"


@pytest.mark.parametrize("chapter", course()[4:9:2], ids=lambda chapter: chapter.stem)
def test_no_code_scrolls_sideways(chapter, visit):
    page = visit(f"chapters/{chapter.stem}").page
    for width in (1280, 1000, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(SIDEWAYS) == [], f"at {width} pixels"


def test_a_broken_line_goes_on_at_its_indentation(visit):
    page = visit("chapters/08_together", 390).page
    padding, back, indent = page.evaluate(SHIFT)
    assert padding > 0
    assert padding == pytest.approx(back)
    assert indent % 4 == 0


def test_pages_of_whole_modules_have_no_such_lines():
    assert '<span class="line"' not in (SITE / "_modules" / "replaylib" / "dynamics" / "rule.html").read_text("utf-8")
