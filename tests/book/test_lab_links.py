"""The lab's settings and links: what goes out comes back, and what can not be used is said in one sentence."""

import json
import time

import numpy as np
import pytest
from maze_engine import run_engine

HASHES = """
return data.map((hash) => {
  const before = performance.now();
  const { settings, sentence } = lab.fromHash(hash);
  return { settings, sentence, took: performance.now() - before };
});
"""

DEFAULTS = {
    "maze": "triangle",
    "drawn": None,
    "leak": 0.5,
    "noise": 0.1,
    "pauses": True,
    "symmetric": True,
    "units": 64,
    "seed": 0,
    "iterations": 1200,
}

BACK_AND_FORTH = """
return data.map((settings) => {
  const hash = lab.toHash(settings);
  return { hash, length: hash.length, found: lab.fromHash(`#${hash}`), encoded: lab.fromHash(encodeURI(hash)) };
});
"""


def drawn_mazes():
    """Drawn mazes whose coordinates have all digits, a large one, and a box."""
    numbers = np.random.default_rng(3)
    for corners in (2, 4, 6):
        places = numbers.uniform(-1.5, 1.5, (corners, 2)).tolist()
        places[0] = [-1.5, 1e-7]
        yield {"vertices": places, "edges": [[index, index + 1] for index in range(corners - 1)]}
    teeth = [[-1.5 + 0.09375 * index, 0.05 * (index % 2)] for index in range(33)]
    yield {"vertices": teeth, "edges": [[index, index + 1] for index in range(32)]}
    yield {"box": [1.2, 2.3456789012345678]}


def test_the_lab_begins_with_its_defaults():
    assert run_engine("return lab.DEFAULTS") == DEFAULTS
    for answer in run_engine(HASHES, ["", "#", "#the-maze-lab", "section-2", "task=rat&friction=0.3"]):
        assert answer["settings"] == DEFAULTS
        assert answer["sentence"] == ""


def test_links_carry_every_setting_exactly():
    numbers = np.random.default_rng(0)
    given = []
    for drawn in [*drawn_mazes(), None, None]:
        maze = "drawn" if drawn else str(numbers.choice(["ring", "box"]))
        leak, noise = numbers.uniform(0, 1, 2).tolist()
        changes = {"pauses": bool(numbers.integers(2)), "symmetric": bool(numbers.integers(2))}
        whole = {"units": int(numbers.choice([32, 48, 96, 128])), "seed": int(numbers.integers(1_000_000))}
        given.append({"maze": maze, "drawn": drawn, "leak": leak, "noise": noise, **changes, **whole, "iterations": 7})
    for settings, answer in zip(given, run_engine(BACK_AND_FORTH, given), strict=True):
        assert answer["found"] == {"settings": settings, "sentence": ""}
        assert answer["encoded"] == answer["found"]
        assert set(answer["hash"]) <= set("abcdefghijklmnopqrstuvwxyz0123456789=&;,.-+")
        assert answer["length"] < 4000


WRONG = {
    "lab=1&maze=castle": "The maze must be one of triangle, t-maze, ring, figure-of-eight, plus, h-maze, box or drawn, "
    'but "castle" came.',
    "lab=1&maze=__proto__": "The maze must be one of",
    "lab=1&maze=constructor": "The maze must be one of",
    "lab=1&__proto__=1": 'The link names "__proto__", which the lab does not know.',
    "lab=1&constructor=1": 'The link names "constructor", which the lab does not know.',
    "lab=1&toString": 'The link names "toString", which the lab does not know.',
    "lab=2&maze=ring": 'The link must be of version 1 of the lab, but "2" came.',
    "lab=": "The link must be of version 1 of the lab",
    "lab=1&seed=1&seed=2": 'The link names "seed" twice.',
    "lab=1&seed=-1": "The seed must be a whole number from 0 to 999999, but -1 came.",
    "lab=1&seed=0.5": "The seed must be a whole number from 0 to 999999, but 0.5 came.",
    "lab=1&seed=0x10": 'The seed must be a whole number from 0 to 999999, but "0x10" came.',
    "lab=1&seed=": 'The seed must be a whole number from 0 to 999999, but "" came.',
    "lab=1&leak=NaN": 'The leak must be a number from 0 to 1, but "NaN" came.',
    "lab=1&leak=Infinity": 'The leak must be a number from 0 to 1, but "Infinity" came.',
    "lab=1&leak=1e999": "The leak must be a number from 0 to 1, but Infinity came.",
    "lab=1&noise=1.01": "The noise must be a number from 0 to 1, but 1.01 came.",
    "lab=1&units=65": "The number of units must be one of 32, 48, 64, 96, 128, but 65 came.",
    "lab=1&units=64,64": "The number of units must be one of 32, 48, 64, 96, 128, but",
    "lab=1&iterations=1e9": "The iterations must be a whole number from 1 to 10000, but 1000000000 came.",
    "lab=1&pauses=maybe": 'The setting "pauses" must be yes or no, but "maybe" came.',
    "lab=1&symmetric=": 'The setting "symmetric" must be yes or no, but "" came.',
    "lab=1&maze=drawn": "A drawn maze was expected, but null came.",
    "lab=1&maze=drawn&corners=0,0;1,1": "A maze needs a list of lines, but undefined came.",
    "lab=1&maze=drawn&lines=0-1": "A maze needs a list of corners, but undefined came.",
    "lab=1&maze=drawn&corners=&lines=": "A maze needs at least one line between two corners, but there is none yet.",
    "lab=1&maze=drawn&corners=0,0;NaN,1&lines=0-1": "Corner 2 must be two numbers from -2 to 2 m, but NaN, 1 came.",
    "lab=1&maze=drawn&corners=0,0;1e4,1&lines=0-1": "Corner 2 must be two numbers from -2 to 2 m, but 10000, 1 came.",
    "lab=1&maze=drawn&corners=0,0;1&lines=0-1": "Corner 2 must be two numbers from -2 to 2 m, but a list of 1 came.",
    "lab=1&maze=drawn&corners=0,0;1,1&lines=0-7": "Line 1 must join two of the 2 corners, but 0, 7 came.",
    "lab=1&maze=drawn&corners=0,0;1,1&lines=0--1": "Line 1 must join two of the 2 corners, but a list of 3 came.",
    "lab=1&maze=drawn&corners=0,0;1,1&lines=0-1-2": "Line 1 must join two of the 2 corners, but a list of 3 came.",
    "lab=1&maze=drawn&corners=0,0;0.1,0.1&lines=0-1": "The lines must be 1 to 16 m long in all, but they are 0.14 m.",
    "lab=1&maze=drawn&box=1": "A box must be 0.8 to 3.2 m wide and high, but a list of 1 came.",
    "lab=1&maze=drawn&box=1,99": "A box must be 0.8 to 3.2 m wide and high, but 1 by 99 came.",
    "lab=1&maze=%E0%A4%A": 'The link holds "%E0%A4%A", which is not written as links are.',
    "lab=1&%=1": 'The link holds "%", which is not written as links are.',
    "lab=1&maze=ring%00": "The maze must be one of",
}


