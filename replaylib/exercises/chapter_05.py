"""Exercises on leakage."""

import torch
from torch import Tensor

from replaylib.exercises.checking import Choice, Exercise, Function, Number


def _weights(encoder: Tensor, gain: Tensor, mean: Tensor, share: float) -> tuple[float, Tensor, Tensor]:
    return share, share * encoder @ gain @ encoder.T, share * encoder @ (torch.eye(len(gain)).to(gain) - gain) @ mean


def _plain_case() -> dict[str, object]:
    """A network of four units whose numbers can be told in full."""
    return {
        "encoder": torch.tensor([[0.6, 0.0], [0.8, 0.0], [0.0, 0.8], [0.0, -0.6]], dtype=torch.float64),
        "gain": torch.tensor([[0.75, 0.0], [0.0, 0.25]], dtype=torch.float64),
        "mean": torch.tensor([1.0, -2.0], dtype=torch.float64),
        "share": 0.6,
    }


def _case(seed: int, share: float) -> dict[str, object]:
    generator = torch.Generator().manual_seed(seed)
    encoder, _ = torch.linalg.qr(torch.randn(4, 2, generator=generator, dtype=torch.float64))
    gain = torch.diag(0.2 + 0.6 * torch.rand(2, generator=generator, dtype=torch.float64))
    return {
        "encoder": encoder,
        "gain": gain,
        "mean": torch.randn(2, generator=generator, dtype=torch.float64),
        "share": share,
    }


def _variance(leak: float, noise_std: float, steps: int) -> float:
    return noise_std**2 * sum((1 - leak) ** (2 * i) for i in range(steps))


EXERCISES: dict[str, Exercise] = {
    "5.1": Function(
        _weights,
        [_plain_case(), _case(0, 0.6), _case(1, 0.3)],
        {
            "Your leak is 1 - share. That is what is *kept*; the leak is what is lost.": (
                lambda encoder, gain, mean, share: (1 - share, *_weights(encoder, gain, mean, share)[1:])
            ),
            "Only the leak carries your share: the whole step is multiplied by it, weights and bias too.": (
                lambda encoder, gain, mean, share: (share, *_weights(encoder, gain, mean, 1.0)[1:])
            ),
            "Your bias multiplies the mean by the gain. It fills up what the gain does not believe: I - K.": (
                lambda encoder, gain, mean, share: (
                    share,
                    share * encoder @ gain @ encoder.T,
                    share * encoder @ gain @ mean,
                )
            ),
            "Your bias has lost its factor share.": lambda encoder, gain, mean, share: (
                *_weights(encoder, gain, mean, share)[:2],
                _weights(encoder, gain, mean, 1.0)[2],
            ),
            "Your weights hold what the gain does *not* believe. They give back what it believes: K.": lambda e, k, m, a: (
                a,
                a * e @ (torch.eye(2).to(k) - k) @ e.T,
                _weights(e, k, m, a)[2],
            ),
            "Your weights and bias live in the plane of the path. The encoder carries them to the n units.": lambda e, k, m, a: (
                a,
                a * k,
                a * (m - k @ m),
            ),
            "You took the whole denoising step. The network takes the share of it that is given.": lambda e, k, m, a: (
                _weights(e, k, m, 1.0)
            ),
            "Your bias is the whole mean. It fills up only what the gain does not believe: I - K.": lambda e, k, m, a: (
                *_weights(e, k, m, a)[:2],
                a * e @ m,
            ),
            "Two parts came. Asked are three: the leak is the first.": lambda e, k, m, a: _weights(e, k, m, a)[1:],
            "Your weights have the wrong sign: they give back what the leak takes too much.": lambda e, k, m, a: (
                a,
                -_weights(e, k, m, a)[1],
                _weights(e, k, m, a)[2],
            ),
            "Your weights lack the gain: E Eᵀ believes everything along the path.": lambda e, k, m, a: (
                a,
                a * e @ e.T,
                _weights(e, k, m, a)[2],
            ),
        },
    ),
    "5.2": Number(
        0.9,
        {
            0.5: "This is what is kept *off* the path, where no weights help. Along it W gives back a part.",
            0.4: "This is the weight W alone. What the leak leaves comes to it.",
            0.1: "This is what is lost. Asked is what is kept.",
            1.3: "The recurrent weight carries the share too: W = 0.5 · 0.8.",
            0.8: "This is the gain. It enters with the share, and what the leak leaves comes to it.",
            0.65: "You divided what is kept among the two. The leak keeps 0.5, and the weights give back 0.5 · 0.8.",
            0.2: "This is what the gain does not believe, 1 - K.",
            1.0: "All would be kept only with a gain of 1.",
        },
        tolerance=0.001,
    ),
    "5.3": Function(
        _variance,
        [
            {"leak": leak, "noise_std": noise_std, "steps": steps}
            for leak, noise_std, steps in ((0.5, 1.0, 3), (0.0, 2.0, 10), (0.1, 0.5, 40), (1.0, 1.0, 5))
        ],
        {
            "Variances shrink by the *square* of what is kept: (1 - leak)².": lambda leak, noise_std, steps: (
                noise_std**2 * sum((1 - leak) ** i for i in range(steps))
            ),
            "This is the variance after infinitely many steps. Before that, and without a leak, it is another.": (
                lambda leak, noise_std, steps: noise_std**2 / (1 - (1 - leak) ** 2) if leak else float("inf")
            ),
            "You count one kick too many: after one step there has been one.": lambda leak, noise_std, steps: _variance(
                leak, noise_std, steps + 1
            ),
            "You start from noise_std; the variance of a kick is its square.": lambda leak, noise_std, steps: (
                _variance(leak, noise_std, steps) / noise_std
            ),
            "This forgets the leak: noise piles up only when nothing holds it.": lambda leak, noise_std, steps: (
                noise_std**2 * steps
            ),
            "This is the variance after infinitely many steps. Asked is the one after so many.": lambda k, s, n: (
                s**2 / (1 - (1 - k) ** 2) if k else n * s**2
            ),
            "You keep the share `leak`. The leak is the share that is *lost*.": lambda k, s, n: _variance(1 - k, s, n),
            "You count one kick too few: each step brings one.": lambda k, s, n: _variance(k, s, n - 1),
            "This is one kick, and what is left of it. Each step brings another.": lambda k, s, n: (
                (1 - k) ** (2 * n) * s**2
            ),
            "Your kick shrinks in the step in which it comes. First the old state shrinks, then the kick is added.": lambda k, s, n: (
                (1 - k) ** 2 * _variance(k, s, n)
            ),
        },
    ),
    "5.4": Choice(
        "place cells",
        {
            "coordinates": "Compare the columns row by row: on both tasks with coordinates the loss *grows* with a leak of 1.",
            "both": "Compare the columns row by row: the first two rows behave otherwise than the last four.",
            "neither": "Compare the columns row by row: on four tasks the loss is smaller with a leak of 1.",
        },
    ),
}
"""By name."""
