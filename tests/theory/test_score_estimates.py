"""Score estimators: each finds the exact score with enough paths, and the leak saves most of them."""

import pytest
import torch
from sklearn.decomposition import PCA

from replaylib.theory.markov_paths import MarkovGaussian
from replaylib.theory.score_estimates import (
    denoising,
    leak_known,
    leak_structured,
    noisy_codes,
    plug_in,
    relative_error,
    shrinkage,
)

T = 8


def law_in(n: int) -> MarkovGaussian:
    code = torch.linalg.qr(torch.randn(n, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64))[0]
    return MarkovGaussian.random_walk(0.5, dimensions=2, noise_std=0.5).encoded(code)


def errors(law: MarkovGaussian, paths: int, seed: int) -> dict[str, float]:
    generator = torch.Generator().manual_seed(seed)
    noisy, clean = noisy_codes(law, T, paths, generator)
    made = {
        "shrinkage": shrinkage(noisy),
        "leak": leak_known(noisy, law.noise_std),
        "leak and d": leak_known(noisy, law.noise_std, dimensions=2),
        "leak and E": leak_structured(noisy, law.encoder, law.noise_std),
        "denoising": denoising(noisy, clean, law.noise_std, generator),
    }
    if paths > len(law.encoder):
        made["plug-in"] = plug_in(noisy)
    return {name: relative_error(score, law, T, generator=generator) for name, score in made.items()}


@pytest.mark.equation("eq-plug-in", "eq-miyasawa")
@pytest.mark.slow
def test_all_find_the_exact_score_with_many_paths():
    found = errors(law_in(4), 20_000, 1)
    assert found["plug-in"] < 1e-3
    assert found["shrinkage"] < 1e-3
    assert max(found["leak"], found["leak and d"], found["leak and E"]) < 1e-3
    assert found["denoising"] < 0.02


@pytest.mark.equation("eq-moving-score", "eq-plug-in", "eq-known-leak")
def test_a_known_leak_saves_paths_and_a_known_code_far_more():
    for seed in range(3):
        few = errors(law_in(20), 40, seed)
        assert 20 * few["leak and E"] < few["leak and d"] < few["leak"] < few["shrinkage"] < few["plug-in"]


@pytest.mark.equation("eq-moving-score")
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_noise_is_taken_off_a_code_no_larger_than_it(scale):
    """Positions of variance sigma^2: with the noise's share left in them the error would be 0.04 to 0.1."""
    eye, code = torch.eye(2, dtype=torch.float64), law_in(6).encoder * scale
    law = MarkovGaussian(eye, eye, torch.zeros(2).double(), 0.25 * eye, 0.5).encoded(code)
    generator = torch.Generator().manual_seed(4)
    noisy, _ = noisy_codes(law, 0, 20_000, generator)
    assert relative_error(leak_structured(noisy, code, 0.5), law, 0, generator=generator) < 1e-3


@pytest.mark.equation("eq-known-leak")
def test_known_dimensions_are_probabilistic_pca():
    noisy, _ = noisy_codes(law_in(12), T, 60, torch.Generator().manual_seed(2))
    model = PCA(2).fit(noisy.numpy())
    hidden = torch.randn(5, 12, dtype=torch.float64, generator=torch.Generator().manual_seed(3))
    exact = -(hidden - noisy.mean(0)) @ torch.from_numpy(model.get_precision())
    found = leak_known(noisy, model.noise_variance_**0.5, dimensions=2)(hidden)
    torch.testing.assert_close(found, exact)


@pytest.mark.equation("eq-known-leak")
def test_a_known_leak_allows_no_steeper_slope_and_needs_no_more_paths_than_units():
    noisy, _ = noisy_codes(law_in(12), T, 5, torch.Generator().manual_seed(2))
    origin = noisy.mean(0, keepdim=True)
    for dimensions in (None, 0, 1):
        score = leak_known(noisy, 0.5, dimensions)
        slopes = torch.linalg.eigvalsh(score(origin + torch.eye(12, dtype=torch.float64)))
        assert float(slopes[0]) == pytest.approx(-1 / 0.5**2)  # nothing is steeper than the leak
        assert int((slopes > -3.99).sum()) <= (4 if dimensions is None else dimensions)


@pytest.mark.equation("eq-plug-in")
def test_plug_in_error_is_that_of_an_inverse_wishart_law():
    law, count, n = law_in(6), 60, 6
    found = [
        relative_error(plug_in(noisy_codes(law, T, count, torch.Generator().manual_seed(seed))[0]), law, T)
        for seed in range(60)
    ]
    mean = sum(found) / len(found)
    spread = torch.tensor(found).std() / len(found) ** 0.5
    # Moments of the inverse Wishart law with m degrees of freedom; the estimated mean adds one part in N.
    m = count - 1
    first, second = m / (m - n - 1), m**2 * (m - 1) / ((m - n) * (m - n - 1) * (m - n - 3))
    assert abs(mean - (second * (1 + 1 / count) - 2 * first + 1)) < 4 * float(spread)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: plug_in(torch.zeros(4, 4)), "samples must be more than the 4 dimensions, but 4 came"),
        (lambda: shrinkage(torch.zeros(1, 4)), "the number of samples must be a whole number of at least 2"),
        (lambda: leak_known(torch.zeros(1, 4), 0.1), "the number of samples must be a whole number of at least 2"),
        (lambda: leak_known(torch.zeros(9, 4), 0.0), r"noise_std must be a number in \(0, infinity\), but 0.0 came"),
        (lambda: leak_known(torch.zeros(9, 4), 0.1, 5), "dimensions must be a whole number from 0 to 4, but 5 came"),
    ],
)
def test_senseless_estimates_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()
