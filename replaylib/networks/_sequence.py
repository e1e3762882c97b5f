"""The awake network over a whole path: one step of automatic differentiation, its gradient written by hand.

    h' = kept h + f(W h + U u + b) + noise,    y = D h

Recorded step by step, the gradient would cost more than the mathematics: several tensors and calls a step. Here the
loop runs in compiled code, time is the first axis in memory, and each weight has its gradient from one product over
all steps and paths. The readable loop below is the reference, and serves where the compiled one cannot.
"""

from dataclasses import dataclass
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


def awake_sequence(
    start: Float[Tensor, "batch n"],
    inputs: Float[Tensor, "steps batch 2"],
    weights: Weights,
    noise: StepNoise,
    nonlinearity: str,
) -> tuple[Float[Tensor, "times batch n"], Float[Tensor, "steps batch outputs"] | None]:
    """States at steps 0 to ``steps`` from ``start``, and the outputs from step 1 on where there is a decoder."""
    if not (can_compile(start) and start.dtype == inputs.dtype == weights.recurrent.dtype):
        return readable_sequence(start, inputs, weights, noise, nonlinearity)
    parts = (weights.recurrent, weights.input, weights.bias, weights.kept, weights.decoder)
    states, outputs = _Sequence.apply(start, inputs, *parts, (noise, nonlinearity))  # type: ignore[no-untyped-call]
    return states, outputs


def readable_sequence(
    start: Float[Tensor, "batch n"],
    inputs: Float[Tensor, "steps batch 2"],
    weights: Weights,
    noise: StepNoise,
    nonlinearity: str,
) -> tuple[Float[Tensor, "times batch n"], Float[Tensor, "steps batch outputs"] | None]:
    """The same, step by step, on any device."""
    activate = torch.tanh if nonlinearity == "tanh" else torch.relu
    drive = inputs @ weights.input.T + weights.bias
    kicks = noise.fill_(torch.empty_like(drive), 0)
    states = [start]
    for drive_now, kick in zip(drive.unbind(), kicks.unbind(), strict=True):
        hidden = states[-1]
        states.append(weights.kept * hidden + activate(torch.addmm(drive_now, hidden, weights.recurrent.T)) + kick)
    kept = torch.stack(states)
    return kept, None if weights.decoder is None else kept[1:] @ weights.decoder.T


class _Sequence(torch.autograd.Function):
    """The compiled loop. Its gradient may be asked for again with ``retain_graph``, but not be differentiated."""

    @staticmethod
    def forward(ctx: Any, *arguments: Any) -> tuple[Tensor, Tensor | None]:
        from replaylib.dynamics import _kernels  # noqa: PLC0415 - Numba is loaded where it is needed

        start, inputs, recurrent, input_weights, bias, kept, decoder, (noise, nonlinearity) = arguments
        steps, (batch, n) = len(inputs), start.shape
        ctx.kind = _kernels.kind_of(nonlinearity, start.dtype == torch.float32)
        ctx.set_materialize_grads(False)
        states = start.new_empty(steps + 1, batch, n)
        states[0] = start
        # The activity is kept for the gradient alone; without one, a single row of it will do.
        activity = start.new_empty(steps if any(ctx.needs_input_grad) else 1, batch, n)
        tiled = kept.expand(batch, n).contiguous()
        arrays = tuple(part.T.contiguous().numpy() for part in (recurrent, input_weights)) + (bias.numpy(),)
        with product_threads(batch * n * n):
            _kernels.awake_forward(
                states.numpy(),
                activity.numpy(),
                inputs.contiguous().numpy(),
                arrays,
                tiled.view(-1).numpy(),
                noise.arrays,
                ctx.kind,
            )
        outputs = None if decoder is None else (states[1:].view(-1, n) @ decoder.T).view(steps, batch, -1)
        ctx.save_for_backward(inputs, recurrent, input_weights, tiled, decoder, states, activity)
        return states, outputs

    @staticmethod
    @once_differentiable  # type: ignore[untyped-decorator]
    def backward(ctx: Any, by_state: Tensor | None, by_output: Tensor | None) -> tuple[Tensor | None, ...]:
        if by_state is None and by_output is None:
            return (None,) * 8
        inputs, recurrent, input_weights, tiled, decoder, states, activity = ctx.saved_tensors
        wants_inputs, wants_kept = ctx.needs_input_grad[1], ctx.needs_input_grad[5]
        n = states.shape[-1]
        later = states[1:].view(-1, n)
        blame, by_decoder = _blame(by_state, by_output, decoder, later)
        by_start, by_kept = _retrace(ctx.kind, blame, (states, activity), (recurrent, tiled), wants_kept)
        if by_state is not None:
            by_start += by_state[0]
        rows, heard = blame.view(-1, n), inputs.reshape(-1, inputs.shape[-1])
        return (
            by_start,
            (rows @ input_weights).view_as(inputs) if wants_inputs else None,
            rows.T @ states[:-1].view(-1, n),
            rows.T @ heard,
            rows.sum(0),
            by_kept,
            by_decoder,
            None,
        )


def _blame(
    by_state: Tensor | None, by_output: Tensor | None, decoder: Tensor | None, later: Tensor
) -> tuple[Tensor, Tensor | None]:
    """Gradient of the states from step 1 on, [steps, batch, n], as a new tensor, and that of the decoder."""
    if by_output is None or decoder is None:
        assert by_state is not None
        return by_state[1:].clone(memory_format=torch.contiguous_format), None
    rows = by_output.reshape(-1, by_output.shape[-1])
    blame = (rows @ decoder).view(*by_output.shape[:2], -1)
    if by_state is not None:
        blame += by_state[1:]
    return blame, rows.T @ later


def _retrace(
    kind: int, blame: Tensor, path: tuple[Tensor, Tensor], weights: tuple[Tensor, Tensor], wants_kept: bool
) -> tuple[Tensor, Tensor | None]:
    """Turn ``blame`` into the gradient of the nonlinearity's inputs, in place; those of the start and of ``kept``."""
    from replaylib.dynamics import _kernels  # noqa: PLC0415

    (states, activity), (recurrent, tiled) = path, weights
    total, returned = torch.zeros_like(states[0]), torch.zeros_like(states[0])
    sums = torch.zeros(states.shape[-1] if wants_kept else 0, dtype=torch.float64)
    with product_threads(total.numel() * total.shape[1]):
        _kernels.awake_backward(
            blame.numpy(),
            states.numpy(),
            activity.numpy(),
            (recurrent.contiguous().numpy(), total.numpy(), returned.numpy()),
            tiled.view(-1).numpy(),
            sums.numpy(),
            kind,
        )
    return total, sums.to(blame.dtype) if wants_kept else None
