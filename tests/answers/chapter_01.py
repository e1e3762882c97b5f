"""Answers to the exercises of chapter 1."""

import math
import statistics

import matplotlib.pyplot as plt
import numpy as np
import torch

from answers.dresses import dressed, in_lists, in_numpy, in_single, no_words, pairs, words


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


def distances(position):
    return (position - position[:, :1]).norm(dim=-1).mean(0)


def path_length(position):
    steps = position.diff(dim=1).norm(dim=-1).cumsum(1).mean(0)
    return torch.cat([steps.new_zeros(1), steps])


def drawn(position, windows=None, y=distances, scale="log", names="distance [m]"):
    ax = plt.subplots()[1]
    windows = list(windows or range(1, position.shape[1]))
    ax.plot(windows, y(torch.as_tensor(position))[windows])
    ax.set(xscale=scale, yscale=scale, xlabel=names and "steps", ylabel=names)
    return ax


def drawn_by_scales(position):
    figure = plt.figure()
    ax = figure.add_subplot()
    ax.semilogy(np.arange(1, position.shape[1]), np.hypot(*(position[:, 1:] - position[:, :1]).T).mean(1))
    ax.set_xscale("log")
    ax.set(xlabel="number of steps", ylabel="mean distance [m]")
    return figure


def drawn_as_logarithms(position):
    ax = plt.subplots()[1]
    ax.plot(np.log10(np.arange(1, position.shape[1])), distances(position)[1:].log10(), "o")
    ax.set(xlabel="log10 of steps", ylabel="log10 of the distance [m]")
    return ax


def looped_plot(position):
    ax = plt.subplots()[1]
    far = [sum(math.dist(one[0], one[k]) for one in position.tolist()) / len(position) for k in range(1, 41)]
    ax.loglog(range(1, 41), far, label="replays")
    ax.set_xlabel("steps")
    ax.set_ylabel("metres")
    return ax


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
    "1.3": [
        drawn,
        lambda p: drawn(p).figure,
        lambda p: [drawn(p)],
        in_numpy(drawn_by_scales),
        in_single(drawn),
        drawn_as_logarithms,
        lambda p: drawn(p, range(0, p.shape[1])),
        lambda p: drawn(p, [1, 2, 4, 8, 16, 32, 40]),
        looped_plot,
    ],
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
        (lambda p: drawn(p, y=path_length), "This is the length of the path."),
        (lambda p: drawn(p, y=lambda p: (p - p[:, :1]).norm(dim=-1).square().mean(0)), "This is the mean square"),
        (lambda p: drawn(p, y=lambda p: (p - p[:, :1]).mean(0).norm(dim=-1)), "replays cancel each other"),
        (lambda p: drawn(p, y=lambda p: p.norm(dim=-1).mean(0)), "You measure from the origin."),
        (lambda p: drawn(p, scale="linear"), "Your scales are linear"),
        (lambda p: drawn(p, range(1, 20)), "Your line ends at 19 steps"),
        (lambda p: drawn(p, names=""), "not all axes have a name"),
        (lambda p: plt.subplots()[1], "but 0 came."),
        (lambda p: p.mean(), "must return the axes that it drew into"),
        (
            lambda p: drawn(p, y=lambda p: (p - p[:, :1]).norm(dim=-1).square().mean(0).sqrt()),
            "root of the mean square",
        ),
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
