"""Gaussian noise that is a function of key, step, path and unit alone.

PyTorch draws normal numbers one after another, so that each depends on all that were asked for before it. Here the
noise of path 7 at step 30 is the same alone or among others, in one block or in many, whatever the dynamics. Pairs of
numbers are made from a counter, sixteen at a time on a modern processor; the readable twin below gives the same to the
last bit, and serves other devices. Nothing lies beyond 5.77 standard deviations, where one number in 10^8 should.
Source: Box & Muller (1958), Ann. Math. Stat. 29, 610, on a counter mixed as by Appleby's MurmurHash3.
"""

import math
from functools import cached_property
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

SMALL = 4_000_000
"""Numbers up to which the readable twin draws: loading the compiled one would take longer."""

_WORD = 0xFFFFFFFF
_ROOT_HALF_BITS = int(np.float32(0.5**0.5).view(np.int32))


class StepNoise:
    """``std`` times standard normal numbers for states like ``state``, [batch, n], step by step.

    Takes two numbers from ``generator``, however many steps follow. ``steps`` is how many are expected.
    """

    def __init__(self, std: float, state: Float[Tensor, "batch n"], steps: int, generator: torch.Generator | None):
        device = "cpu" if generator is None else generator.device
        words, pairs = torch.randint(2**32, (2,), generator=generator, device=device).tolist()
        self.std, self._word_key, self._pair_key = float(std), words, pairs
        self._state = state
        self._compiled = can_compile(state) and state.numel() * steps > SMALL

    @cached_property
    def arrays(self) -> tuple[Any, Any, Any]:
        """Words, key and scale, as the compiled loops want them."""
        from replaylib.dynamics import _kernels  # noqa: PLC0415 - Numba is loaded where it is needed

        words = torch.empty(self._state.numel(), dtype=torch.int32).numpy().view(np.uint32)
        _kernels.fill_words(words, np.uint32(self._word_key))
        return words, np.uint32(self._pair_key), self._state.new_empty(0).numpy().dtype.type(self.std)

    def fill_(self, rows: Float[Tensor, "steps batch n"], step: int) -> Float[Tensor, "steps batch n"]:
        """Write the noise of the steps from number ``step`` on to the contiguous ``rows``; returns them."""
        if self.std == 0:
            return rows.zero_()
        if self._compiled:
            from replaylib.dynamics import _kernels  # noqa: PLC0415

            _kernels.fill_noise(rows.view(len(rows), -1).numpy(), step, self.arrays)
            return rows
        words = _mix(torch.arange(rows[0].numel(), device=rows.device) ^ self._word_key)
        pairs = torch.arange(step // 2, (step + len(rows) + 1) // 2, device=rows.device)
        keys = _mix(pairs ^ self._pair_key)[:, None]
        noise = torch.stack(_pair(_mix(words + keys & _WORD), self.std, rows.dtype), dim=1).flatten(0, 1)
        first = step % 2
        rows.copy_(noise[first : first + len(rows)].view_as(rows))
        return rows


def can_compile(state: Tensor) -> bool:
    """Whether compiled loops serve tensors like ``state``."""
    return state.device.type == "cpu" and state.dtype in (torch.float32, torch.float64)


def _mix(word: Int[Tensor, "*any"]) -> Int[Tensor, "*any"]:
    """Words of 32 bits, held in 64, whose every bit depends on every bit of ``word``."""
    word = (word ^ word >> 16) * 0x85EBCA6B & _WORD
    word = (word ^ word >> 13) * 0xC2B2AE35 & _WORD
    return word ^ word >> 16


def _pair(first: Int[Tensor, "*any"], std: float, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
    """Two tensors of independent normal numbers from well mixed words, by the same operations as the kernels."""
    second = (first ^ first >> 15) * 0x2C1B3C6D & _WORD
    # In float64 and back, as PyTorch's root in float32 is not always the nearest number.
    radius = _minus_log((first >> 8) + 1).clamp(min=0).double().sqrt().float().to(dtype) * std
    angle = (second << 32 >> 34).float() * (2.0**-30 * math.pi / 2)
    z = angle * angle
    sine = angle * (1 - z * (1 / 6 - z * (1 / 120 - z * (1 / 5040))))
    cosine = 1 - z * (1 / 2 - z * (1 / 24 - z * (1 / 720 - z * (1 / 40320))))
    return radius * (cosine - sine) * (1 - 2 * (second & 1)), radius * (cosine + sine) * (1 - (second & 2))


def _minus_log(count: Int[Tensor, "*any"]) -> Float[Tensor, "*any"]:
    """-log(count / 2^24), in float32: the exponent, and 2 artanh((1 - m)/(1 + m)) of the mantissa m."""
    from_root_half = count.float().view(torch.int32) - _ROOT_HALF_BITS
    mantissa = ((from_root_half & 0x7FFFFF) + _ROOT_HALF_BITS).view(torch.float32)
    s = (1 - mantissa) / (1 + mantissa)
    z = s * s
    series = 2 + z * (2 / 3 + z * (2 / 5 + z * (2 / 7 + z * (2 / 9))))
    return (24 - (from_root_half >> 23)).float() * math.log(2) + s * series
