"""The form of our scripts, which no linter of Python sees; what they do is tested in the browser."""

import re

import pytest
from conftest import ROOT

FIGURES = sorted(ROOT.glob("replaylib/explorer/**/*.js"))
SCRIPTS = [*FIGURES, *sorted(ROOT.glob("chapters/assets/*.js"))]
"""Not those of MathJax, which lie in a folder of their own."""

EXPORT = re.compile(r"^export .*", re.MULTILINE)
JSDOC = re.compile(r"/\*\*(?:(?!\*/).)*\*/\s*\Z", re.DOTALL)
"""A comment of its kind that ends where the text ends."""


def undocumented(text: str) -> list[str]:
    """First lines of exports without a comment of JSDoc above them, and of functions whose parameters are not told."""
    found = []
    for export in EXPORT.finditer(text):
        comment = JSDOC.search(text[: export.start()])
        takes = re.match(r"export (?:async )?function\*? \w+\(\w|export const \w+ = \(\w", export[0])
        if not comment or (takes and "@param" not in comment[0]):
            found.append(export[0])
    return found


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_lines_and_files_are_as_short_as_those_of_python(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if len(line) > 120] == []
    assert len(lines) <= 300


@pytest.mark.parametrize("path", FIGURES, ids=lambda path: path.name)
def test_what_others_use_is_documented(path):
    assert undocumented(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/** Twice. @param {number} x - metres */\nexport const twice = (x) => 2 * x;", []),
        ("/** Twice. */\nexport const twice = (x) => 2 * x;", ["export const twice = (x) => 2 * x;"]),
        ("// Twice.\nexport function twice(x) {", ["export function twice(x) {"]),
        ("/** Other. */\nconst one = 1;\nexport class Two {", ["export class Two {"]),
        ("/** A widget. */\nexport default {};", []),
        ("export default {};", ["export default {};"]),
    ],
)
def test_what_is_not_documented_is_found(text, found):
    assert undocumented(text) == found


def test_scripts_are_found():
    assert len(SCRIPTS) >= 15
