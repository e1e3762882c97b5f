"""Exercises on scores that move."""

import torch

from replaylib.exercises.checking import Exercise, Function, Number, Several


def _gain(t: float, start_variance: float, step_std: float, sigma: float) -> float:
    spread = start_variance + t * step_std**2
    return spread / (spread + sigma**2)


def _spread(values: torch.Tensor, sigma: float) -> torch.Tensor:
    return values.mean() / (values.mean() + sigma**2)


_VARIANCES = [
    {"variances": torch.tensor([0.0, 1.0, 2.0, 9.0], dtype=torch.float64), "sigma": 1.0},
    {"variances": torch.tensor([0.5, 0.1, 0.3], dtype=torch.float64), "sigma": 0.5},
]

EXERCISES: dict[str, Exercise] = {
    "4.1": Function(
        _gain,
        [
            {"t": t, "start_variance": start, "step_std": step, "sigma": sigma}
            for t, start, step, sigma in ((4, 0.0, 0.5, 1.0), (12, 0.3, 0.5, 2.0), (0, 1.0, 0.7, 0.5))
        ],
        {
            "The path's variance grows by the *square* of step_std in each step.": lambda t, start_variance, step_std, sigma: (
                (start_variance + t * step_std) / (start_variance + t * step_std + sigma**2)
            ),
            "You forgot what is not known at the start: start_variance.": lambda t, start_variance, step_std, sigma: (
                _gain(t, 0.0, step_std, sigma)
            ),
            "The noise of the code enters by its variance, sigma squared.": lambda t, start_variance, step_std, sigma: (
                _gain(t, start_variance, step_std, sigma**0.5)
            ),
            "This is 1 minus the gain: the share that is *not* believed.": lambda t, start_variance, step_std, sigma: (
                1 - _gain(t, start_variance, step_std, sigma)
            ),
            "This is the path's variance. The gain compares it with that of the code.": (
                lambda t, start_variance, step_std, sigma: start_variance + t * step_std**2
            ),
            "You squared the step. The variance of a walk grows in proportion to t.": lambda t, v, d, s: _gain(
                t**2, v, d, s
            ),
            "You squared start_variance. It is a variance already.": lambda t, v, d, s: _gain(t, v**2, d, s),
            "This is the path's variance over that of the code. The gain is its share of *both*.": lambda t, v, d, s: (
                (v + t * d**2) / s**2
            ),
            "You are one step late: at step t the walk has made t steps.": lambda t, v, d, s: _gain(t + 1, v, d, s),
            "This is the gain at step 0. The walk spreads in each step.": lambda t, v, d, s: _gain(0, v, d, s),
        },
    ),
    "4.2": Function(
        lambda h, gain, mean: (-h, gain * h, (1 - gain) * mean),
        [{"h": 2.0, "gain": 0.25, "mean": 1.0}, {"h": -1.0, "gain": 0.8, "mean": 3.0}],
        {
            "Your leak depends on the gain. It is the part that never changes: -h, whatever the step.": (
                lambda h, gain, mean: (-(1 - gain) * h, gain * h, (1 - gain) * mean)
            ),
            "Your bias weighs the mean with the gain. The mean fills up what is *not* believed: 1 - gain.": (
                lambda h, gain, mean: (-h, gain * h, gain * mean)
            ),
            "Your leak pushes outwards: it has the wrong sign.": lambda h, gain, mean: (h, gain * h, (1 - gain) * mean),
            "Your bias has the wrong sign: it should pull towards the mean.": lambda h, gain, mean: (
                -h,
                gain * h,
                -(1 - gain) * mean,
            ),
            "You returned the sum of the parts. Return the three of them.": lambda h, gain, mean: (
                (gain - 1) * h + (1 - gain) * mean
            ),
            "Your bias is the whole mean. It fills up only what the gain does not believe: 1 - gain.": lambda h, g, m: (
                -h,
                g * h,
                m,
            ),
            "You mixed up what is believed and what is not: the recurrent part carries the gain, the bias the rest.": lambda h, g, m: (
                -h,
                (1 - g) * h,
                g * m,
            ),
            "Your parts are in the wrong order: leak, recurrent part, bias.": lambda h, g, m: (g * h, -h, (1 - g) * m),
            "Two parts came. Asked are three: leak, recurrent part and bias.": lambda h, g, m: (-h, g * h),
            "You took the mean off the code before you weighed it. Then the bias must be the whole mean, and the recurrent part is no part of h alone.": lambda h, g, m: (
                -h,
                g * (h - m),
                m,
            ),
            "Your recurrent part is the gain itself. It multiplies the code.": lambda h, g, m: (-h, g, (1 - g) * m),
            "Only the leak pulls back. Recurrent part and bias have a plus.": lambda h, g, m: (
                -h,
                -g * h,
                -(1 - g) * m,
            ),
        },
    ),
    "4.3": Function(
        _spread,
        _VARIANCES,
        {
            "You averaged the gains. Steps at which the code is large weigh more, so average the *variances* first.": (
                lambda variances, sigma: (variances / (variances + sigma**2)).mean()
            ),
            "This is the gain of the last step. It must serve all steps.": lambda variances, sigma: (
                variances[-1] / (variances[-1] + sigma**2)
            ),
            "You took the sum of the variances for their mean.": lambda variances, sigma: (
                variances.sum() / (variances.sum() + sigma**2)
            ),
            "The noise enters by its variance, sigma squared.": lambda variances, sigma: _spread(variances, sigma**0.5),
            "This is the gain of the first step. It must serve all steps.": lambda v, s: v[0] / (v[0] + s**2),
            "This is the gain of the widest step. It must serve all steps.": lambda v, s: v.max() / (v.max() + s**2),
            "These are the gains of all steps. Asked is one that serves all.": lambda v, s: v / (v + s**2),
            "You took the median of the variances. What counts is their mean.": lambda v, s: (
                v.median() / (v.median() + s**2)
            ),
            "You averaged standard deviations. Average the *variances*.": lambda v, s: (
                v.sqrt().mean() / (v.sqrt().mean() + s)
            ),
        },
    ),
    "4.4": Several(
        {
            "the unknown numbers of the plain recipe": Number(
                820.0,
                {
                    1600.0: "A covariance is symmetric: you counted every entry off the diagonal twice.",
                    780.0: "You left out the diagonal: the variances have to be estimated too.",
                    40.0: "These are the variances alone. Between each pair of units there is a covariance.",
                    80.0: "Variances and means are not enough: between each pair of units there is a covariance.",
                },
                tolerance=1e-6,
            ),
            "those of one who knows the code": Number(
                3.0,
                {
                    2.0: "You left out the covariance of the two coordinates.",
                    4.0: "That covariance is symmetric, too: you counted one of its entries twice.",
                    820.0: "The code maps a plane. Only the covariance in that plane is unknown.",
                },
                tolerance=1e-6,
            ),
        }
    ),
    "4.5": Number(
        15.0,
        {
            0.0: "At the start the place is known, so the gain is 0 and the line is at its steepest.",
            30.0: "At the end the animal must be home: the place is known again.",
            29.0: "Near the end the place is nearly known. The gain is largest where the spread is.",
            1.0: "Just after the start the place is nearly known. The gain is largest where the spread is.",
        },
        tolerance=0.035,
    ),
}
"""By name."""
