"""The live figures on the Python side; the browser's side is tested with the book."""

import numpy as np
import pytest
import torch
from traitlets import TraitError

from replaylib.explorer import ReplayExplorer
from replaylib.explorer.explorer import FRICTION, STRENGTH, STRIDE, TIME, make_scene, pinning
from replaylib.explorer.theory_figures import PhaseDiagram
from replaylib.ledger import chosen
from replaylib.ledger.measurements import replays
from replaylib.measures.yardsticks import awake_speed
from replaylib.networks import pretrained
from replaylib.networks.network import NetworkDrift
from replaylib.networks.replaying import awake_states
from replaylib.networks.rests import predicted_onset
from replaylib.theory.mobility import threshold
from replaylib.world.tasks import task


@pytest.fixture(scope="module")
def explorer() -> ReplayExplorer:
    return ReplayExplorer(tasks=["triangle-cells"])


def test_weights_are_the_networks(explorer):
    scene, network = explorer.scenes["triangle-cells"], pretrained.load("triangle-cells")
    offset, size = scene["arrays"]["recurrent"]
    found = np.frombuffer(explorer.weights, "<f2", size, offset).reshape(96, 96)
    assert np.abs(found - network.drift.recurrent.numpy()).max() < 1e-3
    assert sum(2 * size for _, size in scene["arrays"].values()) == len(explorer.weights)


def test_networks_with_coordinates_have_no_centres():
    scene, block = make_scene(pretrained.load("triangle"), task("triangle"), "Triangle")
    assert "centres" not in scene["arrays"]
    assert len(block) == 2 * sum(size for _, size in scene["arrays"].values())


def test_tracks_and_boxes_have_an_outline(explorer):
    assert len(explorer.scenes["triangle-cells"]["segments"]) == 3
    scene, _ = make_scene(pretrained.load("rat"), task("rat"), "box")
    assert scene["segments"][1] == [3.5, 0.0, 3.5, 2.5]
    assert len(scene["segments"]) == 4


def test_figures_begin_with_the_settings_that_the_ledger_measures(explorer):
    base = (STRENGTH, TIME, FRICTION)
    for figure in (explorer, PhaseDiagram(tasks=["triangle-cells"])):
        assert (figure.adaptation_strength, figure.adaptation_time, figure.friction) == base
    book = explorer.book
    both, alone = (chosen("rat")[name] for name in ("together", "adaptation"))
    assert base == (pytest.approx(both.strength, abs=STRIDE / 2), both.time, both.friction)
    assert (book["strength"], book["time"], book["friction"]) == base
    assert (book["alone_strength"], book["alone_time"]) == (pytest.approx(alone.strength, abs=STRIDE / 2), alone.time)
    assert book["strong"] == 4 * book["alone_strength"] <= book["strongest"]
    explorer.adaptation_strength = book["strong"]
    with pytest.raises(TraitError, match="adaptation_strength"):
        explorer.adaptation_strength = book["strongest"] + 0.01
    explorer.adaptation_strength = STRENGTH


def test_speeds_are_the_yardsticks_of_the_ledger(explorer):
    scene, animal = explorer.scenes["triangle-cells"], awake_speed(task("triangle-cells"), replays.WINDOW)
    assert (scene["running_speed"], scene["awake_speed"], scene["jump"]) == (animal.running, animal.every, animal.jump)
    assert 1.2 * scene["awake_speed"] < scene["running_speed"]


@pytest.mark.parametrize("name", ["triangle-cells", "t-maze-cells"])
@pytest.mark.parametrize(("friction", "time"), [(FRICTION, TIME), (1.0, 10.0), (1.0, 20.0), (0.3, 20.0)])
def test_pinning_predicts_the_onset_of_the_network(name, friction, time):
    network, path_task = pretrained.load(name), task(name)
    starts = awake_states(network, path_task, 16, torch.Generator().manual_seed(0))
    strengths, stiffness = zip(*pinning(network.drift, starts), strict=True)
    onset = even = threshold(friction=friction, time=time)
    for _ in range(40):
        here = float(np.interp(onset, strengths, stiffness))
        onset = (onset + threshold(friction=friction, time=time, stiffness=here)) / 2
    assert onset == pytest.approx(predicted_onset(network.drift, starts, friction=friction, time=time), rel=0.1)
    assert onset > 1.05 * even


def test_a_network_without_rests_pins_nothing():
    runaway = NetworkDrift(2 * torch.eye(8), torch.ones(8), torch.tensor(0.5), "relu")
    assert pinning(runaway, torch.ones(4, 8)) == []


def test_scenes_are_the_same_each_time(explorer):
    scene, block = make_scene(pretrained.load("triangle-cells"), task("triangle-cells"), "Triangle")
    assert scene == explorer.scenes["triangle-cells"]
    assert block == explorer.weights


def test_state_is_synced(explorer):
    explorer.friction = 0.5
    state = explorer.get_state()
    assert state["friction"] == 0.5
    assert {"_esm", "_css", "scenes", "weights", "task", "seed", "folded"} <= set(state)
    explorer.set_state({"friction": 0.2, "seed": 9, "folded": True})
    assert (explorer.friction, explorer.seed, explorer.folded) == (0.2, 9, True)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"friction": -0.5}, "friction"),
        ({"friction": 2.0}, "friction"),
        ({"adaptation_time": 0.0}, "adaptation_time"),
        ({"task": "moon"}, "task must be one of triangle-cells, but 'moon' came"),
    ],
)
def test_senseless_traits_are_refused(explorer, values, message):
    (name, value), *_ = values.items()
    before = getattr(explorer, name)
    with pytest.raises(TraitError, match=message):
        setattr(explorer, name, value)
    assert getattr(explorer, name) == before


def test_no_task_and_unknown_task_are_refused():
    with pytest.raises(ValueError, match="tasks must name at least one"):
        ReplayExplorer(tasks=[])
    with pytest.raises(ValueError, match="task must be one of"):
        ReplayExplorer(tasks=["moon"])
