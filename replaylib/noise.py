"""Gaussian noise, fast: in long replays of small networks it would cost as much as the mathematics itself.

PyTorch draws normal numbers one after another. Here each pair is a function of its index and of two keys, so that the
processor makes sixteen at a time. Source: Box & Muller (1958), Ann. Math. Stat. 29, 610, on a counter mixed as by
Appleby's MurmurHash3.
"""

import math
from typing import Any, no_type_check

import numba
import numpy as np
import torch
from numba import float32, int32, uint32
from torch import Tensor

SMALL = 50_000
"""Numbers below which PyTorch's own generator is used: loading the compiled one would cost more than it saves."""

_ROOT_HALF_BITS = int(np.float32(0.5**0.5).view(np.int32))
_EXPONENT_STEP = 23
_MANTISSA = (1 << _EXPONENT_STEP) - 1


@numba.njit(inline="always")
@no_type_check
def mix(word: Any) -> Any:
    """A uint32 whose every bit depends on every bit of ``word``."""
    word = uint32(uint32(word ^ uint32(word >> 16)) * uint32(0x85EBCA6B))
    word = uint32(uint32(word ^ uint32(word >> 13)) * uint32(0xC2B2AE35))
    return uint32(word ^ uint32(word >> 16))


@numba.njit(inline="always")
@no_type_check
def _log(number: Any) -> Any:
    """Natural logarithm of a positive float32: 2 artanh((m - 1)/(m + 1)) of its mantissa m, within 1e-7 of it."""
    shifted = int32(np.float32(number).view(np.int32) - int32(_ROOT_HALF_BITS))
    exponent = float32(shifted >> _EXPONENT_STEP)
    mantissa = np.int32((shifted & int32(_MANTISSA)) + int32(_ROOT_HALF_BITS)).view(np.float32)
    s = float32((mantissa - float32(1)) / (mantissa + float32(1)))
    z = float32(s * s)
    series = float32(1 / 3) + z * (float32(1 / 5) + z * (float32(1 / 7) + z * float32(1 / 9)))
    return float32(2) * (s + s * z * float32(series)) + exponent * float32(math.log(2))


@numba.njit(inline="always")
@no_type_check
def pair(first: Any, second: Any, scale: Any) -> Any:
    """Two independent normal numbers of standard deviation ``scale`` from two well mixed uint32 words."""
    # A uniform number in (0, 1] with 24 bits gives the radius; an angle in a quadrant and two signs the direction.
    log_uniform = _log(float32(uint32(first >> 8) + uint32(1))) - float32(24 * math.log(2))
    radius = float32(math.sqrt(max(float32(-2) * log_uniform, float32(0)))) * scale
    angle = float32(int32(second >> 2)) * float32(2.0**-30 * math.pi / 2) - float32(math.pi / 4)
    z = float32(angle * angle)
    sine = angle * (float32(1) - z * (float32(1 / 6) - z * (float32(1 / 120) - z * float32(1 / 5040))))
    cosine = float32(1) - z * (float32(1 / 2) - z * (float32(1 / 24) - z * (float32(1 / 720) - z / float32(40320))))
    radius = float32(radius * float32(0.5**0.5))
    return (
        radius * (cosine - sine) * (float32(1) - float32(2) * float32(int32(second & uint32(1)))),
        radius * (cosine + sine) * (float32(1) - float32(int32(second & uint32(2)))),
    )


@numba.njit(fastmath=True, error_model="numpy", cache=True)
@no_type_check
def _fill(out: Any, key: Any, second_key: Any, scale: Any) -> None:
    """Write normal numbers of standard deviation ``scale`` to the even-sized float32 vector ``out``."""
    half = out.size // 2
    for i in range(half):
        first = mix(uint32(mix(uint32(uint32(i) ^ key)) + second_key))
        out[i], out[half + i] = pair(first, mix(uint32(first ^ uint32(0x9E3779B9))), scale)


def fill_normal_(out: Tensor, std: float, generator: torch.Generator | None = None) -> Tensor:
    """Fill ``out`` with independent normal numbers of mean 0 and standard deviation ``std``; returns it.

    Large contiguous float32 tensors on the processor are filled by the fast path, all others by PyTorch. Both are
    determined by the state of ``generator``, which they advance.
    """
    fast = out.numel() >= SMALL and out.dtype == torch.float32 and out.device.type == "cpu" and out.is_contiguous()
    if not fast or out.numel() % 2 or out.numel() >= 2**32:
        return out.normal_(0.0, std, generator=generator)
    keys = torch.randint(2**32, (2,), generator=generator).numpy().astype(np.uint32)
    _fill(out.view(-1).numpy(), keys[0], keys[1], np.float32(std))
    return out
