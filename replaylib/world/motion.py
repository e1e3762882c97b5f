"""How the animal moves: a model on tracks, recorded paths of real rats, and a motion model in their box."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from replaylib._checks import check_between, check_finite, check_shape
from replaylib.dynamics.rule import Dynamics, simulate
from replaylib.world.spaces import Arena, Track

Motion = Callable[[int, int, torch.Generator | None], Tensor]
"""Draws paths: (count, steps, generator) -> positions [count, steps + 1, 2] in metres."""


@dataclass(frozen=True)
class TrackMotion:
    """An animal that runs the tour of a track, turns round now and then, and pauses.

    speed: mean speed while it runs [m/step]; speed_spread: standard deviation of the speed over its mean [1].
    speed_time: correlation time of the speed [steps]. turn: probability of turning round [1/step].
    stop, go: probabilities of stopping while it runs and of going on while it pauses [1/step]; stop = 0: no pauses.

    Raises ValueError where a probability lies outside [0, 1] or another value is negative.
    """

    track: Track
    speed: float = 0.05
    speed_spread: float = 0.3
    speed_time: float = 10.0
    turn: float = 0.02
    stop: float = 0.05
    go: float = 0.08

    def __post_init__(self) -> None:
        for name in ("turn", "stop", "go"):
            check_between(name, getattr(self, name), 0.0, 1.0)
        check_between("speed", self.speed, 0.0, float("inf"), open_low=True)
        check_between("speed_spread", self.speed_spread, 0.0, float("inf"))
        check_between("speed_time", self.speed_time, 1.0, float("inf"))

    def __call__(
        self, count: int, steps: int, generator: torch.Generator | None = None
    ) -> Float[Tensor, "count times 2"]:
        """Draw ``count`` paths from random places on the tour; the first position is the start."""
        # An Ornstein-Uhlenbeck speed of unit variance: that of x' = (1 - k) x + q xi is q^2/(k(2 - k)).
        rate = 1 / self.speed_time
        wander = Dynamics(noise_std=(rate * (2 - rate)) ** 0.5)
        wave = simulate(lambda x: -rate * x, torch.randn(count, 1, generator=generator), steps, wander, generator)
        speed = self.speed * (1 + self.speed_spread * wave[:, 1:, 0]).clamp(min=0)
        turned = torch.rand(count, steps, generator=generator) < self.turn
        turned[:, 0] = torch.rand(count, generator=generator) < 0.5
        heading = 1 - 2 * (turned.cumsum(1) % 2)
        moving = _moving(count, steps, self.stop, self.go, generator)
        start = torch.rand(count, 1, generator=generator) * self.track.tour_length
        travelled = (speed * heading * moving).cumsum(1)
        return self.track.on_tour(torch.cat([start, start + travelled], dim=1))


def _moving(count: int, steps: int, stop: float, go: float, generator: torch.Generator | None) -> Tensor:
    """A two-state process, 1 while the animal runs and 0 while it pauses, [count, steps], begun in its stationary law.

    Bouts have geometric lengths, so all of them are drawn at once and no loop over time is needed.
    """
    share = 1.0 if stop == 0 else go / (go + stop)
    runs = torch.rand(count, 1, generator=generator) < share
    bouts = torch.arange(steps + 1)
    runs_in_bout = runs ^ (bouts % 2 == 1)
    leave = torch.where(runs_in_bout, stop, go).double()
    uniform = 1 - torch.rand(count, steps + 1, generator=generator, dtype=torch.float64)
    # Inverse of the geometric distribution function; a bout that never ends outlasts the path.
    length = (torch.log(uniform) / torch.log1p(-leave)).abs().nan_to_num(steps).clamp(max=steps).floor() + 1
    bout = torch.searchsorted(length.cumsum(1), torch.arange(steps).expand(count, -1).double().contiguous(), right=True)
    return runs_in_bout.gather(1, bout).float()


@dataclass(frozen=True, eq=False)
class Recording:
    """A recorded path, evenly sampled; called as a motion, it draws windows from it.

    position: [times, 2] [m]. seconds: time between two samples [s].
    """

    position: Float[Tensor, "times 2"]
    seconds: float

    def __post_init__(self) -> None:
        check_shape("position", self.position, ("times", 2))
        check_finite("position", self.position)
        check_between("seconds", self.seconds, 0.0, float("inf"), open_low=True)

    def part(self, begin: float, end: float) -> "Recording":
        """The samples between two shares of the whole time: a recording of its own, so no window crosses the border."""
        check_between("begin", begin, 0.0, 1.0)
        check_between("end", end, begin, 1.0, open_low=True)
        count = len(self.position)
        return Recording(self.position[round(begin * count) : round(end * count)], self.seconds)

    def __call__(
        self, count: int, steps: int, generator: torch.Generator | None = None
    ) -> Float[Tensor, "count times 2"]:
        """Draw ``count`` windows of ``steps`` steps. Raises ValueError where the recording is shorter than one."""
        last = len(self.position) - steps
        if last < 1:
            raise ValueError(f"the recording must be longer than {steps} steps, but it has {len(self.position) - 1}.")
        first = torch.randint(last, (count, 1), generator=generator)
        return self.position[first + torch.arange(steps + 1)]


RAT_ARENA = Arena(3.5, 2.5)
"""The box of the rat's recording [m]."""


