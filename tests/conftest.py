"""Settings of all tests: one thread, since the networks are small."""

import pytest
import torch

torch.set_num_threads(1)

LONG = ("test_colab.py", "test_pages.py", "test_killed_sweeps.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the longest tests come first, so that no process waits for one of them at the end."""
    items.sort(key=lambda item: item.path.name not in LONG)


@pytest.fixture
def generator() -> torch.Generator:
    return torch.Generator().manual_seed(0)
