"""Wrong input of the measures as a user meets it: without the tests' type checker, which would speak first."""

import subprocess
import sys

import pytest

SETUP = """
import numpy as np
import torch
from replaylib._checks import check_between, check_count
from replaylib.measures import *
from replaylib.world import Arena, triangle
from replaylib.networks import TrainingSettings
track, good, nan = triangle(), torch.rand(4, 50, 2), torch.full((4, 50, 2), float("nan"))
"""

SPACED = ("coverage", "occupancy_entropy", "distinct_transitions", "reach_time", "transit_times", "share_on_path")
CALLS = [
    *((f"{name}(nan, track)", "position must hold finite numbers only, but 400 of 400") for name in SPACED),
    *((f"{name}(good[0], track)", "position must have the shape [batch, times, 2], but [50, 2]") for name in SPACED),
    *((f"{name}(good[:0], track)", "position must hold one path of one time at least") for name in SPACED),
    *((f"{name}([[0, 0]], track)", "position must be a tensor [batch, times, 2], but a list came") for name in SPACED),
    ("sliced_wasserstein(good, torch.rand(4, 50, 3))", "awake must have the shape [batch, times, 2], but [4, 50, 3]"),
    ("sliced_wasserstein(good, nan)", "awake must hold finite numbers"),
    ("sliced_wasserstein(nan, good)", "position must hold finite numbers"),
    ("sliced_wasserstein(good, good, projections=0)", "projections must be a whole number of at least 1"),
    ("displacement(nan, 5)", "position must hold finite numbers"),
    ("displacement(good, 5.0)", "window must be a whole number of at least 1, but 5.0 came"),
    ("displacement_from_start(good[0])", "position must have the shape [batch, times, 2]"),
    ("jump_share(nan, 0.5)", "position must hold finite numbers"),
    ("jump_share(good[:, :1], 0.5)", "the number of steps must be a whole number of at least 1, but 0 came"),
    ("jump_share(good, '0.5')", "length must be a number in (0, infinity), but '0.5' came"),
    ("all_measures(nan, good, track)", "position must hold finite numbers"),
    ("memory_gain(nan, torch.zeros_like)", "hidden must hold finite numbers"),
    ("memory_gain(good, torch.zeros_like, lags=(0,))", "the smallest lag must be a whole number of at least 1, but 0"),
    ("memory_gain(good, torch.zeros_like, lags=())", "the number of lags must be a whole number of at least 1"),
    ("memory_gain(good, torch.zeros_like, (1,), 0)", "components must be a whole number of at least 1, but 0 came"),
    ("check_count('n', True)", "n must be a whole number of at least 1, but True came"),
    ("check_count('n', np.int64(0))", "n must be a whole number of at least 1, but"),
    ("check_count('n', np.float64(2))", "n must be a whole number of at least 1, but"),
    ("check_count('n', torch.tensor(3))", "n must be a whole number of at least 1, but tensor(3) came"),
    ("check_count('n', '3')", "n must be a whole number of at least 1, but '3' came"),
    ("check_between('x', None, 0, 1)", "x must be a number in [0, 1], but None came"),
    ("check_between('x', True, 0, 1)", "x must be a number in [0, 1], but True came"),
    ("check_between('x', 10**400, 0, float('inf'))", "x must be a number in [0, infinity), but 1000"),
    ("check_between('x', [1], 0, 1)", "x must be a number in [0, 1], but [1] came"),
    # What must be taken.
    ("check_count('n', np.int64(5))", "fine"),
    ("check_between('x', np.float32(0.5), 0, 1)", "fine"),
    ("coverage(good, Arena(np.float64(1), 1), np.int32(6))", "fine"),
    ("displacement(good, np.int64(5))", "fine"),
    ("TrainingSettings(np.int64(5), np.int16(2), seed=np.uint8(3))", "fine"),
]


@pytest.fixture(scope="module")
def answers() -> list[str]:
    """What each call says; all are made in one process, since starting it takes seconds."""
    attempts = [
        f"try:\n    {call}\nexcept ValueError as error:\n    print(error)\nelse:\n    print('fine')"
        for call, _ in CALLS
    ]
    script = "\n".join([SETUP, *attempts])
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False)
    assert result.returncode == 0, result.stderr
    return result.stdout.splitlines()


@pytest.mark.parametrize("index", range(len(CALLS)))
def test_one_clear_sentence(answers, index):
    call, message = CALLS[index]
    assert message in answers[index], call


def test_libraries_are_loaded_by_what_needs_them_alone():
    program = "import sys, replaylib.measures.metrics; print({'ot', 'networkx'} & set(sys.modules))"
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert shown == "set()\n"
