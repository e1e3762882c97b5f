"""Answers to the exercises of chapter 10."""

import math

import numpy as np
import torch
from scipy import stats

from answers.dresses import dressed, no_words, numbers, pairs, words


def judged(supported):
    if all(supported):
        return 2
    if any(supported):
        return 1
    return 0


def judged_by_loop(supported):
    yes = 0
    for one in supported:
        if one:
            yes += 1
    return 2 if yes == len(supported) else 1 if yes > 0 else 0


def holm(p_values):
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    found, largest = [0.0] * len(p_values), 0.0
    for rank, i in enumerate(order):
        largest = max(largest, (len(p_values) - rank) * p_values[i])
        found[i] = min(largest, 1.0)
    return found


def holm_in_numpy(p_values):
    p = np.asarray(p_values)
    order = p.argsort()
    found = np.empty_like(p)
    found[order] = np.minimum(np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)), 1)
    return found


def holm_in_torch(p_values):
    p, order = torch.tensor(p_values).sort()
    found = torch.empty(len(p))
    found[order] = (p * torch.arange(len(p), 0, -1)).cummax(0).values.clamp(max=1)
    return found


def holm_one_by_one(p_values):
    """For each: the largest of what those that are not larger come to."""
    n = len(p_values)
    return [min(1, max((n - sum(r < q for r in p_values)) * q for q in p_values if q <= p)) for p in p_values]


COMMAND = "python -m replaylib replicate --claim C12 --task t-maze --seeds 7 8 9 10 11"


def shown(low, high, null):
    return 1 if low > null else -1 if high < null else 0


def needed(effect, spread, power=0.8, quantile=0.975):
    n = 2
    while stats.nct.sf(stats.t.ppf(quantile, n - 1), n - 1, n**0.5 * effect / spread) < power:
        n += 1
    return n


def by_power(effect, spread):
    sizes = np.arange(2, 400)
    power = 1 - stats.nct.cdf(stats.t.ppf(0.975, sizes - 1), sizes - 1, np.sqrt(sizes) * effect / spread)
    return sizes[np.argmax(power >= 0.8)]


def simulated(effect, spread):
    random = np.random.default_rng(0)
    for n in range(2, 200):
        differences = random.normal(effect, spread, (4000, n))
        error = differences.std(1, ddof=1) / n**0.5
        if np.mean(differences.mean(1) - stats.t.ppf(0.975, n - 1) * error > 0) >= 0.8:
            return n
    return None


