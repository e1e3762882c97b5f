"""Effects and their tests: against known values, and against what repeated sampling finds."""

import itertools

import numpy as np
import pytest
from scipy import stats

from replaylib.measures.statistics import effect, holm


def test_effect_has_the_samples_mean_and_students_p():
    values = [1.0, 2.0, 4.0, 8.0, 3.0]
    found = effect(values, null=1.0)
    assert found.mean == pytest.approx(3.6)
    assert found.p == pytest.approx(stats.ttest_1samp(values, 1.0).pvalue)
    expected = stats.t.interval(0.95, 4, np.mean(values), stats.sem(values))
    assert (found.low, found.high) == pytest.approx(expected)
    assert (found.null, found.count) == (1.0, 5)


@pytest.mark.parametrize(
    ("draw", "told"),
    [
        (lambda generator, size: generator.normal(2.0, 1.0, size), 0.950),
        (lambda generator, size: generator.gamma(16.0, 1 / 8, size), 0.946),
        (lambda generator, size: generator.gamma(4.0, 0.5, size), 0.936),
    ],
    ids=["normal", "skewness 0.5", "skewness 1"],
)
def test_intervals_of_ten_values_hold_the_true_mean_as_often_as_is_told(draw, told):
    """4000 samples of mean 2: the standard error of the share is 0.4 %, so that each border is at least 2 away."""
    samples = draw(np.random.default_rng(1), (4000, 10))
    found = [effect(list(sample)) for sample in samples]
    held = sum(one.low <= 2.0 <= one.high for one in found) / len(found)
    assert held == pytest.approx(told, abs=0.012)
    assert 0.93 - 0.004 < held < 0.97


def test_interval_and_test_agree():
    generator = np.random.default_rng(3)
    found = [effect(list(generator.gamma(2.0, 1.0, 6)), null=1.0) for _ in range(300)]
    apart = [not one.low <= one.null <= one.high for one in found]
    assert apart == [one.p < 0.05 for one in found]
    assert 20 < sum(apart) < 280


def test_equal_values_are_their_own_interval():
    same = effect([0.5, 0.5, 0.5], null=0.0)
    assert (same.low, same.high, same.p) == (0.5, 0.5, 0.0)
    assert effect([0.0, 0.0]).p == 1.0
    assert effect([0.5, 0.5], margin=0.6).p == 0.0
    assert effect([0.5, 0.5], margin=0.4).p == 1.0


def test_equivalence_is_two_one_sided_tests():
    values = [0.1, -0.2, 0.3, 0.05, 0.0, 0.15]
    found = effect(values, null=0.0, margin=0.4)
    mean, error = np.mean(values), stats.sem(values)
    sides = stats.t.sf((mean + 0.4) / error, 5), stats.t.cdf((mean - 0.4) / error, 5)
    assert found.p == pytest.approx(max(sides))
    # The 90 % interval lies within the margin just where p < 0.05.
    for margin in (0.1, 0.19, 0.2, 0.21, 0.3):
        low, high = stats.t.interval(0.9, 5, mean, error)
        assert (effect(values, margin=margin).p < 0.05) == (-margin < low and high < margin)


def test_an_effect_as_large_as_its_margin_is_rarely_called_none():
    generator = np.random.default_rng(4)
    called = sum(effect(list(generator.normal(0.3, 0.3, 10)), margin=0.3).p < 0.05 for _ in range(4000)) / 4000
    assert called == pytest.approx(0.05, abs=0.012)
    with pytest.raises(ValueError, match="margin must be a number in"):
        effect([1.0, 2.0], margin=-1.0)


@pytest.mark.parametrize("values", [[], [1.0], [1.0, float("nan")], [float("inf"), 1.0]])
def test_too_few_or_infinite_values_are_refused(values):
    with pytest.raises(ValueError, match="at least two finite values, one a seed"):
        effect(values)


def test_holm_is_the_closed_test_of_bonferroni():
    """Holm rejects a hypothesis just where Bonferroni rejects every set of hypotheses that holds it."""
    p_values = [0.01, 0.04, 0.03, 0.005, 0.2]
    for index, corrected in enumerate(holm(p_values)):
        others = [other for other in range(5) if other != index]
        sets = [(index, *chosen) for size in range(5) for chosen in itertools.combinations(others, size)]
        closed = max(min(1.0, len(one) * min(p_values[i] for i in one)) for one in sets)
        assert corrected == pytest.approx(closed)


def test_holm_keeps_false_findings_rare():
    generator = np.random.default_rng(2)
    found = sum(min(holm(list(generator.uniform(size=12)))) < 0.05 for _ in range(2000))
    assert found / 2000 < 0.065
    with pytest.raises(ValueError, match="each p-value must be a number in"):
        holm([0.1, 1.5])
    assert holm([]) == []
