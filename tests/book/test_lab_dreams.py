"""The lab's dreams against the package: the step, what is measured of a dream, adapted rests and the onset."""

import numpy as np
import pytest
import torch
from lab_files import NETWORK, file_of
from maze_engine import run_engine

from replaylib.dynamics._noise import StepNoise
from replaylib.dynamics.rule import Dynamics, simulate
from replaylib.measures.metrics import coverage, displacement, jump_share, share_on_path
from replaylib.measures.yardsticks import windowed_speed
from replaylib.networks import pretrained
from replaylib.networks.network import NetworkDrift
from replaylib.networks.replaying import awake_states
from replaylib.world.motion import TrackMotion
from replaylib.world.spaces import Track, t_maze, triangle
from replaylib.world.tasks import task

STEPS = """
const zeros = () => new Float64Array(network.units);
const state = { hidden: Float64Array.from(data.start), velocity: zeros(), adaptation: zeros(), sum: zeros() };
const drift = { n: network.units, weights: lab.recurrentWeights(network), bias: network.bias, leak: network.leak };
const places = [lab.decodeState(network, state.hidden)];
for (const noise of data.noise) {
  lab.dreamStep(drift, data.setting, state, noise);
  places.push(lab.decodeState(network, state.hidden));
}
return { hidden: Array.from(state.hidden), places };
"""

MECHANISMS = {
    "plain": {"friction": 1.0, "strength": 0.0, "time": 1.0},
    "adaptation": {"friction": 1.0, "strength": 0.2, "time": 20.0},
    "momentum": {"friction": 0.3, "strength": 0.0, "time": 40.0},
    "both": {"friction": 0.15, "strength": 0.05, "time": 7.0},
}


@pytest.mark.parametrize("name", ["triangle-cells", "t-maze-cells"])
@pytest.mark.parametrize("mechanism", list(MECHANISMS))
def test_a_step_is_that_of_simulate(name, mechanism, tmp_path):
    network, setting = pretrained.load(name), MECHANISMS[mechanism]
    start = awake_states(network, task(name), 1, torch.Generator().manual_seed(1))
    dynamics = Dynamics(
        friction=setting["friction"],
        adaptation_strength=setting["strength"],
        adaptation_time=setting["time"],
        noise_std=0.1,
    )
    known = network.drift
    drift = NetworkDrift(known.recurrent.double(), known.bias.double(), known.leak.double(), "tanh")
    exact = simulate(drift, start.double(), 200, dynamics, torch.Generator().manual_seed(4))[0]
    noise = StepNoise(0.1, start.double(), 200, torch.Generator().manual_seed(4))
    rows = noise.fill_(start.new_empty(200, *start.shape, dtype=torch.float64), 0)[:, 0]
    data = {"file": file_of(network, tmp_path), "start": start[0].tolist(), "noise": rows.tolist(), "setting": setting}
    found = run_engine(NETWORK + STEPS, data)
    np.testing.assert_allclose(found["hidden"], exact[-1], atol=1e-5)
    places = network.decode(exact.float()).detach()
    np.testing.assert_allclose(found["places"], places, atol=2e-5)


DREAM = """
const maze = lab.PRESETS[data.maze].maze;
const scene = lab.sceneOf(maze, {});
const starts = data.starts.map((start) => Float32Array.from(start));
const dreamed = (seed, start = 0) => {
  const dream = new lab.Dream(network, scene, starts[start], seed);
  for (let i = 0; i < data.steps; i += 1) dream.advance(data.setting);
  const { path, steps, onPath, displacement, speed, jumps, alive } = dream;
  return { path, steps, onPath, displacement, speed, jumps, alive, regions: dream.regions.size,
    landmarks: dream.landmarks.size };
};
return { one: dreamed(3), again: dreamed(3), other: dreamed(4), scene };
"""

BOTH = {"strength": 0.1, "time": 20, "friction": 0.3, "noise": 1, "rescale": True}


