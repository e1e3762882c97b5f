"""Where the animal lives: tracks made of straight segments, and the open arena. All lengths are in metres."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Protocol, runtime_checkable

import networkx
import torch
from jaxtyping import Float, Int
from torch import Tensor

from replaylib._checks import check_between, check_count, check_finite, check_shape


@runtime_checkable
class Space(Protocol):
    """What a task and a metric ask of the place where the animal moves."""

    @property
    def landmarks(self) -> Float[Tensor, "landmarks 2"]:
        """Positions that replay should reach [m]."""

    def distance(self, position: Float[Tensor, "*batch 2"]) -> Float[Tensor, "*batch"]:
        """Distance from each position to the nearest place where the animal can be [m]."""

    def regions(self, count: int) -> Float[Tensor, "regions 2"]:
        """Centres of about ``count`` regions of equal size [m]."""


def check_inside(space: Space, position: Float[Tensor, "*batch 2"], tolerance: float = 0.05) -> None:
    """Raise ValueError where a position lies further than ``tolerance`` metres from the space, or is not finite."""
    check_shape("position", position, ("...", 2))
    check_finite("position", position)
    worst = float(space.distance(position).max())
    if worst > tolerance:
        raise ValueError(
            f"position must lie within {tolerance:g} m of where the animal can be, but one is {worst:.3g} m away."
        )


@dataclass(frozen=True, eq=False)
class Track:
    """A maze made of straight segments.

    vertices: corners, ends and junctions, shape [vertices, 2] [m].
    edges: the pairs of vertices that a segment joins.
    landmark_indices: the vertices at which reach times are measured.

    Raises ValueError where there is no segment, a segment has no length, or not all segments hang together.
    """

    vertices: Float[Tensor, "vertices 2"]
    edges: tuple[tuple[int, int], ...]
    landmark_indices: tuple[int, ...]

    def __post_init__(self) -> None:
        check_shape("vertices", self.vertices, ("vertices", 2))
        check_finite("vertices", self.vertices)
        if not self.edges:
            raise ValueError("a track needs at least one segment between two vertices, but none came.")
        indices = [index for edge in self.edges for index in edge] + list(self.landmark_indices)
        if min(indices) < 0 or max(indices) >= len(self.vertices):
            raise ValueError(
                f"edges and landmarks must name vertices 0 to {len(self.vertices) - 1}, but {indices} came."
            )
        if float(self.lengths.min()) <= 0:
            raise ValueError("each segment must join two different points, but one has the length 0.")
        if len(set(indices)) < len(self.vertices) or not networkx.is_connected(self._graph()):
            raise ValueError("all vertices of a track must hang together, but some cannot be reached from the others.")

    def _graph(self) -> "networkx.MultiGraph[int]":
        graph: networkx.MultiGraph[int] = networkx.MultiGraph()
        graph.add_edges_from(
            (a, b, {"weight": float(length)}) for (a, b), length in zip(self.edges, self.lengths, strict=True)
        )
        return graph

    @cached_property
    def segments(self) -> tuple[Float[Tensor, "edges 2"], Float[Tensor, "edges 2"]]:
        """Start and end of each segment [m]."""
        first, last = torch.tensor(self.edges).T
        return self.vertices[first], self.vertices[last]

    @cached_property
    def lengths(self) -> Float[Tensor, " edges"]:
        """Length of each segment [m]."""
        start, end = self.segments
        return (end - start).square().sum(-1).sqrt()

    @property
    def landmarks(self) -> Float[Tensor, "landmarks 2"]:
        """Positions of the corners or arm ends that replay should reach [m]."""
        return self.vertices[list(self.landmark_indices)]

    def distance(self, position: Float[Tensor, "*batch 2"]) -> Float[Tensor, "*batch"]:
        """Distance from each position to the nearest point of the track [m]."""
        start, end = (point.to(position) for point in self.segments)
        along = end - start
        offset = position[..., None, :] - start
        share = ((offset * along).sum(-1) / (along**2).sum(-1)).clamp(0, 1)
        return (offset - share[..., None] * along).square().sum(-1).sqrt().amin(-1)

    @cached_property
    def tour(self) -> Float[Tensor, "stops 2"]:
        """A shortest closed walk over every segment, as the vertices in order; the first is also the last [m]."""
        circuit = networkx.eulerian_circuit(networkx.eulerize(self._graph()), source=self.edges[0][0])
        order = [start for start, _ in circuit]
        return self.vertices[[*order, order[0]]]

    @cached_property
    def _tour_marks(self) -> Float[Tensor, " stops"]:
        steps = (self.tour[1:] - self.tour[:-1]).norm(dim=-1)
        return torch.cat([torch.zeros(1), steps.cumsum(0)])

    @property
    def tour_length(self) -> float:
        """Length of the closed tour [m]."""
        return float(self._tour_marks[-1])

    def on_tour(self, travelled: Float[Tensor, "*batch"]) -> Float[Tensor, "*batch 2"]:
        """Position after a distance travelled along the tour, which repeats [m]."""
        marks = self._tour_marks
        travelled = travelled % self.tour_length
        leg = (torch.searchsorted(marks, travelled.contiguous(), right=True) - 1).clamp(0, len(marks) - 2)
        share = (travelled - marks[leg]) / (marks[leg + 1] - marks[leg])
        return torch.lerp(self.tour[leg], self.tour[leg + 1], share[..., None])

    def points_every(self, spacing: float) -> Float[Tensor, "points 2"]:
        """Points evenly spaced on each segment, about ``spacing`` metres apart, ends and junctions included once."""
        check_between("spacing", spacing, 0.0, float("inf"), open_low=True)
        inner = []
        for start, end, length in zip(*self.segments, self.lengths, strict=True):
            pieces = max(1, round(float(length) / spacing))
            inner.append(torch.lerp(start, end, torch.arange(1, pieces)[:, None] / pieces))
        return torch.cat([self.vertices, *inner])

    def regions(self, count: int) -> Float[Tensor, "regions 2"]:
        """Centres of ``count`` stretches of equal length [m]."""
        check_count("count", count)
        marks = torch.cat([torch.zeros(1), self.lengths.cumsum(0)])
        middle = (torch.arange(count) + 0.5) / count * marks[-1]
        edge = (torch.searchsorted(marks, middle, right=True) - 1).clamp(max=len(self.edges) - 1)
        start, end = self.segments
        share = (middle - marks[edge]) / self.lengths[edge]
        return torch.lerp(start[edge], end[edge], share[:, None])


def from_points(points: Sequence[Sequence[float]], closed: bool = False) -> Track:
    """A track through points [points][2] in metres, in order; ``closed`` joins the last to the first.

    A point that repeats an earlier one leads back to it: so a maze with junctions can be drawn in one stroke.
    Raises ValueError where fewer than two different points came or a number is not finite.
    """
    places: list[tuple[float, ...]] = []
    order = []
    for point in (tuple(map(float, point)) for point in points):
        if len(point) != 2:
            raise ValueError(f"each point must be two numbers, x and y in metres, but {point!r} came.")
        if point not in places:
            places.append(point)
        order.append(places.index(point))
    if len(places) < 2:
        raise ValueError(f"a track needs at least two different points, but {len(places)} came.")
    walk = order + order[:1] if closed else order
    edges = dict.fromkeys((min(pair), max(pair)) for pair in pairwise(walk) if pair[0] != pair[1])
    ends = [index for index in range(len(places)) if sum(index in edge for edge in edges) == 1]
    return Track(torch.tensor(places), tuple(edges), tuple(ends or range(len(places))))


def triangle(side: float = 3**0.5) -> Track:
    """An equilateral triangle around the origin; the default has its corners at distance 1 m."""
    check_between("side", side, 0.0, float("inf"), open_low=True)
    angle = torch.deg2rad(torch.tensor([90.0, 210.0, 330.0]))
    corners = torch.stack([angle.cos(), angle.sin()], dim=-1) * side / 3**0.5
    return Track(corners, ((0, 1), (1, 2), (2, 0)), (0, 1, 2))


def t_maze(stem: float = 1.6, arm: float = 1.0) -> Track:
    """A T-maze: a stem of length ``stem`` and two arms of length ``arm`` [m]; its three ends are landmarks."""
    check_between("stem", stem, 0.0, float("inf"), open_low=True)
    check_between("arm", arm, 0.0, float("inf"), open_low=True)
    vertices = torch.tensor([[0.0, 0.0], [0.0, stem], [-arm, stem], [arm, stem]])
    return Track(vertices - torch.tensor([0.0, stem / 2]), ((0, 1), (1, 2), (1, 3)), (0, 2, 3))


@dataclass(frozen=True)
class Arena:
    """An open box from (0, 0) to (width, height) [m]."""

    width: float
    height: float

    def __post_init__(self) -> None:
        check_between("width", self.width, 0.0, float("inf"), open_low=True)
        check_between("height", self.height, 0.0, float("inf"), open_low=True)

    @property
    def size(self) -> Float[Tensor, "2"]:
        """Width and height [m]."""
        return torch.tensor([self.width, self.height])

    @property
    def landmarks(self) -> Float[Tensor, "landmarks 2"]:
        """Centres of about twelve regions: in an open box every place is worth reaching [m]."""
        return self.regions(12)

    def distance(self, position: Float[Tensor, "*batch 2"]) -> Float[Tensor, "*batch"]:
        """Distance from each position to the box; 0 inside it [m]."""
        outside = torch.maximum(-position, position - self.size.to(position)).clamp(min=0)
        return outside.square().sum(-1).sqrt()

    def grid(self, columns: int, rows: int) -> Float[Tensor, "points 2"]:
        """``columns`` x ``rows`` points from wall to wall [m]."""
        check_count("columns", columns, 2)
        check_count("rows", rows, 2)
        x, y = torch.linspace(0, self.width, columns), torch.linspace(0, self.height, rows)
        return torch.cartesian_prod(x, y)

    def regions(self, count: int) -> Float[Tensor, "regions 2"]:
        """Centres of about ``count`` nearly square tiles [m]."""
        check_count("count", count)
        columns = max(1, round((count * self.width / self.height) ** 0.5))
        rows = max(1, round(count / columns))
        x = (torch.arange(columns) + 0.5) / columns * self.width
        y = (torch.arange(rows) + 0.5) / rows * self.height
        return torch.cartesian_prod(x, y)


def nearest(position: Float[Tensor, "*batch 2"], centres: Float[Tensor, "centres 2"]) -> Int[Tensor, "*batch"]:
    """Index of the centre nearest to each position."""
    return (position[..., None, :] - centres.to(position)).square().sum(-1).argmin(-1)
