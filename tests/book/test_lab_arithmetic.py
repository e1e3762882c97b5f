"""The lab's arithmetic: good to the last digits, the same bits everywhere, compiled from the source beside it."""

import hashlib
import re
import shutil
import subprocess

import numpy as np
import pytest
import torch
from maze_engine import run_engine

from replaylib.dynamics._noise import StepNoise
from replaylib.explorer.maze_lab.source import COMPILE, ENGINE_FILES, FOLDER

ALLOWED = {"sqrt", "abs", "floor", "ceil", "round", "min", "max", "fround", "imul", "clz32", "PI"}
"""What every browser gives the same bits for, by the standard."""


def test_engine_uses_no_arithmetic_that_browsers_differ_in():
    for name in ENGINE_FILES:
        code = re.sub(r"//[^\n]*|/\*.*?\*/", "", (FOLDER / name).read_text(encoding="utf-8"), flags=re.DOTALL)
        assert set(re.findall(r"\bMath\.(\w+)", code)) <= ALLOWED, name
        for power in re.findall(r"[^\n]*\*\*[^\n]*", code):  # whole powers of whole numbers alone, and of big ones
            assert re.search(r"\b2 \*\* (?!-)|tried \*\* power", power), (name, power)
        assert not re.search(r"\bDate\b|crypto\.|toLocale", code), name


def test_functions_are_those_of_the_mathematical_library():
    data = {
        "exponential": [*np.linspace(-700, 700, 4001), 0.0, -0.0, 1e-9],
        "logarithm": [*np.geomspace(1e-300, 1e300, 4001), 1.0, 2.0, 0.5, 5e-324],
        "tanh": [*np.linspace(-22, 22, 4001), 1e-5, -1e-4, 2e-4, 1e-300],
        "cosine": list(np.linspace(-3000, 3000, 8001)),
        "sine": list(np.linspace(-30, 30, 4001)),
    }
    found = run_engine(
        "return Object.fromEntries(Object.entries(data).map(([name, all]) => [name, all.map(lab[name])]))", data
    )
    for name, numpy in {"exponential": "exp", "logarithm": "log", "tanh": "tanh"}.items():
        np.testing.assert_allclose(
            np.array(found[name], float), getattr(np, numpy)(data[name]), rtol=4e-15, atol=1e-300
        )
    np.testing.assert_allclose(found["cosine"], np.cos(data["cosine"]), rtol=0, atol=3e-13)
    np.testing.assert_allclose(found["sine"], np.sin(data["sine"]), rtol=0, atol=5e-15)


def test_functions_at_the_ends():
    found = run_engine("""return {
      exponential: [-709, -Infinity, 710, Infinity, NaN].map(lab.exponential),
      logarithm: [0, -1, Infinity, NaN].map(lab.logarithm), tanh: [-Infinity, -21, 0, 21, Infinity, NaN].map(lab.tanh),
      powers: [lab.wholePower(0.9, 0), lab.wholePower(0.9, 7), lab.wholePower(0.999, 1200)],
    }""")
    assert found["exponential"] == [0, 0, "Infinity", "Infinity", "NaN"]
    assert found["logarithm"] == ["-Infinity", "NaN", "Infinity", "NaN"]
    assert found["tanh"] == [-1, -1, 0, 1, 1, "NaN"]
    np.testing.assert_allclose(found["powers"], [1, 0.9**7, 0.999**1200], rtol=1e-13)


def test_sha256_is_the_standard():
    lengths = [0, 1, 3, 55, 56, 63, 64, 65, 119, 120, 1000, 70_000]
    body = "return data.map((n) => lab.sha256(Uint8Array.from({ length: n }, (_, i) => (i * 7 + 3) % 256)))"
    wanted = [hashlib.sha256(bytes((i * 7 + 3) % 256 for i in range(n))).hexdigest() for n in lengths]
    assert run_engine(body, lengths) == wanted


def test_random_streams_are_uniform_normal_and_apart():
    drawn = run_engine("""
      const draw = (kind, ...key) => { const random = new lab.Random(...key);
        return Array.from({ length: 40000 }, () => random[kind]()); };
      return [draw("uniform", "a", 0), draw("normal", "a", 0), draw("normal", "a", 1), draw("normal", "b", 0),
        draw("normal", "a", 0)];
    """)
    uniform, normal, seeded, named, again = (np.array(one) for one in drawn)
    assert uniform.min() > 0
    assert uniform.max() < 1
    assert abs(np.histogram(uniform, 20, (0, 1))[0] - 2000).max() < 5 * 2000**0.5
    assert (normal == again).all()
    for one in (normal, seeded, named):
        assert abs(one.mean()) < 4 / 200
        assert abs(one.var() - 1) < 4 * (2 / 40_000) ** 0.5
        assert abs((one**4).mean() - 3) < 4 * (96 / 40_000) ** 0.5
        assert abs(np.corrcoef(one[:-1], one[1:])[0, 1]) < 4 / 200
    assert abs(np.corrcoef([normal, seeded, named]) - np.eye(3)).max() < 4 / 200


