"""Exercises on the rat in a box."""

from typing import Any

import torch
from torch import Tensor

from replaylib.exercises.checking import Choice, Exercise, Function, Judged, Number, Several, array, call


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


_FEW_CELLS = {
    "activity": torch.tensor([2.0, 1.0, -1.0], dtype=torch.float64),
    "centres": torch.tensor([[0.0, 0.5], [1.0, 0.0], [0.5, 2.0]], dtype=torch.float64),
    "exponent": 3.0,
}

_SHORT_WALK = {
    "position": torch.tensor(
        [[0, 0], [0.2, 0], [0.4, 0.1], [0.4, 0.2], [0.4, 0.2], [0.8, 0.3], [1.0, 0.3], [1.3, 0.7]], dtype=torch.float64
    ),
    "window": 2,
    "moving": 0.15,
}


def _running_distance(
    position: Tensor, window: int, moving: float, share: float = 0.9, *, length: bool = False, resting: bool = False
) -> Tensor:
    """Mean distance between the ends of the stretches in which the animal runs, or rests; or the length of their paths."""
    step = position.diff(dim=0).norm(dim=1)
    runs = ((step >= moving) != resting).double().unfold(0, window, 1).mean(dim=1) >= share
    far = step.unfold(0, window, 1).sum(dim=1) if length else (position[window:] - position[:-window]).norm(dim=1)
    mean: Tensor = far[runs].mean()
    return mean


def _without_rests(position: Tensor, window: int, moving: float) -> Tensor:
    """The distance in so many of the steps that are moving ones, as if the animal had never rested."""
    step = position.diff(dim=0)
    joined = step[step.norm(dim=1) >= moving].cumsum(dim=0)
    far: Tensor = (joined[window:] - joined[:-window]).norm(dim=1)
    return far.mean()


def _walk(seed: int, window: int, moving: float) -> dict[str, object]:
    """A walk that turns slowly, with single short steps and with a longer rest, and a length between the two."""
    generator = torch.Generator().manual_seed(seed)
    angle = 0.4 * torch.randn(80, generator=generator, dtype=torch.float64).cumsum(0)
    length = moving * (1.2 + torch.rand(80, generator=generator, dtype=torch.float64))
    length[torch.rand(80, generator=generator) < 0.04] *= 0.1
    length[20:34] *= 0.02
    step = length[:, None] * torch.stack([angle.cos(), angle.sin()], dim=1)
    return {"position": step.cumsum(dim=0), "window": window, "moving": moving}


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
    if any(len(set(part.flatten().tolist())) < part.numel() for part in (train, test)):
        return "Your windows overlap: each one should begin where the one before it ends."
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
    "9.1": Several(
        {
            "the steps of the network": Number(
                36615.0,
                {
                    219690.0: "These are the tracker's samples. One step of the network lasts 0.2 s.",
                    1464.6: "You multiplied by 0.2 s. How many pieces of 0.2 s fit into the time?",
                    44.0: "You treated steps as hertz. How many pieces of 0.2 s fit into 7,323 s?",
                    7323.0: "These are the seconds. Each holds several steps.",
                    43938.0: "You divided the tracker's samples by 5. A step of 0.2 s holds 6 of them.",
                    1098450.0: "You multiplied the tracker's samples by 5. A step of 0.2 s holds 6 of them.",
                },
                tolerance=1e-5,
                unit="steps",
            ),
            "the whole windows": Number(
                117.0,
                {
                    117.168: "Only whole windows count.",
                    118.0: "The last window is not whole.",
                    146.0: "These are the windows of the whole recording. Asked is the first 80 % of it.",
                    29292.0: "These are steps. A window holds 250 of them.",
                    29.0: "These are the windows of the rest. Asked is the first 80 %.",
                },
                tolerance=1e-4,
                unit="windows",
            ),
        }
    ),
    "9.2": Judged(_split_fault),
    "9.3": Function(
        _population_vector,
        [_FEW_CELLS, _cells(0, 4.0), _cells(1, 1.0), _cells(2, 2.0)],
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
            "You took the power of the position. It belongs on the activity.": lambda a, c, e: (
                _population_vector(a, c, 1.0) ** e
            ),
            "This is the mean of all centres. Weigh each by its activity.": lambda a, c, e: c.mean(0),
            "You divided by the number of cells. Divide by the sum of the weights.": lambda a, c, e: (
                a.clamp(min=0) ** e @ c / len(a)
            ),
            "Negative activity gets a weight in yours, with its sign or without. Cells cannot fire less than not at all: clamp at 0.": lambda a, c, e: (
                a**e @ c / (a**e).sum()
            ),
            "You took a softmax. Here the weights are powers of the activity.": lambda a, c, e: (
                torch.softmax(e * a, 0) @ c
            ),
            "You multiplied by the exponent. It is a power.": lambda a, c, e: (
                (e * a.clamp(min=0)) @ c / (e * a.clamp(min=0)).sum() + 0 * c[0]
            ),
        },
        unit="m",
    ),
    "9.4": Choice(
        "distance from awake law",
        {
            "speed": "Some replays are slower than the rat with its rests, others are faster: it lies between them.",
            "reach time": "Some replays come to the tiles later than the rat, others sooner: it lies between them.",
            "coverage": "Look again: some replays visit less of the box than the rat does, others more.",
        },
    ),
    "9.5": Function(
        _running_distance,
        [_SHORT_WALK, _walk(0, 5, 0.1), _walk(1, 20, 0.05), _walk(2, 10, 0.2)],
        {
            "You take all stretches, with the rests. Keep those in which at least 90 % of the steps are moving ones.": (
                lambda position, window, moving: (position[window:] - position[:-window]).norm(dim=1).mean()
            ),
            "You keep only stretches in which *every* step is a moving one. Nine in ten are enough.": (
                lambda position, window, moving: _running_distance(position, window, moving, 1.0)
            ),
            "You add up the lengths of the steps. Asked is the distance between the two ends of a stretch.": (
                lambda position, window, moving: _running_distance(position, window, moving, length=True)
            ),
            "You take out the resting steps and join what is left. Keep or drop whole stretches instead.": _without_rests,
            "You added the distances up. Asked is their mean.": lambda p, w, m: (
                _running_distance(p, w, m)
                * ((p.diff(dim=0).norm(dim=1) >= m).double().unfold(0, w, 1).mean(dim=1) >= 0.9).sum()
            ),
            "You divided by the window. That is a speed per step; asked is a distance.": lambda p, w, m: (
                _running_distance(p, w, m) / w
            ),
            "You kept the stretches in which the animal *rests*.": lambda p, w, m: _running_distance(
                p, w, m, resting=True
            ),
            "You ask only whether the first step of a stretch is a moving one. Nine in ten of its steps must be.": lambda p, w, m: (
                (p[w:] - p[:-w]).norm(dim=1)[p.diff(dim=0).norm(dim=1)[: len(p) - w] >= m].mean()
            ),
            "You compare the whole stretch with the length of a step. Each of its steps must be compared.": lambda p, w, m: (
                (p[w:] - p[:-w]).norm(dim=1)[(p[w:] - p[:-w]).norm(dim=1) >= m].mean()
            ),
            "Half of the steps are enough for yours. Nine in ten must be moving ones.": lambda p, w, m: (
                _running_distance(p, w, m, 0.5)
            ),
            "You multiplied the mean moving step by the window. The animal turns: measure from end to end.": lambda p, w, m: (
                p.diff(dim=0).norm(dim=1)[p.diff(dim=0).norm(dim=1) >= m].mean() * w
            ),
        },
        unit="m",
    ),
}
"""By name."""
