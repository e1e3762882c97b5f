"""One address of the course, the same in every place; and the first cell, which installs what is absent."""

import importlib.metadata
import json
import re
import shutil
import subprocess
import sys
from types import SimpleNamespace

import nbformat
import pytest
import yaml
from conftest import ROOT
from repository import LAUNCH, PLACES, address, move, parts, put_launch_cells, site

NEW = "https://github.com/Some-School/replay.course"


def disagreements(root):
    """Places that name another repository or another site than ``_config.yml`` does, as (file, what was found)."""
    url = address(root)
    slug, home = "/".join(parts(url)), site(url)
    found = []

    def expect(path, text, pattern, wanted):
        others = re.findall(pattern, text, re.MULTILINE)
        if not others or any(one != wanted for one in others):
            found.append((path, others))

    for path in sorted((root / "chapters").glob("*.ipynb")):
        cells = nbformat.read(path, as_version=4).cells
        if cells[1].source != LAUNCH.format(url=url):
            found.append((path.name, cells[1].source))
        if "remove-cell" not in cells[1].metadata.get("tags", []):
            found.append((path.name, "the first cell is shown"))
    citation = yaml.safe_load((root / "CITATION.cff").read_text())
    if (citation["repository-code"], citation["url"]) != (url, home):
        found.append(("CITATION.cff", citation["repository-code"]))
    archive = json.loads((root / ".zenodo.json").read_text(encoding="utf-8"))
    named = [one["identifier"] for one in archive["related_identifiers"] if one["identifier"].startswith("https:")]
    if named != [url, home]:
        found.append((".zenodo.json", named))
    names = (
        "README.md",
        "pyproject.toml",
        "chapters/cite.md",
        "paper/paper.md",
        "CODE_OF_CONDUCT.md",
        "CONTRIBUTING.md",
    )
    forms = ".github/ISSUE_TEMPLATE/config.yml"
    text = {name: (root / name).read_text(encoding="utf-8") for name in (*names, forms)}
    expect("paper/paper.md", text["paper/paper.md"], r"^repository: (.*)$", url)
    expect("paper/paper.md", text["paper/paper.md"], r"<(https://.*?)>", home)
    for name in ("README.md", "CODE_OF_CONDUCT.md", forms):
        expect(name, text[name], r"(https://github\.com/[\w.-]+/[\w.-]+)/security/advisories/new", url)
    expect("CONTRIBUTING.md", text["CONTRIBUTING.md"], r"(https://github\.com/[\w.-]+/[\w.-]+)/issues/new/choose", url)
    expect(forms, text[forms], r"url: (https://[\w.-]+\.github\.io/\S+)", home)
    expect(
        "README.md",
        text["README.md"],
        r"(https://github\.com/[\w.-]+/[\w.-]+)/actions/workflows/test\.yml/badge\.svg",
        url,
    )
    expect("pyproject.toml", text["pyproject.toml"], r'Repository = "(.*)"', url)
    expect("pyproject.toml", text["pyproject.toml"], r'Book = "(.*)"', home)
    expect("chapters/cite.md", text["chapters/cite.md"], r"url = \{(.*?)\}", url)
    expect("README.md", text["README.md"], r"mybinder\.org/v2/gh/([\w.-]+/[\w.-]+)/main", slug)
    expect("README.md", text["README.md"], r"colab\.research\.google\.com/github/([\w.-]+/[\w.-]+)/blob", slug)
    expect("README.md", text["README.md"], r"\((https://[\w.-]+\.github\.io/[\w.-]+?)/?\)", home)
    return found


def test_all_places_agree():
    assert disagreements(ROOT) == []


def test_built_pages_lead_to_the_repository():
    owner, name = parts(address())
    for path in sorted((ROOT / "_build" / "html" / "chapters").glob("[0-9]*.html")):
        page = path.read_text(encoding="utf-8")
        colab = f"https://colab.research.google.com/github/{owner}/{name}/blob/gh-pages/notebooks/{path.stem}.ipynb"
        binder = f"https://mybinder.org/v2/gh/{owner}/{name}/main?urlpath=lab/tree/notebooks/{path.stem}.ipynb"
        assert colab in page
        assert binder in page
        assert f'href="../notebooks/{path.stem}.ipynb"' in page
        assert (ROOT / "_build" / "html" / "notebooks" / f"{path.stem}.ipynb").is_file()


