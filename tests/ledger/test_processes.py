"""Local processes: no port is open while they work, and one that is ended takes nothing else with it."""

import os
import signal
import time

import psutil
import pytest
from test_sweep import add, square, squares

from replaylib.ledger.processes import Processes
from replaylib.ledger.sweep import Cell, run

pytestmark = pytest.mark.slow


def look(settle: float) -> dict[str, int]:
    """Ports on which this process, its parent, or any of their processes listens."""
    time.sleep(settle)
    family = [psutil.Process(os.getppid()), psutil.Process()]
    family += [child for one in family for child in one.children(recursive=True)]
    kinds = [one.status for process in set(family) for one in process.net_connections(kind="inet")]
    return {"open": kinds.count(psutil.CONN_LISTEN), "pid": os.getpid(), "threads": int(os.environ["OMP_NUM_THREADS"])}


def die(settle: float) -> dict[str, int]:
    time.sleep(settle)
    os.kill(os.getpid(), signal.SIGKILL)
    return {}


def test_cells_are_made_in_other_processes_that_open_no_port(tmp_path):
    cells = [Cell(f"look-{index}", look, {"settle": 0.2}) for index in range(2)]
    need = squares(3)[0]
    cells += [Cell("add", add, {"y": 1}, needs=need), Cell("die", die, {"settle": 0.0}), *squares(13)]
    cells += [Cell("orphan", add, {"y": 1}, needs=squares(13)[0])]
    found = run(cells, tmp_path, workers=2)
    looks = [found.results[cell.key] for cell in cells[:2]]
    assert {one["open"] for one in looks} == {0}
    assert os.getpid() not in {one["pid"] for one in looks}
    assert {one["threads"] for one in looks} == {1}
    assert found.results[cells[2].key] == {"sum": 10}
    assert found.failed["square-13"] == "ArithmeticError: 13 brings bad luck"
    assert found.failed["orphan"] == "what it needs has failed: ArithmeticError: 13 brings bad luck"
    assert "its process ended with the status -9 before it gave a result" in found.failed["die"]
    assert not [one for one in psutil.Process().children(recursive=True) if "_serve" in " ".join(one.cmdline())]


def test_processes_end_with_their_block(tmp_path):
    with Processes(1) as processes:
        while not processes.free:
            processes.take()
        processes.give(7, lambda_free)
        assert processes.busy
        assert processes.take() == [(7, {"result": 1})]
        pid = processes._workers[0].process.pid
        assert psutil.pid_exists(pid)
    assert not psutil.pid_exists(pid)


def lambda_free() -> dict[str, int]:
    return {"result": 1}


def test_more_processes_than_a_machine_bears_are_refused(tmp_path):
    with pytest.raises(ValueError, match=r"workers must be a whole number from 0 to \d+, but 999999999999 came"):
        run([Cell("a", square, {"x": 1})], tmp_path / "cells", workers=999_999_999_999)
    assert not (tmp_path / "cells").exists()
