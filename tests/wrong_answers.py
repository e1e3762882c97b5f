"""What learners answer when they are wrong: at least two typical answers to each exercise, written as they would be."""

import math

import matplotlib.pyplot as plt
import numpy as np
import torch
from answers import museum


def best_path_alone(likelihood, transition):
    best = likelihood[0] / len(transition)
    for later in likelihood[1:]:
        best = (best[:, None] * transition).amax(0) * later
    return best.amax().log()


def matrix_turned_round(likelihood, transition):
    w = likelihood[0] / len(transition)
    for later in likelihood[1:]:
        w = transition @ w * later
    return w.sum().log()


def reach_without_any(distance, radius):
    return (distance <= radius).int().argmax()


def reach_from_one(distance, radius):
    for step, one in enumerate(distance, start=1):
        if one <= radius:
            return step
    return len(distance)


def length_of_path(position, window):
    lengths = position.diff(dim=0).norm(dim=1)
    return torch.stack([lengths[i : i + window].sum() for i in range(len(position) - window)]).mean()


def from_the_start(position, window):
    return (position[window:] - position[0]).norm(dim=1).mean()


def trace_without_time(states, strength, time):
    a = 0 * states[0]
    for h in states:
        a = (1 - 1 / time) * a + strength * h
    return a


def trace_that_never_fades(states, strength, time):
    return strength / time * states.sum(0)


def variance_transposed(matrix, noise):
    cov = noise
    for _ in range(2000):
        cov = matrix.T @ cov @ matrix + noise
    return cov[0, 0]


def onset_of_a_mode_around_zero(kappa, time):
    # Determinant (1 - kappa)(1 - 1/time) + b/time = 1.
    return time * (1 - (1 - kappa) * (1 - 1 / time))


def momentum_with_old_velocity(h, v, drift, friction, noise):
    return h + v, (1 - friction) * v + drift + noise


def momentum_kept_share(h, v, drift, friction, noise):
    v = friction * v + drift + noise
    return h + v, v


def momentum_noise_on_state(h, v, drift, friction, noise):
    v = (1 - friction) * v + drift
    return h + v + noise, v


def matrix_with_plus(k, friction, strength, time):
    mu = 1 - friction
    return np.array([[1 - k, mu, 1], [-k, mu, 1], [strength / time, 0, 1 - 1 / time]])


def matrix_with_old_velocity(k, friction, strength, time):
    return np.array([[1, 1, 0], [-k, 1 - friction, -1], [strength / time, 0, 1 - 1 / time]])


def relaxation_never_inf(matrix):
    return -1 / np.log(np.abs(np.linalg.eigvals(matrix)).max())


def relaxation_of_fastest(matrix):
    with np.errstate(divide="ignore"):
        return -1 / np.log(np.abs(np.linalg.eigvals(matrix)).min())


def momentum_of_real_part(kappa):
    fits = [mu for mu in np.arange(100) / 100 if np.abs(np.roots([1, -(1 + mu + kappa.real), mu])).max() < 1]
    return max(fits, default=0.0)


def momentum_until_one_fails(kappa):
    last = 0.0
    for mu in np.arange(100) / 100:
        if np.abs(np.roots([1, -(1 + mu + kappa), mu])).max() >= 1:
            break
        last = mu
    return last


def momentum_beyond_the_limit(kappa):
    fits = [mu for mu in np.arange(100) / 100 if np.abs(np.roots([1, -(1 + mu + kappa), mu])).max() < 1]
    return max(fits, default=0.0) + 0.01


def windows(part, steps):
    count = len(part) // steps
    return part[: count * steps].reshape(count, steps, 2)


def split_at_random(position, steps, share):
    cut = windows(position, steps)
    order = torch.randperm(len(cut), generator=torch.Generator().manual_seed(0))
    border = int(share * len(cut))
    return cut[order[:border]], cut[order[border:]]


def split_with_overlap(position, steps, share):
    border = int(share * len(position))
    return windows(position[: border + steps], steps), windows(position[border:], steps)


def split_shuffled(position, steps, share):
    mixed = position[torch.randperm(len(position), generator=torch.Generator().manual_seed(0))]
    border = int(share * len(position))
    return windows(mixed[:border], steps), windows(mixed[border:], steps)


def power_sum_only(activity, centres, exponent):
    return activity.clamp(min=0) ** exponent @ centres


