"""Answers to the exercises of chapter 5."""

import numpy as np
import torch

from answers.dresses import dressed, in_numpy, no_words, numbers, words


def network(encoder, gain, mean, share):
    return share, share * encoder @ gain @ encoder.T, share * encoder @ (mean - gain @ mean)


def entry_by_entry(encoder, gain, mean, share):
    n, d = encoder.shape
    weights, bias = torch.zeros(n, n), torch.zeros(n)
    for i in range(n):
        for j in range(n):
            for k in range(d):
                for m in range(d):
                    weights[i, j] += share * encoder[i, k] * gain[k, m] * encoder[j, m]
        for k in range(d):
            for m in range(d):
                bias[i] += share * encoder[i, k] * (float(k == m) - gain[k, m]) * mean[m]
    return share, weights, bias


def looped(leak, noise_std, steps):
    v = 0
    for _ in range(steps):
        v = v * (1 - leak) ** 2 + noise_std**2
    return v


def with_formula(leak, noise_std, steps):
    kept = (1 - leak) ** 2
    return noise_std**2 * (steps if leak == 0 else (1 - kept**steps) / (1 - kept))


def recursive(leak, noise_std, steps):
    return 0.0 if steps == 0 else (1 - leak) ** 2 * recursive(leak, noise_std, steps - 1) + noise_std**2


def in_place(leak, noise_std, steps):
    v = torch.zeros(1, dtype=torch.float64)
    for _ in range(steps):
        v *= (1 - leak) ** 2
        v += noise_std**2
    return v


RIGHT = {
    "5.1": [
        network,
        entry_by_entry,
        lambda encoder, gain, mean, share: (
            share,
            share * torch.einsum("ia,ab,jb->ij", encoder, gain, encoder),
            share * encoder @ (torch.eye(len(gain)).to(gain) - gain) @ mean,
        ),
        lambda encoder, gain, mean, share: (
            share,
            share * encoder @ gain @ encoder.T,
            share * (encoder @ torch.eye(len(mean)) @ mean - encoder @ gain @ mean),
        ),
        lambda encoder, gain, mean, share: (
            torch.tensor(share),
            encoder @ (share * gain) @ encoder.mT,
            encoder @ ((torch.eye(2) - gain) @ (share * mean)),
        ),
        in_numpy(
            lambda encoder, gain, mean, share: (
                np.float64(share),
                share * encoder @ gain @ encoder.T,
                share * encoder @ (np.eye(gain.shape[0]) - gain) @ mean,
            )
        ),
        lambda *case: list(network(*case)),
        in_numpy(network),
        *dressed(network),
    ],
    "5.2": numbers(0.9),
    "5.3": [
        looped,
        with_formula,
        recursive,
        in_place,
        lambda leak, noise_std, steps: noise_std**2 * sum((1 - leak) ** (2 * i) for i in range(steps)),
        lambda leak, noise_std, steps: noise_std**2 * np.sum((1.0 - leak) ** (2 * np.arange(steps))),
        lambda leak, noise_std, steps: float(
            noise_std**2 * ((1 - leak) ** 2 * torch.ones(steps)).pow(torch.arange(steps)).sum()
        ),
        lambda leak, noise_std, steps: np.polyval(np.ones(steps), (1 - leak) ** 2) * noise_std**2,
        lambda leak, noise_std, steps: np.float32(looped(leak, noise_std, steps)),
        *dressed(looped),
    ],
    "5.4": [*words("place cells"), "place-cells", "the place cells"],
}

WRONG = {
    "5.1": [
        (
            lambda encoder, gain, mean, share: (
                share,
                share * encoder @ gain @ encoder.T,
                share * encoder @ gain @ mean,
            ),
            "Your bias multiplies the mean by the gain. It",
        ),
        (
            lambda encoder, gain, mean, share: (
                share,
                share * encoder @ (torch.eye(2).double() - gain) @ encoder.T,
                share * encoder @ (torch.eye(2).double() - gain) @ mean,
            ),
            "Your weights hold what the gain does *not*",
        ),
        (
            lambda encoder, gain, mean, share: (share, share * gain, share * (mean - gain @ mean)),
            "Your weights and bias live in the plane of",
        ),
        (
            lambda encoder, gain, mean, share: (1, encoder @ gain @ encoder.T, encoder @ (mean - gain @ mean)),
            "You took the whole denoising step. The",
        ),
        (
            lambda encoder, gain, mean, share: (share, share * encoder @ gain @ encoder.T, share * encoder @ mean),
            "Your bias is the whole mean. It fills up only",
        ),
        (
            lambda encoder, gain, mean, share: network(encoder, gain, mean, share)[1:],
            "Two parts came. Asked are three: the leak is",
        ),
        (
            lambda encoder, gain, mean, share: (
                share,
                -share * encoder @ gain @ encoder.T,
                share * encoder @ (mean - gain @ mean),
            ),
            "Your weights have the wrong sign: they give",
        ),
        (
            lambda encoder, gain, mean, share: (
                share,
                share * encoder @ encoder.T,
                share * encoder @ (mean - gain @ mean),
            ),
            "Your weights lack the gain: E Eᵀ believes",
        ),
        (
            lambda encoder, gain, mean, share: (
                share,
                share * encoder @ gain @ encoder.T,
                encoder @ (mean - gain @ mean),
            ),
            "Your bias has lost its factor share.",
        ),
    ],
    "5.2": [
        (0.8, "This is the gain. It enters with the share,"),
        (0.1, "This is what is lost. Asked is what is kept."),
        (0.65, "You divided what is kept among the two. The"),
        (90, "90 is 100 times what is asked. Is it in per"),
        (-0.9, "sign"),
        (1.3, "The recurrent weight carries the share too: W"),
        (0.2, "This is what the gain does not believe, 1 - K."),
        (1, "All would be kept only with a gain of 1."),
    ],
    "5.3": [
        (
            lambda leak, noise_std, steps: looped(leak, noise_std, steps) ** 0.5,
            "Your result is the root of what is asked.",
        ),
        (
            lambda leak, noise_std, steps: noise_std**2 / (1 - (1 - leak) ** 2) if leak else steps * noise_std**2,
            "This is the variance after infinitely many",
        ),
        (
            lambda leak, noise_std, steps: looped(1 - leak, noise_std, steps),
            "You keep the share `leak`. The leak is the",
        ),
        (
            lambda leak, noise_std, steps: looped(leak, noise_std**0.5, steps),
            "You start from noise_std; the variance of a",
        ),
        (
            lambda leak, noise_std, steps: looped(leak, noise_std, steps - 1),
            "You count one kick too few: each step brings",
        ),
        (
            lambda leak, noise_std, steps: looped(leak, noise_std, steps + 1),
            "You count one kick too many: after one step",
        ),
        (
            lambda leak, noise_std, steps: (1 - leak) ** (2 * steps) * noise_std**2,
            "This is one kick, and what is left of it.",
        ),
        (
            lambda leak, noise_std, steps: (1 - leak) ** 2 * looped(leak, noise_std, steps),
            "Your kick shrinks in the step in which it",
        ),
        (
            lambda leak, noise_std, steps: noise_std**2 * (1 - (1 - leak) ** (2 * steps)) / (1 - (1 - leak) ** 2),
            "Your function raised ZeroDivisionError: float",
        ),
    ],
    "5.4": [("both", "Compare the columns row by row: the first two"), *no_words("place cells")],
}
