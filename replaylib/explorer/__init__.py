"""Live figures that simulate in the browser, and the maze lab that trains there."""

from replaylib.explorer.explorer import ReplayExplorer
from replaylib.explorer.maze_lab.widget import MazeLab
from replaylib.explorer.spike_race import SpikeRace
from replaylib.explorer.theory_figures import MovingScore, PhaseDiagram, RootsExplorer
from replaylib.explorer.value_spreading import ValueSpreading

__all__ = [
    "MazeLab",
    "MovingScore",
    "PhaseDiagram",
    "ReplayExplorer",
    "RootsExplorer",
    "SpikeRace",
    "ValueSpreading",
]
