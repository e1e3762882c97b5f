"""Place cells: from position to activity and back."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from replaylib._checks import check_between, check_finite, check_shape


@dataclass(frozen=True, eq=False)
class PlaceCells:
    """Cells with Gaussian place fields of peak activity 1.

    centres: where each cell prefers the animal to be, shape [cells, 2] [m].
    width: standard deviation of each place field [m].
    exponent: power to which activity is raised before decoding [1]; a higher one trusts the most active cells more.

    Raises ValueError where the centres are not a finite matrix or a number is not positive.
    """

    centres: Float[Tensor, "cells 2"]
    width: float
    exponent: float = 4.0

    def __post_init__(self) -> None:
        check_shape("centres", self.centres, ("cells", 2))
        check_finite("centres", self.centres)
        check_between("width", self.width, 0.0, float("inf"), open_low=True)
        check_between("exponent", self.exponent, 0.0, float("inf"), open_low=True)

    def encode(self, position: Float[Tensor, "*batch 2"]) -> Float[Tensor, "*batch cells"]:
        """Activity of each cell, exp(-distance^2 / (2 width^2)).

        Raises ValueError where ``position`` has another shape or is not finite.
        """
        check_shape("position", position, ("...", 2))
        check_finite("position", position)
        # Axis by axis: a sum over a last axis of two numbers takes three times as long.
        x, y = (position[..., axis, None] - self.centres[:, axis].to(position) for axis in (0, 1))
        return torch.exp((x.square() + y.square()) / (-2 * self.width**2))

    def decode(self, activity: Float[Tensor, "*batch cells"]) -> Float[Tensor, "*batch 2"]:
        """Population vector: the mean of the centres, weighted by max(activity, 0) ** exponent [m].

        Silent cells everywhere decode to the mean of all centres. Raises ValueError where the number of cells differs.
        Source: Georgopoulos, Schwartz & Kettner (1986), Science 233, 1416.
        """
        check_shape("activity", activity, ("...", len(self.centres)))
        weight = activity.clamp(min=0) ** self.exponent + torch.finfo(activity.dtype).tiny
        return weight @ self.centres.to(activity) / weight.sum(-1, keepdim=True)
