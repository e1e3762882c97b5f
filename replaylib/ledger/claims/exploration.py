"""C4 to C6: adaptation explores, remembers, and slows replay or speeds it up."""

import torch
from jaxtyping import Float
from torch import Tensor

from replaylib.dynamics.rule import Dynamics
from replaylib.ledger.claims.base import Claim, Outcome, Scale, Table, difference, ratio, value
from replaylib.ledger.claims.replays import BASE, DEFAULTS, FRICTION, STRENGTH, TIME, adapted, measure_conditions
from replaylib.ledger.claims.trainings import short_training, without_pauses
from replaylib.measures.metrics import displacement, memory_gain, reach_time, share_on_path, transit_times
from replaylib.networks.network import PathIntegrator
from replaylib.networks.replaying import awake_states, dream, replay, replay_noise
from replaylib.world.tasks import task

MAP_STRENGTHS, MAP_TIMES, MAP_NOISES = (0.02, 0.05, 0.1, 0.2), (5.0, 10.0, 20.0, 40.0), (1.0, 2.0)
"""The map of adaptation's speed: strengths [1], memories [steps], noise over that of plain replay [1]."""

UNAIDED = "no pauses, free weights"
"""A network trained without two of the book's choices; in the box, where no pauses can be left out, without one."""

WINDOW = 100
"""Steps in which the displacement of slow replay is told [steps]."""

ENOUGH_TRANSITS = 10
"""Transits below which their mean time is not told."""


def measure_exploration(network: PathIntegrator | None, name: str, seed: int, part: str, scale: Scale) -> Table:
    """C4: adaptation, outside and inside the nonlinearity, beside plain replay and twice the noise."""
    assert network is not None
    noise_std = replay_noise(network)
    conditions = {
        "plain": Dynamics(noise_std=noise_std),
        "twice the noise": Dynamics(noise_std=2 * noise_std),
        "adaptation": adapted(noise_std),
        "adaptation inside": adapted(noise_std, inside=True),
    }
    conditions |= {
        f"adaptation, strength {strength:g}": Dynamics(1.0, strength, TIME, noise_std) for strength in MAP_STRENGTHS
    }
    return measure_conditions(network, task(name), seed, scale, conditions)


def measure_memory(network: PathIntegrator | None, name: str, seed: int, part: str, scale: Scale) -> Table:
    """C5: what past states add to the prediction of the next."""
    assert network is not None
    noise_std, path_task = replay_noise(network), task(name)
    kinds = {
        "plain": Dynamics(noise_std=noise_std),
        "adaptation": adapted(noise_std),
        "adaptation inside": adapted(noise_std, inside=True),
        "momentum": Dynamics(noise_std=noise_std).with_friction(FRICTION),
    }
    table: Table = {}
    for condition, dynamics in kinds.items():
        generator = torch.Generator().manual_seed(seed)
        start = awake_states(network, path_task, scale.paths, generator)
        hidden = replay(network, start, scale.steps, dynamics, generator).hidden
        assert hidden is not None
        table[condition] = {"memory_gain": memory_gain(hidden, network.drift)}
    return table


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


def measure_slowness(network: PathIntegrator | None, name: str, seed: int, part: str, scale: Scale) -> Table:
    """C6: speeds over strength, memory and noise, for both forms of adaptation.

    For the book's network, and for one trained without its choices: without pauses and with free weights.
    """
    path_task = task(name)
    if part == UNAIDED:
        path_task = without_pauses(path_task)
        network = short_training(path_task, name, seed, "free weights", scale)
    assert network is not None
    noise_std = replay_noise(network)
    points = {f"plain, noise {noise:g}": Dynamics(noise_std=noise * noise_std) for noise in MAP_NOISES}
    points |= {
        map_condition(strength, time, noise, inside): Dynamics(1.0, strength, time, noise * noise_std, inside)
        for noise in MAP_NOISES
        for inside in (False, True)
        for strength in MAP_STRENGTHS
        for time in MAP_TIMES
    }
    before = f"{part}: " if part == UNAIDED else ""
    return {
        before + condition: speeds(dream(network, path_task, dynamics, seed, scale.steps, scale.paths), name)
        for condition, dynamics in points.items()
    }


