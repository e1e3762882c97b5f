"""Cost of a training step over that of its bare matrix products: python benchmarks/training_cost.py

The bound is the time of the products alone that a step needs at these shapes, each by ``torch.mm`` in the order in
which ``torch.nn.Linear`` would ask for it. Ours is the whole of ``Trainer.step``: waking, readout, loss, gradient,
clipping, Adam and the check that the loss is finite; only the drawing of paths is measured apart. The published loop,
a Linear a step and states written into a slice, is that of the code of Krishna et al. (2024).
"""

import argparse
from collections.abc import Callable
from types import SimpleNamespace

import torch
from measuring import header, interleaved, over, spread, table
from torch import nn

from replaylib.networks import NetworkSettings, PathIntegrator, Trainer, TrainingSettings
from replaylib.world.tasks import Batch, task

SHAPES = ((48, 80, 64, 2), (48, 80, 96, 48), (128, 100, 128, 2), (200, 100, 512, 512))
LENGTHS = (25, 50, 100, 200, 400)
WAYS = ("ours", "published")


def products(batch: int, steps: int, hidden: int, outputs: int) -> Callable[[], None]:
    """The products of one step, forward and back."""
    rows, heard, wrong = (torch.randn(batch * steps, width) for width in (hidden, 2, outputs))
    weights, inputs, decoder = (torch.randn(hidden, width) for width in (hidden, 2, outputs))
    transposed, state, start = weights.T.contiguous(), torch.randn(batch, hidden), torch.randn(batch, outputs)
    room, blame, output = torch.empty_like(state), torch.empty_like(rows), torch.empty_like(wrong)

    def work() -> None:
        torch.mm(start, decoder.T, out=room)
        torch.mm(heard, inputs.T, out=blame)
        for _ in range(steps):
            torch.mm(state, transposed, out=room)
        torch.mm(rows, decoder, out=output)
        torch.mm(wrong, decoder.T, out=blame)
        torch.mm(wrong.T, rows)
        for _ in range(steps):
            torch.mm(state, weights, out=room)
        torch.mm(blame.T, rows)
        torch.mm(blame.T, heard)
        torch.mm(room.T, start)

    return work


def make_batch(batch: int, steps: int, outputs: int) -> Batch:
    """Paths of noise: what they hold does not change the cost."""
    velocity, target = 0.05 * torch.randn(batch, steps, 2), torch.randn(batch, steps, outputs)
    return Batch(velocity, torch.randn(batch, outputs), target, torch.zeros(batch, steps + 1, 2))


def ours(batch: int, steps: int, hidden: int, outputs: int) -> Callable[[], float]:
    """One step of a training, its paths drawn before."""
    cells = None if outputs == 2 else SimpleNamespace(centres=torch.zeros(outputs, 2))
    network = PathIntegrator(NetworkSettings(outputs, hidden, velocity_rms=0.05), cells)
    drawn = make_batch(batch, steps, outputs)
    place = SimpleNamespace(outputs=outputs, batch=lambda *_: drawn)
    return Trainer(network, place, TrainingSettings(iterations=10**6)).step


class PublishedLoop(nn.Module):
    """The recurrent loop as it is published: a Linear a step, states written into a slice, uniform noise."""

    def __init__(self, hidden: int, outputs: int) -> None:
        super().__init__()
        self.encoder, self.input = nn.Linear(outputs, hidden), nn.Linear(2, hidden)
        self.recurrent, self.decoder = nn.Linear(hidden, hidden, bias=False), nn.Linear(hidden, outputs, bias=False)

    def forward(self, start: torch.Tensor, velocity: torch.Tensor) -> torch.Tensor:
        """Outputs after each step, [batch, steps, outputs]."""
        hidden = torch.tanh(self.encoder(start))
        states = torch.zeros(*velocity.shape[:2], hidden.shape[1])
        for t in range(velocity.shape[1]):
            noise = 0.3 * torch.rand_like(hidden)
            hidden = 0.4 * hidden + torch.tanh(self.recurrent(hidden) + self.input(velocity[:, t])) + noise
            states[:, t] = hidden
        return self.decoder(states)


def published(batch: int, steps: int, hidden: int, outputs: int) -> Callable[[], None]:
    """One step of a training with the published loop."""
    network, drawn = PublishedLoop(hidden, outputs), make_batch(batch, steps, outputs)
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)

    def work() -> None:
        loss = nn.functional.mse_loss(network(drawn.start, drawn.velocity), drawn.target)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()

    return work


def measure(shape: tuple[int, int, int, int], rounds: int) -> dict[str, list[float]]:
    """Times of the products, of ours and of the published loop; shapes that take seconds have fewer rounds."""
    works = {"products": products(*shape), "ours": ours(*shape), "published": published(*shape)}
    return interleaved(works, rounds if shape[2] < 512 else max(3, rounds // 10))


def shapes(rounds: int) -> None:
    """Print the table of shapes."""
    rows = []
    for shape in SHAPES:
        times = measure(shape, rounds)
        milliseconds = 1e3 * sorted(times["products"])[len(times["products"]) // 2]
        name = "{} x {}, {} -> {}".format(*shape)
        rows.append((name, f"{milliseconds:.1f}", *(spread(times, way, "products") for way in WAYS)))
    table(("paths x steps, units -> outputs", "products [ms]", "ours / products", "published / products"), rows)


def lengths(rounds: int) -> None:
    """Print the table of lengths."""
    rows = []
    for steps in LENGTHS:
        times = measure((48, steps, 64, 2), rounds)
        rows.append((str(steps), *(f"{over(times, way, 'products'):.2f}" for way in WAYS)))
    table(("steps (48 paths, 64 units)", "ours / products", "published / products"), rows)


def drawing(rounds: int) -> None:
    """Print what drawing the paths costs beside a step."""
    works: dict[str, Callable[[], object]] = {"ours": ours(*SHAPES[0])}
    for name in ("triangle", "triangle-cells", "rat"):
        place, generator = task(name), torch.Generator().manual_seed(0)
        works[name] = lambda place=place, generator=generator: place.batch(48, generator)
    times = interleaved(works, rounds)
    rows = [(name, f"{over(times, name, 'ours'):.2f}") for name in list(works)[1:]]
    table(("task", "drawing 48 paths / a step (64 units, 2 outputs)"), rows)


def main() -> None:
    """Print the three tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30, help="rounds of a small shape; large ones take a tenth")
    rounds = parser.parse_args().rounds
    header()
    shapes(rounds)
    lengths(rounds)
    drawing(rounds)


if __name__ == "__main__":
    main()
