"""What decides a result: a hash that is the same under every Python and other for other code, and imports followed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from replaylib.ledger import provenance
from replaylib.ledger.claims import CLAIMS
from replaylib.ledger.provenance import closure, code_hash, described, versions
from replaylib.ledger.replication import measuring_modules

PYENV = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
OTHERS = sorted(
    {path.resolve() for pattern in ("3.1[1-9].*", "3.[2-9]?.*") for path in PYENV.glob(f"{pattern}/bin/python")}
    - {Path(sys.executable).resolve()}
)
"""Other interpreters on this machine that the package may meet."""

AWKWARD = r'''"""Words."""
class P(Protocol):
    def f(self) -> int: ...

def f(x, *, y=None, **z):
    """More words."""
    a = f"{x!r:>{y}} and {'quoted'} {x=}" " joined" f"{{braces}} {f'{x}'}" ""
    b = rb"\x00".hex() if x else u"é\N{NO-BREAK SPACE}€"
    c = {**z, "k": (1.0, 1e-7, 1j, ..., None, True, 10**30)}
    with (open(a) as d, open(b)):
        pass
    match c:
        case {"k": [1, *rest], **others} if rest: return lambda q, /, r=1: q @ r
    try: ...
    except* ValueError as e: raise TypeError(f"{e} was wrong") from e
    async def g(): return [i async for i in d if (k := i)]
    return x[1:, ::2, None], f"""two
lines {x + 1:.3f}""", -1 if not x else +2
'''
"""What versions of Python read or describe in different ways."""


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A small package in place of this one: functions write its modules, as dictionaries of text by file."""
    monkeypatch.setattr(provenance, "PACKAGE", tmp_path / "small")

    def write(files: dict[str, str]) -> None:
        for name, text in files.items():
            path = tmp_path / "small" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        forget()

    def forget() -> None:
        for cached in (provenance._tree, provenance._imports, closure, code_hash, versions):
            cached.cache_clear()

    yield write
    forget()


SMALL = {
    "__init__.py": "import lazy_loader",
    "__init__.pyi": "from .deep import shallow as shallow",
    "alone.py": "def f(x):\n    return x\n",
    "deep/__init__.py": "from small.deep.inner import thing\nfrom .other import renamed as shallow\nHERE = 1\n",
    "deep/inner.py": "from small.alone import f\nimport numpy as np\n\ndef thing(x):\n    return f(x)\n",
    "deep/other.py": "def renamed(): ...\n",
}


@pytest.mark.skipif(not OTHERS, reason="there is no other Python from 3.11 on under pyenv")
def test_hashes_are_the_same_under_every_python(tmp_path):
    """The file runs alone, since other interpreters have none of the packages."""
    modules = sorted({name for one in CLAIMS for name in measuring_modules(one)})
    (tmp_path / "awkward.py").write_text(AWKWARD, encoding="utf-8")
    script = (
        f"import sys; sys.path[:0] = [{str(Path(provenance.__file__).parent)!r}, {str(tmp_path)!r}]\n"
        f"import provenance; print(provenance.code_hash(*{modules!r}), provenance.code_hash('awkward'))"
    )
    own, *others = (
        subprocess.run([python, "-I", "-c", script], capture_output=True, text=True, check=True).stdout.split()
        for python in (sys.executable, *OTHERS)
    )
    assert own[0] == code_hash(*modules)
    assert all(other == own for other in others)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ('"""Words."""\ndef f(x):\n    return x\n', True),
        ("def f( x ) : # what\n\n\n    return (x)\n", True),
        ("def f(x):\n    'words'\n    return x\n", True),
        ("def f(x):\n    return x + 0\n", False),
        ("def f(y):\n    return y\n", False),
        ("def f(x=None):\n    return x\n", False),
        ("def f(x):\n    return x\nCLAIMS = 1\n", False),
        ("def f(x):\n    return 'x'\n", False),
    ],
)
def test_words_leave_no_trace_and_code_does(package, text, same):
    package(SMALL)
    before = code_hash("small.alone")
    package({"alone.py": text})
    assert (code_hash("small.alone") == before) == same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("raise ValueError('a')", "raise ValueError(f'b {x}')", True),
        ("raise ValueError('a')", "raise TypeError('a')", False),
        ("x = 1", "x = 1.0", False),
        ("x = 1", "x = True", False),
        ("x = 'a' 'b'", "x = 'ab'", True),
        ("x = f'a{y}' 'b'", "x = f'a{y}b'", True),
        ("x = f'a{y}b'", "x = f'a{y}c'", False),
        ("x = f'{y}'", "x = f'{y!r}'", False),
        ("x = f'{y:.1f}'", "x = f'{y:.2f}'", False),
        ("x = {**y}", "x = {None: y}", False),
        ("x = y[1:]", "x = y[:1]", False),
        ("x = a - b", "x = b - a", False),
        ("return", "return None", False),
        ("def f(): ...", "async def f(): ...", False),
    ],
)
def test_descriptions_differ_where_what_is_done_differs(one, other, same):
    texts = [described(provenance.ast.parse(text)) for text in (one, other)]
    assert (texts[0] == texts[1]) == same


