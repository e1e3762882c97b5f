"""Answers to the exercises of chapter 6."""

import cmath

import numpy as np
import torch
from scipy import linalg

from answers.dresses import dressed, in_lists, in_numpy, in_single, in_torch, no_words, numbers, pairs, words


def traced(states, strength, time):
    a = torch.zeros_like(states[0])
    for h in states:
        a = (1 - 1 / time) * a + strength / time * h
    return a


def with_kernel(states, strength, time):
    age = torch.arange(len(states) - 1, -1, -1)
    return strength / time * (1 - 1 / time) ** age @ states


def with_kernel_in_numpy(states, strength, time):
    age = np.arange(len(states))[::-1]
    return (strength / time * (1 - 1 / time) ** age) @ states


def traced_in_place(states, strength, time):
    a = torch.zeros(states.shape[1])
    for h in states:
        a += (strength * h - a) / time
    return a


def traced_plainly(states, strength, time):
    a = [0.0] * len(states[0])
    for h in states:
        a = [(1 - 1 / time) * old + strength / time * new for old, new in zip(a, h, strict=True)]
    return a


def step_of(k, b, time, dtype=np.float64):
    return np.array([[1 - k, -1], [b / time, 1 - 1 / time]], dtype=dtype)


def swings(k, b, time):
    return (k - 1 / time) ** 2 < 4 * b / time


def iterated(matrix, noise):
    cov = np.zeros((2, 2))
    for _ in range(2000):
        cov = matrix @ cov @ matrix.T + noise
    return cov[0, 0]


def power_sum(matrix, noise):
    """The sum of Mⁱ Q Mⁱᵀ, one power after the other."""
    total, power = 0 * noise, np.eye(2)
    for _ in range(3000):
        total += power @ noise @ power.T
        power = matrix @ power
    return total[0][0]


def doubled(matrix, noise):
    cov = noise
    for _ in range(14):
        cov = cov + matrix @ cov @ matrix.T
        matrix = matrix @ matrix
    return cov[0, 0]


def iterated_in_torch(matrix, noise):
    cov = torch.zeros_like(noise)
    for _ in range(2000):
        cov = matrix @ cov @ matrix.T + noise
    return cov[0, 0]


def iterated_plainly(matrix, noise):
    (a, b), (c, d) = matrix
    (p, q), (_, r) = noise
    x = y = z = 0.0
    for _ in range(3000):
        x, y, z = (
            a * a * x + 2 * a * b * y + b * b * z + p,
            a * c * x + (a * d + b * c) * y + b * d * z + q,
            c * c * x + 2 * c * d * y + d * d * z + r,
        )
    return x


def onset(kappa, time):
    return 1 / time + kappa * (1 - 1 / time)


def searched(kappa, time):
    low, high = 0.0, 2.0
    while high - low > 1e-7:
        middle = (low + high) / 2
        grows = np.abs(np.linalg.eigvals(step_of(kappa - middle, middle, time))).max() > 1
        low, high = (low, middle) if grows else (middle, high)
    return high


