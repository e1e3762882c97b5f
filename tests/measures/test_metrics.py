import numpy as np
import pytest
import torch
from scipy import stats

from replaylib.dynamics.rule import Dynamics, simulate
from replaylib.measures import metrics, statistics
from replaylib.theory.modes import LinearMode
from replaylib.world.drawn_tracks import from_points
from replaylib.world.spaces import Arena, triangle

LINE = from_points([(0.0, 0.0), (4.0, 0.0)])


def run(speed: float, steps: int = 100) -> torch.Tensor:
    """A path along the line at constant speed, [1, steps + 1, 2]."""
    x = torch.arange(steps + 1) * speed
    return torch.stack([x, torch.zeros_like(x)], dim=-1)[None]


def test_interval_is_students():
    values = [1.0, 2.0, 4.0, 8.0]
    found = statistics.interval(values)
    low, high = stats.t.interval(0.95, 3, np.mean(values), stats.sem(values))
    assert found.mean - found.half_width == pytest.approx(low)
    assert found.mean + found.half_width == pytest.approx(high)
    assert str(statistics.Interval(1.23456, 0.0456, 4)) == "1.23 ± 0.05"
    assert str(statistics.Interval(511.2, 7.9, 4)) == "511 ± 8"
    assert str(statistics.Interval(1.0, 0.0, 4)) == "1.00 ± 0.00"
    with pytest.raises(ValueError, match="at least two values, but 1 came"):
        statistics.interval([1.0])


def test_sliced_wasserstein_of_shifted_clouds(generator):
    cloud = torch.randn(10, 500, 2, generator=generator)
    null = metrics.sliced_wasserstein(cloud, torch.randn(10, 500, 2, generator=generator), points=5000)
    assert null < 0.1
    # A shift by d is a shift by d cos(angle) on each line: its root mean square is d / sqrt(2).
    shifted = metrics.sliced_wasserstein(cloud, cloud + torch.tensor([3.0, 0.0]), points=5000, projections=500)
    assert shifted == pytest.approx(3 / 2**0.5, rel=0.07)


def test_displacement_of_straight_and_jagged_paths(generator):
    assert metrics.displacement(run(0.03), 20) == pytest.approx(0.6)
    walk = simulate(torch.zeros_like, torch.zeros(4000, 2), 60, Dynamics(noise_std=0.1), generator)
    # The distance of a two-dimensional Gaussian with variance 20 * 0.01 per axis has the mean of a Rayleigh law.
    assert metrics.displacement(walk, 20) == pytest.approx((20 * 0.01) ** 0.5 * (np.pi / 2) ** 0.5, rel=0.01)
    assert metrics.displacement_from_start(walk)[60].item() == pytest.approx((2 * 60 * 0.01) ** 0.5, rel=0.03)
    with pytest.raises(ValueError, match="longer than 200 steps, but they have 100"):
        metrics.displacement(run(0.1), 200)


def test_coverage_counts_regions():
    assert metrics.coverage(run(0.0), LINE, 8) == pytest.approx(1 / 8)
    assert metrics.coverage(run(0.02), LINE, 8) == pytest.approx(0.5)  # 0 to 2 m of 4 m, the border not crossed
    assert metrics.coverage(run(0.04), LINE, 8) == 1


def test_reach_and_transit_times_of_a_steady_run():
    path = run(0.04)  # from (0, 0) to (4, 0), which is reached within 0.25 m at step 94
    assert metrics.reach_time(path, LINE) == pytest.approx((0 + 94) / 2)
    assert metrics.transit_times(path, LINE) == [94 - 6]
    assert metrics.reach_time(run(0.0), LINE) == pytest.approx((0 + 100) / 2)  # never: censored at 100
    assert metrics.transit_times(run(0.0), LINE) == []
    there_and_back = torch.cat([path, path.flip(1)], dim=1)
    assert len(metrics.transit_times(there_and_back, LINE)) == 2


def test_twice_the_speed_is_compression_two():
    slow, fast = (metrics.transit_times(run(speed), LINE)[0] for speed in (0.04, 0.08))
    assert metrics.compression(slow, fast) == pytest.approx(2, rel=0.05)
    with pytest.raises(ValueError, match="fast must be"):
        metrics.compression(1.0, 0.0)


def test_share_on_path():
    track = triangle()
    on = track.on_tour(torch.linspace(0, 5, 100))
    centre = torch.zeros(100, 2)  # half a metre from each side
    assert metrics.share_on_path(torch.stack([on, centre]), track) == pytest.approx(0.5)
    assert metrics.share_on_path(torch.stack([on, centre]), track, 0.51) == 1
    outside = torch.tensor([[[3.6, 1.0], [5.0, 1.0]]])
    assert metrics.share_on_path(outside, Arena(3.5, 2.5)) == pytest.approx(0.5)


