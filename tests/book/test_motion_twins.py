"""The decoder of SpikeRace in Node against motion_models in Python, on the same counts. It needs no built book."""

import numpy as np
import pytest
import torch
from maze_engine import run_engine

from replaylib.explorer.explorer import module
from replaylib.explorer.spike_race import DECODING, describe_decoding, figure_bins
from replaylib.measures.motion_models import KINDS, Comparison, GraphBins, MotionModels, SpikingCells, track_bins
from replaylib.measures.motion_models.made_up import made_up_paths
from replaylib.world import PlaceCells, task

SOURCE = module("maze_lab/arithmetic.js", "update_rule.js", *DECODING)
BUILD = """
  const bins = new lab.GraphBins(data.track);
  const work = lab.MotionRace.build(bins, data.grid);
  let part = work.next();
  while (!part.done) part = work.next();
  const race = part.value;
"""
WINDOWS = 40


def as_data(bins: GraphBins) -> dict[str, object]:
    return {"places": bins.places.tolist(), "links": [list(one) for one in bins.links], "reach": bins.reach}


def flat(models: MotionModels, log_likelihood: np.ndarray) -> Comparison:
    """Python's comparison with the figure's prior: each point of a kind's grid is as likely as another."""
    evidence = models.evidence(log_likelihood)
    priors = {kind: np.full(one.shape[1], 1 / one.shape[1]) for kind, one in evidence.items()}
    return Comparison(evidence, priors, np.array([kept for _, kept in models.points]))


@pytest.fixture(scope="module")
def decoding():
    return describe_decoding("triangle-cells")


@pytest.mark.parametrize("name", ["triangle-cells", "t-maze-cells"])
@pytest.mark.parametrize("spikes", [0.3, 4.5, 10.0])
def test_the_same_counts_give_the_same_log_evidences(decoding, name, spikes):
    track = task(name).space
    # The figure's own bins; on the T-maze, with its ends and its junction, fewer.
    bins = figure_bins(track) if name == "triangle-cells" else track_bins(track, 0.2, 5)
    grid = decoding["grid"]
    models = MotionModels(bins, tuple(grid["spreads"]), tuple(grid["kept"]))
    centres = track_bins(track, 0.15).places
    cells = SpikingCells.firing(PlaceCells(torch.from_numpy(centres), 0.25), spikes, bins.places)
    paths = torch.cat([made_up_paths(kind, track, 1, WINDOWS, seed) for seed, kind in enumerate(KINDS)])
    counts = cells.counts(paths, np.random.default_rng(0))
    log_likelihood = cells.log_likelihood(counts, bins.places)
    found = run_engine(
        BUILD
        + """
        const cells = new lab.SpikingCells(data.cells, data.spikes, bins.places);
        return data.counts.map((event) => {
          race.restart();
          const part = event.map((counts) => { race.add(cells.logLikelihood(counts)); return race.logEvidence; });
          return { evidence: race.evidence, part, posterior: race.posterior, first: cells.logLikelihood(event[0]) };
        });""",
        {
            "track": as_data(bins),
            "grid": grid,
            "cells": {"centres": centres.tolist(), "width": 0.25, "floor": decoding["cells"]["floor"]},
            "spikes": spikes,
            "counts": counts.tolist(),
        },
        SOURCE,
    )
    exact = flat(models, log_likelihood)
    for event, one in enumerate(found):
        np.testing.assert_allclose(one["first"], log_likelihood[event, 0], rtol=0, atol=1e-9)
        for kind in KINDS:
            np.testing.assert_allclose(one["evidence"][kind], exact.evidence[kind][event], rtol=0, atol=1e-9)
        np.testing.assert_allclose(one["part"][-1], exact.log_evidence[event], rtol=0, atol=1e-9)
        weight = np.exp(exact.log_evidence[event] - exact.log_evidence[event].max())
        np.testing.assert_allclose(one["posterior"], weight / weight.sum(), rtol=0, atol=1e-9)
    # What the bars show on the way is the evidence of the windows so far.
    for count in (1, 2, 7):
        so_far = flat(models, log_likelihood[:, :count]).log_evidence
        np.testing.assert_allclose([one["part"][count - 1] for one in found], so_far, rtol=0, atol=1e-9)


