"""ReplayExplorer on the static page: no kernel, only the browser."""

import re

import pytest
from conftest import SITE
from live_figure import PAGE, let_run, picture, sentence, slide, steps

from replaylib.explorer.explorer import FRICTION, TIME


def test_step_play_pause_reset_and_seed(still):
    assert "Press Play" in sentence(still)
    before = picture(still)
    still.get_by_role("button", name="Step").first.click()
    assert steps(still) == 1
    assert picture(still) != before
    still.get_by_role("button", name="Play").first.click()
    let_run(still, 61)
    assert steps(still) == 61
    still.get_by_role("button", name="Pause").first.click()
    held = steps(still)
    still.clock.run_for(3000)
    assert steps(still) == held
    still.get_by_role("button", name="Reset").first.click()
    assert picture(still) == before
    still.get_by_role("button", name="New seed").first.click()
    assert picture(still) != before


@pytest.mark.parametrize(
    ("part", "value"),
    [("noise", 2.5), ("adaptation_strength", 0.15), ("adaptation_time", 35), ("friction", 0.9)],
)
def test_a_moved_slider_changes_the_picture_the_text_and_the_address(still, part, value):
    still.get_by_role("button", name="Play").first.click()
    let_run(still, 120)
    assert steps(still) == 120
    still.get_by_role("button", name="Pause").first.click()
    before, label = picture(still), still.locator("[data-part=right]").first.get_attribute("aria-label")
    chart = picture(still, "chart")
    slide(still, part, value)
    still.wait_for_timeout(100)
    assert picture(still) != before
    assert picture(still, "chart") != chart
    assert steps(still) >= 120  # what the same steps would have been, at once
    assert f"{part}={value}" in still.url
    assert still.locator(f"[data-part={part}-value]").first.inner_text().startswith(str(value))
    after = still.locator("[data-part=right]").first.get_attribute("aria-label")
    assert "After" in after
    assert label != after or part == "noise"


def test_both_replays_share_state_and_noise(still):
    still.get_by_role("button", name="Plain").first.click()
    still.get_by_role("button", name="Play").first.click()
    let_run(still, 120)
    assert steps(still) == 120
    still.get_by_role("button", name="Pause").first.click()
    rows = [
        [still.locator(f"[data-part={name}-{side}]").first.inner_text() for name in ("regions", "landmarks", "window")]
        for side in (0, 1)
    ]
    assert rows[0] == rows[1]
    assert still.locator("[data-part=plain-1]").first.inner_text() == "1.0 ×"


def test_every_place_replays(still):
    for name in ("t-maze-cells", "rat", "triangle-cells"):
        still.locator("[data-part=task]").first.select_option(name)
        before = picture(still)
        still.get_by_role("button", name="Step").first.click()
        assert steps(still) == 1
        assert picture(still) != before


def test_works_by_keyboard_alone(still):
    still.locator("[data-part=play]").first.focus()
    order = [still.evaluate("document.activeElement.dataset.part")]
    for _ in range(17):
        still.keyboard.press("Tab")
        order.append(
            still.evaluate("document.activeElement.dataset.part || document.activeElement.textContent").strip()
        )
    assert order == [
        "play", "More: place, settings, numbers", "step", "reset", "again", "task",
        "Plain", "Adaptation", "Strong adaptation alone", "Momentum", "Both", "Too much",
        "noise", "adaptation_strength", "adaptation_time", "friction", "speed", "rescale_noise",
    ]  # fmt: skip
    still.locator("[data-part=friction]").first.focus()
    still.keyboard.press("ArrowLeft")
    assert still.locator("[data-part=friction-value]").first.inner_text() == f"{FRICTION - 0.05:g} per step"
    still.locator("[data-part=step]").first.focus()
    still.keyboard.press("Enter")
    still.keyboard.press("Space")
    assert steps(still) == 2


def test_motion_starts_only_in_view_and_rests_outside(visit):
    page = visit(PAGE, reduced_motion="reduce").page
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.emulate_media(reduced_motion="no-preference")
    page.wait_for_timeout(400)
    assert "Press Play" in sentence(page)
    page.evaluate("window.scrollTo(0, 0)")
    page.wait_for_function("/After \\d\\d/.test(document.querySelector('[data-part=sentence]').textContent)")
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.wait_for_timeout(400)
    held = steps(page)
    page.wait_for_timeout(500)
    assert steps(page) == held
    page.evaluate("window.scrollTo(0, 0)")
    page.wait_for_timeout(500)
    assert steps(page) > held


def test_reduced_motion_starts_nothing(still):
    still.locator("[data-part=left]").first.scroll_into_view_if_needed()
    still.clock.run_for(3000)
    assert "Press Play" in sentence(still)


def test_a_link_carries_a_state_and_bad_ones_do_no_harm(visit, site):
    address = f"{site}/{PAGE}.html#task=t-maze-cells&seed=5&friction=0.5&noise=99&adaptation_time=abc"
    found = visit(PAGE, url=address, reduced_motion="reduce")
    page = found.page
    assert page.locator("[data-part=task]").first.input_value() == "t-maze-cells"
    assert page.locator("[data-part=friction]").first.input_value() == "0.5"
    assert page.locator("[data-part=noise]").first.input_value() == "1"
    assert page.locator("[data-part=adaptation_time]").first.input_value() == f"{TIME:g}"
    assert found.console == []


def test_too_much_says_what_happened(still):
    still.get_by_role("button", name="Too much").first.click()
    for _ in range(12):
        still.get_by_role("button", name="Step").first.click()
    assert "adaptation with momentum" in sentence(still)
    assert not re.search("NaN|undefined|Infinity", still.locator(".replay-explorer").first.inner_text())


def test_works_from_a_file_with_no_server(visit):
    found = visit(PAGE, url=f"file://{SITE}/{PAGE}.html", reduced_motion="reduce")
    found.page.locator("details.more > summary").click()
    found.page.get_by_role("button", name="Step").first.click()
    assert steps(found.page) == 1
    # The browser's own clock, which other tests replace: a replay plays, pauses and begins anew.
    for name in ("Play", "Pause", "Reset"):
        found.page.get_by_role("button", name=name, exact=True).first.click()
    assert "Press Play" in sentence(found.page)
    assert [one for one in found.console if "TypeError" in one] == []
    assert found.outside == []


@pytest.mark.parametrize("width", [390, 1280])
def test_fits_the_screen(visit, width):
    page = visit(PAGE, width, reduced_motion="reduce").page
    page.locator("details.more > summary").click()
    box = page.locator(".replay-explorer").first.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    left, right = (page.locator(f"[data-part={part}]").first.bounding_box() for part in ("left", "right"))
    assert right["y"] == left["y"]
    for button in page.locator(".replay-explorer button").all():
        place = button.bounding_box()
        assert place["height"] >= 32
        assert box["x"] < place["x"]
        assert place["x"] + place["width"] < box["x"] + box["width"]
        # Its words fit: nothing is cut off or runs over the edge.
        assert button.evaluate("(button) => button.scrollWidth <= button.clientWidth")


def test_panels_that_need_a_kernel_say_so(visit):
    page = visit("chapters/02_path_integration").page
    assert "needs a running kernel" in page.locator(".needs-kernel").inner_text()
