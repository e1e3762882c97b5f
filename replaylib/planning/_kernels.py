"""The loops over replay steps: they decide the order of updates, so they are plain loops, compiled.

Each runs through every world by itself. A ``world`` is what ``World.arrays`` tells of it; ``values`` holds -inf where
there is no such action. All of them stand in this one file, because Numba's cache of machine code looks at no other.
"""

from typing import Any, no_type_check

import numba
import numpy as np

from replaylib.dynamics._kernels import compiled

TIE = 1e-9
"""Values nearer to each other than this are equal [1]."""

FLOOR = 1e-10
"""Least gain of a backup that changes a value [1]; as in Mattar & Daw (2018)."""


@numba.njit(inline="always")
@no_type_check
def _knows(values: Any, optimal: Any) -> Any:
    """Whether the reward is known of in a state, and only best actions are held for best."""
    most = values.max()
    known = most > TIE
    for action in range(len(values)):
        if values[action] >= most - TIE and not optimal[action]:
            known = False
    return known


@numba.njit(inline="always")
@no_type_check
def _backed_up(world: Any, place: Any, action: Any, best: Any) -> Any:
    """Reward and discounted value of what follows an action; place: a world and a state."""
    next_state, probability, reward, _, discount = world
    number, state = place
    ahead = 0.0
    for outcome in range(next_state.shape[2]):
        ahead += probability[state, action, outcome] * best[next_state[state, action, outcome]]
    return reward[number, state, action] + discount * ahead


@compiled(fused=False)
@no_type_check
def back_up(world: Any, optimal: Any, state: Any, values: Any, share: Any) -> None:
    """One full backup of each state in its order; fills ``values`` and the ``share`` of learnt states in place."""
    worlds, steps = state.shape
    ended, (states, actions) = world[3], optimal.shape[1:]
    for number in range(worlds):
        best, learnt = np.zeros(states), np.zeros(states, dtype=np.bool_)
        count, all_of_them = 0, states - ended[number].sum()
        for step in range(steps):
            now = state[number, step]
            if not ended[number, now]:
                for action in range(actions):
                    if values[number, now, action] > -np.inf:
                        values[number, now, action] = _backed_up(world, (number, now), action, best)
                best[now] = values[number, now].max()
                known = _knows(values[number, now], optimal[number, now])
                count += int(known) - int(learnt[now])
                learnt[now] = known
            share[number, step] = count / all_of_them


@numba.njit(inline="always")
@no_type_check
def _learn_step(world: Any, values: Any, place: Any, target: Any, rate: Any) -> None:
    """Move the value of the action that leads to the target towards what it brought."""
    next_state, _, reward, ended, discount = world
    number, source = place
    for action in range(values.shape[2]):
        if values[number, source, action] > -np.inf and next_state[source, action, 0] == target:
            ahead = 0.0 if ended[number, target] else values[number, target].max()
            wanted = reward[number, source, action] + discount * ahead
            values[number, source, action] += rate * (wanted - values[number, source, action])


@compiled(fused=False)
@no_type_check
def follow(world: Any, optimal: Any, experience: Any, how: Any, values: Any, share: Any) -> Any:
    """Q-learning on each experience in its order; returns the number of updates.

    experience: states, those after, and whether it teaches. how: whether both ways, and the rate.
    """
    state, after, taught = experience
    both_ways, rate = how
    worlds, steps = state.shape
    ended, states, updates = world[3], optimal.shape[1], 0
    for number in range(worlds):
        learnt = np.zeros(states, dtype=np.bool_)
        count, all_of_them = 0, states - ended[number].sum()
        for step in range(steps):
            if taught[number, step]:
                for way in range(1 + int(both_ways)):
                    here, there = state[number, step], after[number, step]
                    source, target = (here, there) if way == 0 else (there, here)
                    if not ended[number, source]:
                        _learn_step(world, values, (number, source), target, rate)
                        updates += 1
                        known = _knows(values[number, source], optimal[number, source])
                        count += int(known) - int(learnt[source])
                        learnt[source] = known
            share[number, step] = count / all_of_them
    return updates


@numba.njit(inline="always")
@no_type_check
def _worth(found: Any, held: Any, by_gain: Any) -> Any:
    """What a backup is worth: the change of the state's value, or the gain by the change of its actions."""
    change = abs(found.max() - held.max())
    if not by_gain:
        return change
    total, count, most = 0.0, 0, held.max()
    for action in range(len(held)):
        if held[action] >= most - TIE:
            total += found[action]
            count += 1
    gain = found.max() - total / count
    return max(gain, FLOOR) if change > TIE or gain > TIE else 0.0


@compiled(fused=False)
@no_type_check
def name_by_priority(world: Any, need: Any, how: Any, values: Any, state: Any, after: Any) -> None:
    """Back up, each step, the state with the largest product of worth and need; fills ``state`` and ``after``.

    need: by world, event and state. how: length of an event, and whether worth is gain.
    """
    event, by_gain = how
    next_state, probability, ended = world[0], world[1], world[3]
    worlds, steps = state.shape
    states, actions = values.shape[1:]
    found = np.empty((states, actions))
    for number in range(worlds):
        best = np.zeros(states)
        for step in range(steps):
            chosen, largest = 0, -1.0
            for one in range(states):
                for action in range(actions):
                    found[one, action] = values[number, one, action]
                    if values[number, one, action] > -np.inf and not ended[number, one]:
                        found[one, action] = _backed_up(world, (number, one), action, best)
                worth = _worth(found[one], values[number, one], by_gain) * need[number, step // event, one]
                if worth > largest:
                    chosen, largest = one, worth
            values[number, chosen] = found[chosen]
            best[chosen] = found[chosen].max()
            action = found[chosen].argmax()
            state[number, step] = chosen
            after[number, step] = next_state[chosen, action, probability[chosen, action].argmax()]
