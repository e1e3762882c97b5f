"""Answers to the exercises of chapter 4."""

import statistics

import numpy as np
import torch

from answers.dresses import as_array, as_list, as_tensor, dressed, in_lists, in_numpy, in_single, numbers, pairs


def walked(t, start, step, sigma):
    return (start + t * step**2) / (start + t * step**2 + sigma**2)


def step_by_step(t, start, step, sigma):
    spread = start
    for _ in range(t):
        spread += step**2
    return 1 / (1 + sigma**2 / spread) if spread else 0.0


def parts(h, gain, mean):
    return -h, gain * h, (1 - gain) * mean


def constant(variances, sigma):
    return variances.mean() / (variances.mean() + sigma**2)


def summed(variances, sigma):
    total = 0.0
    for one in variances:
        total += one
    return total / (total + len(variances) * sigma**2)


RIGHT = {
    "4.1": [
        walked,
        step_by_step,
        lambda t, start, step, sigma: 1 - sigma**2 / (start + t * step**2 + sigma**2),
        lambda t, start, step, sigma: np.float32(walked(t, start, step, sigma)),
        lambda t, start, step, sigma: np.divide(start + t * step**2, start + t * step**2 + sigma**2),
        lambda t, start, step, sigma: torch.tensor(start + t * step**2).div(start + t * step**2 + sigma**2),
        lambda t, start, step, sigma: (
            (np.eye(1) * (start + t * step**2)) @ np.linalg.inv(np.eye(1) * (start + t * step**2 + sigma**2))
        ),
        lambda t, start, step, sigma: (start + np.full(t, step**2).sum()) / (start + t * step**2 + sigma**2),
        as_array(walked),
        as_tensor(walked),
        as_list(walked),
    ],
    "4.2": [
        parts,
        lambda h, gain, mean: [-h, gain * h, mean - gain * mean],
        lambda h, gain, mean: np.array([-h, gain * h, (1 - gain) * mean]),
        lambda h, gain, mean: torch.tensor([-h, gain * h, (1 - gain) * mean]),
        lambda h, gain, mean: (np.float32(-h), np.float32(gain * h), np.float32((1 - gain) * mean)),
        lambda h, gain, mean: [np.array([-h]), np.array([gain * h]), np.array([(1 - gain) * mean])],
        lambda h, gain, mean: (-1 * h, h * gain, mean * (1 - gain)),
        as_array(parts),
        as_tensor(parts),
    ],
    "4.3": [
        constant,
        summed,
        in_lists(summed),
        lambda variances, sigma: np.mean(np.asarray(variances)) / (np.mean(np.asarray(variances)) + sigma**2),
        lambda variances, sigma: 1 / (1 + sigma**2 / variances.mean()),
        lambda variances, sigma: variances.sum() / (variances + sigma**2).sum(),
        in_lists(lambda variances, sigma: statistics.fmean(variances) / (statistics.fmean(variances) + sigma**2)),
        in_numpy(lambda variances, sigma: np.average(variances / (variances + sigma**2), weights=variances + sigma**2)),
        in_single(lambda variances, sigma: variances.mean(0, keepdim=True) / (variances.mean() + sigma**2)),
        *dressed(constant),
    ],
    "4.4": pairs(820, 3),
    "4.5": numbers(15),
}

WRONG = {
    "4.1": [
        (
            lambda t, start, step, sigma: (start + t * step) / (start + t * step + sigma**2),
            "The path's variance grows by the *square* of",
        ),
        (
            lambda t, start, step, sigma: (start + t * step**2) / (start + t * step**2 + sigma),
            "The noise of the code enters by its variance,",
        ),
        (
            lambda t, start, step, sigma: (start + t**2 * step**2) / (start + t**2 * step**2 + sigma**2),
            "You squared the step. The variance of a walk",
        ),
        (
            lambda t, start, step, sigma: walked(t, start**2, step, sigma),
            "You squared start_variance. It is a variance",
        ),
        (
            lambda t, start, step, sigma: (start + t * step**2) / sigma**2,
            "This is the path's variance over that of the",
        ),
        (
            lambda t, start, step, sigma: walked(t, start, step, sigma) ** 0.5,
            "Your result is the root of what is asked.",
        ),
        (
            lambda t, start, step, sigma: walked(t + 1, start, step, sigma),
            "You are one step late: at step t the walk has",
        ),
        (lambda t, start, step, sigma: walked(0, start, step, sigma), "This is the gain at step 0. The walk spreads"),
        (lambda t, start, step, sigma: start + t * step**2, "This is the path's variance. The gain"),
    ],
    "4.2": [
        (lambda h, gain, mean: (h, gain * h, (1 - gain) * mean), "Your leak pushes outwards: it has the wrong"),
        (lambda h, gain, mean: (-h, gain * h, mean), "Your bias is the whole mean. It fills up only"),
        (lambda h, gain, mean: (-h, (1 - gain) * h, gain * mean), "You mixed up what is believed and what is"),
        (lambda h, gain, mean: (gain * h, -h, (1 - gain) * mean), "Your parts are in the wrong order: leak,"),
        (lambda h, gain, mean: (-h, gain * h), "Two parts came. Asked are three: leak,"),
        (lambda h, gain, mean: (-h, gain * (h - mean), mean), "You took the mean off the code before you"),
        (lambda h, gain, mean: (-h, gain, (1 - gain) * mean), "Your recurrent part is the gain itself. It"),
        (lambda h, gain, mean: (-h, -gain * h, -(1 - gain) * mean), "Only the leak pulls back. Recurrent part and"),
    ],
    "4.3": [
        (
            lambda variances, sigma: variances[0] / (variances[0] + sigma**2),
            "This is the gain of the first step. It must",
        ),
        (
            lambda variances, sigma: variances.max() / (variances.max() + sigma**2),
            "This is the gain of the widest step. It must",
        ),
        (
            lambda variances, sigma: variances.sum() / (variances.sum() + sigma**2),
            "You took the sum of the variances for their",
        ),
        (
            lambda variances, sigma: variances.mean() / (variances.mean() + sigma),
            "The noise enters by its variance, sigma",
        ),
        (lambda variances, sigma: sigma**2 / (variances.mean() + sigma**2), "Your result is 1 minus what is asked."),
        (lambda variances, sigma: variances / (variances + sigma**2), "These are the gains of all steps. Asked is"),
        (
            lambda variances, sigma: variances.median() / (variances.median() + sigma**2),
            "You took the median of the variances. What",
        ),
        (
            lambda variances, sigma: variances.sqrt().mean() / (variances.sqrt().mean() + sigma),
            "You averaged standard deviations. Average the",
        ),
    ],
    "4.4": [
        ((1600, 3), "A covariance is symmetric: you counted every"),
        ((820, 2), "You left out the covariance of the two"),
        ((780, 3), "You left out the diagonal: the variances have"),
        ((40, 3), "These are the variances alone. Between each"),
        ((820, 4), "That covariance is symmetric, too: you"),
        ((3, 820), "Your numbers are in the wrong order: asked"),
        ((819, 3), "819 is one too few."),
        (820, "The answer must be 2 numbers (the unknown"),
        ((800, 3), "800 is near, but not near enough: give at"),
    ],
    "4.5": [
        (14, "14 is one too few."),
        (16, "16 is one too many."),
        (7.5, "7.5 is off by a factor of two, downwards."),
        (10, "10 is too small."),
        (-15, "sign"),
        (1, "Just after the start the place is nearly"),
        (225, "225 is the square of what is asked."),
    ],
}