def test_hostile_links_are_refused_in_one_sentence():
    for (link, sentence), answer in zip(WRONG.items(), run_engine(HASHES, list(WRONG)), strict=True):
        assert answer["settings"] == DEFAULTS, link
        assert answer["sentence"].startswith(sentence), (link, answer["sentence"])
        assert answer["sentence"].endswith(". The lab begins with its defaults."), link
        assert len(answer["sentence"]) < 250


def test_huge_links_take_no_time():
    many = ";".join(f"{0.0001 * index:.4f},0" for index in range(10_000))
    links = [
        "lab=1&maze=" + "a" * 1_000_000,
        "lab=1&" + "a=1&" * 250_000,
        "lab=1&seed=" + "9" * 7900 + "x",
        "lab=1" + "&" * 7900,
        "lab=1&maze=drawn&corners=" + many,
        "lab=1&maze=drawn&corners=" + ";" * 7900 + "&lines=",
        "lab=1&maze=drawn&corners=0,0;1,1&lines=" + "0-1;" * 1900,
        "%" * 1_000_000,
    ]
    before = time.monotonic()
    answers = run_engine(HASHES, links)
    assert time.monotonic() - before < 20
    for answer in answers:
        assert answer["settings"] == DEFAULTS
        assert answer["took"] < 500
        assert len(answer["sentence"]) < 250
    assert [bool(answer["sentence"]) for answer in answers] == [True] * 3 + [False] + [True] * 3 + [False]
    assert answers[0]["sentence"].startswith("A link can have at most 8000 characters, but 1000011 came.")


CHECKED = """
return data.map((text) => {
  try {
    return { settings: lab.checkSettings(JSON.parse(text)) };
  } catch (error) {
    if (!(error instanceof lab.MazeError)) throw error;
    return { error: error.message };
  }
});
"""


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (None, "Settings were expected, but null came."),
        (7, "Settings were expected, but 7 came."),
        ({"maze": ["triangle"]}, "The maze must be one of"),
        ({"maze": {}}, "The maze must be one of"),
        ({"seed": "3"}, "The seed must be a whole number"),
        ({"pauses": 1}, 'The setting "pauses" must be yes or no, but 1 came.'),
        ({"maze": "drawn", "drawn": {"vertices": {"length": 3}, "edges": []}}, "A maze needs a list of corners"),
        ({"maze": "drawn", "drawn": []}, "A maze needs a list of corners, but undefined came."),
        ({"maze": "drawn", "drawn": {"vertices": [[0, 0], [1, "1"]], "edges": [[0, 1]]}}, "Corner 2 must be"),
        ({"maze": "drawn", "drawn": {"vertices": [[0, 0], [1, 1]], "edges": [[0, 0.5]]}}, "Line 1 must join"),
    ],
)
def test_settings_of_any_kind_are_checked(given, sentence):
    (answer,) = run_engine(CHECKED, [json.dumps(given)])
    assert answer["error"].startswith(sentence), answer


def test_settings_keep_nothing_that_is_not_theirs():
    drawn = {"vertices": [[0, 0], [1, 1]], "edges": [[0, 1]], "more": "x" * 100}
    text = json.dumps({"__proto__": {"seed": 5}, "constructor": 1, "maze": "drawn", "drawn": drawn})
    (answer,) = run_engine(CHECKED, [text])
    kept = {"vertices": [[0, 0], [1, 1]], "edges": [[0, 1]]}
    assert answer["settings"] == {**DEFAULTS, "maze": "drawn", "drawn": kept}
