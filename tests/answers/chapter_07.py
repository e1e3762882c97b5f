"""Answers to the exercises of chapter 7."""

import math

import numpy as np
import torch
from scipy import optimize

from answers.dresses import dressed, in_lists, in_numpy, no_words, numbers, pairs, words


def stepped(h, v, drift, friction, noise):
    new = (1 - friction) * v + drift + noise
    return h + new, new


def in_place(h, v, drift, friction, noise):
    v *= 1 - friction
    v += drift
    v += noise
    h += v
    return h, v


def unit_by_unit(h, v, drift, friction, noise):
    new = [(1 - friction) * a + b + c for a, b, c in zip(v, drift, noise, strict=True)]
    return [a + b for a, b in zip(h, new, strict=True)], new


def critical(k):
    return 2 * k**0.5 - k


def by_search(k):
    return optimize.brentq(lambda mu: (1 + mu - k) ** 2 - 4 * mu, 0, 1 - 1e-12) if k < 1 else 1.0


def critical_by_search(k):
    return 1 - by_search(k) if k < 1 else 1.0


def dialled(w, b, time):
    return b * time / (1 + 2 * time * (time - 1) * (1 - math.cos(w)))


def regressed(x):
    velocity = x[1:] - x[:-1]
    return 1 - (velocity[1:] @ velocity[:-1]) / (velocity[:-1] @ velocity[:-1])


RIGHT = {
    "7.1": [*words("momentum"), "the momentum"],
    "7.2": pairs(0.05, 0.64),
    "7.3": [
        stepped,
        in_place,
        unit_by_unit,
        in_lists(unit_by_unit),
        lambda *case: list(stepped(*case)),
        lambda *case: torch.stack(stepped(*case)),
        in_numpy(lambda *case: np.array(stepped(*case))),
        lambda h, v, drift, friction, noise: (
            h + (v - friction * v + drift + noise),
            torch.sum(torch.stack([v, -friction * v, drift, noise]), 0),
        ),
        *dressed(stepped),
    ],
    "7.4": [
        lambda noise_std, friction: noise_std * friction**0.5,
        lambda noise_std, friction: noise_std * math.sqrt(friction),
        lambda noise_std, friction: (friction * noise_std**2) ** 0.5,
        lambda noise_std, friction: np.sqrt(friction) * noise_std,
        lambda noise_std, friction: torch.tensor(friction).sqrt() * noise_std,
        lambda noise_std, friction: np.float32(noise_std) * np.float32(friction) ** np.float32(0.5),
        lambda noise_std, friction: [math.exp(math.log(noise_std) + math.log(friction) / 2)],
        lambda noise_std, friction: noise_std * (friction * (2 - friction) / (2 - friction)) ** 0.5,
        *dressed(lambda noise_std, friction: (noise_std**2 * friction) ** (1 / 2)),
    ],
    "7.5": [
        critical,
        critical_by_search,
        lambda k: 1 - (1 - k**0.5) ** 2,
        lambda k: 1 - (math.sqrt(k) - 1) ** 2,
        lambda k: np.sqrt(k) * (2 - np.sqrt(k)),
        lambda k: 2 * torch.tensor(k).sqrt() - k,
        lambda k: np.float32(2 * np.sqrt(np.float32(k)) - np.float32(k)),
        lambda k: 1 - np.real(np.roots([1, -2 - 2 * k, (1 - k) ** 2]).min()),
        lambda k: [critical(k)],
        *dressed(critical),
    ],
    "7.6": [
        lambda friction: (friction**-0.5, 1 / friction),
        lambda friction: [1 / math.sqrt(friction), friction**-1],
        lambda friction: np.array([friction ** (-1 / 2), 1 / friction]),
        lambda friction: torch.tensor([friction**-0.5, 1 / friction], dtype=torch.float64),
        lambda friction: (np.sqrt(1 / friction), np.float64(1) / friction),
        lambda friction: (torch.tensor(friction).rsqrt(), torch.tensor(friction).reciprocal()),
        *dressed(lambda friction: (friction**-0.5, 1 / friction)),
    ],
    "7.7": [
        regressed,
        in_numpy(lambda x: 1 - np.polyfit(np.diff(x)[:-1], np.diff(x)[1:], 1)[0]),
        in_numpy(lambda x: 1 - np.corrcoef(np.diff(x)[1:], np.diff(x)[:-1])[0, 1]),
        in_numpy(lambda x: 2 - np.var(x[2:] - x[:-2]) / np.var(np.diff(x)) / 2),
        in_lists(lambda x: regressed(np.array(x))),
        lambda x: 1 - torch.linalg.lstsq(x.diff()[:-1, None], x.diff()[1:, None]).solution,
        *dressed(regressed),
    ],
    "7.8": [*numbers(2.236), 5**0.5, np.sqrt(5), 2.24],
    "7.9": pairs(0.3, 0.1),
    "7.10": [
        dialled,
        lambda w, b, time: b * time / (1 + 4 * time * (time - 1) * math.sin(w / 2) ** 2),
        lambda w, b, time: b * time / (1 + 2 * time * (time - 1) * (1 - np.cos(w))),
        lambda w, b, time: (
            b * time / (1 + 2 * time * (time - 1) * (1 - torch.cos(torch.tensor(w, dtype=torch.float64))))
        ),
        lambda w, b, time: b / (1 / time + (time - 1) * abs(np.exp(1j * w) - 1) ** 2),
        lambda w, b, time: optimize.brentq(
            lambda f: b * time / f - 1 - 2 * time * (time - 1) * (1 - math.cos(w)), 1e-6, 1e3
        ),
        lambda w, b, time: [dialled(w, b, time)],
        lambda w, b, time: np.float32(dialled(w, b, time)),
        *dressed(dialled),
    ],
}

