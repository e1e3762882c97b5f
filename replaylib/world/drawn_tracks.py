"""Tracks drawn as one stroke through points: where strokes touch, cross or overlap, the track has a junction."""

import math
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

import torch

from replaylib._checks import check_finite
from replaylib.world.spaces import Track

CLOSE = 1e-6
"""Points nearer than this are one point, and nearer to a segment on it [m]: below what float32 can tell apart."""

Point = tuple[float, float]


def from_points(points: Sequence[Sequence[float]], closed: bool = False) -> Track:
    """A track through points [points][2] in metres, in order; ``closed`` joins the last to the first.

    A point that repeats an earlier one leads back to it: so a maze with junctions can be drawn in one stroke. Where
    segments touch or cross they are cut, and where they overlap they are one: a plus-maze is drawn as
    (0, 0) (1, 0) (-1, 0) (0, 0) (0, 1) (0, -1). Its landmarks are the ends of arms, or all vertices where it has none.
    Raises ValueError where fewer than two different points came or a number is not finite.
    """
    places: list[Point] = []
    order = [_place(_checked(point), places) for point in points]
    if len(places) < 2:
        raise ValueError(f"a track needs at least two different points, but {len(places)} came.")
    drawn = pairwise([*order, order[0]] if closed else order)
    segments = list(dict.fromkeys((min(pair), max(pair)) for pair in drawn if pair[0] != pair[1]))
    for first, second in combinations(segments, 2):
        if crossing := _crossing(*(places[index] for index in (*first, *second))):
            _place(crossing, places)
    pieces = [piece for segment in segments for piece in _pieces(segment, places)]
    edges = dict.fromkeys((min(piece), max(piece)) for piece in pieces)
    ends = [index for index in range(len(places)) if sum(index in edge for edge in edges) == 1]
    return Track(torch.tensor(places), tuple(edges), tuple(ends or range(len(places))))


def _checked(point: Sequence[float]) -> Point:
    numbers = tuple(map(float, point))
    if len(numbers) != 2:
        raise ValueError(f"each point must be two numbers, x and y in metres, but {numbers!r} came.")
    check_finite("points", torch.tensor(numbers))
    return numbers


def _place(point: Point, places: list[Point]) -> int:
    """Index of the point among ``places``, to which it is added where it is new."""
    for index, place in enumerate(places):
        if math.dist(point, place) < CLOSE:
            return index
    places.append(point)
    return len(places) - 1


def _crossing(start: Point, end: Point, other_start: Point, other_end: Point) -> Point | None:
    """Where two segments cross; None where they do not or are parallel, and so cannot cross without touching."""
    along, other = _difference(end, start), _difference(other_end, other_start)
    area, between = _area(along, other), _difference(other_start, start)
    if abs(area) <= CLOSE * min(math.hypot(*along), math.hypot(*other)):
        return None
    share, other_share = _area(between, other) / area, _area(between, along) / area
    if not (0 <= share <= 1 and 0 <= other_share <= 1):
        return None
    return start[0] + share * along[0], start[1] + share * along[1]


def _pieces(segment: tuple[int, int], places: list[Point]) -> Iterator[tuple[int, int]]:
    """The segment cut at every place that lies on it, as pairs of indices."""
    start, end = (places[index] for index in segment)
    along = _difference(end, start)
    length = math.hypot(*along)
    marks = []
    for index, place in enumerate(places):
        offset = _difference(place, start)
        travelled = (offset[0] * along[0] + offset[1] * along[1]) / length
        if index in segment or (abs(_area(along, offset)) < CLOSE * length and 0 < travelled < length):
            marks.append((travelled, index))
    return pairwise(index for _, index in sorted(marks))


def _difference(end: Point, start: Point) -> Point:
    return end[0] - start[0], end[1] - start[1]


def _area(first: Point, second: Point) -> float:
    return first[0] * second[1] - first[1] * second[0]
