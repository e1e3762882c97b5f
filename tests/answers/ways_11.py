"""Ways to solve the exercises of chapter 11."""

from collections import deque

import numpy as np
import torch


def backed_up(reward, ahead, discount):
    return max(r + discount * v for r, v in zip(reward, ahead, strict=True))


def backed_up_by_loop(reward, ahead, discount):
    best = -float("inf")
    for action in range(len(reward)):
        value = reward[action] + discount * ahead[action]
        if value > best:
            best = value
    return best


def carried(states, way):
    learnt = 0
    for one in states:
        if learnt < len(way) and one == way[learnt]:
            learnt += 1
    return learnt


def carried_by_search(states, way):
    states, place = list(states), 0
    for count, one in enumerate(way):
        try:
            place = states.index(one, place) + 1
        except ValueError:
            return count
    return len(way)


def carried_by_iterator(states, way):
    rest, count = iter(states), 0
    for one in way:
        if one not in rest:
            break
        count += 1
    return count


def carried_by_values(states, way):
    known = [False] * len(way)
    for one in states:
        for i in range(len(way)):
            if way[i] == one and (i == 0 or known[i - 1]):
                known[i] = True
                break
    return sum(known)


def q_values(path, goal, n, discount):
    values = [0.0] * n
    for one, two in zip(path, path[1:], strict=False):
        if (two - one) % n not in (1, n - 1) or one == goal:
            continue
        values[one] = max(values[one], (two == goal) + discount * values[two])
    return values


def q_in_numpy(path, goal, n, discount):
    values = np.zeros(n)
    for i in range(len(path) - 1):
        one, two = path[i], path[i + 1]
        if abs(one - two) in (1, n - 1) and one != goal:
            values[one] = np.maximum(values[one], 1.0 if two == goal else discount * values[two])
    return values


def q_in_torch(path, goal, n, discount):
    values = torch.zeros(n)
    for i in range(1, len(path)):
        one, two = path[i - 1], path[i]
        if (two - one) % n in (1, n - 1) and one != goal:
            values[one] = max(values[one], float(two == goal) + discount * values[two])
    return values


def q_with_table(path, goal, n, discount):
    """A table of state and direction, as textbooks have it; the value is the best of a state."""
    table = np.zeros((n, 2))
    for one, two in zip(path[:-1], path[1:], strict=True):
        turn = (two - one) % n
        if one == goal or turn not in (1, n - 1):
            continue
        table[one, int(turn == 1)] = 1.0 if two == goal else discount * table[two].max()
    return table.max(1)


def q_by_distance(path, goal, n, discount):
    far = {goal: 0}
    for one, two in zip(path, path[1:], strict=False):
        if (two - one) % n in (1, n - 1) and one != goal and two in far:
            far[one] = min(far.get(one, n * n), far[two] + 1)
    return [discount ** (far[s] - 1) if s in far and s != goal else 0.0 for s in range(n)]


def in_breadth(neighbours, goal, steps):
    order = [goal]
    for state in order:
        order += [one for one in neighbours[state] if one not in order]
    return [order[1 + step % (len(order) - 1)] for step in range(steps)]


def with_queue(neighbours, goal, steps):
    waiting, seen = deque([goal]), {goal}
    found: list[int] = []
    while waiting and len(found) < steps:
        state = waiting.popleft()
        found.append(state)
        for one in neighbours[state]:
            if one not in seen:
                seen.add(one)
                waiting.append(one)
    return found + [goal] * (steps - len(found))


def by_distance(neighbours, goal, steps):
    far = np.full(len(neighbours), 10**6)
    far[goal] = 0
    for _ in neighbours:
        for state, others in enumerate(neighbours):
            for one in others:
                far[one] = min(far[one], far[state] + 1)
    return np.resize(np.argsort(far, kind="stable"), steps)


def by_rings(neighbours, goal, steps):
    found, ring, seen = [], {goal}, {goal}
    while ring:
        found += sorted(ring)
        ring = {one for state in ring for one in neighbours[state]} - seen
        seen |= ring
    return (found * steps)[:steps]


def there_and_back(neighbours, goal, steps):
    once = with_queue(neighbours, goal, len(neighbours))
    return [once[i % len(once)] for i in range(steps)]


def _only_one_way(path, goal, n, discount):
    values = [0.0] * n
    for one, two in zip(path, path[1:], strict=False):
        if (two - one) % n == 1 and one != goal:
            values[one] = max(values[one], (two == goal) + discount * values[two])
    return values


def _no_wrap(path, goal, n, discount):
    values = [0.0] * n
    for one, two in zip(path, path[1:], strict=False):
        if abs(two - one) == 1 and one != goal:
            values[one] = max(values[one], (two == goal) + discount * values[two])
    return values
