"""What all measurements share: the shape of what they give, and how much is simulated."""

from dataclasses import dataclass

Table = dict[str, dict[str, float]]
"""Measures by name, for each condition by name: what one task and one seed give."""


@dataclass(frozen=True)
class Scale:
    """How much is simulated.

    paths, steps: of a replay. points: positions compared with the awake law. training: iterations of the short
    trainings that a measurement itself makes, for coordinates, for place cells on a track, and for the box. draws: of
    which an estimator's error is the median.
    """

    name: str
    paths: int = 64
    steps: int = 600
    points: int = 5000
    training: tuple[int, int, int] = (400, 500, 300)
    draws: int = 3

    def iterations(self, task: str) -> int:
        """Iterations of a short training on ``task``."""
        kind = 0 if task in ("triangle", "t-maze", "linear-gaussian") else 1 if task.endswith("cells") else 2
        return self.training[kind]
