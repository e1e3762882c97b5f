"""Wrong shapes as a user meets them: without the tests' type checker, which would speak first."""

import subprocess
import sys

import pytest

SETUP = """
import torch
from replaylib.dynamics.rule import Dynamics, simulate
from replaylib.networks.network import NetworkSettings, PathIntegrator
from replaylib.world.place_cells import PlaceCells
from replaylib.networks.replaying import replay
from replaylib.dynamics.samplers import KineticSampler
from replaylib.theory.score_estimates import denoising, leak_structured
from replaylib.theory.mobility import Autocorrelation
from replaylib.world.motion import Recording
from replaylib.world.spaces import Track
from replaylib.world.tasks import task
network = PathIntegrator(NetworkSettings(2, hidden=4))
"""


CALLS = [
    (
        "network.wake(torch.zeros(2, 2), torch.zeros(3, 4, 2))",
        "velocity must have the shape [2, steps, 2], but [3, 4, 2]",
    ),
    (
        "network.wake(torch.zeros(2, 2), torch.zeros(2, 4, 3))",
        "velocity must have the shape [2, steps, 2], but [2, 4, 3]",
    ),
    (
        "network.error(torch.zeros(2, 2), torch.zeros(2, 4, 2), torch.zeros(2, 3, 2))",
        "target must have the shape [2, 4, 2], but [2, 3, 2] came",
    ),
    ("simulate(lambda h: -h, torch.zeros(3), 5, Dynamics())", "start must have the shape [batch, n], but [3] came"),
    (
        "simulate(lambda h: -h, torch.zeros(3, 1), 2.5, Dynamics())",
        "steps must be a whole number of at least 1, but 2.5 came",
    ),
    ("replay(network, torch.zeros(2, 9), 5, Dynamics())", "start must have the shape [batch, 4], but [2, 9] came"),
    (
        "replay(network, torch.zeros(2, 4), 5, Dynamics(), keep='some')",
        "keep must be 'all' or 'position', but 'some' came",
    ),
    ("PlaceCells(torch.zeros(5, 3), 0.2)", "centres must have the shape [cells, 2], but [5, 3] came"),
    (
        "PlaceCells(torch.zeros(5, 2), 0.2).encode(torch.zeros(4, 3))",
        "position must have the shape [..., 2], but [4, 3]",
    ),
    ("KineticSampler('leapfrog', 0.1, 1.0)", "or 'baoab', but 'leapfrog' came"),
    (
        "leak_structured(torch.zeros(9, 4), torch.eye(3), 0.1)",
        "encoder must have the shape [4, d], but [3, 3] came",
    ),
    (
        "denoising(torch.zeros(9, 4), torch.zeros(9, 3), 0.1)",
        "clean must have the shape [9, 4], but [9, 3] came",
    ),
    (
        "Autocorrelation.of_states(torch.ones(3, 2), torch.zeros(2, 2))",
        "distance must have the shape [3, 3], but [2, 2] came",
    ),
    (
        "Track(torch.tensor([[0, 0], [1, 0]]), ((0, 1),), (0,))",
        "must be floating-point numbers, but numbers of torch.int64",
    ),
    (
        "task('triangle').batch(3, type('Generator', (), {'device': torch.device('cuda:0')})())",
        "generator must be one on the processor, but one on cuda:0 came",
    ),
    ("Recording(torch.zeros(5, 3), 0.2)", "position must have the shape [times, 2], but [5, 3] came"),
]


@pytest.fixture(scope="module")
def answers() -> list[str]:
    """What each call says; all are made in one process, since starting it takes seconds."""
    attempts = [
        f"try:\n    {call}\nexcept ValueError as error:\n    print(error)\nelse:\n    print()" for call, _ in CALLS
    ]
    script = "\n".join([SETUP, *attempts])
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 0, result.stderr
    return result.stdout.splitlines()


@pytest.mark.parametrize("index", range(len(CALLS)))
def test_one_clear_sentence(answers, index):
    call, message = CALLS[index]
    assert message in answers[index], call