@pytest.mark.parametrize(("name", "track"), [("triangle", triangle()), ("t-maze", t_maze())])
def test_a_dream_is_measured_as_the_package_measures(name, track, tmp_path):
    network = pretrained.load(f"{name}-cells")
    start = awake_states(network, task(f"{name}-cells"), 1, torch.Generator().manual_seed(1))
    data = {"file": file_of(network, tmp_path), "maze": name, "starts": start.tolist(), "steps": 400, "setting": BOTH}
    found = run_engine(NETWORK + DREAM, data)
    one, scene = found["one"], found["scene"]
    assert found["again"] == one
    assert found["other"]["path"] != one["path"]
    path = torch.tensor(one["path"])[None]
    assert path.shape == (1, 401, 2)
    assert one["steps"] == 400
    assert one["displacement"] == pytest.approx(displacement(path, 20), rel=1e-5)
    assert one["speed"] == pytest.approx(one["displacement"] / scene["running"], rel=1e-12)
    assert one["onPath"] == pytest.approx(share_on_path(path, track), abs=1 / 401 + 1e-9)
    assert one["regions"] / 12 == pytest.approx(coverage(path, track))
    assert one["jumps"] / 400 == pytest.approx(jump_share(path, scene["jump"]))
    near = torch.cdist(path[0], track.landmarks).amin(0) <= 0.25
    assert one["landmarks"] == int(near.sum())
    assert one["regions"] > 6


def test_noise_is_that_of_a_langevin_step(tmp_path):
    """Without a drift worth the name the state spreads as sigma sqrt(2) asks, and as friction rescales it."""
    network = pretrained.load("triangle-cells")
    script = """
    network.recurrent.fill(0); network.bias.fill(0); network.leak = 0;
    const scene = lab.sceneOf(lab.PRESETS.triangle.maze, {});
    return [[1, 1, false], [1, 0.25, true], [0.5, 1, true]].map(([noise, friction, rescale]) => {
      const dream = new lab.Dream(network, scene, new Float32Array(network.units), 7);
      let total = 0;
      for (let i = 0; i < 200; i += 1) {
        dream.state.velocity.fill(0); dream.state.hidden.fill(0);
        dream.advance({ strength: 0, time: 1, friction, noise, rescale });
        for (const one of dream.state.hidden) total += one * one;
      }
      return Math.sqrt(total / (200 * network.units));
    });
    """
    found = run_engine(NETWORK + script, {"file": file_of(network, tmp_path)})
    sigma = network.settings.noise_std * 2**0.5
    np.testing.assert_allclose(found, [sigma, sigma / 2, sigma / 2], rtol=0.02)


def test_a_dream_that_leaves_all_numbers_stands_still(tmp_path):
    script = """
    const scene = lab.sceneOf(lab.PRESETS.triangle.maze, {});
    const dream = new lab.Dream(network, scene, Float32Array.from({ length: network.units }, () => 1), 1);
    const setting = { strength: 1e300, time: 1, friction: 1, noise: 1, rescale: true };
    const alive = Array.from({ length: 50 }, () => dream.advance(setting));
    return { alive, path: dream.path, flag: dream.alive };
    """
    found = run_engine(NETWORK + script, {"file": file_of(pretrained.load("triangle-cells"), tmp_path)})
    assert not found["flag"]
    assert not found["alive"][-1]
    assert np.isfinite(np.array(found["path"])).all()
    assert len(found["path"]) == 1 + sum(found["alive"])


SPEED = """
const { count, steps, window } = data;
return lab.windowedSpeed(Float32Array.from(data.positions), count, steps, window);
"""


@pytest.mark.parametrize(("track", "stop", "window"), [(triangle(), 0.05, 20), (t_maze(), 0.0, 20), (t_maze(), 0.3, 5)])
def test_speeds_are_the_yardsticks(track: Track, stop, window, generator):
    position = TrackMotion(track, stop=stop)(16, 200, generator)
    known = windowed_speed(position, window)
    data = {"count": 16, "steps": 200, "window": window, "positions": position.flatten().tolist()}
    found = run_engine(SPEED, data)
    expected = {"every": known.every, "running": known.running, "moving": known.moving}
    assert {name: found[name] for name in expected} == pytest.approx(expected, rel=1e-5)
    assert found["runningShare"] == pytest.approx(known.running_share)


def test_an_animal_that_never_runs_is_said():
    script = """
    try { lab.windowedSpeed(new Float32Array(2 * 31), 1, 30); } catch (error) {
      return [error instanceof lab.MazeError, error.message];
    }
    """
    assert run_engine(script) == [True, "The animal must run through some 20 steps, but it rests in each of them."]
