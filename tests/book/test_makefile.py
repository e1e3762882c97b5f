"""The Makefile's own shell, with a stand-in for Python and for what it would install."""

import os
import re
import shutil
import subprocess

import pytest
from conftest import ROOT

RECORD = """#!/bin/sh
printf '%s\\n' "$(basename "$0")" "$@" >> "$RECORDED"
"""


@pytest.fixture
def make(tmp_path):
    """Run make with nothing on the path but stand-ins of these names; gives what they were called with."""

    def run(*arguments, commands=("python",)):
        tools = tmp_path / "tools"
        tools.mkdir()
        for name in ("sh", "env", "id", "basename", "grep", "awk", "find"):
            (tools / name).symlink_to(shutil.which(name))
        for name in commands:
            (tools / name).write_text(RECORD)
            (tools / name).chmod(0o755)
        recorded = tmp_path / "recorded"
        recorded.touch()
        # The tests are themselves started by make, which would speak to another one through these.
        rest = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
        done = subprocess.run(
            [shutil.which("make"), "-o", ".venv/installed", f"BIN={tools}", *arguments],
            cwd=ROOT, capture_output=True, text=True, check=True,
            env={**rest, "PATH": str(tools), "RECORDED": str(recorded)},
        )  # fmt: skip
        return done.stdout, recorded.read_text().splitlines()

    return run


def test_an_address_is_an_argument_and_not_a_command(make, tmp_path):
    address = f'x; touch {tmp_path / "pwned"} $(touch {tmp_path / "pwned"}) "`touch {tmp_path / "pwned"}`'
    _, called = make("repository", "URL=" + address.replace("$", "$$"))
    assert called == ["python", "chapters/extension/repository.py", address]
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize("name", ["chromium", "chromium-browser", "google-chrome"])
def test_a_browser_that_is_there_is_taken(make, name):
    assert make("browser", commands=(name, "firefox-esr", "apt-get", "playwright"))[1] == []


@pytest.mark.skipif(os.getuid() != 0, reason="only root installs Debian's packages")
def test_a_firefox_is_installed_beside_a_chromium_that_is_there(make):
    assert make("browser", commands=("chromium", "apt-get", "playwright"))[1][-1] == "firefox-esr"


def test_without_a_browser_one_is_installed(make):
    called = make("browser", commands=("apt-get", "playwright"))[1]
    assert called[0] == ("apt-get" if os.getuid() == 0 else "playwright")


def test_help_tells_of_each_command_on_a_line_of_its_own(make):
    told = make("help")[0].splitlines()
    assert "  make book               build the site: install, execute the notebooks, stop at any warning" in told
    assert all(line.startswith("  make ") for line in told)
    assert len(told) > 12


NEWER = r"!=|::=|&:|\$\((?:file|let|intcmp) |^\.ONESHELL|^undefine |^private |^\.RECIPEPREFIX|^\.EXTRA_PREREQS"
"""What GNU make understands since 3.82 or later: macOS has 3.81."""


def test_the_makefile_asks_for_no_newer_make_than_macos_has():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    rules = "\n".join(line for line in text.splitlines() if not line.startswith("\t"))
    assert re.findall(NEWER, re.sub(r"^#.*", "", rules, flags=re.MULTILINE), re.MULTILINE) == []
    assert re.findall(NEWER, "A != b\n.ONESHELL:\nB ::= $(file <x)", re.MULTILINE) == [
        "!=",
        ".ONESHELL",
        "::=",
        "$(file ",
    ]


@pytest.mark.skipif(not shutil.which("dash"), reason="needs dash")
def test_recipes_are_read_by_the_smallest_shell():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    names = re.findall(r"^\.PHONY: (\S+)$", text, re.MULTILINE)
    rest = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    done = subprocess.run(
        ["make", "--dry-run", "--always-make", "OTHER_PYTHONS=python3.12", *names],
        cwd=ROOT, capture_output=True, text=True, check=True, env=rest,
    )  # fmt: skip
    assert len(done.stdout.splitlines()) > len(names)
    read = subprocess.run(["dash", "-n"], input=done.stdout, capture_output=True, text=True, check=False)
    assert (read.returncode, read.stderr) == (0, "")
    # What dash would read but not do: tests and substitutions that are bash's own.
    assert re.findall(r"\[\[|<\(|\$'|\bsource \.|&>", done.stdout) == []