RIGHT = {
    "10.1": [
        judged,
        judged_by_loop,
        lambda s: all(s) + any(s),
        lambda s: int(np.all(s)) + int(np.any(s)),
        lambda s: np.sign(sum(s)) + (sum(s) == len(s)),
        lambda s: min(s) + max(s),
        lambda s: torch.tensor(s).all().int() + torch.tensor(s).any().int(),
        lambda s: 2 if False not in s else 1 if True in s else 0,
        lambda s: {0: 0, len(s): 2}.get(sum(s), 1),
        lambda s: float(2 * (np.mean(s) == 1) + (0 < np.mean(s) < 1)),
        *dressed(judged),
    ],
    "10.2": [
        holm,
        holm_in_numpy,
        holm_in_torch,
        holm_one_by_one,
        lambda p: tuple(holm(p)),
        lambda p: torch.tensor(holm(p)),
        lambda p: np.array(holm(p), dtype=np.float32),
        lambda p: [torch.tensor(one) for one in holm(p)],
        *dressed(holm),
    ],
    "10.3": numbers(4),
    "10.4": [
        COMMAND,
        f"  {COMMAND}\n",
        f"!{COMMAND}",
        f"$ {COMMAND}",
        "python -m replaylib replicate --task t-maze --claim C12 --seeds 7 8 9 10 11",
        "python -m replaylib replicate --seeds 7 8 9 10 11 --claim C12 --task t-maze",
        "python3 -m replaylib replicate --claim=C12 --task=t-maze --seeds 7 8 9 10 11",
        "python -m replaylib replicate --claim C12 --task t-maze --seeds 7 8 9 10 11 --json",
        "python  -m replaylib replicate \\\n  --claim C12 --task t-maze \\\n  --seeds 7 8 9 10 11",
        "python -m replaylib replicate --claim C12 --task 't-maze' --seeds 11 10 9 8 7",
        "python -m replaylib replicate --claim C12 --task t-maze --seeds 7 --seeds 8 --seeds 9 --seeds 10 --seeds 11",
        np.str_(COMMAND),
    ],
    "10.5": [
        shown,
        lambda low, high, null: int(low > null) - int(high < null),
        lambda low, high, null: (np.sign(low - null) + np.sign(high - null)) / 2,
        lambda low, high, null: (low > null) + -1 * (high < null),
        lambda low, high, null: np.int64(shown(low, high, null)),
        lambda low, high, null: torch.tensor(shown(low, high, null)),
        lambda low, high, null: 0 if low <= null <= high else np.sign(low - null),
        lambda low, high, null: 0 if (low - null) * (high - null) <= 0 else 1 if low > null else -1,
        lambda low, high, null: [float(shown(low, high, null))],
        *dressed(shown),
    ],
    "10.6": pairs(120, 20),
    "10.7": words("speed"),
    "10.8": [
        needed,
        by_power,
        simulated,
        lambda effect, spread: float(needed(effect, spread)),
        lambda effect, spread: np.int64(needed(effect, spread)),
        lambda effect, spread: torch.tensor(needed(effect, spread)),
        lambda effect, spread: needed(effect, spread) + 1,
    ],
}