RIGHT = {
    "6.1": [
        traced,
        traced_in_place,
        traced_plainly,
        in_lists(traced_plainly),
        with_kernel,
        in_numpy(with_kernel_in_numpy),
        lambda states, b, time: sum(b / time * (1 - 1 / time) ** i * h for i, h in enumerate(reversed(states))),
        in_single(traced),
        lambda states, b, time: traced(states.float(), b, time).numpy(),
        *dressed(traced),
    ],
    "6.2": [
        swings,
        lambda k, b, time: (k - 1 / time) ** 2 <= 4 * b / time,
        lambda k, b, time: bool(np.iscomplex(np.linalg.eigvals(step_of(k, b, time))).any()),
        lambda k, b, time: np.abs(np.linalg.eigvals(step_of(k, b, time, np.float32)).imag).max() > 0,
        lambda k, b, time: torch.linalg.eigvals(torch.tensor(step_of(k, b, time, np.float32))).imag.any(),
        lambda k, b, time: abs(k - 1 / time) < 2 * (b / time) ** 0.5,
        lambda k, b, time: cmath.sqrt((k - 1 / time) ** 2 - 4 * b / time).imag != 0,
        lambda k, b, time: np.roots([1, k - 2 + 1 / time, (1 - k) * (1 - 1 / time) + b / time]).imag.any(),
        lambda k, b, time: int((time * k - 1) ** 2 < 4 * b * time),
        lambda k, b, time: np.array([swings(k, b, time)]),
        *dressed(swings),
    ],
    "6.3": numbers(0.016),
    "6.4": [
        iterated,
        power_sum,
        doubled,
        iterated_plainly,
        in_torch(iterated_in_torch),
        lambda matrix, noise: iterated_in_torch(torch.tensor(matrix), torch.tensor(noise)).item(),
        lambda matrix, noise: linalg.solve_discrete_lyapunov(matrix, noise)[0, 0],
        lambda matrix, noise: np.linalg.solve(np.eye(4) - np.kron(matrix, matrix), noise.ravel())[0],
        in_lists(iterated_plainly),
        iterated_in_torch,
        *dressed(iterated),
    ],
    "6.5": [
        lambda v, c, q: (v - c**2 / v) / q,
        lambda v, c, q: v / q * (1 - (c / v) ** 2),
        lambda v, c, q: np.linalg.det([[v, c], [c, v]]) / v / q,
        lambda v, c, q: (torch.tensor(v) - torch.tensor(c).square() / v) / q,
        lambda v, c, q: np.float32((v - c * c / v) / q),
        lambda v, c, q: 1 / (q * np.linalg.inv(np.array([[v, c], [c, v]]))[0, 0]),
        lambda v, c, q: (v - 2 * (c / v) * c + (c / v) ** 2 * v) / q,
        lambda v, c, q: [(v + c) * (v - c) / (v * q)],
        *dressed(lambda v, c, q: (v**2 - c**2) / (v * q)),
    ],
    "6.6": [*words("valley"), "in a valley", "the valley", "b) valley"],
    "6.7": pairs(0.05, 50),
    "6.8": [
        onset,
        searched,
        lambda kappa, time: kappa + (1 - kappa) / time,
        lambda kappa, time: 1 - (1 - kappa) * (1 - 1 / time),
        lambda kappa, time: (1 + kappa * (time - 1)) / time,
        lambda kappa, time: torch.tensor(1 / time + kappa - kappa / time),
        lambda kappa, time: np.float32(onset(kappa, time)),
        lambda kappa, time: round(onset(kappa, time), 6),
        lambda kappa, time: next(b for b in np.arange(0, 2, 2e-6) if (1 - kappa + b) * (1 - 1 / time) + b / time >= 1),
        *dressed(onset),
    ],
}

