"""Score estimators: each finds the exact score with enough paths, and the leak saves most of them."""

import pytest
import torch

from replaylib.theory.markov_paths import MarkovGaussian
from replaylib.theory.score_estimates import denoising, leak_structured, noisy_codes, plug_in, relative_error, shrinkage

T = 8


def law_in(n: int) -> MarkovGaussian:
    code = torch.linalg.qr(torch.randn(n, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64))[0]
    return MarkovGaussian.random_walk(0.5, dimensions=2, noise_std=0.5).encoded(code)


def errors(law: MarkovGaussian, paths: int, seed: int) -> dict[str, float]:
    generator = torch.Generator().manual_seed(seed)
    noisy, clean = noisy_codes(law, T, paths, generator)
    made = {
        "shrinkage": shrinkage(noisy),
        "leak": leak_structured(noisy, law.encoder, law.noise_std),
        "denoising": denoising(noisy, clean, law.noise_std, generator),
    }
    if paths > len(law.encoder):
        made["plug-in"] = plug_in(noisy)
    return {name: relative_error(score, law, T, generator=generator) for name, score in made.items()}


@pytest.mark.equation("eq-plug-in", "eq-miyasawa")
def test_all_find_the_exact_score_with_many_paths():
    found = errors(law_in(4), 20_000, 1)
    assert found["plug-in"] < 1e-3
    assert found["shrinkage"] < 1e-3
    assert found["leak"] < 1e-3
    assert found["denoising"] < 0.02


@pytest.mark.equation("eq-moving-score", "eq-plug-in")
def test_a_known_leak_saves_paths():
    for seed in range(3):
        few = errors(law_in(20), 40, seed)
        assert few["leak"] < 0.05 < few["plug-in"]
        assert few["leak"] < few["shrinkage"]


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
    ],
)
def test_senseless_estimates_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()
