"""What a drift may be: any function of the state, or one with abilities that ``simulate`` can use."""

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from jaxtyping import Float
from torch import Tensor

Drift = Callable[[Tensor], Tensor]
"""A function from states [batch, n] to their expected change in one step [batch, n]."""


@runtime_checkable
class AdaptableDrift(Protocol):
    """A drift into which adaptation can be taken: off the input of its nonlinearity instead of off its value."""

    def __call__(self, hidden: Float[Tensor, "batch n"], /) -> Float[Tensor, "batch n"]:
        """The drift at each state, as a new tensor."""
        ...

    def adapted(
        self, hidden: Float[Tensor, "batch n"], adaptation: Float[Tensor, "batch n"], /
    ) -> Float[Tensor, "batch n"]:
        """The drift with ``adaptation`` taken off inside, as a new tensor."""
        ...


@runtime_checkable
class RecurrentDrift(AdaptableDrift, Protocol):
    """The drift -leak h + f(W h + b - a), which these four numbers and names determine: it may run compiled."""

    @property
    def recurrent(self) -> Float[Tensor, "n n"]:
        """W, recurrent weights [1]."""
        ...

    @property
    def bias(self) -> Float[Tensor, " n"]:
        """b, bias of each unit [1]."""
        ...

    @property
    def leak(self) -> Float[Tensor, "*per_unit"]:
        """Share of the state lost per step: a scalar, or one for each unit [1/step]."""
        ...

    @property
    def nonlinearity(self) -> str:
        """The name of f: "tanh" or "relu"."""
        ...
