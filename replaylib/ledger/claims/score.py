"""C1 and C2: the score that replay should follow moves with time, and is hard to estimate."""

from replaylib.ledger.claims.base import PUBLISHED, Claim, Outcome, difference, orders, ratio, value
from replaylib.ledger.measurements.score import (
    CODE_NOISE,
    ESTIMATE_STEP,
    FEW,
    PATH_COUNTS,
    SCORE_STEPS,
    measure_estimates,
    measure_moving_score,
)

CLAIMS = (
    Claim(
        "C1",
        "The gradients move",
        "The score that replay should follow changes from step to step, so that fixed weights cannot follow it.",
        measure_moving_score,
        (
            Outcome(
                "residual_of_constant_gain",
                "share of the score missed by the best constant gain: known start minus unknown start",
                difference("residual", "known start", "unknown start"),
                primary=True,
            ),
            Outcome(
                "worst_residual",
                "the same at the worst step",
                difference("worst_residual", "known start", "unknown start"),
            ),
            Outcome(
                "implied_score_error",
                "error of a trained network's implied score: step 1 minus step 30",
                difference("own_error", "step 1", "step 30"),
                primary=True,
                tasks=("linear-gaussian",),
            ),
        ),
        {"steps": SCORE_STEPS, "paths": 4000},
        not_for=dict.fromkeys(PUBLISHED, "The score is that of the paths, whatever the network."),
    ),
    Claim(
        "C2",
        "The gradients are hard to estimate",
        "From few paths a score is estimated badly; knowing its leak helps, knowing the plane of the code much more.",
        measure_estimates,
        (
            Outcome(
                "shrinkage_over_leak_known",
                "orders of magnitude: error of shrinkage over that with the leak known",
                orders("shrinkage", FEW, FEW, "leak known"),
                primary=True,
            ),
            Outcome(
                "leak_known_over_code_known",
                "orders of magnitude: error with the leak known over that with leak and plane known",
                orders("leak known", FEW, FEW, "leak and code known"),
                primary=True,
            ),
            Outcome(
                "denoising_over_leak_known",
                "orders of magnitude: error of denoising score matching over that with the leak known",
                orders("denoising network", FEW, FEW, "leak known"),
            ),
            Outcome(
                "dimension_known",
                "orders of magnitude: error with the leak known over that with leak and dimension known",
                orders("leak known", FEW, FEW, "leak and dimension known"),
            ),
            Outcome(
                "plug_in_over_leak_known",
                "orders of magnitude: error of the plug-in estimate over that with the leak known",
                orders("plug-in", FEW, FEW, "leak known"),
            ),
            Outcome(
                "growth_with_units",
                "error of shrinkage with 40 units over that with 10 (50 paths)",
                ratio("shrinkage", FEW, "10 units, 50 paths"),
                null=1.0,
            ),
            Outcome(
                "error_of_shrinkage",
                "error of shrinkage over the score (40 units, 50 paths)",
                value("shrinkage", FEW),
                "",
            ),
            Outcome(
                "fall_with_paths",
                "error of shrinkage with 25 paths over that with 400 (40 units)",
                ratio("shrinkage", "40 units, 25 paths", "40 units, 400 paths"),
                null=1.0,
            ),
        ),
        {"step": ESTIMATE_STEP, "code_noise_m": CODE_NOISE, "paths": PATH_COUNTS},
        needs_network=False,
        not_for=dict.fromkeys(PUBLISHED, "The score is that of the paths, whatever the network."),
    ),
)
