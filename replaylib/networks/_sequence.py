"""The awake network over a whole path: one step of automatic differentiation, its gradient written by hand.

    h' = (1 - leak) h + f(W h + U u + b) + noise,    y = D h

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
    """What the sequence is made of: W, U, b and the leak of each unit."""

    recurrent: Float[Tensor, "n n"]
    input: Float[Tensor, "n 2"]
    bias: Float[Tensor, " n"]
    leak: Float[Tensor, " n"]


@dataclass(frozen=True)
class Aim:
    """What the network should report from step 1 on, and the decoder D with which it reports."""

    decoder: Float[Tensor, "outputs n"]
    target: Float[Tensor, "batch steps outputs"]


@dataclass
class Workspace:
    """Memory that a training uses again at every step: to ask the system for it costs a third of a small step.

    Only the latest error that used it can still be differentiated.
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


def awake_states(
    start: Float[Tensor, "batch n"], inputs: Float[Tensor, "steps batch 2"], weights: Weights, setting: Setting
) -> Float[Tensor, "times batch n"]:
    """States at steps 0 to ``steps`` from ``start``. They are the caller's to keep: the workspace is not used."""
    if not (can_compile(start) and start.dtype == inputs.dtype == weights.recurrent.dtype):
        return readable_states(start, inputs, weights, setting)
    parts = (weights.recurrent, weights.input, weights.bias, weights.leak)
    states: Tensor = _Sequence.apply(start, inputs, *parts, None, None, setting)  # type: ignore[no-untyped-call]
    return states


def awake_error(
    start: Float[Tensor, "batch n"],
    inputs: Float[Tensor, "steps batch 2"],
    weights: Weights,
    aim: Aim,
    setting: Setting,
) -> Float[Tensor, ""]:
    """Mean squared error of the outputs from step 1 on."""
    if not (can_compile(start) and start.dtype == inputs.dtype == weights.recurrent.dtype == aim.target.dtype):
        outputs = readable_states(start, inputs, weights, setting)[1:] @ aim.decoder.T
        return torch.nn.functional.mse_loss(outputs.transpose(0, 1), aim.target)
    parts = (weights.recurrent, weights.input, weights.bias, weights.leak, aim.decoder, aim.target)
    error: Tensor = _Sequence.apply(start, inputs, *parts, setting)  # type: ignore[no-untyped-call]
    return error


def readable_states(
    start: Float[Tensor, "batch n"], inputs: Float[Tensor, "steps batch 2"], weights: Weights, setting: Setting
) -> Float[Tensor, "times batch n"]:
    """The states, step by step, on any device."""
    activate = torch.tanh if setting.nonlinearity == "tanh" else torch.relu
    drive = inputs @ weights.input.T + weights.bias
    kicks = setting.noise.fill_(torch.empty_like(drive), 0)
    states = [start]
    for drive_now, kick in zip(drive.unbind(), kicks.unbind(), strict=True):
        hidden = states[-1]
        change = activate(torch.addmm(drive_now, hidden, weights.recurrent.T)) - weights.leak * hidden
        states.append(hidden + change + kick)
    return torch.stack(states)


