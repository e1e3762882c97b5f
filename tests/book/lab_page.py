"""What the tests of the maze lab's page share: the lab on a page of its own, which needs no built book."""

import hashlib
import json
from pathlib import Path

import torch
from playwright.sync_api import Locator, Page

from replaylib.explorer import MazeLab
from replaylib.networks.network import PathIntegrator

PAGE = """<!doctype html><html lang="en" data-theme="light"><head><meta charset="utf-8"><title>The lab</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"><style>
body { margin: 0; font-family: sans-serif; background: #ffffff; color: #1f2328; }
html[data-theme="dark"] body { background: #14181e; color: #e6e9ec; }
.bd-header-article { height: 3rem; position: sticky; top: 0; z-index: 10; background: #888888; }
main { max-width: 760px; margin: 0 auto; padding: 0 16px 60vh; }
STYLE</style></head><body><div class="bd-header-article"></div><main><article class="bd-article"><h1>The lab</h1>
<p>A sentence before it.</p><div id="place"></div><p>A sentence after it.</p></article></main><script>
const flags = new URLSearchParams(location.search);
if (flags.has("slices")) delete window.Worker;
const state = { ...STATE, small: flags.has("small") };
const changes = new EventTarget();
const model = {
  widget_manager: flags.has("kernel") ? {} : undefined,
  get: (name) => state[name],
  set: (name, value) => {
    if (state[name] === value) return;
    state[name] = value;
    changes.dispatchEvent(new Event(`change:${name}`));
  },
  save_changes: () => {},
  on: (name, listener) => changes.addEventListener(name, listener),
  off: (name, listener) => changes.removeEventListener(name, listener),
};
window.lab = { state, model };
import(URL.createObjectURL(new Blob([CODE], { type: "text/javascript" }))).then(async (figure) => {
  lab.end = await figure.default.render({ model, el: document.getElementById("place") });
  lab.ready = true;
});
</script></body></html>"""

LINK = "lab=1&maze={maze}&leak=0.5&noise=0.1&pauses=1&symmetric=1&units={units}&seed={seed}&iterations={iterations}"


def link(maze: str = "triangle", iterations: int = 40, units: int = 32, seed: int = 0) -> str:
    """The hash of a link to the lab; ``maze`` may carry the corners of a drawn one."""
    return LINK.format(maze=maze, iterations=iterations, units=units, seed=seed)


def write(folder: Path) -> None:
    """Write the page into a folder."""
    widget = MazeLab()
    state = {"book": dict(widget.book), "settings": {}, "maze": {}, "saved": None}
    code = json.dumps(str(MazeLab._esm)).replace("</", "<\\/")
    page = PAGE.replace("STYLE", str(MazeLab._css)).replace("STATE", json.dumps(state)).replace("CODE", code)
    (folder / "index.html").write_text(page, encoding="utf-8")


def part(page: Page, stage: str, name: str) -> Locator:
    """A part of one of the lab's stages, by its data-part."""
    return page.locator(f".maze-lab [data-panel={stage}] [data-part={name}]")


def about(page: Page, stage: str = "train") -> str:
    """The sentence under the picture of a stage."""
    return part(page, stage, "about").inner_text()


def wait_for(page: Page, words: str, stage: str = "train") -> None:
    """Wait until the sentence of a stage holds these words."""
    page.wait_for_function(
        """([stage, words]) =>
          document.querySelector(`[data-panel=${stage}] [data-part=about]`).textContent.includes(words)""",
        arg=[stage, words],
    )


def train(page: Page) -> str:
    """Train a network in the maze that is shown; its fingerprint."""
    part(page, "draw", "train").click()
    wait_for(page, "Trained")
    return fingerprint(page)


def fingerprint(page: Page) -> str:
    """The fingerprint that the page tells, whole."""
    return str(part(page, "train", "fingerprint").get_attribute("data-whole"))


def fingerprint_of(network: PathIntegrator) -> str:
    """The same of a network in Python: the SHA-256 of its weights."""
    tensors = [getattr(network, name) for name in ("recurrent", "input", "bias", "encoder", "encoder_bias", "decoder")]
    return hashlib.sha256(b"".join(one.detach().to(torch.float32).numpy().tobytes() for one in tensors)).hexdigest()


def notice(page: Page) -> str:
    """The sentence that the lab shows when something went another way than asked; empty where it shows none."""
    shown = page.locator(".maze-lab > [data-part=notice]")
    return shown.inner_text() if shown.is_visible() else ""
