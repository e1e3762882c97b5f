"""Exercises on measures of replay."""

import torch
from torch import Tensor

from replaylib.exercises.checking import Choice, Exercise, Function, Judged, Number, Several
from replaylib.exercises.drawn import growth_fault


def _path(seed: int, steps: int) -> Tensor:
    """A random walk [steps, 2] in metres, to one decimal, so that it can be told in full."""
    pushes = torch.randn(steps, 2, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    return pushes.cumsum(0).round(decimals=1)


def _displacement(position: Tensor, window: int) -> Tensor:
    distances: Tensor = torch.linalg.vector_norm(position[window:] - position[:-window], dim=1)
    return distances.mean()


_TIMES = [
    {"plain": torch.tensor([400.0, 500.0, 300.0]), "fast": torch.tensor([100.0, 250.0, 200.0])},
    {"plain": torch.tensor([90.0, 60.0]), "fast": torch.tensor([30.0, 120.0])},
]

EXERCISES: dict[str, Exercise] = {
    "1.1": Several(
        {
            "the factor against the running rat": Number(
                20.0,
                {
                    0.05: "You divided the wrong way round: 0.05 would mean that replay is twenty times slower than the rat.",
                    7.6: "This is a difference. Compression is a ratio.",
                    3.2: "This is a product. Compression is a ratio.",
                    8.0: "This is the speed of replay. Compression is a ratio.",
                    2.5: "This is the time of a metre awake. Divide by that in replay.",
                },
            ),
            "the factor against the rat with its rests": Number(
                80.0,
                {
                    20.0: "This is the factor against the running rat. With its rests the rat is slower.",
                    5.0: "With its rests the rat is *slower*, so the factor grows.",
                    80 / 3: "The rat ran for a quarter of the time, not for three quarters.",
                    32.0: "This is a product. Compression is a ratio.",
                },
            ),
        }
    ),
    "1.2": Function(
        _displacement,
        [
            {"position": _path(seed, steps), "window": window}
            for seed, steps, window in ((0, 8, 2), (1, 8, 3), (2, 12, 1), (3, 21, 19))
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
            "You took the root of the mean square. Asked is the mean of the distances: the root comes before the mean.": lambda p, w: (
                (p[w:] - p[:-w]).square().sum(1).mean().sqrt()
            ),
            "You divided by the window. That is a speed; the displacement is in metres.": lambda p, w: (
                _displacement(p, w) / w
            ),
            "You added the distances up. Asked is their mean.": lambda p, w: _displacement(p, w) * (len(p) - w),
            "Your window is one step too long.": lambda p, w: _displacement(p, w + 1),
            "Your windows do not overlap. Each moment of the path begins one.": lambda p, w: _displacement(p[::w], 1),
            "This is the mean of single coordinates. In the plane a distance is the root of the sum of both squares.": lambda p, w: (
                (p[w:] - p[:-w]).abs().mean()
            ),
            "You added the two coordinates' distances, as a taxi drives. The straight distance is the root of the sum of both squares.": lambda p, w: (
                (p[w:] - p[:-w]).abs().sum(1).mean()
            ),
            "This is one length of all differences together. Each pair has its own: `dim=1`.": lambda p, w: (
                p[w:] - p[:-w]
            ).norm(),
            "This is the distance between the first and the last position, whatever the window is.": lambda p, w: (
                p[-1] - p[0]
            ).norm(),
            "This is the largest of the distances. Asked is their mean.": lambda p, w: (
                (p[w:] - p[:-w]).norm(dim=1).max()
            ),
            "This is the median of the distances. Asked is their mean.": lambda p, w: (
                (p[w:] - p[:-w]).norm(dim=1).median()
            ),
        },
        unit="m",
    ),
    "1.3": Judged(growth_fault),
    "1.4": Choice(
        "shuffled",
        {
            "run": "True, but a run is what the friend claims. Which *fake* has the same law, and is no run?",
            "double speed": "It has the law too, but at least the order of a run. There is a worse one.",
            "random walk": "It stays on the track, but in the time it has it does not get round: look at its distance from the law.",
            "rest": "One path at rest has a law of a single point.",
            "shortcuts": "Shortcuts leave the track: look at the share on the path.",
        },
        also=["shuffled moments"],
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
            "This is the median of the ratios. Asked is their mean.": lambda p, f: (p / f).median(),
            "This is the geometric mean of the ratios. Asked is the plain mean.": lambda p, f: (
                (p / f).log().mean().exp()
            ),
            "You averaged the inverse ratios and turned the mean round. That is another mean: average the compressions themselves.": lambda p, f: (
                1 / (f / p).mean()
            ),
            "You added the ratios up. Asked is their mean.": lambda p, f: (p / f).sum(),
            "You divided the means, and upside down as well. First the ratio of each network, time without over time with it.": lambda p, f: (
                f.mean() / p.mean()
            ),
            "You cut the ratios down to whole numbers. Divide with a single slash.": lambda p, f: (p // f).mean(),
        },
    ),
}
"""By name."""
