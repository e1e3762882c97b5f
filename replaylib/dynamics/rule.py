"""The one update rule of the book: a state that follows a drift, with noise, adaptation and momentum.

With ``drift = network.drift`` it is replay; with ``drift = step * score`` it is Langevin sampling.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

import torch
from jaxtyping import Float
from torch import Tensor

from replaylib._checks import check_between, check_count, check_finite, check_shape
from replaylib.dynamics._kernels import FusedStep, fill_normal_, fits

Drift = Callable[[Tensor], Tensor]
"""A function from states [batch, n] to their expected change in one step [batch, n]."""

BLOCK = 25
"""Steps simulated at a time, at most: enough for one efficient readout by ``observe``."""

BLOCK_BYTES = 2**22
"""Memory for one block: it should stay in the processor's cache."""


@dataclass(frozen=True)
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
    drift: Drift,
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
    drift is ``drift.adapted(h, a)``, and a is not taken off again.

    Raises ValueError where ``start`` is not a finite matrix, ``steps`` no positive whole number, or adaptation is to
    act inside a drift that has no ``adapted``.
    Equation: eq-momentum, eq-terminal, eq-adaptation, eq-kernel.
    """
    check_shape("start", start, ("batch", "n"))
    check_finite("start", start)
    check_count("steps", steps)
    if dynamics.adaptation_inside and not hasattr(drift, "adapted"):
        raise ValueError(f"drift must be a network's for adaptation inside its nonlinearity, but {drift!r} came.")
    # Time is the first axis in memory, so that each state is one contiguous matrix.
    length = max(1, min(BLOCK, BLOCK_BYTES // max(1, start.nbytes)))
    states = start.new_empty(1 + (steps if observe is None else min(steps, length)), *start.shape)
    states[0] = start
    velocity, adaptation = torch.zeros_like(start), torch.zeros_like(start)
    observed = [] if observe is None else [observe(states[:1])]
    for done in range(0, steps, length):
        first = done if observe is None else 0
        block = states[first : first + 1 + min(length, steps - done)]
        _advance(drift, block, velocity, adaptation, dynamics, generator)
        if observe is not None:
            observed.append(observe(block[1:]))
            states[0] = block[-1]
    return (states if observe is None else torch.cat(observed)).transpose(0, 1)


def _advance(
    drift: Drift,
    states: Float[Tensor, "times batch n"],
    velocity: Float[Tensor, "batch n"],
    adaptation: Float[Tensor, "batch n"],
    dynamics: Dynamics,
    generator: torch.Generator | None,
) -> None:
    """Fill ``states[1:]`` from ``states[0]``; update ``velocity`` and ``adaptation`` in place."""
    step: Callable[[Tensor, Tensor, Tensor], None]
    if fused := fits(states, dynamics):
        step = FusedStep(dynamics, velocity, adaptation, len(states) - 1, generator)
    else:
        states[1:].zero_()
        if dynamics.noise_std > 0:
            fill_normal_(states[1:], dynamics.noise_std, generator)
        step = partial(_step, dynamics, velocity, adaptation)
    # A drift that can write into a given tensor saves the memory traffic of a new one each step.
    into, change = getattr(drift, "into", None), torch.empty_like(velocity)
    for hidden, following in pairwise(states.unbind()):
        if dynamics.adaptation_inside:
            moved = drift.adapted(hidden, adaptation)  # type: ignore[attr-defined]
        else:
            moved = drift(hidden) if into is None else into(following if fused else change, hidden)
        step(following, hidden, moved)


def _step(
    dynamics: Dynamics, velocity: Tensor, adaptation: Tensor, following: Tensor, hidden: Tensor, change: Tensor
) -> None:
    """One step, in place: ``following`` holds the noise, gathers the velocity, and ends as the next state."""
    following.add_(change)
    if dynamics.adaptation_strength > 0:
        rate = 1 / dynamics.adaptation_time
        if not dynamics.adaptation_inside:
            following.sub_(adaptation)
        adaptation.mul_(1 - rate).add_(hidden, alpha=dynamics.adaptation_strength * rate)
    if dynamics.friction != 1:
        following.add_(velocity, alpha=dynamics.momentum)
        velocity.copy_(following)
    following.add_(hidden)
