"""Answers to the exercises of chapter 9."""

import math

import numpy as np
import torch

from answers.dresses import dressed, in_lists, in_numpy, in_single, no_words, pairs, words


def cut(part, steps):
    count = len(part) // steps
    return part[: count * steps].reshape(count, steps, 2)


def split(position, steps, share):
    border = int(share * len(position))
    return cut(position[:border], steps), cut(position[border:], steps)


def split_by_loop(position, steps, share):
    border = int(share * len(position))
    found = []
    for part in (position[:border], position[border:]):
        windows, start = [], 0
        while start + steps <= len(part):
            windows.append(part[start : start + steps])
            start += steps
        found.append(torch.stack(windows))
    return found


def split_plainly(position, steps, share):
    border = int(share * len(position))
    parts = position[:border], position[border:]
    return tuple([part[i : i + steps] for i in range(0, len(part) - steps + 1, steps)] for part in parts)


def decoded(activity, centres, exponent):
    weight = activity.clamp(min=0) ** exponent
    return weight @ centres / weight.sum()


def decoded_by_loop(activity, centres, exponent):
    x = y = total = 0.0
    for one, (cx, cy) in zip(activity, centres, strict=True):
        weight = max(float(one), 0.0) ** exponent
        x, y, total = x + weight * cx, y + weight * cy, total + weight
    return [x / total, y / total]


def ran(position, window, moving):
    going = position.diff(dim=0).norm(dim=1) >= moving
    runs = going.double().unfold(0, window, 1).mean(1) >= 0.9 - 1e-12
    return (position[window:] - position[:-window]).norm(dim=1)[runs].mean()


def ran_by_loop(position, window, moving):
    total, count = 0.0, 0
    for i in range(len(position) - window):
        stretch = position[i : i + window + 1]
        going = sum(math.dist(a, b) >= moving for a, b in zip(stretch, stretch[1:], strict=False))
        if 10 * going >= 9 * window:
            total += math.dist(stretch[0], stretch[-1])
            count += 1
    return total / count


def ran_in_numpy(position, window, moving):
    p = np.asarray(position)
    going = np.linalg.norm(np.diff(p, axis=0), axis=1) >= moving
    so_far = np.r_[0, np.cumsum(going)]
    share = (so_far[window:] - so_far[:-window]) / window
    return np.linalg.norm(p[window:] - p[:-window], axis=1)[share >= 0.9].mean()


