"""What machines do for the project: workflows that linters find nothing in, and that name only what there is."""

import json
import re
import subprocess
import sys
from pathlib import Path

import dry_run
import pytest
import yaml
from conftest import ROOT

GITHUB = ROOT / ".github"
WORKFLOWS = {path.name: yaml.safe_load(path.read_text(encoding="utf-8")) for path in dry_run.WORKFLOWS.glob("*.yml")}
STEPS = [
    (name, job, step) for name, flow in WORKFLOWS.items() for job in flow["jobs"].values() for step in job["steps"]
]
SCRIPTS = [".ci/run", ".ci/publish-notebooks", "binder/postBuild"]
TOOLS = Path(sys.executable).parent
UNPINNED = """on: push
permissions: {}
jobs:
  one:
    runs-on: nowhere
    steps:
      - uses: actions/checkout@v7
      - run: echo $HOME/*
"""
"""Wrong for each linter: an action that may change, a machine that is unknown, a word that is cut at its spaces."""


def lint(tool, *arguments):
    """Exit status of a linter, and what it said."""
    done = subprocess.run(
        [TOOLS / tool, *arguments], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    return done.returncode, done.stdout + done.stderr


def actionlint(*paths):
    return lint("actionlint", "-shellcheck", str(TOOLS / "shellcheck"), "-pyflakes", "", *paths)


def zizmor(*paths):
    return lint("zizmor", "--offline", "--persona", "pedantic", "--quiet", *paths)


def targets(text):
    """What ``make`` is asked to make in a text, without options and variables."""
    calls = re.findall(r"\bmake((?: +[\w./-]+(?:=\S*)?)+)", text)
    words = [word for call in calls for word in call.split()]
    return {word for word in words if "=" not in word and not word.startswith("-")}


def test_actionlint_and_shellcheck_find_nothing():
    assert actionlint(*(str(path) for path in dry_run.WORKFLOWS.glob("*.yml"))) == (0, "")
    assert lint("shellcheck", *SCRIPTS) == (0, "")


def test_zizmor_finds_nothing():
    status, told = zizmor(str(GITHUB))
    assert status == 0, told


def test_the_linters_do_find_what_is_wrong(tmp_path):
    path = tmp_path / ".github" / "workflows" / "bad.yml"
    path.parent.mkdir(parents=True)
    path.write_text(UNPINNED)
    status, told = actionlint(str(path))
    assert (status, "nowhere" in told, "SC2086" in told) == (1, True, True)
    status, told = zizmor(str(path))
    assert status > 0
    assert "unpinned-uses" in told


def test_there_are_the_workflows_that_are_promised():
    assert set(WORKFLOWS) == {"test.yml", "pages.yml", "links.yml", "colab.yml"}
    named = re.findall(r"^\| `(\w+\.yml)` \|", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(named) == set(WORKFLOWS)


def test_actions_are_pinned_by_hash_and_each_is_pinned_alike():
    lines = [
        line for path in dry_run.WORKFLOWS.glob("*.yml") for line in path.read_text().splitlines() if "uses:" in line
    ]
    assert lines
    pins = {}
    for line in lines:
        action, pin = re.search(r"uses: (actions/[\w-]+)@([0-9a-f]{40} # v\d+\.\d+\.\d+)$", line).groups()
        pins.setdefault(action, set()).add(pin)
    assert {action for action, found in pins.items() if len(found) > 1} == set()


def test_permissions_are_given_job_by_job_and_no_secret_is_needed():
    for name, flow in WORKFLOWS.items():
        assert flow["permissions"] == {}, name
        for job in flow["jobs"].values():
            write = {what for what, how in job["permissions"].items() if how == "write"}
            assert not (write and any("make" in step.get("run", "") for step in job["steps"])), (name, write)
            assert job["timeout-minutes"] <= 90
        assert "secrets." not in (dry_run.WORKFLOWS / name).read_text()
    checkouts = [step for _, _, step in STEPS if step.get("uses", "").startswith("actions/checkout@")]
    assert len(checkouts) >= 6
    assert all(step["with"] == {"persist-credentials": False} for step in checkouts)


@pytest.mark.parametrize(
    "path",
    [
        *(f".github/workflows/{name}" for name in sorted(WORKFLOWS)),
        ".github/pull_request_template.md", ".github/dependabot.yml", ".pre-commit-config.yaml", ".ci/run",
        "README.md", "CONTRIBUTING.md", "chapters/run.md",
    ],
)  # fmt: skip
def test_every_target_that_is_named_can_be_made(path):
    text = (ROOT / path).read_text(encoding="utf-8")
    if path.endswith(".md"):  # in prose "make" is a word
        text = "\n".join(re.findall(r"`([^`\n]+)`", text))
    elif path.endswith("dependabot.yml"):
        text = re.search(r"# After .*: (.*)\.", text)[1]
    else:
        text = re.sub(r"#.*", "", text)
    known = set(re.findall(r"^([\w./-]+):(?!=)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    asked = targets(text)
    assert asked
    assert asked - known == set()


def test_tests_run_on_the_oldest_and_the_newest_python_that_are_promised():
    matrix = WORKFLOWS["test.yml"]["jobs"]["everything"]["strategy"]["matrix"]["python"]
    assert f"Python {matrix[0]} to {matrix[1]}" in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert f'requires-python = ">={matrix[0]}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_windows_types_what_the_readme_says():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    block = re.search(r"```sh\n(python3 -m venv.*?)```", readme, re.DOTALL)[1]
    typed = [line.replace("python3", "python").replace(".venv/bin/", ".venv\\Scripts\\") for line in block.splitlines()]
    steps = [step["run"] for step in WORKFLOWS["test.yml"]["jobs"]["windows"]["steps"] if "run" in step]
    assert steps[:3] == typed[:3]


def test_the_dry_run_knows_every_action_and_expression():
    for _, job, step in STEPS:
        for value in (step.get("run", ""), *step.get("env", {}).values()):
            assert "${{" not in dry_run.filled(str(value), job)


FLOW = """on: push
permissions: {}
jobs:
  second:
    needs: first
    runs-on: ubuntu-24.04
    steps:
      - run: gh run download 1 --dir .
      - run: tar -xf artifact.tar && cat told && gh issue create "$RUN"
        env: {RUN: "${{ github.run_id }}"}
  first:
    runs-on: windows-2025
    strategy: {matrix: {word: [one, two]}}
    steps:
      - uses: actions/checkout@0
      - run: mkdir -p site .venv\\Scripts\\
      - run: test -d .venv/bin && echo "${{ matrix.word }}" > site/told
      - uses: actions/upload-pages-artifact@0
        with: {path: site}
      - run: FAILS
      - run: touch "$HOME/went on"
"""


@pytest.mark.parametrize("fails", [False, True])
def test_a_dry_run_goes_through_the_jobs_in_order_and_tells_what_failed(tmp_path, monkeypatch, capfd, fails):
    root, stand = tmp_path / "root", dry_run.Stand(tmp_path / "stand")
    stand.folder.mkdir()
    root.mkdir()
    git = ["git", "-C", str(root), "-c", "user.name=Test", "-c", "user.email=test@example.org"]
    subprocess.run(["git", "init", "-q", root], check=True)
    subprocess.run([*git, "commit", "-qm", "Begun", "--allow-empty"], check=True)
    monkeypatch.setattr(dry_run, "ROOT", root)
    stand.prepare()
    path = tmp_path / "flow.yml"
    path.write_text(FLOW.replace("FAILS", "false | true" if fails else "echo well"))
    failed = dry_run.run(path, stand)
    assert failed == (["flow.yml, first: false | true (exit status 1)"] if fails else [])
    assert (stand.folder / "home" / "went on").exists() == (not fails)
    assert "\none\n" in capfd.readouterr().out
    assert (stand.folder / "asked").read_text().splitlines()[-1] == "gh issue create 1"


@pytest.mark.parametrize(
    "path", [path for path in (GITHUB / "ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml"]
)
def test_an_issue_form_is_one(path):
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert set(form) == {"name", "description", "labels", "body"}
    ids = [field["id"] for field in form["body"]]
    assert len(set(ids)) == len(ids) >= 3
    for field in form["body"]:
        assert field["type"] in ("input", "textarea", "dropdown")
        assert field["attributes"]["label"]
        assert ("options" in field["attributes"]) == (field["type"] == "dropdown")
        assert set(field) <= {"type", "id", "attributes", "validations"}
    assert any(field.get("validations", {}).get("required") for field in form["body"])


def test_there_are_three_issue_forms_and_a_blank_one():
    names = {path.name for path in (GITHUB / "ISSUE_TEMPLATE").iterdir()}
    assert names == {"config.yml", "content.yml", "exercise.yml", "installation.yml"}
    assert yaml.safe_load((GITHUB / "ISSUE_TEMPLATE" / "config.yml").read_text())["blank_issues_enabled"] is True


def test_the_devcontainer_stands_on_binders_environment():
    settings = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text())
    for name in re.findall(r"binder/[\w.]+", settings["postCreateCommand"]):
        assert (ROOT / name).is_file()
    environment = yaml.safe_load((ROOT / "binder" / "environment.yml").read_text())
    assert "--file binder/environment.yml" in settings["postCreateCommand"]
    assert f"/envs/{environment['name']}/" in settings["containerEnv"]["PYTHON"]
    assert f"--name {environment['name']} " in settings["postCreateCommand"]


def test_a_commit_is_linted_by_make():
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    assert (hook["entry"], hook["language"], hook["pass_filenames"]) == ("make lint", "system", False)
