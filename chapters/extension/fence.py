"""Runs in the kernel of a student's notebook: keeps its files in its own folder, and asks its answers.

It hinders accidents, not malice: code that wants to get out of one Python process can.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from IPython.display import display
from replaylib.exercises import check

VERDICT = "application/vnd.replay-as-sampling.verdict+json"
"""The kind of output that carries a verdict, so that nothing which a student prints is taken for one."""

CHANGES = ("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod",
           "shutil.rmtree", "shutil.move", "shutil.copyfile", "shutil.copytree")  # fmt: skip
PROGRAMS = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.forkpty", "pty.spawn")
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CACHES = ("__pycache__", ".cache", "matplotlib", ".matplotlib")
"""Folders in which libraries keep what they can make again."""
MEMORY = 8 * 2**30
"""What a notebook may ask for [bytes]."""


class Fence:
    """Refuses files elsewhere, and other programs. refused: what was tried, each in one sentence."""

    def __init__(self, folder: Path) -> None:
        self.folder = os.path.realpath(folder)
        self.refused: list[str] = []
        self._asking = False

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Python's audit hook. Raises PermissionError at what is not allowed."""
        if self._asking:
            return
        self._asking = True  # looking up a path may itself be an event
        try:
            told = self._fault(event, arguments)
        finally:
            self._asking = False
        if told:
            if told not in self.refused:
                self.refused.append(told)
            raise PermissionError(told)

    def _fault(self, event: str, arguments: tuple[Any, ...]) -> str:
        if event in PROGRAMS:
            return f"It would start another program: {str(arguments[0]) if arguments else event}."
        paths: tuple[Any, ...] = ()
        if event == "open" and (set(str(arguments[1])) & set("wax+") or int(arguments[2] or 0) & WRITING):
            paths = arguments[:1]
        elif event in CHANGES and not (event == "os.mkdir" and os.path.isdir(arguments[0])):
            paths = arguments[:2]
        outside = [path for path in paths if isinstance(path, str | bytes | os.PathLike) and not self._own(path)]
        return f"It would write or change a file outside its own folder: {os.fsdecode(outside[0])}." if outside else ""

    def _own(self, path: str | bytes | os.PathLike[Any]) -> bool:
        whole = os.path.realpath(os.fsdecode(path))
        parts = whole.split(os.sep)
        return whole == self.folder or whole.startswith((self.folder + os.sep, "/dev/")) or not {*CACHES}.isdisjoint(
            parts
        )  # fmt: skip


def limit_memory() -> None:
    """A notebook that asks for more gets a MemoryError, and the machine is spared."""
    if sys.platform == "linux":
        import resource  # noqa: PLC0415 - Windows has none

        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))


def guard(folder: str, secret: str) -> Callable[[str, Callable[[], Any]], None]:
    """Put up the fence around ``folder``; gives what asks for the answer to an exercise, or else for what was refused.

    secret: goes with each verdict.
    """
    fence = Fence(Path(folder))
    limit_memory()
    sys.addaudithook(fence)

    def ask(name: str = "", answer: Callable[[], Any] = lambda: ...) -> None:
        told: dict[str, Any] = {"secret": secret, "name": name, "refused": fence.refused}
        if name:
            try:
                verdict = check(name, answer())
                told |= {"right": verdict.right, "sentence": verdict.sentence}
            except Exception as error:
                told |= {"right": False, "sentence": f"There is no answer ({type(error).__name__}: {error})."}
        display({VERDICT: told}, raw=True)  # type: ignore[no-untyped-call]

    return ask
