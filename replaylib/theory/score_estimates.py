"""Estimates of the score from a few noisy paths, and how far they are from the exact one.

At each step only the paths' own positions at that step tell about its law, so that few samples must do.
"""

import torch
from jaxtyping import Float
from sklearn.covariance import ledoit_wolf
from torch import Tensor, nn

from replaylib._checks import check_between, check_count, check_shape
from replaylib.dynamics.samplers import Score
from replaylib.theory.markov_paths import MarkovGaussian


def _linear(mean: Tensor, covariance: Tensor) -> Score:
    precision = torch.linalg.inv(covariance)
    return lambda hidden: -(hidden - mean) @ precision


def plug_in(samples: Float[Tensor, "paths n"]) -> Score:
    """The score of a normal law with the samples' own mean and covariance: n (n + 1)/2 numbers to estimate.

    Raises ValueError where there are no more samples than dimensions, for the covariance is then singular.
    Equation: eq-plug-in.
    """
    count, n = samples.shape
    if count <= n:
        raise ValueError(f"samples must be more than the {n} dimensions, but {count} came: the covariance is singular.")
    return _linear(samples.mean(0), torch.cov(samples.T).reshape(n, n))


def shrinkage(samples: Float[Tensor, "paths n"]) -> Score:
    """The same with the covariance drawn towards a multiple of the identity, as far as Ledoit & Wolf advise.

    Raises ValueError where fewer than two samples came.
    Source: Ledoit & Wolf (2004), J. Multivariate Anal. 88, 365, in scikit-learn's form.
    """
    check_count("the number of samples", len(samples), 2)
    return _linear(samples.mean(0), torch.from_numpy(ledoit_wolf(samples.numpy())[0]))


def leak_known(samples: Float[Tensor, "paths n"], noise_std: float, dimensions: int | None = None) -> Score:
    """The score with its leak known, but not the code E: no variance of the code can lie below that of the noise.

    The covariance is sigma^2 I plus a spread that is never negative. Its likeliest estimate has the samples' own
    directions, with no variance below sigma^2. With ``dimensions`` d known as well, only the d largest variances are
    kept, and all others are sigma^2: this is probabilistic PCA, with its noise given.
    Raises ValueError where fewer than two samples came, the noise is not positive, or there are fewer directions than
    ``dimensions``. Equation: eq-known-leak.
    Source: Tipping & Bishop (1999), J. R. Stat. Soc. B 61, 611.
    """
    check_count("the number of samples", len(samples), 2)
    check_between("noise_std", noise_std, 0.0, float("inf"), open_low=True)
    n = samples.shape[1]
    kept = n if dimensions is None else dimensions
    if not 0 <= kept <= n:
        raise ValueError(f"dimensions must be a whole number from 0 to {n}, but {dimensions} came.")
    values, vectors = torch.linalg.eigh(torch.cov(samples.double().T).reshape(n, n))
    values = values.clamp(min=noise_std**2)
    values[: n - kept] = noise_std**2
    return _linear(samples.double().mean(0), (vectors * values) @ vectors.T)


def leak_structured(samples: Float[Tensor, "paths n"], encoder: Float[Tensor, "n d"], noise_std: float) -> Score:
    """The score with its leak and its code E known: only the d x d covariance of the path is estimated.

    The noise's share is taken off that covariance, and what would be negative is set to 0.
    Raises ValueError where ``encoder`` does not fit the samples or fewer than two came. Equation: eq-moving-score.
    """
    check_count("the number of samples", len(samples), 2)
    check_shape("encoder", encoder, (samples.shape[1], "d"))
    code = encoder.double()
    seen = samples.double() @ torch.linalg.pinv(code).T
    d = code.shape[1]
    spread = torch.cov(seen.T).reshape(d, d) - noise_std**2 * torch.linalg.inv(code.T @ code)
    values, vectors = torch.linalg.eigh(spread)
    covariance = (vectors * values.clamp(min=0)) @ vectors.T
    eye = torch.eye(d, dtype=torch.float64)
    law = MarkovGaussian(eye, eye, seen.mean(0), covariance, noise_std).encoded(code)
    return lambda hidden: law.score(0, hidden)


def denoising(
    samples: Float[Tensor, "paths n"],
    clean: Float[Tensor, "paths n"],
    noise_std: float,
    generator: torch.Generator | None = None,
    iterations: int = 500,
) -> Score:
    """The score that a small network learns by guessing the clean code from the noisy one: denoising score matching.

    One hidden layer of 64 tanh units, Adam on all pairs at once. ``clean`` is the code without its noise.
    Raises ValueError where the shapes differ. Equation: eq-miyasawa.
    Source: Vincent (2011), Neural Comput. 23, 1661, doi:10.1162/NECO_a_00142.
    """
    check_shape("clean", clean, tuple(samples.shape))
    check_count("iterations", iterations)
    n, width = samples.shape[1], 64
    sizes = ((n, width), (width,), (width, n), (n,))
    weights = [0.3 * torch.randn(size, generator=generator, dtype=samples.dtype) / size[0] ** 0.5 for size in sizes]
    parameters = [nn.Parameter(weight) for weight in weights]

    def residual(noisy: Tensor) -> Tensor:
        """Guessed clean code minus the noisy one."""
        first, shift, second, offset = parameters
        return torch.tanh(noisy @ first + shift) @ second + offset

    optimizer = torch.optim.Adam(parameters, lr=1e-2)
    with torch.enable_grad():
        for _ in range(iterations):
            optimizer.zero_grad()
            loss = (residual(samples) - (clean - samples)).square().mean()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
    return lambda hidden: residual(hidden).detach() / noise_std**2


def relative_error(
    estimate: Score, law: MarkovGaussian, t: int, probes: int = 4000, generator: torch.Generator | None = None
) -> float:
    """Mean squared error of an estimated score over the exact score's mean square, at fresh codes of step ``t`` [1]."""
    hidden, _ = noisy_codes(law, t, probes, generator)
    exact = law.score(t, hidden)
    return float((estimate(hidden) - exact).square().mean() / exact.square().mean())


def noisy_codes(
    law: MarkovGaussian, t: int, count: int, generator: torch.Generator | None = None
) -> tuple[Float[Tensor, "count n"], Float[Tensor, "count n"]]:
    """``count`` codes h_t = E s_t + noise, and the same without noise, both [count, n]."""
    clean = law.paths(count, t, generator)[:, -1] @ law.encoder.T
    return clean + law.noise_std * torch.randn(clean.shape, generator=generator, dtype=torch.float64), clean
