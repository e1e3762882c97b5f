"""Live figures that simulate in the browser, and the training panel that needs a kernel."""

from replaylib.explorer.explorer import ReplayExplorer
from replaylib.explorer.theory_figures import MovingScore, PhaseDiagram, RootsExplorer

__all__ = ["MovingScore", "PhaseDiagram", "ReplayExplorer", "RootsExplorer"]
