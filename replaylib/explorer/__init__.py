"""Interactive figures of the book."""

from replaylib.explorer.explorer import ReplayExplorer

__all__ = ["ReplayExplorer"]
