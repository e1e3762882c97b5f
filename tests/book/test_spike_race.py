"""SpikeRace in the browser: predict first, the race, its last sentence, keyboard, touch, little motion, its place.

All but the last tests draw the figure on a bare page, so that they need no built book.
"""

import math
import re

import pytest
from conftest import ROOT, SITE
from live_figure import draw_alone, picture, sentence, slide
from traitlets import TraitError

from replaylib.explorer import SpikeRace
from replaylib.measures.motion_models import KINDS

FOLDER = ROOT / "replaylib" / "explorer"
WINDOWS = 40
FRAME = 20
"""Milliseconds of a frame of the page's clock, and a little more."""


@pytest.fixture(scope="module")
def widget() -> SpikeRace:
    return SpikeRace()


@pytest.fixture
def draw(browser, address, widget):
    """The figure on a page of its own, whose clock stands: draw(trait=value, ..., options=of a browser context)."""
    contexts = []

    def go(options: dict[str, object] | None = None, **traits: object):
        context = browser.new_context(**{"viewport": {"width": 1000, "height": 900}, **(options or {})})
        contexts.append(context)
        context.clock.install(time=0)
        page = context.new_page()
        page.faults = []
        page.on("console", lambda message: page.faults.append(message.text))
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.route("**/favicon.ico", lambda route: route.fulfill(status=204))  # a bare page has no icon
        page.goto(f"{address(FOLDER)}/spike_race.css")
        draw_alone(page, widget, **traits)
        page.clock.pause_at(10_000)
        return page

    yield go
    for context in contexts:
        context.close()


def guess(page, kind: str) -> None:
    page.get_by_role("radio", name=kind.capitalize()).check()


def counted(page) -> int:
    """Windows that the sentence tells of."""
    found = re.search(r"After (\d+) of 40 windows", sentence(page))
    return int(found[1]) if found else WINDOWS if " won with " in sentence(page) else 0


