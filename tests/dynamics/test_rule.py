"""The update rule against exact laws: every comparison is a z-score, so the tests can fail for a wrong factor."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from replaylib.dynamics._noise import StepNoise
from replaylib.dynamics.rule import BLOCK, Dynamics, simulate
from replaylib.networks.network import NetworkDrift
from replaylib.theory.modes import LinearMode

PATHS = 20_000


def exact_variance(stiffness: float, dynamics: Dynamics) -> float:
    return LinearMode(stiffness, dynamics).variance


def z_score(stiffness: float, dynamics: Dynamics, steps: int, generator: torch.Generator) -> float:
    last = simulate(lambda h: -stiffness * h, torch.zeros(PATHS, 1), steps, dynamics, generator)[:, -1, 0]
    exact = exact_variance(stiffness, dynamics)
    return (float(last.var()) / exact - 1) / (2 / PATHS) ** 0.5


@pytest.mark.parametrize(
    ("stiffness", "dynamics", "variance"),
    [
        (0.05, Dynamics(friction=1.0, adaptation_strength=0.0, adaptation_time=20, noise_std=1.0), 10.256),
        (0.05, Dynamics(friction=1.0, adaptation_strength=0.05, adaptation_time=20, noise_std=1.0), 7.891),
        (0.05, Dynamics(friction=0.2, adaptation_strength=0.05, adaptation_time=20, noise_std=0.2**0.5), 11.558),
        (0.2, Dynamics(friction=0.3, adaptation_strength=0.0, adaptation_time=20, noise_std=0.5), None),
    ],
)
def test_stationary_variance(stiffness, dynamics, variance, generator):
    if variance is not None:
        assert exact_variance(stiffness, dynamics) == pytest.approx(variance, abs=6e-4)
    assert abs(z_score(stiffness, dynamics, 300, generator)) < 4


@pytest.mark.equation("eq-terminal")
@pytest.mark.parametrize("friction", [0.1, 0.4, 1.0, 1.7])
def test_constant_drift_reaches_its_terminal_speed(friction):
    push = 0.01
    states = simulate(lambda h: torch.full_like(h, push), torch.zeros(1, 1).double(), 300, Dynamics(friction=friction))
    assert float(states[0, -1, 0] - states[0, -2, 0]) == pytest.approx(push / friction, rel=1e-6)


def test_rescaled_noise_keeps_the_law_of_slow_modes():
    plain = Dynamics(noise_std=1.0)
    for friction in (0.5, 0.2):
        assert exact_variance(0.001, plain.with_friction(friction)) == pytest.approx(
            exact_variance(0.001, plain), rel=2e-3
        )
        unscaled = Dynamics(friction=friction, noise_std=1.0)
        assert exact_variance(0.001, unscaled) == pytest.approx(exact_variance(0.001, plain) / friction, rel=2e-3)


@pytest.mark.equation("eq-momentum", "eq-adaptation")
@given(friction=st.floats(0.05, 1.95), strength=st.floats(0, 0.5), time=st.floats(1, 50), steps=st.integers(1, BLOCK))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_every_step_is_the_equation(friction, strength, time, steps):
    dynamics = Dynamics(friction=friction, adaptation_strength=strength, adaptation_time=time, noise_std=0.3)
    start = torch.randn(3, 2, generator=torch.Generator().manual_seed(5), dtype=torch.float64)
    found = simulate(lambda h: -0.1 * torch.tanh(h), start, steps, dynamics, torch.Generator().manual_seed(9))
    noise = StepNoise(0.3, start, steps, torch.Generator().manual_seed(9)).fill_(start.new_empty(steps, 3, 2), 0)
    h, v, a = start, torch.zeros_like(start), torch.zeros_like(start)
    for t in range(steps):
        v = (1 - friction) * v - 0.1 * torch.tanh(h) - a + noise[t]
        a = (1 - 1 / time) * a + strength / time * h
        h = h + v
        torch.testing.assert_close(found[:, t + 1], h, rtol=1e-9, atol=1e-9)


@pytest.mark.equation("eq-kernel")
def test_adaptation_is_a_fading_memory_of_past_states():
    strength, time = 0.3, 8.0
    path = simulate(
        lambda h: -0.1 * torch.tanh(h),
        torch.ones(1, 1).double(),
        40,
        Dynamics(friction=1.0, adaptation_strength=strength, adaptation_time=time),
    )[0, :, 0]
    change = path.diff() + 0.1 * torch.tanh(path[:-1])
    for t in range(1, 40):
        weights = strength / time * (1 - 1 / time) ** torch.arange(t, dtype=torch.float64)
        assert float(change[t]) == pytest.approx(-float((weights * path[:t].flip(0)).sum()), abs=1e-12)


@pytest.mark.parametrize("steps", [1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 7])
def test_observing_gives_what_keeping_all_gives(steps):
    dynamics = Dynamics(friction=0.4, adaptation_strength=0.1, adaptation_time=10, noise_std=0.2)
    start = torch.ones(4, 3)
    kept = simulate(lambda h: -0.2 * h, start, steps, dynamics, torch.Generator().manual_seed(2))
    seen = simulate(
        lambda h: -0.2 * h, start, steps, dynamics, torch.Generator().manual_seed(2), lambda h: h[..., :1] * 2
    )
    assert kept.shape == (4, steps + 1, 3)
    torch.testing.assert_close(seen, kept[..., :1] * 2)
    assert bool((start == 1).all())


def test_no_block_border_is_felt():
    dynamics = Dynamics(friction=0.3, adaptation_strength=0.1, adaptation_time=10, noise_std=0.0)
    start = torch.randn(2, 2, dtype=torch.float64)
    long = simulate(lambda h: -0.05 * h, start, 2 * BLOCK + 3, dynamics)
    short = simulate(lambda h: -0.05 * h, start, BLOCK, dynamics)
    torch.testing.assert_close(long[:, : BLOCK + 1], short)
    velocity = long.diff(dim=1)
    jump = velocity[:, BLOCK] - velocity[:, BLOCK - 1]
    assert float(jump.abs().max()) < 3 * float((velocity[:, BLOCK - 1] - velocity[:, BLOCK - 2]).abs().max())


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"friction": -0.1}, r"friction must be a number in \(0, 2\], but -0.1 came"),
        ({"friction": 0.0}, "friction must be"),
        ({"friction": 2.0}, "friction must lie below 2"),
        ({"friction": float("nan")}, "friction must be .* but nan came"),
        ({"adaptation_strength": -1.0}, "adaptation_strength must be"),
        ({"adaptation_time": 0.5}, "adaptation_time must be"),
        ({"noise_std": float("inf")}, "noise_std must be"),
    ],
)
def test_senseless_dynamics_are_refused(values, message):
    with pytest.raises(ValueError, match=message):
        Dynamics(**values)


@pytest.mark.parametrize(
    ("start", "steps", "message"),
    [
        (torch.full((2, 3), float("nan")), 5, "start must hold finite numbers only, but 6 of 6"),
        (torch.zeros(2, 3), 0, "steps must be a whole number of at least 1, but 0 came"),
        (torch.zeros(2, 3), -4, "steps must be"),
    ],
)
def test_senseless_simulations_are_refused(start, steps, message):
    with pytest.raises(ValueError, match=message):
        simulate(lambda h: -h, start, steps, Dynamics())


def test_adaptation_inside_the_nonlinearity_is_the_equation():
    """h' = (1 - leak) h + tanh(W h + b - a), the trace a as ever, written out step by step."""
    generator = torch.Generator().manual_seed(0)
    weights, bias = torch.randn(5, 5, generator=generator) / 3, torch.randn(5, generator=generator)
    drift = NetworkDrift(weights, bias, torch.tensor(0.4), "tanh")
    start = torch.randn(3, 5, generator=generator)
    found = simulate(
        drift, start, 12, Dynamics(friction=0.6, adaptation_strength=0.3, adaptation_time=7.0, adaptation_inside=True)
    )
    hidden, velocity, trace = start, torch.zeros(3, 5), torch.zeros(3, 5)
    for step in range(12):
        velocity = 0.4 * velocity - 0.4 * hidden + torch.tanh(hidden @ weights.T + bias - trace)
        trace = (1 - 1 / 7) * trace + 0.3 / 7 * hidden
        hidden = hidden + velocity
        torch.testing.assert_close(found[:, step + 1], hidden)


