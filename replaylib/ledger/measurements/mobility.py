"""For C11 and C12: from which strength replay moves by itself, and what the same mobility costs at less friction."""

import math

import torch

from replaylib.dynamics.rule import Dynamics
from replaylib.ledger.measurements.replays import WINDOW, Setting, measure_conditions
from replaylib.ledger.measurements.scale import Scale, Table
from replaylib.measures.yardsticks import awake_speed
from replaylib.networks.network import PathIntegrator
from replaylib.networks.replaying import awake_states, replay, replay_noise
from replaylib.networks.rests import predicted_onset
from replaylib.theory.mobility import threshold
from replaylib.world.tasks import task

ONSETS = ((10.0, 1.0), (10.0, 0.3), (40.0, 1.0), (40.0, 0.3))
"""Times [steps] and frictions [1/step] at which the onset is predicted and then sought."""

ONSET_PATHS = 16
"""Noiseless replays, and awake states from which rests are sought."""

HALVINGS = 8
"""Times that the interval of the onset is halved, from a factor of 64: to 1.6 %."""

MOVES = 0.1
"""A noiseless replay moves where at last it gets further than this share of what the running animal does [1]."""

MOBILITIES, FRICTIONS, TIME = (3.0, 6.0), (1.0, 0.6, 0.3, 0.15), 10.0
"""Mobility numbers at which frictions are compared, with one adaptation time [steps]."""


def onset_condition(time: float, friction: float) -> str:
    """Name of a time and a friction."""
    return f"time {time:g}, friction {friction:g}"


def measure_onset(name: str, seed: int, part: str, scale: Scale, network: PathIntegrator) -> Table:
    """C11: the onset predicted from the stiffness of adapted rests, that of an even track, and the one found [1].

    The found onset is the strength from which half of the noiseless replays move, by halving an interval round the
    prediction that is a factor of 8 wide on either side; left out where it lies outside. Both are left out where the
    network has no adapted rests at some strength on the way.
    """
    path_task = task(name)
    start = awake_states(network, path_task, ONSET_PATHS, torch.Generator().manual_seed(seed))
    far = MOVES * awake_speed(path_task, WINDOW).running
    table: Table = {}
    for time, friction in ONSETS:
        even = threshold(friction=friction, time=time)
        row = table[onset_condition(time, friction)] = {"even": even}
        try:
            row["predicted"] = predicted_onset(network.drift, start, friction=friction, time=time)
        except ValueError:  # no rest was found: there is no prediction to judge
            continue
        guess = Setting(row["predicted"], time, friction)
        row["found"] = _found_onset(network, start, guess, scale.steps, far)
    return table


def _found_onset(network: PathIntegrator, start: torch.Tensor, guess: Setting, steps: int, far: float) -> float:
    """The strength from which half of the replays at last get further than ``far`` in 20 steps; nan out of range."""
    low, high = guess.strength / 8, guess.strength * 8
    if (
        _moving(network, start, guess.stronger(1 / 8), steps) > far
        or _moving(network, start, guess.stronger(8), steps) <= far
    ):
        return math.nan
    for _ in range(HALVINGS):
        middle = math.sqrt(low * high)
        moves = _moving(network, start, Setting(middle, guess.time, guess.friction), steps) > far
        low, high = (low, middle) if moves else (middle, high)
    return math.sqrt(low * high)


def _moving(network: PathIntegrator, start: torch.Tensor, setting: Setting, steps: int) -> float:
    """Median over noiseless replays of the mean displacement in windows of 20 steps, in the last fifth of them [m].

    The states are shaken a little at first, since nothing leaves an exact rest; where replay diverges, ``inf``.
    """
    generator = torch.Generator().manual_seed(0)
    kicked = start + 1e-3 * start.std() * torch.randn(start.shape, generator=generator)
    try:
        position = replay(network, kicked, steps, setting.dynamics(0.0), generator, keep="position").position
    except FloatingPointError:
        return math.inf
    late = position[:, -(steps // 5 + 1) :]
    return float((late[:, WINDOW:] - late[:, :-WINDOW]).norm(dim=-1).mean(dim=1).median())


def equal_condition(mobility: float, friction: float) -> str:
    """Name of a friction at a mobility number."""
    return f"mobility {mobility:g}, friction {friction:g}"


def measure_equal_mobility(name: str, seed: int, part: str, scale: Scale, network: PathIntegrator) -> Table:
    """C12: all measures at equal mobility and time over frictions, and "size": the state's norm over the awake one."""
    path_task, noise_std = task(name), replay_noise(network)
    settings = {
        equal_condition(mobility, friction): Setting(mobility * friction / TIME, TIME, friction)
        for mobility in MOBILITIES
        for friction in FRICTIONS
    }
    conditions = {"plain": Dynamics(noise_std=noise_std)}
    conditions |= {label: setting.dynamics(noise_std) for label, setting in settings.items()}
    table = measure_conditions(network, path_task, seed, scale, conditions)
    for label in set(table) & set(conditions):
        table[label]["size"] = _size(network, name, seed, scale, conditions[label])
    return table


def _size(network: PathIntegrator, name: str, seed: int, scale: Scale, dynamics: Dynamics) -> float:
    """Mean norm of hidden states in the second half of replay, over that of awake states [1]."""
    generator = torch.Generator().manual_seed(seed)
    start = awake_states(network, task(name), scale.paths, generator)
    hidden = replay(network, start, scale.steps // 2, dynamics, generator).hidden
    assert hidden is not None
    return float(hidden[:, scale.steps // 4 :].norm(dim=-1).mean() / start.norm(dim=-1).mean())
