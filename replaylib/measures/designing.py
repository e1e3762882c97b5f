"""Replay at a wished speed: friction, time and strength for a network, lowest price first.

What was chosen, and why. The mobility law says that at the same speed less friction needs less strength, and strength
is what shrinks the state: so the lowest friction that the network bears is tried first. For a state that goes round a
code of reach r at v metres per step it asks for the strength friction * (1/time + (v/r)^2 time) on an even track, and
for more on a stiff one. The time that needs least strength is r/v on an even track, where the mobility number is 2. The
law stops there, because it knows neither noise nor corners, ends and junctions. So its strength is only where a search
begins, with the network in the loop: short replays set the strength at which they show the wished speed. And the price
is not strength alone: inertia misses corners, and a long trace forgets which arm comes next. Hence the price is the
distance to the awake law, measured on the same replays, and a half and a quarter of that time are tried as well. On the
T-maze of the first pretrained networks a time of 40 steps gave distances near 0.3 m at half of the running animal's
speed, and one of 10 steps 0.04 m. A higher friction or a shorter time is taken if it is cheaper by more than a tenth.
"""

from dataclasses import dataclass, replace

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from replaylib._checks import check_between
from replaylib.dynamics.rule import Dynamics
from replaylib.measures.metrics import displacement, jump_share, share_on_path, sliced_wasserstein
from replaylib.measures.yardsticks import AwakeSpeed, awake_speed
from replaylib.networks.linearisation import drift_eigenvalues, largest_safe_momentum
from replaylib.networks.network import PathIntegrator
from replaylib.networks.replaying import awake_states, replay, replay_noise
from replaylib.networks.rests import adapted_rests, median_stiffness
from replaylib.theory.mobility import Autocorrelation, mobility_number, threshold
from replaylib.world.tasks import PathTask

WINDOW = 20
"""Steps over which displacement is compared with the running animal's."""

FRICTIONS = (0.15, 0.3, 0.6, 1.0)
"""Frictions that are tried."""

TIMES = np.arange(4.0, 61.0)
"""Adaptation times among which the one that needs the least strength is taken [steps]."""

STEPS, PATHS = 600, 32
"""Length and number of the replays by which strength is set and price is measured."""

SHARES = (1.0, 0.5, 0.25)
"""Shares of that time which are tried."""

NEAR, ENOUGH = 0.04, 0.1
"""How near to the wished speed, as a share of it, the search stops, and how near it must come in the end [1]."""

TRIALS = 12
"""Replays by which the strength is sought, at most."""

WIDER = 1.4
"""Factor by which the strength is raised or lowered until the wished speed lies between two strengths [1]."""

ON_PATH, JUMPS = 0.9, 0.01
"""Replay that a network bears is on the path for this share of its time at least, and jumps in no more of its steps."""

CHEAPER = 0.9
"""A higher friction is taken where its price is below this share of that of the lower one [1]."""


@dataclass(frozen=True)
class Design:
    """Dynamics for a wished speed, and what short replays say of them.

    dynamics: with the network's replay noise, rescaled to the friction. speed: displacement in 20 steps over that of
    the running animal, in 32 replays of 600 steps [1]. price: sliced Wasserstein distance of these replays to awake
    positions [m]. mobility: x [1]. law_strength: where the search began, the strength that the law gives [1].
    tried: every pair of friction and time, in order; empty for a design that is itself one of them.
    """

    dynamics: Dynamics
    speed: float
    price: float
    mobility: float
    law_strength: float
    tried: tuple["Attempt", ...] = ()


@dataclass(frozen=True)
class Attempt:
    """A pair of friction [1/step] and time [steps] that was tried.

    law_strength: where its search began [1]. fastest: the largest speed that it showed on the path without jumps, 0
    where none [1]. made: the dynamics that reach the wished speed; None where it was not reached.
    """

    friction: float
    time: float
    law_strength: float
    fastest: float
    made: Design | None


@dataclass(frozen=True, eq=False)
class _Bench:
    """What every trial of one design shares: one network with its starting states, its animal and its wished speed."""

    network: PathIntegrator
    task: PathTask
    animal: AwakeSpeed
    start: Float[Tensor, "paths n"]
    awake: Float[Tensor, "awake_paths moments 2"]
    on_path: float
    seed: int

    def replayed(self, dynamics: Dynamics) -> Float[Tensor, "paths times 2"] | None:
        """Positions of short replays, the same noise each time; None where replay diverges [m]."""
        generator = torch.Generator().manual_seed(self.seed)
        try:
            return replay(self.network, self.start, STEPS, dynamics, generator, keep="position").position
        except FloatingPointError:
            return None

    def speed(self, position: Float[Tensor, "paths times 2"]) -> float:
        """Displacement in 20 steps over that of the running animal [1]."""
        return displacement(position, WINDOW) / self.animal.running

    def bears(self, position: Float[Tensor, "paths times 2"]) -> bool:
        """Whether the replay keeps to the path without jumps."""
        keeps = share_on_path(position, self.task.space) >= self.on_path
        return keeps and jump_share(position, self.animal.jump) <= JUMPS

    def price(self, position: Float[Tensor, "paths times 2"]) -> float:
        """Distance to awake positions [m]."""
        return sliced_wasserstein(position, self.awake, 3000)


