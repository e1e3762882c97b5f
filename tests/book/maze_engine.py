"""Runs the maze lab's engine in the Node that Playwright ships: data in and out as JSON."""

import json
import math
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import torch
from playwright._impl._driver import compute_driver_executable

from replaylib.explorer.maze_lab.source import ENGINE_SOURCE

HARNESS = """
import { readFileSync, writeSync } from "node:fs";
import * as lab from "./engine.mjs";
const data = JSON.parse(readFileSync(0, "utf8"));
const asJson = (key, value) => {
  if (ArrayBuffer.isView(value)) return Array.from(value, (one) => asJson("", one));
  if (value instanceof Set) return [...value];
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
};
const act = async () => { BODY };
const text = JSON.stringify(await act() ?? null, asJson);
for (let bytes = Buffer.from(text); bytes.length; ) bytes = bytes.subarray(writeSync(1, bytes));
"""


def run_engine(body: str, data: object = None, source: str = ENGINE_SOURCE, limit: float = 120) -> Any:
    """What ``body``, the body of an asynchronous JavaScript function, returns.

    It finds the engine's exports in ``lab`` and the given ``data`` in ``data``. Typed arrays and sets come back as
    lists, numbers that are not finite as their names. ``limit``: seconds until it is given up.
    Raises AssertionError with what Node said where the body fails.
    """
    node, _ = compute_driver_executable()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "engine.mjs").write_text(source, encoding="utf-8")
        script = Path(folder, "script.mjs")
        script.write_text(HARNESS.replace("BODY", body), encoding="utf-8")
        given = json.dumps(data)
        done = subprocess.run([node, script], input=given, capture_output=True, text=True, timeout=limit, check=False)
    assert done.returncode == 0, f"the engine must run, but Node said: {done.stderr[-2000:]}"
    return json.loads(done.stdout)


def flat(network: dict[str, Any], name: str, *shape: int) -> torch.Tensor:
    """A tensor of a network that came from the engine, in a shape."""
    assert len(network[name]) == math.prod(shape)
    return torch.tensor(network[name], dtype=torch.float32).reshape(shape)
