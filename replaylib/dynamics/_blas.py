"""Threads of the matrix products inside compiled loops.

Numba's products are SciPy's, whose library starts a thread a core unless told otherwise: for the products of a small
network that is several times slower than one thread. PyTorch's own setting does not reach it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import torch

LARGE = 2**23
"""Multiplications from which a single product is worth more than one thread."""


@cache
def _libraries() -> list[Any]:
    import scipy.linalg.cython_blas  # noqa: F401, PLC0415 - loads the library that is to be set
    from threadpoolctl import ThreadpoolController  # noqa: PLC0415

    return list(ThreadpoolController().select(user_api="blas").lib_controllers)


@contextmanager
def product_threads(multiplications: int) -> Iterator[None]:
    """Use one thread for small products, and as many as PyTorch for large ones; afterwards as before."""
    wanted = torch.get_num_threads() if multiplications >= LARGE else 1
    before = [(library, library.num_threads) for library in _libraries()]
    changed = [(library, threads) for library, threads in before if threads != wanted]
    for library, _ in changed:
        library.set_num_threads(wanted)
    try:
        yield
    finally:
        for library, threads in changed:
            library.set_num_threads(threads)
