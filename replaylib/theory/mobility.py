"""When replay moves by itself, how fast, and at what price: laws of one number, strength * time / friction.

Let h* be an adapted rest, drift(h*) = strength * h*, on a track of such rests with the tangent t. Moved along t, the
state feels the drift (strength - stiffness) * t, where the stiffness is 0 if every place on the track is as good as
the next. Along t the update rule of ``simulate`` is then linear, whatever the network, and its roots say when replay
leaves the rest. How fast it runs follows from a balance: what the trace pushes forwards, friction takes away.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import numpy as np
from jaxtyping import Float
from scipy.optimize import brentq, nnls
from torch import Tensor

from replaylib._checks import check_between, check_finite, check_shape
from replaylib.dynamics.rule import Dynamics

WIDTHS = 20
"""Gaussians, from one bin to the largest distance wide, of which a measured autocorrelation is made."""

FEWEST_PAIRS = 50
"""Pairs of states that a bin needs to be believed."""

SPEEDS = 400
"""Speeds among which the first balance of push and friction is sought, before it is refined."""


def mobility_number(dynamics: Dynamics) -> float:
    """x = adaptation_strength * adaptation_time / friction: unpinned replay moves by itself where x > 1 [1].

    Equation: eq-mobility.
    """
    return dynamics.adaptation_strength * dynamics.adaptation_time / dynamics.friction


def threshold(*, friction: float, time: float, stiffness: float = 0.0) -> float:
    """The smallest adaptation strength that sets replay moving by itself [1].

    friction: lambda_v [1/step]. time: tau_a [steps]. stiffness: share of a displacement along the track that the
    drift undoes per step at the adapted rest, beyond what holds adaptation in balance [1/step].

    Without stiffness it is friction / time. With it,
    friction / time + stiffness friction (1 - 1/time) / (1 - (1 - friction)(1 - 1/time)), where a pair of complex
    roots leaves the unit circle: replay begins to swing about its place before it leaves it.
    Raises ValueError where a value lies outside its range, or is so stiff that replay overshoots without adaptation.
    Equation: eq-threshold.
    """
    Dynamics(friction=friction, adaptation_strength=0.0, adaptation_time=time)
    limit = 2 * (2 - friction)
    check_between("stiffness", stiffness, 0.0, limit)
    if stiffness == limit:
        raise ValueError(
            f"stiffness must lie below 2 (2 - friction) = {limit:g}, but {stiffness!r} came: it overshoots."
        )
    kept = 1 - 1 / time
    return friction / time + stiffness * friction * kept / (1 - (1 - friction) * kept)


def ring_speed(dynamics: Dynamics) -> float:
    """Radians per step at which replay runs round a ring that the drift only holds it on, exactly.

    1 - cos(speed) = (x - 1) / (2 tau_a (tau_a - 1)) with the mobility number x; 0 where x <= 1, and pi where no slower
    turning lets friction balance the push, so that the state jumps across the ring. It does not depend on the radius.
    Equation: eq-ring-exact.
    """
    time, x = dynamics.adaptation_time, mobility_number(dynamics)
    if x <= 1:
        return 0.0
    room = 2 * time * (time - 1)
    return math.acos(1 - (x - 1) / room) if x - 1 < 2 * room else math.pi


def slow_ring_speed(dynamics: Dynamics) -> float:
    """``ring_speed`` for slow turning: sqrt(b_a tau_a / friction - 1) / tau_a, 0 where the push is too weak [1/step].

    Equation: eq-ring, eq-ring-compression.
    """
    return float(max(mobility_number(dynamics) - 1.0, 0.0) ** 0.5 / dynamics.adaptation_time)


def diffusion_gain(mobility: float) -> float:
    """Times that adaptation raises diffusion along a track that nothing pins, 1/(1 - x)^2; ``inf`` from x = 1 on [1].

    mobility: the mobility number x. Raises ValueError where it is negative or not finite.
    Equation: eq-diffusion-gain.
    """
    check_between("mobility", mobility, 0.0, float("inf"))
    return (1 - mobility) ** -2 if mobility < 1 else float("inf")


def adaptation_shrinkage(strength: float, stiffness: float) -> float:
    """Share of its size that a state at rest loses to adaptation: the price of strength, whatever the friction [1].

    A drift that restores the size R of a state with stiffness * (R - now) is in balance with adaptation,
    drift(h*) = strength * h*, at the size R * stiffness / (stiffness + strength). For any other drift this is the
    first order in the strength, with the stiffness in the direction of the state itself [1/step].
    Raises ValueError where the strength is negative or the stiffness not positive.
    Equation: eq-shrinkage.
    """
    check_between("strength", strength, 0.0, float("inf"))
    check_between("stiffness", stiffness, 0.0, float("inf"), open_low=True)
    return strength / (stiffness + strength)


@dataclass(frozen=True, eq=False)
class Autocorrelation:
    """C(d), the mean inner product of the hidden states of two places at the distance d: a sum of packets.

    C(d) = sum of power * cos(wavenumber * d) * exp(-(d / width)^2 / 2); a width of ``inf`` makes a packet a pure wave.
    power: [packets], not negative [1]. wavenumber: [packets] [1/m]. width: [packets] [m].
    """

    power: Float[np.ndarray, " packets"]
    wavenumber: Float[np.ndarray, " packets"]
    width: Float[np.ndarray, " packets"]

    @classmethod
    def of_ring(cls, hidden: Float[Tensor, "places n"], length: float) -> "Autocorrelation":
        """That of states at evenly spaced places on a closed track of this length [m], exactly.

        Raises ValueError where the states are no finite matrix or the length is not positive.
        """
        check_shape("hidden", hidden, ("places", "n"))
        check_finite("hidden", hidden)
        check_between("length", length, 0.0, float("inf"), open_low=True)
        waves = np.abs(np.fft.rfft(hidden.double().numpy(), axis=0)) ** 2
        power = waves.sum(axis=1) / len(hidden) ** 2
        # All waves but the first and, if the number of places is even, the last, come twice.
        power[1 : (len(hidden) + 1) // 2] *= 2
        wavenumber = 2 * np.pi / length * np.arange(len(power))
        return cls(power, wavenumber, np.full(len(power), np.inf))

    @classmethod
    def of_states(
        cls, hidden: Float[Tensor, "states n"], distance: Float[Tensor, "states states"], bin_width: float = 0.1
    ) -> "Autocorrelation":
        """That of states at any places: inner products averaged in bins of distance, as a sum of Gaussians.

        hidden: awake states without noise. distance: between the places of each pair, along the track or in the box
        [m]; pairs whose distance is ``inf`` are left out, and so is each state with itself. bin_width [m]: with
        bins much narrower than 0.1 the estimate was seen to become too sharp, and the speed too small.
        The sum is found by non-negative least squares: the autocorrelation of a code has no negative power.
        Raises ValueError where shapes differ, or fewer than two bins hold 50 pairs.
        """
        check_shape("hidden", hidden, ("states", "n"))
        check_finite("hidden", hidden)
        check_shape("distance", distance, (len(hidden), len(hidden)))
        check_between("bin_width", bin_width, 0.0, float("inf"), open_low=True)
        product = (hidden @ hidden.T).double().numpy().ravel()
        apart = distance.double().numpy().copy()
        np.fill_diagonal(apart, np.inf)
        apart = apart.ravel()
        usable = np.isfinite(apart)
        place = (apart[usable] / bin_width).astype(int)
        count = np.bincount(place)
        full = count >= FEWEST_PAIRS
        if full.sum() < 2:
            raise ValueError(f"at least two bins of distance must hold {FEWEST_PAIRS} pairs, but {full.sum()} do.")
        middle = np.bincount(place, apart[usable])[full] / count[full]
        height = np.bincount(place, product[usable])[full] / count[full]
        widths = np.append(np.geomspace(2 * bin_width, max(4 * bin_width, middle[-1]), WIDTHS), np.inf)
        basis = np.exp(-((middle[:, None] / widths) ** 2) / 2)
        # A bin of many pairs is known better, and weighs more.
        weight = np.sqrt(count[full])
        power = nnls(weight[:, None] * basis, weight * height)[0]
        return cls(power, np.zeros(len(widths)), widths)

    def __call__(self, distance: Float[np.ndarray, " places"]) -> Float[np.ndarray, " places"]:
        """C at each distance [m]."""
        d = np.asarray(distance, dtype=float)[..., None]
        packets = self.power * np.cos(self.wavenumber * d) * np.exp(-((d / self.width) ** 2) / 2)
        return cast("np.ndarray", packets.sum(axis=-1))

    def fall(self, distance: Float[np.ndarray, " places"]) -> Float[np.ndarray, " places"]:
        """-C', how fast it falls at each distance [1/m]."""
        d = np.asarray(distance, dtype=float)[..., None]
        turn = self.wavenumber * np.sin(self.wavenumber * d) + d / self.width**2 * np.cos(self.wavenumber * d)
        return cast("np.ndarray", (self.power * turn * np.exp(-((d / self.width) ** 2) / 2)).sum(axis=-1))

    @property
    def curvature(self) -> float:
        """-C''(0): squared length of the code's tangent, per metre squared [1/m^2]."""
        return float((self.power * (self.wavenumber**2 + self.width**-2.0)).sum())

    @property
    def reach(self) -> float:
        """Distance over which the code changes, sqrt((C(0) - its constant part) / curvature); a ring's radius [m]."""
        changes = (self.wavenumber > 0) | np.isfinite(self.width)
        return float((self.power[changes].sum() / self.curvature) ** 0.5) if self.curvature > 0 else float("inf")


