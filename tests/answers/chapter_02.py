"""Answers to the exercises of chapter 2."""

import itertools

import numpy as np
import torch
from torch.nn import functional

from answers.dresses import dressed, in_lists, in_numpy, no_words, numbers, words


def summed(start, velocity):
    return start + velocity.cumsum(0)


def looped(start, velocity):
    found, place = [], start
    for one in velocity:
        place = place + one
        found.append(place)
    return torch.stack(found)


def in_place(start, velocity):
    found = torch.zeros(velocity.shape)
    place = start
    for i in range(len(velocity)):
        place += velocity[i]
        found[i] = place
    return found


def plain(start, velocity):
    x, y = start
    found = []
    for dx, dy in velocity:
        x, y = x + dx, y + dy
        found.append([x, y])
    return found


def unit_by_unit(h, u, w, w_in, b, leak):
    new = np.zeros(len(h))
    for i in range(len(h)):
        heard = b[i]
        for j in range(len(h)):
            heard = heard + w[i, j] * h[j]
        heard = heard + w_in[i, 0] * u[0] + w_in[i, 1] * u[1]
        new[i] = (1 - leak) * h[i] + np.tanh(heard)
    return new


def mean_error(decoded, position):
    return (decoded - position).norm(dim=-1).mean()


def error_by_loops(decoded, position):
    total = count = 0
    for path, true in zip(decoded, position, strict=True):
        for here, there in zip(path, true, strict=True):
            total += ((here[0] - there[0]) ** 2 + (here[1] - there[1]) ** 2) ** 0.5
            count += 1
    return total / count


RIGHT = {
    "2.1": [
        summed,
        looped,
        in_place,
        plain,
        in_lists(plain),
        in_numpy(lambda start, velocity: start + np.cumsum(velocity, axis=0)),
        lambda start, velocity: start + np.cumsum(velocity, axis=0),
        lambda start, velocity: torch.cat([start[None], velocity]).cumsum(0)[1:],
        lambda start, velocity: torch.ones(len(velocity), len(velocity)).tril() @ velocity + start,
        lambda start, velocity: list(itertools.accumulate(velocity, initial=start))[1:],
        lambda start, velocity: np.vstack([start, velocity]).cumsum(0)[1:],
        *dressed(summed),
    ],
    "2.2": [
        lambda h, u, w, w_in, b, leak: (1 - leak) * h + torch.tanh(w @ h + w_in @ u + b),
        lambda h, u, w, w_in, b, leak: h - leak * h + (w.mv(h) + w_in.mv(u) + b).tanh(),
        lambda h, u, w, w_in, b, leak: (1 - leak) * h + np.tanh(w @ h + w_in @ u + b),
        in_numpy(lambda h, u, w, w_in, b, leak: (1 - leak) * h + np.tanh(w.dot(h) + w_in.dot(u) + b)),
        lambda h, u, w, w_in, b, leak: torch.lerp(h, 0 * h, leak) + torch.tanh(functional.linear(h, w, b) + w_in @ u),
        lambda h, u, w, w_in, b, leak: h.mul(1 - leak).add_(
            torch.tanh(torch.cat([w, w_in], 1) @ torch.cat([h, u]) + b)
        ),
        lambda h, u, w, w_in, b, leak: torch.einsum("ij,j->i", w, h).add(w_in @ u + b).tanh() + h * (1 - leak),
        lambda h, u, w, w_in, b, leak: (1 - leak) * h + 2 * torch.sigmoid(2 * (h @ w.T + u @ w_in.T + b)) - 1,
        unit_by_unit,
        *dressed(lambda h, u, w, w_in, b, leak: (1 - leak) * h + torch.tanh((w * h).sum(1) + (w_in * u).sum(1) + b)),
    ],
    "2.3": [
        mean_error,
        error_by_loops,
        in_lists(error_by_loops),
        in_numpy(lambda d, p: np.linalg.norm(d - p, axis=-1).mean()),
        lambda d, p: np.linalg.norm(d - p, axis=-1).mean(),
        lambda d, p: ((d - p) ** 2).sum(-1).sqrt().mean(),
        lambda d, p: torch.hypot(*(d - p).unbind(-1)).mean(),
        lambda d, p: functional.pairwise_distance(d, p, eps=0).mean(),
        lambda d, p: (d - p).flatten(0, 1).norm(dim=1).sum() / (len(d) * len(d[0])),
        lambda d, p: (d - p).norm(dim=2).mean(1).mean(0),
        *dressed(mean_error),
    ],
    "2.4": numbers(1),
    "2.5": words("worse"),
}