WRONG = {
    "6.1": [
        (lambda states, b, time: traced(states.flip(0), b, time), "Your sum runs the wrong way: the *latest*"),
        (lambda states, b, time: b / time * states[-1], "Your trace knows the last state alone. It"),
        (lambda states, b, time: b * states.mean(0), "This is the mean of the states times the"),
        (
            lambda states, b, time: traced(states[1:], b, time) if len(states) > 1 else 0 * states[0],
            "Your trace leaves out the first state.",
        ),
        (
            lambda states, b, time: traced(states, b, time) + (1 - 1 / time) ** len(states) * states[0],
            "Your trace begins with the first state in",
        ),
        (lambda states, b, time: traced(states, 1, time), "You left out the strength: the state enters"),
        (
            lambda states, b, time: torch.stack([traced(states[: i + 1], b, time) for i in range(len(states))]),
            "These are the traces after each state. Asked",
        ),
        (lambda states, b, time: -traced(states, b, time), "Your result has the wrong sign."),
        (
            lambda states, b, time: sum(b / time * (1 / time) ** i * h for i, h in enumerate(reversed(states))),
            "You keep the share 1 / time of the trace.",
        ),
        (lambda states, b, time: traced(states, b, time + 1), "gives 0.06167 at the place [0], where 0.072"),
        (lambda states, b, time: traced(states[:-1], b, time), "leaves out the last"),
    ],
    "6.2": [
        (lambda k, b, time: (k - 1 / time) ** 2 < 4 * b, "You left out that the strength acts in"),
        (lambda k, b, time: True, "For you every adapted mode swings. A steep"),
        (lambda k, b, time: k < 1 / time, "You ask whether the mode is less stiff than 1"),
        (lambda k, b, time: k > 1 / time, "You ask whether the mode is stiffer than 1 /"),
        (lambda k, b, time: (k - time) ** 2 < 4 * b / time, "You took the time for its inverse: the"),
        (lambda k, b, time: "yes", "must return numbers, but str 'yes' came."),
        (lambda k, b, time: (k - 1 / time) ** 2 - 4 * b / time, "This is the discriminant itself. Asked is"),
        (lambda k, b, time: abs(k - 1 / time) < 0.02, "gives 0 where 1 is right. Other inputs went"),
    ],
    "6.3": [
        (0.16, "0.16 is off by a factor of ten. Check the"),
        (-0.016, "sign"),
        (0.036, "You added stiffness and 1 / time. It is their"),
        (0.004, "You divided by the time where it multiplies,"),
        (0.0256, "You multiplied by 4 where you should divide."),
        (-0.2, "-0.2 is too small."),
    ],
    "6.4": [
        (lambda matrix, noise: iterated(matrix, noise) ** 0.5, "This is a standard deviation. Asked is the"),
        (lambda matrix, noise: np.array([[iterated(matrix, noise)]] * 2), "You return all the values. Asked is their"),
        (
            lambda matrix, noise: linalg.solve_discrete_lyapunov(matrix, noise),
            "Your result is a whole matrix. Asked is its",
        ),
        (
            lambda matrix, noise: linalg.solve_discrete_lyapunov(matrix, noise)[1, 1],
            "This is the variance of the trace. Asked is",
        ),
        (
            lambda matrix, noise: linalg.solve_discrete_lyapunov(matrix, noise)[0, 1],
            "This is the covariance of h and its trace.",
        ),
        (
            lambda matrix, noise: linalg.solve_discrete_lyapunov(matrix, noise**2)[0, 0],
            "You squared the noise. It is a covariance",
        ),
        (lambda matrix, noise: (matrix @ noise @ matrix.T + noise)[0, 0], "This is the variance after two steps from"),
        (
            lambda matrix, noise: np.trace(linalg.solve_discrete_lyapunov(matrix, noise)),
            "You added the variances of h and of its",
        ),
        (lambda matrix, noise: noise[0, 0] / (1 - matrix[0, 0] ** 2), "You treat h as if there were no trace: q / (1"),
        (
            lambda matrix, noise: linalg.solve_discrete_lyapunov(matrix, np.eye(2))[0, 0],
            "gives 1062 where 7.891 is right.",
        ),
    ],
    "6.5": [
        (lambda v, c, q: v - c**2 / v, "This is the error's variance alone. The gain"),
        (lambda v, c, q: q / (v - c**2 / v), "Your ratio is upside down: a gain of more"),
        (lambda v, c, q: (v - c**2) / q, "The explained part is covariance² over"),
        (lambda v, c, q: (c**2 / v) / q, "This is the share explained by h alone, not"),
        (lambda v, c, q: ((v - c**2 / v) / q) ** 0.5, "Your result is the root of what is asked."),
        (lambda v, c, q: (v + c**2 / v) / q, "You added what is explained. It is taken off."),
        (lambda v, c, q: (v - c**2 / v) / q**0.5, "You divided by the noise's standard"),
        (lambda v, c, q: (v - c**2 / v) / q - 1, "Your result is off by the same -1 for every"),
    ],
    "6.6": [("neither", "Look at the printed steps of the single mode:"), *no_words("valley")],
    "6.7": [
        ((0.05, 20), "This is the memory of the first question. A"),
        ((20, 50), "This is the time. Asked is the strength at"),
        ((0.05, 0.4), "You multiplied by the memory of the first"),
        ((1, 50), "This is the mobility number at the threshold."),
        ((0.1, 50), "This gives the mobility number 2, well above"),
        ((50, 0.05), "Your numbers are in the wrong order: asked"),
        ((0.05, 0.02), "This is the strength. Asked is the memory in"),
        ((2, 50), "You divided 40 by the memory. At the"),
        ((0.025, 50), "This would do for a trace of 40 steps. A"),
    ],
    "6.8": [
        (lambda kappa, time: kappa, "This is the stiffness alone: you lost what an"),
        (lambda kappa, time: onset(kappa, time) * time, "You used the mode around zero. Along the"),
        (lambda kappa, time: 1 / time + kappa / time, "This is the other product: stiffness fades"),
        (lambda kappa, time: -onset(kappa, time), "Your result has the wrong sign."),
    ],
}
