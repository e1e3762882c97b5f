import pytest
import torch

from replaylib.world.place_cells import PlaceCells
from replaylib.world.spaces import triangle


@pytest.fixture
def cells() -> PlaceCells:
    return PlaceCells(triangle().points_every(0.11), width=0.25)


def test_activity_is_gaussian_in_distance():
    cells = PlaceCells(torch.tensor([[0.0, 0.0], [1.0, 0.0]]), width=0.5)
    activity = cells.encode(torch.tensor([[0.0, 0.0], [0.5, 0.0]]))
    assert activity[0].tolist() == pytest.approx([1, torch.exp(torch.tensor(-2.0)).item()])
    assert activity[1, 0] == activity[1, 1]


def test_decoding_inverts_encoding_along_the_track(cells):
    position = triangle().on_tour(torch.linspace(0, 5.19, 200))
    error = (cells.decode(cells.encode(position)) - position).norm(dim=-1)
    assert float(error.mean()) < 0.02
    assert float(error.max()) < 0.1  # corners are cut a little


def test_decoding_ignores_silence_and_negative_activity(cells):
    assert cells.decode(torch.zeros(1, 48))[0].tolist() == pytest.approx(cells.centres.mean(0).tolist(), abs=1e-5)
    peak = torch.full((1, 48), -1.0)
    peak[0, 7] = 0.5
    assert cells.decode(peak)[0].tolist() == pytest.approx(cells.centres[7].tolist())


def test_bad_input_is_refused(cells):
    with pytest.raises(ValueError, match=r"activity must have the shape \[..., 48\], but \[2, 5\] came"):
        cells.decode(torch.zeros(2, 5))
    with pytest.raises(ValueError, match="position must hold finite"):
        cells.encode(torch.full((1, 2), float("nan")))
    with pytest.raises(ValueError, match="width must be"):
        PlaceCells(torch.zeros(3, 2), width=0.0)
    with pytest.raises(ValueError, match=r"centres must hold finite"):
        PlaceCells(torch.full((3, 2), float("inf")), width=1.0)
