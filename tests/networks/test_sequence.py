"""The compiled sequence and its gradient against the readable loop, on the same noise."""

from functools import partial

import pytest
import torch

from replaylib.dynamics._noise import StepNoise
from replaylib.networks import NetworkSettings, PathIntegrator
from replaylib.networks import _sequence as sequence

BATCH, STEPS, UNITS, OUTPUTS = 3, 7, 5, 4


def arguments(dtype: torch.dtype) -> list[torch.Tensor]:
    """Start, inputs, W, U, b, leak, decoder, target: all differentiable."""
    generator = torch.Generator().manual_seed(3)
    shapes = ((BATCH, UNITS), (STEPS, BATCH, 2), (UNITS, UNITS), (UNITS, 2), (UNITS,), (UNITS,))
    shapes += ((OUTPUTS, UNITS), (BATCH, STEPS, OUTPUTS))
    drawn = [torch.randn(shape, generator=generator, dtype=torch.float64) for shape in shapes]
    drawn[2] *= 0.5
    drawn[5] = torch.linspace(0.1, 0.8, UNITS, dtype=torch.float64)
    return [tensor.to(dtype).requires_grad_() for tensor in drawn]


def states_of(readable: bool, nonlinearity: str, noise_std: float, *given: torch.Tensor) -> torch.Tensor:
    start, inputs, *weights = given[:6]
    noise = StepNoise(noise_std, start.detach(), STEPS, torch.Generator().manual_seed(1))
    run = sequence.readable_states if readable else sequence.awake_states
    return run(start, inputs, sequence.Weights(*weights), sequence.Setting(noise, nonlinearity))


def error_of(readable: bool, nonlinearity: str, noise_std: float, *given: torch.Tensor) -> torch.Tensor:
    start, inputs, *weights, decoder, target = given
    if readable:
        states = states_of(True, nonlinearity, noise_std, *given)
        return torch.nn.functional.mse_loss((states[1:] @ decoder.T).transpose(0, 1), target)
    noise = StepNoise(noise_std, start.detach(), STEPS, torch.Generator().manual_seed(1))
    setting, aim = sequence.Setting(noise, nonlinearity), sequence.Aim(decoder, target)
    return sequence.awake_error(start, inputs, sequence.Weights(*weights), aim, setting)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("noise_std", [0.0, 0.3])
@pytest.mark.parametrize("nonlinearity", ["tanh", "relu"])
@pytest.mark.parametrize("made", [states_of, error_of])
def test_values_and_gradients_are_those_of_the_readable_loop(made, nonlinearity, noise_std, dtype):
    results, gradients = [], []
    for readable in (False, True):
        given = arguments(dtype)
        results.append(made(readable, nonlinearity, noise_std, *given))
        # A weighted sum, so that states at all times count differently.
        mixed = (results[-1] * torch.arange(1.0, results[-1].numel() + 1, dtype=dtype).view_as(results[-1])).sum()
        gradients.append(torch.autograd.grad(mixed / results[-1].numel(), given, allow_unused=True))
    tolerance = {"rtol": 1e-5, "atol": 1e-5} if dtype == torch.float32 else {"rtol": 1e-11, "atol": 1e-11}
    torch.testing.assert_close(*results, **tolerance)
    for name, fast, slow in zip(["start", "inputs", "W", "U", "b", "leak", "D", "target"], *gradients, strict=True):
        assert (fast is None) == (slow is None), name
        if fast is not None:
            torch.testing.assert_close(fast, slow, msg=partial("{}: {}".format, name), **tolerance)


@pytest.mark.parametrize("nonlinearity", ["tanh", "relu"])
@pytest.mark.parametrize("made", [states_of, error_of])
def test_the_gradient_is_that_of_finite_differences(made, nonlinearity):
    given = arguments(torch.float64)
    given = given[:6] if made is states_of else given
    assert torch.autograd.gradcheck(partial(made, False, nonlinearity, 0.3), given)


