"""The compiled loops: noise, nonlinearity and update in one place, for training and for replay.

They are the twins of the readable step in rule.py and of the readable loop in networks/_sequence.py, and are tested
against both on the same noise. All of them stand in this one file, because Numba's cache of machine code looks at no
other: functions taken from a second file would go on running after an edit of it.

Arrays come from PyTorch, which puts them at multiples of 64 bytes: products into others take up to twice as long.
"""

import math
from collections.abc import Callable
from typing import Any, no_type_check

import numba
import numpy as np
from numba import float32, int32, uint32

EXACT_TANH, TANH, RELU = range(3)
"""Nonlinearities: the mathematical library's tanh, the rational one for float32, and max(x, 0)."""

SATURATION = 8.0
"""Where tanh is 1 in float32."""

NUMERATOR = (0.9999999699836235, 0.1343819128471823, 3.564156316652217e-3, 2.1773249747855768e-5, 1.50618166649842e-8)
DENOMINATOR = (1.0, 0.4677151206053889, 2.6136016365519772e-2, 3.399179736701304e-4, 8.453664345046185e-7)
"""tanh x = x P(x^2)/Q(x^2) up to SATURATION: minimax by Lawson's weights, error 6e-9, in float32 4e-7."""

MANTISSA_BITS = 23
MANTISSA = (1 << MANTISSA_BITS) - 1
ROOT_HALF_BITS = int(np.float32(0.5**0.5).view(np.int32))


def kind_of(nonlinearity: str, single: bool) -> int:
    """The number of a nonlinearity; ``single`` where numbers are float32."""
    if nonlinearity == "relu":
        return RELU
    return TANH if single else EXACT_TANH


def compiled(fused: bool = True) -> Callable[[Callable[..., Any]], Any]:
    """Compile a function, and keep its machine code where a folder can be written.

    fused: whether a product and a sum may be rounded once; noise must not, to be the same on every machine.
    """
    options: Any = {"error_model": "numpy", "fastmath": {"contract"} if fused else False}

    def decorate(function: Callable[..., Any]) -> Any:
        try:
            return numba.njit(cache=True, **options)(function)
        except RuntimeError:  # no folder for the cache can be written: compile in each process
            return numba.njit(**options)(function)

    return decorate


@numba.njit(inline="always")
@no_type_check
def _mix(word: Any) -> Any:
    """A uint32 whose every bit depends on every bit of ``word``."""
    word = uint32(uint32(word ^ uint32(word >> 16)) * uint32(0x85EBCA6B))
    word = uint32(uint32(word ^ uint32(word >> 13)) * uint32(0xC2B2AE35))
    return uint32(word ^ uint32(word >> 16))


@numba.njit(inline="always")
@no_type_check
def _minus_log(count: Any) -> Any:
    """-log(count / 2^24) of a whole number up to 2^24: the exponent, and 2 artanh((1 - m)/(1 + m)) of its mantissa."""
    shifted = int32(np.float32(count).view(np.int32) - int32(ROOT_HALF_BITS))
    exponent = float32(int32(24) - (shifted >> int32(MANTISSA_BITS)))
    mantissa = np.int32((shifted & int32(MANTISSA)) + int32(ROOT_HALF_BITS)).view(np.float32)
    s = float32((float32(1) - mantissa) / (float32(1) + mantissa))
    z = float32(s * s)
    series = float32(2) + z * (float32(2 / 3) + z * (float32(2 / 5) + z * (float32(2 / 7) + z * float32(2 / 9))))
    return exponent * float32(math.log(2)) + s * series


@numba.njit(inline="always")
@no_type_check
def _pair(first: Any, scale: Any) -> Any:
    """Two independent normal numbers from a well mixed uint32 word; none lies beyond 5.77 standard deviations."""
    # A single product is enough to part the direction from the radius, which takes other bits.
    second = uint32(uint32(first ^ uint32(first >> 15)) * uint32(0x2C1B3C6D))
    # A uniform number in (0, 1] with 24 bits gives the radius; an angle in a quadrant and two signs the direction.
    minus_log = _minus_log(float32(int32(first >> 8) + int32(1)))
    radius = float32(math.sqrt(max(minus_log, float32(0)))) * scale
    angle = float32(int32(second) >> int32(2)) * float32(2.0**-30 * math.pi / 2)
    z = float32(angle * angle)
    sine = angle * (float32(1) - z * (float32(1 / 6) - z * (float32(1 / 120) - z * float32(1 / 5040))))
    cosine = float32(1 / 2) - z * (float32(1 / 24) - z * (float32(1 / 720) - z * float32(1 / 40320)))
    cosine = float32(1) - z * cosine
    first_sign, second_sign = uint32(second << 31), uint32(second << 30) & uint32(0x80000000)
    across = np.int32(np.float32(cosine - sine).view(np.int32) ^ int32(first_sign)).view(np.float32)
    along = np.int32(np.float32(cosine + sine).view(np.int32) ^ int32(second_sign)).view(np.float32)
    return radius * across, radius * along


