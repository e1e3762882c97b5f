"""Bins: the place of an animal as one of a few states, with the states that lie next to each."""

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import networkx
import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from replaylib._checks import check_between, check_count, check_shape
from replaylib.world.spaces import Arena, Track, nearest

SPACING = 0.15
"""Length of a bin on the book's tracks: five steps of the running animal or so [m]."""


@dataclass(frozen=True, eq=False)
class Bins:
    """A space cut into bins.

    centres: [states, 2] [m]. neighbours: for each bin those next to it, in order.
    Raises ValueError where a bin has no neighbour, or is its own, or not all bins hang together.
    """

    centres: Float[Tensor, "states 2"]
    neighbours: tuple[tuple[int, ...], ...]

    def __post_init__(self) -> None:
        check_shape("centres", self.centres, (len(self.neighbours), 2))
        if any(not others or state in others for state, others in enumerate(self.neighbours)):
            raise ValueError("each bin must have a neighbour other than itself, but one has not.")
        if not networkx.is_connected(self.graph):
            raise ValueError("all bins must hang together, but some cannot be reached from the others.")

    @classmethod
    def of_track(cls, track: Track, spacing: float = SPACING) -> "Bins":
        """Stretches of each segment about ``spacing`` metres long; where segments meet, so do their last stretches.

        No bin lies on a corner itself. A decoded replay cuts corners, so that it would never be nearest to such a bin,
        and no value could pass it. Raises ValueError where the spacing is not positive.
        """
        check_between("spacing", spacing, 0.0, float("inf"), open_low=True)
        graph: networkx.Graph[int] = networkx.Graph()
        centres: list[Tensor] = []
        meeting: dict[int, list[int]] = {}
        for edge, begin, end, length in zip(track.edges, *track.segments, track.lengths.tolist(), strict=True):
            pieces = max(1, round(length / spacing))
            states = range(len(centres), len(centres) + pieces)
            centres += [torch.lerp(begin, end, (piece + 0.5) / pieces) for piece in range(pieces)]
            networkx.add_path(graph, states)
            for vertex, state in zip(edge, (states[0], states[-1]), strict=True):
                meeting.setdefault(vertex, []).append(state)
        for states_there in meeting.values():
            graph.add_edges_from(pair for pair in combinations(states_there, 2) if pair[0] != pair[1])
        return cls(torch.stack(centres), tuple(tuple(sorted(graph[state])) for state in range(len(centres))))

    @classmethod
    def of_box(cls, box: Arena, columns: int, rows: int) -> "Bins":
        """Tiles of a box, row by row from its upper left one; those that share a side are neighbours."""
        check_count("columns", columns)
        check_count("rows", rows)
        across = (torch.arange(columns) + 0.5) / columns * box.width
        down = box.height - (torch.arange(rows) + 0.5) / rows * box.height
        centres = torch.stack([across.repeat(rows), down.repeat_interleave(columns)], dim=-1)
        graph = networkx.grid_2d_graph(rows, columns)
        places = [(row, column) for row in range(rows) for column in range(columns)]
        return cls(centres, tuple(tuple(sorted(r * columns + c for r, c in graph[place])) for place in places))

    def __len__(self) -> int:
        return len(self.neighbours)

    @cached_property
    def graph(self) -> "networkx.Graph[int]":
        """The bins as a graph."""
        return networkx.Graph({state: list(others) for state, others in enumerate(self.neighbours)})

    @cached_property
    def next_to(self) -> Bool[np.ndarray, "states states"]:
        """Whether one bin is a neighbour of another."""
        found = np.zeros((len(self), len(self)), dtype=bool)
        for state, others in enumerate(self.neighbours):
            found[state, list(others)] = True
        return found

    @cached_property
    def distances(self) -> Int[np.ndarray, "states states"]:
        """Bins that the shortest way between two bins takes [bins]."""
        ways = dict(networkx.all_pairs_shortest_path_length(self.graph))
        return np.array([[ways[a][b] for b in range(len(self))] for a in range(len(self))])

    def visited(self, position: Float[Tensor, "*batch 2"]) -> Int[np.ndarray, "*batch"]:
        """The bin nearest to each position. Raises ValueError where the last axis is not of two."""
        check_shape("position", position, ("...", 2))
        found: Int[np.ndarray, "*batch"] = nearest(position, self.centres).cpu().numpy()
        return found
