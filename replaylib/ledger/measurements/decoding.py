"""For C14: which motion the spikes of replay tell of, at several frictions and one speed, and in the controls."""

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from replaylib.dynamics.rule import Dynamics
from replaylib.ledger.measurements.replays import WINDOW, Setting
from replaylib.ledger.measurements.scale import Scale, Table
from replaylib.measures.metrics import displacement
from replaylib.measures.motion_models.bins import space_bins
from replaylib.measures.motion_models.comparing import KINDS, MotionModels
from replaylib.measures.motion_models.exponents import displacement_exponent
from replaylib.measures.motion_models.groups import random_effects
from replaylib.measures.motion_models.spikes import STEPS_A_WINDOW, SpikingCells, windows
from replaylib.measures.yardsticks import awake_speed
from replaylib.networks.network import PathIntegrator
from replaylib.networks.replaying import dream, replay_noise
from replaylib.world.place_cells import PlaceCells
from replaylib.world.spaces import Space
from replaylib.world.tasks import PathTask, task

TIME, FRICTIONS = 10.0, (1.0, 0.6, 0.3, 0.15)
"""Adaptation time [steps], and the frictions that are compared [1/step]; 1 is adaptation alone."""

SPEED = 0.6
"""The speed of all of them: displacement in 20 steps over that of the running animal [1]."""

STRENGTHS: Mapping[str, tuple[float, ...]] = {
    "triangle": (0.1142, 0.0665, 0.0324, 0.0162),
    "t-maze": (0.1123, 0.0638, 0.0307, 0.0156),
    "triangle-cells": (0.1282, 0.0801, 0.0406, 0.0223),
    "t-maze-cells": (0.1412, 0.0871, 0.0453, 0.0264),
}
"""Strengths with which the tuning networks have that speed, by ``replaylib.ledger.equal_speed``, one a friction [1]."""

TRIALS, NEAR, LATE = 8, 0.02, 240
"""Replays by which a network's strength is sought, how near to the speed is enough [1], and last steps that count."""

SPACING, CELLS, FIELD = 0.075, 0.15, 0.25
"""Distance of the bins, of the spiking cells' centres, and width of their fields [m]."""

SPREADS = (0.4, 0.8, 1.6, 3.2)
"""Spreads of a step that are tried [bins]: 3 to 24 cm a window, since replay at this speed takes 4 cm a window."""

WINDOWS, SPIKES, FEW_SPIKES = 40, 4.5, 1.4
"""Windows in an event, and spikes in a window: in the mean over places, and where there are few [1]."""

RUN = WINDOWS * STEPS_A_WINDOW
"""Steps of an event: the last ones of a replay."""


def friction_condition(friction: float) -> str:
    """Name of a friction at the common speed."""
    return f"friction {friction:g}"


def measure_decoding(name: str, seed: int, part: str, scale: Scale, network: PathIntegrator) -> Table:
    """C14: what the spikes of the last 80 steps of replays tell, plain, with momentum alone, and at four frictions.

    The controls: the path of the least friction with its windows in random order, and the awake animal. The first and
    the last friction are decoded from few spikes too. A replay that diverges has no measures.
    """
    path_task, noise_std = task(name), replay_noise(network)
    running = awake_speed(path_task).running
    search = Search(network, path_task, seed, scale, SPEED * running)
    conditions = {"plain": Dynamics(noise_std=noise_std), "momentum": Dynamics(noise_std=noise_std)}
    conditions["momentum"] = conditions["momentum"].with_friction(FRICTIONS[-1])
    for friction, strength in zip(FRICTIONS, STRENGTHS[name], strict=True):
        conditions[friction_condition(friction)] = search(Setting(strength, TIME, friction)).dynamics(noise_std)
    paths = {"awake": path_task.batch(scale.paths, torch.Generator().manual_seed(seed), scale.steps).position}
    for condition, dynamics in conditions.items():
        try:
            paths[condition] = dream(network, path_task, dynamics, seed, scale.steps, scale.paths)
        except FloatingPointError:
            continue
    return _decoded(paths, Decoder(path_task.space, SPIKES, seed), Decoder(path_task.space, FEW_SPIKES, seed), running)


