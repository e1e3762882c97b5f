"""The fast twin of the step in dynamics.py: noise, adaptation and momentum in one pass over memory.

In a replay of 512 units this costs an eighth of the matrix product, where separate passes cost a third. The twin is
chosen by the size of a block, never by the user, and tested against the readable step on the same noise.
"""

from typing import TYPE_CHECKING, Any, no_type_check

import numba
import numpy as np
import torch
from numba import uint32
from torch import Tensor

from replaylib.noise import SMALL, mix, pair

if TYPE_CHECKING:
    from replaylib.dynamics import Dynamics


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
