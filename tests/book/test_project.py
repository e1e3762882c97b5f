"""One version, one day, one title, one name, the same wherever they stand; the paper in the form of its journal."""

import calendar
import json
import re
import shutil
import tomllib

import pytest
import yaml
from conftest import ROOT, SITE
from course import course
from pybtex.database import parse_file

import replaylib

FILES = (
    "replaylib/__init__.py", "pyproject.toml", "CITATION.cff", ".zenodo.json", "CHANGELOG.md", "LICENSE", "_config.yml",
    "paper/paper.md", "chapters/cite.md",
)  # fmt: skip


def text(root, name):
    return (root / name).read_text(encoding="utf-8")


def paper_header(root):
    return yaml.safe_load(text(root, "paper/paper.md").split("---\n")[1])


def versions(root):
    """The version in every place."""
    newest = re.search(r"^## (\S+), ", text(root, "CHANGELOG.md"), re.MULTILINE)[1]
    return {
        "replaylib/__init__.py": re.search(r'__version__ = "(.*)"', text(root, "replaylib/__init__.py"))[1],
        "CITATION.cff": yaml.safe_load(text(root, "CITATION.cff"))["version"],
        ".zenodo.json": json.loads(text(root, ".zenodo.json"))["version"],
        "paper/paper.md": paper_header(root)["version"],
        "chapters/cite.md": re.search(r"version = \{(.*?)\}", text(root, "chapters/cite.md"))[1],
        "CHANGELOG.md": newest,
    }


def days(root):
    """The day of the release in every place, as 2026-11-30."""
    day, month, year = paper_header(root)["date"].split()
    return {
        "CITATION.cff": str(yaml.safe_load(text(root, "CITATION.cff"))["date-released"]),
        ".zenodo.json": json.loads(text(root, ".zenodo.json"))["publication_date"],
        "paper/paper.md": f"{year}-{list(calendar.month_name).index(month):02}-{int(day):02}",
        "CHANGELOG.md": re.search(r"^## \S+, (\S+)", text(root, "CHANGELOG.md"), re.MULTILINE)[1],
    }


def authors(root):
    """Who made it, in every place."""
    return {
        "CITATION.cff": [one["name"] for one in yaml.safe_load(text(root, "CITATION.cff"))["authors"]],
        ".zenodo.json": [one["name"] for one in json.loads(text(root, ".zenodo.json"))["creators"]],
        "paper/paper.md": [one["name"] for one in paper_header(root)["authors"]],
        "_config.yml": [yaml.safe_load(text(root, "_config.yml"))["author"]],
        "chapters/cite.md": re.findall(r"author = \{\{(.*?)\}\}", text(root, "chapters/cite.md")),
        "LICENSE": [re.search(r"\(c\) \d+, the (.*)", text(root, "LICENSE"))[1].replace("Replay", "The Replay", 1)],
    }


def licences(root):
    """The code's licence, in every place that machines read."""
    return {
        "pyproject.toml": tomllib.loads(text(root, "pyproject.toml"))["project"]["license"],
        "CITATION.cff": yaml.safe_load(text(root, "CITATION.cff"))["license"],
        ".zenodo.json": json.loads(text(root, ".zenodo.json"))["license"],
    }


def odd(found):
    """Places that do not say what the first of them says."""
    wanted = next(iter(found.values()))
    return [name for name, value in found.items() if value != wanted]


@pytest.mark.parametrize("what", [versions, days, authors, licences])
def test_all_places_agree(what):
    assert odd(what(ROOT)) == []