def test_transition_probabilities_are_those_of_python(decoding):
    bins = track_bins(task("t-maze-cells").space, 0.2, 5)
    found = run_engine(
        """
        const bins = new lab.GraphBins(data.track);
        const end = (work) => { let part; do part = work.next(); while (!part.done); return part.value; };
        const { first, next } = end(bins.momentum(0.3, 0.8, end(bins.onward(0.8))));
        return { distance: bins.distance, near: bins.near, diffusion: bins.diffusion(0.3), first, next };""",
        {"track": as_data(bins)},
        SOURCE,
    )
    np.testing.assert_allclose(found["distance"], bins.distance, rtol=0, atol=1e-12)
    assert found["near"] == [row[row >= 0].tolist() for row in bins.near]
    np.testing.assert_allclose(found["diffusion"], bins.diffusion(0.3), rtol=0, atol=1e-12)
    count, slots = bins.near.shape
    begun = bins.momentum(0.3, 0.8).begin(np.eye(count))
    first, pairs = np.array(found["first"]).reshape(count, slots), np.zeros((count, count, slots))
    for now, row in enumerate(bins.near):
        for slot, before in enumerate(row):
            if before >= 0:
                pairs[before, now, slot] = first[before, found["near"][before].index(now)]
    np.testing.assert_allclose(pairs, begun, rtol=0, atol=1e-12)


def test_spikes_are_poisson_numbers_of_the_expected_mean(decoding):
    found = run_engine(
        """
        const bins = new lab.GraphBins(data.track);
        const cells = new lab.SpikingCells(data.cells, 4.5, bins.places);
        const random = new lab.Random("spikes", 3);
        const place = bins.places[5];
        const drawn = Array.from({ length: 4000 }, () => cells.counts(place, random));
        return { drawn, expected: cells.expected(place), mean: bins.places.map((one) => cells.expected(one)) };""",
        decoding,
        SOURCE,
    )
    drawn, expected = np.array(found["drawn"]), np.array(found["expected"])
    assert np.array(found["mean"]).sum(axis=1).mean() == pytest.approx(4.5)
    assert np.abs(drawn.mean(axis=0) - expected).max() < 4.5 * np.sqrt(expected.max() / 4000)
    busiest = drawn[:, expected.argmax()]
    assert busiest.var() == pytest.approx(busiest.mean(), rel=0.12)
    assert abs(np.corrcoef(busiest, drawn[:, expected.argsort()[-2]])[0, 1]) < 4 / np.sqrt(4000)


@pytest.mark.parametrize("kind", KINDS)
def test_made_up_kinds_are_found_at_many_spikes_a_window(decoding, kind):
    won = run_engine(
        BUILD
        + """
        const cells = new lab.SpikingCells(data.cells, 4.5, bins.places);
        return Array.from({ length: 25 }, (_, seed) => {
          const path = lab.madeUpPath(data.kind, data.made_up, new lab.Random("path", seed));
          const random = new lab.Random("spikes", seed);
          race.restart();
          for (let i = 0; i < data.windows; i += 1) race.add(cells.logLikelihood(cells.counts(path(), random)));
          return lab.KINDS[race.posterior.indexOf(Math.max(...race.posterior))];
        });""",
        {**decoding, "kind": kind},
        SOURCE,
    )
    assert won.count(kind) >= 20, won


def test_made_up_momentum_is_the_law_of_python(decoding):
    """Steps of each kind: their spread, and how much of one is kept in the next."""
    straight = {**decoding["made_up"], "tour": [[0, 0], [1e6, 0], [0, 0]], "step": [0.2, 0.2], "keep": [0.95, 0.95]}
    places = run_engine(
        """return ["diffusion", "momentum"].map((kind) => {
          const path = lab.madeUpPath(kind, data, new lab.Random("path", 2));
          return Array.from({ length: 20000 }, () => path()[0]);
        });""",
        straight,
        SOURCE,
    )
    walk, smooth = np.diff(np.array(places), axis=1)
    assert walk.std() == pytest.approx(0.2, rel=0.03)
    assert abs(np.corrcoef(walk[1:], walk[:-1])[0, 1]) < 0.03
    assert smooth.std() == pytest.approx(0.2, rel=0.15)
    assert np.corrcoef(smooth[1:], smooth[:-1])[0, 1] == pytest.approx(0.95, abs=0.01)
