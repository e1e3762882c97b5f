"""The border of networks' files: weights, cards and checkpoints are looked at here before they are loaded or replaced.

What is looked at first is small: the head of a safetensors file, whose size is bounded, says what the rest must be.
"""

import math
from pathlib import Path
from typing import Any

from replaylib._border import (
    Check,
    anything,
    check_folder,
    check_free,
    false,
    listed,
    number,
    one_of,
    parse,
    read_json,
    record,
    refuse,
    text,
    truth,
    whole,
)
from replaylib._streams import LARGEST_SEED
from replaylib.networks.pretrained import FOLDER
from replaylib.world.tasks import TASKS

MOST_UNITS = 4096
"""Units of the largest network that is read, and numbers that it reports."""

FILE_BYTES, HEAD_BYTES = 2**28, 2**20
"""Sizes of the largest safetensors file and of the largest head of one [bytes]."""

SHA256 = text("[0-9a-f]{64}", "a SHA-256, 64 digits")


def leak(value: Any, where: str) -> None:
    """Accept one number from 0 to 1, or a list of them."""
    one = number(0.0, 1.0)
    listed(one, 1, MOST_UNITS)(value, where) if isinstance(value, list) else one(value, where)


NETWORK = record(
    {"outputs": whole(1, MOST_UNITS), "hidden": whole(1, MOST_UNITS), "leak": leak},
    {
        "learn_leak": truth,
        "nonlinearity": one_of("tanh", "relu"),
        "symmetric": truth,
        "noise_std": number(0.0),
        "velocity_rms": number(above=0.0),
    },
    others=False,
)
"""The settings of a network."""

CELLS = record({"width": number(above=0.0)}, {"exponent": number(above=0.0)}, others=False)
"""What a file tells of place cells, beside their centres."""

CARD = record({"task": one_of(*TASKS), "seed": whole(0, LARGEST_SEED), "sha256": SHA256}, {"network": NETWORK})
"""The card of a network."""

TENSOR = record(
    {"dtype": text(), "shape": listed(whole(0, 2**40), 0, 8), "data_offsets": listed(whole(0, 2**40), 2, 2)}
)
"""What the head of a safetensors file says of a tensor."""

GROUP = record(
    {
        **dict.fromkeys(("lr", "initial_lr", "max_lr", "min_lr"), number(0.0, 1e6)),
        "betas": listed(number(0.0, 1.0, below=1.0), 2, 2),
        "eps": number(1e-8, 1e-8),
        "weight_decay": number(0.0, 0.0),
    },
    dict.fromkeys(("amsgrad", "maximize", "capturable", "differentiable", "decoupled_weight_decay"), false),
)
"""A group of the optimiser's settings."""

CHECKPOINT = record(
    {
        "network": anything,
        "task": anything,
        "training": anything,
        "losses": listed(number(0.0), 1, 10**7),
        "groups": listed(GROUP, 1, 1),
    }
)
"""What a checkpoint tells beside its tensors; that it is of this training is found where it is resumed."""


def check_network(name: str, seed: int, folder: Path = FOLDER) -> None:
    """Look at the card and the weights of a network before they are loaded; where one is absent, loading tells.

    Raises ValueError, with the path to what is wrong, where the card is not that of this network, or one of the two is
    too large, no regular file, or says of itself what cannot be.
    """
    one_of(*TASKS)(name, "task")
    card_path, path = (folder / f"{name}-{seed}.{kind}" for kind in ("json", "safetensors"))
    if card_path.exists():
        card = read_json(card_path, CARD, "a card", "card", HEAD_BYTES)
        for key, wanted in (("task", name), ("seed", seed)):
            if card[key] != wanted:
                raise ValueError(f"{card_path}: card.{key} must be {wanted}, as in its name, but {card[key]} came.")
    if path.exists():
        described(path, record({"network": NETWORK}, {"cells": CELLS}, others=False))


def check_training(name: str, seed: int, folder: Path) -> None:
    """Look at where a network will be written, and at its checkpoint, before its training begins.

    Raises ValueError where nothing can be written there, where what would be replaced is no regular file, or where the
    checkpoint is too large, without SHA-256, or says of itself what cannot be.
    """
    one_of(*TASKS)(name, "task")
    whole(0, LARGEST_SEED)(seed, "seed")
    check_folder(folder)
    paths = [folder / f"{name}-{seed}.{kind}" for kind in ("safetensors", "json", "checkpoint")]
    check_free(*paths)
    if paths[-1].exists():
        described(paths[-1], CHECKPOINT, ("network", "optimizer", "task"), ("card", "sha256"))


def described(
    path: Path, check: Check, floats: tuple[str, ...] = ("",), needed: tuple[str, ...] = ("card",)
) -> dict[str, Any]:
    """The description that a safetensors file carries, checked, as are its size and what its head says of its tensors.

    floats: how the names of tensors begin that must be of floating-point numbers. needed: what stands beside them.
    Raises ValueError where one of them is wrong.
    """
    size, head = _head(path)
    checks = {"card": text(), "sha256": SHA256}
    try:
        record({"__metadata__": record({name: checks[name] for name in needed}, checks, others=False)})(head, "head")
        end = max((_end(name, one, floats) for name, one in head.items() if name != "__metadata__"), default=0)
        if end != size:
            refuse("the end of its tensors", f"at byte {size}", end)
        found: dict[str, Any] = parse(head["__metadata__"]["card"], "its description", "a description")
        check(found, "description")
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
    return found


def _head(path: Path) -> tuple[int, dict[str, Any]]:
    """Bytes of a safetensors file after its head, and the head."""
    if not path.is_file():
        raise ValueError(f"{path} must be a regular file, but it is none.")
    whole_size = path.stat().st_size
    if whole_size > FILE_BYTES:
        raise ValueError(f"{path} must have at most {FILE_BYTES} bytes, but it has {whole_size}.")
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if whole_size < 8 or length > min(HEAD_BYTES, whole_size - 8):
            raise ValueError(
                f"{path} must be a whole safetensors file, but it has no head of at most {HEAD_BYTES} bytes."
            )
        return whole_size - 8 - length, parse(file.read(length), path, "a safetensors file, its head")


def _end(name: str, one: Any, floats: tuple[str, ...]) -> int:
    """Where the bytes of a tensor end, after its entry is checked."""
    where = f"head[{name[:40]!r}]"
    TENSOR(one, where)
    if name.startswith(floats):
        one_of("F32", "F64")(one["dtype"], f"{where}.dtype")
    start, end = one["data_offsets"]
    size = {"F32": 4, "F64": 8}.get(one["dtype"])
    if size and end - start != size * math.prod(one["shape"]):
        refuse(f"{where}.data_offsets", f"apart by the bytes of {one['shape']}", one["data_offsets"])
    return int(end)
