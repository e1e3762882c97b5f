"""Streams of random numbers that never coincide, by purpose and seed.

PyTorch's generator on the processor, a Mersenne Twister, keeps the low 32 bits of its seed and drops the others
without a word. Here the upper two of these bits name the purpose and the lower thirty are the seed:

    00  or  01    tests, awake paths and replays, which call ``manual_seed`` with small numbers themselves
    10            initial weights
    11            a training: its paths and its noise, one after the other, in all iterations

So two streams are the same only where purpose and seed are. A hash of (seed, iteration) would not do: of the 428,800
iterations that train 32 networks of each of the six tasks, about 21 pairs would have one 32-bit seed by chance. Hence
a training draws all its iterations from one generator, whose whole state stands in its checkpoint; that a stream comes
back to its beginning is excluded by its period of 2^19937 - 1.
Source: Matsumoto & Nishimura (1998), ACM Trans. Model. Comput. Simul. 8, 3.
"""

from enum import IntEnum

import torch

from replaylib._checks import check_count

LARGEST_SEED = 2**30 - 1
"""Largest seed of a network: thirty bits are left for it."""


class Purpose(IntEnum):
    """What a stream is for, as the upper two of its 32 bits."""

    WEIGHTS = 0b10 << 30
    TRAINING = 0b11 << 30


def check_seed(name: str, seed: int) -> None:
    """Raise ValueError unless ``seed`` is a whole number from 0 to ``LARGEST_SEED``."""
    check_count(name, seed, 0)
    if seed > LARGEST_SEED:
        raise ValueError(f"{name} must be a whole number from 0 to {LARGEST_SEED} (30 bits), but {seed!r} came.")


def stream(purpose: Purpose, seed: int) -> torch.Generator:
    """The generator of this purpose and seed, at its beginning; on the processor.

    Raises ValueError where the seed has more than thirty bits or is no whole number.
    """
    check_seed("seed", seed)
    return torch.Generator().manual_seed(purpose + seed)