def test_adaptation_inside_a_bare_drift_is_refused():
    with pytest.raises(ValueError, match="drift must be a network's for adaptation inside its nonlinearity"):
        simulate(
            torch.zeros_like,
            torch.zeros(2, 3),
            4,
            Dynamics(friction=1.0, adaptation_strength=0.1, adaptation_inside=True),
        )


def network_drift(n: int) -> NetworkDrift:
    generator = torch.Generator().manual_seed(0)
    weights = torch.randn(n, n, generator=generator) / (2 * n**0.5)
    return NetworkDrift(weights, torch.randn(n, generator=generator), torch.tensor(0.6), "tanh")


def bare_drift(hidden):
    return -0.3 * torch.tanh(hidden)


@pytest.mark.parametrize("drift", [network_drift(6), bare_drift], ids=["network", "bare"])
@pytest.mark.parametrize(
    "dynamics",
    [Dynamics(noise_std=0.4), Dynamics(friction=0.4, adaptation_strength=0.2, adaptation_time=10.0, noise_std=0.4)],
)
def test_a_path_is_the_same_in_any_company(drift, dynamics):
    """Path 0 alone, in batches of 2, 3 and 64; 30 of 100 steps; with and without observe."""
    start = torch.randn(64, 6, generator=torch.Generator().manual_seed(1))

    def run(batch, steps, observe=None):
        return simulate(drift, start[:batch], steps, dynamics, torch.Generator().manual_seed(2), observe)

    whole = run(64, 100)
    for batch in (1, 2, 3):
        torch.testing.assert_close(run(batch, 100), whole[:batch], rtol=1e-4, atol=1e-4)
    assert torch.equal(run(64, 30), whole[:, :31])
    assert torch.equal(run(64, 99, lambda h: h), whole[:, :100])


