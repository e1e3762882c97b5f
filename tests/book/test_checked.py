"""Cells that check what the text says are folded on the site, all of them and no others."""

import re

import pytest
from conftest import SITE
from course import ASIDE, course

BOOK = [*course(), *ASIDE]


@pytest.mark.parametrize("chapter", BOOK, ids=lambda chapter: chapter.stem)
def test_check_cells_are_folded(chapter):
    page = (SITE / "chapters" / f"{chapter.stem}.html").read_text(encoding="utf-8")
    checks = [
        cell
        for cell in chapter.notebook.cells
        if cell.cell_type == "code"
        and cell.source.startswith("# NBVAL_CHECK_OUTPUT\n")
        and not {"remove-cell", "remove-input"} & set(cell.metadata.get("tags", []))
    ]
    folded = re.findall(r'<details class="admonition hide[^"]*">.*?</details>', page, re.DOTALL)
    named = [one for one in folded if ">Checked</p>" in one]
    assert len(named) == len(checks) > 0
    assert all("highlight-ipython3" in one and "cell_output" in one for one in named)
    assert not re.search("<details[^>]* open", page)
    assert "NBVAL" not in page


def test_they_open_by_keyboard(visit):
    page = visit("chapters/03_dreaming").page
    check = page.locator("details.hide", has_text="Checked").first
    output = check.locator(".cell_output")
    assert not output.is_visible()
    check.locator("summary").focus()
    page.keyboard.press("Enter")
    assert output.is_visible()
