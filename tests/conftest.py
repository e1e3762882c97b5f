"""Settings of all tests: one thread, since the networks are small."""

import pytest
import torch

torch.set_num_threads(1)

LONG = ("test_colab.py", "test_pages.py", "test_killed_sweeps.py")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--weekly", action="store_true", help="run what else runs once a week only")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let the longest tests come first, so that no process waits for one of them at the end."""
    if not config.getoption("--weekly"):
        items[:] = [item for item in items if not item.get_closest_marker("weekly")]
    items.sort(key=lambda item: item.path.name not in LONG)


@pytest.fixture
def generator() -> torch.Generator:
    return torch.Generator().manual_seed(0)
