"""What is measured of scores: of codes that are known, by estimators whose order is known, as medians of draws."""

from dataclasses import replace

import pytest
import torch

from replaylib.ledger.claims import claim
from replaylib.ledger.claims.base import Scale
from replaylib.ledger.measurements import score
from replaylib.networks import pretrained
from replaylib.networks.network import NetworkSettings, PathIntegrator

TINY = Scale("tiny", paths=6, steps=110, points=50, training=(3, 4, 5), draws=1)


@pytest.fixture
def network():
    return pretrained.load("triangle")


def test_code_of_position_is_found_where_it_is_known():
    """States that are a known code of the animal's place, and noise: its triangle has the code's products."""
    code = torch.randn(64, 2, generator=torch.Generator().manual_seed(1))

    class Known(PathIntegrator):
        def wake(self, start, velocity, generator=None):
            place = torch.cat([start[:, None], start[:, None] + velocity.cumsum(1)], dim=1)
            return place @ code.T + 5 + 0.01 * torch.randn(*place.shape[:2], 64, generator=generator)

    found = score.code_of_position(Known(NetworkSettings(2)), "triangle", torch.Generator().manual_seed(0))
    assert found.shape == (2, 2)
    assert found[1, 0] == 0
    assert torch.allclose(found.T @ found, (code.T @ code).double(), rtol=0.01, atol=0.05)


def test_scores_of_a_known_start_move_and_a_leak_that_is_known_helps(network):
    """The two claims that need no long replay hold at any scale."""
    estimates = score.measure_estimates("linear-gaussian", 0, "", TINY)
    assert set(estimates) == {f"{units} units, {count} paths" for units in (10, 40) for count in (25, 50, 400)}
    for outcome in claim("C2").outcomes:
        if outcome.primary:
            assert outcome.value(estimates) > 0.5, outcome.name
    for row in estimates.values():
        assert row["leak known"] < row["shrinkage"]
    moving = score.measure_moving_score("triangle", 0, "", TINY, network)
    assert moving["known start"]["residual"] > 0.2 > moving["unknown start"]["residual"]


def test_the_gaussian_path_has_a_network_of_its_own_and_its_implied_score(monkeypatch):
    train = score.train_on_gaussian_path
    asked = []

    def short(path, seed, iterations):
        asked.append((path, seed, iterations))
        return train(path, seed, 3)

    monkeypatch.setattr(score, "train_on_gaussian_path", short)
    monkeypatch.setattr(score, "implied_score", lambda network, path, step, seed: {"own_error": 100 * seed + step})
    table = score.measure_moving_score("linear-gaussian", 7, "", TINY)
    assert asked == [(score.GAUSSIAN_PATH, 7, 2 * TINY.training[0])]
    assert table["known start"]["residual"] > table["unknown start"]["residual"]
    assert {step: row["own_error"] for step, row in table.items() if "step" in step} == {"step 1": 701, "step 30": 730}


def test_errors_are_medians_of_the_draws(monkeypatch):
    monkeypatch.setattr(score, "_errors", lambda name, units, count, seed: {"shrinkage": (seed - 41) ** 2})
    for draws, median in ((1, 1), (3, 1), (5, 1), (2, 0.5)):
        table = score.measure_estimates("triangle", 4, "", replace(TINY, draws=draws))
        assert {row["shrinkage"] for row in table.values()} == {median}
