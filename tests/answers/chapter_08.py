"""Answers to the exercises of chapter 8."""

import math

import numpy as np
import torch

from answers.dresses import as_list, as_tensor, dressed, in_single, in_torch, no_words, numbers, words
from answers.ways_08 import (
    bears,
    bears_by_jury,
    bears_by_matrix,
    bears_downwards,
    bears_in_numpy,
    bears_in_torch,
    filled,
    inside,
    mode,
    mode_by_columns,
    price,
    product,
    relaxes,
    relaxes_by_powers,
    relaxes_in_torch,
)

RIGHT = {
    "8.1": [
        mode,
        mode_by_columns,
        filled,
        product,
        as_list(mode),
        as_tensor(mode),
        in_single(mode),
        lambda *case: tuple(map(tuple, mode(*case))),
        lambda *case: torch.tensor(mode(*case), dtype=torch.float32),
        lambda *case: np.matrix(mode(*case)),
        lambda *case: list(mode(*case)),
        lambda *case: [torch.tensor(row) for row in mode(*case)],
        lambda k, friction, strength, time: np.vstack(
            [[1 - k, 1 - friction, -1], [-k, 1 - friction, -1], [strength / time, 0, 1 - 1 / time]]
        ),
    ],
    "8.2": [
        relaxes,
        relaxes_in_torch,
        in_torch(relaxes_in_torch),
        relaxes_by_powers,
        lambda matrix: (
            1 / max(-math.log(np.abs(np.linalg.eigvals(matrix)).max()), 0)
            if np.abs(np.linalg.eigvals(matrix)).max() < 1
            else np.inf
        ),
        lambda matrix: np.log(1 / math.e) / np.log(r) if (r := np.abs(np.linalg.eigvals(matrix)).max()) < 1 else np.inf,
        lambda matrix: np.float32(relaxes(matrix)),
        lambda matrix: np.abs(-1 / np.log(r)) if (r := max(np.abs(np.linalg.eig(matrix)[0]))) < 1 else float("inf"),
        lambda matrix: np.where((r := np.abs(np.linalg.eigvals(matrix)).max()) < 1, -1 / np.log(r), np.inf),
        *dressed(relaxes),
    ],
    "8.3": [*numbers(0.756), 0.7 * (1 - 1 / 40) / 0.95**2, 0.7562],
    "8.4": [*words("travels"), "it travels"],
    "8.5": [
        bears,
        bears_downwards,
        bears_by_matrix,
        bears_in_numpy,
        bears_in_torch,
        bears_by_jury,
        lambda kappa: round(bears(kappa), 2),
        lambda kappa: np.float32(bears(kappa)),
        lambda kappa: [bears(kappa)],
        *dressed(bears),
    ],
    "8.6": [*words("the first"), "first"],
    "8.7": [
        price,
        lambda *case: list(price(*case)),
        lambda *case: np.array(price(*case)),
        lambda *case: torch.tensor(price(*case)),
        lambda *case: tuple(map(np.float32, price(*case))),
        lambda x, time, friction, k: (x / time * friction, 1 - k / (k + x / time * friction)),
        lambda x, time, friction, k: (x * friction / time, 1 / (1 + k * time / (x * friction))),
        lambda *case: [np.array(one) for one in price(*case)],
        *dressed(price),
    ],
}

