"""Learning from replay: who names the states, who learns from them, and at what cost."""

from replaylib.planning.bins import Bins
from replaylib.planning.deep import DeepSettings, deep_q_learning
from replaylib.planning.learners import Learnt, LearntMap, Spent, learn_successors, q_learning, value_backups
from replaylib.planning.memory_model import memory_access
from replaylib.planning.orders import carried, carried_at_random, carried_by_wave
from replaylib.planning.priorities import gain_and_need, prioritised_sweeping
from replaylib.planning.scores import area, autocorrelation_time, effective_samples, steps_to
from replaylib.planning.suppliers import (
    Budget,
    Replayed,
    awake,
    backwards,
    dreamt,
    independent,
    joined,
    of_paths,
    shuffled,
    starting_states,
    thinned,
    uniform,
)
from replaylib.planning.worlds import World, best_actions, optimal, random_walk, successor_representation

__all__ = [
    "Bins",
    "Budget",
    "DeepSettings",
    "Learnt",
    "LearntMap",
    "Replayed",
    "Spent",
    "World",
    "area",
    "autocorrelation_time",
    "awake",
    "backwards",
    "best_actions",
    "carried",
    "carried_at_random",
    "carried_by_wave",
    "deep_q_learning",
    "dreamt",
    "effective_samples",
    "gain_and_need",
    "independent",
    "joined",
    "learn_successors",
    "memory_access",
    "of_paths",
    "optimal",
    "prioritised_sweeping",
    "q_learning",
    "random_walk",
    "shuffled",
    "starting_states",
    "steps_to",
    "successor_representation",
    "thinned",
    "uniform",
    "value_backups",
]
