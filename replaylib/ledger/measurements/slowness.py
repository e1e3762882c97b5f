"""For C6: how fast replay is over the strength and time of adaptation, in the book's networks and published ones."""

from jaxtyping import Float
from torch import Tensor

from replaylib._streams import Purpose, stream
from replaylib.dynamics.rule import Dynamics
from replaylib.ledger.measurements.replays import SHORT_WINDOW, WINDOW, Setting
from replaylib.ledger.measurements.scale import Scale, Table
from replaylib.ledger.measurements.trainings import without_pauses
from replaylib.measures.metrics import displacement, share_on_path, transit_times
from replaylib.measures.yardsticks import reach_times
from replaylib.networks.network import PathIntegrator
from replaylib.networks.replaying import dream, replay_noise
from replaylib.networks.training import Trainer, TrainingSettings
from replaylib.world.spaces import Space
from replaylib.world.tasks import PathTask, task

MAP_STRENGTHS, MAP_TIMES = (0.025, 0.05, 0.1, 0.2, 0.4), (5.0, 10.0, 20.0, 40.0)
"""The map of adaptation's speed: strengths [1] and times [steps]."""

PUBLISHED = "-published"
"""How the names of tasks end that are given to networks of the published kind."""

PUBLISHED_NETWORK = {"hidden": 96, "leak": 0.5, "noise_std": 0.2, "nonlinearity": "relu", "symmetric": False}
"""Networks of the published kind: rectified units and free weights; their animal never pauses."""

ENOUGH_TRANSITS = 10
"""Transits below which their mean time is not told."""


def map_condition(strength: float, time: float, noise: float, inside: bool = False) -> str:
    """Name of a point of the map; ``noise`` is over that of plain replay."""
    return f"strength {strength:g}, time {time:g}, noise {noise:g}" + (", inside" if inside else "")


def speeds(position: Float[Tensor, "paths times 2"], space: Space) -> dict[str, float]:
    """Restricted mean reach time, share never reached, mean transit time, two displacements, and the share on the path.

    The mean transit time is left out where there are fewer than ten transits.
    """
    passages, reached = transit_times(position, space), reach_times(position, space)
    found = {
        "reach_time": reached.restricted_mean,
        "reach_censored": reached.censored,
        "displacement": displacement(position, WINDOW),
        "short_displacement": displacement(position, SHORT_WINDOW),
        "share_on_path": share_on_path(position, space),
    }
    if len(passages) >= ENOUGH_TRANSITS:
        found["transit_mean"] = sum(passages) / len(passages)
    return found


def published_network(path_task: PathTask, seed: int, scale: Scale) -> PathIntegrator:
    """A trained network of the published kind, for a task without pauses."""
    network = PathIntegrator.for_task(path_task, stream(Purpose.WEIGHTS, seed), **PUBLISHED_NETWORK)
    Trainer(network, path_task, TrainingSettings(3 * scale.iterations("triangle"), seed=seed)).run()
    return network


def measure_slowness(name: str, seed: int, part: str, scale: Scale, network: PathIntegrator | None = None) -> Table:
    """C6: replay over strength and time, with plain replay's noise and with twice of it, and inside the nonlinearity.

    For the book's network; where none is given, for one of the published kind, trained now, which also replays with
    momentum. A replay that diverges has no measures: its condition is left out.
    """
    path_task = task(name.removesuffix(PUBLISHED))
    conditions: dict[str, Dynamics] = {}
    if network is None:
        path_task = without_pauses(path_task)
        network = published_network(path_task, seed, scale)
        conditions["momentum, friction 0.5"] = Dynamics(noise_std=replay_noise(network)).with_friction(0.5)
    noise_std = replay_noise(network)
    conditions |= {f"plain, noise {noise:g}": Dynamics(noise_std=noise * noise_std) for noise in (1, 2)}
    for noise, inside in ((1, False), (2, False), (1, True)):
        for strength in MAP_STRENGTHS:
            for time in MAP_TIMES:
                dynamics = Setting(strength, time).dynamics(noise * noise_std, inside=inside)
                conditions[map_condition(strength, time, noise, inside)] = dynamics
    table: Table = {}
    for condition, dynamics in conditions.items():
        try:
            position = dream(network, path_task, dynamics, seed, scale.steps, scale.paths)
        except FloatingPointError:
            continue
        table[condition] = speeds(position, path_task.space)
    return table
