"""Exercises on path integration."""

import torch
from torch import Tensor

from replaylib.exercises.checking import Choice, Exercise, Function, Number


def _random(seed: int, *shape: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def _update(h: Tensor, u: Tensor, w: Tensor, v: Tensor, b: Tensor, leak: float) -> Tensor:
    return (1 - leak) * h + torch.tanh(w @ h + v @ u + b)


def _network_case(seed: int, leak: float) -> dict[str, object]:
    h, u, w, v, b = (_random(5 * seed + i, *shape) for i, shape in enumerate([(6,), (2,), (6, 6), (6, 2), (6,)]))
    return {"h": h, "u": u, "w": w, "v": v, "b": b, "leak": leak}


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
        },
    ),
    "2.2": Function(
        _update,
        [_network_case(0, 0.6), _network_case(1, 0.5), _network_case(2, 0.0)],
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
        },
    ),
    "2.3": Function(
        lambda decoded, position: (decoded - position).norm(dim=-1).mean(),
        [{"decoded": _random(seed, 4, 7, 2), "position": _random(seed + 3, 4, 7, 2)} for seed in range(3)],
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
        },
    ),
    "2.4": Number(
        1.0,
        {
            10.0: "You added standard deviations. Independent noise adds its *variances*.",
            0.1: "This is the noise of a single step. A hundred of them pile up.",
            100.0: "You added something a hundred times, and forgot that one step has only 0.1.",
            0.01: "This is the variance of one step.",
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