def make(dtype: torch.dtype = torch.float32, **changes) -> PathIntegrator:
    settings = {"learn_leak": True, "leak": 0.4} | changes
    network = PathIntegrator(NetworkSettings(2, hidden=8, **settings), generator=torch.Generator().manual_seed(0))
    return network.to(dtype)


def paths(dtype: torch.dtype = torch.float32) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(1)
    shapes = ((3, 2), (3, 6, 2), (3, 6, 2))
    return tuple(torch.randn(shape, generator=generator, dtype=dtype) for shape in shapes)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize(
    "changes",
    [{}, {"leak": (0.3,) * 4 + (0.6,) * 4}, {"symmetric": False}, {"nonlinearity": "relu"}, {"learn_leak": False}],
)
def test_the_error_of_a_network_is_that_of_its_reports(changes, dtype):
    start, velocity, target = paths(dtype)
    values, gradients = [], []
    for fused in (True, False):
        network, generator = make(dtype, **changes), torch.Generator().manual_seed(2)
        if fused:
            value = network.error(start, velocity, target, generator)
        else:
            value = torch.nn.functional.mse_loss(network(start, velocity, generator), target)
        values.append(value)
        gradients.append(torch.autograd.grad(value, list(network.parameters())))
    torch.testing.assert_close(*values)
    for name, fast, slow in zip(dict(make(**changes).named_parameters()), *gradients, strict=True):
        assert float(slow.abs().max()) > 0, name
        torch.testing.assert_close(fast, slow, msg=partial("{}: {}".format, name))


def test_memory_that_is_used_again_changes_nothing_but_what_can_be_differentiated():
    network, workspace = make(), sequence.Workspace()
    start, velocity, target = paths()

    def error(memory, scale):
        return network.error(start, scale * velocity, target, torch.Generator().manual_seed(2), memory)

    first, second = error(workspace, 1.0), error(workspace, 2.0)
    torch.testing.assert_close(second, error(None, 2.0), rtol=0, atol=0)
    with pytest.raises(RuntimeError, match="an error must be differentiated before the next one uses its workspace"):
        first.backward()
    second.backward()
    found = network.recurrent.grad.clone()
    network.zero_grad()
    error(None, 2.0).backward()
    assert torch.equal(found, network.recurrent.grad)


def test_a_gradient_can_be_taken_twice_but_not_of_itself():
    network = make()
    error = network.error(*paths(), torch.Generator().manual_seed(2))
    weights = list(network.parameters())
    first = torch.autograd.grad(error, weights, retain_graph=True)
    for once, again in zip(first, torch.autograd.grad(error, weights), strict=True):
        assert torch.equal(once, again)
    with pytest.raises(RuntimeError, match="second time"):
        torch.autograd.grad(error, weights)
    error = network.error(*paths(), torch.Generator().manual_seed(2))
    with pytest.raises(RuntimeError, match="does not require grad"):
        torch.autograd.grad(torch.autograd.grad(error, weights, create_graph=True)[0].sum(), weights)


def test_states_that_are_changed_before_the_gradient_are_noticed():
    network = make()
    start, velocity, _ = paths()
    states = network.wake(start, velocity)
    total = states.square().sum()
    with torch.no_grad():
        states.mul_(2)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        total.backward()


@pytest.mark.parametrize("batch", [1, 2, 64])
def test_a_path_has_the_same_noise_in_any_company(batch):
    network = make()
    start, velocity = torch.zeros(65, 2), torch.zeros(65, 30, 2)
    with torch.no_grad():
        whole = network.wake(start, velocity, torch.Generator().manual_seed(2))
        part = network.wake(start[:batch], velocity[:batch, :21], torch.Generator().manual_seed(2))
    torch.testing.assert_close(part, whole[:batch, :22])


def test_other_kinds_of_tensors_take_the_readable_loop():
    network = make(torch.bfloat16)
    states = network.wake(torch.zeros(3, 2).bfloat16(), torch.zeros(3, 4, 2).bfloat16())
    assert states.dtype == torch.bfloat16
    assert states.shape == (3, 5, 8)
