"""For C6: how fast replay is over the strength and the memory of adaptation."""

from jaxtyping import Float
from torch import Tensor

from replaylib.dynamics.rule import Dynamics
from replaylib.ledger.measurements.replays import STRENGTHS, adapted
from replaylib.ledger.measurements.scale import Scale, Table
from replaylib.ledger.measurements.trainings import short_training, without_pauses
from replaylib.measures.metrics import displacement, reach_time, share_on_path, transit_times
from replaylib.networks.network import PathIntegrator
from replaylib.networks.replaying import dream, replay_noise
from replaylib.world.tasks import task

MAP_TIMES, MAP_NOISES = (5.0, 10.0, 20.0, 40.0), (1.0, 2.0)
"""The map of adaptation's speed, with STRENGTHS: memories [steps], noise over that of plain replay [1]."""

UNAIDED = "no pauses, free weights"
"""A network trained without two of the book's choices; in the box, where no pauses can be left out, without one."""

WINDOW = 100
"""Steps in which the displacement of slow replay is told [steps]."""

ENOUGH_TRANSITS = 10
"""Transits below which their mean time is not told."""


def speeds(position: Float[Tensor, "batch times 2"], name: str) -> dict[str, float]:
    """Reach time and mean transit time [steps], displacement in 100 steps [m], and the share of replay on the path.

    Where few landmarks are reached within a replay, reach times are censored and say little: displacement is not.
    """
    space = task(name).space
    transits = transit_times(position, space)
    found = {
        "reach_time": reach_time(position, space),
        "displacement": displacement(position, WINDOW),
        "share_on_path": share_on_path(position, space),
    }
    if len(transits) >= ENOUGH_TRANSITS:
        found["transit_time"] = sum(transits) / len(transits)
    return found


def map_condition(strength: float, time: float, noise: float, inside: bool = False) -> str:
    """Name of a point of the map."""
    return f"strength {strength:g}, time {time:g}, noise {noise:g}" + (", inside" if inside else "")


def measure_slowness(name: str, seed: int, part: str, scale: Scale, network: PathIntegrator) -> Table:
    """C6: speeds over strength, memory and noise, for both forms of adaptation.

    For the book's network, and for one trained without its choices: without pauses and with free weights.
    """
    path_task = task(name)
    if part == UNAIDED:
        path_task = without_pauses(path_task)
        network = short_training(path_task, name, seed, "free weights", scale)
    noise_std = replay_noise(network)
    points = {f"plain, noise {noise:g}": Dynamics(noise_std=noise * noise_std) for noise in MAP_NOISES}
    points |= {
        map_condition(strength, time, noise, inside): adapted(noise * noise_std, strength, time, inside)
        for noise in MAP_NOISES
        for inside in (False, True)
        for strength in STRENGTHS
        for time in MAP_TIMES
    }
    before = f"{part}: " if part == UNAIDED else ""
    return {
        before + condition: speeds(dream(network, path_task, dynamics, seed, scale.steps, scale.paths), name)
        for condition, dynamics in points.items()
    }
