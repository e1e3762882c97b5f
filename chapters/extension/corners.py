"""Which function and which test names which equation, read from the sources without running them."""

import ast
import functools
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
TAG = re.compile(r"Equation:\s+(eq-[\w-]+(?:,\s+eq-[\w-]+)*)")
"""How a docstring names its equations."""


class Place(NamedTuple):
    """A function or test: its dotted name, file, first line, and source."""

    name: str
    path: Path
    line: int
    source: str


Definition = ast.FunctionDef | ast.ClassDef


def definitions(folder: Path) -> Iterator[tuple[Place, Definition]]:
    """All functions, methods and classes in the Python files below a folder."""
    for path in sorted(folder.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        stack: list[tuple[str, ast.Module | Definition]] = [(module, ast.parse(text))]
        while stack:
            prefix, parent = stack.pop()
            for node in ast.iter_child_nodes(parent):
                if isinstance(node, Definition):
                    name = f"{prefix}.{node.name}"
                    lines = text.splitlines()
                    first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
                    source = "\n".join(lines[first - 1 : node.end_lineno])
                    yield Place(name, path, first, source), node
                    stack.append((name, node))


def labels_in_docstring(node: Definition) -> list[str]:
    """Equations that a definition's docstring names."""
    found = TAG.search(ast.get_docstring(node) or "")
    return re.split(r",\s+", found[1]) if found else []


def labels_of_test(node: Definition) -> list[str]:
    """Equations that a test's marker names."""
    return [
        str(argument.value)
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.equation"
        for argument in decorator.args
        if isinstance(argument, ast.Constant)
    ]


@functools.cache
def corners() -> tuple[dict[str, list[Place]], dict[str, list[Place]]]:
    """Functions and tests by the label of their equation. All of the sources are read once in a process."""
    functions: dict[str, list[Place]] = defaultdict(list)
    tests: dict[str, list[Place]] = defaultdict(list)
    for found, folder, labels in ((functions, "replaylib", labels_in_docstring), (tests, "tests", labels_of_test)):
        for place, node in definitions(ROOT / folder):
            for label in labels(node):
                found[label].append(place)
    return functions, tests
