"""Firefox without a driver: it speaks WebDriver BiDi, JSON over a socket, when it is started for that."""

import json
import queue
import re
import shutil
import subprocess
import threading
from pathlib import Path
from typing import Any

import websocket

LIMIT = 60.0
"""Seconds until an answer is given up."""


def find() -> str | None:
    """The machine's own Firefox."""
    return shutil.which("firefox-esr") or shutil.which("firefox")


class Firefox:
    """A Firefox with a profile of its own and one tab; ``close`` ends it. ``said``: its console and page errors.

    profile: an empty folder. Raises TimeoutError where it does not start, RuntimeError where a command fails.
    """

    def __init__(self, profile: Path) -> None:
        options = [
            "--headless",
            "--no-remote",
            "--profile",
            str(profile),
            "--remote-debugging-port",
            "0",
            "about:blank",
        ]
        self.process = subprocess.Popen(
            [str(find()), *options], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        self.said: list[str] = []
        self.asked: list[str] = []
        self.count = 0
        try:
            self.socket = websocket.create_connection(f"{self._address()}/session", LIMIT, suppress_origin=True)
            self.call("session.new", capabilities={})
            self.call("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])
            self.context = self.call("browsingContext.getTree")["contexts"][0]["context"]
        except BaseException:
            self.process.kill()
            raise

    def _address(self) -> str:
        found: queue.Queue[str] = queue.Queue()

        def read() -> None:
            for line in self.process.stderr or ():
                if match := re.search(r"BiDi listening on (ws://\S+)", line):
                    found.put(match[1])

        threading.Thread(target=read, daemon=True).start()
        try:
            return found.get(timeout=LIMIT)
        except queue.Empty:
            raise TimeoutError(f"Firefox must tell its address within {LIMIT:g} s, but did not.") from None

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """What a command answers; what is told meanwhile is kept."""
        self.count += 1
        self.socket.send(json.dumps({"id": self.count, "method": method, "params": params}))
        while True:
            told = json.loads(self.socket.recv())
            if told.get("id") == self.count:
                if told["type"] == "error":
                    raise RuntimeError(f"{method} failed: {told['message']}")
                return dict(told["result"])
            if told.get("method") == "log.entryAdded" and told["params"]["level"] in ("warn", "error"):
                self.said.append(str(told["params"]["text"]))
            if told.get("method") == "network.beforeRequestSent":
                self.asked.append(str(told["params"]["request"]["url"]))

    def open(self, url: str) -> None:
        """Go to a page and wait until it is loaded."""
        self.call("browsingContext.navigate", context=self.context, url=url, wait="complete")

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression; a promise is waited for."""
        answer = self.call(
            "script.evaluate", expression=expression, target={"context": self.context}, awaitPromise=True
        )
        if answer["type"] == "exception":
            raise RuntimeError(f"{expression[:80]} failed: {answer['exceptionDetails']['text']}")
        return answer["result"].get("value")

    def close(self) -> None:
        """End it."""
        self.socket.close()
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
