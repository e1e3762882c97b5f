"""What makes a frame of the live figure cheap, counted and not timed, so that it holds on any machine.

The figure stands on a bare page, which needs no built book; its clock and its canvases are watched.
"""

import statistics

import pytest
from conftest import ROOT
from live_figure import draw_alone, slide

FOLDER = ROOT / "replaylib" / "explorer"
FRAME = 16
"""Milliseconds of a frame of the page's clock."""

WATCH = """
window.spent = { calls: 0, points: 0, still: 0 };
const points = new WeakMap();
for (const type of [Path2D, CanvasRenderingContext2D]) {
  for (const name of Object.getOwnPropertyNames(type.prototype)) {
    const { value } = Object.getOwnPropertyDescriptor(type.prototype, name);
    if (typeof value !== "function") continue;
    type.prototype[name] = function (...given) {
      spent.calls += 1;
      if (["lineTo", "moveTo", "arc"].includes(name)) points.set(this, (points.get(this) ?? 0) + 1);
      if (name === "beginPath") points.set(this, 0);
      if (name === "stroke") spent.points += points.get(given[0] ?? this) ?? 0;
      if (name === "fillRect") spent.still += 1; // only the ground of the awake animal is made of rectangles
      return value.apply(this, given);
    };
  }
}
"""


@pytest.fixture
def figure(browser, address, explorer):
    """A page with the figure at rest, whose calls of canvases are counted; its clock stands until a test moves it."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, device_scale_factor=2)
    context.clock.install(time=0)
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(f"{address(FOLDER)}/roots.css")
    draw_alone(page, explorer, autoplay=False)
    page.clock.pause_at(10_000)
    yield page
    context.close()


def frames(page, count: int) -> list[dict[str, int]]:
    """Calls of canvases, and points stroked, in each of so many frames."""
    page.evaluate("""() => {
      window.frames_seen = [];
      window.spent = { calls: 0, points: 0, still: 0 };
      const next = () => {
        frames_seen.push(spent);
        spent = { calls: 0, points: 0, still: 0 };
        requestAnimationFrame(next);
      };
      requestAnimationFrame(next);
    }""")
    page.clock.run_for(FRAME * count)
    return list(page.evaluate("frames_seen"))


@pytest.mark.parametrize("task", ["triangle-cells", "rat"])
def test_a_frame_costs_the_same_at_any_length_and_draws_nothing_still(figure, task):
    figure.set_viewport_size({"width": 390, "height": 2400})  # the chart too is in view
    figure.locator("[data-part=task]").select_option(task)
    figure.locator("[data-part=play]").click()
    found = frames(figure, 190)  # nearly to the end, at three steps a frame
    busy = [one for one in found if one["calls"]]
    assert len(busy) > 180
    # From here on a trail is as long as it gets. All frames between two fadings count, 20 steps apart.
    early, late = busy[90:130], busy[-40:]
    for cost in ("calls", "points"):
        before, after = (statistics.mean(one[cost] for one in some) for some in (early, late))
        assert after == pytest.approx(before, rel=0.15), cost
    assert statistics.median(one["points"] for one in busy) < 120
    assert max(one["points"] for one in busy) < 800
    assert sum(one["still"] for one in busy) == 0


def test_what_stands_still_is_drawn_again_for_another_place_size_or_theme(figure):
    def drawn(act) -> int:
        figure.evaluate("window.spent = { calls: 0, points: 0, still: 0 }")
        act()
        figure.clock.run_for(200)
        figure.wait_for_timeout(100)
        return figure.evaluate("spent.still")

    dark = "(theme) => document.documentElement.dataset.theme = theme"
    figure.locator("[data-part=play]").click()
    figure.clock.run_for(500)
    assert drawn(lambda: slide(figure, "friction", 0.5)) == 0
    assert drawn(lambda: figure.locator("[data-part=reset]").click()) == 0
    assert drawn(lambda: figure.locator("[data-part=task]").select_option("rat")) > 1000
    assert drawn(lambda: figure.set_viewport_size({"width": 700, "height": 844})) > 1000
    assert drawn(lambda: figure.evaluate(dark, "dark")) > 1000
    assert drawn(lambda: figure.evaluate(dark, "dark")) == 0


def test_words_and_numbers_change_at_most_five_times_a_second(figure):
    figure.evaluate("""() => {
      window.changes = { texts: 0, names: 0 };
      const kinds = { attributes: "names", childList: "texts" };
      const count = (records) => records.forEach(({ type }) => { changes[kinds[type]] += 1; });
      for (const part of ["sentence", "window-1"]) {
        new MutationObserver(count).observe(document.querySelector(`[data-part=${part}]`), { childList: true });
      }
      new MutationObserver(count).observe(document.querySelector("[data-part=right]"), { attributes: true });
    }""")
    figure.locator("[data-part=play]").click()
    frames(figure, 125)  # two seconds
    texts, names = figure.evaluate("[changes.texts, changes.names]")
    assert 2 * 4 * 2 <= texts <= 2 * 5 * 2 + 4
    assert 2 * 4 <= names <= 2 * 5 + 2


def test_a_trail_looks_the_same_however_it_came_to_be(figure):
    """Step by step, in strides, at once: the picture depends on the path alone."""
    far = figure.evaluate("""() => {
      const { TrackPicture, palette } = figure.module;
      const scene = figure.model.get("scenes")["triangle-cells"];
      const colours = palette(document.querySelector(".replay-explorer"));
      const canvas = document.querySelector("[data-part=right]");
      const path = Array.from({ length: 477 }, (_, i) => [Math.sin(i / 9) * (i % 7) / 7, Math.cos(i / 23)]);
      const shown = (strides) => {
        const picture = new TrackPicture(canvas);
        picture.begin(scene, colours.mechanism, colours);
        for (const end of strides) picture.draw({ path: path.slice(0, end), landmarks: [] });
        return canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
      };
      const every = (stride) => path.map((_, i) => i + 1).filter((end) => end % stride === 0 || end === 477);
      const pictures = [[477], every(1), every(3), every(50), [20, 240, 241, 477], [476]].map(shown);
      const farthest = (one) => one.reduce((far, value, i) => Math.max(far, Math.abs(value - pictures[0][i])), 0);
      return pictures.slice(1).map(farthest);
    }""")
    assert far[:4] == [0, 0, 0, 0]
    assert far[4] > 50, "another path gives another picture"