def run_on(page, windows: int = WINDOWS) -> str:
    """Let time pass until so many windows are decoded: ten seconds of the page's are enough for all."""
    part = 2000 if windows == WINDOWS else 250
    for _ in range(10_000 // part):
        if counted(page) >= windows:
            return sentence(page)
        page.clock.run_for(part)
    return pytest.fail(f"{windows} windows were expected in ten seconds, but the figure tells: {sentence(page)}")


def race(page, kind: str) -> str:
    """A guess, Start, and the last sentence."""
    guess(page, kind)
    page.locator("[data-part=play]").click()
    return run_on(page)


def test_start_waits_for_a_guess(draw):
    page = draw()
    start = page.locator("[data-part=play]")
    for name in ("play", "again"):
        assert page.locator(f"[data-part={name}]").get_attribute("aria-disabled") == "true"
        page.locator(f"[data-part={name}]").focus()
        page.keyboard.press("Enter")
        page.clock.run_for(3000)
        assert counted(page) == 0
        assert page.locator("[data-part=status]").inner_text().startswith("Choose first")
        assert page.evaluate("document.activeElement.type") == "radio"
    guess(page, "diffusion")
    assert start.get_attribute("aria-disabled") == "false"
    assert sentence(page) == "You expect diffusion: press Start."
    start.click()
    page.clock.run_for(2000)
    assert counted(page) > 5
    assert page.get_by_role("radio", name="Momentum").is_disabled()


@pytest.mark.parametrize("kind", KINDS)
def test_made_up_kinds_are_found_and_the_last_sentence_says_so(draw, kind):
    page = draw(path=kind)
    won = []
    text = race(page, kind)
    for _ in range(3):
        found = re.fullmatch(
            r"(\w+) won with a probability of (?:above )?([\d.]+); the path was made up as (\w+), "
            r"and your guess, (\w+), was (right|wrong)\.",
            text,
        )
        assert found, text
        winner, probability, truth, expected, verdict = found.groups()
        assert (truth, expected) == (kind, kind)
        assert (verdict == "right") == (winner.lower() == kind)
        shares = [float(page.locator(f"[data-part=share-{one}]").inner_text()) for one in KINDS]
        assert sum(shares) == pytest.approx(1, abs=0.02)
        assert KINDS[shares.index(max(shares))] == winner.lower()
        assert max(shares) == pytest.approx(float(probability), abs=0.011)
        won.append(winner.lower())
        page.locator("[data-part=again]").click()
        text = run_on(page)
    assert won.count(kind) >= 2, won
    assert page.faults == []


def test_a_dream_tells_its_friction_and_a_wrong_guess(draw):
    page = draw(path="both", friction=0.15)
    text = race(page, "random")
    assert text.endswith("the path was a dream with adaptation at friction 0.15, and your guess, random, was wrong.")
    page.locator("[data-part=path]").select_option("adaptation")
    assert counted(page) == 0
    assert page.locator("[data-part=play]").get_attribute("aria-disabled") == "true"
    assert page.locator("[data-part=friction]").is_disabled()
    assert "dream with adaptation at friction 1," in race(page, "momentum")
    page.locator("[data-part=path]").select_option("plain")
    slide(page, "friction", 0.4)
    assert "dream without adaptation at friction 0.4," in race(page, "stationary")


def test_dreams_end_as_in_the_chapter(draw):
    page = draw(path="plain", friction=1.0)
    winners = {}
    for path in ("plain", "both"):
        page.locator("[data-part=path]").select_option(path)
        slide(page, "friction", 1.0 if path == "plain" else 0.15)
        texts = [race(page, "momentum")]
        for _ in range(4):
            page.locator("[data-part=again]").click()
            texts.append(run_on(page))
        winners[path] = sum(text.startswith("Momentum") for text in texts)
    assert winners["plain"] <= 1
    assert winners["both"] >= 4


def test_the_strength_follows_the_friction(draw, widget):
    page = draw()
    dream = widget.decoding["dream"]
    asked = [*dream["frictions"], math.sqrt(0.6 * 0.3)]
    found = page.evaluate(
        "([asked, dream]) => asked.map((one) => figure.module.strengthAt(one, dream))", [asked, dream]
    )
    assert found[:-1] == pytest.approx(dream["strengths"])
    assert found[-1] == pytest.approx(math.sqrt(dream["strengths"][1] * dream["strengths"][2]))


def test_the_keyboard_does_everything(draw):
    page = draw()
    page.get_by_role("radio", name="Stationary").focus()
    page.keyboard.press("Space")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert sentence(page) == "You expect momentum: press Start."
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.part") == "play"
    page.keyboard.press("Space")
    run_on(page, 5)
    page.keyboard.press("Space")
    held = counted(page)
    assert page.locator("[data-part=play]").inner_text() == "Go on"
    page.clock.run_for(1000)
    assert counted(page) == held
    page.keyboard.press("Space")
    assert " won with " in run_on(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("figure.model.get('seed')") == 2
    run_on(page, 3)
    for part in ("friction", "spikes"):
        before = page.evaluate("(name) => figure.model.get(name)", part)
        page.locator(f"[data-part={part}]").focus()
        page.keyboard.press("ArrowRight")
        assert page.evaluate("(name) => figure.model.get(name)", part) > before
    assert counted(page) == 0  # other settings: another event


def test_the_same_seed_gives_the_same_event_and_another_one_another(draw):
    page = draw()
    first, raster = race(page, "momentum"), picture(page, "raster")
    page.locator("[data-part=play]").click()
    assert counted(page) == 0
    assert run_on(page) == first
    assert picture(page, "raster") == raster
    page.locator("[data-part=again]").click()
    run_on(page)
    assert picture(page, "raster") != raster


def test_pictures_grow_and_a_frame_decodes_one_window_at_most(draw):
    page = draw()
    empty = [picture(page, part) for part in ("track", "raster")]
    race(page, "momentum")
    assert all(picture(page, part) != was for part, was in zip(("track", "raster"), empty, strict=True))
    # A machine that was held up for a second goes on from where it was, a window a frame.
    page.locator("[data-part=again]").click()
    run_on(page, 3)
    held = counted(page)
    page.clock.fast_forward(1000)
    page.clock.run_for(10 * FRAME)
    page.locator("[data-part=play]").click()
    assert held < counted(page) <= held + 4


def test_words_change_at_most_five_times_a_second_and_are_spoken_less_often(draw):
    page = draw()
    guess(page, "momentum")
    page.evaluate("""() => {
      window.changes = {};
      for (const part of ["sentence", "status", "share-momentum"]) {
        changes[part] = 0;
        new MutationObserver(() => { changes[part] += 1; })
          .observe(document.querySelector(`[data-part=${part}]`), { childList: true });
      }
    }""")
    page.locator("[data-part=play]").click()
    run_on(page, 5)
    page.evaluate("() => { for (const part of Object.keys(changes)) changes[part] = 0; }")
    for _ in range(100):  # two seconds
        page.clock.run_for(20)
    changes = page.evaluate("changes")
    assert 6 <= changes["sentence"] <= 11
    assert changes["share-momentum"] <= 11
    assert 1 <= changes["status"] <= 3
    run_on(page)
    assert page.locator("[data-part=status]").inner_text() == sentence(page)
    assert page.locator("[data-part=runners]").get_attribute("aria-label").startswith("Probability of each motion")


def test_who_wants_less_motion_sees_still_pictures(draw):
    page = draw({"reduced_motion": "reduce"})
    guess(page, "momentum")
    page.locator("[data-part=play]").click()
    page.evaluate("""() => {
      window.widths = [];
      new MutationObserver(() => widths.push(document.querySelector("[data-part=sentence]").textContent))
        .observe(document.querySelector("[data-part=bar-momentum]"), { attributes: true });
    }""")
    run_on(page)
    assert len(page.evaluate("widths")) <= 6


def test_a_phone_shows_all_of_it_at_once_and_a_finger_plays_it(draw):
    page = draw({"viewport": {"width": 390, "height": 844}, "has_touch": True, "device_scale_factor": 2})
    page.get_by_text("Momentum", exact=True).last.tap()
    page.locator("[data-part=play]").tap()
    run_on(page)
    parts = ("track", "raster", "runners", "sentence", "guesses", "play", "again", "path", "friction", "spikes")
    boxes = {part: page.locator(f"[data-part={part}]").bounding_box() for part in parts}
    top = boxes["track"]["y"]
    assert max(box["y"] + box["height"] for box in boxes.values()) - top <= 720
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= 390 for box in boxes.values())
    assert boxes["track"]["height"] <= 230
    for radio in page.get_by_role("radio").all():
        assert radio.bounding_box()["height"] >= 20


def test_it_ends_without_a_trace(draw):
    page = draw()
    guess(page, "momentum")
    page.locator("[data-part=play]").click()
    run_on(page, 3)
    page.evaluate("figure.end()")
    before = picture(page, "raster")
    page.clock.run_for(1000)
    page.evaluate("figure.model.set('path', 'random')")
    assert picture(page, "raster") == before
    assert page.faults == []


@pytest.mark.parametrize(
    ("name", "value"), [("path", "flying"), ("friction", 0.1), ("friction", 1.1), ("spikes", 0.0), ("spikes", 11)]
)
def test_senseless_states_are_refused(name, value):
    with pytest.raises(TraitError, match=name):
        SpikeRace(**{name: value})


def test_a_task_without_strengths_is_refused():
    with pytest.raises(ValueError, match=r"task must be one of triangle, .*, but 'rat' came"):
        SpikeRace("rat")


@pytest.mark.parametrize("from_file", [False, True])
def test_it_stands_in_the_chapter_and_runs_without_a_kernel(visit, from_file):
    url = (SITE / "chapters" / "12_spikes.html").as_uri() if from_file else None
    found = visit("chapters/12_spikes", width=390, url=url, clock=True)
    figure = found.page.locator(".replay-explorer.race")
    figure.scroll_into_view_if_needed()
    figure.get_by_role("radio", name="Momentum").check()
    figure.locator("[data-part=play]").click()
    found.page.clock.run_for(8000)
    assert "won with a probability of" in figure.locator("[data-part=sentence]").inner_text()
    # From a file, browsers refuse the theme's fonts and manifests as of another origin, and say so.
    assert [one for one in found.console if not (from_file and re.search("origin|net::ERR_FAILED", one))] == []
    assert found.outside == []
