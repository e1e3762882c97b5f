"""The wheel holds the package and nothing else, and works beside what it says it needs; the lock fits the pins."""

import json
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from colab import call, lend, publish
from conftest import ROOT
from packaging.requirements import Requirement

import replaylib

TOOLS = Path(sys.executable).parent
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
LOCKED = {
    name.lower().replace("_", "-"): block
    for name, block in re.findall(r"^([\w.-]+)(==(?:.*\\\n)*.*)$", LOCK, re.MULTILINE)
}


def pins():
    """The requirements of requirements.txt."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if not line.startswith("#")]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel of a clean copy, built with the setuptools that is here."""
    folder = tmp_path_factory.mktemp("wheel")
    publish(folder / "copy")
    call(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", folder, folder / "copy")
    (made,) = folder.glob("*.whl")
    return made


def test_the_wheel_holds_the_package_and_nothing_else(wheel):
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "replaylib"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    with zipfile.ZipFile(wheel) as packed:
        names = {name for name in packed.namelist() if ".dist-info/" not in name}
        rest = {name.partition("/")[2] for name in packed.namelist() if ".dist-info/" in name}
        size = sum(one.file_size for one in packed.infolist())
    assert names == {name for name in listed if (ROOT / name).is_file()}
    assert rest == {"METADATA", "WHEEL", "RECORD", "top_level.txt", "licenses/LICENSE"}
    assert wheel.name == f"replay_as_sampling-{replaylib.__version__}-py3-none-any.whl"
    assert size < 8e6


def test_twine_has_nothing_to_say(wheel):
    done = subprocess.run([TOOLS / "twine", "check", "--strict", wheel], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_a_bare_environment_replays_with_the_wheel_alone(wheel, tmp_path):
    """What it does not declare is not there, as it might be here by chance."""
    call(sys.executable, "-m", "venv", tmp_path / "venv")
    (packages,) = (tmp_path / "venv" / "lib").glob("python*/site-packages")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lend([Requirement(one).name for one in project["dependencies"]], packages)
    python = tmp_path / "venv" / "bin" / "python"
    call(python, "-m", "pip", "install", "-q", "--no-deps", "--no-index", wheel)
    done = subprocess.run(
        [python, "-I", "-m", "replaylib", "replay", "triangle-cells"],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["task"] == "triangle-cells"


def test_every_pin_but_that_of_pytorch_is_locked():
    for pin in pins():
        name = pin.name.lower().replace("_", "-")
        if name == "torch":
            assert name not in LOCKED
            continue
        block = LOCKED[name].splitlines()[0]
        assert block.startswith(str(pin.specifier)), f"{name}: run make lock"
        assert (" ; " in block) == (pin.marker is not None)


def test_everything_locked_has_hashes_and_no_place():
    assert len(LOCKED) > 150
    for name, block in LOCKED.items():
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", block), name
    assert "://" not in LOCK
    assert "index" not in re.sub(r"^ *#.*$", "", LOCK, flags=re.MULTILINE).lower()
    assert not {name for name in LOCKED if name.startswith(("nvidia-", "cuda-", "triton"))}
