"""The border: what people and other programs have written is read and checked here, before anything is made of it.

A file is a regular one, of bounded size, and its JSON is strict. A check looks at one value and raises ValueError, in
one sentence that begins with the path to the value: ``grid.friction[2] must be a number above 0 and below 2, but ...``.
"""

import json
import math
import os
import re
import stat
import sys
import tempfile
from collections.abc import Callable, Mapping
from numbers import Real
from pathlib import Path
from reprlib import Repr
from typing import Any, NoReturn

import numpy as np

from replaylib._storage import write_atomically

Check = Callable[[Any, str], None]
"""Looks at a value, whose path is the second argument. Raises ValueError where the value is another than it should."""

MOST_BYTES = 2**24
"""Size of the largest JSON file that is read [bytes]: forty times that of the book's ledger."""

LARGEST = sys.float_info.max
"""The largest number that a float holds."""

_SHORT = Repr()
_SHORT.maxstring, _SHORT.maxother, _SHORT.maxlist, _SHORT.maxlevel = 60, 60, 4, 2


def refuse(where: str, expected: str, value: object) -> NoReturn:
    """Raise ValueError: the sentence that all checks speak."""
    raise ValueError(f"{where} must be {expected}, but {_SHORT.repr(value)} came.")


def anything(value: Any, where: str) -> None:
    """Accept every value."""


def truth(value: Any, where: str) -> None:
    """Accept true and false."""
    if not isinstance(value, bool):
        refuse(where, "true or false", value)


def false(value: Any, where: str) -> None:
    """Accept false alone."""
    if value is not False:
        refuse(where, "false", value)


def number(
    least: float = -math.inf, most: float = math.inf, *, above: float = -math.inf, below: float = math.inf
) -> Check:
    """Accept finite numbers from ``least`` to ``most``, and between two others; neither text nor true is one."""
    limits = {"of at least": least, "above": above, "of at most": most, "below": below}
    ends = [f"{words} {limit:g}" for words, limit in limits.items() if math.isfinite(limit)]
    expected = f"a number {' and '.join(ends)}".strip()

    def check(value: Any, where: str) -> None:
        real = isinstance(value, Real) and not isinstance(value, bool)
        # Compared as they are: a whole number of 400 digits is no float.
        if not real or not -LARGEST <= value <= LARGEST or not (least <= value <= most and above < value < below):
            refuse(where, expected, value)

    return check


def whole(least: int, most: int) -> Check:
    """Accept whole numbers from ``least`` to ``most``; 1.0 is none, nor is true."""

    def check(value: Any, where: str) -> None:
        if not isinstance(value, int | np.integer) or isinstance(value, bool) or not least <= value <= most:
            refuse(where, f"a whole number from {least} to {most}", value)

    return check


def text(pattern: str = ".*", expected: str = "text") -> Check:
    """Accept text that a regular expression matches as a whole."""
    compiled = re.compile(pattern, re.DOTALL)

    def check(value: Any, where: str) -> None:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            refuse(where, expected, value)

    return check


def one_of(*known: str) -> Check:
    """Accept these words."""

    def check(value: Any, where: str) -> None:
        if not isinstance(value, str) or value not in known:
            refuse(where, f"one of {', '.join(known)}", value)

    return check


def maybe(check: Check) -> Check:
    """Accept null, and what ``check`` accepts."""
    return lambda value, where: None if value is None else check(value, where)


def listed(check: Check, least: int = 0, most: int = 10**6) -> Check:
    """Accept lists of ``least`` to ``most`` values, each of which ``check`` accepts."""

    def check_list(value: Any, where: str) -> None:
        if not isinstance(value, list) or not least <= len(value) <= most:
            came = f"a list of {len(value)}" if isinstance(value, list) else value
            refuse(where, f"a list of {least} to {most} values", came)
        for index, one in enumerate(value):
            check(one, f"{where}[{index}]")

    return check_list