LOOPS = """
const [rows, n, k] = [48, 32, 24];
const random = new lab.Random("test", 3);
const filled = (array) => { for (let i = 0; i < array.length; i += 1) array[i] = 3 * random.normal(); return array; };
const { workspace, simd } = lab.loadProducts({ plain: data.plain });
const { loops, take } = (() => { const one = workspace(40000);
  return { loops: one.loops, take: (count) => filled(one.take(count)) }; })();
const [a, b, c, d] = [take(rows * (n + 4)), take((n + 4) * k), take(rows * k), take((n + 4) * k)];
loops.multiply(rows, k, n + 4, a.byteOffset, n + 4, b.byteOffset, c.byteOffset, 0);
const first = Array.from(c);
loops.multiply(rows, k, n, a.byteOffset, n + 4, b.byteOffset, c.byteOffset, 1);
loops.multiplyTransposed(rows, k, n + 4, a.byteOffset, n + 4, c.byteOffset, d.byteOffset);
const [drive, state, next, noise] = [take(rows * n), take(rows * (n + 4)), take(rows * (n + 4)), take(rows * n)];
drive.set([NaN, Infinity, -Infinity, 0, -0, 9, -9, 1e-30]);
loops.advance(rows, n, drive.byteOffset, state.byteOffset, next.byteOffset, n + 4, noise.byteOffset, 0.3);
const [blame, carried] = [take(rows * n), take(rows * n)];
loops.retrace(rows * n, blame.byteOffset, drive.byteOffset, carried.byteOffset, 0.7);
const [words, even, odd] = [take(4096), take(4096), take(4096)];
loops.fillWords(4096, words.byteOffset, 0x9e3779b9 | 0);
loops.fillNoise(4096, words.byteOffset, -77, 0.3, even.byteOffset, odd.byteOffset);
const [xs, ys, active] = [take(400), take(400), take(400)];
xs.set([1e6, 0.1, 0.1]);
loops.encodePlace(400, xs.byteOffset, ys.byteOffset, 0.1, ys[1], -1 / 2, -1, active.byteOffset);
const squares = loops.sumOfSquares(400, xs.byteOffset);
const bits = (array) => new Uint32Array(array.buffer.slice(array.byteOffset, array.byteOffset + array.byteLength));
const arrays = { c, d, drive, next, blame, carried, words, even, odd, active };
return { simd, first, numbers: { a, b, xs, ys, active, squares },
  bits: Object.entries(arrays).map(([name, array]) => [name, ...bits(array)]), squares };
"""


def test_plain_loops_give_the_same_bits():
    compiled, plain = (run_engine(LOOPS, {"plain": plain}) for plain in (False, True))
    assert compiled["simd"]
    assert not plain["simd"]
    for one, other in zip(compiled["bits"], plain["bits"], strict=True):
        assert one == other, one[0]
    assert compiled["squares"] == plain["squares"]
    assert compiled["first"] == plain["first"]


def test_products_and_place_cells_are_right():
    found = run_engine(LOOPS, {"plain": False})
    a, b, xs, ys, active = (np.array(found["numbers"][name]) for name in ("a", "b", "xs", "ys", "active"))
    exact = a.reshape(48, 36) @ b.reshape(36, 24)
    np.testing.assert_allclose(np.array(found["first"]).reshape(48, 24), exact, rtol=0, atol=2e-5 * abs(exact).max())
    # Cells fall silent below e^-25, so that no numbers arise that are slow to reckon with.
    distance = (np.float32(0.1) - xs) ** 2 + (ys[1] - ys) ** 2
    np.testing.assert_allclose(active, -np.exp(-distance / 2) * (distance < 50), rtol=2e-6, atol=2e-11)
    np.testing.assert_allclose(found["squares"], (xs**2).sum(), rtol=1e-5)


@pytest.mark.parametrize("keys", [(1, 2), (0xFFFFFFFF, 0x80000000)])
def test_noise_is_that_of_the_package_to_the_last_bit(keys):
    body = """
    const settings = { ...lab.DEFAULTS, units: 32, noise: 0.3 };
    const { sequence } = new lab.Training(settings, lab.loadProducts());
    sequence.loops.fillWords(48 * 32, sequence.words.byteOffset, data[0]);
    return [0, 1, 2].flatMap((pair) => {
      sequence.drawNoise(lab.mix(pair ^ data[1]));
      return [Array.from(sequence.evenNoise), Array.from(sequence.oddNoise)];
    });
    """
    noise = StepNoise(0.3, torch.empty(48, 32), 6, torch.Generator())
    noise._word_key, noise._pair_key = keys
    assert run_engine(body, keys) == noise.fill_(torch.empty(6, 48, 32), 0).flatten(1).tolist()


def test_single_tanh_is_good_to_a_millionth():
    body = """
    const { workspace } = lab.loadProducts();
    const one = workspace(65536);
    const [x, still] = [one.take(8192), one.take(8192)];
    x.set(data);
    one.loops.advance(1, 8192, x.byteOffset, still.byteOffset, still.byteOffset, 8192, still.byteOffset, 0);
    return Array.from(x);
    """
    given = np.linspace(-10, 10, 8192).astype(np.float32)
    np.testing.assert_allclose(run_engine(body, given.tolist()), np.tanh(given.astype(float)), rtol=0, atol=5e-7)


def test_products_come_from_their_source(tmp_path):
    npx = shutil.which("npx")
    if npx is None:
        pytest.skip("the compiler of the products is fetched by npx, which is not here")
    compiled = tmp_path / "products.wasm"
    command = [npx, *COMPILE, str(FOLDER / "products.ts"), "--outFile", str(compiled)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    if not compiled.exists() and re.search(r"ENOTFOUND|ECONN|EAI_AGAIN|ETIMEDOUT|E404|network", done.stderr):
        pytest.skip("the compiler of the products could not be fetched")
    assert compiled.read_bytes() == (FOLDER / "products.wasm").read_bytes(), done.stderr
    # Browsers compile at once, without a promise, what is smaller than this.
    assert compiled.stat().st_size < 4096
