"""The one update rule of the book: a state that follows a drift, with noise, adaptation and momentum.

With ``drift = network.drift`` it is replay; with ``drift = step * score`` it is Langevin sampling.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

import torch
from jaxtyping import Float
from torch import Tensor

from replaylib._checks import check_between, check_count, check_finite, check_shape
from replaylib.dynamics._blas import product_threads
from replaylib.dynamics._noise import StepNoise, can_compile
from replaylib.dynamics.drifts import AdaptableDrift, Drift, RecurrentDrift

Advance = Callable[[Tensor, int], None]
"""Fills a block of states, [steps + 1, batch, n], from its first; the number tells which step that is."""

BLOCK = 50
"""Steps simulated at a time, at most: enough for an efficient readout by ``observe``; even, as noise comes in pairs."""

BLOCK_BYTES = 2**25
"""Memory for one block: more would leave the last of the processor's caches."""


@dataclass(frozen=True, kw_only=True)
class Dynamics:
    """What is added to the drift. The defaults add nothing.

    friction: lambda_v, share of the hidden velocity lost per step, in (0, 2) [1/step]; 1 switches momentum off.
    adaptation_strength: b_a, size of the negative feedback, at least 0 [1]; 0 switches adaptation off.
    adaptation_time: tau_a, memory of the negative feedback, at least 1 [steps].
    noise_std: sigma, standard deviation of the noise added in each step, at least 0 [1].
    adaptation_inside: whether a_t is taken off the input of the network's nonlinearity instead of off its drift.

    Raises ValueError where a value lies outside its range.
    """

    friction: float = 1.0
    adaptation_strength: float = 0.0
    adaptation_time: float = 40.0
    noise_std: float = 0.0
    adaptation_inside: bool = False

    def __post_init__(self) -> None:
        check_between("friction", self.friction, 0.0, 2.0, open_low=True)
        if self.friction == 2.0:
            raise ValueError("friction must lie below 2, but 2.0 came: the velocity would flip for ever.")
        check_between("adaptation_strength", self.adaptation_strength, 0.0, float("inf"))
        check_between("adaptation_time", self.adaptation_time, 1.0, float("inf"))
        check_between("noise_std", self.noise_std, 0.0, float("inf"))

    @property
    def momentum(self) -> float:
        """mu = 1 - lambda_v, the share of the hidden velocity kept per step [1]."""
        return 1.0 - self.friction

    def with_friction(self, friction: float) -> "Dynamics":
        """The same dynamics at another friction, its noise rescaled by sqrt(new friction / old friction).

        Slow directions then keep their stationary law; with unscaled noise, momentum would heat them.
        """
        changed = replace(self, friction=friction)
        return replace(changed, noise_std=self.noise_std * (friction / self.friction) ** 0.5)


