"""Folders as zip files: the same content gives the same bytes."""

import os
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

MOMENT = (2026, 1, 1, 0, 0, 0)
"""When all files were made, as far as an archive tells."""


def write_zip(target: Path, parts: Mapping[str, bytes], first: Mapping[str, bytes] | None = None) -> None:
    """Write a zip file of these parts by their names. ``first``: stand in front, as they are."""
    target.parent.mkdir(exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (first or {}).items():
            archive.writestr(zipfile.ZipInfo(name, MOMENT), content)
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    os.replace(part, target)


def pack(folder: Path, target: Path, name: str = "", keep: Callable[[Path], bool] = lambda path: True) -> None:
    """Zip what is kept of a folder, which is called ``name`` in the archive, by default as it is called."""
    found = {path.relative_to(folder): path for path in sorted(folder.rglob("*")) if path.is_file() and path != target}
    root = name or folder.name
    write_zip(target, {f"{root}/{at.as_posix()}": path.read_bytes() for at, path in found.items() if keep(at)})
