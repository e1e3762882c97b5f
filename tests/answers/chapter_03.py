"""Answers to the exercises of chapter 3."""

import numpy as np
import torch

from answers.dresses import as_array, as_tensor, dressed, in_numpy, no_words, numbers, words


def shrunk(h, mean, variance, sigma):
    return mean + variance / (variance + sigma**2) * (h - mean)


def with_autograd(h, mean, variance, sigma):
    seen = torch.tensor(float(h), requires_grad=True)
    torch.distributions.Normal(mean, (variance + sigma**2) ** 0.5).log_prob(seen).backward()
    return h + sigma**2 * seen.grad


def climbs(h, score, step, xi):
    return h + step * score(h) + (2 * step) ** 0.5 * xi


def in_place(h, score, step, xi):
    climb = score(h)
    h += step * climb
    h += np.sqrt(2 * step) * xi
    return h


def chain_by_chain(h, score, step, xi):
    climb = score(h)
    return [h[i] + step * climb[i] + (2 * step) ** 0.5 * xi[i] for i in range(len(h))]


def as_floats(h, score, step, xi):
    climb = score(h).tolist()
    return [float(a) + step * b + float(np.sqrt(2 * step)) * float(c) for a, b, c in zip(h, climb, xi, strict=True)]


def cured(covariance, step):
    kept = torch.eye(len(covariance), dtype=covariance.dtype) - step * covariance.inverse()
    return covariance - kept @ covariance @ kept.T


def by_directions(covariance, step):
    variances, directions = np.linalg.eigh(covariance)
    return (directions * (step * (2 - step / variances))) @ directions.T


RIGHT = {
    "3.1": [
        shrunk,
        lambda h, mean, variance, sigma: h + sigma**2 * (mean - h) / (variance + sigma**2),
        lambda h, mean, variance, sigma: (variance * h + sigma**2 * mean) / (variance + sigma**2),
        lambda h, mean, variance, sigma: h - (h - mean) / (1 + variance / sigma**2),
        lambda h, mean, variance, sigma: np.average([h, mean], weights=[variance, sigma**2]),
        lambda h, mean, variance, sigma: (h / sigma**2 + mean / variance) / (1 / sigma**2 + 1 / variance),
        lambda h, mean, variance, sigma: torch.lerp(
            torch.tensor(h), torch.tensor(mean), sigma**2 / (variance + sigma**2)
        ),
        lambda h, mean, variance, sigma: np.float32(shrunk(h, mean, variance, sigma)),
        lambda h, mean, variance, sigma: [shrunk(h, mean, variance, sigma)],
        with_autograd,
        as_array(shrunk),
        as_tensor(shrunk),
    ],
    "3.2": [
        climbs,
        in_place,
        chain_by_chain,
        as_floats,
        lambda h, score, step, xi: torch.add(h, score(h), alpha=step) + xi * np.sqrt(2 * step),
        lambda h, score, step, xi: h + step / 2 * score(h) + step**0.5 * xi,  # the statisticians' step
        lambda h, score, step, xi: h + step * score(h) - (2 * step) ** 0.5 * xi,
        lambda h, score, step, xi: (h + step * score(h) + (2 * step) ** 0.5 * xi).numpy().astype(np.float32),
        lambda h, score, step, xi: h.add(step * score(h)).add_(torch.sqrt(torch.tensor(2 * step)) * xi),
        *dressed(climbs),
    ],
    "3.3": [
        cured,
        lambda c, step: 2 * step * torch.eye(len(c)) - step**2 * torch.linalg.inv(c),
        lambda c, step: torch.linalg.solve(c, step * (2 * c - step * torch.eye(len(c), dtype=c.dtype))),
        in_numpy(lambda c, step: 2 * step * np.eye(len(c)) - step**2 * np.linalg.inv(c)),
        in_numpy(by_directions),
        lambda c, step: by_directions(np.array(c), step),
        *dressed(cured),
    ],
    "3.4": numbers(2),
    "3.5": [*words("stays"), "it stays"],
}