@pytest.fixture
def copy(tmp_path):
    for place in PLACES:
        for path in ROOT.glob(place):
            target = tmp_path / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    return tmp_path


def test_moving_writes_every_place(copy):
    old = address(copy)
    changed = move(f"{NEW}.git", copy)
    assert address(copy) == NEW
    assert len(changed) > 14
    assert disagreements(copy) == []
    for place in PLACES:
        for path in copy.glob(place):
            assert "/".join(parts(old)) not in path.read_text(encoding="utf-8"), path
    assert move(NEW, copy) == []


@pytest.mark.parametrize(
    "name",
    [
        "CITATION.cff", ".zenodo.json", "README.md", "pyproject.toml", "paper/paper.md", "CODE_OF_CONDUCT.md",
        "CONTRIBUTING.md", ".github/ISSUE_TEMPLATE/config.yml",
    ],
)  # fmt: skip
def test_a_place_that_was_forgotten_is_found(copy, name):
    place = copy / name
    before = place.read_text(encoding="utf-8")
    move(NEW, copy)
    place.write_text(before, encoding="utf-8")
    assert {path for path, _ in disagreements(copy)} == {name}


def test_a_lost_first_cell_is_put_back(copy):
    path = copy / "chapters" / "05_leakage.ipynb"
    notebook = nbformat.read(path, as_version=4)
    del notebook.cells[1]
    nbformat.write(notebook, path)
    assert {name for name, _ in disagreements(copy)} == {"05_leakage.ipynb"}
    put_launch_cells(copy)
    assert disagreements(copy) == []


@pytest.mark.parametrize(
    "url", ["", "github.com/a/b", "https://gitlab.com/a/b", "https://github.com/a", "https://github.com/a/b/c"]
)
def test_an_address_that_cannot_work_is_refused(url, copy):
    with pytest.raises(ValueError, match=r"https://github\.com/OWNER/REPOSITORY"):
        move(url, copy)


def test_the_command_tells_what_it_wants():
    script = ROOT / "chapters" / "extension" / "repository.py"
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "make repository URL=https://github.com/" in done.stderr
    done = subprocess.run([sys.executable, script, "nowhere"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "'nowhere' came" in done.stderr


@pytest.mark.parametrize(
    ("installed", "commands"),
    [
        ({"replay-as-sampling": "0.1.0", "torch": "2.9.0"}, []),
        (
            {"google-colab": "1.0.0", "torch": "2.9.0+cu126", "numpy": "2.0.2"},
            [["install", "-q", "git+" + NEW, "torch==2.9.0+cu126", "numpy==2.0.2"]],
        ),
        ({"google-colab": "1.0.0"}, [["install", "-q", "git+" + NEW]]),
    ],
    ids=["here", "Colab", "bare"],
)
def test_the_first_cell_installs_only_what_is_missing(monkeypatch, installed, commands):
    assert run_first_cell(monkeypatch, installed) == commands


@pytest.mark.parametrize(
    ("installed", "message"),
    [
        ({"google-colab": "1.0.0", "replaylib": "0.4"}, "Another project's replaylib is installed here, and stays"),
        ({"replaylib": "0.4"}, "Another project's replaylib is installed here, and stays"),
        ({"torch": "2.9.0"}, "This course's package is not installed here: pip install git+" + NEW),
    ],
    ids=["stranger in Colab", "stranger", "not Colab"],
)
def test_the_first_cell_changes_no_environment_but_colabs(monkeypatch, installed, message):
    with pytest.raises(RuntimeError, match=re.escape(message)):
        run_first_cell(monkeypatch, installed)


def run_first_cell(monkeypatch, installed):
    """The arguments of pip that the cell asks for where these packages are installed."""
    asked = []
    found = [SimpleNamespace(name=name, version=version) for name, version in installed.items()]
    monkeypatch.setattr(importlib.metadata, "distributions", lambda: found)
    monkeypatch.setattr(subprocess, "run", lambda command, check: asked.append(command[3:]))
    try:
        exec(LAUNCH.format(url=NEW), {})
    except RuntimeError:
        assert not asked
        raise
    return asked