def test_occupancy_entropy_of_known_shares():
    # 8 regions of half a metre: a run through four of them spends a quarter of its time in each.
    assert metrics.occupancy_entropy(run(0.0), LINE, 8) == 0
    half = run(0.01999, 99)
    assert metrics.occupancy_entropy(half, LINE, 8) == pytest.approx(np.log(4) / np.log(8), rel=1e-3)
    assert metrics.occupancy_entropy(run(0.04, 99), LINE, 8) == pytest.approx(1, rel=1e-3)


def test_distinct_transitions_count_each_way_once():
    path = run(0.04)
    there_and_back = torch.cat([path, path.flip(1)], dim=1)
    assert metrics.distinct_transitions(run(0.0), LINE, 8) == 0
    assert metrics.distinct_transitions(path, LINE, 8) == 7
    assert metrics.distinct_transitions(there_and_back, LINE, 8) == 14
    assert metrics.distinct_transitions(torch.cat([there_and_back, path], dim=1), LINE, 8) == 14


def test_jumps_are_single_long_steps():
    path = run(0.01, 100)
    path[:, 50:] += 2.0
    assert metrics.jump_share(path, 0.5) == pytest.approx(1 / 100)
    assert metrics.jump_share(run(0.01), 0.5) == 0


@pytest.mark.parametrize(
    ("dynamics", "tolerance"),
    [
        (Dynamics(noise_std=1.0), 0.002),
        (Dynamics(friction=1.0, adaptation_strength=0.2, adaptation_time=5.0, noise_std=1.0), 0.012),
        (Dynamics(friction=0.3, adaptation_strength=0.0, adaptation_time=20.0, noise_std=1.0), 0.02),
        (Dynamics(friction=0.5, adaptation_strength=0.1, adaptation_time=10.0, noise_std=1.0), 0.02),
    ],
)
def test_memory_gain_is_that_of_the_exact_mode(dynamics, tolerance, generator):
    mode = LinearMode(0.05, dynamics)
    hidden = simulate(mode.drift, torch.zeros(64, 3), 800, dynamics, generator)
    assert metrics.memory_gain(hidden, mode.drift) == pytest.approx(1 - 1 / mode.prediction_gain, abs=tolerance)


def test_memory_gain_of_short_or_few_paths_is_refused():
    with pytest.raises(ValueError, match="number of steps must be a whole number of at least 41"):
        metrics.memory_gain(torch.zeros(8, 30, 2), torch.zeros_like)
    with pytest.raises(ValueError, match="number of paths must be a whole number of at least 4"):
        metrics.memory_gain(torch.zeros(2, 80, 2), torch.zeros_like)


@pytest.mark.parametrize("seed", range(3))
def test_memory_gain_does_not_reward_the_fit_of_noise(seed):
    """Plain replay has no memory: 6 paths and 41 lagged states of 8 components fit the noise they were fitted on."""
    generator = torch.Generator().manual_seed(seed)
    hidden = simulate(lambda h: -0.3 * h, torch.zeros(6, 8), 150, Dynamics(noise_std=1.0), generator)
    assert abs(metrics.memory_gain(hidden, lambda h: -0.3 * h, range(1, 41))) < 0.02


def test_measures_come_together():
    """Each by its own name, for a path that runs the line, and another that rests at its end."""
    position, law = torch.cat([run(0.04), run(0.0)]), run(0.02)
    found = metrics.all_measures(position, law, LINE, points=500)
    assert found == {
        "sliced_wasserstein": metrics.sliced_wasserstein(position, law, 500),
        "share_on_path": 1.0,
        "displacement": pytest.approx(0.8 / 2),
        "coverage": pytest.approx((1 + 1 / 12) / 2),
        "occupancy_entropy": metrics.occupancy_entropy(position, LINE),
        "distinct_transitions": 11 / 2,
        "reach_time": pytest.approx((0 + 94 + 0 + 100) / 4),
        "transit_time": 94 - 6,
    }
    assert metrics.all_measures(run(0.0), law, LINE, 500)["transit_time"] == float("inf")


def test_transitions_in_a_box_whose_regions_are_more_than_asked_for():
    """Asked for 12, a box of 4 m x 1 m has 14 regions, and a walk through all pairs makes 14 x 13 transitions."""
    box = Arena(4.0, 1.0)
    centres = box.regions(12)
    assert len(centres) == 14
    order = [one for a in range(14) for b in range(14) if a != b for one in (a, b)]
    assert metrics.distinct_transitions(centres[order][None], box, 12) == 14 * 13


def test_one_region_has_no_entropy():
    assert metrics.occupancy_entropy(run(0.04), LINE, 1) == 0
