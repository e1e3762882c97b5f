"""The maze lab's engine as one JavaScript module: its files in order, with the compiled products inside."""

import base64
from pathlib import Path

FOLDER = Path(__file__).parent

COMPILER = "assemblyscript@0.28.20"
COMPILE = ("--yes", "--package", COMPILER, "asc", "-O3", "--runtime", "stub", "--noAssert", "--enable", "simd")
"""Arguments of npx that compile products.ts, before its path: ``make products`` does it."""

ENGINE_FILES = (
    "arithmetic.js",
    "sha256.js",
    "plain_products.js",
    "products.js",
    "../travel.js",
    "../update_rule.js",
    "tours.js",
    "mazes.js",
    "strokes.js",
    "places.js",
    "settings.js",
    "motion.js",
    "network.js",
    "sequence.js",
    "optimiser.js",
    "training.js",
    "scene.js",
    "dream.js",
    "eigenvalues.js",
    "stiffness.js",
    "safetensors.js",
    "engine.js",
)
"""The engine's files: each uses only names of those before it when it is loaded, and of any when it is called."""


def engine_source() -> str:
    """The engine as the text of one ES module, which needs no other file.

    Raises FileNotFoundError where a file is missing.
    """
    products = base64.b64encode((FOLDER / "products.wasm").read_bytes()).decode()
    texts = [(FOLDER / name).read_text(encoding="utf-8") for name in ENGINE_FILES]
    return "\n".join([f'const PRODUCTS_BYTES = "{products}";', *texts])


ENGINE_SOURCE = engine_source()
"""The text of the engine's module.

:meta hide-value:
"""
