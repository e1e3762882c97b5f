"""What comes into the maze lab from outside, and what goes out: links, files, a kernel. Bad input loses nothing."""

import base64

import pytest
import torch
from lab_page import about, fingerprint, fingerprint_of, link, notice, part, train, wait_for

from replaylib.explorer import MazeLab
from replaylib.networks import pretrained
from replaylib.networks.rests import predicted_onset

MANY = ";".join("0,0" for _ in range(10_000))
HOSTILE = {
    "lab=1&maze=drawn&corners=" + MANY + "&lines=0-1": "at most 8000 characters",
    "lab=1&maze=drawn&corners=" + MANY[:4000] + "&lines=0-1": "at most 64 corners",
    "lab=1&maze=<img src=x onerror=alert(1)>": "The maze must be one of",
    "lab=1&leak=1e9": "leak must be a number from 0 to 1",
    "lab=1&units=100000": "units must be one of",
    "lab=1&%E0%A4%A": "not written as links are",
    "lab=9": "must be of version 1",
}


def load(page, content: bytes, name: str = "some.safetensors") -> None:
    """Give the page a file to load."""
    page.locator("[data-part=file]").set_input_files({"name": name, "mimeType": "", "buffer": content})


def saved(page, folder) -> bytes:
    """The file that the page hands over."""
    with page.expect_download() as download:
        part(page, "train", "save").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path.read_bytes()


@pytest.mark.parametrize(("hash_text", "words"), HOSTILE.items(), ids=range(len(HOSTILE)))
def test_a_hostile_link_is_told_in_a_sentence_and_changes_nothing(open_lab, hash_text, words):
    found = open_lab(hash_text)
    assert words in notice(found.page)
    assert "begins with its defaults" in notice(found.page)
    assert found.page.locator("[data-maze=triangle]").get_attribute("aria-pressed") == "true"
    assert part(found.page, "draw", "train").is_enabled()
    assert found.console == []


def test_a_link_of_another_figure_is_left_alone(open_lab):
    page = open_lab("task=triangle-cells&seed=3").page
    assert notice(page) == ""
    page.locator("[data-maze=ring]").click()
    page.evaluate("location.hash = '#what-you-see'")
    page.wait_for_timeout(100)
    assert page.locator("[data-maze=ring]").get_attribute("aria-pressed") == "true"


def test_a_saved_network_is_the_same_in_python_and_comes_back(open_lab, tmp_path):
    page = open_lab(link(iterations=60)).page
    whole = train(page)
    content = saved(page, tmp_path)
    network = pretrained.read(tmp_path / "maze-lab-triangle-0.safetensors")
    assert fingerprint_of(network) == whole
    assert (network.settings.hidden, len(network.cells.centres)) == (32, 48)
    other = open_lab().page
    other.get_by_role("tab", name="Train").click()
    load(other, content)
    wait_for(other, "Two dreams wait", stage="dream")
    assert fingerprint(other) == whole
    assert other.locator("[data-setting=units]").input_value() == "32"

    # Predict first: the page's own threshold is told after a guess only, and is that of the package.
    told = part(other, "dream", "mobility").inner_text
    assert "Predict first" in told()
    assert "on an even track" not in told()
    part(other, "dream", "guess").click()
    other.wait_for_function("document.querySelector('[data-part=mobility]').textContent.includes('from about')")
    words = told().split("from about ")[1]
    setting = {name: float(other.locator(f"[data-setting={name}]").input_value()) for name in ("time", "friction")}
    starts = network.initial(network.cells.encode(network.cells.centres)).detach()
    assert float(words.split(" on;")[0]) == pytest.approx(predicted_onset(network.drift, starts, **setting), rel=0.2)
    assert other.locator("[data-part=mark]").is_visible()


def test_files_that_are_none_are_told_and_the_network_stays(open_lab, tmp_path):
    page = open_lab(link(iterations=20)).page
    whole = train(page)
    content = saved(page, tmp_path)
    damaged = bytearray(content)
    damaged[-7] ^= 1
    foreign = b'{"no": "network"}' * 20
    for wrong, words in (
        (bytes(damaged), "damaged"),
        (content[:-9], "cut off"),
        (foreign, "file"),
        (b"", "too short"),
        (content + bytes(9_000_000), "at most 8 MB"),
    ):
        load(page, wrong)
        page.wait_for_function(
            "(words) => document.querySelector('.maze-lab > [data-part=notice]').textContent.includes(words)", arg=words
        )
    assert fingerprint(page) == whole
    assert "Trained: 20 iterations" in about(page)
    part(page, "train", "dream").click()
    part(page, "dream", "play").click()
    page.wait_for_function(
        "document.querySelector('[data-panel=dream] [data-part=about]').textContent.includes('After')"
    )


def test_a_kernel_follows_the_page_and_the_page_the_kernel(open_lab):
    page = open_lab(flags="kernel").page
    lab = MazeLab(maze="t-maze", units=32, iterations=20, seed=3)
    page.evaluate("(settings) => window.lab.model.set('settings', settings)", lab.settings)
    assert page.locator("[data-maze=t-maze]").get_attribute("aria-pressed") == "true"
    whole = train(page)
    page.wait_for_function("window.lab.state.saved")
    text = page.evaluate(
        """() => {
          const { buffer, byteOffset, byteLength } = window.lab.state.saved;
          return btoa(String.fromCharCode(...new Uint8Array(buffer, byteOffset, byteLength)));
        }"""
    )
    state = page.evaluate("({ settings: window.lab.state.settings, maze: window.lab.state.maze })")
    lab.set_state({**state, "saved": base64.b64decode(text)})
    assert fingerprint_of(lab.network) == whole
    assert lab.settings == {**lab.settings, "maze": "t-maze", "units": 32, "iterations": 20, "seed": 3}
    assert float(lab.track.lengths.sum()) == pytest.approx(3.6)
    assert torch.equal(lab.track.landmarks[:, 1], torch.tensor([-0.8, 0.8, 0.8]))
    page.evaluate("window.lab.model.set('settings', { leak: 7 })")
    assert "leak must be a number from 0 to 1" in notice(page)
    assert page.locator("[data-maze=t-maze]").get_attribute("aria-pressed") == "true"
