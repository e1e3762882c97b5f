"""The house: a room imports only from those above it, and no two things share a name that would hide one of them."""

import ast
import importlib
from graphlib import TopologicalSorter
from itertools import pairwise
from pathlib import Path

import pytest

import replaylib

PACKAGE = Path(replaylib.__file__).parent
ROOMS = (
    "dynamics",
    "theory",
    "world",
    "networks",
    "measures",
    "planning",
    "ledger",
    "figures",
    "explorer",
    "exercises",
)
"""From the ground up, in the order of the chapters."""


def imports(path: Path) -> list[str]:
    """Modules of the package that a file imports, at any depth, by their full names."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} must import by full names"
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return [name for name in found if name.startswith("replaylib.")]


def test_the_rooms_are_those_of_the_package():
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert folders == set(ROOMS)
    assert {path.name for path in PACKAGE.glob("*.py")} == {
        "__init__.py",
        "__main__.py",
        "_border.py",
        "_checks.py",
        "_storage.py",
        "_streams.py",
    }


@pytest.mark.parametrize("room", ROOMS)
def test_no_import_leads_upward(room):
    allowed = {"_border", "_checks", "_storage", "_streams", *ROOMS[: ROOMS.index(room) + 1]}
    for path in (PACKAGE / room).rglob("*.py"):
        for name in imports(path):
            assert name.split(".")[1] in allowed, f"{path.relative_to(PACKAGE)} imports {name}"


def test_no_import_leads_round_in_a_circle():
    modules = {}
    for path in PACKAGE.rglob("*.py"):
        name = ".".join(["replaylib", *path.relative_to(PACKAGE).with_suffix("").parts]).removesuffix(".__init__")
        modules[name] = path
    needs = {name: {_module(found, modules) for found in imports(path)} - {name} for name, path in modules.items()}
    TopologicalSorter(needs).prepare()  # raises CycleError, which names the modules


def _module(name: str, modules: dict[str, Path]) -> str:
    return name if name in modules else name.rpartition(".")[0]


@pytest.mark.parametrize("room", ROOMS)
def test_a_door_hides_no_module_behind_a_function(room):
    package = importlib.import_module(f"replaylib.{room}")
    names = {path.stem for path in (PACKAGE / room).iterdir() if not path.name.startswith((".", "__"))}
    for name in set(package.__all__) & names:
        assert getattr(package, name).__name__ == f"replaylib.{room}.{name}", f"{room}.{name} is two things"


def test_what_a_user_starts_with_stands_at_the_front_door():
    assert len(replaylib.__all__) <= 30
    for name in replaylib.__all__:
        assert getattr(replaylib, name) is not None
    with pytest.raises(ImportError):
        from replaylib import no_such_name  # noqa: F401, PLC0415


def test_the_reference_shows_no_path_of_the_machine_that_built_it():
    """A documented constant stands in the reference with its value, unless its docstring hides it."""
    shown = []
    for path in PACKAGE.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        if "__file__" not in source:
            continue
        name = ".".join(["replaylib", *path.relative_to(PACKAGE).with_suffix("").parts]).removesuffix(".__init__")
        for one, after in pairwise(ast.parse(source).body):
            named = isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name)
            if named and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
                constant = one.targets[0].id
                value = repr(getattr(importlib.import_module(name), constant))
                if str(PACKAGE.parent) in value and ":meta hide-value:" not in after.value.value:
                    shown.append(f"{name}.{constant}")
    assert not shown
