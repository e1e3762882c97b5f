"""Bins of rings and tracks (graphs) and of the box (a grid), and how a path moves between them, a window a step."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Protocol, runtime_checkable

import numpy as np
import torch
from jaxtyping import Float
from scipy.sparse import csr_array
from scipy.sparse.csgraph import shortest_path

from replaylib._checks import check_between, check_count
from replaylib.measures.motion_models.forward import MomentumChain, Slots, grid_chain, pair_chain
from replaylib.world.spaces import Arena, Space, Track

Array = np.ndarray[Any, np.dtype[np.float64]]

REACH = 8.0
"""The longest step of momentum on a track by default [bins]: memory and time grow with its square."""


@runtime_checkable
class Bins(Protocol):
    """Where a path may be, as a list of places, and the motions that are told apart on it."""

    @property
    def places(self) -> Float[np.ndarray, "bins 2"]:
        """Centre of each bin [m]."""

    @property
    def spacing(self) -> float:
        """Distance between neighbouring bins [m]."""

    @property
    def distance(self) -> Float[np.ndarray, "bins bins"]:
        """Length of the shortest way between each two bins [m]."""

    def diffusion(self, spread: float) -> Float[np.ndarray, "bins bins"]:
        """Probability of the next bin (second axis) from each bin: a normal step, ``spread`` metres a window."""

    def momentum(self, spread: float, kept: float) -> MomentumChain:
        """The chain on pairs of bins whose next mean is x_t + kept (x_t - x_{t-1}), with a normal spread [m]."""


def normal_step(distance: Float[np.ndarray, "... bins"], spread: float) -> Float[np.ndarray, "... bins"]:
    """Normal weights of distances [m], in rows that sum to 1; ValueError where the spread is not positive."""
    check_between("spread", spread, 0.0, float("inf"), open_low=True)
    # The nearest bin has weight 1 at first: a narrow normal between two bins must not vanish.
    squared = distance**2
    weight = np.exp((squared.min(axis=-1, keepdims=True) - squared) / (2 * spread**2))
    normal: Array = weight / weight.sum(axis=-1, keepdims=True)
    return normal


def first_spread(spread: float, kept: float) -> float:
    """Spread of the second window's step, as of v' = kept v + spread xi in its law, spread / sqrt(1 - kept^2) [m]."""
    check_between("kept", kept, 0.0, 1.0)
    if kept == 1:
        raise ValueError(f"kept must lie below 1, but {kept!r} came: the velocity would have no stationary law.")
    return float(spread / np.sqrt(1 - kept**2))


@dataclass(frozen=True, eq=False)
class GraphBins:
    """Bins on a graph: a ring, or a track with arms and junctions.

    places: [bins, 2] [m]. links: pairs of neighbouring bins, with the way between them [m]. reach: the longest step of
    the momentum model, in bins of mean spacing; all pairs by default.
    Raises ValueError where a link names no bin or has no length, or where some bin cannot be reached.
    """

    places: Float[np.ndarray, "bins 2"]
    links: tuple[tuple[int, int, float], ...]
    reach: float = math.inf

    def __post_init__(self) -> None:
        for first, second, length in self.links:
            inside = min(first, second) >= 0 and max(first, second) < len(self.places) and first != second
            if not inside or not length > 0:
                raise ValueError(
                    f"a link must join two of {len(self.places)} bins by a way, but {(first, second, length)} came."
                )
        if not np.isfinite(self.distance).all():
            raise ValueError("all bins must hang together, but some cannot be reached from the others.")

    @cached_property
    def distance(self) -> Float[np.ndarray, "bins bins"]:
        """Length of the shortest way between each two bins [m]."""
        count = len(self.places)
        first, second, length = zip(*self.links, strict=True) if self.links else ((), (), ())
        way: Array = shortest_path(csr_array((length, (first, second)), shape=(count, count)), directed=False)
        return way

    @cached_property
    def spacing(self) -> float:
        """Mean distance between neighbouring bins [m]."""
        return float(np.mean([length for _, _, length in self.links]))

    @cached_property
    def neighbours(self) -> tuple[dict[int, float], ...]:
        """For each bin its neighbours, with the way to them [m]."""
        beside: tuple[dict[int, float], ...] = tuple({} for _ in self.places)
        for first, second, length in self.links:
            beside[first][second] = beside[second][first] = length
        return beside

    def diffusion(self, spread: float) -> Float[np.ndarray, "bins bins"]:
        """Normal steps along the graph, ``spread`` metres a window."""
        return normal_step(self.distance, spread)

    def momentum(self, spread: float, kept: float) -> MomentumChain:
        """Pairs of bins: the path goes on from the present bin, away from the one before, ``kept`` times as far.

        It does not turn round, and never steps further than ``reach``. At a junction each way on is as likely; an end
        stops it. Where the way into the present bin is ambiguous, half round a ring, so is the way on.
        Equation: eq-position-momentum.
        """
        share, away = self._onward(kept)
        mixed = (share[..., None] * normal_step(away, spread)).sum(axis=2)
        first = normal_step(self._apart, first_spread(spread, kept))
        return pair_chain(first, mixed, self.near)

    @cached_property
    def near(self) -> Slots:
        """For each bin those within reach, itself among them, [bins, slots]; filled up with -1."""
        within = self.distance <= self.reach * self.spacing * (1 + 1e-9)
        near = np.full((len(within), int(within.sum(axis=1).max())), -1)
        for now, row in enumerate(within):
            near[now, : row.sum()] = np.flatnonzero(row)
        return near

    @cached_property
    def _apart(self) -> Float[np.ndarray, "bins slots"]:
        """How far each bin is from those within its reach; where a slot is empty, ``inf`` [m]."""
        way: Array = np.where(
            self.near >= 0, np.take_along_axis(self.distance, np.maximum(self.near, 0), axis=1), np.inf
        )
        return way

    @cached_property
    def _known(self) -> dict[float, tuple[Array, Array]]:
        """What ``_onward`` has found."""
        return {}

    def _onward(self, kept: float) -> tuple[Array, Array]:
        """Shares of the ways on, [now, slot, ways], and how far each bin is from each [now, slot, ways, slot] [m]."""
        if kept not in self._known:
            ways = [[*self._ways(now, before, kept)] for now, row in enumerate(self.near.tolist()) for before in row]
            most, (count, slots) = max(map(len, ways)), self.near.shape
            share, away = np.zeros((count * slots, most)), np.zeros((count * slots, most, slots))
            for pair, found in enumerate(ways):
                for way, (part, distance) in enumerate(found):
                    share[pair, way], away[pair, way] = part, distance
            self._known[kept] = share.reshape(count, slots, most), away.reshape(count, slots, most, slots)
        return self._known[kept]

    def _ways(self, now: int, before: int, kept: float) -> Iterator[tuple[float, Float[np.ndarray, " slots"]]]:
        """Each way on: its share, and how far the bins within reach of ``now`` are from where it leads [m]."""
        if before < 0:
            return
        near = self.near[now]
        for share, start, end, done in self._means(before, now, kept * float(self.distance[before, now])):
            length = self.neighbours[start].get(end, 0.0)
            away = np.minimum(self.distance[start] + done, self.distance[end] + length - done)
            yield share, np.where(near >= 0, away[near], np.inf)

    def _means(self, before: int, now: int, far: float) -> Iterator[tuple[float, int, int, float]]:
        """Points ``far`` beyond ``now``, seen from ``before``: (share, bin, bin ahead of it, how far between) [m]."""
        way = self.distance[before]
        close = 1e-9 * self.spacing  # ways of one length may differ in their last digits
        came = [one for one, step in self.neighbours[now].items() if abs(way[one] + step - way[now]) < close]
        if before == now or not came:
            yield 1.0, now, now, 0.0
            return
        for one in came:
            for share, start, end, done in self._walk(one, now, far):
                yield share / len(came), start, end, done

    def _walk(self, behind: int, now: int, far: float) -> Iterator[tuple[float, int, int, float]]:
        """Where a walk that does not turn round is after ``far`` metres, as ``_means`` tells it."""
        ahead = {one: step for one, step in self.neighbours[now].items() if one != behind}
        if not ahead or far <= 0:
            yield 1.0, now, now, 0.0
            return
        for one, step in ahead.items():
            if far <= step:
                yield 1 / len(ahead), now, one, far
                continue
            for share, start, end, done in self._walk(now, one, far - step):
                yield share / len(ahead), start, end, done


@dataclass(frozen=True, eq=False)
class GridBins:
    """Bins of a box: ``columns`` x ``rows`` square tiles of ``spacing`` metres; the first is centred on ``origin``.

    reach: the longest step of the momentum model along each axis [bins].
    """

    columns: int
    rows: int
    spacing: float
    origin: tuple[float, float] = (0.0, 0.0)
    reach: int = 3

    def __post_init__(self) -> None:
        check_count("columns", self.columns)
        check_count("rows", self.rows)
        check_count("reach", self.reach)
        check_between("spacing", self.spacing, 0.0, float("inf"), open_low=True)

    @cached_property
    def places(self) -> Float[np.ndarray, "bins 2"]:
        """Centres of the tiles, a column after the other [m]."""
        x, y = np.meshgrid(np.arange(self.columns), np.arange(self.rows), indexing="ij")
        centres: Array = np.stack([x.ravel(), y.ravel()], axis=1) * self.spacing + np.array(self.origin)
        return centres

    @cached_property
    def distance(self) -> Float[np.ndarray, "bins bins"]:
        """Straight distance between each two tiles [m]."""
        way: Array = np.linalg.norm(self.places[:, None] - self.places, axis=-1)
        return way

    def diffusion(self, spread: float) -> Float[np.ndarray, "bins bins"]:
        """Normal steps in the plane, ``spread`` metres a window along each axis."""
        return normal_step(self.distance, spread)

    def momentum(self, spread: float, kept: float) -> MomentumChain:
        """Pairs of tiles no further apart than ``reach`` along an axis; each axis keeps its own velocity.

        A normal is one matrix for columns and one for rows: (2 reach + 1)^2 states a tile, not as many as tiles.
        Equation: eq-position-momentum.
        """
        first = first_spread(spread, kept) / self.spacing
        axes = [self._axis(count, spread / self.spacing, kept, first) for count in (self.columns, self.rows)]
        return grid_chain(axes[0], axes[1], self.reach)

    def _axis(self, count: int, spread: float, kept: float, first: float) -> tuple[Array, Array]:
        """Along one axis, in bins: the first step [bins, steps], and the next after each, [bins, steps, steps]."""
        steps = np.arange(-self.reach, self.reach + 1)
        target = np.arange(count)[:, None] + steps
        wall = np.where((target < 0) | (target >= count), np.inf, 0.0)
        begin = normal_step(np.broadcast_to(np.abs(steps), target.shape) + wall, first)
        after = normal_step(np.abs(steps - kept * steps[:, None])[None] + wall[:, None], spread)
        return begin, after


def ring_bins(count: int, length: float = 1.0, reach: float = math.inf) -> GraphBins:
    """``count`` bins on a ring, ``length`` metres from one to the next. Raises ValueError below three bins."""
    check_count("count", count, 3)
    check_between("length", length, 0.0, float("inf"), open_low=True)
    angle = 2 * np.pi * np.arange(count) / count
    places = np.stack([np.cos(angle), np.sin(angle)], axis=1) * length / (2 * np.sin(np.pi / count))
    return GraphBins(places, tuple((one, (one + 1) % count, length) for one in range(count)), reach)


def track_bins(track: Track, spacing: float, reach: float = REACH) -> GraphBins:
    """Bins about ``spacing`` metres apart on each segment of a track; corners, ends and junctions are bins."""
    check_between("spacing", spacing, 0.0, float("inf"), open_low=True)
    places = [*track.vertices.double().numpy()]
    links: list[tuple[int, int, float]] = []
    for (start, end), length in zip(track.edges, track.lengths.tolist(), strict=True):
        pieces = max(1, round(length / spacing))
        inner = [len(places) + piece for piece in range(pieces - 1)]
        shares = np.arange(1, pieces)[:, None] / pieces
        places += [*((1 - shares) * places[start] + shares * places[end])]
        chain = [start, *inner, end]
        links += [(one, other, length / pieces) for one, other in pairwise(chain)]
    return GraphBins(np.array(places), tuple(links), reach)


def box_bins(arena: Arena, spacing: float, reach: int = 3) -> GridBins:
    """Square tiles of about ``spacing`` metres that fill the box, its shorter side exactly."""
    check_between("spacing", spacing, 0.0, min(arena.width, arena.height), open_low=True)
    side = min(arena.width, arena.height) / round(min(arena.width, arena.height) / spacing)
    columns, rows = (max(1, round(size / side)) for size in (arena.width, arena.height))
    return GridBins(columns, rows, side, (side / 2, side / 2), reach)


def space_bins(space: Space, spacing: float) -> GraphBins | GridBins:
    """Bins of a task's space. Raises ValueError where it is neither a track nor a box."""
    if isinstance(space, Track):
        return track_bins(space, spacing)
    if isinstance(space, Arena):
        return box_bins(space, spacing)
    raise ValueError(f"space must be a track or an arena, but a {type(space).__name__} came.")


def nearest_bin(
    bins: GraphBins | GridBins, position: Float[torch.Tensor, "*batch 2"]
) -> np.ndarray[Any, np.dtype[np.intp]]:
    """Index of the bin nearest to each position [m], in the shape of the batch."""
    place = position.detach().cpu().double().numpy()
    found: np.ndarray[Any, np.dtype[np.intp]] = np.linalg.norm(place[..., None, :] - bins.places, axis=-1).argmin(-1)
    return found