def code_speed(code: Autocorrelation, dynamics: Dynamics) -> float:
    """Metres per step at which replay runs by itself along a code that nothing pins, from its autocorrelation alone.

    Running steadily at speed s, the trace pushes along the track with
    (b_a/tau_a) sum_k (1 - 1/tau_a)^(k - 1) (-C'(k s)), and friction takes friction * (-C'(s)). Returned is the smallest
    speed at which the two are equal, which a start from rest reaches first: 0 where the mobility number is at most 1,
    and ``inf`` where friction balances the push at no speed below pi times the reach of the code. With one harmonic it
    is ``ring_speed``. Nothing is fitted to replay; the code of the moving state is taken for that of the awake one.
    Raises ValueError where the code is the same everywhere. Equation: eq-code-speed.
    """
    if not code.curvature > 0:
        raise ValueError("code must differ between places, but its autocorrelation is constant.")
    if mobility_number(dynamics) <= 1:
        return 0.0
    surplus = _surplus(code, dynamics)
    speeds = np.linspace(0, math.pi * code.reach, SPEEDS + 1)[1:]
    values = np.array([surplus(float(speed)) for speed in speeds])
    slow = math.pi * code.reach * 1e-6
    if values[0] <= 0:
        return float(brentq(surplus, slow, float(speeds[0]))) if surplus(slow) > 0 else slow
    balanced = np.flatnonzero((values[:-1] > 0) & (values[1:] <= 0))
    if not len(balanced):
        return float("inf")
    first = int(balanced[0])
    return float(brentq(surplus, float(speeds[first]), float(speeds[first + 1]), xtol=1e-14))


def _surplus(code: Autocorrelation, dynamics: Dynamics) -> Callable[[float], float]:
    """What the trace pushes along the track beyond what friction takes, as a function of the speed [1/m]."""
    rate = 1 / dynamics.adaptation_time
    past = np.arange(1, math.ceil(40 * dynamics.adaptation_time) + 1)
    weight = dynamics.adaptation_strength * rate * (1 - rate) ** (past - 1)

    def surplus(speed: float) -> float:
        return float(weight @ code.fall(past * speed) - dynamics.friction * code.fall(np.array([speed]))[0])

    return surplus
