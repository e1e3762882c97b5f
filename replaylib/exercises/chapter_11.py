"""Exercises on what a learner has from replay."""

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import torch

from replaylib.exercises.checking import Choice, Exercise, Function, Judged, Number, array, call
from replaylib.planning.bins import Bins
from replaylib.planning.suppliers import Budget, uniform
from replaylib.planning.worlds import DISCOUNT
from replaylib.world.spaces import t_maze, triangle

STEPS = 300
"""States that a designed supplier names."""

LEAD = 0.1
"""Area by which it must beat states at random [1]."""

_SAME = 1e-9
"""Difference of values that tie [1]."""


def _backed_up(reward: list[float], ahead: list[float], discount: float) -> float:
    return max(r + discount * v for r, v in zip(reward, ahead, strict=True))


def _carried(states: list[int], way: list[int]) -> int:
    reached = 0
    for state in states:
        if reached < len(way) and state == way[reached]:
            reached += 1
    return reached


def _carried_in_a_run(states: list[int], way: list[int]) -> int:
    """The longest beginning of the way that is named without anything between."""
    lengths = range(len(way), 0, -1)
    runs = (length for length in lengths for at in range(len(states)) if states[at : at + length] == way[:length])
    return next(runs, 0)


def _q_values(path: Sequence[int], goal: int, n: int, discount: float, faults: Sequence[str] = ()) -> list[float]:
    """Faults: "leaving": the reward comes with the step out of the goal. "goes on": the goal learns. "jumps" teach.

    "one way": learns from steps in one direction. "line": the ring is open between its last bin and the first.
    """
    values = [0.0] * n
    for state, after in pairwise(path):
        turn = after - state if "line" in faults else (after - state) % n
        steps = (1,) if "one way" in faults else (1, -1) if "line" in faults else (1, n - 1)
        if (state == goal and "goes on" not in faults) or ("jumps" not in faults and turn not in steps):
            continue
        reward = float((state if "leaving" in faults else after) == goal)
        values[state] = max(values[state], reward + discount * values[after])
    return values


def area_of(bins: Bins, goal: int, states: Sequence[int]) -> float:
    """Mean share of learnt states over the backups of these states, as ``value_backups`` and ``area`` have it [1]."""
    nearest = [min(int(bins.distances[goal, one]) for one in others) for others in bins.neighbours]
    values, learnt, total = [0.0] * len(bins), [False] * len(bins), 0
    for state in (int(one) for one in states):
        others = bins.neighbours[state]
        if state != goal:
            ahead = [1.0 if one == goal else DISCOUNT * values[one] for one in others]
            values[state] = max(ahead)
            held = [one for one, value in zip(others, ahead, strict=True) if value >= values[state] - _SAME]
            right = all(bins.distances[goal, one] == nearest[state] for one in held)
            learnt[state] = values[state] > _SAME and right
        total += sum(learnt)
    return total / (len(states) * (len(bins) - 1))


@cache
def _mazes() -> dict[str, Bins]:
    return {"triangle": Bins.of_track(triangle()), "T-maze": Bins.of_track(t_maze())}


@cache
def _chance(maze: str, goal: int) -> float:
    """Area of states at random, the mean of eight draws [1]."""
    bins, random = _mazes()[maze], torch.Generator().manual_seed(goal)
    drawn = uniform(bins, Budget(8, STEPS, STEPS), random).state.tolist()
    return sum(area_of(bins, goal, row) for row in drawn) / len(drawn)


def _supplier_fault(answer: Any) -> str:
    """Judge a supplier by what a learner has from it, on both mazes and for rewards in several places."""
    for name, bins in _mazes().items():
        neighbours = [list(others) for others in bins.neighbours]
        for goal in range(0, len(bins), 8):
            given = array(call(answer, {"neighbours": neighbours, "goal": goal, "steps": STEPS}))
            if given.shape != (STEPS,):
                return f"Your function must return a list of {STEPS} states, but {list(given.shape)} came as its shape."
            if ((given != given.round()) | (given < 0) | (given >= len(bins))).any():
                return f"Each state must be a whole number from 0 to {len(bins) - 1}, but one is not."
            states = given.astype(int).tolist()
            if fault := _too_slow(bins, goal, states, name):
                return fault
    return ""