SHORT_UNAIDED = f"{UNAIDED}: {map_condition(0.2, 5, 2)}"
"""Where adaptation slowed replay most on the tuning seeds."""

CLAIMS = (
    Claim(
        "C4",
        "Adaptation explores",
        "With adaptation replay visits more than plain replay does, and more than twice the noise would make it visit.",
        measure_exploration,
        (
            Outcome(
                "coverage_gained",
                "coverage: adaptation minus plain",
                difference("coverage", "adaptation", "plain"),
                primary=True,
            ),
            Outcome(
                "coverage_gained_over_noise",
                "coverage: adaptation minus twice the noise",
                difference("coverage", "adaptation", "twice the noise"),
                primary=True,
            ),
            Outcome(
                "entropy_gained",
                "occupancy entropy: adaptation minus plain",
                difference("occupancy_entropy", "adaptation", "plain"),
            ),
            Outcome(
                "transitions_gained",
                "distinct transitions: adaptation minus plain",
                difference("distinct_transitions", "adaptation", "plain"),
            ),
            Outcome(
                "coverage_gained_inside",
                "coverage: adaptation inside the nonlinearity minus plain",
                difference("coverage", "adaptation inside", "plain"),
            ),
            Outcome(
                "share_on_path_kept",
                "share on the path: adaptation minus plain (margin -0.05)",
                difference("share_on_path", "adaptation", "plain"),
                null=-0.05,
            ),
        ),
        DEFAULTS,
    ),
    Claim(
        "C5",
        "Adaptation remembers",
        "Adaptation makes replay non-Markov: past states help to predict the next one. For plain replay they do not.",
        measure_memory,
        (
            Outcome(
                "memory_gained",
                "gain of prediction from past states: adaptation minus plain",
                difference("memory_gain", "adaptation", "plain"),
                primary=True,
            ),
            Outcome(
                "memory_of_plain", "gain for plain replay", value("memory_gain", "plain"), predicted="at", primary=True
            ),
            Outcome(
                "memory_gained_inside",
                "the first for adaptation inside the nonlinearity",
                difference("memory_gain", "adaptation inside", "plain"),
            ),
            Outcome(
                "memory_gained_by_momentum",
                "the first for momentum, seen through h alone",
                difference("memory_gain", "momentum", "plain"),
            ),
        ),
        {**DEFAULTS, "lags": (1, 5, 10, 20, 40), "components": 8},
    ),
    Claim(
        "C6",
        "Adaptation slows replay",
        "Adaptation slows replay by 30 to 50 %: its speed over that of plain replay is 0.5 to 0.7.",
        measure_slowness,
        (
            Outcome(
                "speed_at_default",
                "speed by reach time over plain replay's, strength 0.05 and memory 40",
                ratio("reach_time", "plain, noise 1", map_condition(STRENGTH, TIME, 1)),
                "below",
                1.0,
                primary=True,
            ),
            Outcome(
                "speed_unaided",
                f"speed by reach time, {UNAIDED}, strength 0.2, memory 5, twice the noise on both sides",
                ratio("reach_time", f"{UNAIDED}: plain, noise 2", SHORT_UNAIDED),
                "below",
                1.0,
                primary=True,
            ),
            Outcome(
                "transit_speed_unaided",
                "the same by transit time",
                ratio("transit_time", f"{UNAIDED}: plain, noise 2", SHORT_UNAIDED),
                "below",
                1.0,
            ),
            Outcome(
                "speed_with_short_memory",
                "the same by reach time, for the book's network",
                ratio("reach_time", "plain, noise 2", map_condition(0.2, 5, 2)),
                "below",
                1.0,
            ),
            Outcome(
                "speed_inside",
                "the first, for adaptation inside the nonlinearity",
                ratio("reach_time", "plain, noise 1", map_condition(STRENGTH, TIME, 1, inside=True)),
                "below",
                1.0,
            ),
            Outcome(
                "displacement_at_default",
                "displacement in 100 steps over plain replay's, strength 0.05 and memory 40",
                ratio("displacement", map_condition(STRENGTH, TIME, 1), "plain, noise 1"),
                "below",
                1.0,
            ),
        ),
        {"strengths": MAP_STRENGTHS, "times": MAP_TIMES, "noises": MAP_NOISES},
        parts=lambda _: (BASE, UNAIDED),
    ),
)
