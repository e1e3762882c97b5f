"""Figures of the way from spikes to dynamics say what they were given."""

import json

import matplotlib.pyplot as plt
import numpy as np
import pytest

from replaylib import figures
from replaylib.ledger.ledger import Ledger
from replaylib.measures.motion_models import KINDS, random_effects


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def test_spikes_stand_in_their_window_and_the_likely_bin_is_dark():
    counts = np.zeros((6, 4), int)
    counts[2, 3], counts[4, 1] = 1, 2
    likelihood = np.full((6, 5), -9.0)
    likelihood[:, 2] = 0.0
    left, right = figures.spike_raster(counts, likelihood, np.full(6, 2))
    assert left.collections[0].get_offsets().tolist() == [[2, 3], [4, 1]]
    image = np.asarray(right.images[0].get_array())
    assert image.shape == (5, 6)
    assert image.argmax(axis=0).tolist() == [2] * 6
    np.testing.assert_allclose(image.sum(axis=0), 1)


def test_recovery_is_told_in_percent():
    matrix = np.diag([20, 10, 5, 5]) + 0
    matrix[2] = [0, 0, 5, 15]
    (ax,) = figures.recovery_matrices({"many": matrix})
    assert [text.get_text() for text in ax.texts][8:12] == ["0", "0", "25", "75"]
    assert [text.get_text() for text in ax.get_xticklabels()] == list(KINDS)
    assert ax.get_title() == "many"


def test_bars_are_as_long_as_frequencies():
    group = random_effects(300.0 * np.eye(4)[[0, 0, 0, 3, 3, 2]])
    ax = figures.motion_bars({"one": group, "other": group})
    bars = [bar.get_width() for bar in ax.patches]
    np.testing.assert_allclose(bars, np.tile([0.4, 0.1, 0.2, 0.3], 2), atol=1e-6)
    assert [text.get_text() for text in ax.get_yticklabels()] == ["one", "other"]


def test_lines_are_the_ledger_s_means(tmp_path):
    frictions = (1.0, 0.6, 0.3, 0.15)
    rows = {f"friction {one:g}": {"decoded_momentum": [one / 2, 0.1, 10]} for one in frictions}
    rows |= {"awake": {"decoded_momentum": [0.8, 0.1, 10]}, "shuffled": {"decoded_momentum": [0.01, 0.1, 10]}}
    path = tmp_path / "claims.json"
    path.write_text(json.dumps({"rows": [], "conditions": {"C14": {"rat": rows, "box": rows}}}))
    axes = figures.friction_lines(Ledger(path), ("rat", "box"), frictions)
    assert len(axes) == 2
    line, awake, shuffled = (axes[0].lines[index] for index in (0, -2, -1))
    np.testing.assert_allclose(line.get_xdata(), frictions)
    np.testing.assert_allclose(line.get_ydata(orig=False), np.array(frictions) / 2)
    assert (awake.get_ydata()[0], shuffled.get_ydata()[0]) == (0.8, 0.01)
