"""The form of our scripts, which no linter of Python sees; what they do is tested in the browser."""

import pytest
from conftest import ROOT

SCRIPTS = sorted([*ROOT.glob("replaylib/explorer/**/*.js"), *ROOT.glob("chapters/assets/*.js")])
"""Not those of MathJax, which lie in a folder of their own."""


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_lines_and_files_are_as_short_as_those_of_python(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if len(line) > 120] == []
    assert len(lines) <= 300


def test_scripts_are_found():
    assert len(SCRIPTS) >= 8
