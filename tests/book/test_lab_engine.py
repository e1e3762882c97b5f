"""The messages of the lab's engine: a training runs, pauses, goes on and ends; what goes wrong loses nothing."""

import pytest
from maze_engine import run_engine

TOOLS = """
const heard = [];
const engine = new lab.Engine((message) => heard.push(structuredClone(message)));
const kinds = () => heard.map(({ kind }) => kind);
const last = (kind) => heard.filter((message) => message.kind === kind).at(-1);
const work = (milliseconds = 8) => { let slices = 1; while (engine.slice(milliseconds)) slices += 1; return slices; };
const settings = { ...lab.DEFAULTS, units: 32, iterations: 12 };
"""


def test_training_by_messages_is_the_training_itself():
    found = run_engine(
        TOOLS
        + """
        engine.receive({ kind: "start", settings });
        const slices = work(1);
        const alone = new lab.Training(settings, lab.loadProducts());
        const losses = Array.from({ length: 12 }, () => alone.step());
        return { slices, losses, alone: alone.fingerprint(), kinds: kinds(), ready: last("ready"),
          progress: heard.filter(({ kind }) => kind === "progress"), trained: last("trained"), more: engine.slice(1) };
        """
    )
    assert found["kinds"][0] == "ready"
    assert found["kinds"][-2:] == ["progress", "trained"]
    assert found["ready"]["simd"] is True
    assert found["ready"]["cells"]["width"] == 0.25
    assert found["slices"] > 1
    assert [loss for one in found["progress"] for loss in one["losses"]] == found["losses"]
    assert found["progress"][-1]["iteration"] == found["progress"][-1]["iterations"] == 12
    assert len(found["progress"][-1]["test"]["decoded"]) == 2 * 81
    trained = found["trained"]
    assert trained["fingerprint"] == found["alone"]
    assert len(trained["starts"]) == 16 * 32
    assert trained["heldOut"]["bar"] == pytest.approx(0.05 * 3 * 3**0.5)
    assert found["more"] is False


def test_first_report_comes_within_a_second_and_then_often():
    found = run_engine(
        TOOLS
        + """
        engine.receive({ kind: "start", settings: { ...settings, iterations: 10000 } });
        engine.slice(1000);
        return heard.map(({ kind, iteration, seconds }) => [kind, iteration, seconds]);
        """
    )
    reports = [iteration for kind, iteration, _ in found if kind == "progress"]
    assert reports[0] == 1
    assert len(reports) >= 3
    assert reports == sorted(set(reports))


def test_pauses_and_slices_leave_no_trace():
    found = run_engine(
        TOOLS
        + """
        engine.receive({ kind: "start", settings });
        engine.slice(0);
        engine.receive("pause");
        const [idle, paused] = [engine.slice(5), last("paused")];
        engine.receive("starts");
        engine.receive({ kind: "run" });
        work(0);
        const alone = new lab.Training(settings, lab.loadProducts());
        for (let i = 0; i < paused.iteration; i += 1) alone.step();
        const middle = alone.fingerprint();
        while (!alone.done) alone.step();
        engine.receive("run");
        return { idle, paused, middle, end: alone.fingerprint(), trained: last("trained"), starts: last("starts"),
          more: engine.slice(1), kinds: kinds() };
        """
    )
    assert found["idle"] is False
    assert 0 < found["paused"]["iteration"] < 12
    assert found["paused"]["fingerprint"] == found["middle"]
    assert found["trained"]["fingerprint"] == found["end"]
    assert found["starts"]["starts"] == found["paused"]["starts"]
    assert found["more"] is False
    assert "failed" not in found["kinds"]


def test_a_stopped_training_keeps_its_network_and_can_not_go_on():
    found = run_engine(
        TOOLS
        + """
        engine.receive({ kind: "start", settings });
        engine.slice(0);
        engine.receive("stop");
        engine.receive("run");
        engine.receive("save");
        const saved = last("saved");
        const { network, lab: told } = lab.readNetwork(saved.bytes);
        return { kinds: kinds(), stopped: last("stopped"), sentence: last("failed").sentence, name: saved.name,
          print: lab.fingerprintOf(network), told, more: engine.slice(1) };
        """
    )
    assert found["kinds"][-4:] == ["progress", "stopped", "failed", "saved"]
    assert "start one first" in found["sentence"]
    assert found["print"] == found["stopped"]["fingerprint"]
    assert found["told"]["iteration"] == found["stopped"]["iteration"]
    assert found["name"] == "maze-lab-triangle-0.safetensors"
    assert found["more"] is False


