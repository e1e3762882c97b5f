"""Exact laws: of modes under the update rule, and of noisy linear paths with their scores."""

from replaylib.theory.markov_paths import MarkovGaussian, ScoreParts
from replaylib.theory.mobility import (
    Autocorrelation,
    adaptation_shrinkage,
    code_speed,
    diffusion_gain,
    mobility_number,
    ring_speed,
    slow_ring_speed,
    threshold,
)
from replaylib.theory.modes import LinearMode
from replaylib.theory.pricing import cheapest_time, running_size, strength_for
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
    "Autocorrelation",
    "LinearMode",
    "MarkovGaussian",
    "ScoreParts",
    "adaptation_shrinkage",
    "cheapest_time",
    "code_speed",
    "denoising",
    "diffusion_gain",
    "leak_known",
    "leak_structured",
    "mobility_number",
    "noisy_codes",
    "plug_in",
    "relative_error",
    "ring_speed",
    "running_size",
    "shrinkage",
    "slow_ring_speed",
    "strength_for",
    "threshold",
]