class _Sequence(torch.autograd.Function):
    """The compiled loop: the states, or with an aim the error of the outputs alone.

    Its gradient may be asked for again with ``retain_graph``, but not be differentiated.
    """

    @staticmethod
    def forward(ctx: Any, *arguments: Any) -> Tensor:
        start, inputs, recurrent, input_weights, bias, leak, decoder, target, setting = arguments
        steps, (batch, n) = len(inputs), start.shape
        memory = Workspace() if decoder is None else setting.workspace
        memory.turn += 1
        states = memory.take("states", start, steps + 1, batch, n)
        states[0] = start
        # The activity is kept for the gradient alone; without one, a single row of it will do.
        activity = memory.take("activity", start, steps if any(ctx.needs_input_grad) else 1, batch, n)
        heard, tiled = inputs.contiguous(), leak.expand(batch, n).contiguous()
        _run(states, activity, (recurrent, input_weights, bias, tiled), heard, setting)
        ctx.memory, ctx.turn, ctx.nonlinearity = memory, memory.turn, setting.nonlinearity
        if decoder is None:
            ctx.save_for_backward(heard, recurrent, input_weights, tiled, states, activity)
            return states
        wrong = memory.take("wrong", start, steps * batch, len(decoder))
        torch.mm(states[1:].view(-1, n), decoder.T, out=wrong)
        wrong.view(steps, batch, -1).sub_(target.transpose(0, 1))
        ctx.save_for_backward(heard, recurrent, input_weights, tiled, states, activity, decoder, wrong)
        return torch.dot(wrong.view(-1), wrong.view(-1)) / wrong.numel()

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        if ctx.turn != ctx.memory.turn:
            raise RuntimeError("an error must be differentiated before the next one uses its workspace.")
        heard, recurrent, input_weights, tiled, states, activity, *aim = ctx.saved_tensors
        steps, batch, n = activity.shape
        blame, by_decoder, by_target = ctx.memory.take("blame", states, steps, batch, n), None, None
        rows = blame.view(-1, n)
        if aim:
            decoder, wrong = aim
            scale = 2 / wrong.numel() * gradient
            torch.mm(wrong, scale * decoder, out=rows)
            by_decoder = scale * (wrong.T @ states[1:].view(-1, n))
            if ctx.needs_input_grad[7]:
                by_target = (-scale * wrong).view(steps, batch, -1).transpose(0, 1)
        else:
            blame.copy_(gradient[1:])
        by_start, by_leak = _retrace(blame, states, activity, (recurrent, tiled), ctx)
        if not aim:
            by_start += gradient[0]
        # One product for the input's weights and the bias; this way round it is four times faster than the other.
        by_input = torch.nn.functional.pad(heard, (0, 1), value=1.0).view(steps * batch, -1).T @ rows
        by_heard = (rows @ input_weights).view_as(heard) if ctx.needs_input_grad[1] else None
        by_recurrent = rows.T @ states[:-1].view(-1, n)
        return by_start, by_heard, by_recurrent, by_input[:-1].T, by_input[-1], by_leak, by_decoder, by_target, None


def _run(states: Tensor, activity: Tensor, weights: tuple[Tensor, ...], heard: Tensor, setting: Setting) -> None:
    from replaylib.dynamics import _kernels  # noqa: PLC0415 - Numba is loaded where it is needed

    recurrent, input_weights, bias, tiled = weights
    parts = (recurrent.T, input_weights.T, bias, tiled.view(-1))
    arrays = tuple(part.contiguous().numpy() for part in parts)
    kind = _kernels.kind_of(setting.nonlinearity, states.dtype == torch.float32)
    path, noise = heard.numpy(), setting.noise.arrays
    with product_threads(tiled.numel() * tiled.shape[1]):
        _kernels.awake_forward(states.numpy(), activity.numpy(), path, arrays, noise, kind)


def _retrace(
    blame: Tensor, states: Tensor, activity: Tensor, weights: tuple[Tensor, Tensor], ctx: Any
) -> tuple[Tensor, Tensor | None]:
    """Turn ``blame``, the gradient of the states from step 1 on, into that of the nonlinearity's inputs, in place.

    Returns the gradients of the start and, where it is wanted, of the leak.
    """
    from replaylib.dynamics import _kernels  # noqa: PLC0415

    (recurrent, tiled), wants_leak = weights, ctx.needs_input_grad[5]
    total, returned = torch.empty_like(states[0]), torch.empty_like(states[0])
    sums = torch.zeros(states.shape[-1] if wants_leak else 0, dtype=torch.float64)
    path, room = (states.numpy(), activity.numpy()), (total.numpy(), returned.numpy())
    arrays = recurrent.contiguous().numpy(), tiled.view(-1).numpy()
    kind = _kernels.kind_of(ctx.nonlinearity, states.dtype == torch.float32)
    with product_threads(total.numel() * total.shape[1]):
        _kernels.awake_backward(blame.numpy(), path, arrays, room, sums.numpy(), kind)
    return total, sums.to(blame.dtype) if wants_leak else None
