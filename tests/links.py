"""Ask for every address outside that the built site links to: python tests/links.py [_build/html].

The exit status is 1 where one of them is broken: the server says that there is no such page, or there is no server.
What a server only refuses to machines (401, 403, 429 and the like), as publishers do, is told and does no harm.
"""

import html
import re
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ATTRIBUTE = re.compile(
    r"""<(?:a|img|link|script|iframe)\b[^>]*?\s(?:href|src)=["'](https?://[^"']+)["']""", re.IGNORECASE
)
HEADERS = {"User-Agent": "Mozilla/5.0 (the weekly link check of a course)", "Accept": "*/*"}
GONE = (404, 410)
AT_ONCE = 8
"""Requests under way at the same time."""
TIMEOUT = 30.0
"""Of a request [s]."""
PAUSE = 5.0
"""Before an address that did not answer is asked again [s]."""


def outside(site: Path) -> dict[str, list[str]]:
    """Addresses that the pages under a folder link to, without their fragments, and for each the pages that do."""
    found: dict[str, list[str]] = {}
    for page in sorted(site.rglob("*.html")):
        addresses = ATTRIBUTE.findall(page.read_text(encoding="utf-8"))
        for plain in {html.unescape(address).partition("#")[0] for address in addresses}:
            found.setdefault(plain, []).append(str(page.relative_to(site)))
    return found


def answer(address: str, tries: int = 3, pause: float = PAUSE) -> int | str:
    """The status that a server gives for an address, after redirections; or in words why it gave none.

    A server that fails, or does not answer, is asked ``tries`` times, with ``pause`` seconds between.
    """
    told: int | str = "not asked"
    for number in range(tries):
        time.sleep(pause if number else 0)
        told = _ask(address)
        if isinstance(told, int) and told < 500:
            break
    return told


def _ask(address: str) -> int | str:
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=HEADERS), timeout=TIMEOUT) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code
    except (OSError, ValueError) as error:  # URLError, timeouts and certificates are of the first kind
        return str(getattr(error, "reason", error)) or type(error).__name__


def broken(told: int | str) -> bool:
    """Whether an answer means that the link leads nowhere."""
    return isinstance(told, str) or told in GONE or told >= 500


def check(addresses: Iterable[str], tries: int = 3, pause: float = PAUSE) -> dict[str, int | str]:
    """The answer for each address, eight of them asked at a time."""
    listed = list(addresses)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(zip(listed, pool.map(lambda one: answer(one, tries, pause), listed), strict=True))


def main(site: Path, tries: int = 3, pause: float = PAUSE) -> int:
    """Check a site and tell what was found; 1 where a link is broken, 2 where there is no site."""
    links = outside(site)
    if not links:
        sys.stderr.write(f"Pages with links were expected under {site}, but none are there: run make book first.\n")
        return 2
    told = check(links, tries, pause)
    for address in sorted(told, key=lambda one: broken(told[one])):
        if told[address] != 200:
            word = "BROKEN" if broken(told[address]) else "not told to machines"
            sys.stdout.write(f"{word}: {address} ({told[address]}), in {links[address][0]}\n")
    count = sum(map(broken, told.values()))
    sys.stdout.write(f"{len(told)} addresses asked, {count} broken.\n")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "_build/html")))
