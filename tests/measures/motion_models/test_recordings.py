"""Spikes from a file in the NWB layout, which the test writes itself."""

import sys

import h5py
import numpy as np
import pytest

from replaylib.measures.motion_models.bins import ring_bins
from replaylib.measures.motion_models.recordings import POSITION, Recorded, binned, fitted_fields, read_nwb

SPIKES = ([0.1, 0.25, 0.4], [], [0.05, 0.3])


def write(path, spikes=SPIKES, position=None, **series):
    """A file as NWB lays it out: units, and one series of positions."""
    with h5py.File(path, "w") as file:
        file["units/spike_times"] = np.concatenate([np.asarray(one, float) for one in spikes])
        file["units/spike_times_index"] = np.cumsum([len(one) for one in spikes])
        data = np.arange(10.0).reshape(5, 2) if position is None else position
        file[f"{POSITION}/track/data"] = data
        file[f"{POSITION}/track/data"].attrs["conversion"] = series.get("conversion", 0.01)
        if "rate" in series:
            file[f"{POSITION}/track/starting_time"] = 2.0
            file[f"{POSITION}/track/starting_time"].attrs["rate"] = series["rate"]
        elif series.get("stamps", True):
            file[f"{POSITION}/track/timestamps"] = np.arange(series.get("count", len(data))) * 0.5
    return path


def test_spikes_and_positions_are_those_of_the_file(tmp_path):
    found = read_nwb(write(tmp_path / "one.nwb"))
    assert [one.tolist() for one in found.spikes] == [list(one) for one in SPIKES]
    np.testing.assert_allclose(found.position, np.arange(10.0).reshape(5, 2) / 100)
    assert found.seconds.tolist() == [0, 0.5, 1, 1.5, 2]
    # The series itself may be named, and time may be told by a rate.
    named = read_nwb(write(tmp_path / "two.nwb", rate=4.0), f"{POSITION}/track")
    assert named.seconds.tolist() == [2, 2.25, 2.5, 2.75, 3]


def damaged(path, kind):
    if kind == "text":
        path.write_text("no recording")
        return path
    write(
        path,
        **{"shape": {"position": np.zeros((5, 3))}, "stamps": {"stamps": False}, "count": {"count": 3}}.get(kind, {}),
    )
    with h5py.File(path, "a") as file:
        if kind == "units":
            del file["units/spike_times"]
        elif kind == "index":
            file["units/spike_times_index"][-1] = 99
        elif kind == "position":
            del file[POSITION]
        elif kind == "two":
            file[f"{POSITION}/other/data"] = np.zeros((5, 2))
    return path


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("text", "must be an HDF5 file, as NWB's are, but cannot be read"),
        ("units", "must have units/spike_times and units/spike_times_index, but has no sorted units there"),
        ("index", "must index each of its 5 spikes once, but its index ends at 99"),
        ("position", "must have positions at processing/behavior/Position, but there are none"),
        ("two", "must hold one series, but other, track came: name one of them"),
        ("shape", r"positions of .* must be \[times, 2\], but \[5, 3\] came"),
        ("stamps", "must have timestamps or a starting_time, but have neither"),
        ("count", "must have a time for each of 5 positions, but 3 came"),
    ],
)
def test_what_is_no_recording_is_told(tmp_path, kind, told):
    with pytest.raises(ValueError, match=told):
        read_nwb(damaged(tmp_path / "one.nwb", kind))


def test_a_missing_file_or_library_is_told(tmp_path, monkeypatch):
    with pytest.raises(FileNotFoundError, match=r"an NWB file was expected at .*, but there is none"):
        read_nwb(tmp_path / "none.nwb")
    monkeypatch.setitem(sys.modules, "h5py", None)
    with pytest.raises(ModuleNotFoundError, match="h5py must be installed to read an NWB file, but is not"):
        read_nwb(tmp_path / "none.nwb")


def test_spikes_are_counted_in_the_window_in_which_they_fall():
    spikes = [np.array([0.012, 0.0139, 0.0041, 0.1]), np.array([0.0]), np.array([])]
    assert binned(spikes, 0.0, 4, 4.0).T.tolist() == [[0, 1, 0, 2], [1, 0, 0, 0], [0] * 4]
    assert binned(spikes, 0.004, 2, 4.0).T.tolist() == [[1, 0], [0, 0], [0, 0]]
    assert binned([], 0.0, 4, 4.0).shape == (4, 0)
    with pytest.raises(ValueError, match="milliseconds must be a number in"):
        binned(spikes, 0.0, 4, 0.0)


def test_fields_are_found_where_cells_fired_on_the_run():
    bins = ring_bins(20, 0.2)
    seconds = np.arange(0, 400, 0.02)
    angle = seconds * 0.7
    radius = np.linalg.norm(bins.places[0])
    position = radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    generator = np.random.default_rng(0)
    rate = 20 * np.exp(-(np.linalg.norm(position - bins.places[5], axis=1) ** 2) / (2 * 0.25**2))
    fires = np.repeat(seconds, generator.poisson(rate * 0.02)) + 0.01
    expected = fitted_fields(Recorded((fires,), position, seconds), bins.places, 4.0)
    assert expected.shape == (20, 1)
    assert expected[:, 0].argmax() == 5
    # Smoothing by 0.1 m widens a field of 0.25 m to 0.27 m, and lowers its peak by as much.
    assert expected[5, 0] == pytest.approx(20 * 0.004 * 0.25 / np.hypot(0.25, 0.1), rel=0.1)
    with pytest.raises(ValueError, match="the animal must move at 9 m/s at some time, but it never does"):
        fitted_fields(Recorded((fires,), position, seconds), bins.places, 4.0, moving=9.0)
