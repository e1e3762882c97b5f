"""The same settings train the same weights, to the last bit, in Node, in Chromium and in Firefox."""

import http.server
import shutil
import subprocess
import threading
from pathlib import Path

import pytest
from maze_engine import run_engine
from playwright.sync_api import Browser

from replaylib.explorer.maze_lab.source import ENGINE_SOURCE

ITERATIONS = 25
TRAIN = """
const prints = [["figure-of-eight", true, 0.5], ["box", false, 0.3]].map(([maze, symmetric, leak]) => {
  const settings = { ...lab.DEFAULTS, maze, symmetric, leak, units: 48, seed: 3 };
  const training = new lab.Training(settings, lab.loadProducts());
  for (let i = 0; i < ITERATIONS; i += 1) training.step();
  return training.fingerprint() + String(training.heldOut(1).error);
});
""".replace("ITERATIONS", str(ITERATIONS))

IN_PAGE = f"""async (source) => {{
  const url = URL.createObjectURL(new Blob([source], {{ type: "text/javascript" }}));
  const lab = await import(url);
  {TRAIN}
  return prints;
}}"""


@pytest.fixture(scope="module")
def in_node():
    return run_engine(f"{TRAIN} return prints;")


def test_chromium_trains_the_same_bits(in_node, browser: Browser):
    page = browser.new_page()
    assert page.evaluate(IN_PAGE, ENGINE_SOURCE) == in_node
    page.close()


class Reports(http.server.BaseHTTPRequestHandler):
    """Serves a page that trains, and hears what came of it."""

    heard: list[str]
    done: threading.Event

    def do_GET(self) -> None:
        self.answer("text/javascript" if self.path == "/engine.mjs" else "text/html", self.text())

    def text(self) -> str:
        if self.path == "/engine.mjs":
            return ENGINE_SOURCE
        return f"""<!DOCTYPE html><script type="module">
          const tell = (text) => fetch("/told", {{ method: "POST", body: text }});
          try {{
            const lab = await import("/engine.mjs");
            {TRAIN}
            tell(prints.join(" "));
          }} catch (error) {{
            tell(String(error));
          }}
        </script>"""

    def do_POST(self) -> None:
        self.heard.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.answer("text/plain", "")
        self.done.set()

    def answer(self, kind: str, text: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


QUIET = ("datareporting.policy.dataSubmissionEnabled", "app.normandy.enabled", "browser.shell.checkDefaultBrowser")
"""What a new Firefox would do of itself."""


@pytest.mark.slow
def test_firefox_trains_the_same_bits(in_node, tmp_path: Path):
    firefox = shutil.which("firefox") or shutil.which("firefox-esr")
    if firefox is None:
        pytest.skip("Firefox is not on this machine")
    (tmp_path / "user.js").write_text("".join(f'user_pref("{name}", false);\n' for name in QUIET))
    handler = type("Handler", (Reports,), {"heard": [], "done": threading.Event()})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/"
        command = [firefox, "--headless", "--no-remote", "--profile", str(tmp_path), address]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
            handler.done.wait(timeout=120)
            running.terminate()
        server.shutdown()
    assert handler.heard == [" ".join(in_node)]