WRONG = {
    "7.1": [("both", "must be one of"), *no_words("momentum")],
    "7.2": [
        ((5, 0.64), "Check the unit: metres per step."),
        ((0.05, 0.36), "This is the share that is still lacking."),
        ((0.05, 0.4), "This is the share after one step."),
        ((0.008, 0.64), "You multiplied by the friction. In steady"),
        ((0.02 / 0.6, 0.64), "You divided by the share that is *kept*. What"),
        ((0.05, 0.032), "This is the speed after two steps, in metres."),
        ((0.05, 64), "64 is 100 times what is asked. Is it in per"),
        ((0.02 / 0.4**0.5, 0.64), "You divided by the root of the friction. The"),
        ((0.05, 0.8), "You added the push twice. In the second step"),
        ((0.05, 0.6), "This is the share that a velocity keeps in a"),
        ((0.02, 0.64), "This is what a single push adds. The velocity"),
    ],
    "7.3": [
        (
            lambda h, v, drift, friction, noise: stepped(h, v, drift, friction, noise)[::-1],
            "You returned velocity and state in the wrong",
        ),
        (
            lambda h, v, drift, friction, noise: stepped(h, v, drift, friction, noise)[0],
            "The state alone came. Return the next state",
        ),
        (lambda h, v, drift, friction, noise: stepped(h, v, drift, friction, 0), "You lost the noise."),
        (
            lambda h, v, drift, friction, noise: stepped(h, v, friction * drift, friction, noise),
            "You scaled the drift by the friction. Then",
        ),
        (
            lambda h, v, drift, friction, noise: stepped(h, v, drift, friction, friction**0.5 * noise),
            "You scaled the noise once more. It comes in",
        ),
        (
            lambda h, v, drift, friction, noise: stepped(h, v, drift, 0, noise),
            "Your velocity never loses anything: friction",
        ),
        (
            lambda h, v, drift, friction, noise: (
                h + (1 - friction) * (v + drift + noise),
                (1 - friction) * (v + drift + noise),
            ),
            "Friction takes its share of the *old*",
        ),
        (
            lambda h, v, drift, friction, noise: stepped(h, v, -drift, friction, noise),
            "You took the drift off. It is added.",
        ),
        (
            lambda h, v, drift, friction, noise: (stepped(h, v, drift, friction, noise)[1],) * 2,
            "Your first result is the velocity. The state",
        ),
        (
            lambda h, v, drift, friction, noise: (h + drift + noise, (1 - friction) * v + drift + noise),
            "Your state moves by drift and noise alone. It",
        ),
    ],
    "7.4": [
        (lambda noise_std, friction: noise_std * (1 - friction), "You took the share that is kept. Replay is"),
        (lambda noise_std, friction: noise_std * (1 - friction) ** 0.5, "You took the root of what is kept. Replay is"),
        (lambda noise_std, friction: noise_std**2 * friction, "Your dream is too cold: its variance is 0.25"),
        (lambda noise_std, friction: friction**0.5, "You left out noise_std. Replay is then 25"),
        (lambda noise_std, friction: noise_std / friction, "Your noise grows as friction falls. It must"),
        (lambda noise_std, friction: noise_std * (2 * friction) ** 0.5, "There is no 2 in it: the law goes with the"),
        (lambda noise_std, friction: -noise_std * friction**0.5, "A standard deviation is positive."),
        (
            lambda noise_std, friction: noise_std * (friction * (2 - friction)) ** 0.5,
            "You kept the law of the *velocity*. Asked is",
        ),
    ],
    "7.5": [
        (lambda k: k**0.5, "You took sqrt(mu) for mu: at the border"),
        (lambda k: 2 * k**0.5 + k, "The second term is taken off: 2 sqrt(k) - k."),
        (lambda k: 2 * k - k**2, "You took k for its root: at the border"),
        (lambda k: 1 - k**0.5, "This is sqrt(mu). Square it, and take it from"),
        (lambda k: k, "This is the stiffness itself. The critical"),
        (lambda k: 0.2, "Your function returns the same, whatever"),
        (lambda k: 4 * k, "You lost a root: (1 + mu - k)² = 4 mu."),
        (lambda k: -(2 * k**0.5 - k), "sign"),
    ],
    "7.6": [
        (lambda f: (1 / f, 1 / f), "The first is the factor of the *variance*."),
        (lambda f: (1 / f, 1 / f**2), "You multiplied the noise by what diffusion"),
        (lambda f: (f**-0.5, 1.0), "That is what momentum does to the law."),
        (lambda f: (f**-0.5, f**-0.5), "The variance goes with the square"),
        (lambda f: (f**0.5, f), "You have both upside down"),
        (lambda f: (1 / f, f**-0.5), "wrong order"),
        (lambda f: (f**-0.25, f**-0.5), "You took the root twice"),
    ],
    "7.7": [
        (lambda x: 1 - regressed(x), "share of the velocity that is kept"),
        (lambda x: 1 / regressed(x), "how many steps the velocity lasts"),
        (lambda x: 1 - x[1:] @ x[:-1] / (x[:-1] @ x[:-1]), "You compared positions"),
        (lambda x: x.diff().std(), "in centimetres"),
        (lambda x: 1 - (1 - regressed(x)) ** 2, "friction of two steps"),
        (lambda x: regressed(x.diff()), "You compared changes of the velocity."),
        (lambda x: -regressed(x), "left the sign"),
        (lambda x: 0.25, "At a friction of 0.9 your function gives 0.25."),
    ],
    "7.8": [
        (5, "You forgot the root."),
        (0.447, "Your ratio is upside down: replay gets faster."),
        (16, "This is x at friction 0.25. Speeds go with"),
        (-2.236, "sign"),
        (3, "This is the term under the root at friction"),
        (1.73, "This is the root at friction 1. Divide that"),
        (2.06, "You added 1 to x. At the threshold x is 1, so"),
    ],
    "7.9": [
        ((0.3, 0.4), "You divided by the friction. The less"),
        ((1 / 0.3, 0.1), "Upside down: with less adaptation the ring"),
        ((0.7, 0.1), "This is the share of the velocity that is"),
        ((0.3, 0.03), "You went on from a strength of 0.06. Its"),
        ((0.3**0.5, 0.1), "The speed is a root, but equal speeds need"),
        ((0.14, 0.1), "You took the difference of the strengths."),
        ((0.012, 0.1), "You multiplied. What must stay the same is"),
        ((0.3, 0.2), "At half of the friction the same strength"),
        ((0.09, 0.1), "You squared the ratio. Equal speeds need"),
        ((0.1, 0.3), "Your numbers are in the wrong order: asked"),
    ],
    "7.10": [
        (lambda w, b, time: -dialled(w, b, time), "For the speed 0.12 at strength 0.06 and"),
        (lambda w, b, time: dialled(w, 1, time), "For the speed 0.12 at strength 0.06 and"),
        (lambda w, b, time: dialled(w, b, time) / time, "For the speed 0.12 at strength 0.06 and"),
        (lambda w, b, time: "slow", "What your function returns must be one"),
    ],
}
