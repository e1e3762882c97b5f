"""Clusters that make cells: a Dask scheduler and its workers, on other machines.

A scheduler and whoever can speak to it can run code as its user, on its workers and here, since what comes back is
unpickled: it must be trusted, or ask for certificates (an address that begins with tls://, and Dask's own settings).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from replaylib.ledger.processes import Attempt, C, Outcome

PATIENCE = 10
"""Time to wait for a scheduler's answer [s]."""


def make_on_cluster(
    attempt: Attempt, order: Sequence[C], stored: Mapping[str, Any], scheduler: str
) -> Iterator[tuple[C, Outcome]]:
    """Make cells on the workers of a scheduler: each with its outcome, in the order in which they end.

    order: the cells, each after what it needs. stored: results of needs that are there already, by key.
    Raises ValueError where the address is none, ConnectionError where no scheduler answers, and ModuleNotFoundError
    where Dask is missing.
    """
    return _on_dask(_client(scheduler), attempt, order, stored)


def _on_dask(
    client: Any, attempt: Attempt, order: Sequence[C], stored: Mapping[str, Any]
) -> Iterator[tuple[C, Outcome]]:
    from distributed import as_completed  # noqa: PLC0415 (an optional dependency)

    with client:
        # A list, since Dask takes a mapping for many things by name.
        sent = client.scatter([{"result": result} for result in stored.values()], hash=False) if stored else []
        needed = dict(zip(stored, sent, strict=True))
        futures = {}
        for cell in order:
            need = needed.get(cell.needs.key) if cell.needs else None
            future = client.submit(
                attempt, cell.work, dict(cell.settings), cell.source, need, key=f"{cell.name}-{cell.key}"
            )
            needed[cell.key] = future
            futures[future] = cell
        for future in as_completed(list(futures)):
            cell = futures.pop(future)
            error = future.exception() if future.status == "error" else None
            yield cell, {"error": f"{type(error).__name__}: {error}"} if error else future.result()


def _client(scheduler: str) -> Any:
    try:
        from distributed import Client  # noqa: PLC0415 (an optional dependency)
    except ModuleNotFoundError:
        raise ModuleNotFoundError(
            "Dask is needed to send cells to a scheduler, but is not installed: pip install 'dask[distributed]', "
            "or leave the scheduler out."
        ) from None
    try:
        return Client(scheduler, timeout=PATIENCE)
    except ValueError as error:
        raise ValueError(
            f"scheduler must be an address such as tcp://10.0.0.1:8786, but {scheduler!r} came: {error}."
        ) from error
    except (OSError, TimeoutError) as error:
        raise ConnectionError(f"a Dask scheduler was expected at {scheduler}, but none answers: {error}.") from error