def holm_without_sorting(p_values):
    return torch.tensor([min(p * (len(p_values) - i), 1) for i, p in enumerate(p_values)], dtype=torch.float64)


def step_inside(h, u, w, v, b, leak):
    return torch.tanh((1 - leak) * h + w @ h + v @ u + b)


def all_stretches(position, window, moving):
    return (position[window:] - position[:-window]).norm(dim=1).mean()


def stretches_without_a_rest(position, window, moving):
    going = position.diff(dim=0).norm(dim=1) >= moving
    far = [
        (position[i + window] - position[i]).norm()
        for i in range(len(position) - window)
        if going[i : i + window].all()
    ]
    return torch.stack(far).mean()


def steps_of_runs_added_up(position, window, moving):
    step = position.diff(dim=0).norm(dim=1)
    stretches = step.unfold(0, window, 1)
    return stretches[(stretches >= moving).double().mean(1) >= 0.9].sum(1).mean()


def rests_cut_out(position, window, moving):
    step = position.diff(dim=0)
    joined = torch.cumsum(step[step.norm(dim=1) >= moving], 0)
    return (joined[window:] - joined[:-window]).norm(dim=1).mean()


def whole_run(states, way):
    """Wants the way in one piece."""
    text, best = list(states), 0
    for start in range(len(text)):
        length = 0
        while length < len(way) and start + length < len(text) and text[start + length] == way[length]:
            length += 1
        best = max(best, length)
    return best


def ring_values(path, goal, n, discount, faults=()):
    values = [0.0] * n
    for i in range(len(path) - 1):
        one, two = path[i], path[i + 1]
        if (abs(one - two) in (1, n - 1) or "jumps" in faults) and not (one == goal and "goes on" not in faults):
            values[one] = max(values[one], ((one if "out" in faults else two) == goal) + discount * values[two])
    return values


def wave_round(neighbours, goal, steps):
    """Runs straight on, and never turns."""
    path = [goal]
    while len(path) < steps:
        others = [one for one in neighbours[path[-1]] if one not in path[-2:]]
        path.append((others or neighbours[path[-1]])[0])
    return path


