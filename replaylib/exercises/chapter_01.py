"""Exercises on measures of replay."""

import torch
from torch import Tensor

from replaylib.exercises.checking import Choice, Exercise, Function, Number


def _path(seed: int, steps: int) -> Tensor:
    return torch.randn(steps, 2, generator=torch.Generator().manual_seed(seed), dtype=torch.float64).cumsum(0)


def _displacement(position: Tensor, window: int) -> Tensor:
    distances: Tensor = torch.linalg.vector_norm(position[window:] - position[:-window], dim=1)
    return distances.mean()


_TIMES = [
    {"plain": torch.tensor([400.0, 500.0, 300.0]), "fast": torch.tensor([100.0, 250.0, 200.0])},
    {"plain": torch.tensor([90.0, 60.0]), "fast": torch.tensor([30.0, 120.0])},
]

EXERCISES: dict[str, Exercise] = {
    "1.1": Number(
        20.0,
        {
            0.05: "You divided the wrong way round: 0.05 would mean that replay is twenty times slower than the rat.",
            7.6: "This is a difference. Compression is a ratio.",
            3.2: "This is a product. Compression is a ratio.",
        },
    ),
    "1.2": Function(
        _displacement,
        [
            {"position": _path(0, 30), "window": 5},
            {"position": _path(1, 12), "window": 1},
            {"position": _path(2, 21), "window": 20},
        ],
        {
            "You measure how far the path *runs* within the window. Asked is the straight distance between its ends: "
            "a jagged path runs far and gets nowhere.": lambda position, window: (
                position.diff(dim=0).norm(dim=1).unfold(0, window, 1).sum(1).mean()
            ),
            "You compare neighbours, whatever the window is.": lambda position, window: _displacement(position, 1),
            "You measure from the start of the path. Each moment has its own window.": lambda position, window: (
                (position[window:] - position[0]).norm(dim=1).mean()
            ),
            "You take the mean before the distance, so that steps to and fro cancel. First the distance of each pair, "
            "then the mean.": lambda position, window: (position[window:] - position[:-window]).mean(0).norm(),
            "You took squared distances. They are in square metres.": lambda position, window: (
                (position[window:] - position[:-window]).square().sum(1).mean()
            ),
        },
    ),
    "1.3": Number(
        4.0,
        {
            2.0: "That is how it is for a steady run. A random walk's displacement grows with the *root* of the window.",
            2
            ** 0.5: "You have the root on the wrong side: displacement is the root of the window, not the window the root of displacement.",
        },
    ),
    "1.4": Choice(
        "shuffled",
        {
            "run": "True, but a run is what the friend claims. Which *fake* has the same law, and is no run?",
            "double speed": "It has the law too, but at least the order of a run. There is a worse one.",
            "random walk": "It stays on the track, but in the time it has it does not get round: look at its distance from the law.",
            "rest": "One path at rest has a law of a single point.",
            "shortcuts": "Shortcuts leave the track: look at the share on the path.",
        },
    ),
    "1.5": Function(
        lambda plain, fast: (plain / fast).mean(),
        _TIMES,
        {
            "You divided the means. Each network is its own control: first its ratio, then the mean over networks.": (
                lambda plain, fast: plain.mean() / fast.mean()
            ),
            "Your ratio is upside down: compression is the time without the mechanism over the time with it.": (
                lambda plain, fast: (fast / plain).mean()
            ),
            "This is a difference, in steps. Compression is a ratio.": lambda plain, fast: (plain - fast).mean(),
        },
    ),
}
"""By name."""
