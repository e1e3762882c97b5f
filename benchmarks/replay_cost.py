"""Cost of replay over that of its bare matrix products, interleaved: python benchmarks/replay_cost.py

The bound is the time of the products that the mathematics needs at the same shapes: one recurrent product a step and
one readout product a block. Timings of one machine are noisy; the median ratio of interleaved pairs is steady.
"""

import statistics
import time
from collections.abc import Callable

import torch

from replaylib.dynamics.rule import BLOCK, Dynamics
from replaylib.networks.network import NetworkSettings, PathIntegrator
from replaylib.networks.replaying import replay

SHAPES = ((200, 1000, 512), (64, 1000, 128))
KINDS = {"plain": Dynamics(noise_std=0.1), "adaptation and momentum": Dynamics(0.3, 0.05, 40.0, 0.1)}


def seconds(work: Callable[[], object]) -> float:
    """Processor time of one call."""
    start = time.process_time()
    work()
    return time.process_time() - start


@torch.no_grad()
def products(network: PathIntegrator, states: torch.Tensor, steps: int) -> None:
    """The bare matrix products of one replay."""
    weights, decoder = network.drift.recurrent.T.contiguous(), network.decoder.T
    out = torch.empty_like(states)
    block = states.repeat(BLOCK, 1)
    read = torch.empty(len(block), decoder.shape[1])
    for step in range(steps):
        torch.mm(states, weights, out=out)
        if step % BLOCK == 0:
            torch.mm(block, decoder, out=read)


def main(rounds: int = 7) -> None:
    """Print one line a shape and kind of replay."""
    torch.set_num_threads(1)
    for batch, steps, hidden in SHAPES:
        network = PathIntegrator(NetworkSettings(2, hidden, noise_std=0.1))
        states = 0.1 * torch.randn(batch, hidden)
        for name, dynamics in KINDS.items():
            ratios = []
            for _ in range(rounds + 1):
                bound = seconds(lambda n=network, s=states, t=steps: products(n, s, t))
                cost = seconds(lambda n=network, s=states, t=steps, d=dynamics: replay(n, s, t, d, keep="position"))
                ratios.append(cost / bound)
            middle = statistics.median(ratios[1:])
            shape = f"{batch} x {steps}, hidden {hidden}"
            print(
                f"{shape}, {name}: {middle:.2f} times the products (of {min(ratios[1:]):.2f} to {max(ratios[1:]):.2f})"
            )


if __name__ == "__main__":
    main()
