"""The lab's eigenvalues, adapted rests and onset against NumPy and the package."""

import numpy as np
import pytest
import torch
from lab_files import NETWORK, file_of
from maze_engine import run_engine

from replaylib.networks import pretrained
from replaylib.networks.network import PathIntegrator
from replaylib.networks.replaying import awake_states
from replaylib.networks.rests import adapted_rests, median_stiffness, predicted_onset
from replaylib.theory.mobility import threshold
from replaylib.world.tasks import task


def free_twin(network):
    """The network with the weights that it uses, as free ones."""
    settings = {**vars(network.settings), "symmetric": False}
    twin = PathIntegrator(type(network.settings)(**settings), network.cells)
    twin.load_state_dict({**network.state_dict(), "recurrent": network.recurrent_weights.detach()})
    return twin


def hard_matrices():
    """Matrices that are easy to get wrong: of zeros, of one number, turning, defective, badly scaled, random."""
    numbers = np.random.default_rng(0)
    yield np.zeros((3, 3))
    yield np.array([[-2.5]])
    yield np.array([[0.0, -1.0], [1.0, 0.0]])
    yield np.roll(np.eye(7), 1, axis=0)
    yield np.diag(np.full(6, -0.3)) + np.diag(np.ones(5), 1)
    yield np.diag([1e-8, 1e8, -1e8, 3.0]) + 1e-3
    yield np.kron(np.eye(4), [[0.1, 2.0], [-2.0, 0.1]])
    for n in (2, 3, 5, 17, 64, 96):
        yield numbers.normal(size=(n, n)) / n**0.5
        yield np.triu(numbers.normal(size=(n, n)))
        yield np.outer(numbers.normal(size=n), numbers.normal(size=n))


def test_eigenvalues_are_numpys():
    matrices = list(hard_matrices())
    script = """
    return data.map(({ n, values }) => {
      const one = Float64Array.from(values);
      const even = Float64Array.from(values, (value, i) => (value + values[(i % n) * n + Math.floor(i / n)]) / 2);
      return [lab.largestRealPart(one, n), lab.largestOfSymmetric(even, n)];
    });
    """
    found = run_engine(script, [{"n": len(matrix), "values": matrix.ravel().tolist()} for matrix in matrices])
    for matrix, (free, even) in zip(matrices, found, strict=True):
        size = np.abs(matrix).max()
        known = np.linalg.eigvals(matrix).real.max()
        # A defective eigenvalue of multiplicity six is known to the sixth root of the rounding error.
        slack = 5e-3 if len(matrix) == 6 else 1e-7
        assert free == pytest.approx(known, abs=slack * size + 1e-300)
        assert even == pytest.approx(np.linalg.eigvalsh((matrix + matrix.T) / 2).max(), abs=1e-12 * size + 1e-290)


def test_linear_equations():
    numbers = np.random.default_rng(1)
    matrices = [numbers.normal(size=(n, n)) for n in (1, 2, 10, 64)] + [np.ones((3, 3)), np.zeros((2, 2))]
    matrices[2][0, 0] = 0
    script = """
    return data.map(({ matrix, right }) => {
      const x = lab.solveLinear(Float64Array.from(matrix.flat()), Float64Array.from(right));
      return x && Array.from(x);
    });
    """
    found = run_engine(script, [{"matrix": m.tolist(), "right": list(range(1, len(m) + 1))} for m in matrices])
    assert found[-2:] == [None, None]
    for matrix, x in zip(matrices[:-2], found, strict=False):
        np.testing.assert_allclose(matrix @ x, np.arange(1, len(matrix) + 1), atol=1e-9)


RESTS = """
const starts = data.starts.map((start) => Float32Array.from(start));
const found = data.strengths.map((strength) => {
  const work = lab.adaptedRests(network, starts, strength);
  let turn = work.next();
  while (!turn.done) turn = work.next();
  return { rests: turn.value, median: lab.medianStiffness(turn.value) };
});
return { found, onsets: data.settings.map((setting) => lab.predictedOnset(network, starts, setting)) };
"""

ONSETS = [{"friction": 0.3, "time": 20.0}, {"friction": 1.0, "time": 10.0}]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["triangle-cells", "t-maze-cells"])
@pytest.mark.parametrize("free", [False, True])
def test_rests_and_onset_are_the_packages(name, free, tmp_path):
    network = pretrained.load(name)
    network = free_twin(network) if free else network
    start = awake_states(network, task(name), 12, torch.Generator().manual_seed(0))
    strengths, settings = [0.02, 0.1], ONSETS[:1] if free else ONSETS
    data = {"file": file_of(network, tmp_path), "starts": start.tolist(), "strengths": strengths, "settings": settings}
    found = run_engine(NETWORK + RESTS, data)
    for strength, answer in zip(strengths, found["found"], strict=True):
        rests = adapted_rests(network.drift, start, strength)
        np.testing.assert_allclose(sorted(answer["rests"]["stiffness"]), rests.stiffness.sort()[0], atol=1e-6)
        assert sum(answer["rests"]["share"]) == pytest.approx(1)
        assert answer["median"] == pytest.approx(median_stiffness(rests), rel=1e-4)
    for setting, answer in zip(settings, found["onsets"], strict=True):
        assert answer["sentence"] == ""
        assert answer["strength"] == pytest.approx(predicted_onset(network.drift, start, **setting), rel=0.02)


def test_thresholds_are_the_laws():
    cases = [(0.3, 20.0, 0.0), (1.0, 1.0, 0.1), (1.7, 5.0, 0.3), (0.15, 80.0, 0.02)]
    script = "return data.map(([friction, time, stiffness]) => lab.thresholdOf({ friction, time, stiffness }))"
    known = [threshold(friction=friction, time=time, stiffness=stiffness) for friction, time, stiffness in cases]
    assert run_engine(script, cases) == pytest.approx(known, rel=1e-12)


def test_an_onset_that_there_is_not_is_said_in_one_sentence(tmp_path):
    """Weights that flip the state each step have no rest worth the name; wrong settings are refused."""
    script = """
    const starts = [new Float32Array(network.units).fill(0.1)];
    const setting = { friction: 0.3, time: 20 };
    const wrong = [{ friction: 0, time: 20 }, { friction: 2, time: 20 }, { friction: NaN, time: 20 },
      { friction: 0.3, time: 0.5 }, { friction: 0.3, time: Infinity }];
    const answers = wrong.map((one) => lab.predictedOnset(network, starts, one));
    answers.push(lab.predictedOnset(network, [], setting));
    const n = network.units;
    network.leak = 0.9;
    network.bias.fill(0);
    network.symmetric = false;
    // Pairs of units that turn round each other: no state but 0 is at rest, and 0 throws off what comes near.
    network.recurrent.forEach((_, i) => {
      const [row, column] = [Math.floor(i / n), i % n];
      network.recurrent[i] = (row ^ 1) === column ? (row < column ? 3 : -3) : row === column ? 2.5 : 0;
    });
    answers.push(lab.predictedOnset(network, starts, setting));
    return answers;
    """
    found = run_engine(NETWORK + script, {"file": file_of(pretrained.load("triangle-cells"), tmp_path)})
    for answer in found:
        assert answer["strength"] is None
        assert answer["sentence"].endswith(".")
        assert answer["sentence"].count(". ") == 0
    assert found[0]["sentence"] == "Friction must lie between 0 and 2, but 0 came."
    assert found[3]["sentence"] == "The time must be at least 1 step, but 0.5 came."
