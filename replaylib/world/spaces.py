"""Where the animal lives: tracks made of straight segments, and the open arena. All lengths are in metres."""

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, pairwise
from typing import Protocol, runtime_checkable

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

    @property
    def walled(self) -> bool:
        """Whether its outline are walls with open ground between them, and not the lines that the animal runs on."""

    def outline(self) -> Float[Tensor, "lines 2 2"]:
        """Start and end of each straight line that the animal runs on, or of each wall, in order round it [m]."""

    def sample(self, count: int, generator: torch.Generator | None = None) -> Float[Tensor, "count 2"]:
        """``count`` independent places, anywhere in the space with equal probability [m]."""


@runtime_checkable
class Toured(Space, Protocol):
    """A space that one closed walk goes through, as a track: what a model of running along it asks."""

    @property
    def tour_length(self) -> float:
        """Length of the walk [m]."""

    def on_tour(self, travelled: Float[Tensor, "*batch"]) -> Float[Tensor, "*batch 2"]:
        """Position after a distance travelled along the walk, which repeats [m]."""


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
        if not self.vertices.is_floating_point():
            raise ValueError(f"vertices must be floating-point numbers, but numbers of {self.vertices.dtype} came.")
        if not self.edges:
            raise ValueError("a track needs at least one segment between two vertices, but none came.")
        indices = [index for edge in self.edges for index in edge] + list(self.landmark_indices)
        if min(indices) < 0 or max(indices) >= len(self.vertices):
            raise ValueError(
                f"edges and landmarks must name vertices 0 to {len(self.vertices) - 1}, but {indices} came."
            )
        if float(self.lengths.min()) <= 0:
            raise ValueError("each segment must join two different points, but one has the length 0.")
        if len(self._reached()) < len(self.vertices):
            raise ValueError("all vertices of a track must hang together, but some cannot be reached from the others.")

    def _reached(self) -> set[int]:
        """Vertices that can be reached from the first segment."""
        reached = set(self.edges[0])
        for _ in self.edges:
            reached |= {vertex for edge in self.edges if reached & set(edge) for vertex in edge}
        return reached

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
        """The shortest closed walk over every segment, as the vertices in order; the first is also the last [m].

        Segments that must be run twice are those that join the odd junctions in pairs at the least length in all.
        Source: Edmonds & Johnson (1973), Math. Programming 5, 88 (the Chinese postman), by networkx.
        """
        import networkx  # noqa: PLC0415 (it takes a fifth of a second, and measures and boxes need none)

        graph: networkx.MultiGraph[int] = networkx.MultiGraph()
        for (a, b), length in zip(self.edges, self.lengths.tolist(), strict=True):
            graph.add_edge(a, b, weight=length)
        odd = [vertex for vertex, degree in graph.degree() if degree % 2]
        ways = {vertex: networkx.single_source_dijkstra(graph, vertex) for vertex in odd}
        pairs = networkx.Graph()
        pairs.add_weighted_edges_from((a, b, ways[a][0][b]) for a, b in combinations(odd, 2))
        for a, b in networkx.min_weight_matching(pairs):
            graph.add_edges_from(pairwise(ways[a][1][b]))
        order = [start for start, _ in networkx.eulerian_circuit(graph, source=self.edges[0][0])]
        return self.vertices[[*order, order[0]]]

    @cached_property
    def _tour_marks(self) -> Float[Tensor, " stops"]:
        steps = (self.tour[1:] - self.tour[:-1]).norm(dim=-1)
        return torch.cat([steps.new_zeros(1), steps.cumsum(0)])

    @property
    def tour_length(self) -> float:
        """Length of the closed tour [m]."""
        return float(self._tour_marks[-1])

    def on_tour(self, travelled: Float[Tensor, "*batch"]) -> Float[Tensor, "*batch 2"]:
        """Position after a distance travelled along the tour, which repeats [m]."""
        marks, tour = self._tour_marks.to(travelled), self.tour.to(travelled)
        travelled = travelled % marks[-1]
        leg = (torch.searchsorted(marks, travelled.contiguous(), right=True) - 1).clamp(0, len(marks) - 2)
        share = (travelled - marks[leg]) / (marks[leg + 1] - marks[leg])
        return torch.lerp(tour[leg], tour[leg + 1], share[..., None])

    def points_every(self, spacing: float) -> Float[Tensor, "points 2"]:
        """Points evenly spaced on each segment, about ``spacing`` metres apart, ends and junctions included once."""
        check_between("spacing", spacing, 0.0, float("inf"), open_low=True)
        inner = []
        for start, end, length in zip(*self.segments, self.lengths, strict=True):
            pieces = max(1, round(float(length) / spacing))
            share = torch.arange(1, pieces).to(start) / pieces
            inner.append(torch.lerp(start, end, share[:, None]))
        return torch.cat([self.vertices, *inner])

    def regions(self, count: int) -> Float[Tensor, "regions 2"]:
        """Centres of ``count`` stretches of equal length [m]."""
        check_count("count", count)
        return self._along((torch.arange(count) + 0.5) / count)

    @property
    def walled(self) -> bool:
        """False: the animal runs on the lines."""
        return False

    def outline(self) -> Float[Tensor, "lines 2 2"]:
        """Start and end of each segment [m]."""
        return torch.stack(self.segments, dim=1)

    def sample(self, count: int, generator: torch.Generator | None = None) -> Float[Tensor, "count 2"]:
        """``count`` independent places, with equal probability for equal lengths of track [m]."""
        check_count("count", count)
        return self._along(torch.rand(count, generator=generator, dtype=self.vertices.dtype))

    def _along(self, share: Float[Tensor, " places"]) -> Float[Tensor, "places 2"]:
        """Places at these shares of the length of all segments, laid end to end in their order [m]."""
        marks = torch.cat([self.lengths.new_zeros(1), self.lengths.cumsum(0)])
        mark = share.to(marks) * marks[-1]
        edge = (torch.searchsorted(marks, mark, right=True) - 1).clamp(max=len(self.edges) - 1)
        start, end = self.segments
        return torch.lerp(start[edge], end[edge], ((mark - marks[edge]) / self.lengths[edge])[:, None])


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
        return torch.tensor([float(self.width), float(self.height)])

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

    @property
    def walled(self) -> bool:
        """True: the outline are walls."""
        return True

    def outline(self) -> Float[Tensor, "lines 2 2"]:
        """Start and end of each of the four walls [m]."""
        corners = torch.tensor([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]) * self.size
        return torch.stack([corners, corners.roll(-1, 0)], dim=1)

    def sample(self, count: int, generator: torch.Generator | None = None) -> Float[Tensor, "count 2"]:
        """``count`` independent places, with equal probability for equal areas [m]."""
        check_count("count", count)
        return torch.rand(count, 2, generator=generator) * self.size


def nearest(position: Float[Tensor, "*batch 2"], centres: Float[Tensor, "centres 2"]) -> Int[Tensor, "*batch"]:
    """Index of the centre nearest to each position."""
    return (position[..., None, :] - centres.to(position)).square().sum(-1).argmin(-1)
