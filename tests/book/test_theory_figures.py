"""MovingScore and PhaseDiagram on the static page, and the JavaScript twin of LinearMode."""

import re

import numpy as np
import pytest
from conftest import ROOT

from replaylib.dynamics.rule import Dynamics
from replaylib.explorer.explorer import FRICTION, STRENGTH, TIME
from replaylib.explorer.theory_figures import PATHS, STEPS, PhaseDiagram
from replaylib.theory.mobility import threshold
from replaylib.theory.modes import LinearMode

FOLDER = ROOT / "replaylib" / "explorer"


def canvas(page, part: str) -> str:
    return page.eval_on_selector(f".replay-explorer [data-part={part}]", "(canvas) => canvas.toDataURL()")


def sentence(page) -> str:
    return page.locator("[data-part=sentence]").first.inner_text()


def comes_true(page, condition) -> bool:
    """Whether the condition holds within ten seconds: drawing waits for a frame, which a busy machine delays."""
    for _ in range(100):
        if condition():
            return True
        page.wait_for_timeout(100)
    return False


@pytest.fixture
def diagram(visit):
    found = visit("chapters/08_together")
    found.page.locator("[data-part=map]").scroll_into_view_if_needed()
    assert comes_true(found.page, lambda: "adaptation strength" in sentence(found.page))
    return found.page


@pytest.fixture
def score(visit):
    found = visit("chapters/04_moving_gradients")
    found.page.locator("[data-part=density]").scroll_into_view_if_needed()
    return found.page


def test_javascript_modes_are_linear_modes(visit, address):
    generator = np.random.default_rng(0)
    settings = [
        {
            "stiffness": float(generator.uniform(0, 2.5)),
            "friction": float(generator.uniform(0.05, 1.5)),
            "strength": float(generator.uniform(0, 0.8)) if index % 4 else 0.0,
            "time": float(generator.uniform(1, 60)),
        }
        for index in range(80)
    ]
    page = visit("", url=f"{address(FOLDER)}/replay_explorer.css").page
    found = page.evaluate(
        """async (settings) => {
          const twin = await import(new URL("modes.js", location.href));
          return settings.map((setting) => [twin.modeRadius(setting), twin.modeCovariance(setting, 0.49),
            String(twin.modePredictionGain(setting)), String(twin.modeRelaxation(setting)), twin.modeMatrix(setting)]);
        }""",
        settings,
    )
    stable = 0
    for setting, (radius, law, gain, relaxation, matrix) in zip(settings, found, strict=True):
        mode = LinearMode(
            setting["stiffness"],
            Dynamics(
                friction=setting["friction"],
                adaptation_strength=setting["strength"],
                adaptation_time=setting["time"],
                noise_std=0.7,
            ),
        )
        assert radius == pytest.approx(mode.spectral_radius, abs=1e-6)
        np.testing.assert_allclose(matrix, mode.matrix)
        assert (law is None) == (not mode.stable)
        assert float(relaxation) == pytest.approx(mode.relaxation_steps, rel=1e-4)
        assert float(gain) == pytest.approx(mode.prediction_gain, rel=1e-5)
        if law:
            stable += 1
            assert law[0][0] == pytest.approx(mode.variance, rel=1e-6)
            assert law[1][1] == pytest.approx(mode.velocity_variance, rel=1e-6)
    assert 20 < stable < 80


def test_arrow_keys_move_the_point_and_everything_follows(diagram):
    parts = ("map", "circle", "path", "network")
    before, text = [canvas(diagram, part) for part in parts], sentence(diagram)
    diagram.locator("[data-part=map]").focus()
    for key in ("ArrowRight", "Shift+ArrowRight", "ArrowDown"):
        diagram.keyboard.press(key)
    assert comes_true(
        diagram, lambda: f"strength {STRENGTH + 0.03:.3f} and friction {FRICTION - 0.01:.2f}" in sentence(diagram)
    )
    assert sentence(diagram) != text
    for part, old in zip(parts, before, strict=True):
        assert canvas(diagram, part) != old, part
    assert diagram.locator("[data-part=adaptation_strength]").input_value() == f"{STRENGTH + 0.03:g}"


def test_pointer_moves_the_point_over_the_cliff(diagram):
    box = diagram.locator("[data-part=map]").bounding_box()
    diagram.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.3)
    diagram.mouse.down()
    diagram.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + box["height"] * 0.82, steps=4)
    diagram.mouse.up()
    assert comes_true(diagram, lambda: "the mode is unstable" in sentence(diagram))
    assert "the network" in sentence(diagram)


