"""ValueSpreading in the browser: no start without a guess, the race, the verdict, keyboard, touch and words.

All but the last tests draw the figure on a bare page, so that they need no built book. Their clock is the test's.
"""

import re

import numpy as np
import pytest
from conftest import ROOT, SITE
from live_figure import draw_alone, sentence, slide
from traitlets import TraitError

from replaylib.explorer import ValueSpreading
from replaylib.explorer.value_spreading import TASKS
from replaylib.planning import Bins, World, area, prioritised_sweeping, value_backups
from replaylib.world.tasks import task

FOLDER = ROOT / "replaylib" / "explorer"
CHAPTER = "chapters/11_what_for"
COLOURS = ["light", "dark"]


@pytest.fixture(scope="module")
def widget() -> ValueSpreading:
    return ValueSpreading()


@pytest.fixture
def draw(browser, address, widget):
    """The figure on a page of its own: draw(options of a browser context, **traits); the test sees to no errors."""
    contexts, errors = [], []

    def go(options: dict[str, object] | None = None, **values: object):
        context = browser.new_context(**{"viewport": {"width": 1000, "height": 1000}, **(options or {})})
        contexts.append(context)
        context.clock.install(time=0)
        page = context.new_page()
        page.on("console", lambda said: "favicon" in said.location["url"] or errors.append(said.text))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{address(FOLDER)}/roots.css")
        draw_alone(page, widget, **values)
        page.clock.pause_at(10_000)
        page.clock.run_for(100)
        return page

    yield go
    for context in contexts:
        context.close()
    assert errors == []


def part(page, name: str):
    return page.locator(f"[data-part={name}]")


def picture(page, name: str) -> str:
    return str(page.eval_on_selector(f"[data-part={name}]", "(canvas) => canvas.toDataURL()"))


def steps(page) -> int:
    found = re.search(r"After (\d+) of 1000", sentence(page))
    return int(found[1]) if found else 0


def wait(page, condition, seconds: int = 60) -> None:
    for _ in range(seconds):
        if condition():
            return
        page.clock.run_for(1000)
    pytest.fail(f"it did not come true, and the figure tells: {sentence(page)}")


def race(page, guess: str = "left") -> str:
    """A whole race at full speed; returns the verdict."""
    slide(page, "speed", 20)
    part(page, f"guess-{guess}").check()
    part(page, "play").click()
    wait(page, lambda: "You guessed" in sentence(page))
    return sentence(page)


def test_nothing_starts_before_a_guess(draw):
    page = draw()
    assert "Predict whose supplier teaches more" in sentence(page)
    assert part(page, "play").get_attribute("aria-disabled") == "true"
    before = picture(page, "left-maze")
    for press in (lambda: part(page, "play").click(force=True), lambda: part(page, "play").press("Enter")):
        press()
        page.clock.run_for(2000)
        assert picture(page, "left-maze") == before
        assert part(page, "play").inner_text() == "Start"
    assert "Predict whose supplier teaches more" in part(page, "status").inner_text()
    part(page, "guess-same").check()
    assert part(page, "play").get_attribute("aria-disabled") == "false"
    assert sentence(page) == "Your guess: about the same. Press Start."
    part(page, "play").click()
    wait(page, lambda: steps(page) > 300)
    assert picture(page, "left-maze") != before


def test_a_race_by_keyboard_alone(draw):
    page = draw()
    part(page, "left").focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("figure.model.get('left')") == "adaptation"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    assert part(page, "guess-right").is_checked()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.part") == "play"
    page.keyboard.press("Enter")
    wait(page, lambda: steps(page) > 200)
    assert part(page, "play").inner_text() == "Pause"
    page.keyboard.press("Space")
    assert part(page, "play").inner_text() == "Go on"
    rests, seen = steps(page), picture(page, "right-maze")
    page.clock.run_for(3000)
    assert (steps(page), picture(page, "right-maze")) == (rests, seen)
    page.keyboard.press("Enter")
    wait(page, lambda: "You guessed right" in sentence(page))
    assert sentence(page) == part(page, "status").inner_text()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("figure.model.get('seed')") == 2
    assert sentence(page) == "Your guess: right. Press Start."


