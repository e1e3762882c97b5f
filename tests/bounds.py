"""Run the unit tests on another Python, with the newest and with the lowest versions that pyproject.toml allows.

python tests/bounds.py PYTHON...: one environment each for "newest" (the first interpreter given) and "lowest" (the
last one, which must be as old as the oldest PyTorch asks for), in .venv-newest and .venv-lowest beside this project.
"""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
TOOLS = ("pytest", "pytest-xdist", "hypothesis", "sympy", "beartype", "hmmlearn", "ipython", "nbformat", "pyyaml")
"""What the unit tests need beside the package; IPython comes with ipywidgets, whose range is the package's."""


def lowest(requirements: list[str]) -> list[str]:
    """Each requirement at its lower bound: "numpy>=1.26" becomes "numpy==1.26". Raises ValueError without a bound."""
    pinned = []
    for requirement in requirements:
        found = re.fullmatch(r"([\w.-]+)>=([\w.]+)", requirement)
        if not found:
            raise ValueError(f"a requirement with one lower bound was expected, but {requirement!r} came.")
        pinned.append(f"{found[1]}=={found[2]}")
    return pinned


def run_unit_tests(python: str, name: str, requirements: list[str], options: list[str]) -> int:
    """Build the environment ``name`` and run the unit tests in it; returns the exit status of pytest."""
    folder = ROOT / f".venv-{name}"
    subprocess.run([python, "-m", "venv", "--clear", folder], check=True)
    binaries = folder / ("Scripts" if sys.platform == "win32" else "bin")
    pip: list[str | Path] = [binaries / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, *requirements, *TOOLS, "setuptools>=77"], check=True)
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", "--editable", ROOT], check=True)
    command: list[str | Path] = [binaries / "python", "-m", "pytest", "--numprocesses", "2", "--quiet", *options]
    unit = [path for path in sorted((ROOT / "tests").iterdir()) if path.name != "book" and _holds_tests(path)]
    return subprocess.run([*command, *unit], cwd=ROOT, check=False).returncode


def _holds_tests(path: Path) -> bool:
    return path.name.startswith("test_") or (path.is_dir() and any(path.glob("test_*.py")))


def main(pythons: list[str]) -> int:
    """Both environments, one after the other; 0 where all tests pass in both."""
    if not pythons:
        raise SystemExit("another interpreter was expected, such as python3.12, but none came.")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    optional = project["optional-dependencies"]
    ranges = project["dependencies"] + optional["sweep"] + optional["nwb"]
    newest = run_unit_tests(pythons[0], "newest", ranges, [])
    # The shape checker of the tests is newer than the oldest packages, whose annotations it cannot read.
    oldest = run_unit_tests(pythons[-1], "lowest", lowest(ranges), ["--override-ini", "addopts=--strict-markers"])
    return newest or oldest


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
