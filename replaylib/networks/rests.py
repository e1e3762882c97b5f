"""Adapted rests of a trained network, their stiffness along the track, and the strength that sets replay moving.

At an adapted rest drift(h*) = strength * h*: the trace, full of h*, is in balance with the drift. A trained track is
not quite even, so that exact rests are isolated, as hollows and as passes between them. Each has a slowest direction,
which leads along the track, and there the update rule is the linear mode of ``replaylib.theory.mobility``.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from replaylib._checks import check_between, check_finite, check_shape
from replaylib.networks.linearisation import jacobian
from replaylib.networks.network import NetworkDrift
from replaylib.theory.mobility import threshold

RESIDUAL = 1e-9
"""Largest distance from balance of what counts as a rest: the norm of drift(h) - strength h over that of h [1]."""

ROUNDS = 8
"""Times that stiffness is measured at the strength which it predicted, each time half the way."""

RELAXING = 200
"""Steps of the drift less adaptation that bring an awake state to the track, before Newton's method [steps]."""

NEWTON_STEPS = 40
"""Steps of Newton's method."""

STRIDE = 0.1
"""Longest step of Newton's method, as a share of the state: along a nearly even track the whole step leads far off."""


@dataclass(frozen=True, eq=False)
class AdaptedRests:
    """Rests at one adaptation strength: each of them once.

    hidden: [rests, n]. residual: the norm of drift(h) - strength h over that of h [1].
    tangent: unit vectors of the slowest direction, [rests, n].
    stiffness: share of a small displacement along it that the drift undoes per step, less the adaptation that holds
    the rest; negative at a pass between two hollows [1/step].
    share: of the states begun from, that of those which came to it; those which came to no rest count for nothing [1].
    """

    strength: float
    hidden: Float[Tensor, "rests n"]
    residual: Float[Tensor, " rests"]
    tangent: Float[Tensor, "rests n"]
    stiffness: Float[Tensor, " rests"]
    share: Float[Tensor, " rests"]

    @property
    def hollow(self) -> Tensor:
        """Which rests hold a state that is not pushed: those of positive stiffness, [rests], boolean."""
        return self.stiffness > 0


def adapted_rests(drift: NetworkDrift, start: Float[Tensor, "batch n"], strength: float) -> AdaptedRests:
    """Rests near awake states: relaxed to the track, then found by Newton's method with a limited stride.

    start: states to begin from, usually ``awake_states``. strength: b_a [1]. The slowest direction is the eigenvector
    of the drift's derivative with the largest real part; for free weights, where it may turn, the real parts are used.
    Raises ValueError where ``start`` does not fit the network or the strength is negative, and where no state comes to
    a rest: ReLU networks may have none.
    Equation: eq-adapted-rest.
    """
    check_shape("start", start, ("batch", len(drift.bias)))
    check_finite("start", start)
    check_between("strength", strength, 0.0, float("inf"))
    drift, hidden = _double(drift), start.double()
    for _ in range(RELAXING):
        hidden = hidden + 0.5 * (drift(hidden) - strength * hidden)
    identity = torch.eye(hidden.shape[1], dtype=torch.float64)
    for _ in range(NEWTON_STEPS):
        force = drift(hidden) - strength * hidden
        size = hidden.norm(dim=1, keepdim=True)
        # On an even track Newton's method would send a state that is at rest already anywhere along it.
        going = (force.norm(dim=1, keepdim=True) >= 0.01 * RESIDUAL * size)[:, 0]
        if not bool(going.any()):
            break
        slope = jacobian(drift, hidden[going]) - strength * identity
        # A singular derivative gives no number, and that state counts as one that came to no rest.
        step = -torch.linalg.solve_ex(slope, force[going][..., None])[0][..., 0]
        step = step * (STRIDE * size[going] / step.norm(dim=1, keepdim=True).clamp(min=1e-300)).clamp(max=1.0)
        hidden[going] = hidden[going] + step
    residual = (drift(hidden) - strength * hidden).norm(dim=1) / hidden.norm(dim=1).clamp(min=1e-300)
    found = torch.isfinite(residual) & (residual < RESIDUAL)
    if not bool(found.any()):
        best = float(residual.nan_to_num(float("inf")).min())
        raise ValueError(
            f"some of the {len(start)} states must come to a rest at the strength {strength:g}, but none does: the "
            f"smallest residual is {best:.1e}, and {RESIDUAL:g} is a rest."
        )
    hidden, residual = hidden[found], residual[found]
    once, share = _first_of_each(hidden)
    hidden, residual = hidden[once], residual[once]
    values, vectors = torch.linalg.eig(jacobian(drift, hidden))
    slowest = values.real.argmax(dim=1)
    tangent = vectors[torch.arange(len(hidden)), :, slowest].real
    stiffness = strength - values.real[torch.arange(len(hidden)), slowest]
    return AdaptedRests(strength, hidden, residual, tangent / tangent.norm(dim=1, keepdim=True), stiffness, share)


def median_stiffness(rests: AdaptedRests) -> float:
    """Median over awake states of the stiffness of the hollow that they come to [1/step].

    Raises ValueError where no rest is a hollow.
    """
    stiffness, share = rests.stiffness[rests.hollow], rests.share[rests.hollow]
    if not len(stiffness):
        raise ValueError(
            f"some rest must be a hollow, but all {len(rests.stiffness)} at the strength {rests.strength:g} are passes."
        )
    order = stiffness.argsort()
    reached = share[order].cumsum(0) >= share.sum() / 2 - 1e-12
    return float(stiffness[order][int(reached.int().argmax())])


def predicted_onset(drift: NetworkDrift, start: Float[Tensor, "batch n"], *, friction: float, time: float) -> float:
    """The adaptation strength from which half of the replays move by themselves, without noise and nothing fitted [1].

    It is the ``threshold`` of the median stiffness at the adapted rests, and since these depend on the strength, the
    strength at which the two agree. start: awake states. friction [1/step]. time [steps].
    Raises ValueError where a value lies outside its range, or the network has no adapted rests.
    """
    strength = threshold(friction=friction, time=time)
    for _ in range(ROUNDS):
        stiffness = median_stiffness(adapted_rests(drift, start, strength))
        strength = (strength + threshold(friction=friction, time=time, stiffness=stiffness)) / 2
    return strength


def _double(drift: NetworkDrift) -> NetworkDrift:
    return NetworkDrift(drift.recurrent.double(), drift.bias.double(), drift.leak.double(), drift.nonlinearity)


def _first_of_each(hidden: Float[Tensor, "batch n"]) -> tuple[Tensor, Tensor]:
    """Indices of states that none before them repeats, and the share of states that are like each of them."""
    near = torch.cdist(hidden, hidden) < 1e-6 * hidden.norm(dim=1).max()
    first = near.int().argmax(dim=1)
    once, count = torch.unique(first, return_counts=True)
    return once, count.double() / len(hidden)
