"""Answers to the museum's exercises on measurements that are wrong."""

import hashlib
import itertools
import json
import math
import pickle
from statistics import fmean, harmonic_mean
from typing import Any

import numpy as np
import torch

from answers.dresses import dressed, in_lists, in_numpy, in_torch


def key(settings):
    return json.dumps(settings, sort_keys=True)


def key_by_hand(settings):
    text = ""
    for name in sorted(settings):
        text += f"{name}={settings[name]!r};"
    return text


_calls = itertools.count()


def effective(n, correlation):
    return n / (1 + (n - 1) * correlation)


def effective_of_matrix(n, correlation):
    """n squared over the sum of the correlation matrix."""
    matrix = np.full((n, n), correlation)
    np.fill_diagonal(matrix, 1)
    return n**2 / matrix.sum()


def mean_time(times, horizon):
    arrived = times < math.inf
    return times.clip(max=horizon).sum() / arrived.sum()


def time_by_hand(times, horizon):
    total = arrivals = 0
    for time in times:
        total += min(time, horizon)
        arrivals += time <= horizon
    return total / arrivals


def time_in_place(times, horizon):
    late = np.isinf(times)
    times[late] = horizon
    return times.sum() / (~late).sum()


def time_of_shares(times, horizon):
    return np.minimum(times, horizon).mean() / np.isfinite(times).mean()


def lead(mechanism, controls):
    return (mechanism - controls).mean(1).min()


def lead_by_hand(mechanism, controls):
    return min(fmean(a - b for a, b in zip(mechanism, control, strict=True)) for control in controls)


def lead_in_torch(mechanism, controls):
    return mechanism.mean() - controls.mean(dim=1).amax()


def running_speed(position, seconds, slow):
    speed = np.linalg.norm(np.diff(position, axis=0), axis=1) / seconds
    return speed[speed > slow].mean()


def running_by_hand(position, seconds, slow):
    speeds = [math.dist(a, b) / seconds for a, b in itertools.pairwise(position)]
    return fmean(one for one in speeds if one >= slow)


def running_in_torch(position, seconds, slow):
    speed = position.diff(dim=0).norm(dim=1) / seconds
    return speed[speed >= slow].mean()


def running_with_nan(position, seconds, slow):
    speed = np.hypot(*(np.diff(position, axis=0) / seconds).T)
    return np.nanmean(np.where(speed < slow, np.nan, speed))


def speeds(position, seconds):
    return np.linalg.norm(np.diff(position, axis=0), axis=1) / seconds


RIGHT = {
    "B.6": [
        key,
        key_by_hand,
        lambda settings: repr(sorted(settings.items())),
        lambda settings: tuple(sorted(settings.items())),
        lambda settings: frozenset(settings.items()),
        lambda settings: hashlib.sha256(key(settings).encode()).hexdigest(),
        lambda settings: hashlib.sha256(key(settings).encode()).digest(),
        lambda settings: int(hashlib.md5(key(settings).encode()).hexdigest(), 16),
        lambda settings: pickle.dumps(sorted(settings.items())),
        lambda settings: str({name: settings[name] for name in sorted(settings)}),
    ],
    "B.7": [
        effective,
        effective_of_matrix,
        lambda n, correlation: 1 / ((1 - correlation) / n + correlation),
        lambda n, correlation: torch.tensor(n) / (1 + (n - 1) * torch.tensor(correlation)),
        lambda n, correlation: harmonic_mean([n] * n) / (1 - correlation + n * correlation),
        lambda n, correlation: [np.float32(n) / np.float32(1 + correlation * (n - 1))],
        *dressed(effective),
    ],
    "B.8": [
        mean_time,
        in_lists(time_by_hand),
        in_numpy(time_in_place),
        time_of_shares,
        in_torch(lambda times, horizon: times.clamp(max=horizon).sum() / times.isfinite().sum()),
        lambda times, horizon: (
            times[np.isfinite(times)].mean() + horizon * np.isinf(times).sum() / np.isfinite(times).sum()
        ),
        lambda times, horizon: 1 / (np.isfinite(times).sum() / np.fmin(times, horizon).sum()),
        *dressed(mean_time),
    ],
    "B.9": [
        lead,
        in_lists(lead_by_hand),
        in_torch(lead_in_torch),
        lambda mechanism, controls: np.min([np.mean(mechanism - one) for one in controls]),
        lambda mechanism, controls: mechanism.mean() - max(controls.mean(axis=1)),
        lambda mechanism, controls: sorted((mechanism[None] - controls).mean(axis=-1))[0],
        *dressed(lead),
    ],
    "B.10": [
        running_speed,
        in_lists(running_by_hand),
        in_torch(running_in_torch),
        running_with_nan,
        lambda position, seconds, slow: np.mean([one for one in speeds(position, seconds) if one >= slow]),
        lambda position, seconds, slow: np.average(
            speeds(position, seconds), weights=speeds(position, seconds) >= slow
        ),
        *dressed(running_speed),
    ],
}