def _too_slow(bins: Bins, goal: int, states: list[int], name: str) -> str:
    """What keeps a supplier from beating chance; empty where nothing does."""
    reached, wanted = area_of(bins, goal, states), _chance(name, goal) + LEAD
    if reached >= wanted:
        return ""
    never = len(set(range(len(bins))) - {goal} - set(states))
    why = f"{never} states are never named" if never else "all states are named, but too seldom in the order outwards"
    return f"On the {name} with the reward in {goal} your area is {reached:.2f}, and {wanted:.2f} is asked: {why}."


EXERCISES: dict[str, Exercise] = {
    "11.1": Number(
        98.0,
        {
            7.0: "After half a lap one side is learnt. On the other side the wave comes from the far end.",
            14.0: "After one lap all states were named, but on the other side only the last of them saw the reward.",
            105.0: "You count a whole lap of 15 for each state. The next state lies one bin *before* the last one.",
            84.0: "On the slow side the first state takes the wave 14 steps too: it must come all the way round.",
            15.0: "This is one lap. The far side needs one for each of its states.",
            196.0: "You count all 14 states at 14 steps each. One side is learnt in the first lap.",
            49.0: "You count seven steps from one state to the next. The wave does not turn: it must go round.",
            112.0: "You count eight states on the slow side. Of 14 states seven lie on each side.",
            97.0: "One step too few: the first state of the slow side is named at step 14.",
            99.0: "One step too many: the first state of the slow side is named at step 14.",
        },
        tolerance=0.001,
        unit="steps",
    ),
    "11.2": Function(
        _backed_up,
        [
            {"reward": [0.0, 0.0], "ahead": [0.5, 0.9], "discount": 0.9},
            {"reward": [1.0, 0.0], "ahead": [0.0, 0.95], "discount": 0.95},
            {"reward": [0.2, 0.5, 0.0], "ahead": [0.6, 0.1, 0.7], "discount": 0.5},
        ],
        {
            "You take the mean over the actions. The learner will take the *best* of them.": lambda reward, ahead, discount: (
                sum(r + discount * v for r, v in zip(reward, ahead, strict=True)) / len(reward)
            ),
            "You forgot the discount: what lies a step ahead is worth less.": lambda reward, ahead, discount: (
                _backed_up(reward, ahead, 1.0)
            ),
            "You discount the reward as well. It comes at once.": lambda reward, ahead, discount: max(
                discount * (r + v) for r, v in zip(reward, ahead, strict=True)
            ),
            "You add the best reward to the best that lies ahead. Both must come from the *same* action.": (
                lambda reward, ahead, discount: max(reward) + discount * max(ahead)
            ),
            "You take the worst action. The learner will take the *best*.": lambda r, v, d: min(
                a + d * b for a, b in zip(r, v, strict=True)
            ),
            "You add the actions up. Only the best of them is taken.": lambda r, v, d: sum(
                a + d * b for a, b in zip(r, v, strict=True)
            ),
            "You return which action is the best. Asked is its value.": lambda r, v, d: int(
                np.argmax([a + d * b for a, b in zip(r, v, strict=True)])
            ),
            "You look at the rewards alone. What lies ahead counts too.": lambda r, v, d: max(r),
            "You look ahead alone. The reward of the step itself counts too.": lambda r, v, d: d * max(v),
            "You weigh reward and future as shares of one. The reward counts in full.": lambda r, v, d: max(
                (1 - d) * a + d * b for a, b in zip(r, v, strict=True)
            ),
            "You take the first action alone. All of them must be compared.": lambda r, v, d: r[0] + d * v[0],
            "You choose the action by what lies ahead. Choose by the sum of reward and discounted future.": lambda r, v, d: (
                r[int(np.argmax(v))] + d * max(v)
            ),
            "You take the future off. It is added.": lambda r, v, d: max(a - d * b for a, b in zip(r, v, strict=True)),
            "You discount the reward and not the future. It is the other way round.": lambda r, v, d: max(
                d * a + b for a, b in zip(r, v, strict=True)
            ),
        },
    ),
    "11.3": Function(
        _carried,
        [
            {"states": [3, 1, 5, 2, 2, 3, 1], "way": [1, 2, 3, 4]},
            {"states": [4, 3, 2, 1], "way": [1, 2, 3, 4]},
            {"states": [1, 2, 4, 3, 4, 9], "way": [1, 2, 3, 4]},
            {"states": [7, 6], "way": [1]},
        ],
        {
            "You count the states that were named, in any order. The next one must be named *after* the one before it.": (
                lambda states, way: len(set(states) & set(way))
            ),
            "You want the states in one run. What is named between them does no harm.": _carried_in_a_run,
            "You carry value from the far end. Nothing is known there: begin at the reward.": lambda states, way: (
                _carried(states, way[::-1])
            ),
            "You go through the replay backwards. Value is learnt in the order in which states are named.": lambda s, w: (
                _carried(s[::-1], w)
            ),
            "You count the named states, whatever they are.": lambda s, w: len(s),
            "You count a state each time it is named. It is learnt once, and only after the one before it.": lambda s, w: (
                sum(one in w for one in s)
            ),
            "Yours asks for the whole way. A part of it may be learnt as well: how many states?": lambda s, w: int(
                _carried(s, w) == len(w)
            ),
            "You return the states themselves. Asked is how many they are.": lambda s, w: w[: _carried(s, w)],
            "You count one too many: the reward itself is not on the way.": lambda s, w: _carried(s, w) + 1,
            "You compare place by place. Between two states of the way others may be named.": lambda s, w: sum(
                a == b for a, b in zip(s, w, strict=False)
            ),
            "These are the states that are left. Asked is how many are learnt.": lambda s, w: len(w) - _carried(s, w),
        },
    ),
    "11.4": Function(
        _q_values,
        [
            {"path": [3, 2, 1, 0, 1, 2, 3, 4], "goal": 0, "n": 8, "discount": 0.9},
            {"path": [1, 0, 1, 0, 7, 6, 4, 1, 2, 3, 2, 1], "goal": 0, "n": 8, "discount": 0.5},
            {"path": [4, 5, 4, 2, 3, 4, 5, 6, 5], "goal": 5, "n": 9, "discount": 0.8},
            {"path": [1, 0, 4, 3], "goal": 3, "n": 5, "discount": 0.9},
            {"path": [4, 0, 4, 0, 1, 0, 4], "goal": 0, "n": 5, "discount": 0.5},
            {"path": [2, 1, 0, 4, 0, 1, 0, 4], "goal": 4, "n": 5, "discount": 0.8},
        ],
        {
            "This is the colleague's function as it was: its reward comes with the step *out* of the goal.": (
                lambda path, goal, n, discount: _q_values(path, goal, n, discount, ("leaving", "goes on"))
            ),
            "The reward is right now. But a step out of the goal still teaches the goal a value, and it has none.": (
                lambda path, goal, n, discount: _q_values(path, goal, n, discount, ("goes on",))
            ),
            "Yours learns from jumps. No animal can make them: refuse them as the colleague does.": (
                lambda path, goal, n, discount: _q_values(path, goal, n, discount, ("jumps",))
            ),
            "You forgot the discount: all states are worth the same.": lambda path, goal, n, discount: _q_values(
                path, goal, n, 1.0
            ),
            "You go through the path backwards. The learner hears it in its order.": lambda p, g, n, d: _q_values(
                p[::-1], g, n, d
            ),
            "You discount the reward of the step into the goal. It comes at once.": lambda p, g, n, d: [
                d * one for one in _q_values(p, g, n, d)
            ],
            "You give the goal a value of its own. There is nothing to be won from it.": lambda p, g, n, d: [
                float(s == g) or one for s, one in enumerate(_q_values(p, g, n, d))
            ],
            "Yours learns in one direction of the ring alone.": lambda p, g, n, d: _q_values(p, g, n, d, ("one way",)),
            "Yours takes the step from the last bin to the first for a jump. On a ring they are neighbours.": lambda p, g, n, d: (
                _q_values(p, g, n, d, ("line",))
            ),
            "Yours learns nothing.": lambda p, g, n, d: [0.0] * n,
        },
    ),
    "11.5": Choice(
        "clumps",
        {
            "law": "Taken one by one, the states have the very same law, and most of the gap is closed.",
            "order": "Shuffled within each dream, the order is gone, and hardly anything is gained by that.",
        },
    ),
    "11.6": Judged(_supplier_fault),
}
"""By name."""