def design(network: PathIntegrator, task: PathTask, speed: float, *, on_path: float = ON_PATH, seed: int = 0) -> Design:
    """Dynamics with which the network replays at ``speed`` times the running animal's, at the lowest price.

    Both speeds are displacements in 20 steps; the animal's is ``awake_speed(task).running``. The speed that comes with
    the answer is measured in short replays, 32 of 600 steps from awake states, by which the strength was set: it is a
    forecast for other starts and other noise. on_path: share of positions within 0.25 m of where the animal can be
    that the replay must keep [1]. seed: of the starts and the noise. Takes about 20 seconds.
    Raises ValueError where the speed is not positive or the share no share, and where no friction lets the network
    replay as fast while it keeps to the path without jumps: more than 1 % of steps longer than ten of the animal's.
    """
    check_between("speed", speed, 0.0, float("inf"), open_low=True)
    check_between("on_path", on_path, 0.0, 1.0)
    generator = torch.Generator().manual_seed(seed)
    awake = task.batch(256, generator).position
    start = awake_states(network, task, PATHS, generator)
    bench = _Bench(network, task, awake_speed(task, WINDOW), start, awake, on_path, seed)
    reach = awake_code(network, task, seed=seed).reach
    eigenvalues = drift_eigenvalues(network.drift, start).flatten().numpy()
    lowest = 1 - largest_safe_momentum(eigenvalues)
    tried: list[Attempt] = []
    turning = speed * bench.animal.running / WINDOW / reach
    for friction in (f for f in FRICTIONS if f >= lowest):
        for time, strength in _by_law(bench, friction, turning):
            plain = Dynamics(noise_std=replay_noise(network)).with_friction(friction)
            made, fastest = _search(bench, replace(plain, adaptation_time=time), strength, speed)
            tried.append(Attempt(friction, time, strength, fastest, made))
    best: Design | None = None
    for made in (one.made for one in tried if one.made):
        best = made if best is None or made.price < CHEAPER * best.price else best
    if best is None:
        raise ValueError(
            f"speed must be one that the network bears, but at {speed:g} times the running animal its replay leaves "
            f"the path for more than {1 - on_path:.0%} of the time, jumps, or gets less far: it came to "
            f"{max((one.fastest for one in tried), default=0.0):.2f}."
        )
    return replace(best, tried=tuple(tried))


def awake_code(network: PathIntegrator, task: PathTask, states: int = 1200, seed: int = 0) -> Autocorrelation:
    """Autocorrelation of the network's noiseless awake states over the straight distance between their places [m]."""
    generator = torch.Generator().manual_seed(seed)
    every = max(1, task.steps // 8)
    batch = task.batch(-(-states // (task.steps // every)), generator)
    with torch.no_grad():
        hidden = network.wake(batch.start, batch.velocity, noisy=False)[:, every::every].flatten(0, 1)
    place = batch.position[:, every::every].flatten(0, 1)
    return Autocorrelation.of_states(hidden, torch.cdist(place, place))


def _by_law(bench: _Bench, friction: float, turning: float) -> list[tuple[float, float]]:
    """Times, and strengths that the mobility law gives for this many radians per step.

    The first time is the one that needs the least strength. The stiffness is that of the adapted rests at the strength
    of an even track; 0 where the network has no rests.
    """
    try:
        rests = adapted_rests(bench.network.drift, bench.start[:16], 2 * friction * turning)
        stiffness = median_stiffness(rests)
    except ValueError:
        stiffness = 0.0

    def strength(time: float) -> float:
        return threshold(friction=friction, time=time, stiffness=stiffness) + friction * turning**2 * time

    cheapest = float(min(TIMES, key=strength))
    times = dict.fromkeys(max(float(TIMES[0]), float(round(share * cheapest))) for share in SHARES)
    return [(time, strength(time)) for time in times]


def _search(bench: _Bench, plain: Dynamics, strength: float, speed: float) -> tuple[Design | None, float]:
    """The strength with which short replays show the speed, and the largest speed that they showed on the way.

    From the law's strength it goes up or down by a factor until the wished speed lies between two strengths, and then
    halves their ratio. None where the speed is not reached, or is reached off the path or by jumps.
    """
    low, high, now, fastest = 0.0, float("inf"), strength, 0.0
    nearest: Design | None = None
    for _ in range(TRIALS):
        dynamics = replace(plain, adaptation_strength=now)
        position = bench.replayed(dynamics)
        shown = float("inf") if position is None or not bench.bears(position) else bench.speed(position)
        if position is not None and shown < float("inf"):
            fastest = max(fastest, shown)
            if nearest is None or abs(shown - speed) < abs(nearest.speed - speed):
                nearest = Design(dynamics, shown, bench.price(position), mobility_number(dynamics), strength)
            if abs(shown / speed - 1) <= NEAR:
                break
        low, high = (now, high) if shown < speed else (low, now)
        now = now * WIDER if high == float("inf") else now / WIDER if low == 0 else (low * high) ** 0.5
    return (nearest if nearest and abs(nearest.speed / speed - 1) <= ENOUGH else None), fastest
