"""Ways to solve the exercises of chapter 8."""

import cmath
import math

import numpy as np
import torch


def mode(k, friction, strength, time):
    mu = 1 - friction
    return np.array([[1 - k, mu, -1], [-k, mu, -1], [strength / time, 0, 1 - 1 / time]])


def mode_by_columns(k, friction, strength, time):
    """What one step does to each unit vector."""

    def step(h, v, a):
        v = (1 - friction) * v - k * h - a
        return h + v, v, (1 - 1 / time) * a + strength / time * h_old(h)

    def h_old(h):
        return h

    return np.array([step(*one) for one in np.eye(3)]).T


def filled(k, friction, strength, time):
    m = np.zeros((3, 3), dtype=np.float32)
    m[1] = -k, 1 - friction, -1
    m[0] = m[1] + [1, 0, 0]
    m[2, 0] = strength / time
    m[2, 2] = 1 - 1 / time
    return m


def product(k, friction, strength, time):
    first = np.array([[1, 0, 0], [-k, 1 - friction, -1], [strength / time, 0, 1 - 1 / time]])
    return np.array([[1, 1, 0], [0, 1, 0], [0, 0, 1]]) @ first


def relaxes(matrix):
    radius = max(abs(np.linalg.eigvals(matrix)))
    return -1 / math.log(radius) if 0 < radius < 1 else 0.0 if radius == 0 else math.inf


def relaxes_in_torch(matrix):
    radius = torch.linalg.eigvals(torch.as_tensor(matrix)).abs().max()
    return -1 / torch.log(radius) if radius < 1 else torch.tensor(torch.inf)


def relaxes_by_powers(matrix):
    """Gelfand: the root of the norm of a high power."""
    size, power, steps = 0.0, np.array(matrix), 1
    for _ in range(40):
        norm = np.linalg.norm(power)
        size, power, steps = 2 * (size + math.log(norm)), power @ power / norm**2, 2 * steps
    rate = (size + math.log(np.linalg.norm(power))) / steps
    return -1 / rate if rate < -1e-9 else float("inf")


def inside(mu, kappa):
    half = (1 + mu + kappa) / 2
    root = cmath.sqrt(half * half - mu)
    return max(abs(half + root), abs(half - root)) < 1


def bears(kappa):
    return max((i / 100 for i in range(100) if inside(i / 100, kappa)), default=0.0)


def bears_downwards(kappa):
    for i in range(99, -1, -1):
        if inside(i / 100, kappa):
            return i / 100
    return 0.0


def bears_by_matrix(kappa):
    best = 0
    for mu in np.arange(100) / 100:
        if np.abs(np.linalg.eigvals(np.array([[1 + kappa, mu], [kappa, mu]]))).max() < 1:
            best = mu
    return best


def bears_in_numpy(kappa):
    mu = np.linspace(0, 0.99, 100)
    half = (1 + mu + kappa) / 2
    root = np.sqrt(half**2 - mu + 0j)
    fits = np.maximum(abs(half + root), abs(half - root)) < 1
    return mu[fits].max() if fits.any() else 0.0


def bears_in_torch(kappa):
    mu = torch.linspace(0, 0.99, 100, dtype=torch.float64)
    half = (1 + mu + kappa) / 2
    root = torch.sqrt(half**2 - mu + 0j)
    fits = torch.maximum((half + root).abs(), (half - root).abs()) < 1
    return mu[fits][-1] if fits.any() else torch.tensor(0.0)


def bears_by_jury(kappa):
    """Jury's conditions of a quadratic with complex coefficients: |b| < 1, |a - b a*| < 1 - b²."""
    fits = [
        m
        for m in range(100)
        if abs(1 + m / 100 + kappa - m / 100 * (1 + m / 100 + kappa.conjugate())) < 1 - (m / 100) ** 2
    ]
    return max(fits) / 100 if fits else 0


def price(x, time, friction, k):
    strength = x * friction / time
    return strength, strength / (k + strength)