WRONG = {
    "3.1": [
        (
            lambda h, mean, variance, sigma: h + sigma * (mean - h) / (variance + sigma),
            "The formula has the *variance* of the noise,",
        ),
        (
            lambda h, mean, variance, sigma: h - sigma**2 * (mean - h) / (variance + sigma**2),
            "Your step has the wrong sign: it leads away",
        ),
        (
            lambda h, mean, variance, sigma: (mean - h) / (variance + sigma**2),
            "This is the score. The formula multiplies it",
        ),
        (
            lambda h, mean, variance, sigma: h + sigma**2 * (mean - h) / (variance**2 + sigma**2),
            "You squared the variance. It is a square",
        ),
        (
            lambda h, mean, variance, sigma: (sigma**2 * h + variance * mean) / (variance + sigma**2),
            "Your two weights are swapped: with little",
        ),
        (lambda h, mean, variance, sigma: mean, "This is the mean of the clean law, whatever"),
        (lambda h, mean, variance, sigma: h, "This is what was seen. The noise must be"),
        (
            lambda h, mean, variance, sigma: sigma**2 * (mean - h) / (variance + sigma**2),
            "This is the step alone. The best guess is h",
        ),
        (
            lambda h, mean, variance, sigma: h + (mean - h) / (variance + sigma**2),
            "You added the score as it is. The formula",
        ),
        (lambda h, mean, variance, sigma: (h + mean) / 2, "You believe seen and expected alike. How much"),
        (
            lambda h, mean, variance, sigma: h + 2 * sigma**2 * (mean - h) / (variance + sigma**2),
            "Your step is twice as long as it should be.",
        ),
    ],
    "3.2": [
        (
            lambda h, score, step, xi: h + step * score(h) + (2 * step) ** 0.5 * torch.randn_like(h),
            "Your step gives another result each time it",
        ),
        (
            lambda h, score, step, xi: h + step * score(h) + (2 * step) ** 0.5 * xi[0],
            "All your chains get the same kick. Each has",
        ),
        (
            lambda h, score, step, xi: h + step * score(h) + (2 * step) ** 0.5 * torch.rand_like(h),
            "Your step gives another result each time it",
        ),
        (lambda h, score, step, xi: score(h) + (2 * step) ** 0.5 * xi, "Your state is not carried on: the new one is"),
        (
            lambda h, score, step, xi: h + step * score(h).mean() + (2 * step) ** 0.5 * xi,
            "At step=0.1 your chains do not keep apart:",
        ),
        (lambda h, score, step, xi: h + score(h) + 2**0.5 * xi, "You climb by the whole score, whatever the"),
        (lambda h, score, step, xi: h + step * score(h) + xi, "Your noise does not shrink with the step: its"),
        (
            lambda h, score, step, xi: h + step * score + (2 * step) ** 0.5 * xi,
            "Your function raised TypeError: unsupported",
        ),
        (
            lambda h, score, step, xi: (1 - step) * h + (2 * step) ** 0.5 * xi,
            "Your step never asks for the score. It must",
        ),
        (
            lambda h, score, step, xi: h + 2 * step * score(h) + (2 * step) ** 0.5 * xi,
            "You climb twice as far as the noise allows:",
        ),
        (
            lambda h, score, step, xi: step * score(h) + (2 * step) ** 0.5 * xi,
            "Your state is not carried on: the new one is",
        ),
        (lambda h, score, step, xi: h, "Your sampler does not move: every state ends"),
    ],
    "3.3": [
        (lambda c, step: 2 * step * torch.eye(len(c)), "the noise of a short step"),
        (lambda c, step: 2 * step * torch.eye(len(c)) - step**2 * c, "You multiplied by C where its inverse"),
        (lambda c, step: c - cured(c, step), "what the step keeps of the covariance"),
        (lambda c, step: step * torch.eye(len(c), dtype=c.dtype), "covariance"),
        (lambda c, step: step * (2 - step) * torch.eye(len(c)), "if all variances were 1"),
        (lambda c, step: torch.linalg.cholesky(cured(c, step)), "This is a root of the covariance."),
        (lambda c, step: cured(c, step) / 2, "left out the factor 2"),
        (lambda c, step: cured(c, step).diagonal(), "must return"),
    ],
    "3.4": [
        (-2, "sign"),
        (0, "At a step of 0 nothing moves at all."),
        (1.5, "At 1.5 the factor is -0.5: the displacement"),
        (0.1, "At 0.1 the factor is 0.9: a displacement dies"),
        (4, "Beyond a step of 2 the factor |1 - step| is"),
        (1.41, "The root of two belongs to the noise. Here"),
    ],
    "3.5": [
        ("drifts", "does the displacement grow"),
        ("stops training", "Training is over. What does the state do?"),
        *no_words("stays"),
    ],
}
