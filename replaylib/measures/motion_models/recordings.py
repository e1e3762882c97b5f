"""Spikes of real cells: a file in the NWB layout, its spikes counted in windows, and fields fitted to a run.

Only what is needed here is read, by h5py (the extra ``nwb``): the table of units, and one series of positions.
Source: Rübel et al. (2022), eLife 11, e78362.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from replaylib._checks import check_between, check_count

Array = np.ndarray[Any, np.dtype[np.float64]]

SPIKES, ENDS = "units/spike_times", "units/spike_times_index"
"""Where NWB keeps the spikes of all units, one after the other, and where each unit's end."""

POSITION = "processing/behavior/Position"
"""Where it keeps positions by default, as one or more series."""

SMOOTHING = 0.1
"""Standard deviation with which fields are smoothed [m]."""

LEAST = 1e-3
"""Expected spikes below which no bin is put: a silent cell would rule places out [1/window]."""


@dataclass(frozen=True, eq=False)
class Recorded:
    """A recording. spikes: times of each unit's spikes [s]. position: [times, 2] [m]. seconds: when [s]."""

    spikes: tuple[Float[np.ndarray, " _"], ...]
    position: Float[np.ndarray, "times 2"]
    seconds: Float[np.ndarray, " times"]


def read_nwb(path: Path, series: str = POSITION) -> Recorded:
    """Spikes of all units, and positions, from an NWB file.

    series: path inside the file of a series of positions, or of a group that holds just one. Positions are multiplied
    by the series' ``conversion`` where it has one; times are its ``timestamps``, or its ``starting_time`` and ``rate``.
    Raises ModuleNotFoundError where h5py is missing, FileNotFoundError where there is no file, and ValueError where it
    is no HDF5 file, or spikes or positions are missing or do not fit together.
    """
    try:
        import h5py  # noqa: PLC0415 (an optional dependency)
    except ModuleNotFoundError:
        raise ModuleNotFoundError("h5py must be installed to read an NWB file, but is not: pip install h5py.") from None
    if not path.is_file():
        raise FileNotFoundError(f"an NWB file was expected at {path}, but there is none.")
    try:
        with h5py.File(path, "r") as file:
            return Recorded(_units(file, path), *_positions(file, path, series))
    except OSError as error:
        raise ValueError(f"{path} must be an HDF5 file, as NWB's are, but cannot be read: {error}.") from error


def _units(file: Any, path: Path) -> tuple[Array, ...]:
    """Spikes of each unit, cut out of the list of all."""
    if SPIKES not in file or ENDS not in file:
        raise ValueError(f"{path} must have {SPIKES} and {ENDS}, but has no sorted units there.")
    times, ends = np.asarray(file[SPIKES], dtype=float), np.asarray(file[ENDS], dtype=np.int64)
    if len(ends) and (ends[-1] != len(times) or (np.diff(ends) < 0).any()):
        raise ValueError(f"{path} must index each of its {len(times)} spikes once, but its index ends at {ends[-1]}.")
    return tuple(np.split(times, ends[:-1])) if len(ends) else ()


def _positions(file: Any, path: Path, series: str) -> tuple[Array, Array]:
    """Positions [times, 2] [m] and their times [s]."""
    group = file.get(series)
    while group is not None and "data" not in group:
        inner = [one for one in group.values() if hasattr(one, "keys")]
        if len(inner) > 1:
            raise ValueError(f"{series} of {path} must hold one series, but {', '.join(group)} came: name one of them.")
        group = inner[0] if inner else None
    if group is None:
        raise ValueError(f"{path} must have positions at {series}, but there are none.")
    data = np.asarray(group["data"], dtype=float) * float(group["data"].attrs.get("conversion", 1.0))
    if data.ndim != 2 or data.shape[1] != 2:
        raise ValueError(f"positions of {path} must be [times, 2], but {list(data.shape)} came.")
    if "timestamps" in group:
        seconds = np.asarray(group["timestamps"], dtype=float)
    elif "starting_time" in group:
        begin = group["starting_time"]
        seconds = float(begin[()]) + np.arange(len(data)) / float(begin.attrs["rate"])
    else:
        raise ValueError(f"positions of {path} must have timestamps or a starting_time, but have neither.")
    if len(seconds) != len(data):
        raise ValueError(f"{path} must have a time for each of {len(data)} positions, but {len(seconds)} came.")
    return data, seconds


def binned(
    spikes: Sequence[Float[np.ndarray, " _"]], start: float, windows: int, milliseconds: float
) -> Int[np.ndarray, "windows units"]:
    """Spikes of each unit in windows one after the other; ``start`` is when the first begins [s].

    Raises ValueError where the length of a window is not positive, or their number is no positive whole one.
    """
    check_count("windows", windows)
    check_between("milliseconds", milliseconds, 0.0, float("inf"), open_low=True)
    edges = start + np.arange(windows + 1) * milliseconds / 1000
    # searchsorted counts the spikes before each edge, so that one on an edge is in the window that begins there.
    counts = [np.diff(np.searchsorted(np.sort(one), edges)) for one in spikes]
    return np.stack(counts, axis=1) if counts else np.zeros((windows, 0), dtype=np.int64)


def fitted_fields(
    recorded: Recorded, places: Float[np.ndarray, "bins 2"], milliseconds: float, moving: float = 0.05
) -> Float[np.ndarray, "bins units"]:
    """Expected spikes of each unit in a window at each place, from where it fired while the animal moved.

    Spikes and time spent are smoothed over places by a normal of 0.1 m, and divided. moving: speed from which on the
    animal moves [m/s]. Raises ValueError where it never does.
    """
    check_between("milliseconds", milliseconds, 0.0, float("inf"), open_low=True)
    lasts = np.diff(recorded.seconds)
    fast = np.linalg.norm(np.diff(recorded.position, axis=0), axis=1) >= moving * lasts
    if not fast.any():
        raise ValueError(f"the animal must move at {moving:g} m/s at some time, but it never does.")
    away = np.linalg.norm(recorded.position[:-1, None] - places, axis=-1)
    near = np.exp(-(away**2) / (2 * SMOOTHING**2)) * fast[:, None]
    spent = lasts @ near
    fired = np.stack([np.histogram(one, recorded.seconds)[0] for one in recorded.spikes], axis=1)
    rate = (near.T @ fired) / np.maximum(spent, 1e-12)[:, None]
    expected: Array = np.maximum(rate * milliseconds / 1000, LEAST)
    return expected