RIGHT = {
    "9.1": pairs(36615, 117),
    "9.2": [
        split,
        split_by_loop,
        split_plainly,
        in_lists(split_plainly),
        in_numpy(split),
        lambda *case: list(split(*case)),
        lambda position, steps, share: tuple(
            part.unfold(0, steps, steps).transpose(1, 2)
            for part in position.split([int(share * len(position)), len(position) - int(share * len(position))])
        ),
        lambda position, steps, share: tuple(
            torch.stack([w for w in part.split(steps) if len(w) == steps])
            for part in (position[: int(share * len(position))], position[int(share * len(position)) :])
        ),
        # Windows first, and then a border between two of them: less than a window away.
        lambda position, steps, share: (
            cut(position, steps)[: int(share * (len(position) // steps))],
            cut(position, steps)[int(share * (len(position) // steps)) :],
        ),
        *dressed(split),
    ],
    "9.3": [
        decoded,
        decoded_by_loop,
        in_lists(decoded_by_loop),
        lambda a, c, e: (c * (a.relu() ** e)[:, None]).sum(0) / (a.relu() ** e).sum(),
        lambda a, c, e: torch.where(a > 0, a, 0).pow(e) @ c / torch.where(a > 0, a, 0).pow(e).sum(),
        in_numpy(lambda a, c, e: np.average(c, axis=0, weights=np.maximum(a, 0) ** e)),
        lambda a, c, e: np.average(c, axis=0, weights=np.maximum(a, 0) ** e),
        lambda a, c, e: c[a > 0].T @ (a[a > 0] ** e / (a[a > 0] ** e).sum()),
        lambda a, c, e: a.clamp_(min=0).pow_(e).div_(a.sum()) @ c,
        in_single(decoded),
        *dressed(decoded),
    ],
    "9.4": [*words("distance from awake law"), "the distance from awake law", "distance from the awake law"],
    "9.5": [
        ran,
        ran_by_loop,
        in_lists(ran_by_loop),
        ran_in_numpy,
        lambda p, w, m: (
            (p[w:] - p[:-w])
            .norm(dim=1)[(p.diff(dim=0).norm(dim=1) >= m).float().unfold(0, w, 1).mean(dim=1) >= 0.9]
            .mean()
        ),
        lambda p, w, m: np.mean(
            [
                np.linalg.norm(p[i + w] - p[i])
                for i in range(len(p) - w)
                if (p[i + 1 : i + w + 1] - p[i : i + w]).norm(dim=1).ge(m).sum() >= math.ceil(0.9 * w - 1e-9)
            ]
        ),
        *dressed(ran),
    ],
}

WRONG = {
    "9.1": [
        ((36615, 117.168), "Only whole windows count."),
        ((36615, 118), "The last window is not whole."),
        ((36615, 146), "These are the windows of the whole recording."),
        ((7323, 117), "These are the seconds. Each holds several"),
        ((1098450, 117), "You multiplied the tracker's samples by 5. A"),
        ((43938, 117), "You divided the tracker's samples by 5. A"),
        ((219690, 117), "These are the tracker's samples. One step of"),
        ((36615, 29292), "These are steps. A window holds 250 of them."),
        ((36615, 29), "These are the windows of the rest. Asked is"),
        ((3661.5, 117), "3661.5 is off by a factor of ten, downwards."),
        (36615, "The answer must be 2 numbers (the steps of"),
    ],
    "9.2": [
        (
            lambda position, steps, share: split(position, steps, share)[::-1],
            "Windows of the test lie between those of",
        ),
        (
            lambda position, steps, share: split(position, steps, 1 - share),
            "The training should take just the first share",
        ),
        (
            lambda position, steps, share: tuple(w.transpose(1, 2) for w in split(position, steps, share)),
            "The training windows must have the shape",
        ),
        (
            lambda position, steps, share: tuple(
                part.unfold(0, steps, 1).transpose(1, 2)
                for part in (position[: int(share * len(position))], position[int(share * len(position)) :])
            ),
            "Your windows overlap: each one should begin",
        ),
        (
            lambda position, steps, share: (
                position[: int(share * len(position))],
                position[int(share * len(position)) :],
            ),
            "The training windows must have the shape",
        ),
        (lambda position, steps, share: split(position, steps, share)[0], "must return two tensors: the windows for"),
        (
            lambda position, steps, share: tuple(w[:, :, :1] for w in split(position, steps, share)),
            "The training windows must have the shape",
        ),
        (
            lambda position, steps, share: tuple(w[:-1] for w in split(position, steps, share)),
            "The training should take just the first share",
        ),
        (
            lambda position, steps, share: (
                cut(position[-int(share * len(position)) :], steps),
                cut(position[: -int(share * len(position))], steps),
            ),
            "Windows of the test lie between those of",
        ),
    ],
    "9.3": [
        (lambda a, c, e: decoded(a, c, 1), "You forgot the exponent: with it, weak cells"),
        (lambda a, c, e: a.abs() ** e @ c / (a.abs() ** e).sum(), "Negative activity gets a weight in yours."),
        (lambda a, c, e: (a.clamp(min=0) @ c / a.clamp(min=0).sum()) ** e, "You took the power of the position. It"),
        (lambda a, c, e: c.mean(0), "This is the mean of all centres. Weigh each"),
        (lambda a, c, e: a.clamp(min=0) ** e @ c / len(a), "You divided by the number of cells. Divide by"),
        (lambda a, c, e: a**e @ c / (a**e).sum(), "Negative activity gets a weight in yours,"),
        (lambda a, c, e: torch.softmax(e * a, 0) @ c, "You took a softmax. Here the weights are"),
        (
            lambda a, c, e: (a.clamp(min=0) * e) @ c / (a.clamp(min=0) * e).sum(),
            "You forgot the exponent: with it, weak cells",
        ),
        (lambda a, c, e: a.clamp(min=0) ** e @ c / a.clamp(min=0).sum(), "You divided by the sum of the activity."),
    ],
    "9.4": [("speed", "Some replays are slower than the rat with its"), *no_words("speed")],
    "9.5": [
        (lambda p, w, m: ran(p, w, m) / w, "You divided by the window. That is a speed"),
        (lambda p, w, m: ran(p, w, m) ** 2, "Your result is the square of what is asked."),
        (
            lambda p, w, m: (
                (p[w:] - p[:-w])
                .norm(dim=1)[(p.diff(dim=0).norm(dim=1) < m).float().unfold(0, w, 1).mean(1) >= 0.9]
                .mean()
            ),
            "You kept the stretches in which the animal",
        ),
        (
            lambda p, w, m: (p[w:] - p[:-w]).norm(dim=1)[p.diff(dim=0).norm(dim=1)[: len(p) - w] >= m].mean(),
            "You ask only whether the first step of a",
        ),
        (
            lambda p, w, m: (p[w:] - p[:-w]).norm(dim=1)[(p[w:] - p[:-w]).norm(dim=1) >= m].mean(),
            "You compare the whole stretch with the length",
        ),
        (
            lambda p, w, m: (
                (p[w:] - p[:-w])
                .norm(dim=1)[(p.diff(dim=0).norm(dim=1) >= m).float().unfold(0, w, 1).mean(1) >= 0.5]
                .mean()
            ),
            "Half of the steps are enough for yours. Nine",
        ),
        (
            lambda p, w, m: (p[w:] - p[:-w]).norm(dim=1)[
                (p.diff(dim=0).norm(dim=1) >= m).float().unfold(0, w, 1).mean(1) >= 0.9
            ],
            "You return all the values. Asked is their",
        ),
        (
            lambda p, w, m: (
                (p[w:] - p[:-w])
                .norm(dim=1)[(p.diff(dim=0).norm(dim=1) >= m).float().unfold(0, w, 1).mean(1) >= 0.9]
                .sum()
            ),
            "You added the distances up. Asked is their",
        ),
        (
            lambda p, w, m: p.diff(dim=0).norm(dim=1)[p.diff(dim=0).norm(dim=1) >= m].mean() * w,
            "You multiplied the mean moving step by the",
        ),
        (lambda p, w, m: 100 * ran(p, w, m), "Your result is 100 times what is asked, for"),
    ],
}