@pytest.mark.parametrize("name", TASKS)
def test_the_verdict_has_the_numbers_of_the_package(draw, name):
    page = draw(task=name, left="sweeping", right="plain")
    goal = page.evaluate(
        "figure.module.goalOf(figure.model.get('scenes')[figure.model.get('task')].bins.centres.length, 1)"
    )
    bins = Bins.of_track(task(name).space)
    world = World.on_bins(bins, np.arange(len(bins)))
    shares = value_backups(world, prioritised_sweeping(world, 1000)).share
    told = race(page, "left")
    assert told.startswith(
        f"Left wins: on average over 1000 states the best action is known in {100 * shares[goal].mean():.0f} %"
    )
    assert re.search(r"You guessed left: right\..* left 1, right 0, about the same 0\.$", told)
    found = re.search(r"With the reward in each bin in turn, the same suppliers reach (\d+) % and (\d+) %", told)
    assert int(found[1]) == round(100 * area(shares))
    assert int(found[2]) < 10
    assert f"{len(bins) - 1} of {len(bins) - 1} bins" in part(page, "left-maze").get_attribute("aria-label")
    part(page, "again").click()
    told = race(page, "right")
    assert re.search(r"You guessed right: wrong\..* left 2, right 0, about the same 0\.$", told)


def test_the_same_supplier_twice_is_about_the_same(draw):
    page = draw(left="uniform", right="uniform")
    told = race(page, "same")
    assert told.startswith("Neither wins")
    assert "You guessed about the same: right." in told
    assert picture(page, "left-maze") != picture(page, "right-maze")  # in colour alone: each side has its own


@pytest.mark.parametrize("event", [30, 100, 1000])
@pytest.mark.parametrize("name", TASKS)
def test_steps_teach_by_q_learning_and_jumps_are_refused(draw, name, event):
    told = race(draw(task=name, event=event, learner="steps", left="adaptation"), "right")
    found = re.search(r"made (\d+) backups and (\d+) refused jumps on the left, (\d+) backups and 0 refused", told)
    assert 0 < int(found[2]) < int(found[1]) < 1000
    assert 900 < int(found[3]) <= 1000


def test_every_choice_asks_for_a_new_guess(draw):
    page = draw(left="sweeping")
    race(page)
    for name, value in {
        "left": "reversed",
        "right": "shuffled",
        "task": "t-maze-cells",
        "learner": "steps",
        "event": "30",
    }.items():
        part(page, "guess-left").check()
        part(page, name).select_option(value)
        assert str(page.evaluate("(name) => figure.model.get(name)", name)) == value
        assert not part(page, "guess-left").is_checked()
        assert part(page, "play").get_attribute("aria-disabled") == "true"
    assert "maze of 25 bins" in sentence(page)
    assert "left 0, right 0" not in race(page)


def test_a_guess_holds_while_the_race_runs(draw):
    page = draw()
    part(page, "guess-left").check()
    part(page, "play").click()
    wait(page, lambda: steps(page) > 100)
    part(page, "guess-right").click()
    assert part(page, "guess-left").is_checked()
    wait(page, lambda: "You guessed left" in sentence(page))


def test_learnt_bins_are_ringed_and_not_told_by_colour_alone(draw):
    """The same values, learnt or not: what differs is drawn in the colour of text."""
    changed, dark = draw().evaluate(
        """() => {
          const { Maze, ValueBackups, ValuePicture, palette } = figure.module;
          const scene = figure.model.get("scenes")["t-maze-cells"];
          const canvas = document.querySelector("[data-part=left-maze]");
          const colours = { ...palette(document.querySelector(".replay-explorer")), text: "#00ff00" };
          const picture = new ValuePicture(canvas);
          picture.begin(scene, "#0000ff", colours);
          const { width, height } = canvas;
          const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
          const learner = new ValueBackups(new Maze(scene.bins.neighbours, 0, 0.95));
          learner.values[8].fill(0.7);
          const seen = [false, true].map((learnt) => {
            learner.learnt[8] = learnt;
            picture.draw(learner, -1);
            copy.clearRect(0, 0, width, height);
            copy.drawImage(canvas, 0, 0);
            return copy.getImageData(0, 0, width, height).data;
          });
          let [changed, dark] = [0, 0];
          for (let i = 0; i < seen[0].length; i += 4) {
            if (seen[0].subarray(i, i + 4).every((one, k) => one === seen[1][i + k])) continue;
            changed += 1;
            dark += seen[1][i + 1] > 200 && seen[1][i + 2] < 80;
          }
          return [changed, dark];
        }"""
    )
    assert changed > 30
    assert dark > changed / 4