def test_imports_are_followed_to_where_names_are_defined(package):
    package(SMALL)
    inner = ("small.alone", "small.deep.inner")
    for text, expected in {
        "from small.deep import thing": inner,
        "from small.deep.inner import thing": inner,
        "from small.deep import inner": inner,
        "import small.deep.inner": inner,
        "def f():\n    from small.deep import thing": inner,
        "from small.deep import shallow": ("small.deep.other",),
        "from small import shallow": ("small.deep.other",),
        "from .deep import shallow as deep": ("small.deep.other",),
        "from .deep.other import *": ("small.deep.other",),
        "from small.deep import HERE": (*inner[:1], "small.deep", inner[1], "small.deep.other"),
        "import importlib\nimportlib.import_module('small.alone')": ("small.alone",),
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from small.alone import f": (),
        "import numpy": (),
    }.items():
        package({"start.py": text})
        assert closure("small.start") == tuple(sorted((*expected, "small.start"))), text


def test_a_change_is_seen_through_every_import_and_no_other(package):
    package({**SMALL, "start.py": "from small.deep import thing\n"})
    before = code_hash("small.start")
    package(
        {"deep/other.py": "def renamed(): return 2\n", "deep/__init__.py": SMALL["deep/__init__.py"] + "MORE = 2\n"}
    )
    assert code_hash("small.start") == before
    package({"alone.py": "def f(x):\n    return 2 * x\n"})
    assert code_hash("small.start") != before


def test_versions_are_those_of_what_computes(package, monkeypatch):
    package({**SMALL, "start.py": "from small.deep import thing\nimport tqdm\n"})
    assert list(versions("small.start")) == ["numpy"]
    assert versions("small.alone") == {}
    monkeypatch.setattr(provenance, "version", lambda name: "2.13.0+cpu")
    versions.cache_clear()
    assert versions("small.start") == {"numpy": "2.13.0"}


@pytest.mark.parametrize("name", ["small.no_such", "small.deep.no_such", "builtins"])
def test_modules_without_a_source_are_refused(package, name):
    package(SMALL)
    with pytest.raises(ValueError, match=f"a module with its source in a file was expected, but '{name}' came"):
        code_hash(name)


def test_measurements_depend_on_what_measures_and_on_no_words_or_figures():
    for one in CLAIMS:
        found = closure(*measuring_modules(one))
        assert one.measure.__module__ in found
        for name in ("dynamics.rule", "world.tasks", "networks.training", "measures.metrics", "_checks"):
            assert f"replaylib.{name}" in found
        for part in (".claims", ".verdicts", ".sweep", ".replication", ".figures", ".exercises", ".statistics"):
            assert not [name for name in found if part in name]
        assert {"torch", "numpy", "ratinabox", "POT", "numba"} <= set(versions(*measuring_modules(one)))
    scores = [one.name for one in CLAIMS if "replaylib.theory.score_estimates" in closure(*measuring_modules(one))]
    assert scores == ["C1", "C2"]
