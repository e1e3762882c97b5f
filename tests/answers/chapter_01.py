"""Answers to the exercises of chapter 1."""

import math
import statistics

import numpy as np
import torch

from answers.dresses import dressed, in_lists, in_numpy, in_single, no_words, numbers, pairs, words


def pairwise(position, window):
    return position[window:] - position[:-window]


def displaced(position, window):
    return pairwise(position, window).norm(dim=1).mean()


def looped(position, window):
    total, count = 0.0, 0
    for i in range(len(position) - window):
        total += math.dist(position[i], position[i + window])
        count += 1
    return total / count


def in_place(position, window):
    far = position[window:].clone()
    far -= position[:-window]
    far *= far
    return far.sum(1).sqrt_().mean()


RIGHT = {
    "1.1": pairs(20, 80),
    "1.2": [
        looped,
        in_place,
        in_lists(looped),
        in_numpy(lambda p, w: np.linalg.norm(p[w:] - p[:-w], axis=1).mean()),
        in_numpy(lambda p, w: np.abs((p[w:] - p[:-w]) @ np.array([1, 1j])).mean()),
        lambda p, w: np.hypot(*(p[w:] - p[:-w]).T).mean(),
        lambda p, w: np.mean(np.linalg.norm(p[w:] - p[:-w], axis=-1)),
        lambda p, w: torch.cdist(p, p).diagonal(w).mean(),
        lambda p, w: torch.linalg.vector_norm(p - p.roll(w, 0), dim=-1)[w:].mean(),
        lambda p, w: statistics.fmean(torch.dist(a, b) for a, b in zip(p, p[w:], strict=False)),
        *dressed(displaced),
    ],
    "1.3": numbers(4),
    "1.4": [*words("shuffled"), "shuffled moments"],
    "1.5": [
        lambda plain, fast: (plain / fast).mean(),
        lambda plain, fast: sum(a / b for a, b in zip(plain, fast, strict=True)) / len(plain),
        lambda plain, fast: np.mean(np.asarray(plain) / np.asarray(fast)),
        lambda plain, fast: np.mean(plain / fast),
        lambda plain, fast: torch.div(plain, fast).sum() / fast.numel(),
        lambda plain, fast: statistics.mean(float(a) / float(b) for a, b in zip(plain, fast, strict=True)),
        lambda plain, fast: plain.div_(fast).mean(),
        in_single(lambda plain, fast: plain @ (1 / fast) / len(fast)),
        in_numpy(lambda plain, fast: np.average(plain / fast)),
        *dressed(lambda plain, fast: (plain * fast**-1).mean()),
    ],
}

WRONG = {
    "1.1": [
        ((20, 20), "This is the factor against the running rat."),
        ((0.05, 80), "You divided the wrong way round: 0.05 would"),
        ((20, 5), "With its rests the rat is *slower*, so the"),
        ((80, 20), "Your numbers are in the wrong order: asked"),
        ((20, 80 / 3), "The rat ran for a quarter of the time, not"),
        ((3.2, 80), "This is a product. Compression is a ratio."),
        ((8, 80), "This is the speed of replay. Compression is a"),
        ((400, 80), "400 is the square of what is asked."),
        (20, "The answer must be 2 numbers (the factor"),
        ((20, 8000), "8000 is 100 times what is asked. Is it in per"),
        ((20, 80, 160), "The answer must be 2 numbers (the factor"),
    ],
    "1.2": [
        (lambda p, w: pairwise(p, w).mean(0).norm(), "You take the mean before the distance, so"),
        (lambda p, w: (pairwise(p, w) ** 2).sum(1).mean(), "You took squared distances. They are in"),
        (lambda p, w: (pairwise(p, w) ** 2).sum(1).mean() ** 0.5, "You took the root of the mean square. Asked"),
        (lambda p, w: displaced(p, w) / w, "You divided by the window. That is a speed;"),
        (lambda p, w: pairwise(p, w).norm(dim=1).sum(), "You added the distances up. Asked is their"),
        (lambda p, w: pairwise(p, w).norm(dim=1), "You return all the values. Asked is their"),
        (lambda p, w: displaced(p, w + 1), "Your window is one step too long."),
        (lambda p, w: displaced(p[::w], 1), "Your windows do not overlap. Each moment of"),
        (lambda p, w: pairwise(p, w).abs().mean(), "This is the mean of single coordinates. In"),
        (lambda p, w: pairwise(p, w).abs().sum(1).mean(), "You added the two coordinates' distances, as"),
        (lambda p, w: pairwise(p, w).norm(), "This is one length of all differences"),
        (lambda p, w: displaced(p, 1), "You compare neighbours, whatever the window"),
        (lambda p, w: (p[-1] - p[0]).norm(), "This is the distance between the first and"),
        (lambda p, w: pairwise(p, w).norm(dim=1).median(), "This is the median of the distances. Asked is"),
        (lambda p, w: pairwise(p, w).norm(dim=1).max(), "This is the largest of the distances. Asked"),
    ],
    "1.3": [
        (8, "You squared once too often: displacement is"),
        (1, "With the same window it gets as far as before."),
        (0.25, "You have the factor upside down: to get"),
        (16, "16 is the square of what is asked."),
        (-4, "sign"),
        (3, "one too few"),
    ],
    "1.4": [
        ("double speed", "It has the law too, but at least the order of"),
        ("diffusion", "The answer must be one of "),
        ("chimera", "The answer must be one of "),
        ("run", "True, but a run is what the friend claims."),
        *no_words("shuffled"),
    ],
    "1.5": [
        (lambda plain, fast: (plain / fast).median(), "This is the median of the ratios. Asked is"),
        (lambda plain, fast: (plain / fast).log().mean().exp(), "This is the geometric mean of the ratios."),
        (lambda plain, fast: (plain - fast).mean(), "This is a difference, in steps. Compression"),
        (lambda plain, fast: 1 / (fast / plain).mean(), "You averaged the inverse ratios and turned"),
        (lambda plain, fast: plain / fast, "You return all the values. Asked is their"),
        (lambda plain, fast: (plain / fast).sum(), "You added the ratios up. Asked is their mean."),
        (lambda plain, fast: (plain / fast).mean() - 1, "Your result is off by the same -1 for every"),
        (lambda plain, fast: fast.mean() / plain.mean(), "You divided the means, and upside down as"),
        (lambda plain, fast: (plain // fast).mean(), "You cut the ratios down to whole numbers."),
    ],
}
