"""What decides a result: the code that a function reaches by its imports, and the versions of what computes below it.

This file needs Python's own library alone, so that any interpreter can run it:
python3.13 replaylib/ledger/provenance.py replaylib.measures.metrics
"""

import ast
import hashlib
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
"""The package whose modules are followed.

:meta hide-value:
"""

COMPUTING = {
    "torch": "torch",
    "numpy": "numpy",
    "scipy": "scipy",
    "sklearn": "scikit-learn",
    "numba": "numba",
    "networkx": "networkx",
    "ot": "POT",
    "ratinabox": "ratinabox",
}
"""Packages whose numbers enter results, by the name under which they are imported. Others read, write or check."""


@cache
def code_hash(*modules: str) -> str:
    """Hash of the code of modules and of all of this package that they import: see ``closure`` and ``described``.

    It is the same under every version of Python. Raises ValueError where a module is unknown.
    """
    digest = hashlib.sha256()
    for name in closure(*modules):
        digest.update(f"{name}:{described(_tree(_file(name)))}\n".encode())
    return digest.hexdigest()[:16]


@cache
def versions(*modules: str) -> dict[str, str]:
    """Versions of the packages that compute for these modules, without what says how they were built ("+cpu")."""
    names = {name.partition(".")[0] for module in closure(*modules) for name, _, _ in _imports(module)}
    found = sorted(COMPUTING[name] for name in names if name in COMPUTING)
    return {name: version(name).partition("+")[0] for name in found}


@cache
def closure(*modules: str) -> tuple[str, ...]:
    """Names of the modules, and of those of this package that they import, directly or through others, in order.

    Imports inside functions count; those for type checkers alone do not. A name that a package passes on leads to the
    module that defines it, and what else the package passes on does not count: a package's own ``__init__`` counts
    where it defines the name, or is itself what is imported. Modules outside this package are not followed.
    """
    found: set[str] = set()
    ahead = list(modules)
    while ahead:
        name = ahead.pop()
        if name not in found:
            found.add(name)
            ahead += [_defining(module, wanted) for module, wanted, _ in _imports(name) if _is_ours(module)]
    return tuple(sorted(found))


def described(node: object) -> str:
    """A syntax tree as text that differs where what the code does differs, and only there.

    Comments, docstrings, layout and the words of errors that are raised leave no trace, and nor does the version of
    Python: fields that are empty are left out, since versions differ in which there are.
    """
    if isinstance(node, list):
        return f"[{','.join(described(one) for one in node if not _is_text(one))}]"
    if not isinstance(node, ast.AST):
        return ascii(node)
    if isinstance(node, ast.Constant):
        return f"{type(node.value).__name__}:{node.value!a}"
    if isinstance(node, ast.JoinedStr):
        return f"JoinedStr({','.join(_joined(node.values))})"
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
        return f"Raise({described(node.exc.func)})"
    fields = sorted((name, value) for name, value in ast.iter_fields(node) if value is not None and value != [])
    return f"{type(node).__name__}({','.join(f'{name}={described(value)}' for name, value in fields)})"


def _joined(values: list[ast.expr]) -> Iterator[str]:
    """The pieces of an f-string; Python's versions cut its plain text differently."""
    text = ""
    for value in values:
        if isinstance(value, ast.Constant):
            text += str(value.value)
            continue
        if text:
            yield ascii(text)
        text = ""
        yield described(value)
    if text:
        yield ascii(text)


def _is_text(node: object) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _is_ours(module: str) -> bool:
    return module.partition(".")[0] == PACKAGE.name


def _file(module: str) -> Path:
    """The file of a module. Raises ValueError where there is none."""
    if _is_ours(module):
        path = PACKAGE.joinpath(*module.split(".")[1:])
        file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    else:
        loaded = sys.modules.get(module)
        spec = None if loaded else find_spec(module)
        file = Path((getattr(loaded, "__file__", None) if loaded else spec and spec.origin) or "")
    if not file.is_file() or file.suffix != ".py":
        raise ValueError(f"a module with its source in a file was expected, but {module!r} came.")
    return file


@cache
def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


@cache
def _imports(module: str) -> tuple[tuple[str, str, str], ...]:
    """What a module imports: (module, name, name here); names are "" where it is the module itself, or all of it."""
    file = _file(module)
    trees = [_tree(file)]
    if file.name == "__init__.py":
        # What a package imports when it is asked for it stands in the stub beside it.
        trees += [_tree(stub) for stub in [file.with_suffix(".pyi")] if stub.is_file()]
    package = module if file.name == "__init__.py" else module.rpartition(".")[0]
    return tuple(found for tree in trees for node in _running(tree) for found in _imported(node, package))


def _running(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes below one but those that only a type checker reads."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            for other in child.orelse:
                yield from [other, *_running(other)]
            continue
        yield child
        yield from _running(child)


def _imported(node: ast.AST, package: str) -> Iterator[tuple[str, str, str]]:
    if isinstance(node, ast.Import):
        yield from ((alias.name, "", "") for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        above = package.rsplit(".", node.level - 1)[0] if node.level else ""
        module = ".".join(part for part in (above, node.module) if part)
        names = ((alias.name.replace("*", ""), alias.asname or alias.name) for alias in node.names)
        yield from ((module, name, here) for name, here in names)
    elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("find_spec", "import_module")):
        first = node.args[0] if node.args else None
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield first.value, "", ""


def _defining(module: str, name: str) -> str:
    """The module that defines a name of a module or package of ours, or the submodule of this name."""
    if not name or _file(module).name != "__init__.py":
        return module
    for origin, there, here in _imports(module):
        if here == name and _is_ours(origin) and origin != module:
            return _defining(origin, there)
    try:
        _file(f"{module}.{name}")
    except ValueError:
        return module
    return f"{module}.{name}"


if __name__ == "__main__":
    print(code_hash(*sys.argv[1:]))  # noqa: T201 (its one purpose)
