"""Equation, function, test: the links on the built site, and a build that stops where a corner is missing."""

import re
import shutil
import subprocess
import sys

import pytest
from conftest import ROOT, SITE

CHAPTER = """# A chapter

$$
y = 2 x
$$ (eq-double)
"""
FUNCTION = '''def double(x):
    """Twice the number. Equation: eq-double."""
    return 2 * x
'''
TEST = """import pytest

@pytest.mark.equation("eq-double")
def test_double():
    assert 2 * 2 == 4
"""
SETTINGS = """import sys
sys.path[:0] = [".", "chapters/extension"]
extensions = ["myst_parser", "sphinx.ext.autodoc", "equations"]
myst_enable_extensions = ["dollarmath", "amsmath"]
nitpick_ignore_regex = [("py:.*", ".*")]
"""
PAGES = {
    "index.md": "# Book\n\n```{toctree}\n:glob:\nchapters/*\n```\n",
    "chapters/equations.md": "# Equations\n\n```{equation-index}\n```\n",
    "chapters/equation_tests.md": "# Tests\n\n```{equation-tests}\n```\n",
    "chapters/reference.md": "# Reference\n\n```{eval-rst}\n.. automodule:: replaylib.numbers\n   :members:\n```\n",
}


def build(folder, chapter=CHAPTER, function=FUNCTION, test=TEST) -> subprocess.CompletedProcess:
    """A book of one equation, built as strictly as the real one."""
    files = {
        **PAGES,
        "conf.py": SETTINGS,
        "chapters/one.md": chapter,
        "replaylib/__init__.py": "",
        "replaylib/numbers.py": f'"""Numbers."""\n\n{function}',
        "tests/test_numbers.py": test,
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    shutil.copytree(ROOT / "chapters" / "extension", folder / "chapters" / "extension")
    command = [sys.executable, "-m", "sphinx", "-W", "-n", "--keep-going", "-q", ".", "out"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


def test_a_whole_triangle_builds_and_links_both_ways(tmp_path):
    result = build(tmp_path)
    assert result.returncode == 0, result.stderr
    chapter, index, tests, reference = (
        (tmp_path / "out" / "chapters" / f"{name}.html").read_text(encoding="utf-8")
        for name in ("one", "equations", "equation_tests", "reference")
    )
    assert 'href="reference.html#replaylib.numbers.double"' in chapter
    assert 'href="equations.html#corners-eq-double"' in chapter
    assert 'href="one.html#equation-eq-double"' in index
    assert 'href="equation_tests.html#tests.test_numbers.test_double"' in index
    assert 'href="one.html#equation-eq-double"' in tests
    assert 'href="one.html#equation-eq-double"' in reference


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"function": FUNCTION.replace(" Equation: eq-double.", "")}, "equation eq-double has no function"),
        ({"test": TEST.replace('@pytest.mark.equation("eq-double")', "")}, "equation eq-double has no test"),
        ({"chapter": CHAPTER.replace("(eq-double)", "(eq-other)")}, "eq-double, which the book does not have"),
    ],
)
def test_a_missing_corner_stops_the_build(tmp_path, change, message):
    result = build(tmp_path, **change)
    assert result.returncode != 0
    assert message in result.stderr


def test_every_equation_of_the_book_has_its_row():
    index = (SITE / "chapters" / "equations.html").read_text(encoding="utf-8")
    labels = {
        label
        for path in SITE.glob("chapters/*.html")
        for label in re.findall(r'id="equation-(eq-[\w-]+)"', path.read_text(encoding="utf-8"))
    }
    assert len(labels) > 30
    for label in labels:
        row = re.search(rf'<tr[^>]*id="corners-{label}".*?</tr>', index, re.DOTALL)
        assert row, label
        assert f"#equation-{label}" in row[0]
        assert re.search(r"reference/\w+\.html#replaylib\.", row[0])
        assert "equation_tests.html#tests." in row[0]


def test_every_link_to_a_place_finds_it():
    pages = {path.name: path.read_text(encoding="utf-8") for path in SITE.glob("chapters/*.html")}
    places = {name: set(re.findall(r'\bid="([^"]+)"', text)) for name, text in pages.items()}
    broken = [
        f"{name} -> {target or name}#{anchor}"
        for name, text in pages.items()
        for target, anchor in re.findall(r'<a [^>]*href="([\w.-]*)#([^"]+)"', text)
        if (target or name) in places and anchor not in places[target or name]
    ]
    assert broken == []
