"""RootsExplorer: its numbers against LinearMode and simulate, its controls, and its place on the page.

All but the last test draw the figure on a bare page, so that they need no built book.
"""

import re

import numpy as np
import pytest
import torch
from conftest import ROOT
from traitlets import TraitError

from replaylib.dynamics.rule import Dynamics, simulate
from replaylib.explorer import RootsExplorer
from replaylib.theory.modes import LinearMode

FOLDER = ROOT / "replaylib" / "explorer"
DRAW = """async ([code, style, state]) => {
  document.head.append(Object.assign(document.createElement("style"), { textContent: style }));
  const figure = await import(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
  const changes = new EventTarget();
  const model = {
    get: (name) => state[name],
    set: (name, value) => { state[name] = value; changes.dispatchEvent(new Event(`change:${name}`)); },
    save_changes: () => {},
    on: (name, listener) => changes.addEventListener(`${name}`, listener),
    off: (name, listener) => changes.removeEventListener(`${name}`, listener),
  };
  const el = document.createElement("main");
  document.body.replaceChildren(el);
  window.figure = Object.assign({ end: figure.default.render({ model, el }), model }, figure);
}"""


def plain(friction: float, stiffness: float) -> LinearMode:
    return LinearMode(stiffness, Dynamics(friction=friction))


