"""The built page of the maze lab in Chromium and Firefox, from a file and from a server: the same network in both."""

from collections.abc import Iterator

import pytest
from conftest import SITE, Visit
from firefox import Firefox, find
from lab_page import link

PAGE = SITE / "chapters" / "maze_lab.html"
HASH = link(iterations=200, units=48, seed=5)
OWN = link("drawn&corners=-1,-1;1,1;-1,1;1,-1&lines=0-1;1-2;2-3", iterations=40)
"""Two strokes cross in this maze."""

TRAIN = """new Promise((done, fail) => {
  const part = (name) => document.querySelector(`.maze-lab [data-part=${name}]`);
  const since = performance.now();
  const wait = setInterval(() => {
    const button = document.querySelector(".maze-lab [data-panel=draw] [data-part=train]");
    if (button && !window.started) { window.started = true; button.click(); }
    const whole = part("fingerprint")?.dataset.whole;
    if (whole || performance.now() - since > 110000) {
      clearInterval(wait);
      whole ? done(whole) : fail(new Error(document.querySelector(".maze-lab")?.innerText ?? "no lab"));
    }
  }, 100);
})"""
"""Presses Train once, and waits for the fingerprint."""


@pytest.fixture(scope="module")
def firefox(tmp_path_factory) -> Iterator[Firefox]:
    if not find():
        pytest.skip("this needs a Firefox, which is not on this machine: apt-get install firefox-esr")
    browser = Firefox(tmp_path_factory.mktemp("firefox"))
    browser.socket.settimeout(150)
    yield browser
    browser.close()


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    if not PAGE.is_file():
        pytest.fail(f"the lab's page was expected at {PAGE}, but is not there: run make book first")


def train_in_chromium(visit, url: str) -> tuple[str, Visit]:
    found = visit("", url=url)
    return found.page.evaluate(TRAIN), found


@pytest.mark.parametrize("hash_text", [HASH, OWN], ids=["preset", "drawn"])
def test_a_link_trains_the_same_network_in_both_browsers(visit, site, firefox, hash_text):
    fingerprint, found = train_in_chromium(visit, f"{site}/chapters/maze_lab.html#{hash_text}")
    assert len(fingerprint) == 64
    firefox.said.clear()
    firefox.asked.clear()
    firefox.open(f"{PAGE.as_uri()}?{len(hash_text)}#{hash_text}")
    assert firefox.evaluate(TRAIN) == fingerprint
    assert firefox.evaluate("document.querySelector('.maze-lab').labConnection.kind") == "worker"
    assert found.page.evaluate("document.querySelector('.maze-lab').labConnection.kind") == "worker"
    assert [url for url in firefox.asked if not url.startswith(("file:", "blob:", "data:"))] == []
    assert firefox.said == []
    assert found.console == []
    assert found.outside == []


def test_it_works_from_a_file(visit):
    _, found = train_in_chromium(visit, f"{PAGE.as_uri()}#{link(iterations=10, units=32)}")
    found.page.locator("[data-panel=train] [data-part=dream]").click()
    found.page.locator("[data-part=play]").click()
    found.page.wait_for_function("document.querySelector('[data-panel=dream]').textContent.includes('After')")
    assert found.page.evaluate("document.querySelector('.maze-lab').labConnection.kind") == "worker"
    # Chromium reads no fonts from files; the theme's icons are one.
    assert [line for line in found.console if "font" not in line and "ERR_FAILED" not in line] == []
    assert found.outside == []


def test_the_page_is_light_and_asks_nobody(visit, site):
    found = visit("chapters/maze_lab")
    found.scroll_through()
    found.page.wait_for_load_state("networkidle")
    bodies = {one.url: len(one.body()) for one in found.answers if one.ok and one.url.startswith(site)}
    assert 200_000 < sum(bodies.values()) < 3_500_000
    assert found.outside == []
    assert found.console == []


def test_the_small_lab_stands_in_its_chapter(visit):
    found = visit("chapters/02_path_integration", width=390)
    lab = found.page.locator(".maze-lab.small")
    lab.scroll_into_view_if_needed()
    lab.locator("[data-setting=units]").select_option("32")
    lab.locator("[data-part=go]").click()
    found.page.wait_for_function("document.querySelector('.maze-lab').textContent.includes('On new paths')")
    lab.locator("[data-part=stop]").click()
    assert found.console == []
    for chapter in ("02_path_integration", "07_momentum", "08_together"):
        assert 'href="maze_lab.html"' in (SITE / "chapters" / f"{chapter}.html").read_text(encoding="utf-8")