@pytest.mark.parametrize("paths", [4, 16, 64])
def test_noise_is_the_same_for_every_dynamics(paths):
    """Adaptation of strength 0 is no adaptation, inside or outside; and the first step differs by momentum alone."""
    start = torch.randn(paths, 64, generator=torch.Generator().manual_seed(1))
    drift = network_drift(64)

    def run(**dynamics):
        dynamics = Dynamics(noise_std=0.4, **dynamics)
        return simulate(drift, start, 3, dynamics, torch.Generator().manual_seed(2))

    plain = run()
    assert torch.equal(run(adaptation_inside=True), plain)
    for dynamics in (
        {"friction": 0.3},
        {"adaptation_strength": 0.2},
        {"adaptation_strength": 0.2, "adaptation_inside": True},
    ):
        torch.testing.assert_close(run(**dynamics)[:, 1], plain[:, 1], rtol=1e-5, atol=1e-5)
        assert not torch.isclose(run(**dynamics)[:, 2], plain[:, 2], atol=1e-5).all()


@pytest.mark.parametrize("drift", [network_drift(128), bare_drift], ids=["network", "bare"])
def test_the_order_of_the_start_in_memory_does_not_matter(drift):
    start = torch.randn(128, 64, generator=torch.Generator().manual_seed(1)).T
    assert not start.is_contiguous()
    first, second = (
        simulate(
            drift,
            states,
            30,
            Dynamics(friction=0.5, adaptation_strength=0.1, adaptation_time=10, noise_std=0.3),
            torch.Generator().manual_seed(2),
        )
        for states in (start, start.contiguous())
    )
    assert torch.equal(first, second)


def test_observe_may_return_a_view():
    seen = simulate(torch.ones_like, torch.zeros(1, 2), 130, Dynamics(), observe=lambda states: states[..., :1])
    assert torch.equal(seen[0, :, 0], torch.arange(131.0))


def test_a_start_that_does_not_fit_the_network_is_refused():
    with pytest.raises(ValueError, match=r"start must have the shape \[batch, 6\], but \[2, 5\] came"):
        simulate(network_drift(6), torch.zeros(2, 5), 4, Dynamics())


def test_a_drift_of_trainable_weights_is_followed_without_gradients():
    drift = network_drift(6)
    trainable = NetworkDrift(drift.recurrent.clone().requires_grad_(), drift.bias.requires_grad_(), drift.leak, "tanh")
    start = torch.randn(4, 6, generator=torch.Generator().manual_seed(1))
    states = simulate(trainable, start, 5, Dynamics())
    assert not states.requires_grad
    assert torch.equal(states, simulate(drift, start, 5, Dynamics()))