def test_the_package_is_where_the_version_stands():
    assert versions(ROOT)["replaylib/__init__.py"] == replaylib.__version__ == "1.0.0"
    project = tomllib.loads(text(ROOT, "pyproject.toml"))
    assert project["project"]["dynamic"] == ["version"]
    assert project["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "replaylib.__version__"}


def test_the_site_tells_the_version_and_the_title():
    page = (SITE / "chapters" / "cite.html").read_text(encoding="utf-8")
    plain = re.sub("<[^>]*>", "", page)
    assert f"version = {{{replaylib.__version__}}}" in plain
    assert yaml.safe_load(text(ROOT, "CITATION.cff"))["title"] in plain


def test_titles_agree():
    title = yaml.safe_load(text(ROOT, "CITATION.cff"))["title"]
    name, about = title.split(": ")
    assert json.loads(text(ROOT, ".zenodo.json"))["title"] == title
    assert yaml.safe_load(text(ROOT, "_config.yml"))["title"] == name
    assert paper_header(ROOT)["title"] == f"{name}: a course on {about}"
    assert tomllib.loads(text(ROOT, "pyproject.toml"))["project"]["description"].startswith(
        about[0].upper() + about[1:]
    )


@pytest.fixture
def copy(tmp_path):
    for name in FILES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize("name", list(versions(ROOT))[1:])
def test_a_version_that_was_forgotten_is_found(copy, name):
    path = copy / name
    path.write_text(path.read_text(encoding="utf-8").replace("1.0.0", "0.9.0"), encoding="utf-8")
    assert odd(versions(copy)) == [name]


@pytest.mark.parametrize("name", list(days(ROOT))[1:])
def test_a_day_that_was_forgotten_is_found(copy, name):
    path = copy / name
    told = path.read_text(encoding="utf-8").replace("2026-11-30", "2026-10-30").replace("30 November", "30 October")
    path.write_text(told, encoding="utf-8")
    assert odd(days(copy)) == [name]


def test_both_licences_are_named():
    licence = text(ROOT, "LICENSE")
    assert licence.startswith("BSD 3-Clause License")
    for name in ("CC BY 4.0", "chapters/LICENSE.md", "Apache"):
        assert name in licence
    assert "CC BY 4.0" in json.loads(text(ROOT, ".zenodo.json"))["description"]


def test_the_paper_is_short_and_has_what_its_journal_asks_for():
    header, body = paper_header(ROOT), text(ROOT, "paper/paper.md").split("---\n", 2)[2]
    assert 500 < len(body.split()) < 1000
    headings = re.findall(r"^# (.+)$", body, re.MULTILINE)
    assert {"Summary", "Statement of need", "How to adopt it", "Experience of use", "Story of the project"} <= set(
        headings
    )
    assert headings[-1] == "References"
    numbers = {place["index"] for place in header["affiliations"]}
    assert all(author["affiliation"] in numbers for author in header["authors"])
    assert header["bibliography"] == "paper.bib"


def test_the_paper_counts_as_the_course_does():
    body = text(ROOT, "paper/paper.md")
    chapters, exercises = len(course()), sum(len(one.exercises) for one in course())
    hours = round(sum(sum(one.minutes.values()) for one in course()) / 60)
    assert f"{chapters} chapters as executable notebooks, about {hours} hours with its {exercises} exercises" in body


def test_no_class_is_made_up():
    for name in ("paper/paper.md", "paper/pilot.md", "paper/checklist.md"):
        assert re.search(r"not( yet)?\s+(been )?(yet )?(been )?taught", text(ROOT, name).replace("*", "")), name


def test_references_of_the_paper_are_the_books_and_have_dois():
    own = parse_file(str(ROOT / "paper" / "paper.bib")).entries
    book = parse_file(str(ROOT / "chapters" / "references.bib")).entries
    assert set(own) == set(re.findall(r"@(\w+)", text(ROOT, "paper/paper.md")))
    for key, entry in own.items():
        assert entry == book[key], key
        assert entry.fields["doi"].startswith("10.")


@pytest.mark.parametrize(
    "name", ["paper/checklist.md", "README.md", "CONTRIBUTING.md", "CODE_OF_CONDUCT.md", "CHANGELOG.md"]
)
def test_links_to_files_lead_somewhere(name):
    links = [one for one in re.findall(r"\]\(([^)\s]+)\)", text(ROOT, name)) if "://" not in one]
    for link in links:
        path, _, anchor = link.partition("#")
        target = ((ROOT / name).parent / path).resolve()
        assert target.is_file(), link
        assert not anchor or f"## {anchor.capitalize()}\n" in target.read_text(encoding="utf-8")
    assert links or name in ("CODE_OF_CONDUCT.md", "CHANGELOG.md")


def test_every_point_of_the_checklist_is_answered_with_a_link():
    rows = re.findall(r"^\| ([^|*-][^|]*) \| ([^|]*) \| ([^|]*) \|$", text(ROOT, "paper/checklist.md"), re.MULTILINE)[
        1:
    ]
    assert len(rows) >= 20
    for point, state, where in rows:
        assert re.match("met|not yet", state), point
        assert "](" in where, point
