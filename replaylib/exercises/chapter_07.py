"""Exercises on momentum."""

import math
from typing import Any

import torch
from torch import Tensor

from replaylib.dynamics.rule import Dynamics
from replaylib.exercises.checking import Choice, Exercise, Function, Judged, Number, Several, call, number
from replaylib.exercises.estimates import friction_fault
from replaylib.theory.mobility import mobility_number, ring_speed
from replaylib.theory.modes import LinearMode


def _step(h: Tensor, v: Tensor, drift: Tensor, friction: float, noise: Tensor) -> tuple[Tensor, Tensor]:
    velocity = (1 - friction) * v + drift + noise
    return h + velocity, velocity


def _case(seed: int, friction: float) -> dict[str, object]:
    normal = torch.randn(4, 3, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    h, v, drift, noise = normal.round(decimals=1)
    return {"h": h, "v": v, "drift": drift, "friction": friction, "noise": noise}


def _noise_fault(answer: Any) -> str:
    """Judge rescaled noise by the law that it leads to on a gentle slope."""
    for noise_std, friction in ((1.0, 0.25), (0.2, 0.5), (0.3, 1.0)):
        found = number(call(answer, {"noise_std": noise_std, "friction": friction}), "What your function returns")
        plain = LinearMode(1e-6, Dynamics(noise_std=noise_std)).variance
        ratio = LinearMode(1e-6, Dynamics(friction=friction, noise_std=abs(found))).variance / plain
        if abs(ratio - 1) < 1e-3 and found > 0:
            continue
        where = f"At noise_std={noise_std:g}, friction={friction:g} you return {found:.4g}."
        return f"{_noise_slip(found, noise_std, friction, ratio)} {where}"
    return ""


def _noise_slip(found: float, noise_std: float, friction: float, ratio: float) -> str:
    """Which slip leads to this noise, whose law is ``ratio`` times too wide."""
    hot = f"Replay is then {ratio:.3g} times as wide as it should be."
    if found <= 0:
        return "A standard deviation is positive."
    slips = {
        noise_std: f"You left the noise as it is. {hot} Momentum adds up the kicks of many steps.",
        noise_std * friction: (
            f"Your dream is too cold: its variance is {ratio:.2f} of the right one. The *variance* of the noise "
            "shrinks with the friction; what does that mean for its standard deviation?"
        ),
        noise_std * (1 - friction): f"You took the share that is kept. {hot} Friction is the share that is lost.",
        noise_std * (1 - friction) ** 0.5: f"You took the root of what is kept. {hot} Friction is what is lost.",
        noise_std
        * (2 * friction) ** 0.5: f"There is no 2 in it: the law goes with the noise's variance over friction. {hot}",
        noise_std * (friction * (2 - friction)) ** 0.5: (
            f"You kept the law of the *velocity*. Asked is that of the state, on a gentle slope. {hot}"
        ),
        friction**0.5: f"You left out noise_std. {hot}",
    }
    for value, sentence in slips.items():
        if math.isclose(found, value, rel_tol=1e-4):
            return sentence
    if found > noise_std:
        return f"Your noise grows as friction falls. It must shrink. {hot}"
    return f"Your noise does not keep the law. {hot}"


def _misread(speed: float, strength: float, time: float) -> dict[str, float]:
    """Frictions that misconceptions about the ring lead to, by the sentence for each."""
    room, honey = 2 * time * (time - 1), strength * time
    mobility = 1 + room * (1 - math.cos(speed))
    return {
        "This is the short form, for slow turning. Asked is the exact law, with 1 - cos(speed).": (
            honey / (1 + (speed * time) ** 2)
        ),
        "At x = 1 the ring still stands. Solve the law for x once more: what must be added to the speed's part?": (
            honey / (mobility - 1)
        ),
        "This is the mobility number. The friction is what strength times time must be divided by to get it.": mobility,
        "Your friction is upside down: the faster the ring is to run, the *less* friction it needs.": mobility / honey,
        "Your cosine takes degrees. The speed is in radians.": (
            honey / (1 + room * (1 - math.cos(math.radians(speed))))
        ),
        "You lost the 2 of the law: 1 - cos(speed) = (x - 1) / (2 time (time - 1)).": (
            honey / (1 + room / 2 * (1 - math.cos(speed)))
        ),
        "The room of the law is time (time - 1), not the square of the time.": (
            honey / (1 + 2 * time**2 * (1 - math.cos(speed)))
        ),
    }


SPEEDS = ((0.12, 0.06, 20.0), (0.3, 0.2, 10.0), (0.05, 0.05, 40.0))
"""Speeds that are asked for, each with a strength and a memory that reach it at a friction below 1."""


def _friction_fault(answer: Any) -> str:
    """Let a ring run with the friction that was found for each speed."""
    found = []
    for speed, strength, time in SPEEDS:
        case = {"speed": speed, "strength": strength, "time": time}
        found.append(number(call(answer, case), "What your function returns"))
    wrong = [list(_misread(*case).items()) for case in SPEEDS]
    for index, (sentence, _) in enumerate(wrong[0]):
        if all(math.isclose(one, told[index][1], rel_tol=1e-6) for one, told in zip(found, wrong, strict=True)):
            return sentence
    for friction, (speed, strength, time) in zip(found, SPEEDS, strict=True):
        place = f"For the speed {speed:g} at strength {strength:g} and memory {time:g} you return {friction:.4g}"
        if not 0 < friction < 2:
            return f"{place}, and a friction lies between 0 and 2."
        dynamics = Dynamics(friction=friction, adaptation_strength=strength, adaptation_time=time)
        if not math.isclose(ring_speed(dynamics), speed, rel_tol=1e-4):
            runs = f"runs at {ring_speed(dynamics):.4g}" if mobility_number(dynamics) > 1 else "stands still"
            return f"{place}. With that friction the ring {runs}."
    return ""


EXERCISES: dict[str, Exercise] = {
    "7.1": Choice(
        "momentum",
        {
            "noise": "Noise kicks to both sides, and leaves adaptation's push as it was. Compare the two sentences after the same number of steps.",
            "no difference": "Let both run for 320 steps, with the same adaptation each time, and compare the speeds in the two sentences.",
        },
    ),
    "7.2": Several(
        {
            "the speed in the end": Number(
                0.05,
                {
                    0.008: "You multiplied by the friction. In steady running friction eats what the push adds: friction · v = push.",
                    0.02
                    / 0.6: "You divided by the share that is *kept*. What balances the push is the share that is lost.",
                    0.02: "This is what a single push adds. The velocity keeps 60 % and adds up.",
                    5.0: "Check the unit: metres per step.",
                    0.02
                    / 0.4
                    ** 0.5: "You divided by the root of the friction. The root belongs to the noise; a push is divided by the friction.",
                    2.0: "This is the push, in centimetres.",
                    0.02
                    * 0.6: "You multiplied by what is kept. The velocity grows until friction takes away just what the push adds.",
                    0.02 + 0.4: "You added a push and a friction. In the end friction times velocity is the push.",
                },
                unit="m per step",
            ),
            "the share after two steps": Number(
                0.64,
                {
                    0.36: "This is the share that is still lacking.",
                    0.4: "This is the share after one step.",
                    0.6: "This is the share that a velocity keeps in a step.",
                    0.032: "This is the speed after two steps, in metres. Asked is its share of the speed in the end.",
                    0.8: "You added the push twice. In the second step friction takes its share of the first.",
                },
            ),
        }
    ),
    "7.3": Function(
        _step,
        [_case(0, 0.3), _case(1, 1.0), _case(2, 0.05)],
        {
            "You moved the state with the *old* velocity. First the velocity is renewed, then the state moves with it.": (
                lambda h, v, drift, friction, noise: (h + v, _step(h, v, drift, friction, noise)[1])
            ),
            "You keep the share `friction` of the velocity. Friction is the share that is lost.": (
                lambda h, v, drift, friction, noise: _step(h, v, drift, 1 - friction, noise)
            ),
            "Your noise kicks the state. It belongs into the velocity, where it is carried on.": (
                lambda h, v, drift, friction, noise: (
                    h + (1 - friction) * v + drift + noise,
                    (1 - friction) * v + drift,
                )
            ),
            "You scaled the drift by the friction. Then nothing is compressed: the terminal velocity is the plain one.": (
                lambda h, v, drift, friction, noise: _step(h, v, friction * drift, friction, noise)
            ),
            "This is plain replay: your velocity forgets its past.": lambda h, v, drift, friction, noise: (
                h + drift + noise,
                drift + noise,
            ),
            "You returned velocity and state in the wrong order: first the state.": (
                lambda h, v, drift, friction, noise: _step(h, v, drift, friction, noise)[::-1]
            ),
            "You lost the noise.": lambda h, v, d, f, x: _step(h, v, d, f, 0 * x),
            "You scaled the noise once more. It comes in as it is to be used.": lambda h, v, d, f, x: _step(
                h, v, d, f, f**0.5 * x
            ),
            "Your velocity never loses anything: friction takes its share in each step.": lambda h, v, d, f, x: _step(
                h, v, d, 0.0, x
            ),
            "Friction takes its share of the *old* velocity alone. In yours it takes it of drift and noise as well.": lambda h, v, d, f, x: (
                h + (1 - f) * (v + d + x),
                (1 - f) * (v + d + x),
            ),
            "You took the drift off. It is added.": lambda h, v, d, f, x: _step(h, v, -d, f, x),
            "Your first result is the velocity. The state is the old one *plus* the new velocity.": lambda h, v, d, f, x: (
                (_step(h, v, d, f, x)[1],) * 2
            ),
            "Your state moves by drift and noise alone. It moves by all of the new velocity.": lambda h, v, d, f, x: (
                h + d + x,
                _step(h, v, d, f, x)[1],
            ),
            "The state alone came. Return the next state and the next velocity.": lambda h, v, d, f, x: _step(
                h, v, d, f, x
            )[0],
        },
    ),
    "7.4": Judged(_noise_fault),
    "7.5": Function(
        lambda stiffness: 2 * stiffness**0.5 - stiffness,
        [{"stiffness": k} for k in (0.01, 0.04, 0.25, 1.0)],
        {
            "2 sqrt(k) is the border for slow, continuous motion. In steps there is a second term.": (
                lambda stiffness: 2 * stiffness**0.5
            ),
            "This is the momentum at the border. The friction is 1 minus it.": lambda stiffness: (
                (1 - stiffness**0.5) ** 2
            ),
            "You took sqrt(mu) for mu: at the border sqrt(mu) = 1 - sqrt(k).": lambda stiffness: stiffness**0.5,
            "At a friction of 1 there is no momentum at all.": lambda stiffness: 1.0,
            "The second term is taken off: 2 sqrt(k) - k.": lambda k: 2 * k**0.5 + k,
            "You took k for its root: at the border sqrt(mu) = 1 - sqrt(k).": lambda k: 2 * k - k**2,
            "This is sqrt(mu). Square it, and take it from 1.": lambda k: 1 - k**0.5,
            "This is the stiffness itself. The critical friction goes with its root.": lambda k: k,
            "You lost a root: (1 + mu - k)² = 4 mu.": lambda k: 4 * k,
        },
    ),
    "7.6": Function(
        lambda friction: (friction**-0.5, 1 / friction),
        [{"friction": friction} for friction in (0.25, 0.5, 0.09, 1.0)],
        {
            "The first is the factor of the *variance*. Asked is that of the noise, a standard deviation.": lambda f: (
                1 / f,
                1 / f,
            ),
            "You multiplied the noise by what diffusion needs in its variance.": lambda f: (1 / f, 1 / f**2),
            "That is what momentum does to the law. Plain replay with more noise has a wider one.": lambda f: (
                f**-0.5,
                1.0,
            ),
            "The variance goes with the square of the noise.": lambda f: (f**-0.5, f**-0.5),
            "You have both upside down: plain replay needs more noise, and gets wider.": lambda f: (f**0.5, f),
            "Your numbers are in the wrong order: first the factor of the noise.": lambda f: (1 / f, f**-0.5),
            "You took the root twice: diffusion goes with the variance of the noise.": lambda f: (f**-0.25, f**-0.5),
        },
    ),
    "7.7": Judged(friction_fault),
    "7.8": Number(
        5**0.5,
        {
            4.0: "1/friction is for a push that stays the same. This one changes with the speed: compare two x on the ring.",
            2.0: "1/sqrt(friction) leaves out the threshold: the ring asks for x - 1, not for x.",
            5.0: "You forgot the root.",
            15.0: "This is the term under the root without momentum's partner. Divide by that at friction 1.",
            15**0.5: "This is the root at friction 0.25. Divide by that at friction 1.",
            0.2**0.5: "Your ratio is upside down: replay gets faster.",
            16.0: "This is x at friction 0.25. Speeds go with the root of x - 1: compare two of them.",
            3.0: "This is the term under the root at friction 1. Divide that at friction 0.25 by it.",
            3**0.5: "This is the root at friction 1. Divide that at friction 0.25 by it.",
            (17 / 4) ** 0.5: "You added 1 to x. At the threshold x is 1, so the root holds x - 1.",
        },
    ),
    "7.9": Several(
        {
            "the friction": Number(
                0.3,
                {
                    1 / 0.3: "Upside down: with less adaptation the ring needs *less* friction than 1.",
                    0.7: "This is the share of the velocity that is kept, mu. The friction is 1 minus it.",
                    0.3**0.5: "The speed is a root, but equal speeds need equal x, and x has no root.",
                    0.14: "You took the difference of the strengths. What must stay the same is a ratio, strength over friction.",
                    0.012: "You multiplied. What must stay the same is strength *over* friction.",
                    1.0: "At a friction of 1 the weaker adaptation runs more slowly, or not at all.",
                    0.09: "You squared the ratio. Equal speeds need equal x, and x has the strength as it is.",
                    0.06: "This is the new strength. The friction shrinks with it *in proportion*.",
                    0.8: "You took the strength from 1. What must stay the same is a ratio, strength over friction.",
                },
            ),
            "the strength": Number(
                0.1,
                {
                    0.4: "You divided by the friction. The less friction, the *less* strength it takes.",
                    0.03: "You went on from a strength of 0.06. Its friction was 0.3.",
                    0.2: "At half of the friction the same strength would run faster.",
                },
            ),
        }
    ),
    "7.10": Judged(_friction_fault),
}
"""By name."""
