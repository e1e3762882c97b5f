import pytest
import torch

from replaylib.dynamics._noise import StepNoise
from replaylib.networks.network import NetworkSettings, PathIntegrator
from replaylib.world.tasks import task


def make(**changes) -> PathIntegrator:
    return PathIntegrator(NetworkSettings(2, hidden=8, **changes), generator=torch.Generator().manual_seed(0))


@pytest.mark.equation("eq-network", "eq-awake")
@pytest.mark.parametrize("nonlinearity", ["tanh", "relu"])
@pytest.mark.parametrize("symmetric", [True, False])
@pytest.mark.parametrize("leak", [0.0, 0.4, tuple(0.1 * k for k in range(8))])
def test_waking_is_the_equation(nonlinearity, symmetric, leak):
    network = make(nonlinearity=nonlinearity, symmetric=symmetric, leak=leak, velocity_rms=0.05)
    generator = torch.Generator().manual_seed(1)
    start, velocity = torch.randn(3, 2, generator=generator), 0.05 * torch.randn(3, 6, 2, generator=generator)
    states = network.wake(start, velocity, torch.Generator().manual_seed(2))
    noise = StepNoise(0.3, torch.empty(3, 8), 6, torch.Generator().manual_seed(2)).fill_(torch.empty(6, 3, 8), 0)
    f = torch.tanh if nonlinearity == "tanh" else torch.relu
    weights = (network.recurrent + network.recurrent.T) / 2 if symmetric else network.recurrent
    h = f(start @ network.encoder.T + network.encoder_bias)
    for t in range(6):
        torch.testing.assert_close(states[:, t], h)
        drive = h @ weights.T + velocity[:, t] / 0.05 @ network.input.T + network.bias
        h = (1 - torch.tensor(leak)) * h + f(drive) + noise[t]
    torch.testing.assert_close(states[:, 6], h)


@pytest.mark.parametrize("leak", [0.3, tuple(0.1 * k for k in range(8))])
def test_drift_is_one_noiseless_step_at_rest(leak):
    network = make(leak=leak)
    states = network.wake(torch.randn(4, 2), torch.zeros(4, 1, 2), noisy=False)
    torch.testing.assert_close(states[:, 0] + network.drift(states[:, 0]), states[:, 1])


def test_symmetric_drift_has_a_symmetric_jacobian_up_to_slopes():
    network = make(symmetric=True)
    hidden = torch.randn(1, 8)
    slopes = 1 - torch.tanh(hidden @ network.recurrent_weights.T + network.bias)[0] ** 2
    jacobian = -network.leak * torch.eye(8) + slopes[:, None] * network.recurrent_weights
    assert float(torch.linalg.eigvals(jacobian).imag.abs().max()) < 1e-5
    epsilon = 1e-3 * torch.randn(1, 8)
    change = network.drift(hidden + epsilon) - network.drift(hidden)
    torch.testing.assert_close(change, epsilon @ jacobian.T, rtol=2e-2, atol=2e-6)
    assert float(torch.linalg.eigvals(make(symmetric=False).recurrent_weights).imag.abs().max()) > 0.01


def test_learned_leak_learns_and_fixed_does_not():
    for leak in (0.4, tuple([0.4] * 8)):
        learned, fixed = make(leak=leak, learn_leak=True), make(leak=leak)
        assert float(learned.leak.mean()) == pytest.approx(0.4)
        assert learned.leak.shape == torch.tensor(leak).shape
        learned.wake(torch.ones(2, 2), torch.ones(2, 5, 2)).sum().backward()
        assert learned.leak_logit is not None
        assert float(learned.leak_logit.grad.abs().sum()) > 0
        assert fixed.leak_logit is None


def test_noise_has_its_standard_deviation():
    network = make(noise_std=0.3)
    start, velocity = torch.zeros(20_000, 2), torch.zeros(20_000, 1, 2)
    noisy, clean = network.wake(start, velocity), network.wake(start, velocity, noisy=False)
    assert float((noisy - clean)[:, 1].std()) == pytest.approx(0.3, rel=0.01)
    assert torch.equal(noisy[:, 0], clean[:, 0])


def test_decoding_uses_the_cells():
    place = task("triangle-cells")
    network = PathIntegrator(NetworkSettings(place.outputs, hidden=8), place.cells)
    hidden = torch.randn(3, 5, 8)
    torch.testing.assert_close(network.decode(hidden), place.cells.decode(hidden @ network.decoder.T))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"leak": 1.2}, r"leak must be a number in \[0, 1\], but 1.2 came"),
        ({"leak": (0.1, 0.2)}, "one number or 8"),
        ({"leak": 0.0, "learn_leak": True}, "strictly between 0 and 1"),
        ({"nonlinearity": "sigmoid"}, "'tanh' or 'relu'"),
        ({"noise_std": -0.1}, "noise_std must be"),
        ({"velocity_rms": 0.0}, "velocity_rms must be"),
    ],
)
def test_senseless_settings_are_refused(values, message):
    # The type checker of the tests would refuse some of these before the settings can.
    values = {"hidden": 8, **values}
    with pytest.raises(Exception, match=message if "nonlinearity" not in values else "nonlinearity"):
        NetworkSettings(2, **values)


def test_senseless_input_is_refused():
    network = make()
    with pytest.raises(ValueError, match=r"start must have the shape \[batch, 2\], but \[3, 5\] came"):
        network.initial(torch.zeros(3, 5))
    with pytest.raises(ValueError, match="velocity must hold finite"):
        network.wake(torch.zeros(1, 2), torch.full((1, 4, 2), float("nan")))
    with pytest.raises(ValueError, match="outputs must be 48 to match the cells, but 2 came"):
        PathIntegrator(NetworkSettings(2), task("triangle-cells").cells)


def test_for_task_takes_what_the_task_fixes_and_what_is_given():
    place = task("triangle-cells")
    network = PathIntegrator.for_task(place, torch.Generator().manual_seed(2), hidden=7, leak=0.25)
    assert network.settings == NetworkSettings(48, hidden=7, leak=0.25, velocity_rms=place.velocity_rms)
    assert network.cells is place.cells
    assert PathIntegrator.for_task(place, velocity_rms=2.0).settings.velocity_rms == 2.0
    with pytest.raises(TypeError, match="units"):
        PathIntegrator.for_task(place, units=7)


def test_forward_reports_after_each_step():
    place = task("triangle")
    network = PathIntegrator.for_task(place, torch.Generator().manual_seed(2), hidden=7)
    batch = place.batch(3, torch.Generator().manual_seed(0), steps=5)
    states = network.wake(batch.start, batch.velocity, torch.Generator().manual_seed(1))
    reported = network(batch.start, batch.velocity, torch.Generator().manual_seed(1))
    assert reported.shape == (3, 5, 2)
    torch.testing.assert_close(reported, states[:, 1:] @ network.decoder.T)
