"""Training against its own equations, written out: target, clipping, one-cycle schedule, Adam."""

import copy
import math

import pytest
import torch

from replaylib._streams import Purpose, stream
from replaylib.networks.network import NetworkSettings, PathIntegrator
from replaylib.networks.training import Trainer, TrainingSettings
from replaylib.world.tasks import task


def cosine(begin: float, end: float, share: float) -> float:
    return end + (begin - end) * (1 + math.cos(math.pi * share)) / 2


def one_cycle(iteration: int, iterations: int, peak: float) -> tuple[float, float]:
    """Learning rate and memory of the mean gradient of Smith & Topin's schedule: up within 30 %, then down."""
    rise = 0.3 * (iterations + 1) - 1
    if iteration <= rise:
        share = iteration / rise
        return cosine(peak / 25, peak, share), cosine(0.95, 0.85, share)
    share = (iteration - rise) / (iterations - rise)
    return cosine(peak, peak / 25e4, share), cosine(0.85, 0.95, share)


def by_hand(network: PathIntegrator, name: str, settings: TrainingSettings, steps: int) -> list[float]:
    """Train ``network`` in place for ``steps`` iterations of Adam; returns the losses."""
    generator, place = stream(Purpose.TRAINING, settings.seed), task(name)
    weights = list(network.parameters())
    means, squares = ([torch.zeros_like(one) for one in weights] for _ in range(2))
    losses = []
    for iteration in range(steps):
        position = place.motion(settings.batch_size, place.steps, generator)
        code = place.cells.encode(position) if place.cells else position
        hidden = network.wake(code[:, 0], position[:, 1:] - position[:, :-1], generator)
        loss = (hidden[:, 1:] @ network.decoder.T - code[:, 1:]).square().mean()
        gradients = torch.autograd.grad(loss, weights)
        norm = math.sqrt(sum(float(one.square().sum()) for one in gradients))
        scale = min(1.0, settings.gradient_clip / norm)
        rate, kept = one_cycle(iteration, settings.iterations, settings.learning_rate)
        for weight, gradient, mean, square in zip(weights, gradients, means, squares, strict=True):
            mean.mul_(kept).add_(gradient, alpha=(1 - kept) * scale)
            square.mul_(0.999).add_(gradient.square(), alpha=0.001 * scale**2)
            # PyTorch corrects the mean with the memory of this iteration alone, though the schedule moves it.
            corrected = mean / (1 - kept ** (iteration + 1))
            spread = (square / (1 - 0.999 ** (iteration + 1))).sqrt()
            weight.data -= rate * corrected / (spread + 1e-8)
        losses.append(float(loss.detach()))
    return losses


@pytest.mark.parametrize("name", ["triangle", "t-maze-cells"])
@pytest.mark.parametrize(("seed", "clip"), [(101, 0.05), (110, 0.05), (101, 1e6)])
def test_each_iteration_is_adam_on_clipped_gradients(name, seed, clip):
    place = task(name)
    settings = TrainingSettings(iterations=12, batch_size=5, learning_rate=0.02, gradient_clip=clip, seed=seed)
    shape = NetworkSettings(place.outputs, hidden=4, velocity_rms=place.velocity_rms)
    trained = PathIntegrator(shape, place.cells, torch.Generator().manual_seed(0))
    expected = copy.deepcopy(trained)
    trainer = Trainer(trained, place, settings)
    losses = [trainer.step() for _ in range(6)]  # the schedule has its peak within these
    assert losses == pytest.approx(by_hand(expected, name, settings, 6), rel=1e-5)
    for key, tensor in expected.state_dict().items():
        torch.testing.assert_close(trained.state_dict()[key], tensor, rtol=1e-4, atol=1e-6, msg=key)


def test_the_clip_of_the_other_test_is_felt():
    """At 0.05 gradients are clipped, at 1e6 not: otherwise the test above would not see a missing clip."""
    networks = []
    for clip in (0.05, 1e6):
        networks.append(PathIntegrator(NetworkSettings(2, hidden=4), generator=torch.Generator().manual_seed(0)))
        settings = TrainingSettings(12, 5, 0.02, clip, 101)
        trainer = Trainer(networks[-1], task("triangle"), settings)
        trainer.step()
        gradients = [one.grad for one in networks[-1].parameters()]
        norm = math.sqrt(sum(float(one.square().sum()) for one in gradients if one is not None))
        assert (norm == pytest.approx(0.05, rel=1e-3)) == (clip == 0.05)
