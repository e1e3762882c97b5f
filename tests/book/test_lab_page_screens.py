"""The maze lab on screens of all kinds: picture and control in one view, for thumbs, for all eyes, in both themes."""

import pytest
from accessibility import broken_rules
from lab_page import link, part, train, wait_for

SCREENS = [(390, 844), (360, 640), (844, 390), (1280, 800)]
BAR = 48
"""Height of the book's own bar, which covers the top of a page [px]."""

PICTURES = {"draw": ("sheet",), "train": ("test", "losses"), "dream": ("left", "right")}
AT_HAND = {
    "draw": ("[data-part=undo]", "[data-part=empty]", "[data-maze=triangle]", "[data-maze=drawn]", "[data-part=train]"),
    "train": ("[data-part=go]", "[data-part=stop]", "[data-setting=leak]", "[data-setting=noise]"),
    "dream": ("[data-part=play]", "[data-setting=strength]", "[data-setting=friction]", "[data-preset=Both]"),
}
"""What a thumb must reach in each stage while it sees the whole picture."""


def in_view(page, selector: str) -> bool:
    """Whether an element is wholly on the screen, below the bar."""
    box = page.locator(selector).bounding_box()
    width, height = page.viewport_size["width"], page.viewport_size["height"]
    inside = box["y"] >= BAR - 1 and box["y"] + box["height"] <= height + 1
    return inside and box["x"] >= 0 and box["x"] + box["width"] <= width


@pytest.mark.parametrize(("width", "height"), SCREENS)
def test_picture_and_control_are_on_one_screen(open_lab, width, height):
    page = open_lab(link(iterations=5), width=width, height=height, has_touch=True).page
    train(page)
    for stage, pictures in PICTURES.items():
        page.locator(f"[role=tab][data-stage={stage}]").click()
        page.evaluate("document.querySelector('.maze-lab').scrollIntoView()")
        panel = f"[data-panel={stage}]"
        for name in pictures:
            assert in_view(page, f"{panel} [data-part={name}]"), name
        for selector in AT_HAND[stage]:
            assert in_view(page, f"{panel} {selector}"), selector
        controls = page.locator(f"{panel} :is(button, select, input:not([type=checkbox])):visible:enabled")
        for control in controls.all():
            control.focus()
            box = control.bounding_box()
            assert min(box["width"], box["height"]) >= 24
            assert box["y"] >= BAR - 1
            assert box["y"] + box["height"] <= height + 1
            if width < height:
                assert in_view(page, f"{panel} [data-part={pictures[0]}]"), control
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_nothing_breaks_the_rules_of_accessibility(open_lab):
    page = open_lab(link(iterations=5)).page
    train(page)
    for stage in PICTURES:
        page.locator(f"[role=tab][data-stage={stage}]").click()
        if stage == "draw":
            page.locator("summary").click()
        for width, theme in ((1280, "light"), (390, "dark")):
            page.set_viewport_size({"width": width, "height": 844})
            page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
            assert broken_rules(page) == [], (stage, width, theme)


def test_tabs_move_by_arrow_keys_and_the_state_is_told(open_lab):
    page = open_lab(link(iterations=5)).page
    page.get_by_role("tab", name="Draw").focus()
    for key, name in (("ArrowRight", "train"), ("ArrowRight", "dream"), ("ArrowRight", "draw"), ("End", "dream")):
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.dataset.stage") == name
        assert page.locator(f"[data-panel={name}]").is_visible()
    assert "no network yet" in part(page, "dream", "about").inner_text()
    page.keyboard.press("Home")
    train(page)
    assert page.locator(".maze-lab [role=status]").inner_text().startswith("Trained: 5 iterations")
    assert part(page, "train", "test").get_attribute("aria-label").endswith("0.26 m.")


def test_a_moved_slider_shows_at_once_what_the_same_steps_would_have_been(open_lab):
    page = open_lab(link(iterations=60)).page
    train(page)
    part(page, "train", "dream").click()
    part(page, "dream", "play").click()
    page.wait_for_function(
        "/After \\d\\d\\d? steps/.test(document.querySelector('[data-panel=dream] [data-part=about]').textContent)"
    )
    part(page, "dream", "play").click()
    wait_for(page, "After", stage="dream")
    told = part(page, "dream", "about").inner_text()
    before = [part(page, "dream", side).evaluate("(canvas) => canvas.toDataURL()") for side in ("left", "right")]
    page.locator("[data-panel=dream] [data-setting=strength]").fill("0.2")
    page.wait_for_timeout(300)
    after = [part(page, "dream", side).evaluate("(canvas) => canvas.toDataURL()") for side in ("left", "right")]
    assert after[0] == before[0]  # plain replay has no strength
    assert after[1] != before[1]
    now = part(page, "dream", "about").inner_text()
    assert now.split(":")[0] == told.split(":")[0]
    page.get_by_role("button", name="Plain", exact=True).click()
    page.wait_for_timeout(300)
    assert "plain replay again" in part(page, "dream", "about").inner_text()
