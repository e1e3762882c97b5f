"""The exact law of Gaussian paths against samples, automatic differentiation and least squares."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from replaylib.dynamics.samplers import langevin
from replaylib.theory.markov_paths import MarkovGaussian

PATHS = 40_000
at_random = settings(max_examples=20, deadline=None, derandomize=True)


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def law_of(seed: int, orthonormal: bool = True) -> MarkovGaussian:
    """A random law in two dimensions, with a mean, seen through a code of five units."""
    draw = torch.randn(6, 5, 5, generator=seeded(seed), dtype=torch.float64)
    spread = draw[1, :2, :2] @ draw[1, :2, :2].T
    turn = 0.9 * torch.linalg.qr(draw[0, :2, :2])[0]
    law = MarkovGaussian(turn, 0.5 * draw[2, :2, :3], draw[3, 0, :2], spread, 0.3 + 0.1 * (seed % 5))
    code = torch.linalg.qr(draw[4, :, :2])[0] if orthonormal else draw[4, :, :2]
    return law.encoded(code)


def codes(law: MarkovGaussian, t: int, count: int = PATHS, seed: int = 1) -> torch.Tensor:
    """Noisy codes of step t, [count, n]."""
    generator = seeded(seed)
    clean = law.paths(count, t, generator)[:, -1] @ law.encoder.T
    return clean + law.noise_std * torch.randn(clean.shape, generator=generator, dtype=torch.float64)


@pytest.mark.equation("eq-path", "eq-path-covariance")
@given(seed=st.integers(0, 10_000), t=st.integers(0, 12))
@at_random
def test_samples_have_the_exact_mean_and_covariance(seed, t):
    law = law_of(seed, orthonormal=seed % 2 == 0)
    sample = codes(law, t)
    exact = law.hidden_covariance(t)
    errors = (sample.mean(0) - law.encoder @ law.mean(t)) / (exact.diagonal() / PATHS) ** 0.5
    assert float(errors.abs().max()) < 4.5
    spread = (torch.outer(exact.diagonal(), exact.diagonal()) + exact**2) ** 0.5 / PATHS**0.5
    assert float(((torch.cov(sample.T) - exact) / spread).abs().max()) < 4.5


@pytest.mark.equation("eq-moving-score", "eq-gain")
@given(seed=st.integers(0, 10_000), t=st.integers(0, 12))
@at_random
def test_score_is_the_gradient_of_the_log_density(seed, t):
    law = law_of(seed, orthonormal=seed % 2 == 0)
    density = torch.distributions.MultivariateNormal(law.encoder @ law.mean(t), law.hidden_covariance(t))
    hidden = torch.randn(7, 5, generator=seeded(seed), dtype=torch.float64, requires_grad=True)
    gradient = torch.autograd.grad(density.log_prob(hidden).sum(), hidden)[0]
    torch.testing.assert_close(law.score(t, hidden.detach()), gradient)
    parts = law.score_parts(t, hidden.detach())
    torch.testing.assert_close(parts.leak, -hidden.detach())
    torch.testing.assert_close(sum(parts) / law.noise_std**2, gradient)


@pytest.mark.equation("eq-leak-network", "eq-replay")
@pytest.mark.parametrize("share", [1.0, 0.3])
def test_a_share_of_the_step_is_a_leaky_linear_network(share):
    law, t = law_of(4), 5
    leak, recurrent, bias = law.leaky_network(t, share)
    hidden = torch.randn(6, 5, generator=seeded(2), dtype=torch.float64)
    step = share * law.noise_std**2
    torch.testing.assert_close(-leak * hidden + hidden @ recurrent.T + bias, step * law.score(t, hidden))
    assert leak == share
    one_step = langevin(lambda h: law.score(t, h), hidden, 1, step, generator=seeded(9))[:, 1]
    noise = langevin(torch.zeros_like, 0 * hidden, 1, step, generator=seeded(9))[:, 1]
    torch.testing.assert_close(one_step, (1 - leak) * hidden + hidden @ recurrent.T + bias + noise)


@pytest.mark.equation("eq-miyasawa", "eq-gain")
def test_best_denoiser_is_one_step_up_the_score():
    law, t = law_of(3), 4
    generator = seeded(2)
    clean = law.paths(200_000, t, generator)[:, -1] @ law.encoder.T
    noisy = clean + law.noise_std * torch.randn(clean.shape, generator=generator, dtype=torch.float64)
    design = torch.cat([noisy, torch.ones(len(noisy), 1, dtype=torch.float64)], dim=1)
    fitted = design @ torch.linalg.lstsq(design, clean).solution
    derived = noisy + law.noise_std**2 * law.score(t, noisy)
    assert float((fitted - derived).square().mean()) < 1e-4 * float(clean.var(0).sum())
    assert float((clean - derived).square().mean()) <= float((clean - fitted).square().mean()) * 1.001


@pytest.mark.equation("eq-gain")
def test_gain_of_an_orthonormal_code_is_wieners():
    law = law_of(6)
    for t in (0, 3, 9):
        spread = law.covariance(t)
        wiener = spread @ torch.linalg.inv(spread + law.noise_std**2 * torch.eye(2, dtype=torch.float64))
        torch.testing.assert_close(law.gain(t), wiener)


@pytest.mark.equation("eq-walk", "eq-settle", "eq-bridge")
def test_the_three_examples_spread_as_they_should():
    walk = MarkovGaussian.random_walk(0.3, start_std=0.5, dimensions=2)
    torch.testing.assert_close(walk.covariance(7), (0.25 + 7 * 0.09) * torch.eye(2, dtype=torch.float64))
    settling = MarkovGaussian.ornstein_uhlenbeck(5.0, std=2.0)
    kept = float(torch.exp(torch.tensor(-2 / 5.0, dtype=torch.float64)))
    for t in (0, 1, 8, 200):
        assert float(settling.covariance(t)) == pytest.approx(4 * (1 - kept**t))
    bridge = MarkovGaussian.bridge(0.3, 10)
    for t in range(11):
        assert float(bridge.covariance(t)) == pytest.approx(0.09 * t * (10 - t) / 10, abs=1e-12)


@pytest.mark.equation("eq-constant-gain", "eq-gain-error")
def test_constant_gain_is_the_best_one_and_its_error_is_what_samples_show():
    law, steps = law_of(8, orthonormal=False), 9
    best = law.best_constant_gain(steps)
    samples = [codes(law, t, seed=t) - law.encoder @ law.mean(t) for t in range(steps + 1)]

    def losses(gain: torch.Tensor) -> torch.Tensor:
        """Mean squared error of sigma^2 score with this gain, at each step."""
        code = law.encoder
        return torch.stack(
            [(h @ (code @ (gain - law.gain(t)) @ code.T).T).square().sum(1).mean() for t, h in enumerate(samples)]
        )

    for seed in range(5):
        other = best + 0.02 * torch.randn(2, 2, generator=seeded(seed), dtype=torch.float64)
        assert float(losses(best).sum()) < float(losses(other).sum())
    power = torch.stack(
        [
            (law.noise_std**2 * torch.linalg.solve(law.hidden_covariance(t), h.T)).square().sum(0).mean()
            for t, h in enumerate(samples)
        ]
    )
    torch.testing.assert_close(law.gain_error(best, steps), losses(best) / power, rtol=0.05, atol=1e-4)


@pytest.mark.equation("eq-constant-gain")
def test_one_gain_serves_a_settled_path_and_fails_a_walk():
    settled = MarkovGaussian.ornstein_uhlenbeck(5.0, start_std=1.0)
    assert float(settled.gain_error(settled.best_constant_gain(30), 30).max()) < 1e-12
    walk = MarkovGaussian.random_walk(0.3)
    assert float(walk.gain_error(walk.best_constant_gain(30), 30).max()) > 0.1
    torch.testing.assert_close(walk.best_constant_gain(30), (bar := walk.covariances(30).mean(0)) / (bar + 1))


EYE = torch.eye(2)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: MarkovGaussian(EYE, EYE, torch.zeros(3), EYE), r"transition must have the shape \[..., 3, 3\]"),
        (lambda: MarkovGaussian(EYE, EYE * float("nan"), torch.zeros(2), EYE), "noise_factor must hold finite"),
        (lambda: MarkovGaussian(EYE, EYE, torch.zeros(2), -EYE), "covariance must be symmetric with no negative"),
        (lambda: MarkovGaussian(EYE, EYE, torch.zeros(2), EYE, 0.0), r"noise_std must be a number in \(0, infinity\)"),
        (lambda: MarkovGaussian.bridge(1.0, 10).mean(11), "from 0 to 10, where the path ends, but 11 came"),
        (lambda: MarkovGaussian.random_walk(1.0).covariance(-1), "t must be a whole number of at least 0"),
        (lambda: MarkovGaussian.ornstein_uhlenbeck(0.0), "correlation_time must be"),
        (lambda: law_of(1).encoded(torch.ones(5, 2)), "encoder must have independent columns"),
        (lambda: law_of(1).score(2, torch.zeros(3, 4)), r"hidden must have the shape \[batch, 5\]"),
        (lambda: law_of(1).gain_error(torch.zeros(3, 3), 2), r"gain must have the shape \[2, 2\]"),
    ],
)
def test_senseless_laws_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@given(seed=st.integers(0, 10_000))
@at_random
def test_fitted_path_has_the_samples_covariances_at_every_step(seed):
    sample = law_of(seed).paths(200, 9, seeded(seed))
    fitted = MarkovGaussian.fitted(sample)
    for t in (0, 4, 9):
        torch.testing.assert_close(fitted.covariance(t), torch.cov(sample[:, t].T))
    kept = fitted.transition[3] @ fitted.covariance(3)
    torch.testing.assert_close(kept, torch.cov(torch.cat([sample[:, 4], sample[:, 3]], dim=1).T)[:2, 2:])


def test_paths_from_one_place_are_fitted_and_senseless_ones_refused():
    walk = MarkovGaussian.random_walk(0.5, dimensions=2)
    sample = walk.paths(20_000, 20, seeded())
    gain = MarkovGaussian.fitted(sample - sample[:, :1]).best_constant_gain(20)
    torch.testing.assert_close(gain, walk.best_constant_gain(20), atol=0.01, rtol=0)
    with pytest.raises(ValueError, match="number of paths must be a whole number of at least 2"):
        MarkovGaussian.fitted(sample[:1])
    with pytest.raises(ValueError, match="paths must hold finite numbers only"):
        MarkovGaussian.fitted(sample * float("nan"))
