"""Fast noise, and the fast twin of the step in rule.py: noise, adaptation and momentum in one pass over memory.

Gaussian noise would cost as much as the mathematics itself in long replays of small networks, and separate passes cost
a third of the matrix product at 512 units, where one pass costs an eighth. The twin is chosen by the size of a block,
never by the user, and tested against the readable step on the same noise. All compiled functions stand in this one
file: Numba's cache of a function notices changes of its own file only.

PyTorch draws normal numbers one after another. Here each pair is a function of its index and of two keys, so that the
processor makes sixteen at a time. Source: Box & Muller (1958), Ann. Math. Stat. 29, 610, on a counter mixed as by
Appleby's MurmurHash3.
"""

import math
from typing import TYPE_CHECKING, Any, no_type_check

import numba
import numpy as np
import torch
from numba import float32, int32, uint32
from torch import Tensor

if TYPE_CHECKING:
    from replaylib.dynamics.rule import Dynamics

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


@numba.njit(fastmath=True, error_model="numpy", cache=True)
@no_type_check
def _words(count: Any, key: Any) -> Any:
    """``count`` different well mixed uint32 words."""
    words = np.empty(count, np.uint32)
    for i in range(count):
        words[i] = mix(uint32(uint32(i) ^ key))
    return words


@numba.njit(inline="always")
@no_type_check
def _noise(word: Any, key: Any, scale: Any) -> Any:
    """Two normal numbers. A single product is enough to part the direction from the radius, which takes other bits."""
    first = mix(uint32(word + key))
    return pair(first, uint32(uint32(first ^ uint32(first >> 15)) * uint32(0x2C1B3C6D)), scale)


@numba.njit(fastmath=True, error_model="numpy", cache=True)
@no_type_check
def _move(following: Any, hidden: Any, words: Any, key: Any, scale: Any) -> None:
    """h' = h + drift + noise. ``following`` holds the drift; the words and the key of the step make the noise."""
    half = words.size
    for i in range(half):
        first, second = _noise(words[i], key, scale)
        following[i] += hidden[i] + first
        following[half + i] += hidden[half + i] + second


@numba.njit(fastmath=True, error_model="numpy", cache=True)
@no_type_check
def _move_on(following: Any, hidden: Any, memory: Any, noise: Any, factors: Any) -> None:
    """v' = momentum v + drift - a + noise;  a' = kept a + taken h;  h' = h + v'."""
    (velocity, adaptation), (words, key, scale), (momentum, kept, taken) = memory, noise, factors
    half = words.size
    for i in range(half):
        first, second = _noise(words[i], key, scale)
        for j, kick in ((i, first), (half + i, second)):
            moved = following[j] + momentum * velocity[j] - adaptation[j] + kick
            adaptation[j] = kept * adaptation[j] + taken * hidden[j]
            velocity[j] = moved
            following[j] = hidden[j] + moved


def fits(states: Tensor, dynamics: "Dynamics") -> bool:
    """Whether the block ``states``, [times, batch, n], is large, noisy and of the kind that the twin can write."""
    plain = states.dtype == torch.float32 and states.device.type == "cpu" and states.is_contiguous()
    large = states.numel() >= SMALL and states[0].numel() % 2 == 0
    return plain and large and dynamics.noise_std > 0 and not dynamics.adaptation_inside


class FusedStep:
    """The step of dynamics.py on whole blocks, drawing its own noise from ``generator``.

    It lasts for ``steps`` steps. ``velocity`` and ``adaptation``, [batch, n], are updated in place. Calling it writes
    ``following`` from ``hidden`` and the drift ``change``, all [batch, n]; the drift may lie in ``following`` already.
    """

    def __init__(
        self, dynamics: "Dynamics", velocity: Tensor, adaptation: Tensor, steps: int, generator: torch.Generator | None
    ) -> None:
        keys = torch.randint(2**32, (1 + steps,), generator=generator).numpy().astype(np.uint32)
        self.keys = iter(keys[1:])
        self.words = _words(velocity.numel() // 2, keys[0])
        self.scale = np.float32(dynamics.noise_std)
        self.memory = velocity.view(-1).numpy(), adaptation.view(-1).numpy()
        self.plain = dynamics.friction == 1 and dynamics.adaptation_strength == 0
        rate = 1 / dynamics.adaptation_time
        factors = (dynamics.momentum, 1 - rate, dynamics.adaptation_strength * rate)
        self.factors = tuple(np.float32(factor) for factor in factors)

    def __call__(self, following: Tensor, hidden: Tensor, change: Tensor) -> None:
        """Write the next state to ``following``."""
        if change is not following:
            following.copy_(change)
        arrays = following.view(-1).numpy(), hidden.view(-1).numpy()
        noise = (self.words, next(self.keys), self.scale)
        if self.plain:
            _move(*arrays, *noise)
        else:
            _move_on(*arrays, self.memory, noise, self.factors)