def _decoded(paths: Mapping[str, Tensor], decode: "Decoder", few: "Decoder", running: float) -> Table:
    """What paths tell, [events, times, 2] each, with their speeds and strengths, and what two of them do not."""
    table = {condition: decode(position) for condition, position in paths.items()}
    for condition, position in paths.items():
        table[condition]["speed"] = displacement(position[:, -LATE:], WINDOW) / running
    first, last = (friction_condition(FRICTIONS[index]) for index in (0, -1))
    table |= {f"{one}, few spikes": few(paths[one]) for one in (first, last) if one in paths}
    if last in paths:
        table["shuffled"] = decode(paths[last], shuffled=True)
    return table


class Search:
    """The strength with which a network replays at a speed, sought with other noise than it is measured with.

    far: displacement in 20 steps that is wanted, in the last 240 of a replay [m].
    """

    def __init__(self, network: PathIntegrator, path_task: PathTask, seed: int, scale: Scale, far: float) -> None:
        self.network, self.task, self.scale, self.far = network, path_task, scale, far
        # Seeds of the ledger lie far below.
        self.seed = seed + 100_000

    def __call__(self, start: Setting) -> Setting:
        """The setting with its strength halved or doubled at most; the last one tried where none is near enough."""
        low, high, now = start.stronger(0.5), start.stronger(2.0), start
        for _ in range(TRIALS):
            shown = self._far(now)
            if abs(shown / self.far - 1) <= NEAR:
                break
            low, high = (now, high) if shown < self.far else (low, now)
            now = replace(now, strength=math.sqrt(low.strength * high.strength))
        return now

    def _far(self, setting: Setting) -> float:
        """Displacement in 20 steps late in replays, ``inf`` where they diverge [m]."""
        dynamics = setting.dynamics(replay_noise(self.network))
        try:
            position = dream(self.network, self.task, dynamics, self.seed, self.scale.steps, self.scale.paths)
        except FloatingPointError:
            return math.inf
        return displacement(position[:, -LATE:], WINDOW)


class Decoder:
    """From paths to what their spikes tell, on fixed bins: the last 40 windows of each path are an event.

    "decoded_momentum": the mean over events [1]. "log_bayes_factor": of momentum over diffusion, the mean. "share_of"
    a kind: its expected frequency, by random effects [1]. "sure": protected exceedance probability of momentum [1].
    "exponent": slope of the path's displacement.
    """

    def __init__(self, space: Space, spikes: float, seed: int) -> None:
        self.bins, self.seed = space_bins(space, SPACING), seed
        self.models = MotionModels(self.bins, SPREADS)
        centres = torch.from_numpy(space_bins(space, CELLS).places)
        self.cells = SpikingCells.firing(PlaceCells(centres, FIELD), spikes, self.bins.places)

    def __call__(self, position: Float[Tensor, "events times 2"], shuffled: bool = False) -> dict[str, float]:
        """The measures by name; the same seed gives the same order of windows and, to the same path, spikes."""
        generator = np.random.default_rng(self.seed)
        path = windows(position[:, -RUN:], WINDOWS)
        if shuffled:
            path = path[:, torch.from_numpy(generator.permutation(WINDOWS))]
        counts = self.cells.counts(path, generator)
        found = self.models.compare(self.cells.log_likelihood(counts, self.bins.places).astype(np.float32))
        group = random_effects(found.log_evidence)
        return {
            "decoded_momentum": float(found.decoded_momentum().mean()),
            "log_bayes_factor": float(found.log_bayes_factor.mean()),
            "sure": float(group.protected[KINDS.index("momentum")]),
            "exponent": displacement_exponent(path),
            **{f"share_of_{kind}": float(share) for kind, share in zip(KINDS, group.frequency, strict=True)},
        }
