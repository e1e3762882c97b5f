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
    assert found.low < found.mean < found.high
    assert found == effect(values, null=1.0)  # the bootstrap has a seed of its own


def test_intervals_hold_the_true_mean_about_as_often_as_they_say():
    generator = np.random.default_rng(1)
    held = 0
    for _ in range(300):
        found = effect(list(generator.normal(2.0, 1.0, 20)))
        held += found.low <= 2.0 <= found.high
    assert 0.88 < held / 300 < 0.98


def test_equal_values_need_no_bootstrap():
    same = effect([0.5, 0.5, 0.5], null=0.0)
    assert (same.low, same.high, same.p) == (0.5, 0.5, 0.0)
    assert effect([0.0, 0.0]).p == 1.0


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
