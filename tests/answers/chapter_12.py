"""Answers to the exercises of chapter 12."""

import math

import numpy as np
import torch
from scipy import special

from answers.dresses import dressed, in_lists, in_numpy, in_single, no_words, pairs, words


def log_likelihood(counts, expected):
    return counts @ expected.log().T - expected.sum(1)


def bin_by_bin(counts, expected):
    found = torch.zeros(len(counts), len(expected))
    for w in range(len(counts)):
        for b in range(len(expected)):
            for c in range(counts.shape[1]):
                found[w, b] += counts[w, c] * torch.log(expected[b, c]) - expected[b, c]
    return found


def plain_sums(counts, expected):
    return [
        [sum(n * math.log(rate) - rate for n, rate in zip(window, rates, strict=True)) for rates in expected]
        for window in counts
    ]


def evidence(likelihood, transition):
    w = likelihood[0] / likelihood.shape[1]
    for later in likelihood[1:]:
        w = w @ transition * later
    return w.sum().log()


def in_logs(likelihood, transition):
    log_w = likelihood[0].log() - math.log(likelihood.shape[1])
    for later in likelihood[1:].log():
        log_w = torch.logsumexp(log_w[:, None] + transition.log(), 0) + later
    return torch.logsumexp(log_w, 0)


def backwards(likelihood, transition):
    b = torch.ones(len(transition)).to(likelihood)
    for later in likelihood[1:].flip(0):
        b = transition @ (later * b)
    return (likelihood[0] * b).mean().log()


def over_all_paths(likelihood, transition):
    ways = likelihood[0] / likelihood.shape[1]
    total = 0.0
    for later in likelihood[1:]:
        size = ways.sum()
        total += math.log(size)
        ways = (ways / size) @ transition
        ways = ways * later
    return total + math.log(ways.sum())


def bin_after_bin(likelihood, transition):
    bins = len(transition)
    w = [one / bins for one in likelihood[0]]
    log_total = 0.0
    for later in likelihood[1:]:
        w = [sum(w[i] * transition[i][j] for i in range(bins)) * later[j] for j in range(bins)]
        log_total, w = log_total + math.log(sum(w)), [one / sum(w) for one in w]
    return log_total + math.log(sum(w))


def kept_velocity(windows, share=0.6, seed=0):
    draws = np.random.default_rng(seed)
    v, x, found = 0.0, 0.0, []
    for _ in range(windows):
        v = share * v + draws.normal()
        x += v
        found.append(x)
    return found


def in_torch(windows):
    pushes = torch.randn(windows, generator=torch.Generator().manual_seed(1))
    v = torch.zeros(windows)
    for i in range(1, windows):
        v[i] = 0.65 * v[i - 1] + pushes[i]
    return v.cumsum(0)


def moving_average(windows):
    pushes = np.random.default_rng(3).normal(size=windows + 3)
    return np.convolve(pushes, np.ones(4) / 4, mode="valid").cumsum()


def turning(windows):
    """Two windows one way, then chance decides anew."""
    signs = np.random.default_rng(5).choice([-1.0, 1.0], size=windows)
    return np.repeat(signs, 3)[:windows].cumsum()


RIGHT = {
    "12.1": [
        log_likelihood,
        bin_by_bin,
        plain_sums,
        in_lists(plain_sums),
        in_numpy(lambda counts, expected: counts @ np.log(expected).T - expected.sum(axis=1)),
        lambda counts, expected: torch.einsum("wc,bc->wb", counts, expected.log()) - expected.sum(dim=1),
        lambda counts, expected: (counts[:, None] * expected.log() - expected).sum(-1),
        lambda counts, expected: special.xlogy(counts[:, None], expected[None]).sum(-1) - expected.sum(1),
        lambda counts, expected: (
            torch.distributions.Poisson(expected).log_prob(counts[:, None]).sum(-1)
            + torch.lgamma(counts + 1).sum(1, keepdim=True)
        ),
        *dressed(log_likelihood),
    ],
    "12.2": [
        evidence,
        in_logs,
        backwards,
        over_all_paths,
        bin_after_bin,
        in_lists(bin_after_bin),
        lambda likelihood, transition: evidence(likelihood, transition).item(),
        in_numpy(
            lambda likelihood, transition: math.log(evidence(torch.tensor(likelihood), torch.tensor(transition)).exp())
        ),
        in_single(over_all_paths),
        *dressed(evidence),
    ],
    "12.3": pairs(0.7225, 0.85**4),
    "12.4": [*words("cause"), "the cause"],
    "12.5": [
        kept_velocity,
        in_torch,
        moving_average,
        turning,
        lambda windows: np.array(kept_velocity(windows, 0.7, 1), dtype=np.float32),
        lambda windows: tuple(kept_velocity(windows, 0.62, 2)),
        lambda windows: 100 + 0.01 * np.array(kept_velocity(windows)),
        lambda windows: torch.tensor(kept_velocity(windows), requires_grad=True),
        lambda windows: np.array(kept_velocity(windows))[:, None],
    ],
}

