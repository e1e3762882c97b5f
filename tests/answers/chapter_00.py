"""Answers to the exercises of the welcome."""

import numpy as np
import torch

from answers.dresses import dressed, in_lists, in_numpy, no_words, numbers, words


def by_loop(distance, radius):
    for step, one in enumerate(distance):
        if one <= radius:
            return step
    return len(distance)


def by_index(distance, radius):
    try:
        return [one <= radius for one in distance].index(True)
    except ValueError:
        return len(distance)


def by_where(distance, radius):
    places = torch.where(distance <= radius)[0]
    return places[0] if len(places) else len(distance)


def by_numpy(distance, radius):
    near = distance <= radius
    return np.argmax(near) if near.any() else near.size


RIGHT = {
    "0.1": [*words("both"), "adaptation with momentum"],
    "0.2": numbers(0.343),
    "0.3": [
        by_loop,
        by_index,
        by_where,
        in_numpy(by_numpy),
        in_lists(by_loop),
        lambda distance, radius: next((i for i, d in enumerate(distance) if d <= radius), len(distance)),
        lambda distance, radius: (distance > radius).int().cumprod(0).sum(),
        lambda distance, radius: np.flatnonzero(np.append(distance.numpy() <= radius, True))[0],
        lambda distance, radius: float(torch.cat([distance, torch.zeros(1)]).le(radius).int().argmax()),
        *dressed(by_where),
    ],
    "0.4": [*words("share on the path"), "share_on_path", "the share on the path"],
    "0.5": [*words("adaptation, 4 times the strength"), "adaptation 4 times the strength"],
}

WRONG = {
    "0.1": [
        ("plain", "Plain replay is a random walk: most of its"),
        ("strong adaptation alone", "The answer must be one of "),
        *no_words("both"),
    ],
    "0.2": [
        (0.7, "This is what one step leaves. Three steps"),
        (0.49, "This is left after two steps. Three pass."),
        (0.9, "You added up the shares that are lost. Each"),
        (34.3, "34.3 is 100 times what is asked. Is it in per"),
        (0.2401, "This is left after four steps. Three pass."),
        (-0.343, "sign"),
    ],
    "0.3": [
        (lambda distance, radius: distance.argmin(), "This is the step at which replay is nearest."),
        (lambda distance, radius: (distance <= radius).sum(), "This is the number of steps spent near the"),
        (
            lambda distance, radius: by_loop(distance, radius) if (distance <= radius).any() else -1,
            "Where the corner is never reached your",
        ),
        (
            lambda distance, radius: by_loop(distance, radius) if (distance <= radius).any() else len(distance) - 1,
            "Where the corner is never reached your",
        ),
        (
            lambda distance, radius: by_loop(distance, radius) if (distance <= radius).any() else 600,
            "Where the corner is never reached your",
        ),
        (
            lambda distance, radius: by_loop(distance, radius) if (distance <= radius).any() else float("inf"),
            "Where the corner is never reached your",
        ),
        (lambda distance, radius: by_loop(-distance, -radius), "This is the first step at which replay is"),
        (lambda distance, radius: distance[distance <= radius][:1], "You return a distance in metres. Asked is the"),
        (
            lambda distance, radius: by_loop(distance, radius) if (distance <= radius).any() else None,
            "Your function returned None. Is there a",
        ),
    ],
    "0.4": [
        ("speed", "Some rows move many times as far as others."),
        ("distance from awake law", "Look again: some rows are several times"),
        *no_words("speed"),
    ],
    "0.5": [
        ("twice the noise", "Twice the noise shakes harder, and is far"),
        ("adaptation, 2 times the strength", "It is about as fast as the animal, but not as"),
        ("both", "The answer must be one of "),
        ("momentum", "The answer must be one of "),
        *no_words("both"),
    ],
}
