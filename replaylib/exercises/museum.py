"""Exercises of the bug museum, by the number of the exhibit."""

from replaylib.exercises.checking import Exercise
from replaylib.exercises.museum_measuring import MEASURING
from replaylib.exercises.museum_sampling import SAMPLING

EXERCISES: dict[str, Exercise] = SAMPLING | MEASURING
"""By name."""
