"""Exercises of the bug museum on measurements that are wrong: caches, errors, censoring, controls, rests."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from replaylib.exercises.checking import Exercise, Function, Judged, call
from replaylib.exercises.coercion import Array, short

_SETTINGS: dict[str, Any] = {"task": "ring", "noise": 0.1, "steps": 600, "code": "a1"}
"""The settings that a cache is tried with."""

_OTHERS: Sequence[Mapping[str, Any]] = (
    {"noise": 0.2},
    {"steps": 60},
    {"task": "box"},
    {"code": "a2"},
    {"noise": 0.1000001},
    {"task": "a1", "code": "ring"},
    {"noise": 600, "steps": 0.1},
)
"""What is changed in them; the last two swap values between names."""

_HASHES: Sequence[Callable[[Mapping[str, Any]], Any]] = (
    lambda one: hash(str(one)),
    lambda one: hash(tuple(one.items())),
    lambda one: hash(tuple(sorted(one.items()))),
    lambda one: hash(frozenset(one.items())),
    lambda one: hash(str(sorted(one.items()))),
    lambda one: hash(repr(sorted(one.items()))),
)
"""Keys that another process would not find again."""


def _key_fault(answer: Any) -> str:
    """Judge a function that makes a key of settings, by which settings get the same key."""
    first = _key(answer, _SETTINGS)
    if not isinstance(first, str | bytes | int | tuple | frozenset) or isinstance(first, bool):
        return f"A key must be a text, a number, a tuple or a frozenset, but {short(first)} came."
    if _key(answer, _SETTINGS) != first:
        return "The same settings get another key at each call, so nothing is ever found again."
    return _not_told_apart(answer, first) or _not_found_again(answer, first)


def _not_told_apart(answer: Any, first: Any) -> str:
    """Settings that differ and get the same key."""
    for change in _OTHERS:
        if _key(answer, _SETTINGS | dict(change)) == first:
            return _collision(change)
    joined = [_key(answer, _SETTINGS | pair) for pair in ({"task": "a", "code": "bc"}, {"task": "ab", "code": "c"})]
    if joined[0] == joined[1]:
        return (
            'task="a" with code="bc" and task="ab" with code="c" get the same key: keep a mark between the values, '
            "and their names."
        )
    if _key(answer, _SETTINGS | {"friction": 0.3}) == _key(answer, _SETTINGS | {"friction": 0.5}):
        return "A setting that was added later, friction, is not in your key. Go through all that come."
    return ""


def _not_found_again(answer: Any, first: Any) -> str:
    """The same settings, and another key."""
    if _key(answer, dict(reversed(_SETTINGS.items()))) != first:
        return "The same settings in another order get another key, and are computed again. Sort them by name."
    if isinstance(first, int) and first in [one(_SETTINGS) for one in _HASHES]:
        return "Python salts `hash` of a text anew in each process: tomorrow the key is another. Keep the text itself."
    return ""


def _key(answer: Any, settings: Mapping[str, Any]) -> Any:
    return call(answer, {"settings": dict(settings)})


def _collision(change: Mapping[str, Any]) -> str:
    """Which settings got the same key, and what that lets suspect."""
    if len(change) > 1:
        return (
            f"{_listed({name: _SETTINGS[name] for name in change})} and {_listed(change)} get the same key: "
            "the values alone do not tell which name they belong to."
        )
    ((name, value),) = change.items()
    if value == 0.1000001:
        return "noise=0.1 and noise=0.1000001 get the same key: yours rounds. Two settings that differ are two cells."
    advice = "The code decides a result as well: change it, and the old one is stale." if name == "code" else ""
    return f"{_listed({name: _SETTINGS[name]})} and {_listed(change)} get the same key. {advice}".strip()


def _listed(settings: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in settings.items())


def _effective(n: int, correlation: float) -> float:
    return n / (1 + (n - 1) * correlation)


def _watched(times: Array, horizon: float) -> Any:
    return np.minimum(times, horizon)


def _mean_time(times: Array, horizon: float) -> Any:
    return _watched(times, horizon).sum() / np.isfinite(times).sum()


def _lead(mechanism: Array, controls: Array) -> Any:
    return (mechanism - controls).mean(1).min()


def _speeds(position: Array, seconds: float) -> Array:
    found: Array = np.linalg.norm(np.diff(position, axis=0), axis=1) / seconds
    return found


def _running(position: Array, seconds: float, slow: float) -> Any:
    speed = _speeds(position, seconds)
    return speed[speed >= slow].mean()


def _city(position: Array, seconds: float, slow: float) -> Any:
    speed = np.abs(np.diff(position, axis=0)).sum(1) / seconds
    return speed[speed >= slow].mean()


_inf = float("inf")
_rng = np.random.default_rng(1)
_OFFSETS = np.array([[0.2], [0.4], [0.7], [0.1]])
_WALK = np.array([[0, 0], [0.03, 0.04], [0.03, 0.04], [0.03, 0.045], [0.09, 0.125], [0.09, 0.025], [0.095, 0.025]])
_ROUND = np.array([[0, 0], [0.3, 0.4], [0.3, 0.41], [0.3, 0.01], [0.3, 0.01], [0, 0.01]])

MEASURING: dict[str, Exercise] = {
    "B.6": Judged(_key_fault),
    "B.7": Function(
        _effective,
        [{"n": n, "correlation": rho} for n, rho in ((12, 1.0), (8, 0.25), (40, 0.1), (5, 0.5))],
        {
            "You count every condition as independent.": lambda n, correlation: n,
            "At a correlation of 1 yours leaves nothing, but one measurement is left.": lambda n, correlation: (
                n * (1 - correlation)
            ),
            "A measurement is correlated with the n - 1 *others*.": lambda n, correlation: n / (1 + n * correlation),
            "This is by how much the variance of the average is too large. Divide n by it.": lambda n, correlation: (
                1 + (n - 1) * correlation
            ),
            "You squared the correlation. The variance of a sum has the correlation itself in it.": (
                lambda n, correlation: n / (1 + (n - 1) * correlation**2)
            ),
            "You took the root. It belongs to standard errors, and n is counted by variances.": lambda n, correlation: (
                n / (1 + (n - 1) * correlation) ** 0.5
            ),
            "This is the limit of infinitely many conditions.": lambda n, correlation: 1 / correlation,
            "This is the formula for a chain in which the correlation dies out. Here all pairs are alike.": (
                lambda n, correlation: n * (1 - correlation) / (1 + correlation)
            ),
            "You counted all n (n - 1) pairs. Per measurement there are n - 1.": lambda n, correlation: (
                n / (1 + n * (n - 1) * correlation)
            ),
            "This is the share that is left, not the number.": lambda n, correlation: 1 / (1 + (n - 1) * correlation),
        },
    ),
    "B.8": Function(
        _mean_time,
        [
            {"times": np.array(times, dtype=float), "horizon": float(horizon)}
            for times, horizon in (
                ([3, _inf, 5, _inf], 10),
                ([1, _inf, _inf, 4, 7.0, _inf], 8),
                ([2, 4, 9.0], 20),
                ([6, _inf, _inf, _inf, _inf], 6.5),
            )
        ],
        {
            "You averaged over those that arrived. The others were watched in vain, and that is evidence, too.": (
                lambda times, horizon: times[np.isfinite(times)].mean()
            ),
            "This is the restricted mean, which counts the horizon as an arrival. It depends on the horizon.": (
                lambda times, horizon: _watched(times, horizon).mean()
            ),
            "What never arrived is infinite in your sum. It was watched until the horizon.": lambda times, horizon: (
                times.mean()
            ),
            "This is the rate of arrivals. Turn it upside down.": lambda times, horizon: 1 / _mean_time(times, horizon),
            "You counted the others as 0. They were watched until the horizon.": lambda times, horizon: (
                times[np.isfinite(times)].sum() / len(times)
            ),
            "You watched each of them until the horizon. Those that arrived count until they did.": (
                lambda times, horizon: horizon * len(times) / np.isfinite(times).sum()
            ),
            "This is the whole time watched. Divide it by the arrivals.": lambda times, horizon: _watched(
                times, horizon
            ).sum(),
            "You counted one arrival too many.": lambda times, horizon: (
                _watched(times, horizon).sum() / (np.isfinite(times).sum() + 1)
            ),
            "This is the median. Half of the replays say nothing of how long the other half takes.": (
                lambda times, horizon: np.median(_watched(times, horizon))
            ),
            "This is the share that arrived.": lambda times, horizon: np.isfinite(times).mean(),
        },
        unit="steps",
    ),
    "B.9": Function(
        _lead,
        [
            {"mechanism": np.array(mechanism), "controls": np.array(controls)}
            for mechanism, controls in (
                ([1.0, 1.25, 1.5], [[0.5, 0.75, 0.5], [1.25, 0.5, 1.5], [0.75, 1.0, 0.75]]),
                ([0.5, 0.75], [[0.25, 0.5], [1.0, 0.75]]),
            )
        ]
        + [{"mechanism": _rng.random(8) + 1, "controls": _rng.random((4, 8)) + _OFFSETS}],
        {
            "You compare with the average control. A claim must stand against the strongest.": (
                lambda mechanism, controls: (mechanism - controls).mean()
            ),
            "You compare with the first control alone.": lambda mechanism, controls: (mechanism - controls[0]).mean(),
            "You compare with the weakest control.": lambda mechanism, controls: (mechanism - controls).mean(1).max(),
            "This is the worst single network. The mean over networks decides.": lambda mechanism, controls: (
                mechanism - controls
            ).min(),
            "You let each network choose its own control, after the fact. One control must serve all networks.": (
                lambda mechanism, controls: (mechanism - controls.max(0)).mean()
            ),
            "The sign is turned: a lead is what the mechanism has more than the control.": (
                lambda mechanism, controls: -_lead(mechanism, controls)
            ),
            "This is a ratio. Asked is the difference.": lambda mechanism, controls: (
                mechanism.mean() / controls.mean(1).max()
            ),
            "You return a lead for each control. Asked is the smallest.": lambda mechanism, controls: (
                mechanism - controls
            ).mean(1),
            "You return a lead for each network. Asked is the mean over networks.": lambda mechanism, controls: (
                mechanism - controls[controls.mean(1).argmax()]
            ),
            "This is the strongest control itself.": lambda mechanism, controls: controls.mean(1).max(),
            "You compare with the last control alone.": lambda mechanism, controls: (mechanism - controls[-1]).mean(),
        },
    ),
    "B.10": Function(
        _running,
        [
            {"position": _WALK, "seconds": 0.2, "slow": 0.1},
            {"position": _ROUND, "seconds": 0.5, "slow": 0.05},
            {"position": _rng.normal(size=(60, 2)).cumsum(0) / 50, "seconds": 0.1, "slow": 0.2},
        ],
        {
            "Rests are in it: leave the steps out that are slower than `slow`.": lambda position, seconds, slow: (
                _speeds(position, seconds).mean()
            ),
            "Rests count as 0 in your mean. They should not count at all.": lambda position, seconds, slow: (
                _speeds(position, seconds) * (_speeds(position, seconds) >= slow)
            ).mean(),
            "This is metres a step. Divide by the seconds of a step.": lambda position, seconds, slow: (
                _running(position, seconds, slow) * seconds
            ),
            "You multiplied by the seconds of a step. Divide.": lambda position, seconds, slow: (
                _running(position, seconds, slow) * seconds**2
            ),
            "You compared metres a step with `slow`, which is in metres a second.": lambda position, seconds, slow: (
                _running(position, 1.0, slow) / seconds if (_speeds(position, 1.0) >= slow).any() else 0.0
            ),
            "This is the way from the first place to the last. A round trip would have no speed.": (
                lambda position, seconds, slow: (
                    np.linalg.norm(position[-1] - position[0]) / seconds / (len(position) - 1)
                )
            ),
            "This is the median. Asked is the mean.": lambda position, seconds, slow: np.median(
                _speeds(position, seconds)[_speeds(position, seconds) >= slow]
            ),
            "You kept the rests, and left out the running.": lambda position, seconds, slow: _speeds(position, seconds)[
                _speeds(position, seconds) < slow
            ].mean(),
            "This is the share of steps in which it runs.": lambda position, seconds, slow: (
                _speeds(position, seconds) >= slow
            ).mean(),
            "You added along x and y. A way in the plane is the root of the sum of squares.": _city,
            "This is the highest speed.": lambda position, seconds, slow: _speeds(position, seconds).max(),
        },
        unit="m/s",
    ),
}
"""By name."""