WRONG = {
    "12.1": [
        (lambda counts, expected: log_likelihood(counts, expected).T, "Your result is transposed: rows and columns"),
        (lambda counts, expected: log_likelihood(counts, expected).exp(), "Your result is the exponential of what is"),
        (
            lambda counts, expected: counts @ expected.log().T + expected.sum(1),
            "You added the expected spikes. They are taken",
        ),
        (
            lambda counts, expected: counts @ expected.log().T - counts.sum(1, keepdim=True),
            "You took off the spikes that came. What is",
        ),
        (
            lambda counts, expected: log_likelihood(counts, expected).log_softmax(1),
            "You normalised over the bins. That is the",
        ),
        (
            lambda counts, expected: counts @ expected.log10().T - expected.sum(1),
            "You took the logarithm to the base 10. It",
        ),
        (
            lambda counts, expected: log_likelihood(counts, expected).sum(0),
            "You added the parts up. Each of them is asked.",
        ),
        (
            lambda counts, expected: log_likelihood((counts > 0).to(counts), expected),
            "You count a cell that fires twice like one",
        ),
        (
            lambda counts, expected: log_likelihood(counts, expected).argmax(1),
            "You return which one is the largest, not the",
        ),
        (lambda counts, expected: -log_likelihood(counts, expected), "Your result has the wrong sign."),
        (
            lambda counts, expected: counts @ expected.log().T - expected.mean(1),
            "You took off the mean over the cells. Each",
        ),
        (
            lambda counts, expected: log_likelihood(counts, expected) - torch.lgamma(counts + 1).sum(1, keepdim=True),
            "You took the factorials along. They are the",
        ),
    ],
    "12.2": [
        (
            lambda likelihood, transition: evidence(likelihood, transition) + math.log(len(transition)),
            "Your path begins in every bin with the full",
        ),
        (
            lambda likelihood, transition: evidence(likelihood, transition).exp(),
            "Your result is the exponential of what is",
        ),
        (lambda likelihood, transition: -evidence(likelihood, transition), "Your result has the wrong sign."),
        (
            lambda likelihood, transition: evidence(likelihood.flip(0), transition),
            "You turned the matrix round: its rows are",
        ),
        (
            lambda likelihood, transition: evidence(likelihood, transition) / math.log(10),
            "You took the logarithm to the base 10. It",
        ),
        (
            lambda likelihood, transition: evidence(likelihood, transition) / len(likelihood),
            "You divided by the number of windows. Asked",
        ),
        (
            lambda likelihood, transition: (
                (
                    likelihood[0]
                    / len(transition)
                    @ torch.linalg.matrix_power(transition, len(likelihood) - 1)
                    * likelihood[-1]
                )
                .sum()
                .log()
            ),
            "You look at the first and the last window",
        ),
        (
            lambda likelihood, transition: likelihood.prod(0).mean().log(),
            "Your path stays in its bin: the product over",
        ),
    ],
    "12.3": [
        ((0.7225, 0.7225), "This is the share with two steps."),
        ((0.7225, 0.4), "You took the friction off four times. Shares"),
        ((1.7, 0.522), "More than all cannot be kept: multiply the"),
        ((0.15**2, 0.522), "You squared what is lost. Square what is"),
        ((0.85, 0.522), "That is what is kept in one step. A window"),
        ((0.7, 0.522), "You took the friction off twice. What is kept"),
        ((0.7225, 0.85**3), "This is what three steps keep. A window holds"),
        ((0.925, 0.522), "You halved the friction. A longer window"),
        ((0.522, 0.7225), "Your numbers are in the wrong order: asked"),
        ((72.25, 52.2), "72.25 is 100 times what is asked. Is it in"),
    ],
    "12.4": [("prior", "A fitted prior may favour one kind a little;"), *no_words("cause")],
    "12.5": [
        (
            lambda windows: np.cumsum(np.cumsum(np.random.default_rng(0).normal(size=windows))),
            "Over 10 to 40 windows your displacement grows",
        ),
        (lambda windows: np.arange(windows), "Your path must move, and all positions must"),
        (lambda windows: kept_velocity(windows, 0.95), "Over 10 to 40 windows your displacement grows"),
        (lambda windows: kept_velocity(windows, 0.3), "Neighbouring steps of your path have a"),
        (lambda windows: kept_velocity(windows, -0.6), "Neighbouring steps of your path have a"),
        (lambda windows: np.random.default_rng(0).normal(size=windows), "Neighbouring steps of your path have a"),
        (lambda windows: np.diff(kept_velocity(windows + 1)), "Neighbouring steps of your path have a"),
        (lambda windows: np.full(windows, np.nan), "Your path must move, and all positions must"),
        (lambda windows: np.column_stack([kept_velocity(windows)] * 2), "must return one position for each window,"),
    ],
}
