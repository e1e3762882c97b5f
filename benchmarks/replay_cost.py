"""Cost of replay over that of its bare matrix products: python benchmarks/replay_cost.py

The bound is the time of the products alone that a replay needs at these shapes: one recurrent product a step, and one
readout a block of steps, each by ``torch.mm``. Ours is the whole of ``replay`` with its positions kept. The published
loop, a Linear a step without gradients and states written into a slice, is that of the code of Krishna et al. (2024);
it has neither adaptation nor momentum.
"""

import argparse
from collections.abc import Callable
from functools import partial

import torch
from measuring import header, interleaved, spread, table
from torch import nn

from replaylib.dynamics import Dynamics
from replaylib.networks import NetworkSettings, PathIntegrator, replay

SHAPES = ((200, 1000, 512), (64, 1000, 128), (64, 1000, 64))
BLOCK = 50
KINDS = {
    "plain": Dynamics(noise_std=0.1),
    "adaptation and momentum": Dynamics(friction=0.3, adaptation_strength=0.05, noise_std=0.1),
    "adaptation inside": Dynamics(adaptation_strength=0.05, noise_std=0.1, adaptation_inside=True),
}


def products(batch: int, steps: int, hidden: int) -> Callable[[], None]:
    """The products of one replay."""
    states, weights, decoder = torch.randn(batch, hidden), torch.randn(hidden, hidden), torch.randn(hidden, 2)
    block, out = states.repeat(BLOCK, 1), torch.empty_like(states)
    read = torch.empty(len(block), 2)

    def work() -> None:
        for step in range(steps):
            torch.mm(states, weights, out=out)
            if step % BLOCK == 0:
                torch.mm(block, decoder, out=read)

    return work


class PublishedLoop(nn.Module):
    """The recurrent loop as it is published, without input: a Linear a step, states written into a slice."""

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.recurrent, self.decoder = nn.Linear(hidden, hidden), nn.Linear(hidden, 2, bias=False)

    @torch.no_grad()
    def forward(self, hidden: torch.Tensor, steps: int) -> torch.Tensor:
        """Outputs after each step, [batch, steps, 2]."""
        states = torch.zeros(len(hidden), steps, hidden.shape[1])
        for t in range(steps):
            hidden = 0.4 * hidden + torch.tanh(self.recurrent(hidden)) + 0.1 * torch.rand_like(hidden)
            states[:, t] = hidden
        return self.decoder(states)


def main() -> None:
    """Print one line a shape."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="rounds of a small shape; large ones take a third")
    rounds = parser.parse_args().rounds
    header()
    rows = []
    for batch, steps, hidden in SHAPES:
        network = PathIntegrator(NetworkSettings(2, hidden, noise_std=0.1))
        states = 0.1 * torch.randn(batch, hidden)
        works: dict[str, Callable[[], object]] = {"products": products(batch, steps, hidden)}
        for name, dynamics in KINDS.items():
            works[name] = partial(replay, network, states, steps, dynamics, keep="position")
        works["published"] = partial(PublishedLoop(hidden), states, steps)
        times = interleaved(works, rounds if hidden < 512 else max(3, rounds // 3))
        ratios = (spread(times, way, "products") for way in works if way != "products")
        rows.append((f"{batch} x {steps}, {hidden}", *ratios))
    table(("paths x steps, units", *(f"{way} / products" for way in (*KINDS, "published"))), rows)


if __name__ == "__main__":
    main()
