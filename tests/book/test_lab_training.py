"""The lab's training against the package's: loss, gradients, optimiser, decoding, and the messages of its engine."""

import numpy as np
import pytest
import torch
from maze_engine import flat, run_engine

from replaylib.dynamics._noise import StepNoise
from replaylib.networks import NetworkSettings, PathIntegrator
from replaylib.networks.training import _clip_
from replaylib.world import PlaceCells

BATCH, STEPS = 48, 80
NAMES = {"recurrent": "recurrent", "input": "input", "bias": "bias", "encoder": "encoder"}
NAMES |= {"encoderBias": "encoder_bias", "decoder": "decoder"}

SETTINGS = [
    {"maze": "triangle", "units": 64, "symmetric": True, "leak": 0.5, "noise": 0.1},
    {"maze": "t-maze", "units": 32, "symmetric": False, "leak": 1.0, "noise": 0.4, "pauses": False},
    {"maze": "box", "units": 48, "symmetric": True, "leak": 0.4, "noise": 0.0, "seed": 7},
]

ONE_STEP = """
const training = new lab.Training({ ...lab.DEFAULTS, ...data }, lab.loadProducts());
const { sequence, network, slopes } = training;
const before = lab.copyOfNetwork(network);
const position = Float32Array.from(training.animal.paths(48, 80, training.position));
sequence.setPaths(position, network.velocityRms);
sequence.wake(123456789, 4000000000);
const loss = sequence.loss();
sequence.retrace();
sequence.gradients(network.symmetric, slopes);
return { network: before, position, loss, slopes };
"""


def tensors(found, n, k):
    """Weights or gradients by Python's names."""
    shapes = {"recurrent": (n, n), "input": (n, 2), "bias": (n,), "encoder": (n, k), "encoderBias": (n,)}
    return {NAMES[name]: flat(found, name, *shape) for name, shape in (shapes | {"decoder": (k, n)}).items()}


def twin(network):
    """The same network in the package, in float64: the reference of numbers in float32."""
    n, k, cells = network["units"], network["outputs"], network["cells"]
    settings = NetworkSettings(
        k,
        n,
        network["leak"],
        symmetric=network["symmetric"],
        noise_std=network["noise"],
        velocity_rms=network["velocityRms"],
    )
    centres = torch.tensor(cells["centres"]).reshape(k, 2)
    ours = PathIntegrator(settings, PlaceCells(centres, cells["width"], cells["exponent"]))
    ours.load_state_dict(tensors(network, n, k))
    return ours.double()


def kicks(network, word, pair):
    """The noise of these keys, [steps, batch, n]."""
    noise = StepNoise(network["noise"], torch.empty(BATCH, network["units"]), STEPS, torch.Generator())
    noise._word_key, noise._pair_key = word, pair
    return noise.fill_(torch.empty(STEPS, BATCH, network["units"]), 0).double()


def states(ours, position, noise):
    """States at steps 0 to 80 by automatic differentiation, [steps + 1, batch, n]."""
    hidden = [ours.initial(ours.cells.encode(position[:, 0]))]
    inputs = position.diff(dim=1).float().double() / ours.settings.velocity_rms
    for step in range(STEPS):
        drive = hidden[-1] @ ours.recurrent_weights.T + inputs[:, step] @ ours.input.T + ours.bias
        hidden.append((1 - ours.settings.leak) * hidden[-1] + torch.tanh(drive) + noise[step])
    return torch.stack(hidden)


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda one: one["maze"])
def test_loss_and_gradients_are_those_of_automatic_differentiation(settings):
    found = run_engine(ONE_STEP, settings)
    network = found["network"]
    ours = twin(network)
    position = torch.tensor(found["position"]).reshape(BATCH, STEPS + 1, 2).double()
    hidden = states(ours, position, kicks(network, 123456789, 4000000000))
    target = ours.cells.encode(position[:, 1:]).transpose(0, 1)
    loss = torch.nn.functional.mse_loss(ours.readout(hidden[1:]), target)
    assert found["loss"] == pytest.approx(float(loss), rel=1e-5)
    loss.backward()
    slopes = tensors(found["slopes"], network["units"], network["outputs"])
    for name, parameter in ours.named_parameters():
        assert float((slopes[name] - parameter.grad).norm() / parameter.grad.norm()) < 1e-5, name


def test_new_weights_are_uniform_and_seeded():
    body = """
    const { triangle } = lab.PRESETS;
    return data.map((seed) => lab.newNetwork({ ...lab.DEFAULTS, seed }, triangle.maze));
    """
    first, again, other = run_engine(body, [0, 0, 1])
    assert first == again
    for name in NAMES:
        weights, reach = np.array(first[name]), (48 if name.startswith("encoder") else 64) ** -0.5
        assert 0.9 * reach < abs(weights).max() <= reach
        assert abs((weights**2).mean() * 3 / reach**2 - 1) < 4 * (4 / 5 / len(weights)) ** 0.5
        assert first[name] != other[name]


def test_velocity_is_scaled_as_by_the_package():
    from replaylib.world import task  # noqa: PLC0415

    body = "return data.map((pauses) => lab.velocityRmsOf(lab.PRESETS.triangle.maze, pauses))"
    paused, running = run_engine(body, [True, False])
    assert paused == pytest.approx(task("triangle-cells").velocity_rms, rel=0.03)
    assert running > 1.2 * paused


