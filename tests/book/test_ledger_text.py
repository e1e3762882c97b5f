"""What the pages say is what the ledger holds: sentences are filled from it, and no measured number is typed."""

import ast
import html
import json
import re

import pytest
from conftest import ROOT, SITE

from replaylib.figures.claims import ELSEWHERE
from replaylib.ledger.claims import CLAIMS, claim
from replaylib.ledger.claims.base import TASK_NAMES
from replaylib.ledger.ledger import MARKS, Ledger

NOTEBOOKS = sorted((ROOT / "chapters").glob("*.ipynb"))
FROM_THE_LEDGER = ("00", "05", "06", "07", "08", "09", "10", "12")
CHAPTER_10 = SITE / "chapters" / "10_does_it_replicate"


def sentences(path) -> list[str]:
    """The sentences that a notebook has filled by ``ledger.say``."""
    found = []
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code" and "ledger.say(" in source:
            calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
            found += [call.args[0].value for call in calls if ast.unparse(call.func) == "ledger.say"]
    return found


def words(text: str) -> str:
    """Text without mark-up of either kind, as one line, with plain quotes: the page has typographic ones."""
    marked = re.sub(r"\*\*|\$|\\[()]", "", re.sub(r"</?(?:strong|em)>", "", text))
    plain = html.unescape(re.sub(r"<[^>]+>", " ", marked)).translate(str.maketrans("‘’“”", "''\"\""))
    return re.sub(r" ([,.;:)])", r"\1", " ".join(plain.split()))


@pytest.mark.parametrize("path", [path for path in NOTEBOOKS if path.name[:2] in FROM_THE_LEDGER], ids=lambda p: p.stem)
def test_sentences_on_the_page_are_those_of_the_ledger(path):
    ledger, page = Ledger(), words((SITE / "chapters" / f"{path.stem}.html").read_text(encoding="utf-8"))
    found = sentences(path)
    assert found
    for sentence in found:
        assert re.search(r"\{C\d+/", sentence)
        assert words(ledger.fill(sentence)) in page


def test_the_page_of_the_ledger_shows_every_verdict():
    ledger, page = Ledger(), CHAPTER_10.with_suffix(".html").read_text(encoding="utf-8")
    rows = [words(row) for row in re.findall(r"<tr.*?</tr>", page, re.DOTALL)]
    for one in CLAIMS:
        verdicts = [MARKS[ledger.row(one.name, task)["verdict"]] for task in TASK_NAMES]
        holds = sum(verdict == MARKS["holds"] for verdict in verdicts)
        assert words(f"{one.name} {one.title} {' '.join(verdicts)} {holds} of 6") in rows
        elsewhere = [ledger.row(one.name, task)["verdict"] for task in ELSEWHERE]
        asked = words(f"{one.name} {one.title} {' '.join(MARKS[verdict] for verdict in elsewhere)}")
        assert (asked in rows) == (set(elsewhere) != {"does not apply"})


def test_every_claim_has_a_block_with_a_sentence_of_its_own():
    ledger, page = Ledger(), words(CHAPTER_10.with_suffix(".html").read_text(encoding="utf-8"))
    blocks = {}
    for cell in json.loads((ROOT / "chapters" / f"{CHAPTER_10.name}.ipynb").read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code" and "claim_block(" in source:
            block = next(node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
            blocks[block.args[1].value] = block.args[2].args[0].value
    assert list(blocks) == [one.name for one in CLAIMS]
    for name, sentence in blocks.items():
        assert set(re.findall(r"\{(C\d+)/", sentence)) == {name}
        assert words(f"{name} says: {claim(name).statement} {ledger.told(name)}") in page


@pytest.mark.parametrize("path", [path for path in NOTEBOOKS if path.name[:2] in FROM_THE_LEDGER], ids=lambda p: p.stem)
def test_no_measured_number_is_typed(path):
    """A mean with an interval, or a number of times faster, comes from the ledger or from a cell, never from a hand."""
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "markdown":
            text = re.sub(r"```.*?```|`[^`]*`", "", "".join(cell["source"]), flags=re.DOTALL)
            assert not re.search(r"\d\s*±\s*\d|\[\d+\.\d+, \d+\.\d+\]", text), text
            assert not re.search(r"\d\.\d+ times (faster|sooner|as far)", text), text