WRONG = {
    "0.1": {"momentum": "hardly any push", "adaptation": "later than Both"},
    "0.2": {0.027: "*kept* in each step", 0.1: "what is left then", 0.657: "share that is lost"},
    "0.3": {
        reach_without_any: "never reached",
        reach_from_one: "count steps from 1",
        lambda distance, radius: (
            reach_from_one(distance, radius - 1e-5) - 1 if (distance < radius).any() else len(distance)
        ): "use <=",
    },
    "0.4": {"coverage": "small part of the track", "reach time": "several times sooner", "jumps": "never jump"},
    "0.5": {"adaptation": "slower than the running animal", "plain, longer": "waits longer"},
    "1.1": {(0.05, 80): "wrong way round", (7.6, 80): "difference"},
    "1.2": {length_of_path: "jagged", from_the_start: "from the start"},
    "1.3": {
        lambda position: plt.plot(position[0, :, 0]): "must return the axes",
        lambda position: plt.subplots()[1]: "One line of at least 5 points",
    },
    "1.4": {"rest": "single point", "random walk": "get round"},
    "1.5": {
        lambda plain, fast: plain.mean() / fast.mean(): "its own control",
        lambda plain, fast: (fast / plain).mean(): "upside down",
    },
    "2.1": {
        lambda start, velocity: torch.cumsum(velocity, 0): "origin",
        lambda start, velocity: start + velocity: "adding up",
    },
    "2.2": {
        step_inside: "inside the nonlinearity",
        lambda h, u, w, v, b, leak: leak * h + torch.tanh(w @ h + v @ u + b): "*lost*",
    },
    "2.3": {
        lambda decoded, position: ((decoded - position) ** 2).mean(): "squared",
        lambda decoded, position: (decoded - position).abs().mean(): "one coordinate",
    },
    "2.4": {10: "*variances*", 0.1: "single step"},
    "2.5": {"better": "not even its noise", "the same": "Train longer"},
    "3.1": {
        lambda h, mean, variance, sigma: h * variance / (variance + sigma**2): "goes to zero",
        lambda h, mean, variance, sigma: h + sigma**2 * (mean - h) / variance: "clean law",
    },
    "3.2": {
        lambda h, score, step, xi: h + step * score(h) + step**0.5 * xi: "half the exact one",
        lambda h, score, step, xi: h + step / 2 * score(h) + (2 * step) ** 0.5 * xi: "twice the exact one",
        lambda h, score, step, xi: h - step * score(h) + (2 * step) ** 0.5 * xi: "*added*",
        lambda h, score, step, xi: h + step * score(h): "Where does the noise",
        lambda h, score, step, xi: h + step * score(h) + 2 * step * xi: "take the root",
        lambda h, score, step, xi: h + (2 * step) ** 0.5 * xi: "no score",
    },
    "3.3": {
        lambda covariance, step: 2 * step * torch.eye(len(covariance)): "noise of a short step",
        lambda covariance, step: step * (2 - step) * torch.eye(len(covariance)): "all variances were 1",
    },
    "3.4": {1: "right onto the mean", 0.5: "halved"},
    "3.5": {"drifts": "displacement grow", "runs round": "push along"},
    "4.1": {
        lambda t, start, step, sigma: t * step**2 / (t * step**2 + sigma**2): "at the start",
        lambda t, start, step, sigma: sigma**2 / (start + t * step**2 + sigma**2): "*not* believed",
    },
    "4.2": {
        lambda h, gain, mean: (-h, gain * h, gain * mean): "1 - gain",
        lambda h, gain, mean: (-(1 - gain) * h, gain * h, (1 - gain) * mean): "never changes",
        lambda h, gain, mean: (1 - gain) * (mean - h): "sum of the parts",
    },
    "4.3": {
        lambda variances, sigma: (variances / (variances + sigma**2)).mean(): "average the *variances*",
        lambda variances, sigma: variances[-1] / (variances[-1] + sigma**2): "last step",
    },
    "4.4": {(1600, 3): "twice", (780, 3): "diagonal"},
    "4.5": {0: "start the place", 30: "must be home"},
    "5.1": {
        lambda encoder, gain, mean, share: (
            1 - share,
            share * encoder @ gain @ encoder.T,
            share * encoder @ (torch.eye(2).double() - gain) @ mean,
        ): "*kept*",
        lambda encoder, gain, mean, share: (
            share,
            encoder @ gain @ encoder.T,
            encoder @ (torch.eye(2).double() - gain) @ mean,
        ): "Only the leak",
    },
    "5.2": {0.5: "*off* the path", 0.4: "weight W alone"},
    "5.3": {
        lambda leak, noise_std, steps: noise_std**2 * sum((1 - leak) ** i for i in range(steps)): "*square*",
        lambda leak, noise_std, steps: steps * noise_std**2: "forgets the leak",
    },
    "5.4": {"coordinates": "*grows*", "neither": "smaller"},
    "6.1": {
        trace_without_time: "times too large",
        trace_that_never_fades: "never fades",
        lambda states, b, time: trace_without_time(states[:-1], b / time, time): "leaves out the last",
    },
    "6.2": {
        lambda k, b, time: (k - 1 / time) ** 2 > 4 * b / time: "reversed",
        lambda k, b, time: (k - 1 / time) ** 2 < b / time: "lacks the 4",
        lambda k, b, time: (k + 1 / time) ** 2 < 4 * b / time: "*difference*",
        lambda k, b, time: abs(k - 1 / time) < 4 * b / time: "lost the square",
        lambda k, b, time: b > k: "strength with stiffness",
        lambda k, b, time: b * time > 1: "strength times time",
        lambda k, b, time: max(abs(np.linalg.eigvals([[1 - k, -1], [b / time, 1 - 1 / time]]))) > 1: "*grows*",
    },
    "6.3": {0.064: "lost the 4", 0.0016: "lost the time"},
    "6.4": {
        lambda matrix, noise: noise[0, 0]: "single step",
        lambda matrix, noise: (np.linalg.inv(np.eye(2) - matrix) @ noise)[0, 0]: "*both* sides",
        variance_transposed: "not Mᵀ S M",
    },
    "6.5": {
        lambda v, c, q: v / q: "whole variance",
        lambda v, c, q: (v - c) / q: "not the covariance itself",
    },
    "6.6": {"track": "running", "both": "sooner"},
    "6.7": {
        (20, 50): "Asked is the strength",
        (0.95, 50): "kept in a step",
        (1, 50): "at the threshold",
        (0.0025, 50): "twice",
    },
    "6.8": {
        lambda kappa, time: 1 / time: "left the stiffness out",
        lambda kappa, time: 1 / time + kappa: "long trace",
        lambda kappa, time: 1 / time - kappa * (1 - 1 / time): "not less",
        lambda kappa, time: 1 + kappa * time: "mobility number",
        onset_of_a_mode_around_zero: "mode around zero",
        lambda kappa, time: (kappa**0.5 - time**-0.5) ** 2: "begins to swing",
        lambda kappa, time: kappa * (1 - 1 / time): "needs already",
        lambda kappa, time: 0.5: "At stiffness=0.01, time=20",
    },
    "7.1": {"noise": "both sides", "no difference": "320 steps"},
    "7.2": {(0.008, 0.64): "multiplied", (0.0333, 0.64): "*kept*"},
    "7.3": {
        momentum_with_old_velocity: "*old* velocity",
        momentum_kept_share: "share that is lost",
        momentum_noise_on_state: "kicks the state",
    },
    "7.4": {
        lambda noise_std, friction: noise_std * friction: "too cold",
        lambda noise_std, friction: noise_std: "adds up the kicks",
        lambda noise_std, friction: noise_std / friction**0.5: "must shrink",
    },
    "7.5": {
        lambda k: 2 * k**0.5: "second term",
        lambda k: (1 - k**0.5) ** 2: "1 minus it",
    },
    "7.6": {
        lambda friction: (1 / friction, 1 / friction): "*variance*",
        lambda friction: (friction**-0.5, 1): "wider one",
    },
    "7.7": {
        lambda position: 1 - position[1:] @ position[:-1] / position.square().sum(): "positions",
        lambda position: 0.5: "At a",
    },
    "7.8": {4: "changes with the speed", 2: "leaves out the threshold", 3.873: "at friction 0.25"},
    "7.9": {
        (3.333, 0.1): "Upside down",
        (0.7, 0.1): "1 minus it",
        (0.5477, 0.1): "equal x",
        (0.14, 0.1): "difference",
        (0.012, 0.1): "multiplied",
    },
    "7.10": {
        lambda w, b, time: b * time / (1 + (w * time) ** 2): "short form",
        lambda w, b, time: b * time / (2 * time * (time - 1) * (1 - np.cos(w))): "still stands",
        lambda w, b, time: 1 + 2 * time * (time - 1) * (1 - np.cos(w)): "mobility number",
        lambda w, b, time: (1 + 2 * time * (time - 1) * (1 - np.cos(w))) / (b * time): "upside down",
        lambda w, b, time: b * time / (1 + 2 * time * (time - 1) * (1 - np.cos(np.radians(w)))): "degrees",
        lambda w, b, time: b * time / (1 + time * (time - 1) * (1 - np.cos(w))): "lost the 2",
        lambda w, b, time: b * time / (1 + 2 * time**2 * (1 - np.cos(w))): "not the square",
        lambda w, b, time: 1.5: "stands still",
        lambda w, b, time: 0.5: "ring runs at",
        lambda w, b, time: -0.3: "between 0 and 2",
    },
    "8.1": {matrix_with_plus: "*minus* a", matrix_with_old_velocity: "old velocity"},
    "8.2": {relaxation_never_inf: "return inf", relaxation_of_fastest: "*fastest*"},
    "8.3": {0.718: "two eigenvalues", 0.7756: "own factor"},
    "8.4": {"explodes": "bounded", "stops": "beyond the cliff"},
    "8.5": {
        momentum_of_real_part: "swirl",
        lambda kappa: 0.99: "*larger* root",
        momentum_until_one_fails: "first momentum that fails",
        momentum_beyond_the_limit: "where 0.65 is right",
        lambda kappa: "0.65": "must return numbers, but str '0.65' came",
    },
    "8.6": {"both": "lies lower", "the second": "dashed line", "neither": "one that does"},
    "8.7": {
        lambda x, time, friction, k: (x / time, x / time / (k + x / time)): "left friction out",
        lambda x, time, friction, k: (x / time / friction, x / time / friction / (k + x / time / friction)): "multiply",
        lambda x, time, friction, k: (x * friction / time, k / (k + x * friction / time)): "share that is lost",
        lambda x, time, friction, k: (x * friction / time, x / (k + x)): "strength alone",
    },
    "9.1": {(219690, 117): "tracker", (1464.6, 117): "multiplied"},
    "9.2": {split_at_random: "cut once", split_with_overlap: "both parts", split_shuffled: "shuffled"},
    "9.3": {
        power_sum_only: "add up to one",
        lambda activity, centres, exponent: centres[activity.argmax()]: "most active",
    },
    "9.4": {"coverage": "visit less", "reach time": "later than the rat"},
    "9.5": {
        all_stretches: "with the rests",
        stretches_without_a_rest: "Nine in ten",
        steps_of_runs_added_up: "two ends",
        rests_cut_out: "whole stretches",
    },
    "10.1": {lambda supported: 2 * any(supported): "*all* deciding", lambda supported: 2 * all(supported): "partly"},
    "10.2": {
        lambda p: torch.tensor(p).double().mul(len(p)).clamp(max=1): "Bonferroni",
        holm_without_sorting: "Sort them first",
    },
    "10.3": {6: "*partly* too", 2: "holds *partly*"},
    "10.4": {
        "python -m replaylib replicate --claim C12 --seeds 7 8 9 10 11": "`--task`",
        "python -m replaylib replicate --claim C12 --task t-maze --seeds 7": "`--seeds`",
        "make replicate": "begins with",
    },
    "10.5": {
        lambda low, high, null: int(low > null): "*opposite*",
        lambda low, high, null: (low > 0) - (high < 0): "null of a ratio",
        lambda low, high, null: (high < null) - (low > null): "reversed",
        lambda low, high, null: 1 if low + high > 2 * null else -1: "either direction",
    },
    "10.6": {(12, 20): "points of the grid", (17, 20): "*combination*"},
    "10.7": {"distance": "further from 0", "size": "hardly differs"},
    "10.8": {
        lambda effect, spread: math.ceil((1.96 * spread / effect) ** 2) + 2: "in half of the studies",
        lambda effect, spread: spread: "whole number",
    },
    "11.1": {7: "half a lap", 14: "one lap", 105: "one bin *before*", 84: "14 steps too"},
    "11.2": {
        lambda reward, ahead, d: np.mean([r + d * v for r, v in zip(reward, ahead, strict=True)]): "*best* of them",
        lambda reward, ahead, d: max(r + v for r, v in zip(reward, ahead, strict=True)): "forgot the discount",
        lambda reward, ahead, d: max(d * r + d * v for r, v in zip(reward, ahead, strict=True)): "comes at once",
        lambda reward, ahead, d: max(reward) + d * max(ahead): "*same* action",
    },
    "11.3": {
        lambda states, way: sum(one in states for one in way): "in any order",
        whole_run: "in one run",
    },
    "11.4": {
        lambda p, g, n, d: ring_values(p, g, n, d, ("out", "goes on")): "step *out* of the goal",
        lambda p, g, n, d: ring_values(p, g, n, d, ("goes on",)): "right now",
        lambda p, g, n, d: ring_values(p, g, n, d, ("jumps",)): "learns from jumps",
        lambda p, g, n, d: ring_values(p, g, n, 1.0): "forgot the discount",
    },
    "11.5": {"law": "very same law", "order": "hardly anything is gained"},
    "11.6": {
        lambda neighbours, goal, steps: [step % len(neighbours) for step in range(steps)]: "too seldom",
        lambda neighbours, goal, steps: [goal] * steps: "never named",
        lambda neighbours, goal, steps: [len(neighbours)] * steps: "whole number from 0",
        wave_round: "your area is",
    },
    "12.1": {
        lambda counts, expected: counts @ expected.log().T: "left out the silence",
        lambda counts, expected: counts @ expected.T - expected.sum(dim=1): "logarithm",
    },
    "12.2": {
        best_path_alone: "best path alone",
        matrix_turned_round: "turned the matrix round",
        lambda likelihood, transition: likelihood.mean(dim=1).log().sum(): "anywhere in each window",
    },
    "12.3": {(0.85, 0.522): "one step", (0.7, 0.522): "multiplied", (0.15, 0.522): "what is lost"},
    "12.4": {"spikes": "no better", "order": "What made it"},
    "12.5": {
        lambda windows: np.cumsum(np.random.default_rng(0).normal(size=windows)): "no momentum",
        lambda windows: np.arange(windows) ** 1.5: "still runs straight",
        lambda windows: np.sin(np.arange(windows) / 3): "comes back",
        np.zeros: "must move",
        lambda windows: np.zeros(5): "one position for each window",
    },
}
"""By exercise: wrong answers, and words of the sentence that each should get."""

WRONG |= {name: dict(pairs[:2]) for name, pairs in museum.WRONG.items()}