def test_sentence_tells_the_exact_law(diagram):
    mode = LinearMode(
        0.02,
        Dynamics(friction=1.0, adaptation_strength=STRENGTH, adaptation_time=TIME, noise_std=1).with_friction(FRICTION),
    )
    assert f"relaxes in {mode.relaxation_steps:.0f} steps" in sentence(diagram)
    assert f"the variance {mode.variance:.3g}" in sentence(diagram)


def test_the_line_where_replay_moves_by_itself(diagram):
    scene = PhaseDiagram(tasks=["triangle-cells"]).scenes["triangle-cells"]
    x, even = STRENGTH * TIME / FRICTION, threshold(friction=FRICTION, time=TIME)
    strengths, stiffness = zip(*scene["pinning"], strict=True)
    firm = float(np.interp(even, strengths, stiffness))
    found = re.search(r"= ([\d.]+): replay moves by .* threshold ([\d.]+) .* about ([\d.]+) here", sentence(diagram))
    told = [float(number) for number in found.groups()]
    assert told[:2] == [float(f"{x:.2g}"), float(f"{even:.2g}")]
    assert told[2] == pytest.approx(threshold(friction=FRICTION, time=TIME, stiffness=firm), rel=0.1)
    # The line goes through the point whose strength is friction / time: there the map's text colour is on its dashes.
    for time in (20, 60):
        diagram.locator("[data-part=adaptation_time]").evaluate(
            "(input, value) => { input.value = value; input.dispatchEvent(new Event('input', { bubbles: true })); }",
            time,
        )
        assert comes_true(diagram, lambda time=time: f"threshold {FRICTION / time:.2g} on" in sentence(diagram))
        for friction in (0.5, 0.8):
            assert 0.4 < share_of_line(diagram, friction, friction / time) <= 1
            assert share_of_line(diagram, friction, friction / time + 0.02) == 0


def share_of_line(page, friction: float, strength: float) -> float:
    """Share of pixels near a point of the map that are the page's panel or text, as the line's halo and dashes are."""
    return page.eval_on_selector(
        ".replay-explorer [data-part=map]",
        """(canvas, [friction, strength]) => {
          const ratio = canvas.width / canvas.clientWidth;
          const x = 46 + (strength / 0.3) * (canvas.clientWidth - 58);
          const y = canvas.clientHeight - 36 - ((friction - 0.05) / 0.95) * (canvas.clientHeight - 76);
          const place = [x - 1, y - 3, 2, 6].map((value) => value * ratio);
          const { data } = canvas.getContext("2d").getImageData(...place);
          let grey = 0;
          for (let i = 0; i < data.length; i += 4) {
            grey += Math.max(data[i], data[i + 1], data[i + 2]) - Math.min(data[i], data[i + 1], data[i + 2]) < 25;
          }
          return grey / (data.length / 4);
        }""",
        [friction, strength],
    )


@pytest.mark.parametrize("quantity", ["variance", "stability", "prediction"])
def test_colours_show_the_chosen_quantity(diagram, quantity):
    before = canvas(diagram, "map")
    diagram.locator("[data-part=quantity]").select_option(quantity)
    assert comes_true(diagram, lambda: canvas(diagram, "map") != before)


def test_stiffness_and_network_can_be_chosen(diagram):
    before = canvas(diagram, "map"), canvas(diagram, "network")
    diagram.locator("[data-part=stiffness]").focus()
    diagram.keyboard.press("End")
    diagram.locator("[data-part=task]").select_option("t-maze-cells")
    assert comes_true(diagram, lambda: canvas(diagram, "map") != before[0])
    assert comes_true(diagram, lambda: canvas(diagram, "network") != before[1])


@pytest.mark.parametrize("name", list(PATHS))
def test_moving_score_shows_the_exact_numbers(score, name):
    score.locator("[data-part=choice]").select_option(name)
    law = PATHS[name][1]
    gain = law.best_constant_gain(STEPS)
    lost = law.gain_error(gain, STEPS)
    score.locator("[data-part=slider]").focus()
    score.keyboard.press("Home")
    pictures = set()
    for t in range(4):
        assert comes_true(score, lambda t=t: f"Step {t} of" in sentence(score))
        assert f"variance of the path {float(law.covariance(t)):.2f}, gain {float(law.gain(t)):.2f}" in sentence(score)
        assert f"gain is {float(gain):.2f} and loses {100 * float(lost[t]):.1f} %" in sentence(score)
        pictures.add(canvas(score, "score"))
        score.keyboard.press("ArrowRight")
    assert len(pictures) == 4


def test_both_fit_a_phone(visit):
    for page in ("chapters/08_together", "chapters/04_moving_gradients"):
        found = visit(page, width=390)
        for picture in found.page.locator(".replay-explorer canvas").all():
            box = picture.bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 390
