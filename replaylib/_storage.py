"""Files: tensors and their description in one safetensors file, written whole or not at all."""

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor


def write_atomically(path: Path, content: bytes) -> None:
    """Write ``content`` under a temporary name beside ``path``, then rename: a reader never meets half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_tensors(path: Path, tensors: Mapping[str, Tensor], card: Mapping[str, Any]) -> None:
    """Write tensors and a JSON description to one safetensors file, atomically."""
    content = save({name: tensor.detach().contiguous() for name, tensor in tensors.items()}, {"card": json.dumps(card)})
    write_atomically(path, content)


def read_tensors(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Read what ``write_tensors`` wrote: the tensors and their description.

    Raises FileNotFoundError where there is no such file, ValueError where it is truncated or of another kind.
    """
    if not path.is_file():
        raise FileNotFoundError(f"a safetensors file was expected at {path}, but there is none.")
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (not a dict)
    except (SafetensorError, OSError) as error:
        raise ValueError(f"{path} must be a whole safetensors file, but it cannot be read: {error}.") from error
    if "card" not in metadata:
        raise ValueError(f"{path} must be a file written by replaylib, but it carries no description.")
    return tensors, json.loads(metadata["card"])
