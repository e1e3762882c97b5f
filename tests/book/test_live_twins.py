"""The live figure's JavaScript against the Python that it repeats: the same steps, noise, thresholds and sums."""

import base64
import json

import numpy as np
import pytest
import torch
from conftest import ROOT
from live_figure import PAGE

from replaylib.dynamics._noise import StepNoise
from replaylib.dynamics.rule import Dynamics, simulate
from replaylib.explorer.explorer import REPLAY, module
from replaylib.ledger.measurements.replays import WINDOW
from replaylib.theory.mobility import mobility_number, threshold

FOLDER = ROOT / "replaylib" / "explorer"
REPLAY_MODULE = module(*REPLAY)
LOADED = 'await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })))'
"""The files of replay as one module, as the live figures load them."""


@pytest.mark.parametrize("name", ["triangle-cells", "t-maze-cells", "rat"])
@pytest.mark.parametrize("mechanism", [(1.0, 0.0, 1.0), (0.3, 0.05, 40.0), (0.15, 0.2, 7.0)])
def test_javascript_step_is_simulate(visit, address, explorer, name, mechanism):
    friction, strength, time = mechanism
    scene, count = explorer.scenes[name], 200
    n = scene["hidden"]
    arrays = {
        key: torch.tensor(np.frombuffer(explorer.weights, "<f2", size, offset).astype(np.float64))
        for key, (offset, size) in scene["arrays"].items()
    }
    recurrent, decoder = arrays["recurrent"].reshape(n, n), arrays["decoder"].reshape(-1, n)
    start = arrays["starts"].reshape(-1, n)[:1]
    noise_std = scene["noise_std"] * friction**0.5

    def drift(h):
        return torch.tanh(h @ recurrent.T + arrays["bias"]) - arrays["leak"] * h

    dynamics = Dynamics(friction=friction, adaptation_strength=strength, adaptation_time=time, noise_std=noise_std)
    exact = simulate(drift, start, count, dynamics, torch.Generator().manual_seed(4))[0]
    noise = StepNoise(noise_std, start, count, torch.Generator().manual_seed(4)).fill_(start.new_empty(count, 1, n), 0)
    weight = (exact @ decoder.T).clamp(min=0) ** scene["exponent"]
    position = weight @ arrays["centres"].reshape(-1, 2) / weight.sum(-1, keepdim=True)

    page = visit(PAGE, url=f"{address(FOLDER)}/replay_explorer.css").page
    found = page.evaluate(
        "async ({ source, scene, weights, noise, dynamics }) => {"
        f"const {{ readNetwork, startState, step, decode }} = {LOADED};"
        """const bytes = Uint8Array.from(atob(weights), (one) => one.charCodeAt(0));
          const network = readNetwork(scene, new DataView(bytes.buffer));
          const state = startState(network.starts.subarray(0, network.n));
          const path = [decode(network, state.hidden)];
          for (const xi of JSON.parse(noise)) {
            step(network, dynamics, state, xi);
            path.push(decode(network, state.hidden));
          }
          return { hidden: Array.from(state.hidden), path };
        }""",
        {
            "source": REPLAY_MODULE,
            "scene": scene,
            "weights": base64.b64encode(explorer.weights).decode(),
            "noise": json.dumps(noise[:, 0].tolist()),  # as text, which crosses to the browser much faster
            "dynamics": {"friction": friction, "strength": strength, "time": time},
        },
    )
    assert np.abs(np.array(found["hidden"]) - exact[-1].numpy()).max() < 1e-4
    assert np.abs(np.array(found["path"]) - position.numpy()).max() < 1e-4


def test_javascript_noise_is_normal_and_seeded(visit, address):
    page = visit(PAGE, url=f"{address(FOLDER)}/replay_explorer.css").page
    draw = (
        f"async ([source, seed]) => {{ const normal = ({LOADED}).normalSource(seed);"
        " return [...normal(20001), ...normal(19999)]; }"
    )
    first, again, other = (np.array(page.evaluate(draw, [REPLAY_MODULE, seed])) for seed in (1, 1, 2))
    assert (first == again).all()
    assert abs(np.corrcoef(first, other)[0, 1]) < 4 / 200
    assert abs(first.mean()) < 4 / 200
    assert abs(first.var() - 1) < 4 * (2 / 40_000) ** 0.5
    assert abs((first**4).mean() - 3) < 4 * (96 / 40_000) ** 0.5
    assert abs(np.corrcoef(first[:-1], first[1:])[0, 1]) < 4 / 200


