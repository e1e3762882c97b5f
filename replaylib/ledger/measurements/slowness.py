"""For C6: how fast replay is over the strength and time of adaptation, in the book's networks and published ones."""

from replaylib._streams import Purpose, stream
from replaylib.dynamics.rule import Dynamics
from replaylib.ledger.measurements.replays import Setting, measure_conditions
from replaylib.ledger.measurements.scale import Scale, Table
from replaylib.ledger.measurements.trainings import without_pauses
from replaylib.measures.metrics import transit_times
from replaylib.networks.network import PathIntegrator
from replaylib.networks.replaying import dream, replay_noise
from replaylib.networks.training import Trainer, TrainingSettings
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


def published_network(path_task: PathTask, seed: int, scale: Scale) -> PathIntegrator:
    """A trained network of the published kind, for a task without pauses."""
    network = PathIntegrator.for_task(path_task, stream(Purpose.WEIGHTS, seed), **PUBLISHED_NETWORK)
    Trainer(network, path_task, TrainingSettings(3 * scale.iterations("triangle"), seed=seed)).run()
    return network


def measure_slowness(name: str, seed: int, part: str, scale: Scale, network: PathIntegrator | None = None) -> Table:
    """C6: replay over strength and time, with plain replay's noise and with twice of it, and inside the nonlinearity.

    For the book's network; where none is given, for one of the published kind, trained now, which also replays with
    momentum. "transit_mean" is the mean time from one landmark to the next, where there are at least ten such passages.
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
    table = measure_conditions(network, path_task, seed, scale, conditions)
    for condition in set(table) & set(conditions):
        passages = transit_times(
            dream(network, path_task, conditions[condition], seed, scale.steps, scale.paths), path_task.space
        )
        if len(passages) >= ENOUGH_TRANSITS:
            table[condition]["transit_mean"] = sum(passages) / len(passages)
    return table