def test_words_change_at_most_five_times_a_second(draw):
    page = draw()
    page.evaluate("""() => {
      window.changes = { sentence: 0, status: 0 };
      for (const name of Object.keys(changes)) {
        new MutationObserver(() => { changes[name] += 1; })
          .observe(document.querySelector(`[data-part=${name}]`), { childList: true });
      }
    }""")
    slide(page, "speed", 1)
    part(page, "guess-left").check()
    part(page, "play").click()
    wait(page, lambda: steps(page) > 10)
    page.evaluate("Object.assign(changes, { sentence: 0, status: 0 })")
    for _ in range(100):
        page.clock.run_for(50)  # in small parts: each change is seen by itself
    counts = page.evaluate("changes")
    assert 10 < counts["sentence"] <= 26
    assert 1 <= counts["status"] <= 2


def test_who_wants_less_motion_sees_a_still_picture_each_second(draw):
    page = draw({"reduced_motion": "reduce"})
    part(page, "guess-left").check()
    part(page, "play").click()
    wait(page, lambda: steps(page) >= 100)
    seen = set()
    for _ in range(40):
        seen.add(picture(page, "right-maze"))
        page.clock.run_for(100)
    assert 3 <= len(seen) <= 6
    wait(page, lambda: "You guessed" in sentence(page))


@pytest.mark.parametrize("name", TASKS)
def test_a_phone_shows_the_race_on_one_screen_and_a_finger_runs_it(draw, name):
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "device_scale_factor": 2}
    page = draw(phone, task=name)
    for one in ("guess-right", "play"):
        part(page, one).tap()
    wait(page, lambda: steps(page) > 200)
    names = ("left-maze", "right-maze", "left", "right", "guess-same", "play", "again", "chart", "sentence")
    boxes = [part(page, one).bounding_box() for one in names]
    assert max(box["y"] + box["height"] for box in boxes) - boxes[0]["y"] <= 700
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= 390 for box in boxes)
    assert boxes[0]["y"] == boxes[1]["y"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    wait(page, lambda: "You guessed right" in sentence(page))


def test_dark_pages_have_pictures_of_their_own(draw):
    page = draw()
    before = [picture(page, one) for one in ("left-maze", "chart")]
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.clock.run_for(100)
    assert all(picture(page, one) != old for one, old in zip(("left-maze", "chart"), before, strict=True))


def test_it_ends_without_a_trace(draw):
    page = draw()
    part(page, "guess-left").check()
    part(page, "play").click()
    wait(page, lambda: steps(page) > 50)
    page.evaluate("figure.end()")
    before = steps(page)
    page.evaluate("figure.model.set('seed', 5)")
    page.clock.run_for(2000)
    assert steps(page) == before


@pytest.mark.parametrize(
    ("name", "value"), [("left", "owl"), ("right", ""), ("learner", "x"), ("event", 31), ("seed", -1), ("task", "rat")]
)
def test_senseless_states_are_refused(widget, name, value):
    before = getattr(widget, name)
    with pytest.raises(TraitError, match=name):
        setattr(widget, name, value)
    assert getattr(widget, name) == before


@pytest.mark.parametrize("file", [False, True])
def test_it_runs_in_the_chapter_without_a_kernel_and_from_a_file(visit, file):
    found = visit(CHAPTER, width=390, url=(SITE / f"{CHAPTER}.html").as_uri() if file else None)
    figure = found.page.locator(".replay-explorer.value")
    figure.scroll_into_view_if_needed()
    figure.locator("[data-part=right]").select_option("sweeping")
    slide(found.page, "speed", 20)
    figure.locator("[data-part=guess-right]").check()
    figure.locator("[data-part=play]").click()
    figure.get_by_text("You guessed right: right.").first.wait_for(timeout=60_000)
    # A page from a file may not load the icons' font, as the browser says of every page.
    told = [one for one in found.console if not (file and ("font" in one or "ERR_FAILED" in one))]
    assert told == []
    assert found.outside == []
