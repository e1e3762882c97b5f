"""Pictures of figures: fewer bytes, the same to the eye."""

import numpy as np
import pytest
from conftest import SITE
from pictures import with_palette
from PIL import Image


def drawn(path, opacity=255):
    """A ramp of colour with a line on white, as a figure has."""
    pixels = np.full((120, 160, 4), 255, dtype=np.uint8)
    across, down = np.meshgrid(np.linspace(0, 6, 120), np.linspace(0, 4, 80))
    height = (np.sin(across * down) + 1) / 2
    pixels[20:100, 20:140, :3] = np.outer(height, (250, 200, 60)).reshape(80, 120, 3).astype(np.uint8)
    pixels[60:62] = (0, 0, 0, 255)
    pixels[0, 0, 3] = opacity
    Image.fromarray(pixels).save(path)
    return pixels[..., :3].astype(int)


def test_a_figure_gets_a_palette_and_looks_the_same(tmp_path):
    path = tmp_path / "figure.png"
    before, size = drawn(path), path.stat().st_size
    assert with_palette(path)
    with Image.open(path) as picture:
        assert picture.mode == "P"
        assert np.abs(np.asarray(picture.convert("RGB")).astype(int) - before).max() <= 16
    assert path.stat().st_size < size
    assert not with_palette(path)  # it has one
    assert [one.name for one in tmp_path.iterdir()] == ["figure.png"]


@pytest.mark.parametrize("opacity", [0, 254])
def test_what_shows_the_page_through_is_left_alone(tmp_path, opacity):
    path = tmp_path / "figure.png"
    drawn(path, opacity)
    before = path.read_bytes()
    assert not with_palette(path)
    assert path.read_bytes() == before


def test_no_picture_gets_larger(tmp_path):
    path = tmp_path / "figure.png"
    Image.new("RGB", (1, 1)).save(path)
    before = path.read_bytes()
    assert not with_palette(path)
    assert path.read_bytes() == before


def test_the_site_s_figures_have_palettes():
    modes = []
    for path in (SITE / "_images").glob("*.png"):
        with Image.open(path) as picture:
            modes.append(picture.mode)
    assert modes.count("P") > 20
    assert modes.count("RGBA") + modes.count("RGB") < len(modes) / 10
