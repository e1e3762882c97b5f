"""Exact laws: of modes under the update rule, and of noisy linear paths with their scores."""

from replaylib.theory.markov_paths import MarkovGaussian, ScoreParts
from replaylib.theory.modes import LinearMode, ring_speed
from replaylib.theory.score_estimates import (
    denoising,
    leak_known,
    leak_structured,
    noisy_codes,
    plug_in,
    relative_error,
    shrinkage,
)

__all__ = [
    "LinearMode",
    "MarkovGaussian",
    "ScoreParts",
    "denoising",
    "leak_known",
    "leak_structured",
    "noisy_codes",
    "plug_in",
    "relative_error",
    "ring_speed",
    "shrinkage",
]