@compiled(fused=False)
@no_type_check
def fill_words(words: Any, key: Any) -> None:
    """Give each path and unit, [batch * n], a well mixed uint32 word of its own."""
    for i in range(words.size):
        words[i] = _mix(uint32(uint32(i) ^ key))


@compiled(fused=False)
@no_type_check
def _fill_two(first_row: Any, second_row: Any, words: Any, key: Any, scale: Any) -> None:
    for i in range(words.size):
        first_row[i], second_row[i] = _pair(_mix(uint32(words[i] + key)), scale)


@compiled(fused=False)
@no_type_check
def fill_noise(rows: Any, step: Any, noise: Any) -> None:
    """Write the noise of the steps from ``step`` on to ``rows``, [steps, batch * n]; ``noise``: words, key, scale.

    Steps 2k and 2k + 1 share their words: where only one of them is wanted, the other is drawn and dropped.
    """
    words, key, scale = noise
    if scale == 0:
        rows[:] = 0
        return
    dropped = np.empty(words.size if step % 2 or (step + len(rows)) % 2 else 0, rows.dtype)
    for pair in range(step // 2, (step + len(rows) + 1) // 2):
        pair_key = _mix(uint32(uint32(pair) ^ key))
        even = 2 * pair - step
        first_row = rows[even] if even >= 0 else dropped
        second_row = rows[even + 1] if even + 1 < len(rows) else dropped
        _fill_two(first_row, second_row, words, pair_key, scale)


@compiled()
@no_type_check
def _rational_tanh(x: Any) -> None:
    for i in range(x.size):
        y = x[i]
        y = float32(SATURATION) if y > float32(SATURATION) else y  # so written, what is no number stays none
        y = float32(-SATURATION) if y < float32(-SATURATION) else y
        z = y * y
        above = float32(NUMERATOR[3]) + z * float32(NUMERATOR[4])
        above = float32(NUMERATOR[0]) + z * (float32(NUMERATOR[1]) + z * (float32(NUMERATOR[2]) + z * above))
        below = float32(DENOMINATOR[3]) + z * float32(DENOMINATOR[4])
        below = float32(DENOMINATOR[0]) + z * (float32(DENOMINATOR[1]) + z * (float32(DENOMINATOR[2]) + z * below))
        x[i] = y * above / below


@compiled()
@no_type_check
def activate(x: Any, kind: Any) -> None:
    """Apply the nonlinearity ``kind`` to the vector ``x``, in place."""
    if kind == TANH:
        _rational_tanh(x)
    elif kind == EXACT_TANH:
        for i in range(x.size):
            x[i] = math.tanh(x[i])
    else:
        for i in range(x.size):
            x[i] = x[i] * 0 if x[i] <= 0 else x[i]


@compiled()
@no_type_check
def _listen(currents: Any, velocity: Any, weights: Any, bias: Any) -> None:
    """Add U u + b to ``currents``, [batch, n]; ``velocity`` is [batch, 2] and ``weights`` U' [2, n]."""
    for i in range(len(currents)):
        row, x, y = currents[i], velocity[i, 0], velocity[i, 1]
        for j in range(row.size):
            row[j] += x * weights[0, j] + y * weights[1, j] + bias[j]


@compiled()
@no_type_check
def _move(following: Any, hidden: Any, activity: Any, leak: Any) -> None:
    """h' = h + f - leak h + noise; ``following`` holds the noise."""
    for i in range(following.size):
        following[i] = hidden[i] + (following[i] + activity[i] - leak[i] * hidden[i])


@compiled()
@no_type_check
def awake_forward(states: Any, activity: Any, velocity: Any, weights: Any, noise: Any, kind: Any) -> None:
    """Fill ``states[1:]``, [steps + 1, batch, n], and ``activity``, [steps or 1, batch, n], from ``states[0]``.

    weights: W' [n, n], U' [2, n], b [n], and the leak for each path and unit [batch * n].
    """
    recurrent, inputs, bias, leak = weights
    steps = len(velocity)
    flat = states.reshape(steps + 1, leak.size)
    for t in range(steps):
        if t % 2 == 0:
            fill_noise(flat[t + 1 : t + 3], t, noise)
        now = activity[t % len(activity)]
        np.dot(states[t], recurrent, now)
        _listen(now, velocity[t], inputs, bias)
        vector = now.reshape(leak.size)
        activate(vector, kind)
        _move(flat[t + 1], flat[t], vector, leak)


@compiled()
@no_type_check
def _retrace(blame: Any, total: Any, returned: Any, activity: Any, leak: Any, kind: Any) -> None:
    """One step of the gradient, in place: ``total`` of the state, and ``blame`` of the input of the nonlinearity."""
    if kind == RELU:
        for i in range(blame.size):
            total[i] += blame[i] - leak[i] * total[i] + returned[i]
            blame[i] = total[i] if activity[i] > 0 else total[i] * 0
    else:
        for i in range(blame.size):
            total[i] += blame[i] - leak[i] * total[i] + returned[i]
            blame[i] = total[i] * (1 - activity[i] * activity[i])


@compiled()
@no_type_check
def _gather(sums: Any, total: Any, hidden: Any) -> None:
    """Take total * hidden, [batch, n], off ``sums``, [n]."""
    for i in range(len(total)):
        row, other = total[i], hidden[i]
        for j in range(sums.size):
            sums[j] -= row[j] * other[j]


@compiled()
@no_type_check
def awake_backward(blame: Any, path: Any, weights: Any, room: Any, sums: Any, kind: Any) -> None:
    """Turn ``blame``, the gradient of states 1 to ``steps``, into that of the inputs of the nonlinearity, in place.

    path: states and activity of awake_forward. weights: W [n, n], and the leak for each path and unit [batch * n].
    room: two matrices [batch, n], the first of which ends as the gradient of state 0.
    sums: zeros, float64 [n], become the gradient of the leak; empty where nobody asks.
    """
    (states, activity), (recurrent, leak), (total, returned) = path, weights, room
    total[:] = 0
    returned[:] = 0
    flat_total, flat_returned = total.reshape(leak.size), returned.reshape(leak.size)
    for t in range(len(blame) - 1, -1, -1):
        vector = blame[t].reshape(leak.size)
        _retrace(vector, flat_total, flat_returned, activity[t].reshape(leak.size), leak, kind)
        if sums.size:
            _gather(sums, total, states[t])
        np.dot(blame[t], recurrent, returned)
    for i in range(leak.size):
        flat_total[i] += flat_returned[i] - leak[i] * flat_total[i]


@compiled()
@no_type_check
def _move_on(following: Any, hidden: Any, activity: Any, leak: Any, memory: Any, factors: Any) -> None:
    """v' = momentum v + f - leak h - a + noise;  a' = fading a + taken h;  h' = h + v'.

    ``following`` holds the noise; ``outside`` is 1 where a is taken off here.
    """
    (velocity, adaptation), (momentum, fading, taken, outside) = memory, factors
    for i in range(following.size):
        change = following[i] + activity[i] - leak[i] * hidden[i]
        change += momentum * velocity[i] - outside * adaptation[i]
        adaptation[i] = fading * adaptation[i] + taken * hidden[i]
        velocity[i] = change
        following[i] = hidden[i] + change


@compiled()
@no_type_check
def _add_bias(currents: Any, bias: Any, adaptation: Any, inside: Any) -> None:
    for i in range(len(currents)):
        row = currents[i]
        for j in range(row.size):
            row[j] += bias[j]
    if inside:
        vector = currents.reshape(adaptation.size)
        for i in range(vector.size):
            vector[i] -= adaptation[i]


@compiled()
@no_type_check
def replay_steps(states: Any, activity: Any, weights: Any, memory: Any, noise: Any, when: Any) -> None:
    """Fill ``states[1:]``, [steps + 1, batch, n], from ``states[0]`` by the rule of rule.py; ``activity`` is room.

    weights: W' [n, n], b [n], leak for each path and unit [batch * n]. memory: velocity and adaptation,
    [batch * n], kept up to date, and the factors of _move_on. when: the number of the first step, the nonlinearity,
    whether all memory is off, and whether adaptation acts inside the nonlinearity.
    """
    (recurrent, bias, leak), (step, kind, plain, inside) = weights, when
    (velocity, adaptation), factors = memory
    steps = len(states) - 1
    flat = states.reshape(steps + 1, leak.size)
    vector = activity.reshape(leak.size)
    for t in range(steps):
        if t == 0 or (step + t) % 2 == 0:
            fill_noise(flat[t + 1 : t + 3 - (step + t) % 2], step + t, noise)
        np.dot(states[t], recurrent, activity)
        _add_bias(activity, bias, adaptation, inside)
        activate(vector, kind)
        if plain:
            _move(flat[t + 1], flat[t], vector, leak)
        else:
            _move_on(flat[t + 1], flat[t], vector, leak, (velocity, adaptation), factors)