RAT_SECONDS = 0.2
"""Duration of one step in the box [s]."""


RAT_SPEED = 0.2028384
"""Mean speed of the rat of the "tanni" recording [m/s]. It is written down, not computed each time: the last
digit of a sum depends on the number of threads, and the motion model's path, which is chaotic, on that digit."""


RECORDINGS = {"tanni": RAT_ARENA, "sargolini": Arena(1.0, 1.0)}
"""Recordings of real rats by name, and their boxes."""


@cache
def rat_recording(name: str = "tanni") -> Recording:
    """A real rat's path, resampled to one position in 0.2 s: two hours ("tanni") or ten minutes ("sargolini").

    Source: Tanni, de Cothi & Barry (2022), Current Biology 32, 3505, doi:10.1016/j.cub.2022.06.046; Sargolini et al.
    (2006), Science 312, 758, doi:10.1126/science.1125572; the copies that RatInABox ships (George et al. 2024, eLife
    13, e85274). Raises ValueError where the name is unknown, FileNotFoundError where RatInABox lacks the file.
    """
    if name not in RECORDINGS:
        raise ValueError(f"the recording must be one of {', '.join(RECORDINGS)}, but {name!r} came.")
    spec = find_spec("ratinabox")
    folder = Path(spec.origin).parent if spec and spec.origin else Path("ratinabox")
    path = folder / "data" / f"{name}.npz"
    if not path.is_file():
        raise FileNotFoundError(
            f"the recording was expected at {path}, but is not there: is ratinabox installed whole?"
        )
    with np.load(path, allow_pickle=False) as data:
        times, places = data["t"], data["pos"]
    sampled = np.arange(times[0], times[-1], RAT_SECONDS)
    path_at = np.stack([np.interp(sampled, times, places[:, axis]) for axis in (0, 1)], axis=1)
    # The tracker overshoots the walls by up to 4 cm.
    inside = path_at.clip(0, RECORDINGS[name].size.numpy())
    return Recording(torch.tensor(inside, dtype=torch.float32), RAT_SECONDS)


@cache
def synthetic_recording(seconds: float = 600.0, seed: int = 0) -> Recording:
    """A path in the same box from RatInABox's motion model, at the real rat's mean speed; cached once simulated.

    Source: George et al. (2024), eLife 13, e85274. Raises ValueError where ``seconds`` is not positive.
    """
    from ratinabox import Agent, Environment  # noqa: PLC0415 (its import takes a second; few need it)

    check_between("seconds", seconds, 0.0, float("inf"), open_low=True)
    box = Environment({"boundary": [[0, 0], [3.5, 0], [3.5, 2.5], [0, 2.5]]})
    state = np.random.get_state()
    try:
        # RatInABox draws from NumPy's global generator: it is seeded for this call alone.
        np.random.seed(seed)
        # Its turning has a memory of 0.08 s, so it is simulated in finer steps than the network makes.
        finer = 4
        agent = Agent(box, {"dt": RAT_SECONDS / finer, "speed_mean": RAT_SPEED})
        for _ in range(finer * round(seconds / RAT_SECONDS)):
            agent.update()
    finally:
        np.random.set_state(state)
    places = np.asarray(agent.history["pos"])[::finer].clip(0, [RAT_ARENA.width, RAT_ARENA.height])
    return Recording(torch.tensor(places, dtype=torch.float32), RAT_SECONDS)