WRONG: dict[str, list[tuple[Any, str]]] = {
    "B.6": [
        (lambda settings: f"{settings['task']}-{settings['steps']}", "noise=0.1 and noise=0.2 get the same key"),
        (lambda settings: (settings["task"], settings["noise"]), "steps=600 and steps=60 get the same key."),
        (str, "in another order get another key"),
        (lambda settings: repr(sorted(map(str, settings.values()))), "values alone do not tell"),
        (lambda settings: hash(tuple(sorted(settings.items()))), "Python salts `hash`"),
        (
            lambda settings: key({name: value for name, value in settings.items() if name != "code"}),
            "The code decides a result as well",
        ),
        (
            lambda settings: str(
                {name: round(one, 3) if isinstance(one, float) else one for name, one in sorted(settings.items())}
            ),
            "yours rounds",
        ),
        (lambda settings: f"{settings['noise']}{settings['steps']}{settings['task']}{settings['code']}", "keep a mark"),
        (lambda settings: [settings[name] for name in ("task", "noise", "steps", "code")], "A key must be a text"),
        (
            lambda settings: "-".join(str(settings[name]) for name in ("task", "noise", "steps", "code")),
            "added later, friction",
        ),
        (lambda settings: f"{key(settings)}{next(_calls)}", "at each call"),
    ],
    "B.7": [
        (lambda n, correlation: n, "You count every condition as independent"),
        (lambda n, correlation: n * (1 - correlation), "yours leaves nothing"),
        (lambda n, correlation: n / (1 + n * correlation), "n - 1 *others*"),
        (lambda n, correlation: 1 + (n - 1) * correlation, "by how much the variance of the average is too large"),
        (lambda n, correlation: n / (1 + (n - 1) * correlation**2), "You squared the correlation"),
        (lambda n, correlation: n / (1 + (n - 1) * correlation) ** 0.5, "You took the root"),
        (lambda n, correlation: 1 / correlation, "infinitely many conditions"),
        (lambda n, correlation: n * (1 - correlation) / (1 + correlation), "a chain in which the correlation dies"),
    ],
    "B.8": [
        (lambda times, horizon: times[times < horizon].mean(), "watched in vain"),
        (lambda times, horizon: np.minimum(times, horizon).mean(), "This is the restricted mean"),
        (lambda times, horizon: times.mean(), "What never arrived is infinite"),
        (lambda times, horizon: 1 / mean_time(times, horizon), "Turn it upside down"),
        (lambda times, horizon: np.where(np.isinf(times), 0, times).mean(), "You counted the others as 0"),
        (lambda times, horizon: horizon / np.isfinite(times).mean(), "Those that arrived count until they did"),
        (lambda times, horizon: np.minimum(times, horizon).sum(), "This is the whole time watched"),
        (lambda times, horizon: np.median(np.minimum(times, horizon)), "This is the median"),
    ],
    "B.9": [
        (lambda mechanism, controls: (mechanism - controls).mean(), "You compare with the average control"),
        (lambda mechanism, controls: (mechanism - controls[0]).mean(), "with the first control alone"),
        (lambda mechanism, controls: (mechanism - controls).mean(1).max(), "with the weakest control"),
        (lambda mechanism, controls: (mechanism - controls).min(), "the worst single network"),
        (lambda mechanism, controls: (mechanism - controls.max(0)).mean(), "choose its own control"),
        (lambda mechanism, controls: controls.mean(1).max() - mechanism.mean(), "The sign is turned"),
        (lambda mechanism, controls: mechanism.mean() / controls.mean(1).max(), "This is a ratio"),
        (lambda mechanism, controls: (mechanism - controls).mean(1), "a lead for each control"),
    ],
    "B.10": [
        (lambda position, seconds, slow: speeds(position, seconds).mean(), "Rests are in it"),
        (
            lambda position, seconds, slow: np.where(
                speeds(position, seconds) < slow, 0, speeds(position, seconds)
            ).mean(),
            "Rests count as 0",
        ),
        (lambda position, seconds, slow: running_speed(position, 1, slow * seconds), "This is metres a step"),
        (
            lambda position, seconds, slow: running_speed(position, seconds, slow) * seconds**2,
            "You multiplied by the seconds",
        ),
        (
            lambda position, seconds, slow: (
                np.linalg.norm(position[-1] - position[0]) / (seconds * (len(position) - 1))
            ),
            "from the first place to the last",
        ),
        (
            lambda position, seconds, slow: np.median([v for v in speeds(position, seconds) if v > slow]),
            "This is the median",
        ),
        (
            lambda position, seconds, slow: np.mean([v for v in speeds(position, seconds) if v < slow]),
            "You kept the rests",
        ),
        (lambda position, seconds, slow: np.mean(speeds(position, seconds) > slow), "the share of steps"),
        (lambda position, seconds, slow: speeds(position, seconds).max(), "This is the highest speed"),
    ],
}
