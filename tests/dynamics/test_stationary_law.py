"""Underdamped Langevin dynamics keeps the law of any score: by Fokker-Planck, and sampled in a double well."""

import numpy as np
import pytest
import sympy
import torch
from scipy.integrate import quad

from replaylib.dynamics.rule import Dynamics
from replaylib.dynamics.samplers import KineticSampler, langevin

PATHS = 20_000


def push(hidden):
    """Score of the double well, log p = h^2/2 - h^4/4."""
    return hidden - hidden**3


def moment(power: int) -> float:
    """E h^power in the double well, by quadrature."""

    def weight(h: float) -> float:
        return float(np.exp(h**2 / 2 - h**4 / 4))

    return float(quad(lambda h: h**power * weight(h), -8, 8)[0] / quad(weight, -8, 8)[0])


def z_score(sample: torch.Tensor, exact: float) -> float:
    """Distance of a sample's mean from its exact value, in standard errors."""
    return (float(sample.mean()) - exact) / (float(sample.std()) / len(sample) ** 0.5)


def start() -> torch.Tensor:
    return torch.zeros(PATHS, 1, dtype=torch.float64)


@pytest.mark.equation("eq-underdamped", "eq-stationary")
def test_fokker_planck_says_that_the_law_stays_whatever_the_score():
    x, y, v, w, rate = sympy.symbols("x y v w rate", positive=True)
    log_density = sympy.Function("L")(x, y)  # two directions, and any density
    law = sympy.exp(log_density - (v**2 + w**2) / 2)

    def change(heat):
        """Change of the law in time where the velocity's noise has the variance 2 heat per time."""
        total = 0
        for place, speed in ((x, v), (y, w)):
            score = sympy.diff(log_density, place)
            total -= sympy.diff(speed * law, place) + sympy.diff((score - rate * speed) * law, speed)
            total += heat * sympy.diff(law, speed, 2)
        return sympy.simplify(total / law)

    assert change(rate) == 0
    assert change(2 * rate) != 0
    # A push that is no gradient of the density's logarithm does not keep it.
    assert sympy.simplify(-sympy.diff(v * law, x) - sympy.diff(y * law, v)) != 0


@pytest.mark.equation("eq-underdamped", "eq-stationary")
@pytest.mark.parametrize(("integrator", "step_size"), [("baoab", 0.2), ("semi-implicit", 0.02)])
@pytest.mark.parametrize("rate", [0.5, 2.0])
def test_states_and_velocities_come_out_as_the_theorem_says(integrator, step_size, rate):
    sampler, generator = KineticSampler(integrator, step_size, rate), torch.Generator().manual_seed(0)
    state = torch.cat([start(), start()], dim=1)
    for _ in range(int(30 / step_size)):
        state = sampler.step(push, state, torch.randn(PATHS, 1, dtype=torch.float64, generator=generator))
    x, p = state.T
    assert abs(z_score(x**2, moment(2))) < 4
    assert abs(z_score(x**4, moment(4))) < 4
    assert float((p**2).mean()) == pytest.approx(1, abs=0.04)
    # Independent of one another: neither go together, nor does where one is tell how fast one moves.
    # The rule of simulate renews the velocity first, so that its state is half a step ahead.
    middle = x - step_size / 2 * p if integrator == "semi-implicit" else x
    assert abs(z_score(middle * p, 0.0)) < 4
    assert float((x**2 * p**2).mean() / moment(2)) == pytest.approx(1, abs=0.06)


@pytest.mark.equation("eq-stationary")
@pytest.mark.parametrize("friction", [1.0, 0.3, 0.1])
def test_the_rule_with_rescaled_noise_samples_the_double_well(friction):
    dynamics, generator = Dynamics(friction=friction), torch.Generator().manual_seed(1)
    last = langevin(push, start(), 1250, 0.02, dynamics, generator)[:, -1, 0]
    assert moment(2) == pytest.approx(1.0418, abs=1e-4)
    assert abs(z_score(last**2, moment(2))) < 4
    assert abs(z_score(last**4, moment(4))) < 4


@pytest.mark.equation("eq-stationary")
def test_what_the_step_leaves_open_shrinks_with_it():
    paths = torch.zeros(200_000, 1)
    errors = []
    for step in (0.1, 0.05, 0.02):
        last = langevin(push, paths, round(20 / step), step, generator=torch.Generator().manual_seed(2))[:, -1, 0]
        errors.append(abs(float((last**2).mean()) / moment(2) - 1))
    assert errors[0] > 1.4 * errors[1] > 1.4**2 * errors[2]