def mapped(check: Check) -> Check:
    """Accept objects with any names, whose values ``check`` accepts."""

    def check_all(value: Any, where: str) -> None:
        if not isinstance(value, dict):
            refuse(where, "an object with names", value)
        for name, one in value.items():
            check(one, f"{where}.{_SHORT.repr(name)[1:-1]}")

    return check_all


def record(needed: Mapping[str, Check], known: Mapping[str, Check] | None = None, *, others: bool = True) -> Check:
    """Accept objects that have all names of ``needed``, may have those of ``known``, and ``others`` or none."""
    checks = {**needed, **(known or {})}

    def check_record(value: Any, where: str) -> None:
        mapped(anything)(value, where)
        if missing := [name for name in needed if name not in value]:
            raise ValueError(f"{where} must have {', '.join(missing)}, but has {_SHORT.repr(list(value))}.")
        if not others and (strange := [name for name in value if name not in checks]):
            refuse(where, f"an object with no other names than {', '.join(checks)}", strange)
        for name, check in checks.items():
            if name in value:
                check(value[name], f"{where}.{name}")

    return check_record


def read_bytes(path: Path, most: int = MOST_BYTES) -> bytes:
    """What a regular file of at most ``most`` bytes holds; a link is followed, and nothing is waited for.

    Raises FileNotFoundError where there is none, ValueError where it is larger or something else.
    """
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as file:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise ValueError(f"{path} must be a regular file, but it is none.")
        if found.st_size > most:
            raise ValueError(f"{path} must have at most {most} bytes, but it has {found.st_size}.")
        return file.read(most)


def parse(content: bytes | str, where: object, what: str) -> Any:
    """Strict JSON in UTF-8: every name once, finite numbers only. Raises ValueError, naming ``where`` it stands."""
    try:
        return json.loads(
            content.decode() if isinstance(content, bytes) else content,
            object_pairs_hook=_once,
            parse_float=_finite,
            parse_constant=_finite,
        )
    except RecursionError:
        raise ValueError(f"{where} must be {what} in JSON, but its brackets are nested too deeply.") from None
    except ValueError as error:
        reason = str(error).partition("; use sys.")[0]  # Python's advice on its limit of digits helps nobody here
        raise ValueError(f"{where} must be {what} in JSON, but cannot be read: {reason}.") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the name {_SHORT.repr(twice)} comes twice")
    return found


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError(f"{_SHORT.repr(digits)[1:-1]} is no finite number")
    return value


def read_json(path: Path, check: Check, what: str, name: str, most: int = MOST_BYTES) -> Any:
    """The JSON that a file holds, checked. what: the kind of file, as in "a grid"; name: how paths in it begin.

    Raises FileNotFoundError where there is no file, ValueError, which names it, where its content is another.
    """
    found = parse(read_bytes(path, most), path, what)
    try:
        check(found, name)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
    return found


def check_folder(folder: Path) -> None:
    """Make a folder to write to, where there is none. Raises ValueError where nothing can be written to it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise ValueError(f"{folder} must be a folder to write to, but it is not: {error.strerror or error}.") from error


def check_free(*paths: Path) -> None:
    """Raise ValueError where what stands at a path is no regular file: to write there would replace it."""
    for path in paths:
        if path.is_symlink() or (path.exists() and not path.is_file()):
            kind = "a link" if path.is_symlink() else "a folder" if path.is_dir() else "a device or a pipe"
            raise ValueError(f"{path} must be a regular file, or not there, to be written, but it is {kind}.")


def write(path: Path, content: bytes) -> None:
    """Write a file, whole or not at all, for those who the user's umask lets read it. Raises as ``check_free``."""
    check_free(path)
    write_atomically(path, content)
    heed_umask(path)


def heed_umask(path: Path) -> None:
    """Give a file the permissions that the user's umask gives to new ones."""
    mask = os.umask(0o077)
    os.umask(mask)
    path.chmod(0o666 & ~mask)
