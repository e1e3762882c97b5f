"""Answers to the exercises of chapter 11."""

import numpy as np
import torch

from answers.dresses import as_array, as_list, as_tensor, dressed, no_words, numbers, words
from answers.ways_11 import (
    _no_wrap,
    _only_one_way,
    backed_up,
    backed_up_by_loop,
    by_distance,
    by_rings,
    carried,
    carried_by_iterator,
    carried_by_search,
    carried_by_values,
    in_breadth,
    q_by_distance,
    q_in_numpy,
    q_in_torch,
    q_values,
    q_with_table,
    there_and_back,
    with_queue,
)

RIGHT = {
    "11.1": numbers(98),
    "11.2": [
        backed_up,
        backed_up_by_loop,
        lambda r, v, d: np.max(np.array(r) + d * np.array(v)),
        lambda r, v, d: (torch.tensor(r) + d * torch.tensor(v)).max(),
        lambda r, v, d: max(map(lambda a, b: a + d * b, r, v)),
        lambda r, v, d: sorted(a + d * b for a, b in zip(r, v, strict=True))[-1],
        lambda r, v, d: np.float32(backed_up(r, v, d)),
        lambda r, v, d: (np.asarray(r, dtype=np.float32) + np.float32(d) * np.asarray(v, dtype=np.float32)).max(),
        lambda r, v, d: [backed_up(r, v, d)],
        *dressed(backed_up),
    ],
    "11.3": [
        carried,
        carried_by_search,
        carried_by_iterator,
        carried_by_values,
        lambda states, way: np.int64(carried(states, way)),
        lambda states, way: torch.tensor(carried(states, way)),
        lambda states, way: float(carried(states, way)),
        *dressed(carried),
    ],
    "11.4": [
        q_values,
        q_in_numpy,
        q_in_torch,
        q_with_table,
        q_by_distance,
        as_array(q_values),
        as_tensor(q_values),
        as_list(q_in_numpy),
        lambda *case: tuple(q_values(*case)),
        lambda *case: {state: value for state, value in enumerate(q_values(*case))}.values(),
    ],
    "11.5": [*words("clumps"), "its clumps", "the clumps"],
    "11.6": [
        in_breadth,
        with_queue,
        by_distance,
        by_rings,
        there_and_back,
        lambda *case: tuple(in_breadth(*case)),
        lambda *case: torch.tensor(in_breadth(*case)),
        lambda *case: [np.int64(one) for one in in_breadth(*case)],
        lambda *case: [float(one) for one in in_breadth(*case)],
    ],
}

WRONG = {
    "11.1": [
        (15, "This is one lap. The far side needs one for"),
        (14 * 14, "You count all 14 states at 14 steps each. One"),
        (49, "You count seven steps from one state to the"),
        (-98, "sign"),
        (97, "One step too few: the first state of the slow"),
        (99, "One step too many: the first state of the"),
        (112, "You count eight states on the slow side. Of"),
    ],
    "11.2": [
        (
            lambda r, v, d: min(a + d * b for a, b in zip(r, v, strict=True)),
            "You take the worst action. The learner will",
        ),
        (
            lambda r, v, d: sum(a + d * b for a, b in zip(r, v, strict=True)),
            "You add the actions up. Only the best of them",
        ),
        (
            lambda r, v, d: int(np.argmax([a + d * b for a, b in zip(r, v, strict=True)])),
            "You return which action is the best. Asked is",
        ),
        (lambda r, v, d: max(r), "You look at the rewards alone. What lies"),
        (lambda r, v, d: d * max(v), "You look ahead alone. The reward of the step"),
        (
            lambda r, v, d: max((1 - d) * a + d * b for a, b in zip(r, v, strict=True)),
            "You weigh reward and future as shares of one.",
        ),
        (lambda r, v, d: [a + d * b for a, b in zip(r, v, strict=True)], "You return all the values. Asked is the"),
        (lambda r, v, d: r[0] + d * v[0], "You take the first action alone. All of them"),
        (lambda r, v, d: r[int(np.argmax(v))] + d * max(v), "You look ahead alone. The reward of the step"),
        (lambda r, v, d: max(a - d * b for a, b in zip(r, v, strict=True)), "You take the future off. It is added."),
        (
            lambda r, v, d: max(d * a + b for a, b in zip(r, v, strict=True)),
            "You discount the reward and not the future.",
        ),
    ],
    "11.3": [
        (lambda states, way: carried(states[::-1], way), "You go through the replay backwards. Value is"),
        (lambda states, way: carried(states, way[::-1]), "You carry value from the far end. Nothing is"),
        (lambda states, way: len(states), "You count the named states, whatever they are."),
        (lambda states, way: sum(one in way for one in states), "You count a state each time it is named. It"),
        (lambda states, way: int(carried(states, way) == len(way)), "Yours asks for the whole way. A part of it"),
        (lambda states, way: way[: carried(states, way)], "You return the states themselves. Asked is"),
        (lambda states, way: carried(states, way) + 1, "You count one too many: the reward itself is"),
        (
            lambda states, way: sum(a == b for a, b in zip(states, way, strict=False)),
            "You compare place by place. Between two",
        ),
        (lambda states, way: len(way) - carried(states, way), "These are the states that are left. Asked is"),
    ],
    "11.4": [
        (lambda path, goal, n, d: q_values(path[::-1], goal, n, d), "You go through the path backwards. The"),
        (
            lambda path, goal, n, d: [d * one for one in q_values(path, goal, n, d)],
            "You discount the reward of the step into the",
        ),
        (
            lambda path, goal, n, d: [1.0 if s == goal else one for s, one in enumerate(q_values(path, goal, n, d))],
            "You give the goal a value of its own. There",
        ),
        (lambda path, goal, n, d: _only_one_way(path, goal, n, d), "Yours learns in one direction of the ring"),
        (lambda path, goal, n, d: _no_wrap(path, goal, n, d), "Yours takes the step from the last bin to the"),
        (lambda path, goal, n, d: max(q_values(path, goal, n, d)), "You return the largest alone. All of them are"),
        (
            lambda path, goal, n, d: [float(one > 0) for one in q_values(path, goal, n, d)],
            "You forgot the discount: all states are worth",
        ),
        (lambda path, goal, n, d: [0.0] * n, "Yours learns nothing."),
    ],
    "11.5": [("all", "must be one of"), *no_words("clumps")],
    "11.6": [
        (
            lambda neighbours, goal, steps: in_breadth(neighbours, goal, steps)[:-1],
            "must return a list of 300 states, but [299]",
        ),
        (
            lambda neighbours, goal, steps: in_breadth(neighbours, 0, steps),
            "On the triangle with the reward in 16 your",
        ),
        (
            lambda neighbours, goal, steps: in_breadth(neighbours, goal, steps)[::-1],
            "On the triangle with the reward in 0 your",
        ),
        (
            lambda neighbours, goal, steps: np.random.default_rng(0).integers(len(neighbours), size=steps),
            "On the triangle with the reward in 0 your",
        ),
        (
            lambda neighbours, goal, steps: [one / 2 for one in in_breadth(neighbours, goal, steps)],
            "Each state must be a whole number from 0 to",
        ),
        (lambda neighbours, goal, steps: [neighbours[goal]] * steps, "must return a list of 300 states, but [300,"),
        (lambda neighbours, goal, steps: [-1] * steps, "Each state must be a whole number from 0 to"),
        (lambda neighbours, goal, steps: list(range(steps)), "Each state must be a whole number from 0 to"),
    ],
}
