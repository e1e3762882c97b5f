"""Exercises on path integration."""

import torch
from torch import Tensor

from replaylib.exercises.checking import Choice, Exercise, Function, Number


def _random(seed: int, *shape: int) -> Tensor:
    """Normal numbers to one decimal, so that they can be told in full."""
    numbers = torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    return numbers.round(decimals=1)


def _update(h: Tensor, u: Tensor, w: Tensor, v: Tensor, b: Tensor, leak: float) -> Tensor:
    return (1 - leak) * h + torch.tanh(w @ h + v @ u + b)


def _network_case(seed: int, leak: float, n: int = 6) -> dict[str, object]:
    h, u, w, w_in, b = (_random(5 * seed + i, *shape) for i, shape in enumerate([(n,), (2,), (n, n), (n, 2), (n,)]))
    return {"h": h, "u": u, "w": w, "w_in": w_in, "b": b, "leak": leak}


EXERCISES: dict[str, Exercise] = {
    "2.1": Function(
        lambda start, velocity: start + velocity.cumsum(0),
        [
            {"start": _random(seed, 2), "velocity": _random(seed + 10, steps, 2)}
            for seed, steps in ((0, 5), (1, 8), (2, 1))
        ],
        {
            "Your path begins at the origin. The animal began at `start`.": lambda start, velocity: velocity.cumsum(0),
            "You put each velocity beside the start, without adding up those before it.": lambda start, velocity: (
                start + velocity
            ),
            "You are one step late: the first velocity has moved the animal already when the first position is asked.": (
                lambda start, velocity: start + velocity.cumsum(0) - velocity
            ),
            "You took the mean of the velocities so far. Positions are their sum.": lambda start, velocity: (
                start + velocity.cumsum(0) / torch.arange(1, len(velocity) + 1)[:, None]
            ),
            "You took the velocities off. Each one is *added*.": lambda s, v: s - v.cumsum(0),
            "You added up x and y of one velocity. Sums run along time, the first axis.": lambda s, v: s + v.cumsum(1),
            "You multiplied the velocities by the time of a step. They are in metres per step already.": lambda s, v: (
                s + 0.2 * v.cumsum(0)
            ),
            "You add the start anew in each step. It counts once.": lambda s, v: (s + v).cumsum(0),
            "You add the velocities from the last one on. Time begins with the first.": lambda s, v: (
                s + v.flip(0).cumsum(0)
            ),
        },
        unit="m",
    ),
    "2.2": Function(
        _update,
        [_network_case(3, 0.3, 2), _network_case(0, 0.6), _network_case(1, 0.5), _network_case(2, 0.0)],
        {
            "You keep the share `leak` of the state. The leak is the share that is *lost*.": lambda h, u, w, v, b, leak: (
                leak * h + torch.tanh(w @ h + v @ u + b)
            ),
            "Your leak stands inside the nonlinearity. The kept state is added outside of it.": (
                lambda h, u, w, v, b, leak: torch.tanh((1 - leak) * h + w @ h + v @ u + b)
            ),
            "You left out the kept state (1 - leak) h.": lambda h, u, w, v, b, leak: torch.tanh(w @ h + v @ u + b),
            "You left out the bias.": lambda h, u, w, v, b, leak: (1 - leak) * h + torch.tanh(w @ h + v @ u),
            "Your network is deaf: the velocity does not come in.": lambda h, u, w, v, b, leak: (
                (1 - leak) * h + torch.tanh(w @ h + b)
            ),
            "You forgot the nonlinearity.": lambda h, u, w, v, b, leak: (1 - leak) * h + w @ h + v @ u + b,
            "Your recurrent weights are transposed: unit i hears unit j through W[i, j].": (
                lambda h, u, w, v, b, leak: (1 - leak) * h + torch.tanh(w.T @ h + v @ u + b)
            ),
            "You multiplied the nonlinear part by the leak. In this network only the kept state has a factor.": lambda h, u, w, v, b, k: (
                (1 - k) * h + k * torch.tanh(w @ h + v @ u + b)
            ),
            "Your bias stands outside the nonlinearity. It belongs inside.": lambda h, u, w, v, b, k: (
                (1 - k) * h + torch.tanh(w @ h + v @ u) + b
            ),
            "You used relu. The nonlinearity of this network is tanh.": lambda h, u, w, v, b, k: (
                (1 - k) * h + torch.relu(w @ h + v @ u + b)
            ),
            "You used the sigmoid. The nonlinearity of this network is tanh.": lambda h, u, w, v, b, k: (
                (1 - k) * h + torch.sigmoid(w @ h + v @ u + b)
            ),
            "You keep all of the state. The leak takes its share away.": lambda h, u, w, v, b, k: (
                h + torch.tanh(w @ h + v @ u + b)
            ),
            "Your units are squashed before they speak. Here the sum of all that is heard goes through tanh.": lambda h, u, w, v, b, k: (
                (1 - k) * h + w @ torch.tanh(h) + v @ u + b
            ),
        },
    ),
    "2.3": Function(
        lambda decoded, position: (decoded - position).norm(dim=-1).mean(),
        [
            {"decoded": _random(seed, paths, times, 2), "position": _random(seed + 3, paths, times, 2)}
            for seed, paths, times in ((0, 2, 2), (1, 4, 7), (2, 3, 5))
        ],
        {
            "This is the error of one coordinate. In the plane the distance is the root of the sum of both squares.": (
                lambda decoded, position: (decoded - position).abs().mean()
            ),
            "This is the mean *squared* error, which the training minimises. The decoding error is in metres.": (
                lambda decoded, position: (decoded - position).square().mean()
            ),
            "This is the root of the mean square. It weighs large errors more than the mean distance does.": (
                lambda decoded, position: (decoded - position).square().sum(-1).mean().sqrt()
            ),
            "You averaged before you took the distance, so that errors to the left and to the right cancel.": (
                lambda decoded, position: (decoded - position).mean((0, 1)).norm()
            ),
            "This is the mean of the squared distances, in square metres. Take the root of each before the mean.": lambda d, p: (
                (d - p).square().sum(-1).mean()
            ),
            "This is one length of all differences together. Each position has its own: `dim=-1`.": lambda d, p: (
                d - p
            ).norm(),
            "You added the distances up. Asked is their mean.": lambda d, p: (d - p).norm(dim=-1).sum(),
            "This is the median distance. Asked is the mean.": lambda d, p: (d - p).norm(dim=-1).median(),
            "This is the error at the last time alone. All times count.": lambda d, p: (
                (d - p).norm(dim=-1)[:, -1].mean()
            ),
            "You added the two coordinates' errors, as a taxi drives. The distance is the root of the sum of both squares.": lambda d, p: (
                (d - p).abs().sum(-1).mean()
            ),
            "This is the mean of the differences. Errors to the left and to the right cancel in it.": lambda d, p: (
                d - p
            ).mean(),
            "Your length runs over time. It belongs over the two coordinates, the last axis.": lambda d, p: (
                (d - p).norm(dim=1).mean()
            ),
        },
        unit="m",
    ),
    "2.4": Number(
        1.0,
        {
            10.0: "You added standard deviations. Independent noise adds its *variances*.",
            0.1: "This is the noise of a single step. A hundred of them pile up.",
            100.0: "You added something a hundred times, and forgot that one step has only 0.1.",
            0.01: "This is the variance of one step.",
            0.001: "You divided by the number of steps. Noise piles up, it does not average out.",
            10
            ** 0.5: "You took the root of 100 steps times 0.1. The noise of a step enters by its variance, 0.1 squared.",
            0.01**0.5
            / 10: "You divided by the root of the number of steps. That is how a mean gets surer; noise piles up.",
        },
    ),
    "2.5": Choice(
        "worse",
        {
            "better": "A network without a leak forgets nothing, not even its noise. Look at the two curves again.",
            "the same": "Train longer than a moment: after a few hundred batches the curves are far apart.",
        },
    ),
}
"""By name."""