@torch.no_grad()
def simulate(
    drift: Drift | AdaptableDrift,
    start: Float[Tensor, "batch n"],
    steps: int,
    dynamics: Dynamics,
    generator: torch.Generator | None = None,
    observe: Callable[[Tensor], Tensor] | None = None,
) -> Float[Tensor, "batch times kept"]:
    """Follow ``drift`` for ``steps`` steps from the states ``start``, which begin at rest and unadapted.

        v' = (1 - friction) v + drift(h) - a + noise_std * xi        hidden velocity
        a' = (1 - 1/adaptation_time) a + (adaptation_strength/adaptation_time) h
        h' = h + v'                                                  hidden state

    Returns the states, shape [batch, steps + 1, n], the first of which is ``start``. With ``observe``, a function
    from states [..., n] to [..., k], returns its values instead, [batch, steps + 1, k], and never holds more than one
    block of states. ``drift`` must return a new tensor; ``start`` is left as it was. With ``adaptation_inside`` the
    drift is ``drift.adapted(h, a)``, and a is not taken off again: it must be an AdaptableDrift, as a network's is.

    The noise xi of path b at step t depends on the generator's state, b, t and n alone: it is the same to the last
    bit for every dynamics, number of paths, number of steps, dtype, device, and with or without ``observe``. Two
    numbers are taken from ``generator``, however many steps are made. The states of a path agree up to rounding where
    only the number of paths differs, since matrix products of different sizes are summed in different order: unstable
    dynamics let that grow. A longer simulation begins with a shorter one.

    A RecurrentDrift on the processor runs in compiled code, all others step by step: equal within rounding, except
    that tanh in float32 is off by up to 4e-7.

    Raises ValueError where ``start`` is not a finite matrix or does not fit a network's drift, ``steps`` is no
    positive whole number, or adaptation is to act inside a drift that has no ``adapted``.
    Equation: eq-momentum, eq-terminal, eq-adaptation, eq-kernel.
    """
    check_shape("start", start, ("batch", "n"))
    check_finite("start", start)
    check_count("steps", steps)
    if dynamics.adaptation_inside and not isinstance(drift, AdaptableDrift):
        raise ValueError(f"drift must be a network's for adaptation inside its nonlinearity, but {drift!r} came.")
    # Time is the first axis in memory, so that each state is one contiguous matrix.
    length = max(2, min(BLOCK, BLOCK_BYTES // max(1, start.nbytes)) // 2 * 2)
    states = start.new_empty(1 + (steps if observe is None else min(steps, length)), *start.shape)
    states[0] = start
    noise = StepNoise(dynamics.noise_std, states[0], steps, generator)
    if isinstance(drift, RecurrentDrift) and can_compile(start) and drift.recurrent.dtype == start.dtype:
        advance = _compiled(drift, states[0], dynamics, noise)
    else:
        advance = _readable(drift, states[0], dynamics, noise)
    if observe is None:
        for done in range(0, steps, length):
            advance(states[done : done + length + 1], done)
        return states.transpose(0, 1)
    first = observe(states[:1])
    observed = first.new_empty(steps + 1, *first.shape[1:])
    observed[:1] = first
    for done in range(0, steps, length):
        block = states[: 1 + min(length, steps - done)]
        advance(block, done)
        observed[done + 1 : done + len(block)] = observe(block[1:])
        states[0] = block[-1]
    return observed.transpose(0, 1)


def _readable(
    drift: Drift | AdaptableDrift, start: Float[Tensor, "batch n"], dynamics: Dynamics, noise: StepNoise
) -> Advance:
    """The rule, step by step, for any drift."""
    velocity, adaptation = torch.zeros_like(start), torch.zeros_like(start)
    rate = 1 / dynamics.adaptation_time

    def advance(states: Tensor, step: int) -> None:
        noise.fill_(states[1:], step)
        for hidden, following in pairwise(states.unbind()):
            if dynamics.adaptation_inside:
                assert isinstance(drift, AdaptableDrift)
                following.add_(drift.adapted(hidden, adaptation))
            else:
                following.add_(drift(hidden))
            # ``following`` holds the noise, gathers the velocity, and ends as the next state.
            if dynamics.adaptation_strength > 0:
                if not dynamics.adaptation_inside:
                    following.sub_(adaptation)
                adaptation.mul_(1 - rate).add_(hidden, alpha=dynamics.adaptation_strength * rate)
            if dynamics.friction != 1:
                following.add_(velocity, alpha=dynamics.momentum)
                velocity.copy_(following)
            following.add_(hidden)

    return advance


def _compiled(drift: RecurrentDrift, start: Float[Tensor, "batch n"], dynamics: Dynamics, noise: StepNoise) -> Advance:
    """The same in compiled code, for a network's drift."""
    from replaylib.dynamics import _kernels  # noqa: PLC0415 - Numba is loaded where it is needed

    check_shape("start", start, ("batch", len(drift.bias)))
    number = start.new_empty(0).numpy().dtype.type
    leak = drift.leak.detach().expand_as(start).contiguous().view(-1)
    parts = (drift.recurrent.detach().T, drift.bias.detach(), leak)
    weights = tuple(part.contiguous().numpy() for part in parts)
    activity, velocity, adaptation = (torch.zeros_like(start) for _ in range(3))
    rate = 1 / dynamics.adaptation_time
    outside = 0.0 if dynamics.adaptation_inside else 1.0
    factors = (dynamics.momentum, 1 - rate, dynamics.adaptation_strength * rate, outside)
    memory = (velocity.view(-1).numpy(), adaptation.view(-1).numpy()), tuple(number(factor) for factor in factors)
    kind = _kernels.kind_of(drift.nonlinearity, start.dtype == torch.float32)
    plain = dynamics.friction == 1 and dynamics.adaptation_strength == 0

    def advance(states: Tensor, step: int) -> None:
        when = (step, kind, plain, dynamics.adaptation_inside)
        with product_threads(start.numel() * start.shape[1]):
            _kernels.replay_steps(states.numpy(), activity.numpy(), weights, memory, noise.arrays, when)

    return advance
