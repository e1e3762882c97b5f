"""Processes of this machine that make cells: each is spoken to through a pipe of its own, so that no port is open.

Whoever is logged in on a machine can speak to a port on it. Nobody but parent and child can reach a pipe.
"""

import heapq
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing import connection, get_context, parent_process, resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any, Protocol, TypeVar, runtime_checkable

Outcome = dict[str, Any]
"""What a cell gave: {"result": ...}, or {"error": text}."""

Attempt = Callable[..., Outcome]
"""As ``replaylib.ledger.sweep.attempt``."""


@runtime_checkable
class Making(Protocol):
    """A cell, as far as it must be known to be made: see ``replaylib.ledger.sweep.Cell``."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def key(self) -> str: ...  # noqa: D102
    @property
    def work(self) -> Callable[..., Any]: ...  # noqa: D102
    @property
    def settings(self) -> Mapping[str, Any]: ...  # noqa: D102
    @property
    def source(self) -> Mapping[str, Any]: ...  # noqa: D102
    @property
    def needs(self) -> "Making | None": ...  # noqa: D102


C = TypeVar("C", bound=Making)


def make_in_processes(
    attempt: Attempt, order: Sequence[C], stored: Mapping[str, Any], count: int
) -> Iterator[tuple[C, Outcome]]:
    """Make cells in ``count`` processes at most: each with its outcome, in the order in which they end.

    order: the cells, each after what it needs. stored: results of needs that are there already, by key.
    A cell whose process ends before it gives a result has failed, and another process takes the next one.
    Raises ChildProcessError where a process ends before it can take one.
    """
    wanted = {cell.needs.key for cell in order if cell.needs}
    outcomes: dict[str, Outcome] = {key: {"result": result} for key, result in stored.items()}
    ready = [at for at, cell in enumerate(order) if not cell.needs or cell.needs.key in outcomes]
    waiting: dict[str, list[int]] = {}
    for at, cell in enumerate(order):
        if cell.needs and cell.needs.key not in outcomes:
            waiting.setdefault(cell.needs.key, []).append(at)
    modules = {name for cell in order for name in cell.source["modules"]} | {attempt.__module__}
    with Processes(min(count, len(order)), modules) as processes:
        while ready or processes.busy:
            while ready and processes.free:
                at = heapq.heappop(ready)
                cell = order[at]
                need = outcomes[cell.needs.key] if cell.needs else None
                processes.give(at, partial(attempt, cell.work, dict(cell.settings), cell.source, need))
            for at, outcome in processes.take():
                cell = order[at]
                if cell.key in wanted:
                    outcomes[cell.key] = outcome
                for after in waiting.pop(cell.key, []):
                    heapq.heappush(ready, after)
                yield cell, outcome


@dataclass(eq=False)
class Worker:
    """One process: the end of its pipe, whether its imports are done, and the number of the job that it has."""

    process: BaseProcess
    pipe: Connection
    ready: bool = False
    job: int | None = None


class Processes:
    """Processes, each with one job at a time. They end with the block in which they are used, or with this process."""

    def __init__(self, count: int, modules: Iterable[str] = ()) -> None:
        """Start ``count`` of them, in which ``modules`` will be needed."""
        # On Linux the imports, which take seconds, are made once for all processes, by one that forks the others.
        linux = sys.platform == "linux"
        self._context = get_context("forkserver") if linux else get_context("spawn")
        self._context.set_forkserver_preload(sorted({*modules} - {"__main__"}))
        self._workers: list[Worker] = []
        for _ in range(count):
            self._start()

    def __enter__(self) -> "Processes":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.process.kill()  # it holds nothing that is not also here
        for worker in self._workers:
            worker.process.join()

    def _start(self) -> None:
        here, there = self._context.Pipe()
        process = self._context.Process(target=_serve, args=(there,), daemon=True)
        with _quiet_start():
            process.start()
        there.close()  # so that the pipe ends where the process does
        self._workers.append(Worker(process, here))

    @property
    def busy(self) -> bool:
        """Whether one has a job."""
        return any(worker.job is not None for worker in self._workers)

    @property
    def free(self) -> bool:
        """Whether one is ready and has no job."""
        return any(worker.ready and worker.job is None for worker in self._workers)

    def give(self, job: int, call: Callable[[], Outcome]) -> None:
        """Let a free one make a call, which must be picklable."""
        worker = next(worker for worker in self._workers if worker.ready and worker.job is None)
        with suppress(BrokenPipeError, ConnectionResetError):  # ``take`` tells that it has ended
            worker.pipe.send(call)
        worker.job = job

    def take(self) -> list[tuple[int, Outcome]]:
        """Wait until one has something to tell: jobs that are done, with their outcomes; often none."""
        done = []
        for pipe in connection.wait([worker.pipe for worker in self._workers]):
            worker = next(worker for worker in self._workers if worker.pipe is pipe)
            try:
                outcome = worker.pipe.recv()
            except (EOFError, ConnectionResetError):
                outcome = self._replace(worker)
            worker.ready = True
            if worker.job is not None:
                done.append((worker.job, outcome))
                worker.job = None
        return done

    def _replace(self, worker: Worker) -> Outcome:
        """Start another process in place of one that has ended; the outcome of what it was making."""
        worker.pipe.close()
        worker.process.join()
        told = f"its process ended with the status {worker.process.exitcode} before it gave a result"
        if not worker.ready:
            raise ChildProcessError(f"a process was expected to take cells, but {told}.")
        self._workers.remove(worker)
        self._start()
        return {"error": f"ChildProcessError: {told}"}


@contextmanager
def _quiet_start() -> Iterator[None]:
    """Let processes that are started within have one thread each, and be deaf to Ctrl-C: their parent ends them."""
    before = os.environ.get("OMP_NUM_THREADS")
    os.environ["OMP_NUM_THREADS"] = "1"
    masked = sys.platform != "win32"
    if masked:
        resource_tracker.ensure_running()  # which opens the mask again when it is started
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        if masked:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        if before is None:
            del os.environ["OMP_NUM_THREADS"]
        else:
            os.environ["OMP_NUM_THREADS"] = before


def _serve(pipe: Connection) -> None:
    """What a process does: it says that it is there, then makes one call after the other, until the pipe ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        pipe.send(None)
        while True:
            content = pipe.recv_bytes()
            pipe.send(_outcome(content))


def _outcome(content: bytes) -> Outcome:
    try:
        call: Callable[[], Outcome] = pickle.loads(content)
    except Exception as error:  # what is not found here, as a notebook's functions, fails alone
        return {"error": f"{type(error).__name__}: {error}"}
    return call()


def _end_with_parent() -> None:
    """End this process when its parent does, whatever ended that, and whatever is being made here."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
