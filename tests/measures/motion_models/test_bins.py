"""Bins of rings, tracks and boxes."""

import numpy as np
import pytest
import torch

from replaylib.measures.motion_models.bins import (
    GraphBins,
    GridBins,
    box_bins,
    nearest_bin,
    normal_step,
    ring_bins,
    space_bins,
    track_bins,
)
from replaylib.measures.motion_models.forward import second_order_evidence
from replaylib.world.motion import RAT_ARENA
from replaylib.world.spaces import t_maze, triangle


def test_a_ring_is_as_far_round_as_its_bins():
    ring = ring_bins(6, 0.5)
    assert ring.distance[0].tolist() == [0, 0.5, 1.0, 1.5, 1.0, 0.5]
    beside = np.linalg.norm(ring.places - np.roll(ring.places, 1, axis=0), axis=1)
    np.testing.assert_allclose(beside, 0.5)


def test_a_track_has_bins_along_it_and_ways_that_keep_to_it():
    bins = track_bins(t_maze(1.6, 1.0), 0.1)
    assert len(bins.places) == 37
    assert bins.spacing == pytest.approx(0.1)
    assert float(t_maze(1.6, 1.0).distance(torch.from_numpy(bins.places)).max()) < 1e-6
    # From the end of one arm to the foot of the stem, and not through the air.
    assert bins.distance[2, 0] == pytest.approx(2.6)
    ring = track_bins(triangle(), 3**1.5 / 36)
    assert len(ring.places) == 36
    assert ring.distance.max() == pytest.approx(3**1.5 / 2)


def test_a_box_is_filled_by_its_tiles():
    bins = box_bins(RAT_ARENA, 0.25)
    assert (bins.columns, bins.rows) == (14, 10)
    np.testing.assert_allclose(bins.places.min(axis=0), [0.125, 0.125])
    np.testing.assert_allclose(bins.places.max(axis=0), RAT_ARENA.size.numpy() - 0.125, atol=1e-6)
    assert isinstance(space_bins(RAT_ARENA, 0.25), GridBins)
    assert isinstance(space_bins(triangle(), 0.25), GraphBins)


def test_a_normal_step_is_normal_and_never_vanishes():
    step = normal_step(np.array([[0.0, 1.0, 2.0], [300.0, 301.0, np.inf]]), 0.5)
    np.testing.assert_allclose(step.sum(axis=1), 1)
    assert step[0, 1] / step[0, 0] == pytest.approx(np.exp(-2))
    assert step[1].tolist() == pytest.approx([1, 0, 0], abs=1e-9)


@pytest.mark.parametrize(
    "bins", [ring_bins(9, 0.2, reach=2), track_bins(t_maze(0.6, 0.4), 0.2, 2), GridBins(4, 3, 0.2)]
)
def test_every_chain_keeps_all_weight(bins):
    # Without spikes the evidence is 1: nothing leaks at walls, ends, junctions or the end of the reach.
    silent = np.zeros((2, 8, len(bins.places)))
    for spread, kept in ((0.05, 0.9), (0.2, 0.6), (0.6, 0.97)):
        np.testing.assert_allclose(second_order_evidence(silent, bins.momentum(spread, kept)), 0, atol=1e-10)
        np.testing.assert_allclose(bins.diffusion(spread).sum(axis=1), 1)


def test_what_is_out_of_reach_is_left_out():
    near, all_pairs = (ring_bins(12, 1.0, reach) for reach in (3, 12))
    assert near.near.shape == (12, 7)
    assert all_pairs.near.shape == (12, 12)
    seen = np.full((1, 3, 12), -20.0)
    seen[0, [0, 1, 2], [0, 5, 10]] = 0.0
    found = [second_order_evidence(seen, one.momentum(1.0, 0.8))[0] for one in (near, all_pairs)]
    assert found[0] < found[1] - 5
    # Where no step is as long as that, both say the same.
    seen = np.full((1, 3, 12), -20.0)
    seen[0, [0, 1, 2], [0, 1, 2]] = 0.0
    found = [second_order_evidence(seen, one.momentum(0.3, 0.8))[0] for one in (near, all_pairs)]
    assert found[0] == pytest.approx(found[1], abs=1e-4)


def test_nearest_bins():
    bins = ring_bins(6, 0.5)
    position = torch.from_numpy(bins.places * 1.1)[None]
    assert nearest_bin(bins, position).tolist() == [list(range(6))]


@pytest.mark.parametrize(
    ("links", "told"),
    [
        (((0, 1, 1.0),), "all bins must hang together"),
        (((0, 1, 1.0), (1, 3, 1.0)), r"a link must join two of 3 bins by a way, but \(1, 3, 1.0\) came"),
        (((0, 1, 1.0), (1, 2, 0.0)), "a link must join two of 3 bins"),
    ],
)
def test_what_is_no_graph_is_told(links, told):
    with pytest.raises(ValueError, match=told):
        GraphBins(np.zeros((3, 2)), links)
