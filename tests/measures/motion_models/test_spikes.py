"""Spikes of place cells, their likelihood, and windows of a path."""

import numpy as np
import pytest
import torch
from scipy.stats import poisson

from replaylib.measures.motion_models.bins import ring_bins
from replaylib.measures.motion_models.spikes import SpikingCells, poisson_log_likelihood, windows
from replaylib.world.place_cells import PlaceCells

BINS = ring_bins(12, 0.3)
CELLS = SpikingCells.firing(PlaceCells(torch.from_numpy(BINS.places), 0.25), 4.5, BINS.places)


@pytest.mark.equation("eq-poisson")
def test_likelihood_is_poisson_s_up_to_the_factorials():
    generator = np.random.default_rng(0)
    expected, counts = generator.uniform(0.01, 2, (5, 7)), generator.poisson(1, (2, 4, 7))
    found = poisson_log_likelihood(counts, expected)
    exact = poisson.logpmf(counts[..., None, :], expected).sum(axis=-1)
    assert found.shape == (2, 4, 5)
    # What is left out is the same in all bins.
    np.testing.assert_allclose(found - found[..., :1], exact - exact[..., :1], atol=1e-12)


def test_cells_fire_as_often_as_they_are_asked_to_and_where_their_fields_are():
    place = torch.from_numpy(BINS.places)
    counts = CELLS.counts(place.expand(4000, -1, -1), np.random.default_rng(1))
    assert counts.sum(axis=-1).mean() == pytest.approx(4.5, abs=0.03)
    assert counts.mean(axis=0).argmax(axis=-1).tolist() == list(range(12))
    # Poisson: the variance is the mean.
    np.testing.assert_allclose(counts.var(axis=0), CELLS.expected(place), rtol=0.2, atol=0.02)


def test_spikes_say_where_they_came_from():
    place = torch.from_numpy(BINS.places)
    counts = CELLS.counts(place.expand(200, -1, -1), np.random.default_rng(2))
    decoded = CELLS.log_likelihood(counts, BINS.places).argmax(axis=-1)
    off = np.abs(decoded - np.arange(12))
    assert (np.minimum(off, 12 - off) <= 1).mean() > 0.95


def test_a_window_is_where_its_last_step_is():
    path = torch.arange(20.0)[None, :, None].expand(2, -1, 2)
    assert windows(path, 4, 3)[0, :, 0].tolist() == [2, 5, 8, 11]
    assert windows(path, 20, 1).shape == (2, 20, 2)
    with pytest.raises(ValueError, match="number of times must be a whole number of at least 22, but 20 came"):
        windows(path, 11, 2)


@pytest.mark.parametrize(
    ("counts", "expected", "told"),
    [
        (np.ones((2, 3), int), np.ones((4, 2)), "counts must be of 2 cells, but those of 3 came"),
        (np.full((2, 3), -1), np.ones((4, 3)), "counts must not be negative, but -1 came"),
        (np.ones((2, 3), int), np.zeros((4, 3)), "expected counts must be positive, but 0 came"),
    ],
)
def test_what_is_no_count_is_told(counts, expected, told):
    with pytest.raises(ValueError, match=told):
        poisson_log_likelihood(counts, expected)


def test_cells_must_fire():
    with pytest.raises(ValueError, match=r"spikes must be a number in \(0, infinity\), but 0.0 came"):
        SpikingCells.firing(CELLS.cells, 0.0, BINS.places)