WRONG = {
    "10.1": [
        (lambda s: int(all(s)), "Yours knows no partly, and gives 1 for holds:"),
        (lambda s: sum(s), "You count the supported effects. The verdict"),
        (lambda s: 2 if sum(s) > len(s) / 2 else 1 if any(s) else 0, "More than half is enough for yours to hold."),
        (lambda s: 2 - judged(s), "Your numbers are reversed: 2 is holds, 0 is"),
        (lambda s: ["fails", "partly", "holds"][judged(s)], "must return numbers, but str 'holds' came."),
        (lambda s: 2 if s[0] else int(any(s)), "You look at the first effect alone. All"),
        (lambda s: judged(s) + 1, "Your result is off by the same +1 for every"),
        (lambda s: sum(s) / len(s), "You give the share of supported effects. The"),
        (lambda s: 1, "Your function returns the same, whatever"),
    ],
    "10.2": [
        (lambda p: sorted(holm(p)), "Your results come in sorted order. Put them"),
        (lambda p: [min(1, (len(p) - r) * p[i]) for r, i in _ranks(p)], "gives 0.04 at the place [2], where 0.06 is"),
        (lambda p: list(p), "You corrected nothing. Measure twenty things,"),
        (lambda p: _placed(p, lambda r, n: n / (r + 1)), "You divide by the rank. That is the"),
        (lambda p: _placed(p, lambda r, n: r + 1), "Your factors grow with the rank. The"),
        (lambda p: _placed(p, lambda r, n: n - r), "Yours can make a larger p-value smaller than"),
        (lambda p: _uncapped(p), "Yours can exceed 1. No p-value does."),
        (lambda p: [1 - (1 - one) ** len(p) for one in p], "This is Šidák's correction. Holm's goes"),
        (lambda p: _placed(p, lambda r, n: n - r - 1), "Your factor is one too small: at rank r,"),
        (lambda p: holm(p)[0], "You return the first part alone. All of them"),
    ],
    "10.3": [
        (5, "You count one too many: *partly* is not"),
        (3, "You count one too few. Go through all six"),
        (0, "It holds on some. The sign for *holds*"),
        (1, "The ledger has a verdict for each task. Count"),
        (-4, "sign"),
        (0.667, "0.667 is too small."),
    ],
    "10.4": [
        (
            "python -m replaylib replicate --claim C8 --task t-maze --seeds 7 8 9 10 11",
            "`--claim` should be followed by C12, but C8",
        ),
        (
            "python -m replaylib replicate --claim C12 --task t-maze-cells --seeds 7 8 9 10 11",
            "`--task` should be followed by t-maze, but",
        ),
        (
            "python -m replaylib replicate --claim C12 --task t-maze --seeds 7-11",
            "`--seeds` should be followed by 7 8 9 10 11,",
        ),
        (
            "python -m replaylib replicate --claim C12 --task t-maze --seeds 7,8,9,10,11",
            "`--seeds` should be followed by 7 8 9 10 11,",
        ),
        (
            "python -m replaylib train --claim C12 --task t-maze --seeds 7 8 9 10 11",
            "The command begins with `python -m replaylib",
        ),
        ("replicate C12 t-maze 7 8 9 10 11", "The command begins with `python -m replaylib"),
        ("python -m replaylib replicate --claim C12 --seeds 7 8 9 10 11", "`--task` should be followed by t-maze, but"),
        (["python", "-m"], "Give the command as a string, in quotes, as"),
    ],
    "10.5": [
        (lambda low, high, null: 1 if low > null else 0, "Yours gives 0 for whatever was not shown."),
        (lambda low, high, null: 1 if high > null else -1, "Yours knows no 0. An interval on both sides"),
        (lambda low, high, null: 1 if low > null or high < null else 0, "You do not tell above from below. Above the"),
        (lambda low, high, null: low > null, "Yours gives 0 for whatever was not shown."),
        (
            lambda low, high, null: 1 if high > null else -1 if low < null else 0,
            "Yours knows no 0. An interval on both sides",
        ),
        (lambda low, high, null: low - null, "You return a difference. Asked is one of 1, 0"),
        (lambda low, high, null: 0, "Yours finds nothing, ever. An interval that"),
        (lambda low, high, null: "nothing", "must return numbers, but str 'nothing' came."),
    ],
    "10.6": [
        ((12, 20), "This is the number of points of the grid."),
        ((17, 20), "You added the lengths of the lists. A grid"),
        ((7, 20), "You added the lengths of the lists, without"),
        ((20, 120), "Your numbers are in the wrong order: asked"),
        ((60, 20), "You left one of the lists of two out."),
        ((22, 20), "You added the seeds to the points. Each point"),
        ((120, 120), "One network serves all frictions and"),
        ((120, 10), "Each task needs networks of its own."),
        ((120, 2), "Each seed makes a network of its own."),
        ((120, 12), "Points of the grid share their networks, and"),
    ],
    "10.7": no_words("speed"),
    "10.8": [
        (lambda e, s: math.ceil((2.8016 * s / e) ** 2) if e < s else 2, "With few networks the quantile"),
        (lambda e, s: needed(e, s, power=0.5), "in half of the studies only"),
        (lambda e, s: 2 * needed(e, s), "two groups of different networks"),
        (lambda e, s: round(needed(e, s) ** 0.5), "You forgot the root"),
        (lambda e, s: needed(s, e), "You turned effect and spread round"),
        (lambda e, s: needed(e, s, quantile=0.95), "Your interval is one of 90 %"),
        (lambda e, s: 7.5, "A whole number of networks from 2 was expected"),
        (lambda e, s: 10, "where 34 are needed"),
    ],
}


def _ranks(p):
    return enumerate(sorted(range(len(p)), key=lambda i: p[i]))


def _placed(p, factor):
    found = [0.0] * len(p)
    for rank, i in _ranks(p):
        found[i] = min(1.0, factor(rank, len(p)) * p[i])
    return found


def _uncapped(p):
    found, largest = [0.0] * len(p), 0.0
    for rank, i in _ranks(p):
        found[i] = largest = max(largest, (len(p) - rank) * p[i])
    return found