WRONG = {
    "2.1": [
        (
            lambda start, velocity: torch.cat([start[None], summed(start, velocity)]),
            "Your result has one row too many: the first",
        ),
        (
            lambda start, velocity: torch.cat([start[None], summed(start, velocity)[:-1]]),
            "You are one step late: the first velocity has",
        ),
        (lambda start, velocity: summed(start, velocity)[-1], "You return the last part alone. All of them"),
        (lambda start, velocity: start - velocity.cumsum(0), "You took the velocities off. Each one is"),
        (lambda start, velocity: start + velocity.cumsum(1), "You added up x and y of one velocity. Sums"),
        (lambda start, velocity: summed(start, 0.2 * velocity), "You multiplied the velocities by the time of"),
        (
            lambda start, velocity: start * torch.arange(1, 1 + len(velocity))[:, None] + velocity.cumsum(0),
            "You add the start anew in each step. It",
        ),
        (lambda start, velocity: start + velocity.sum(0), "You return the last part alone. All of them"),
        (lambda start, velocity: summed(start, velocity).T, "Your result is transposed: rows and columns"),
        (lambda start, velocity: start + velocity.flip(0).cumsum(0), "You add the velocities from the last one on."),
    ],
    "2.2": [
        (
            lambda h, u, w, w_in, b, leak: (1 - leak) * h + leak * torch.tanh(w @ h + w_in @ u + b),
            "You multiplied the nonlinear part by the",
        ),
        (
            lambda h, u, w, w_in, b, leak: (1 - leak) * h + torch.tanh(w @ h + w_in @ u) + b,
            "Your bias stands outside the nonlinearity. It",
        ),
        (lambda h, u, w, w_in, b, leak: (1 - leak) * h + torch.tanh(w @ h + w_in @ u), "You left out the bias."),
        (lambda h, u, w, w_in, b, leak: torch.tanh(w @ h + w_in @ u + b), "You left out the kept state (1 - leak) h."),
        (
            lambda h, u, w, w_in, b, leak: (1 - leak) * h + torch.tanh(w.T @ h + w_in @ u + b),
            "Your recurrent weights are transposed: unit i",
        ),
        (
            lambda h, u, w, w_in, b, leak: (1 - leak) * h + torch.relu(w @ h + w_in @ u + b),
            "You used relu. The nonlinearity of this",
        ),
        (
            lambda h, u, w, w_in, b, leak: (1 - leak) * h + torch.sigmoid(w @ h + w_in @ u + b),
            "You used the sigmoid. The nonlinearity of",
        ),
        (lambda h, u, w, w_in, b, leak: (1 - leak) * h + w @ h + w_in @ u + b, "You forgot the nonlinearity."),
        (
            lambda h, u, w, w_in, b, leak: (1 - leak) * h + torch.tanh(w @ h + b),
            "Your network is deaf: the velocity does not",
        ),
        (
            lambda h, u, w, w_in, b, leak: h + torch.tanh(w @ h + w_in @ u + b),
            "You keep all of the state. The leak takes its",
        ),
        (
            lambda h, u, w, w_in, b, leak: (1 - leak) * h + w @ torch.tanh(h) + w_in @ u + b,
            "Your units are squashed before they speak.",
        ),
    ],
    "2.3": [
        (lambda d, p: ((d - p) ** 2).sum(-1).mean() ** 0.5, "This is the root of the mean square. It"),
        (lambda d, p: ((d - p) ** 2).sum(-1).mean(), "This is the mean of the squared distances, in"),
        (lambda d, p: (d - p).mean((0, 1)).norm(), "You averaged before you took the distance, so"),
        (lambda d, p: (d - p).norm(), "This is one length of all differences"),
        (lambda d, p: (d - p).norm(dim=-1).sum(), "You added the distances up. Asked is their"),
        (lambda d, p: (d - p).norm(dim=-1).median(), "This is the median distance. Asked is the"),
        (lambda d, p: (d - p).norm(dim=-1)[:, -1].mean(), "This is the error at the last time alone. All"),
        (lambda d, p: (d - p).norm(dim=-1), "You return all the values. Asked is their"),
        (lambda d, p: (d - p).abs().sum(-1).mean(), "You added the two coordinates' errors, as a"),
        (lambda d, p: (d - p).mean(), "This is the mean of the differences. Errors"),
        (lambda d, p: (d - p).norm(dim=1).mean(), "Your length runs over time. It belongs over"),
        (lambda d, p: 100 * mean_error(d, p), "Your result is 100 times what is asked, for"),
    ],
    "2.4": [
        (0.01, "You divided by the root of the number of"),
        (0.001, "You divided by the number of steps. Noise"),
        (100, "You added something a hundred times, and"),
        (-1, "sign"),
        (3.162, "You took the root of 100 steps times 0.1. The"),
        (0.5, "factor of two"),
    ],
    "2.5": no_words("worse"),
}
