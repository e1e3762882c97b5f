"""The awake network over a whole path: one step of automatic differentiation, its gradient written by hand.

    h' = kept h + f(W h + U u + b) + noise,    y = D h

Recorded step by step, the gradient would cost more than the mathematics: several tensors and calls a step. Here the
loop runs in compiled code, time is the first axis in memory, and each weight has its gradient from one product over
all steps and paths. The readable loop below is the reference, and serves where the compiled one cannot.
"""

from dataclasses import dataclass, field
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor
from torch.autograd.function import once_differentiable

from replaylib.dynamics._blas import product_threads
from replaylib.dynamics._noise import StepNoise, can_compile


@dataclass(frozen=True)
class Weights:
    """What the sequence is made of: W, U, b, kept = 1 - leak, and the decoder D where outputs are wanted."""

    recurrent: Float[Tensor, "n n"]
    input: Float[Tensor, "n 2"]
    bias: Float[Tensor, " n"]
    kept: Float[Tensor, " n"]
    decoder: Float[Tensor, "outputs n"] | None = None


@dataclass
class Workspace:
    """Memory that a training uses again at every step: to ask the system for it costs a third of a small step.

    Only the latest sequence that used it can still be differentiated.
    """

    turn: int = 0
    _tensors: dict[str, Tensor] = field(default_factory=dict)

    def take(self, name: str, like: Tensor, *shape: int) -> Tensor:
        """The tensor called ``name``, of this shape and of the dtype of ``like``; what it holds is left over."""
        tensor = self._tensors.get(name)
        if tensor is None or tensor.shape != shape or tensor.dtype != like.dtype:
            tensor = self._tensors[name] = like.new_empty(shape)
        return tensor


@dataclass(frozen=True)
class Setting:
    """What a sequence needs beside its weights: noise, the name of the nonlinearity, and memory to use again."""

    noise: StepNoise
    nonlinearity: str
    workspace: Workspace = field(default_factory=Workspace)


def awake_sequence(
    start: Float[Tensor, "batch n"], inputs: Float[Tensor, "steps batch 2"], weights: Weights, setting: Setting
) -> Float[Tensor, "times batch numbers"]:
    """States at steps 0 to ``steps`` from ``start``; where there is a decoder, outputs from step 1 on instead.

    The workspace serves outputs only, for states are the caller's to keep.
    """
    if not (can_compile(start) and start.dtype == inputs.dtype == weights.recurrent.dtype):
        return readable_sequence(start, inputs, weights, setting)
    parts = (weights.recurrent, weights.input, weights.bias, weights.kept, weights.decoder)
    result: Tensor = _Sequence.apply(start, inputs, *parts, setting)  # type: ignore[no-untyped-call]
    return result


def readable_sequence(
    start: Float[Tensor, "batch n"], inputs: Float[Tensor, "steps batch 2"], weights: Weights, setting: Setting
) -> Float[Tensor, "times batch numbers"]:
    """The same, step by step, on any device."""
    activate = torch.tanh if setting.nonlinearity == "tanh" else torch.relu
    drive = inputs @ weights.input.T + weights.bias
    kicks = setting.noise.fill_(torch.empty_like(drive), 0)
    states = [start]
    for drive_now, kick in zip(drive.unbind(), kicks.unbind(), strict=True):
        hidden = states[-1]
        states.append(weights.kept * hidden + activate(torch.addmm(drive_now, hidden, weights.recurrent.T)) + kick)
    return torch.stack(states) if weights.decoder is None else torch.stack(states[1:]) @ weights.decoder.T


class _Sequence(torch.autograd.Function):
    """The compiled loop. Its gradient may be asked for again with ``retain_graph``, but not be differentiated."""

    @staticmethod
    def forward(ctx: Any, *arguments: Any) -> Tensor:
        from replaylib.dynamics import _kernels  # noqa: PLC0415 - Numba is loaded where it is needed

        start, inputs, recurrent, input_weights, bias, kept, decoder, setting = arguments
        steps, (batch, n) = len(inputs), start.shape
        memory = Workspace() if decoder is None else setting.workspace
        memory.turn += 1
        states = memory.take("states", start, steps + 1, batch, n)
        states[0] = start
        # The activity is kept for the gradient alone; without one, a single row of it will do.
        activity = memory.take("activity", start, steps if any(ctx.needs_input_grad) else 1, batch, n)
        tiled, inputs = kept.expand(batch, n).contiguous(), inputs.contiguous()
        arrays = (recurrent.T.contiguous().numpy(), input_weights.T.contiguous().numpy(), bias.contiguous().numpy())
        path, ctx.kind = inputs.numpy(), _kernels.kind_of(setting.nonlinearity, start.dtype == torch.float32)
        with product_threads(batch * n * n):
            _kernels.awake_forward(
                states.numpy(), activity.numpy(), path, arrays, tiled.view(-1).numpy(), setting.noise.arrays, ctx.kind
            )
        ctx.memory, ctx.turn = memory, memory.turn
        ctx.save_for_backward(inputs, recurrent, input_weights, tiled, decoder, states, activity)
        return states if decoder is None else (states[1:].view(-1, n) @ decoder.T).view(steps, batch, -1)

    @staticmethod
    @once_differentiable  # type: ignore[untyped-decorator]
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        if ctx.turn != ctx.memory.turn:
            raise RuntimeError("a sequence must be differentiated before the next one uses its workspace.")
        inputs, recurrent, input_weights, tiled, decoder, states, activity = ctx.saved_tensors
        steps, batch, n = activity.shape
        blame, by_decoder = ctx.memory.take("blame", states, steps, batch, n), None
        rows = blame.view(-1, n)
        if decoder is None:
            blame.copy_(gradient[1:])
        else:
            by_output = gradient.reshape(steps * batch, -1)
            torch.mm(by_output, decoder, out=rows)
            by_decoder = by_output.T @ states[1:].view(-1, n)
        by_start, by_kept = _retrace(ctx, blame)
        if decoder is None:
            by_start += gradient[0]
        # One product for the input's weights and the bias; this way round it is four times faster than the other.
        heard = torch.nn.functional.pad(inputs, (0, 1), value=1.0).view(steps * batch, -1).T @ rows
        by_inputs = (rows @ input_weights).view_as(inputs) if ctx.needs_input_grad[1] else None
        by_recurrent = rows.T @ states[:-1].view(-1, n)
        return by_start, by_inputs, by_recurrent, heard[:-1].T, heard[-1], by_kept, by_decoder, None


def _retrace(ctx: Any, blame: Tensor) -> tuple[Tensor, Tensor | None]:
    """Turn ``blame``, the gradient of the states from step 1 on, into that of the nonlinearity's inputs, in place.

    Returns the gradients of the start and, where it is wanted, of ``kept``.
    """
    from replaylib.dynamics import _kernels  # noqa: PLC0415

    _, recurrent, _, tiled, _, states, activity = ctx.saved_tensors
    wants_kept = ctx.needs_input_grad[5]
    total, returned = torch.zeros_like(states[0]), torch.zeros_like(states[0])
    sums = torch.zeros(states.shape[-1] if wants_kept else 0, dtype=torch.float64)
    arrays = (recurrent.contiguous().numpy(), total.numpy(), returned.numpy())
    path, kept = (states.numpy(), activity.numpy()), tiled.view(-1).numpy()
    with product_threads(total.numel() * total.shape[1]):
        _kernels.awake_backward(blame.numpy(), *path, arrays, kept, sums.numpy(), ctx.kind)
    return total, sums.to(blame.dtype) if wants_kept else None
