"""What the tests of the live figure share: how to read it, and how to let it run."""

import base64
import re

import pytest
from anywidget import AnyWidget
from playwright.sync_api import Page

PAGE = "chapters/00_welcome"
"""The page whose live figure shows all places."""


def picture(page: Page, part: str = "right") -> str:
    """What a canvas shows."""
    return str(page.eval_on_selector(f".replay-explorer [data-part={part}]", "(canvas) => canvas.toDataURL()"))


def sentence(page: Page) -> str:
    """The sentence under the picture."""
    return page.locator("[data-part=sentence]").first.inner_text()


def steps(page: Page) -> int:
    """Steps that the sentence tells of."""
    found = re.search(r"After (\d+) steps", sentence(page))
    return int(found[1]) if found else 0


def let_run(page: Page, count: int) -> None:
    """Let time pass on the page until a figure that plays has made so many steps: a minute of it is enough for all."""
    for _ in range(60):
        if steps(page) >= count:
            return
        page.clock.run_for(1000)
    pytest.fail(f"{count} steps were expected within a minute, but the figure tells: {sentence(page)}")


def slide(page: Page, part: str, value: float) -> None:
    """Move a slider."""
    page.locator(f"[data-part={part}]").first.evaluate(
        "(input, value) => { input.value = value; input.dispatchEvent(new Event('input', { bubbles: true })); }", value
    )


def speed_after(page: Page, **settings: float) -> float:
    """How many times as fast as the running animal the mechanism is, after 320 steps and more, by the sentence."""
    for part, value in settings.items():
        slide(page, part, value)
    slide(page, "speed", 10)
    page.locator("[data-part=reset]").first.click()
    page.locator("[data-part=play]").first.click()
    let_run(page, 320)
    page.locator("[data-part=play]").first.click()
    found = re.search(r"moves ([\d.]+) times as fast as the running animal", sentence(page))
    assert found, sentence(page)
    return float(found[1])


ALONE = """async ([code, style, state, weights]) => {
  document.head.append(Object.assign(document.createElement("style"), { textContent: style }));
  const module = await import(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
  if (weights) state.weights = new DataView(Uint8Array.from(atob(weights), (one) => one.charCodeAt(0)).buffer);
  const changes = new EventTarget();
  const model = {
    get: (name) => state[name],
    set: (name, value) => { state[name] = value; changes.dispatchEvent(new Event(`change:${name}`)); },
    save_changes: () => {},
    on: (name, listener) => changes.addEventListener(name, listener),
    off: (name, listener) => changes.removeEventListener(name, listener),
  };
  const el = document.createElement("main");
  document.body.replaceChildren(el);
  window.figure = { end: module.default.render({ model, el }), model, module };
}"""


def draw_alone(page: Page, widget: AnyWidget, **values: object) -> None:
    """Draw a widget on a bare page, without the book; the page then has ``figure``, with its model and its module.

    values: traits that differ from those of the widget.
    """
    synced = {name: value for name, value in widget.get_state().items() if not name.startswith("_")}
    weights = base64.b64encode(synced.pop("weights", b"")).decode()
    kept = {name: value for name, value in synced.items() if name not in ("layout", "tabbable", "tooltip")}
    page.evaluate(ALONE, [str(widget._esm), str(widget._css), {**kept, **values}, weights])
