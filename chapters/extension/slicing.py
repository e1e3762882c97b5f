"""What is in the code of a notebook: answers, names, and what of a chapter a student's own code needs."""

import ast
import builtins
import symtable
from collections.abc import Iterable, Iterator, Sequence

from IPython.core.inputtransformer2 import TransformerManager


def tree(source: str) -> ast.Module:
    """A cell's code, magics included; an empty one where it has none that can be read."""
    try:
        transformed = TransformerManager().transform_cell(source)  # type: ignore[no-untyped-call]
        return ast.parse(transformed)
    except (SyntaxError, ValueError):
        return ast.parse("")


def answers(source: str) -> Iterator[tuple[str, str]]:
    """Names of exercises, and what a cell gives to their checks."""
    for node in ast.walk(tree(source)):
        if not isinstance(node, ast.Call) or getattr(node.func, "attr", getattr(node.func, "id", "")) != "check":
            continue
        given = [*node.args, *(one.value for one in node.keywords if one.arg == "answer")]
        if len(given) > 1 and isinstance(given[0], ast.Constant):
            yield str(given[0].value), ast.unparse(given[1])


def names(code: ast.AST) -> tuple[set[str], set[str]]:
    """Names that a piece of code binds in the notebook, and those of the notebook that it uses."""
    table = symtable.symtable(ast.unparse(code), "cell", "exec")
    bound = {one.get_name() for one in table.get_symbols() if one.is_assigned() or one.is_imported()}
    return bound, {one.get_name() for one in table.get_symbols() if one.is_referenced()} | set(_inner(table))


def _inner(table: symtable.SymbolTable) -> Iterator[str]:
    """Names of the notebook that functions in it use."""
    for child in table.get_children():
        yield from (one.get_name() for one in child.get_symbols() if one.is_global() and one.is_referenced())
        yield from _inner(child)


def needed(own: Iterable[str]) -> set[str]:
    """Names that a student's cells use and do not bind."""
    bound, used = set[str](), set[str]()
    for source in own:
        binds, uses = names(tree(source))
        bound, used = bound | binds, used | uses
    return used - bound


def kept(cells: Sequence[str], own: Sequence[bool]) -> list[str]:
    """The cells, each own one whole, of the others what leads to a name that a cell below needs.

    A statement leads to it that binds it, and one that may change it: that passes it on to a call, or walks over it.
    """
    # A module is not changed by what is done with it.
    fixed = set(dir(builtins)).union(*(names(one)[0] for source in cells for one in tree(source).body if _imports(one)))
    wanted = needed(source for source, is_own in zip(cells, own, strict=True) if is_own)
    made = []
    for source, is_own in zip(reversed(cells), reversed(own), strict=True):
        statements = [] if is_own else list(_leading(tree(source), wanted, fixed))
        made.append(source if is_own else "\n".join(map(ast.unparse, reversed(statements))))
    return made[::-1]


def _imports(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Import | ast.ImportFrom)


def _may_change(statement: ast.stmt) -> bool:
    changes = ast.Call | ast.For | ast.While | ast.AugAssign
    defines = isinstance(statement, ast.FunctionDef | ast.ClassDef)
    return not defines and any(isinstance(node, changes) for node in ast.walk(statement))


def _leading(code: ast.Module, wanted: set[str], fixed: set[str]) -> Iterator[ast.stmt]:
    """From the last statement to the first; ``wanted`` grows by what those that are kept need."""
    for statement in reversed(code.body):
        binds, uses = names(statement)
        if not wanted.isdisjoint(binds) or (_may_change(statement) and not (wanted - fixed).isdisjoint(uses)):
            wanted |= uses
            yield statement


def bound(cells: Sequence[str], own: Iterable[str]) -> list[str]:
    """The statements of ``cells`` that bind what ``own`` needs, and what these need, in their order."""
    wanted, made = needed(own), list[str]()
    for statement in reversed([one for source in cells for one in tree(source).body]):
        binds, uses = names(statement)
        if not wanted.isdisjoint(binds):
            wanted = (wanted - binds) | uses
            made.append(ast.unparse(statement))
    return made[::-1]
