"""For C13: what a learner has from dreams, beside other orders of the same, awake paths, chance and priorities."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import torch
from jaxtyping import Float
from scipy.stats import spearmanr

from replaylib.dynamics.rule import Dynamics
from replaylib.ledger.measurements.replays import Setting
from replaylib.ledger.measurements.scale import Scale, Table
from replaylib.networks.network import PathIntegrator
from replaylib.networks.replaying import replay_noise
from replaylib.planning.bins import Bins
from replaylib.planning.learners import learn_successors, q_learning, value_backups
from replaylib.planning.memory_model import memory_access
from replaylib.planning.priorities import gain_and_need, prioritised_sweeping
from replaylib.planning.scores import area, effective_samples, steps_to
from replaylib.planning.suppliers import (
    Budget,
    Replayed,
    awake,
    backwards,
    dreamt,
    independent,
    joined,
    shuffled,
    starting_states,
    thinned,
    uniform,
)
from replaylib.planning.worlds import DISCOUNT, World, successor_representation
from replaylib.world.spaces import Track
from replaylib.world.tasks import PathTask, task

EVENTS = (30, 100, 300, 1000)
"""Lengths of events that are compared [steps]."""

LONG, SHORT = max(EVENTS), min(EVENTS)

AT_SPEEDS = (0.5, 1.0, 1.5)
"""Speeds for which settings with momentum were chosen, in times that of the running animal; in long events alone."""

COMPARED = ("plain", "adaptation", "both", "uniform")
"""Suppliers whose experiences the other learners are given, in long events."""

ENOUGH = 0.9
"""Share of states with the best action that counts as having learnt the maze [1]."""


def condition(supplier: str, event: int) -> str:
    """Name of a supplier at an event length."""
    return f"{supplier}, events of {event}"


@dataclass(frozen=True, eq=False)
class _Bench:
    """What all supplies of one network share."""

    network: PathIntegrator
    path_task: PathTask
    bins: Bins
    world: World
    budget: Budget
    seed: int

    def dreams(self, conditions: Mapping[str, Dynamics]) -> dict[str, Replayed]:
        """Dreams under several dynamics from the same starts with the same noise; one that diverges is left out."""
        generator = torch.Generator().manual_seed(self.seed)
        start = starting_states(self.network, self.path_task, self.budget, generator)
        noise, found = generator.get_state(), {}
        for name, dynamics in conditions.items():
            generator.set_state(noise)
            try:
                found[name] = dreamt(self.network, start, self.bins, dynamics, self.budget, generator)
            except FloatingPointError:
                continue
        return found

    def longer(self, dynamics: Dynamics, every: int) -> Replayed:
        """Dreams of ``every`` times as many steps, of which each ``every``-th is thought of."""
        budget = replace(self.budget, steps=every * self.budget.steps, event=every * self.budget.event)
        longer = replace(self, budget=budget).dreams({"longer": dynamics})
        return thinned(longer["longer"], every)

    def others(self) -> dict[str, Replayed]:
        """The awake path, and experience at random."""
        generator = torch.Generator().manual_seed(self.seed)
        paths = awake(self.path_task, self.bins, self.budget, generator)
        return {"awake": paths, "uniform": uniform(self.bins, self.budget, generator)}

    def strongest(self, paths: Replayed) -> dict[str, Replayed]:
        """The strongest suppliers that are no dreams; an animal rests where the events of ``paths`` begin."""
        generator = torch.Generator().manual_seed(self.seed)
        start = paths.state[:, :: self.budget.event]
        need = successor_representation(self.bins, self.world.discount)
        return {
            "sweeping": prioritised_sweeping(self.world, self.budget.steps),
            "gain and need": gain_and_need(self.world, need, start, self.budget),
            "memory": memory_access(self.bins, start.ravel(), self.budget, generator=generator),
            "memory, reverse": memory_access(self.bins, start.ravel(), self.budget, "reverse", generator=generator),
        }


def measure_planning(
    name: str, seed: int, part: str, scale: Scale, network: PathIntegrator, *, chosen: Mapping[str, Setting]
) -> Table:
    """C13: how well states are learnt by one backup of each state that a supplier names, for four event lengths.

    There are ``scale.paths`` learners with a goal each, and 5/3 times ``scale.steps`` steps: 1000 at full scale.
    "area": mean share of states with the best action over the budget. "final": that share at the end. "steps_to_90":
    steps until it is 0.9, the budget where it is not reached. "effective": effective samples per step. "jump_share": of
    steps beyond a neighbour. In long events "q_forward", "q_both_ways": areas of Q-learning; "successors": correlation
    with the true successor representation. "over suppliers": the rank correlation of effective samples with areas over
    the suppliers that do not look at what is learnt.
    """
    path_task = task(name)
    assert isinstance(path_task.space, Track)
    bins = Bins.of_track(path_task.space)
    goals = torch.randint(len(bins), (scale.paths,), generator=torch.Generator().manual_seed(seed)).numpy()
    steps = scale.steps * 5 // 3
    table: Table = {}
    for event in EVENTS:
        budget = Budget(scale.paths, steps, min(event, steps))
        bench = _Bench(network, path_task, bins, World.on_bins(bins, goals), budget, seed)
        supplies = _supplies(bench, chosen, every=event == LONG)
        rows = _learnt(bench, supplies)
        if event == LONG:
            _ask_other_learners(bench, supplies, rows)
        table |= {condition(supplier, event): row for supplier, row in rows.items()}
    table["over suppliers"] = {"rank_correlation": _rank_correlation(table)}
    return table


def _supplies(bench: _Bench, chosen: Mapping[str, Setting], every: bool) -> dict[str, Replayed]:
    """What suppliers name: dreams, awake paths and chance, and with ``every`` the same in other orders, and others."""
    plain = Dynamics(noise_std=replay_noise(bench.network))
    friction = chosen["together"].friction
    labels = {
        "adaptation": "fastest alone",
        "both": "fastest together",
        "book's adaptation": "adaptation",
        "book's both": "together",
        **{f"both, together at {speed:g}": f"together at {speed:g}" for speed in AT_SPEEDS if every},
    }
    conditions = {"plain": plain, "momentum": plain.with_friction(friction)}
    conditions |= {label: chosen[name].dynamics(plain.noise_std) for label, name in labels.items()}
    found = bench.dreams(conditions) | bench.others()
    if not every:
        return found
    found |= bench.dreams({"twice the noise": replace(plain, noise_std=2 * plain.noise_std)})
    found["plain, longer"] = bench.longer(plain, round(1 / friction))
    generator = torch.Generator().manual_seed(bench.seed)
    for name in ("both", "adaptation"):
        if name in found:
            found[f"{name} shuffled"] = shuffled(found[name], generator)
            found[f"{name} reversed"] = backwards(found[name])
            found[f"{name} independent"] = independent(found[name], generator)
    return found | bench.strongest(found["awake"])


def _learnt(bench: _Bench, supplies: Mapping[str, Replayed]) -> Table:
    """Scores of value backups for each supply; all learn side by side."""
    share = value_backups(bench.world.repeated(len(supplies)), joined(list(supplies.values()))).share
    curves = share.reshape(len(supplies), bench.world.worlds, -1)
    return {
        supplier: {
            **_scores(curve, bench.budget),
            "effective": effective_samples(replayed, bench.bins),
            "jump_share": replayed.jump_share(bench.bins),
        }
        for (supplier, replayed), curve in zip(supplies.items(), curves, strict=True)
    }


def _scores(curve: Float[np.ndarray, "worlds steps"], budget: Budget) -> dict[str, float]:
    return {
        "area": area(curve),
        "final": float(curve[:, -1].mean()),
        "steps_to_90": min(steps_to(curve, ENOUGH), float(budget.steps)),
    }


def _ask_other_learners(bench: _Bench, supplies: Mapping[str, Replayed], rows: Table) -> None:
    """Add, in place, what Q-learning and a learner of successors have from the suppliers that are compared."""
    for supplier in (name for name in COMPARED if name in supplies):
        replayed = supplies[supplier]
        for label, both_ways in (("q_forward", False), ("q_both_ways", True)):
            rows[supplier][label] = area(q_learning(bench.world, bench.bins, replayed, both_ways=both_ways).share)
        rows[supplier]["successors"] = float(learn_successors(bench.bins, replayed, DISCOUNT).correlation[:, -1].mean())


def _rank_correlation(table: Table) -> float:
    """Of effective samples with areas, over dreams and other suppliers that do not look at what is learnt [1]."""
    seeing = ("sweeping", "gain and need")
    rows = [row for name, row in table.items() if name.endswith(f"of {LONG}") and not name.startswith(seeing)]
    return float(spearmanr([row["effective"] for row in rows], [row["area"] for row in rows]).statistic)
