"""The built book in a real browser, served on loopback."""

import functools
import http.server
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import lab_page
import pytest
import yaml
from live_figure import PAGE
from playwright.sync_api import Browser, Page, Request, Response, sync_playwright

from replaylib.explorer import ReplayExplorer

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "chapters" / "extension"))
SITE = ROOT / "_build" / "html"
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text())
PAGES = [
    TOC["root"],
    *(
        page["file"]
        for part in TOC["parts"]
        for chapter in part["chapters"]
        for page in (chapter, *chapter.get("sections", []))
    ),
]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing: the tests read requests in the browser."""


@dataclass
class Visit:
    """A page, and what it said and asked for."""

    page: Page
    console: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    answers: list[Response] = field(default_factory=list)

    def listen(self) -> None:
        def request(asked: Request) -> None:
            if not asked.url.startswith(("http://127.0.0.1:", "blob:", "data:", "file:")):
                self.outside.append(asked.url)

        def answered(response: Response) -> None:
            self.answers.append(response)

        self.page.on("console", lambda message: self.console.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.console.append(f"error: {error}"))
        self.page.on("request", request)
        self.page.on("response", answered)

    def scroll_through(self) -> None:
        height = self.page.evaluate("document.documentElement.scrollHeight")
        # The reference is as long as fifty screens and holds nothing live: a few stops are enough.
        for top in range(0, height, max(700, height // 30)):
            self.page.evaluate("(top) => window.scrollTo(0, top)", top)
            self.page.wait_for_timeout(40)


@pytest.fixture(scope="session")
def address() -> Iterator[Callable[[Path], str]]:
    """Serve folders on loopback: maps a folder to its address."""
    servers = []

    def serve(folder: Path) -> str:
        handler = functools.partial(Quiet, directory=str(folder))
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield serve
    for server in servers:
        server.shutdown()


@pytest.fixture(scope="session")
def site(address: Callable[[Path], str]) -> str:
    if not (SITE / "index.html").is_file():
        pytest.fail(f"the built book was expected at {SITE}, but is not there: run make book first")
    return address(SITE)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        instance = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield instance
        instance.close()


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Callable[..., Visit]]:
    """Open a page of the book: visit(name, width=1280, **options of a browser context).

    With ``clock`` a test can let time pass on the page by ``page.clock.run_for``, without waiting itself.
    """
    contexts = []

    def go(name: str, width: int = 1280, url: str | None = None, clock: bool = False, **options: object) -> Visit:
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)  # type: ignore[arg-type]
        # A loaded machine may need long for the longest page.
        context.set_default_timeout(120_000)
        contexts.append(context)
        if clock:
            context.clock.install()
        found = Visit(context.new_page())
        found.listen()
        found.page.goto(url or f"{site}/{name}.html", wait_until="load")
        found.page.wait_for_timeout(300)
        return found

    yield go
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def lab_address(address: Callable[[Path], str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where the maze lab stands on a page of its own."""
    folder = tmp_path_factory.mktemp("lab")
    lab_page.write(folder)
    return f"{address(folder)}/index.html"


@pytest.fixture
def open_lab(browser: Browser, lab_address: str) -> Iterator[Callable[..., Visit]]:
    """The lab on a page of its own: open_lab(hash, flags, width, height, **options of a browser context).

    Flags: "small", "slices" for a browser without workers, "kernel" for a page that has one.
    """
    contexts = []

    def go(link: str = "", flags: str = "", width: int = 1280, height: int = 900, **options: object) -> Visit:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)  # type: ignore[arg-type]
        context.set_default_timeout(120_000)
        contexts.append(context)
        found = Visit(context.new_page())
        found.listen()
        found.page.goto(f"{lab_address}?{flags}#{link}")
        found.page.wait_for_function("window.lab?.ready")
        return found

    yield go
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def explorer() -> ReplayExplorer:
    """The live figure of the welcome page, on the Python side."""
    return ReplayExplorer()


@pytest.fixture
def still(visit: Callable[..., Visit]) -> Page:
    """The welcome page for a reader who wants no motion: nothing moves by itself. All controls are open."""
    page = visit(PAGE, clock=True, reduced_motion="reduce").page
    page.locator("details.more > summary").click()
    page.locator(".replay-explorer").first.scroll_into_view_if_needed()
    return page