@pytest.mark.parametrize(
    "message",
    [
        "nonsense",
        {"kind": "constructor"},
        {"kind": "slice"},
        {"kind": "start"},
        {"kind": "start", "settings": {"units": 1e9}},
        {"kind": "start", "settings": {"noise": 1e300}},
        {"kind": "start", "settings": {"maze": "__proto__"}},
        {"kind": "start", "settings": {"maze": "drawn", "drawn": {"vertices": [[0, 0]], "edges": []}}},
        {"kind": "load", "bytes": [1, 2, 3]},
        {"kind": "load"},
        {"kind": "onset", "friction": 7, "time": 40},
        None,
    ],
)
def test_bad_messages_give_one_sentence_and_lose_nothing(message):
    found = run_engine(
        TOOLS
        + """
        engine.receive({ kind: "start", settings });
        engine.slice(0);
        const before = [engine.training.iteration, engine.training.fingerprint()];
        if (data?.bytes) data.bytes = Uint8Array.from(data.bytes);
        engine.receive(data);
        const after = [engine.training.iteration, engine.training.fingerprint(), engine.running];
        work();
        return { before, after, trained: last("trained"), told: last("failed") ?? last("onset") };
        """,
        message,
    )
    assert found["after"] == [*found["before"], True]
    assert found["trained"]["iteration"] == 12
    sentence = found["told"]["sentence"]
    assert 10 < len(sentence) < 250
    assert sentence.endswith(".")
    assert "undefined" not in sentence or message == {"kind": "start"}


def test_messages_before_a_network_are_answered_by_a_sentence():
    found = run_engine(
        TOOLS
        + """
        for (const kind of ["run", "save", "starts", "onset", "pause", "stop"]) engine.receive({ kind });
        return { kinds: kinds(), more: engine.slice(1) };
        """
    )
    assert found == {"kinds": ["failed"] * 4, "more": False}


def test_a_diverging_training_pauses_with_its_weights_as_they_were():
    found = run_engine(
        TOOLS
        + """
        engine.receive({ kind: "start", settings });
        engine.slice(0);
        const before = engine.training.fingerprint();
        engine.training.sequence.noise = 1e38;
        const more = engine.slice(5);
        const after = [engine.training.fingerprint(), engine.training.iteration];
        engine.receive("save");
        return { before, more, after, kinds: kinds(), sentence: last("failed").sentence };
        """
    )
    assert found["more"] is False
    assert found["after"] == [found["before"], 1]
    assert "iteration 2" in found["sentence"]
    assert found["kinds"][-2:] == ["failed", "saved"]


def test_onset_is_told_with_the_setting_that_was_asked_for():
    found = run_engine(
        TOOLS
        + """
        engine.receive({ kind: "start", settings });
        work();
        engine.receive({ kind: "onset", friction: 0.3, time: 40 });
        const slices = work(1);
        const { network, starts } = last("trained");
        const each = Array.from({ length: 16 }, (_, i) => Float32Array.from(starts.slice(32 * i, 32 * (i + 1))));
        const alone = lab.predictedOnset(network, each, { friction: 0.3, time: 40 });
        return { slices, told: last("onset"), alone };
        """
    )
    assert found["slices"] > 1
    assert found["told"] == {"kind": "onset", **found["alone"], "friction": 0.3, "time": 40}


def test_a_loaded_network_takes_the_place_of_the_training():
    found = run_engine(
        TOOLS
        + """
        engine.receive({ kind: "start", settings });
        work();
        engine.receive("save");
        const { bytes } = last("saved");
        engine.receive({ kind: "start", settings: { ...settings, seed: 5 } });
        engine.slice(0);
        engine.receive({ kind: "load", bytes });
        engine.receive("starts");
        const { starts } = last("starts");
        return { more: engine.slice(1), loaded: last("loaded"), trained: last("trained"), starts };
        """
    )
    loaded, trained = found["loaded"], found["trained"]
    assert found["more"] is False
    assert loaded["fingerprint"] == trained["fingerprint"]
    assert loaded["starts"] == trained["starts"] == found["starts"]
    assert loaded["lab"]["iteration"] == 12
