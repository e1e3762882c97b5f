"""One screen: whatever control has the focus, it and the moving pictures are in view together, none over another."""

import pytest
from conftest import Visit
from live_figure import PAGE
from playwright.sync_api import Page

SCREENS = {"phone": (390, 844), "small phone": (360, 640), "phone on its side": (844, 390), "desk": (1280, 800)}
FIGURES = {
    "welcome": (PAGE, ".replay-explorer.replays"),
    "rat": ("chapters/09_rat_in_a_box", ".replay-explorer.replays"),
    "score": ("chapters/04_moving_gradients", ".replay-explorer"),
    "roots": ("chapters/07_momentum", ".replay-explorer.roots"),
    "phase": ("chapters/08_together", ".replay-explorer.phase"),
    "value": ("chapters/11_what_for", ".replay-explorer.value"),
    "race": ("chapters/12_spikes", ".replay-explorer.race"),
}
"""Page and figure: each kind of live figure."""

BESIDE = """([selector, onward]) => {
  const figure = document.querySelector(selector);
  const bar = document.querySelector(".bd-header-article").getBoundingClientRect().bottom;
  const controls = [...figure.querySelectorAll(":is(button, input, select, summary)")];
  const pictures = [...figure.querySelectorAll(".tracks canvas")];
  const seen = ({ top, bottom, left, right }) =>
    top >= bar - 1 && bottom <= innerHeight + 1 && left >= 0 && right <= innerWidth;
  const faults = [];
  for (const control of controls) {
    window.scrollTo(0, onward ? 0 : document.body.scrollHeight);
    control.focus();
    const box = control.getBoundingClientRect();
    const name = control.dataset.part ?? control.textContent;
    if (document.activeElement !== control) faults.push(`${name} has no focus`);
    if (!seen(box)) faults.push(`${name} is not in view: ${JSON.stringify(box)}`);
    for (const picture of pictures) {
      const place = picture.getBoundingClientRect();
      if (!seen(place)) faults.push(`${picture.dataset.part} is not in view at ${name}: ${JSON.stringify(place)}`);
      if (place.bottom > box.top && box.bottom > place.top) faults.push(`${picture.dataset.part} hides ${name}`);
    }
  }
  return [controls.length, faults];
}"""
"""Focuses each control as the Tab key does, after the page was scrolled to its start or end, and tells faults."""


def look(visit, figure: str, screen: str, **options: object) -> tuple[Page, str]:
    """The figure's page on a screen, with all controls open."""
    (name, selector), (width, height) = FIGURES[figure], SCREENS[screen]
    found: Visit = visit(name, width, reduced_motion="reduce", **options)
    found.page.set_viewport_size({"width": width, "height": height})
    found.page.locator(f"{selector} [data-part=sentence]").first.wait_for(state="attached")
    found.page.evaluate("document.querySelectorAll('details.more').forEach((one) => { one.open = true; })")
    found.page.wait_for_timeout(300)
    return found.page, selector


@pytest.mark.parametrize("screen", list(SCREENS))
@pytest.mark.parametrize("figure", list(FIGURES))
def test_pictures_and_each_focused_control_are_in_view(visit, figure, screen):
    page, selector = look(visit, figure, screen)
    for onward in (True, False):
        count, faults = page.evaluate(BESIDE, [selector, onward])
        assert count >= 2
        assert faults == []
    tallest = page.locator(f"{selector} .tracks").first.bounding_box()["height"]
    assert tallest <= (350 if screen == "desk" else 230)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("screen", ["phone", "desk"])
def test_the_first_screen_of_the_book_is_the_moving_figure(visit, screen, theme):
    """Title, one sentence, both tracks and Play, and no other control before them."""
    width, height = SCREENS[screen]
    page = visit(PAGE, width, color_scheme=theme).page
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function("/After \\d\\d/.test(document.querySelector('[data-part=sentence]').textContent)")
    assert page.evaluate("scrollY") == 0
    parts = ["[data-part=left]", "[data-part=right]", "[data-part=play]", "[data-part=sentence]"]
    boxes = [page.locator(one).first.bounding_box() for one in ("article h1", "article h1 + p", *parts)]
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= width for box in boxes)
    assert all(box["y"] + box["height"] <= height for box in boxes)
    assert [box["y"] for box in boxes] == sorted(box["y"] for box in boxes)
    assert page.locator("article h1 + p").inner_text().count(".") == 1
    shown = page.locator(".replay-explorer :is(button, input, select, summary)").all()
    assert [one.inner_text() for one in shown if one.is_visible()] == ["Pause", "More: place, settings, numbers"]


def test_more_opens_by_keyboard_and_by_a_link_to_a_state(visit, site):
    page = visit(PAGE, reduced_motion="reduce").page
    more = page.locator("details.more > summary")
    more.focus()
    page.keyboard.press("Enter")
    assert page.locator("[data-part=friction]").first.is_visible()
    page.keyboard.press("Enter")
    assert page.locator("[data-part=friction]").first.is_hidden()
    linked = visit(PAGE, url=f"{site}/{PAGE}.html#task=rat&friction=0.5", reduced_motion="reduce").page
    assert linked.locator("[data-part=friction]").first.is_visible()
