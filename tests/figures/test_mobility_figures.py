"""Figures of when replay moves by itself and what it costs: what they draw is what they were given."""

import matplotlib.pyplot as plt
import pytest

from replaylib import figures
from replaylib.theory.mobility import adaptation_shrinkage


@pytest.fixture
def ax():
    axes = plt.figure().add_subplot()
    yield axes
    plt.close("all")


def test_onsets_are_dashed_where_they_were_predicted(ax):
    strengths = [0.0, 0.1, 0.2]
    curves = {"short": (strengths, [0.0, 0.0, 0.5], 0.12), "long": (strengths, [0.0, 0.3, 0.4], 0.03)}
    figures.onset_curves(curves, ("strength", "displacement"), ax)
    found, dashed = ([one for one in ax.lines if one.get_linestyle() == style] for style in ("-", "--"))
    assert [list(one.get_ydata()) for one in found] == [[0.0, 0.0, 0.5], [0.0, 0.3, 0.4]]
    assert [one.get_xdata()[0] for one in dashed] == [0.12, 0.03]
    assert [one.get_color() for one in found] == [one.get_color() for one in dashed]
    assert len({one.get_color() for one in found}) == 2
    assert [text.get_text() for text in ax.get_legend().get_texts()][:2] == ["short, found", "short, predicted onset"]


def test_shrinking_draws_the_law_through_what_was_found(ax):
    kinds = {"stiff": ([0.1, 0.4], [0.8, 0.5], 0.4), "soft": ([0.1], [0.2], 0.02)}
    figures.shrinking(kinds, ("strength", "size"), ax)
    law, found, *_ = ax.lines
    assert law.get_ydata()[-1] == pytest.approx(1 - adaptation_shrinkage(0.4, 0.4)) == 0.5
    assert law.get_ydata()[0] == 1
    assert list(found.get_ydata()) == [0.8, 0.5]
    assert found.get_linestyle() == "None"
    assert ax.lines[2].get_ydata()[-1] == pytest.approx(1 - adaptation_shrinkage(0.1, 0.02))
