"""Exercises of the welcome: the numbers of a table, and what they tell."""

import torch
from torch import Tensor

from replaylib.exercises.checking import Choice, Exercise, Function, Number


def _reach_time(distance: Tensor, radius: float) -> int:
    near = distance <= radius
    return int(near.int().argmax()) if near.any() else len(distance)


def _or_else(distance: Tensor, radius: float, otherwise: float) -> float:
    return _reach_time(distance, radius) if (distance <= radius).any() else otherwise


_DISTANCES = (
    torch.tensor([1.0, 0.6, 0.2, 0.4, 0.1], dtype=torch.float64),
    torch.tensor([1.0, 0.9, 0.8], dtype=torch.float64),
    torch.tensor([0.1, 0.5, 0.6, 0.05], dtype=torch.float64),
    torch.tensor([0.9, 0.25, 0.3], dtype=torch.float64),
)

EXERCISES: dict[str, Exercise] = {
    "0.1": Choice(
        "both",
        {
            "plain": "Plain replay is a random walk: most of its steps undo each other. Press it again and watch the counter.",
            "momentum": "Momentum alone has hardly any push to build upon. Compare its counter with that of Both.",
            "adaptation": "Adaptation gets round, but it reaches places later than Both. Look at the targets reached.",
        },
        also=["adaptation with momentum", "adaptation and momentum"],
    ),
    "0.2": Number(
        0.7**3,
        {
            0.3**3: "You multiplied the shares that are lost. What is *kept* in each step is 1 minus the friction.",
            0.1: "You took 30 % of the first velocity three times. Each step takes 30 % of what is left then.",
            1 - 0.7**3: "This is the share that is lost. What is left?",
            0.7: "This is what one step leaves. Three steps pass.",
            0.49: "This is left after two steps. Three pass.",
            0.7**4: "This is left after four steps. Three pass.",
            0.9: "You added up the shares that are lost. Each step takes its share of what is left then.",
        },
    ),
    "0.3": Function(
        _reach_time,
        [{"distance": one, "radius": 0.25} for one in _DISTANCES],
        {
            "Where the corner is never reached your function gives 0, as if replay had begun there: `argmax` of only "
            "False is 0. Never counts as the full length.": lambda distance, radius: int(
                (distance <= radius).int().argmax()
            ),
            "You count steps from 1. Step 0 is the start.": lambda distance, radius: (
                _reach_time(distance, radius) + 1 if (distance <= radius).any() else len(distance)
            ),
            "This is the step at which replay is nearest. Asked is the first step at which it is near enough.": (
                lambda distance, radius: int(distance.argmin())
            ),
            "This is the number of steps spent near the corner, not the first of them.": lambda distance, radius: int(
                (distance <= radius).sum()
            ),
            "A distance that is just the radius counts as near: use <= instead of <.": lambda distance, radius: (
                _reach_time(distance, radius - 1e-6)
            ),
            "Where the corner is never reached your function gives -1, as a search in a text does. Never counts as the full length.": lambda d, r: (
                _or_else(d, r, -1)
            ),
            "Where the corner is never reached your function gives the last step, as if it had been reached there.": lambda d, r: (
                _or_else(d, r, len(d) - 1)
            ),
            "Where the corner is never reached your function gives 600, the horizon of the table. These paths are shorter: take their length.": lambda d, r: (
                _or_else(d, r, 600)
            ),
            "Where the corner is never reached your function gives inf. Never counts as the full length.": lambda d, r: (
                _or_else(d, r, float("inf"))
            ),
            "This is the first step at which replay is *far* from the corner: turn the comparison round.": lambda d, r: (
                int((d >= r).int().argmax())
            ),
            "You return a distance in metres. Asked is the step at which it comes.": lambda d, r: (
                d[_reach_time(d, r)] if (d <= r).any() else torch.zeros(0)
            ),
        },
        unit="steps",
    ),
    "0.4": Choice(
        "share on the path",
        {
            "speed": "Some rows move many times as far as others.",
            "reach time": "Some rows arrive several times sooner than others.",
            "coverage": "Plain replay visits a small part of the track, others nearly all of it.",
            "distance from awake law": "Look again: some rows are several times nearer to the awake law than others.",
            "jumps": "Look again: some rows never jump, and one does so every now and then.",
        },
    ),
    "0.5": Choice(
        "adaptation, 4 times the strength",
        {
            "twice the noise": "Twice the noise shakes harder, and is far slower than the running animal.",
            "plain, longer": "Longer replay waits longer. In each step it moves no faster than plain replay.",
            "adaptation": "The book's adaptation is slower than the running animal. Look for a stronger one.",
            "adaptation, 2 times the strength": "It is about as fast as the animal, but not as fast as both.",
        },
    ),
}
"""By name."""
