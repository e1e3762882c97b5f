"""The notebooks as they are committed: stories, with nothing stored but the outputs of check cells."""

import json
import re

import pytest
from conftest import ROOT

NOTEBOOKS = sorted((ROOT / "chapters").glob("*.ipynb"))


def code_cells(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [(cell, "".join(cell["source"])) for cell in cells if cell["cell_type"] == "code"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_only_check_cells_carry_outputs_and_all_of_them_do(path):
    checks = 0
    for cell, source in code_cells(path):
        if "NBVAL_CHECK_OUTPUT" in source:
            checks += 1
            assert cell["outputs"], f"run make check-outputs: {source[:80]}"
            # nbval refuses outputs without a count: it takes the cell for one that was never run.
            assert cell["execution_count"], f"run make check-outputs: {source[:80]}"
            assert all(output["output_type"] != "error" for output in cell["outputs"])
        else:
            assert not cell["outputs"], f"run make strip: {source[:80]}"
    assert checks > 0


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_check_has_failed(path):
    """A verdict in a check cell is a claim of the text: none may read False where the text says that it holds."""
    allowed = {
        "swings below zero: {1.0: False, 0.5: False, 0.19: False, 0.03: True}",
        "strength 0.0: modulus 0.9500, swings: False",
        # Free weights break, as the chapter says.
        "  bears any momentum at every state: False",
        "  on the path at momentum 0.8: False",
    }
    for cell, _ in code_cells(path):
        for output in cell["outputs"]:
            for line in "".join(output.get("text", [])).splitlines():
                assert "False" not in line or line in allowed, line


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_cells_are_short_and_hold_no_plumbing(path):
    for cell, source in code_cells(path):
        assert source.count("\n") < 25
        assert "matplotlib" not in source
        if re.search(r"plots\.(?!table|interval_table|means_table|compression_curve|axes_grid|[A-Z])\w+\(", source):
            alternative = cell["metadata"].get("mystnb", {}).get("image", {}).get("alt", "")
            assert len(alternative) > 40, f"a figure needs a text alternative: {source[:80]}"


@pytest.mark.parametrize("path", [path for path in NOTEBOOKS if path.stem[0].isdigit()], ids=lambda path: path.stem)
def test_chapter_has_its_frame(path):
    text = "\n".join("".join(cell["source"]) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"])
    for part in ("In this chapter", "**You will be able to**", "**Time:**", "## Summary", "## What to read"):
        assert part in text
    assert "pip install replaylib" not in text


def test_symbols_of_equations_stand_in_the_notation():
    notation = (ROOT / "chapters" / "notation.md").read_text(encoding="utf-8")
    names = {
        name
        for path in NOTEBOOKS
        for equation in re.findall(r"\$\$(.*?)\$\$", path.read_text(encoding="utf-8"), re.DOTALL)
        for name in re.findall(
            r"\\\\(lambda|sigma|mu|tau|omega|xi|eta|kappa|delta|gamma|rho|varepsilon|Sigma|Delta)\b", equation
        )
    }
    assert names
    for name in names:
        assert f"\\{name}" in notation
