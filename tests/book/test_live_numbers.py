"""The numbers that the live figure sets and tells: those of the ledger, of the theory and of the yardsticks."""

import re

import numpy as np
import pytest
from live_figure import sentence, slide, speed_after

from replaylib.dynamics.rule import Dynamics
from replaylib.explorer.explorer import BOOK, FRICTION, STRENGTH, TIME
from replaylib.ledger.measurements.replays import WINDOW
from replaylib.theory.mobility import mobility_number, threshold

BUTTONS = {
    "Plain": (0, None, 1),
    "Adaptation": (BOOK["alone_strength"], BOOK["alone_time"], 1),
    "Strong adaptation alone": (BOOK["strong"], BOOK["alone_time"], 1),
    "Momentum": (0, None, FRICTION),
    "Both": (STRENGTH, TIME, FRICTION),
    "Too much": (BOOK["strong"], TIME, FRICTION),
}
"""Strength, time and friction that each button sets; None where it leaves the time as it is."""


@pytest.mark.parametrize("name", list(BUTTONS))
def test_buttons_set_what_the_ledger_measures(still, name):
    slide(still, "adaptation_time", 77)
    button = still.locator(f"[data-preset='{name}']").first
    button.click()
    strength, time, friction = BUTTONS[name]
    for part, value in {"adaptation_strength": strength, "adaptation_time": time or 77, "friction": friction}.items():
        assert float(still.locator(f"[data-part={part}]").first.input_value()) == pytest.approx(value), part
    assert button.get_attribute("aria-pressed") == "true"
    if name != "Plain":
        slide(still, "friction", 0.95)
        assert button.get_attribute("aria-pressed") == "false"


def told_mobility(page) -> tuple[float, ...]:
    """x, the threshold of an even track, and that of this network, as the figure tells them."""
    text = page.locator("[data-part=mobility]").first.inner_text()
    found = re.fullmatch(
        r"x = bₐτₐ/λᵥ = ([\d.]+): replay moves by itself above 1; "
        r"threshold ([\d.]+) on an even track, about ([\d.]+) here\.",
        text,
    )
    assert found, text
    return tuple(map(float, found.groups()))


@pytest.mark.parametrize("place", ["triangle-cells", "t-maze-cells", "rat"])
def test_mobility_and_threshold_follow_the_sliders(still, explorer, place):
    still.locator("[data-part=task]").first.select_option(place)
    strengths, stiffness = zip(*explorer.scenes[place]["pinning"], strict=True)
    seen = set()
    for strength, time, friction in [(0.1, 20, 0.3), (0.05, 40, 1.0), (0.0, 20, 0.05), (0.4, 5, 0.5), (0.2, 1, 1.0)]:
        for part, value in {"adaptation_strength": strength, "adaptation_time": time, "friction": friction}.items():
            slide(still, part, value)
        setting = {"friction": friction, "time": float(time)}
        even = here = threshold(**setting)
        for _ in range(40):
            here = (here + threshold(**setting, stiffness=float(np.interp(here, strengths, stiffness)))) / 2
        x = mobility_number(Dynamics(friction=friction, adaptation_strength=strength, adaptation_time=float(time)))
        assert told_mobility(still) == tuple(float(f"{value:.2g}") for value in (x, even, here))
        # The mark stands on the slider where the thumb would stand at the threshold.
        mark, slider = (still.locator(f"[data-part={part}]").first for part in ("mark", "adaptation_strength"))
        assert mark.is_hidden() == (even > explorer.book["strongest"])
        if mark.is_visible():
            box, track = mark.bounding_box(), slider.bounding_box()
            low, high = (track["x"] + 8 + (track["width"] - 16) * s / explorer.book["strongest"] for s in (even, here))
            assert box["x"] == pytest.approx(low, abs=2)
            assert box["x"] + box["width"] == pytest.approx(max(high, low + 3), abs=2)
            seen.add(round(box["x"]))
    assert len(seen) == 4
    described = slider.get_attribute("aria-describedby").split()
    assert still.locator("[data-part=mobility]").first.get_attribute("id") in described


def test_speed_is_told_over_the_running_animals(still, explorer):
    speed_after(still)
    running, resting = map(
        float, re.search(r"moves ([\d.]+) times.*\(([\d.]+) times the animal", sentence(still)).groups()
    )
    scene = explorer.scenes["triangle-cells"]
    metres = float(still.locator("[data-part=window-1]").first.inner_text())
    assert running == pytest.approx(metres / scene["running_speed"], abs=0.06)
    assert resting == pytest.approx(metres / scene["awake_speed"], abs=0.06)
    assert f"Metres in {WINDOW} steps" in still.locator(".replay-explorer").first.inner_text()
    assert sentence(still) in still.locator("[data-part=right]").first.get_attribute("aria-label")
    # The displacement is the mean over all windows so far, which the drawn curve's last point alone would not be.
    for part, value in {"running": running, "awake": resting}.items():
        assert still.locator(f"[data-part={part}-1]").first.inner_text() == f"{value:.1f} ×"


def test_exercise_on_noise_and_momentum_comes_out_of_the_figure(visit):
    page = visit("chapters/07_momentum", clock=True, reduced_motion="reduce").page
    page.locator(".replay-explorer").first.scroll_into_view_if_needed()
    page.wait_for_function("() => document.querySelector('[data-part=sentence]')?.textContent.includes('Press Play')")
    noise = speed_after(page, friction=1, noise=2, adaptation_strength=0.05)
    momentum = speed_after(page, friction=0.3, noise=1, adaptation_strength=0.05)
    assert momentum > 1.5 * noise


def test_exercise_on_the_buttons_comes_out_of_the_figure(still):
    speeds, jumps = {}, {}
    for name in BUTTONS:
        still.locator(f"[data-preset='{name}']").first.click()
        speeds[name] = speed_after(still)
        jumps[name] = int(still.locator("[data-part=jumps-1]").first.inner_text())
    assert speeds["Both"] > 1.5 * speeds["Adaptation"] > speeds["Momentum"]
    # The control: stronger adaptation does without momentum what momentum does, at a price.
    assert speeds["Strong adaptation alone"] > 0.8 * speeds["Both"]
    assert jumps["Strong adaptation alone"] >= jumps["Both"] >= jumps["Plain"] == 0
    # What is too much, speed does not tell: jumps do.
    assert speeds["Too much"] > speeds["Both"]
    assert jumps["Too much"] > max(10, jumps["Strong adaptation alone"])
