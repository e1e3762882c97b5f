"""Exercises on the rat in a box."""

from typing import Any

import torch
from torch import Tensor

from replaylib.exercises.checking import Choice, Exercise, Function, Judged, Number, array, call


def _population_vector(activity: Tensor, centres: Tensor, exponent: float) -> Tensor:
    weight = activity.clamp(min=0) ** exponent
    return weight @ centres / weight.sum()


def _cells(seed: int, exponent: float) -> dict[str, object]:
    generator = torch.Generator().manual_seed(seed)
    activity = torch.randn(9, generator=generator, dtype=torch.float64)
    return {
        "activity": activity,
        "centres": torch.rand(9, 2, generator=generator, dtype=torch.float64),
        "exponent": exponent,
    }


def _split_fault(answer: Any) -> str:
    """Judge a split by the times that its windows hold: each position is its own time."""
    for length, steps, share in ((100, 7, 0.75), (61, 10, 0.5)):
        times = torch.arange(length, dtype=torch.float64)
        position = torch.stack([times, -times], dim=1)
        found = call(answer, {"position": position, "steps": steps, "share": share})
        if not isinstance(found, tuple | list) or len(found) != 2:
            return "Your function must return two tensors: the windows for training and those for the test."
        train, test = (torch.as_tensor(array(one)) for one in found)
        for name, part in (("training", train), ("test", test)):
            if part.ndim != 3 or part.shape[1:] != (steps, 2) or not len(part):
                return f"The {name} windows must have the shape [windows, {steps}, 2], but {list(part.shape)} came."
        if fault := _unfair(train[..., 0], test[..., 0], share * length):
            return fault
    return ""


def _unfair(train: Tensor, test: Tensor, border: float) -> str:
    """What is unfair about the times [windows, steps] of training and test."""
    if any(bool((part.diff(dim=1) != 1).any()) for part in (train, test)):
        return "A window must hold neighbouring moments in their order. Yours is shuffled or has gaps."
    if set(train.flatten().tolist()) & set(test.flatten().tolist()):
        return "Some moments stand in both parts, so that the test is not fair: cut first, then make windows."
    if train.max() > test.min():
        return (
            "Windows of the test lie between those of training. Windows close in time look alike, "
            "so cut once: first the training, then the test."
        )
    if abs(float(train.max()) + 1 - border) > train.shape[1]:
        return "The training should take just the first share of the time, up to less than a window."
    return ""


EXERCISES: dict[str, Exercise] = {
    "9.1": Number(
        36615.0,
        {
            219690.0: "These are the tracker's samples. One step of the network lasts 0.2 s.",
            1464.6: "You multiplied by 0.2 s. How many pieces of 0.2 s fit into the time?",
            44.0: "You treated steps as hertz. How many pieces of 0.2 s fit into 7,323 s?",
        },
        tolerance=0.001,
    ),
    "9.2": Judged(_split_fault),
    "9.3": Function(
        _population_vector,
        [_cells(0, 4.0), _cells(1, 1.0), _cells(2, 2.0)],
        {
            "Your weights do not add up to one: divide by their sum.": lambda activity, centres, exponent: (
                activity.clamp(min=0) ** exponent @ centres
            ),
            "This is the centre of the most active cell. The population vector listens to all cells.": (
                lambda activity, centres, exponent: centres[activity.argmax()]
            ),
            "You forgot the exponent: with it, weak cells count for less.": lambda activity, centres, exponent: (
                _population_vector(activity, centres, 1.0)
            ),
            "Negative activity gets a weight in yours. Cells cannot fire less than not at all: clamp at 0.": (
                lambda activity, centres, exponent: (
                    activity.abs() ** exponent @ centres / (activity.abs() ** exponent).sum()
                )
            ),
            "You divided by the sum of the activity. Divide by the sum of the *weights*, after the power.": (
                lambda activity, centres, exponent: (
                    activity.clamp(min=0) ** exponent @ centres / activity.clamp(min=0).sum()
                )
            ),
        },
    ),
    "9.4": Choice(
        "distance from awake law",
        {
            "reach time": "It gets shorter, which is better.",
            "displacement": "It grows: replay gets further in the same time, which is what momentum is for.",
            "coverage": "It grows: more of the box is visited.",
        },
    ),
}
"""By name."""
