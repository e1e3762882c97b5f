"""Files: tensors and their description in one safetensors file, written whole or not at all."""

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from numbers import Integral, Real
from pathlib import Path
from typing import Any

import torch
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
    """Write tensors and a JSON description to one safetensors file, atomically, with the SHA-256 of both."""
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    text = json.dumps(card, default=describe)  # NumPy's numbers, where a user gave them
    write_atomically(path, save(tensors, {"card": text, "sha256": _digest(tensors, text)}))


def _digest(tensors: Mapping[str, Tensor], text: str) -> str:
    """SHA-256 of a description and of the names, types, shapes and bytes of tensors."""
    digest = hashlib.sha256(text.encode())
    for name, tensor in sorted(tensors.items()):
        digest.update(f"{name} {tensor.dtype} {list(tensor.shape)}".encode())
        digest.update(tensor.reshape(-1).view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()


def read_tensors(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Read what ``write_tensors`` wrote: the tensors, in memory of their own, and their description.

    Raises FileNotFoundError where there is no such file, ValueError where it is truncated, altered or of another kind.
    A file without a SHA-256, as earlier versions wrote it, is read unchecked.
    """
    if not path.is_file():
        raise FileNotFoundError(f"a safetensors file was expected at {path}, but there is none.")
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            # Copies: the file itself stays mapped to memory otherwise, and Windows lets none replace a mapped file.
            tensors = {name: file.get_tensor(name).clone() for name in file.keys()}  # noqa: SIM118 (not a dict)
    except (SafetensorError, OSError) as error:
        raise ValueError(f"{path} must be a whole safetensors file, but it cannot be read: {error}.") from error
    if "card" not in metadata:
        raise ValueError(f"{path} must be a file written by replaylib, but it carries no description.")
    if set(metadata) != {"card"} and metadata != {**metadata, "sha256": _digest(tensors, metadata["card"])}:
        raise ValueError(f"{path} must have the SHA-256 that it names, but its content is another: it is damaged.")
    return tensors, parse_object(path, metadata["card"])


def parse_object(path: Path, text: str | bytes) -> dict[str, Any]:
    """The JSON object in ``text``, read from ``path``. Raises ValueError, naming the file, where there is none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path} must hold a description in JSON, but it cannot be read: {error}.") from error
    if not isinstance(found, dict):
        raise ValueError(f"{path} must hold a JSON object as its description, but it holds {str(found)[:40]!r}.")
    return found


def describe(value: object) -> Any:
    """What a value is made of, in JSON: fields of dataclasses, numbers, shapes of tensors, names of all else."""
    if isinstance(value, bool | str) or value is None:
        return value
    if isinstance(value, Real):
        return int(value) if isinstance(value, Integral) else float(value)
    if isinstance(value, Tensor):
        return list(value.shape)
    if isinstance(value, tuple | list):
        return [describe(one) for one in value]
    if is_dataclass(value) and not isinstance(value, type):
        named = {one.name: describe(getattr(value, one.name)) for one in fields(value)}
        return {"kind": type(value).__qualname__, **named}
    return getattr(value, "__qualname__", type(value).__qualname__)
