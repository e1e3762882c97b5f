"""C7 to C9: momentum compresses replay, alone and with adaptation, and what it costs."""

from dataclasses import replace

import torch

from replaylib.dynamics.rule import Dynamics
from replaylib.ledger.claims.base import Claim, Outcome, Scale, Table, difference, ratio
from replaylib.ledger.claims.replays import (
    AWAKE_PATHS,
    DEFAULTS,
    FRICTION,
    MARGIN,
    STRENGTH,
    TIME,
    adapted,
    measure_conditions,
)
from replaylib.measures.metrics import displacement, reach_time, share_on_path, sliced_wasserstein
from replaylib.networks.network import PathIntegrator
from replaylib.networks.replaying import dream, replay_noise
from replaylib.world.tasks import task

FRICTIONS = (1.0, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1)
"""Frictions of the compression curve [1/step]."""

FRONTIER_STRENGTHS, FRONTIER_FRICTIONS = (0.0, 0.02, 0.05, 0.1), (1.0, 0.7, 0.5, 0.3, 0.2, 0.1)
"""The grid on which speed is weighed against faithfulness."""


def measure_compression(network: PathIntegrator | None, name: str, seed: int, part: str, scale: Scale) -> Table:
    """C7: momentum alone, with noise rescaled and not, and the curve of frictions with adaptation's push."""
    assert network is not None
    plain = Dynamics(noise_std=replay_noise(network))
    conditions = {
        "plain": plain,
        "twice the noise": replace(plain, noise_std=2 * plain.noise_std),
        "momentum": plain.with_friction(FRICTION),
        "momentum, same noise": replace(plain, friction=FRICTION),
        "momentum, friction 0.1": plain.with_friction(0.1),
    }
    push = adapted(plain.noise_std)
    conditions |= {f"adaptation, friction {friction:g}": push.with_friction(friction) for friction in FRICTIONS}
    return measure_conditions(network, task(name), seed, scale, conditions)


def measure_together(network: PathIntegrator | None, name: str, seed: int, part: str, scale: Scale) -> Table:
    """C8: plain replay, each mechanism, and both."""
    assert network is not None
    plain = Dynamics(noise_std=replay_noise(network))
    conditions = {
        "plain": plain,
        "twice the noise": replace(plain, noise_std=2 * plain.noise_std),
        "momentum": plain.with_friction(FRICTION),
        "adaptation": adapted(plain.noise_std),
        "adaptation with momentum": adapted(plain.noise_std).with_friction(FRICTION),
        "adaptation inside": adapted(plain.noise_std, inside=True),
        "adaptation inside with momentum": adapted(plain.noise_std, inside=True).with_friction(FRICTION),
    }
    return measure_conditions(network, task(name), seed, scale, conditions)


def frontier_condition(strength: float, friction: float) -> str:
    """Name of a point of the frontier's grid."""
    return f"strength {strength:g}, friction {friction:g}"


def measure_frontier(network: PathIntegrator | None, name: str, seed: int, part: str, scale: Scale) -> Table:
    """C9: speed and faithfulness over strength and friction."""
    assert network is not None
    path_task, noise_std = task(name), replay_noise(network)
    law = path_task.batch(AWAKE_PATHS, torch.Generator().manual_seed(0)).position
    table: Table = {}
    for strength in FRONTIER_STRENGTHS:
        for friction in FRONTIER_FRICTIONS:
            dynamics = Dynamics(1.0, strength, TIME, noise_std).with_friction(friction)
            position = dream(network, path_task, dynamics, seed, scale.steps, scale.paths)
            table[frontier_condition(strength, friction)] = {
                "displacement": displacement(position, 20),
                "reach_time": reach_time(position, path_task.space),
                "sliced_wasserstein": sliced_wasserstein(position, law, scale.points),
                "share_on_path": share_on_path(position, path_task.space),
            }
    return table


def default_regret(table: Table) -> float | None:
    """How much nearer to the awake law [m] the best setting is that is at least as fast as the default."""
    default = table[frontier_condition(STRENGTH, FRICTION)]
    rivals = [row["sliced_wasserstein"] for row in table.values() if row["displacement"] >= default["displacement"]]
    return default["sliced_wasserstein"] - min(rivals)