def test_javascript_threshold_is_that_of_the_theory(visit, address):
    generator = np.random.default_rng(0)
    settings = [
        {
            "strength": float(generator.uniform(0, 0.5)),
            "time": float(generator.uniform(1, 100)),
            "friction": float(generator.uniform(0.05, 1)),
            "stiffness": float(generator.uniform(0, 0.3)),
        }
        for _ in range(50)
    ]
    page = visit(PAGE, url=f"{address(FOLDER)}/replay_explorer.css").page
    found = page.evaluate(
        """async (settings) => {
          const twin = await import(new URL("mobility.js", location.href));
          return settings.map((one) => [twin.mobilityNumber(one), twin.threshold(one),
            twin.threshold({ ...one, stiffness: undefined }), twin.describeMobility(one, [])]);
        }""",
        settings,
    )
    for one, (x, here, even, text) in zip(settings, found, strict=True):
        mechanism = {"friction": one["friction"], "time": one["time"]}
        assert here == pytest.approx(threshold(**mechanism, stiffness=one["stiffness"]), rel=1e-12)
        assert even == pytest.approx(threshold(**mechanism), rel=1e-12)
        dynamics = Dynamics(friction=one["friction"], adaptation_strength=one["strength"], adaptation_time=one["time"])
        assert x == pytest.approx(mobility_number(dynamics), rel=1e-12)
        assert text.endswith("on an even track.")


def test_javascript_onset_is_the_threshold_of_the_stiffness_at_the_onset(visit, address):
    pinning = [[0.02, 0.01], [0.05, 0.03], [0.1, 0.02], [0.2, 0.05]]
    settings = [{"time": time, "friction": friction} for time in (5.0, 20.0, 60.0) for friction in (0.05, 0.3, 1.0)]
    page = visit(PAGE, url=f"{address(FOLDER)}/replay_explorer.css").page
    found = page.evaluate(
        """async ([settings, pinning]) => {
          const { onset } = await import(new URL("mobility.js", location.href));
          return settings.map((one) => onset(one, pinning));
        }""",
        [settings, pinning],
    )
    strengths, stiffness = zip(*pinning, strict=True)
    for one, onset in zip(settings, found, strict=True):
        here = float(np.interp(onset, strengths, stiffness))
        assert onset == pytest.approx(threshold(**one, stiffness=here), rel=1e-6)
    assert min(found) < 0.02
    assert max(found) > 0.2


def test_sums_so_far_are_those_of_the_whole_path(visit, address, explorer):
    page = visit(PAGE, url=f"{address(FOLDER)}/replay_explorer.css").page
    found = page.evaluate(
        "async ({ source, scene, weights, setting }) => {"
        f"const {{ readNetwork, normalSource, Run }} = {LOADED};"
        """const bytes = Uint8Array.from(atob(weights), (one) => one.charCodeAt(0));
          const network = readNetwork(scene, new DataView(bytes.buffer));
          const run = new Run(network, scene, network.starts.subarray(0, network.n));
          const normal = normalSource(1);
          for (let i = 0; i < 300; i += 1) {
            run.advance(setting, normal(network.n).map((value) => value * scene.noise_std));
          }
          return { path: run.path, displacement: run.displacement, jumps: run.jumps };
        }""",
        {
            "source": REPLAY_MODULE,
            "scene": (scene := explorer.scenes["triangle-cells"]),
            "weights": base64.b64encode(explorer.weights).decode(),
            "setting": {"strength": 0.4, "time": 20, "friction": 0.3},
        },
    )
    path = torch.tensor(found["path"], dtype=torch.float64)
    assert found["displacement"] == pytest.approx(float((path[WINDOW:] - path[:-WINDOW]).norm(dim=-1).mean()), rel=1e-9)
    assert found["jumps"] == int((path.diff(dim=0).norm(dim=-1) > scene["jump"]).sum()) > 0
