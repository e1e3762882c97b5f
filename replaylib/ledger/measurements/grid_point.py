"""The work of a grid's cells: replay of a pretrained network at one point of a grid of settings."""

from collections.abc import Mapping
from typing import Any

from replaylib.ledger.measurements.parts import measure_replay
from replaylib.ledger.measurements.weights import Weights


def measure_point(weights: Weights, *, scale: Mapping[str, Any], **point: Any) -> dict[str, float]:
    """All measures of replay at one point of a grid; what is not finite is left out.

    Raises FloatingPointError where replay diverges, and has none.
    """
    measures = measure_replay(weights, scale=scale, **point)
    if not measures:
        raise FloatingPointError("replay must stay finite, but it diverged: it has no measures at this point.")
    return measures