CLAIMS = (
    Claim(
        "C7",
        "Momentum compresses",
        "Momentum compresses replay in time, by up to the inverse of its friction, with the awake law kept.",
        measure_compression,
        (
            Outcome(
                "displacement_ratio",
                "displacement in 20 steps: momentum alone, noise rescaled, over plain",
                ratio("displacement", "momentum", "plain"),
                null=1.0,
                primary=True,
            ),
            Outcome(
                "compression_with_push",
                "reach time of adapted replay at friction 1 over that at friction 0.3",
                ratio("reach_time", "adaptation, friction 1", "adaptation, friction 0.3"),
                null=1.0,
                primary=True,
            ),
            Outcome(
                "distance_added",
                f"distance from the awake law: momentum alone minus plain (margin {MARGIN} m)",
                difference("sliced_wasserstein", "momentum", "plain"),
                "below",
                MARGIN,
                primary=True,
                unit="m",
            ),
            Outcome(
                "compression_alone",
                "reach time of plain replay over that with momentum alone",
                ratio("reach_time", "plain", "momentum"),
                null=1.0,
            ),
            Outcome(
                "compression_alone_same_noise",
                "the same with the noise not rescaled",
                ratio("reach_time", "plain", "momentum, same noise"),
                null=1.0,
            ),
            Outcome(
                "displacement_over_awake",
                "displacement of momentum alone over the awake animal's",
                ratio("displacement", "momentum", "awake"),
                null=1.0,
            ),
            *(
                Outcome(
                    f"compression_at_friction_{friction:g}",
                    f"the second effect at friction {friction:g} (predicted {1 / friction:.3g})",
                    ratio("reach_time", "adaptation, friction 1", f"adaptation, friction {friction:g}"),
                    "",
                    1.0,
                )
                for friction in FRICTIONS[1:]
            ),
        ),
        {**DEFAULTS, "frictions": FRICTIONS},
    ),
    Claim(
        "C8",
        "Both restore speed and keep exploration",
        "Momentum makes adapted replay fast, and it still explores, stays on the path and keeps the awake law.",
        measure_together,
        (
            Outcome(
                "compression",
                "reach time of adaptation over that of adaptation with momentum",
                ratio("reach_time", "adaptation", "adaptation with momentum"),
                null=1.0,
                primary=True,
            ),
            Outcome(
                "coverage_gained",
                "coverage: adaptation with momentum minus plain",
                difference("coverage", "adaptation with momentum", "plain"),
                primary=True,
            ),
            Outcome(
                "distance_added",
                f"distance from the awake law: both minus adaptation (margin {MARGIN} m)",
                difference("sliced_wasserstein", "adaptation with momentum", "adaptation"),
                "below",
                MARGIN,
                primary=True,
                unit="m",
            ),
            Outcome(
                "compression_against_awake",
                "displacement in 20 steps: both over the awake animal's",
                ratio("displacement", "adaptation with momentum", "awake"),
                null=1.0,
            ),
            Outcome(
                "compression_against_plain",
                "displacement in 20 steps: both over plain",
                ratio("displacement", "adaptation with momentum", "plain"),
                null=1.0,
            ),
            Outcome(
                "share_on_path_kept",
                "share on the path: both minus plain (margin -0.05)",
                difference("share_on_path", "adaptation with momentum", "plain"),
                null=-0.05,
            ),
            Outcome(
                "compression_inside",
                "the first, with adaptation inside the nonlinearity",
                ratio("reach_time", "adaptation inside", "adaptation inside with momentum"),
                null=1.0,
            ),
        ),
        DEFAULTS,
    ),
    Claim(
        "C9",
        "A frontier of speed and faithfulness",
        "Beyond the paper: no setting as fast as the default is clearly more faithful, and too much momentum hurts.",
        measure_frontier,
        (
            Outcome(
                "regret_of_default",
                f"distance from the awake law: default minus the best as fast (margin {MARGIN} m)",
                default_regret,
                "below",
                MARGIN,
                primary=True,
                unit="m",
            ),
            Outcome(
                "distance_added_by_too_much",
                "distance from the awake law at strength 0.1: friction 0.1 minus friction 1",
                difference("sliced_wasserstein", frontier_condition(0.1, 0.1), frontier_condition(0.1, 1)),
                primary=True,
                unit="m",
            ),
            Outcome(
                "share_lost_by_too_much",
                "share on the path at strength 0.1: friction 1 minus friction 0.1",
                difference("share_on_path", frontier_condition(0.1, 1), frontier_condition(0.1, 0.1)),
                tasks=("triangle", "t-maze", "triangle-cells", "t-maze-cells"),
            ),
        ),
        {"strengths": FRONTIER_STRENGTHS, "frictions": FRONTIER_FRICTIONS},
    ),
)