@pytest.fixture
def draw(browser, address):
    """The figure at a state on a page of its own: draw(stiffness, friction, **options of a browser context)."""
    contexts = []

    def go(stiffness: float = 0.04, friction: float = 0.6, **options: object):
        context = browser.new_context(**{"viewport": {"width": 1000, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{address(FOLDER)}/roots.css")
        widget = RootsExplorer(stiffness=stiffness, friction=friction)
        state = {name: getattr(widget, name) for name in ("stiffness", "friction")}
        page.evaluate(DRAW, [str(RootsExplorer._esm), str(RootsExplorer._css), state])
        page.wait_for_function("() => document.querySelector('[data-part=sentence]').textContent.length > 0")
        return page

    yield go
    for context in contexts:
        context.close()


def sentence(page) -> str:
    page.wait_for_timeout(100)
    return page.locator("[data-part=sentence]").inner_text()


def test_numbers_are_those_of_linear_mode(draw):
    random = np.random.default_rng(0)
    settings = [
        {"stiffness": 10 ** random.uniform(-3, -0.61), "friction": random.uniform(0.02, 1), "strength": 0, "time": 1}
        for _ in range(60)
    ]
    found = draw().evaluate(
        """(settings) => settings.map((one) => [figure.criticalFriction(one.stiffness), figure.halvingSteps(one),
             figure.kindOfRoots(one), figure.modeEigenvalues(one), figure.fallOf(one, 30).map(([, h]) => h)])""",
        settings,
    )
    kinds = set()
    for setting, (critical, halving, kind, roots, fall) in zip(settings, found, strict=True):
        mode = plain(setting["friction"], setting["stiffness"])
        assert critical == pytest.approx(mode.critical_friction)
        assert halving == pytest.approx(np.log(2) * mode.relaxation_steps)
        assert sorted(complex(*root).real for root in roots) == pytest.approx(sorted(mode.eigenvalues.real))
        assert max(root[1] for root in roots) == pytest.approx(mode.eigenvalues.imag.max(), abs=1e-9)
        assert kind == ("complex" if setting["friction"] < mode.critical_friction else "real")
        kinds.add(kind)
        exact = simulate(mode.drift, torch.ones(1, 1, dtype=torch.float64), 30, mode.dynamics)[0, :, 0]
        np.testing.assert_allclose(fall, exact, atol=1e-12)
    assert kinds == {"real", "complex"}


@pytest.mark.parametrize("stiffness", [0.001, 0.04, 0.09, 0.2])
def test_the_button_makes_both_roots_meet(draw, stiffness):
    page = draw(stiffness)
    page.get_by_role("button", name="Critical friction").click()
    meeting = f"both roots meet at {float(f'{1 - stiffness**0.5:.3g}'):g},"
    assert meeting in sentence(page)
    assert f"{plain(1.0, stiffness).best_compression:.3g} times as fast" in sentence(page)


def test_the_sentence_tells_real_and_complex_roots_apart(draw):
    page = draw(0.04, 0.6)
    mode = plain(0.6, 0.04)
    assert f"both roots are real, {mode.eigenvalues[0].real:.3g} and {mode.eigenvalues[1].real:.3g}" in sentence(page)
    assert f"halves every {np.log(2) * mode.relaxation_steps:.3g} steps" in sentence(page)
    page.get_by_role("button", name="No momentum").click()
    assert "Without momentum one root is 1 − k = 0.96" in sentence(page)
    page.locator("[data-part=friction]").focus()
    page.keyboard.press("Home")
    mode = plain(0.02, 0.04)
    turn = 2 * np.pi / abs(np.angle(mode.eigenvalues[0]))
    assert f"complex, at the distance {mode.spectral_radius:.3g} from 0" in sentence(page)
    assert f"swings, once in {turn:.3g} steps" in sentence(page)
    assert page.locator("[data-part=friction]").get_attribute("aria-valuetext") == "0.02 per step"


def test_arrow_keys_move_roots_and_ball(draw):
    page = draw()
    for part in ("stiffness", "friction"):
        before = [page.eval_on_selector(f"[data-part={one}]", "(c) => c.toDataURL()") for one in ("plane", "fall")]
        was = page.evaluate("(name) => figure.model.get(name)", part)
        page.locator(f"[data-part={part}]").focus()
        for _ in range(5):
            page.keyboard.press("ArrowRight")
        assert page.evaluate("(name) => figure.model.get(name)", part) > was
        label = sentence(page)
        after = [page.eval_on_selector(f"[data-part={one}]", "(c) => c.toDataURL()") for one in ("plane", "fall")]
        assert all(old != new for old, new in zip(before, after, strict=True)), part
        assert label in page.locator("[data-part=fall]").get_attribute("aria-label")
    page.wait_for_timeout(700)
    assert page.locator("[data-part=status]").inner_text() == sentence(page)


def test_a_phone_shows_pictures_and_controls_at_once_and_a_finger_moves_them(draw):
    page = draw(viewport={"width": 390, "height": 844}, has_touch=True, device_scale_factor=2)
    for friction in (0.02, 0.36, 1.0):
        page.evaluate("(friction) => figure.model.set('friction', friction)", friction)
        sentence(page)
        boxes = [page.locator(f"[data-part={one}]").bounding_box() for one in ("plane", "fall", "friction", "sentence")]
        assert max(box["y"] + box["height"] for box in boxes) - boxes[0]["y"] <= 600
        assert all(box["x"] >= 0 and box["x"] + box["width"] <= 390 for box in boxes)
        assert boxes[0]["y"] == boxes[1]["y"]
    slider = page.locator("[data-part=friction]").bounding_box()
    page.touchscreen.tap(slider["x"] + 0.25 * slider["width"], slider["y"] + slider["height"] / 2)
    assert 0.15 < page.evaluate("figure.model.get('friction')") < 0.4


def test_it_ends_without_a_trace(draw):
    page = draw()
    page.evaluate("figure.end()")
    page.evaluate("figure.model.set('friction', 0.1)")
    assert "Friction 0.6" in sentence(page)


@pytest.mark.parametrize(
    ("name", "value"), [("stiffness", 0.0), ("stiffness", 1.0), ("friction", 0.0), ("friction", 2)]
)
def test_senseless_states_are_refused(name, value):
    with pytest.raises(TraitError, match=name):
        RootsExplorer(**{name: value})


def test_it_stands_in_the_chapter(visit):
    found = visit("chapters/07_momentum", width=390)
    figure = found.page.locator(".replay-explorer.roots")
    figure.scroll_into_view_if_needed()
    found.page.wait_for_timeout(500)
    assert re.search(r"critical friction of this slope is 0\.36", figure.locator("[data-part=sentence]").inner_text())
    figure.get_by_role("button", name="Critical friction").click()
    found.page.wait_for_timeout(300)
    assert "both roots meet" in figure.locator("[data-part=sentence]").inner_text()
    assert found.console == []
