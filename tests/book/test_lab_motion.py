"""The lab's animal moves as the package's: speed, turns and pauses on lines, and the walk in an open box."""

import numpy as np
import pytest
import torch
from maze_engine import run_engine

from replaylib.world import Arena, ArenaMotion, TrackMotion, arena_task, triangle

PATHS, STEPS, GROUPS = 2000, 80, 25

DRAW = """
const maze = data.box ? { box: data.box } : lab.PRESETS.triangle.maze;
return new lab.Animal(maze, { pauses: data.pauses }, new lab.Random("test", 1)).paths(data.paths, data.steps);
"""


def of_engine(**data):
    drawn = run_engine(DRAW, {"pauses": True, "paths": PATHS, "steps": STEPS, **data})
    return np.reshape(drawn, (-1, data.get("steps", STEPS) + 1, 2))


def of_package(motion, steps=STEPS):
    return motion(PATHS, steps, torch.Generator().manual_seed(1)).double().numpy()


def together(first, second, which):
    """Mean of the product of two numbers, both less their own mean, over that of squares: a correlation."""
    first, second = first[which] - first[which].mean(), second[which] - second[which].mean()
    return (first * second).mean() / np.sqrt((first**2).mean() * (second**2).mean())


def statistics(position):
    """Numbers that tell a motion, from paths [paths, steps + 1, 2]."""
    step = np.diff(position, axis=1)
    length = np.hypot(step[..., 0], step[..., 1])
    runs = length > 1e-6
    both, far = runs[:, 1:] & runs[:, :-1], runs[:, 8:] & runs[:, :-8]
    cosine = (step[:, 1:] * step[:, :-1]).sum(-1)[both] / (length[:, 1:] * length[:, :-1])[both]
    return {
        "share of pauses": 1 - runs.mean(),
        "speed": length[runs].mean(),
        "spread of speed": length[runs].std(),
        "speed after 1 step": together(length[:, 1:], length[:, :-1], both),
        "speed after 8 steps": together(length[:, 8:], length[:, :-8], far),
        "stops": (runs[:, :-1] & ~runs[:, 1:]).sum() / runs[:, :-1].sum(),
        "turns round": (cosine < -0.99).mean(),
        "turning": cosine.mean(),
        "displacement": np.hypot(*(position[:, -1] - position[:, 0]).T).mean(),
        "x": position[..., 0].mean(),
        "x squared": (position[..., 0] ** 2).mean(),
        "y squared": (position[..., 1] ** 2).mean(),
    }


def assert_alike(first, second, only=None):
    """Both samples tell the same numbers, within five standard errors from groups of paths."""
    ours, theirs = ([statistics(group) for group in np.array_split(sample, GROUPS)] for sample in (first, second))
    for name in only or ours[0]:
        one, other = (np.array([numbers[name] for numbers in sample]) for sample in (ours, theirs))
        error = np.sqrt((one.var(ddof=1) + other.var(ddof=1)) / GROUPS)
        assert abs(one.mean() - other.mean()) <= 5 * error + 1e-9, (name, one.mean(), other.mean(), error)


@pytest.mark.parametrize("pauses", [True, False])
def test_animal_on_lines_moves_as_the_package_does(pauses):
    motion = TrackMotion(triangle()) if pauses else TrackMotion(triangle(), stop=0.0)
    assert_alike(of_engine(pauses=pauses), of_package(motion))


@pytest.mark.parametrize("pauses", [True, False])
def test_animal_in_a_box_moves_as_the_package_does(pauses):
    ours = of_engine(box=[1.6, 1.0], pauses=pauses)
    motion = ArenaMotion(Arena(1.6, 1.0)) if pauses else ArenaMotion(Arena(1.6, 1.0), stop=0.0)
    assert_alike(ours, of_package(motion))
    assert ours.min() >= 0
    assert (ours.max(axis=(0, 1)) <= np.float32([1.6, 1.0])).all()


def covered(position, width, height, cells=10):
    """Share of the box's tiles that a path visits, on average."""
    tiles = (position / (width, height) * cells).astype(int).clip(0, cells - 1)
    return np.mean([len(np.unique(path @ (cells, 1))) for path in tiles]) / cells**2


def test_animal_covers_the_box_as_the_package_does():
    ours = of_engine(box=[1.6, 1.6], steps=600, paths=200)
    theirs = ArenaMotion(Arena(1.6, 1.6))(200, 600, torch.Generator().manual_seed(2)).numpy()
    share, expected = covered(ours, 1.6, 1.6), covered(theirs, 1.6, 1.6)
    assert share == pytest.approx(expected, rel=0.05)
    assert 0.4 < share < 0.95
    counts, _, _ = np.histogram2d(*ours.reshape(-1, 2).T, bins=4, range=[[0, 1.6], [0, 1.6]])
    assert abs(counts / counts.mean() - 1).max() < 0.25


def test_paths_follow_one_another_in_one_stream_and_depend_on_its_seed():
    body = """
    const draw = (seed, counts) => { const animal = new lab.Animal(lab.PRESETS.plus.maze, { pauses: true },
      new lab.Random("test", seed)); return counts.flatMap((count) => Array.from(animal.paths(count, 5))); };
    return [draw(1, [7]), draw(1, [3, 4]), draw(2, [7])];
    """
    whole, parts, other = run_engine(body)
    assert whole == parts
    assert whole != other


@pytest.mark.parametrize("box", [[1.6, 1.6], [1.2, 0.8], [0.7, 1.5]])
def test_box_has_the_cells_of_the_package(box):
    body = "const { centres, ...cells } = lab.cellsFor({ box: data.box }); return { centres, ...cells };"
    found = run_engine(body, {"box": box})
    columns = max(len(set(found["centres"][axis::2])) for axis in (0, 1))
    cells = arena_task(Arena(*box), max(box) / (columns - 1)).cells
    np.testing.assert_allclose(np.reshape(found["centres"], (-1, 2)), cells.centres, atol=1e-6)
    assert (found["width"], found["exponent"]) == pytest.approx((cells.width, cells.exponent))
