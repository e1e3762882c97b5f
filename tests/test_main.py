"""The command line as a whole; what each command does is tested beside its room."""

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow


def test_it_runs_on_one_thread_unless_told_otherwise():
    script = "import replaylib.__main__, torch; print(torch.get_num_threads())"
    free = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
    for environment, threads in ((free, "1"), (free | {"OMP_NUM_THREADS": "2"}, "2")):
        found = subprocess.run(
            [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
        )
        assert found.stdout.strip() == threads


def test_loading_the_package_costs_next_to_nothing():
    script = "import sys, replaylib; print('torch' in sys.modules, 'numba' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["False", "False"]