WRONG = {
    "8.1": [
        (lambda *case: mode(*case).T, "Your result is transposed: rows and columns"),
        (
            lambda k, friction, strength, time: mode(k, 1 - friction, strength, time),
            "Your matrix has the friction where the",
        ),
        (
            lambda k, friction, strength, time: mode(k, friction, strength * time, time),
            "Your trace takes up strength in each step. It",
        ),
        (
            lambda k, friction, strength, time: mode(-k, friction, strength, time),
            "Your stiffness has the wrong sign: the drift",
        ),
        (
            lambda k, friction, strength, time: (
                product(k, friction, strength, time) + np.array([[0, 0, 0], [0, 0, 0], [0, 0, 1 / time]])
            ),
            "Your trace never fades: it keeps 1 - 1 / time",
        ),
        (
            lambda k, friction, strength, time: np.array(
                [
                    [1 - k, 1 - friction, -1],
                    [-k, 1 - friction, -1],
                    [strength * (1 - k) / time, strength / time * (1 - friction), 1 - 1 / time - strength / time],
                ]
            ),
            "Your trace takes up the *new* state. It takes",
        ),
        (
            lambda k, friction, strength, time: mode(k, friction, strength, time)[[1, 0, 2]][:, [1, 0, 2]],
            "Your rows and columns have the order v, h, a.",
        ),
        (
            lambda k, friction, strength, time: mode(k, friction, strength, time)[:2],
            "The matrix has three rows: one for each of h,",
        ),
        (
            lambda k, friction, strength, time: np.array(
                [[1 - k, 1 - friction, -strength], [-k, 1 - friction, -strength], [1 / time, 0, 1 - 1 / time]]
            ),
            "Your strength stands in the force. It is in",
        ),
        (
            lambda k, friction, strength, time: mode(k, friction, strength, time).round(1),
            "You rounded your result to one digit. Return",
        ),
        (
            lambda k, friction, strength, time: mode(k, friction, strength, time).ravel(),
            "must return an array of shape [3, 3], but an",
        ),
    ],
    "8.2": [
        (
            lambda matrix: max(1 / (1 - r), 0) if (r := np.abs(np.linalg.eigvals(matrix)).max()) < 1 else np.inf,
            "1 / (1 - radius) is good only near 1. A",
        ),
        (
            lambda matrix: -math.log(2) / np.log(r) if (r := np.abs(np.linalg.eigvals(matrix)).max()) < 1 else np.inf,
            "This is the half-life. Asked is the time to",
        ),
        (
            lambda matrix: -1 / np.log10(r) if (r := np.abs(np.linalg.eigvals(matrix)).max()) < 1 else np.inf,
            "You took the logarithm to the base 10. To 1/e",
        ),
        (
            lambda matrix: 1 / np.log(r) if (r := np.abs(np.linalg.eigvals(matrix)).max()) < 1 else np.inf,
            "Your relaxation is negative, but for the mode",
        ),
        (
            lambda matrix: -np.log(r) if (r := np.abs(np.linalg.eigvals(matrix)).max()) < 1 else np.inf,
            "This is a rate. The time is 1 over it.",
        ),
        (
            lambda matrix: -1 / np.log(r) if 0 < (r := np.linalg.eigvals(matrix).real.max()) < 1 else np.inf,
            "You took real parts. A complex eigenvalue",
        ),
        (lambda matrix: np.abs(np.linalg.eigvals(matrix)).max(), "This is the largest modulus, the factor of"),
        (
            lambda matrix: -1 / np.log(r) if (r := np.linalg.norm(matrix)) < 1 else np.inf,
            "You took the norm of the matrix. What counts",
        ),
        (
            lambda matrix: -1 / np.log(r) if (r := np.abs(np.linalg.eigvals(matrix)).max()) < 1 else 0.0,
            "Where the mode is not stable your function",
        ),
        (
            lambda matrix: -1 / np.log(r) if (r := np.abs(np.linalg.eigvals(matrix)).max()) < 1 else None,
            "Your function returned None. Is there a",
        ),
    ],
    "8.3": [
        (0.76, "digits"),
        (0.6825, "This is the product of all three. Divide by"),
        (1.32, "1.32 is upside down: it is 1 over what is"),
        (-0.756, "sign"),
        (0.7, "This is the momentum. It is one factor of the"),
        (0.975, "This is what the trace keeps. It is one"),
        (0.95, "This is the pair's modulus."),
    ],
    "8.4": [("leaves the track", "Watch the grey ground: the dot keeps to it."), *no_words("travels")],
    "8.5": [
        (lambda kappa: 1 - bears(kappa), "This is the largest *friction* that does."),
        (lambda kappa: bears(kappa.conjugate() * 1j), "Your function returns the same, whatever"),
        (
            lambda kappa: max((i / 100 for i in range(100) if abs(1 + kappa) < 1), default=0.0),
            "You ask for plain replay alone: if it bears",
        ),
        (lambda kappa: (bears(kappa), 0), "You return all the values. Asked is the"),
        (lambda kappa: int(100 * bears(kappa) + 0.5), "This is a place in the list of momenta. Asked"),
        (
            lambda kappa: min((i / 100 for i in range(100) if inside(i / 100, kappa)), default=0.0),
            "This is the *smallest* momentum that is",
        ),
        (lambda kappa: bears(abs(kappa) * -1 + 0j), "The product of the roots is below 1 for every"),
        (
            lambda kappa: max(i / 100 for i in range(100) if inside(i / 100, kappa)),
            "Your function raised ValueError: max() arg is",
        ),
    ],
    "8.6": no_words("the first"),
    "8.7": [
        (lambda *case: price(*case)[::-1], "Your two numbers are in the wrong order:"),
        (lambda *case: price(*case)[0], "One number came. Return the strength and the"),
        (
            lambda x, time, friction, k: (x * friction * time, x * friction * time / (k + x * friction * time)),
            "You multiplied by the time. The mobility",
        ),
        (
            lambda x, time, friction, k: (x * friction / time, 1 - price(x, time, friction, k)[1]),
            "Your second number is the share that is left",
        ),
        (
            lambda x, time, friction, k: (x * friction / time, x * friction / time / k),
            "Your share divides by the stiffness alone.",
        ),
        (
            lambda x, time, friction, k: (price(x, time, friction, k)[0], 100 * price(x, time, friction, k)[1]),
            "Your second number is in per cent. Asked is a",
        ),
        (
            lambda x, time, friction, k: (
                x * friction / time,
                (x - 1) * friction / time / (k + (x - 1) * friction / time),
            ),
            "At x = 1 a ring begins to move, but a state",
        ),
        (
            lambda x, time, friction, k: (
                (x - 1) * friction / time,
                (x - 1) * friction / time / (k + (x - 1) * friction / time),
            ),
            "You took x - 1 for x in both. The strength is",
        ),
    ],
}