OPTIMISE = """
const weights = data.weights.map((one) => Float32Array.from(one));
const adam = new lab.Adam(weights);
const rates = data.gradients.map((all, iteration) => {
  const gradients = all.map((one) => Float32Array.from(one));
  const norm = lab.clipGradients(gradients, 1);
  const setting = lab.oneCycle(iteration, data.iterations, 2e-3);
  adam.step(gradients, setting);
  return [setting.rate, setting.momentum, norm];
});
return { weights, rates };
"""


@pytest.mark.parametrize("iterations", [1, 2, 7, 60])
def test_optimiser_is_that_of_torch(iterations):
    generator = torch.Generator().manual_seed(3)
    parameters = [torch.nn.Parameter(torch.randn(size, generator=generator)) for size in (50, 7)]
    gradients = [
        [(0.2 + step % 3) * torch.randn(p.shape, generator=generator) for p in parameters] for step in range(60)
    ]
    gradients = gradients[:iterations]
    data = {
        "weights": [p.tolist() for p in parameters],
        "gradients": [[one.tolist() for one in all_] for all_ in gradients],
        "iterations": iterations,
    }
    found = run_engine(OPTIMISE, data)
    optimizer = torch.optim.Adam(parameters, lr=2e-3)
    cycle = torch.optim.lr_scheduler.OneCycleLR(optimizer, 2e-3, total_steps=iterations + 1)
    for (rate, momentum, norm), all_ in zip(found["rates"], gradients, strict=True):
        group = optimizer.param_groups[0]
        assert rate == pytest.approx(group["lr"], rel=1e-12)
        assert momentum == pytest.approx(group["betas"][0], rel=1e-12)
        assert norm == pytest.approx(float(torch.cat(all_).norm()), rel=1e-6)
        _clip_(all_, 1.0)
        for parameter, gradient in zip(parameters, all_, strict=True):
            parameter.grad = gradient
        optimizer.step()
        cycle.step()
    for weights, parameter in zip(found["weights"], parameters, strict=True):
        np.testing.assert_allclose(weights, parameter.detach(), rtol=0, atol=4e-7)


def test_held_out_error_is_the_distance_of_decoded_places():
    body = """
    const training = new lab.Training({ ...lab.DEFAULTS, units: 32, maze: "t-maze" }, lab.loadProducts());
    const before = training.fingerprint();
    for (let i = 0; i < 40; i += 1) training.step();
    const keys = new lab.Random("held-out noise", 0);
    const [one, again] = [training.heldOut(1), training.heldOut(1)];
    const position = training.heldOutPaths()[0];
    const network = lab.copyOfNetwork(training.network);
    const middle = training.fingerprint();
    training.step();
    return { one, again, position, network, keys: [keys.word(), keys.word()],
      prints: [before, middle, training.fingerprint()], all: training.heldOut(5).error };
    """
    found = run_engine(body)
    ours = twin(found["network"])
    position = torch.tensor(found["position"]).reshape(BATCH, STEPS + 1, 2).double()
    with torch.no_grad():
        decoded = ours.decode(states(ours, position, kicks(found["network"], *found["keys"]))).transpose(0, 1)
    one = found["one"]
    assert one["error"] == pytest.approx(float((decoded - position).norm(dim=-1).mean()), rel=1e-4)
    np.testing.assert_allclose(np.reshape(one["decoded"], (-1, 2)), decoded[0], atol=1e-4)
    np.testing.assert_array_equal(np.reshape(one["position"], (-1, 2)), position[0])
    assert one["bar"] == pytest.approx(0.05 * 2 * 3.6)
    assert found["again"] == one
    assert abs(found["all"] / one["error"] - 1) < 0.5
    assert len(set(found["prints"])) == 3


def test_same_settings_give_the_same_bits_compiled_or_plain_and_others_do_not():
    body = """
    return data.map(([plain, changes]) => {
      const training = new lab.Training({ ...lab.DEFAULTS, units: 32, ...changes }, lab.loadProducts({ plain }));
      for (let i = 0; i < 4; i += 1) training.step();
      training.heldOut(1);
      training.step();
      return training.fingerprint();
    });
    """
    changes = [{"seed": 1}, {"maze": "plus"}, {"leak": 0.4}, {"noise": 0.2}, {"pauses": False}, {"symmetric": False}]
    prints = run_engine(body, [[False, {}], [True, {}], *([False, one] for one in changes)])
    assert prints[0] == prints[1]
    assert len(set(prints)) == 1 + len(changes)


def test_training_lowers_the_loss():
    body = """
    const training = new lab.Training({ ...lab.DEFAULTS, units: 48, iterations: 120 }, lab.loadProducts());
    const losses = [];
    while (!training.done) losses.push(training.step());
    return { losses, heldOut: training.heldOut(1) };
    """
    found = run_engine(body)
    assert len(found["losses"]) == 120
    assert np.mean(found["losses"][-10:]) < 0.5 * np.mean(found["losses"][:10])
    assert found["heldOut"]["error"] < 0.66
