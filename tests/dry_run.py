"""Run the steps of the workflows here, each job in a clean clone, in order: python tests/dry_run.py [pages.yml ...].

Only what is committed counts. Shell steps run as they stand, with the workflow's shell options. The actions have
stand-ins: the clone is the checkout, this Python the set-up one, what is uploaded lies in a folder, and nothing is
deployed. So has ``gh``: it hands out what was uploaded and writes down what it was asked. Of a matrix the first is run.
Jobs that follow a failure run too. Windows' commands run with the folders and the names that they have here.
"""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
WORKFLOWS = ROOT / ".github" / "workflows"
OWNER = "Some-School/replay.course"
GH = """#!/bin/sh
printf 'gh %s\\n' "$*" >> "$ASKED"
case "$1 $2" in
  "run download") for folder; do :; done; cp "$ARTIFACTS/artifact.tar" "$folder" ;;
  "issue list") echo 0 ;;
esac
"""
"""The last word of ``gh run download`` is its folder."""


@dataclass(frozen=True)
class Stand:
    """The folder of one dry run: clones, what was uploaded, stand-ins, and what ``gh`` was asked.

    Clones lie in a folder whose name has a space and an umlaut.
    """

    folder: Path

    def prepare(self) -> None:
        """Make the folders, the ``gh``, and a repository that Git takes for the published one."""
        for name in ("tools", "artifacts", "clönes of jobs", "home"):
            (self.folder / name).mkdir()
        (self.folder / "tools" / "gh").write_text(GH, encoding="utf-8")
        (self.folder / "tools" / "gh").chmod(0o755)
        (self.folder / "tools" / "python").symlink_to(sys.executable)
        subprocess.run(["git", "init", "--quiet", "--bare", self.folder / f"{OWNER}.git"], check=True)
        instead = f'[url "{self.folder.as_uri()}/"]\n\tinsteadOf = https://github.com/\n'
        (self.folder / "home" / ".gitconfig").write_text(instead, encoding="utf-8")

    def clone(self, name: str) -> Path:
        """A fresh clone of what is committed here."""
        target = self.folder / "clönes of jobs" / name
        subprocess.run(["git", "clone", "--quiet", ROOT, target], check=True)
        return target

    def environment(self) -> dict[str, str]:
        """What a step finds, with nothing of the environment that this script runs in, but for its package index."""
        kept = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_", "LANG", "LC_"))}
        return kept | {
            "PATH": f"{self.folder / 'tools'}:{os.environ['PATH']}",
            "HOME": str(self.folder / "home"),
            "PYTHON": sys.executable,
            "CI": "true",
            "ARTIFACTS": str(self.folder / "artifacts"),
            "ASKED": str(self.folder / "asked"),
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_REPOSITORY": OWNER,
            "GITHUB_RUN_ID": "1",
        }

    def upload(self, folder: Path) -> None:
        """What upload-pages-artifact does: a tar of the folder, without what is hidden. Raises OSError without one."""
        with tarfile.open(self.folder / "artifacts" / "artifact.tar", "w") as artifact:
            for path in sorted(folder.iterdir()):
                if not path.name.startswith("."):
                    artifact.add(path, path.name)


def in_order(jobs: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Jobs by name, each after those that it needs. Raises CycleError, or KeyError where one is not there."""
    needs = {
        name: [job["needs"]] if isinstance(job.get("needs"), str) else job.get("needs", [])
        for name, job in jobs.items()
    }
    return ((name, jobs[name]) for name in TopologicalSorter(needs).static_order())


def filled(text: str, job: dict[str, Any]) -> str:
    """A text of a workflow with its expressions replaced. Raises KeyError where one is unknown here."""
    matrix = job.get("strategy", {}).get("matrix", {})
    known = {f"matrix.{name}": values[0] for name, values in matrix.items()} | {
        "github.token": "none",
        "github.repository": OWNER,
        "github.server_url": "https://github.com",
        "github.run_id": "1",
    }
    return re.sub(r"\$\{\{\s*(.*?)\s*\}\}", lambda found: str(known[found[1]]), text)


def shell(text: str, job: dict[str, Any]) -> str:
    """The text of a shell step as it runs here."""
    text = filled(text, job)
    return text.replace(".venv\\Scripts\\", ".venv/bin/") if "windows" in job["runs-on"] else text


def run_step(step: dict[str, Any], job: dict[str, Any], clone: Path, stand: Stand) -> int:
    """Run one step in a job's clone; its exit status. Raises ValueError where an action has no stand-in."""
    if "run" in step:
        given = {name: filled(str(value), job) for name, value in step.get("env", {}).items()}
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", shell(step["run"], job)]
        return subprocess.run(command, cwd=clone, env=stand.environment() | given, check=False).returncode
    action = step["uses"].partition("@")[0]
    if action == "actions/upload-pages-artifact":
        stand.upload(clone / step["with"]["path"])
    elif action not in ("actions/checkout", "actions/setup-python", "actions/deploy-pages"):
        raise ValueError(f"a stand-in for {action} was expected in {__file__}, but there is none.")
    return 0


def run(path: Path, stand: Stand) -> list[str]:
    """Run a workflow; the names of the steps that failed. The rest of a job is left out after a failure."""
    workflow, failed = yaml.safe_load(path.read_text(encoding="utf-8")), []
    for name, job in in_order(workflow["jobs"]):
        clone = stand.clone(f"{path.stem} {name}")
        for step in job["steps"]:
            title = f"{path.name}, {name}: {step.get('run', step.get('uses')).strip()}"
            sys.stdout.write(f"--- {title}\n")
            sys.stdout.flush()
            status = run_step(step, job, clone, stand)
            if status:
                failed.append(f"{title} (exit status {status})")
                break
        shutil.rmtree(clone)
    return failed


def main(names: list[str]) -> int:
    """Run the workflows of these names, or all; 1 where a step failed."""
    paths = [WORKFLOWS / name for name in names] or sorted(WORKFLOWS.glob("*.yml"))
    with tempfile.TemporaryDirectory() as folder:
        stand = Stand(Path(folder))
        stand.prepare()
        failed = [one for path in paths for one in run(path, stand)]
        asked = stand.folder / "asked"
        sys.stdout.write(asked.read_text(encoding="utf-8") if asked.exists() else "")
        sys.stdout.flush()
        pushed: list[str | Path] = [
            "git",
            "-C",
            stand.folder / f"{OWNER}.git",
            "log",
            "--all",
            "--format=pushed: %D, %s",
            "--shortstat",
        ]
        subprocess.run(pushed, check=True)
    sys.stdout.write("".join(f"FAILED: {one}\n" for one in failed) or "Every step passed.\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
