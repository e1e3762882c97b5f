"""What can not be trained, however it is drawn, is said in one sentence and at once."""

from maze_engine import run_engine

HOSTILE = [
    ("null", "A drawn maze was expected, but null came."),
    ("7", "A drawn maze was expected, but 7 came."),
    ("{}", "A maze needs a list of corners, but undefined came."),
    ("{ vertices: 'abc', edges: [] }", 'A maze needs a list of corners, but "abc" came.'),
    ("{ vertices: { length: 4 }, edges: [] }", "A maze needs a list of corners, but a thing of another kind (object)"),
    ("{ vertices: [], edges: [] }", "A maze needs at least one line between two corners, but there is none yet."),
    ("{ vertices: [[0, 0], [1, 0]], edges: [] }", "A maze needs at least one line between two corners, but"),
    ("{ vertices: [[0, 0], [1, 0]], edges: [[0, 0]] }", "A maze needs at least one line between two corners, but"),
    ("{ vertices: [[0, 0], [NaN, 0]], edges: [[0, 1]] }", "Corner 2 must be two numbers from -2 to 2 m, but NaN, 0"),
    (
        "{ vertices: [[0, Infinity], [1, 0]], edges: [[0, 1]] }",
        "Corner 1 must be two numbers from -2 to 2 m, but 0, Inf",
    ),
    ("{ vertices: [[0, 0], [2.1, 0]], edges: [[0, 1]] }", "Corner 2 must be two numbers from -2 to 2 m, but 2.1, 0"),
    (
        "{ vertices: [[0, 0, 0], [1, 0]], edges: [[0, 1]] }",
        "Corner 1 must be two numbers from -2 to 2 m, but a list of 3",
    ),
    ("{ vertices: [[0, 0], [1, 0]], edges: [[0, 2]] }", "Line 1 must join two of the 2 corners, but 0, 2 came."),
    ("{ vertices: [[0, 0], [1, 0]], edges: [[0, -1]] }", "Line 1 must join two of the 2 corners, but 0, -1 came."),
    ("{ vertices: [[0, 0], [1, 0]], edges: [[0, NaN]] }", "Line 1 must join two of the 2 corners, but 0, NaN came."),
    ("{ vertices: [[0, 0], [1, 0]], edges: [[0, '__proto__']] }", "Line 1 must join two of the 2 corners, but 0,"),
    ("{ vertices: [[0, 0], [0.9, 0]], edges: [[0, 1]] }", "The lines must be 1 to 16 m long in all, but they are 0.90"),
    (
        "{ vertices: [[0, 0], [1, 0], [0, 1], [1, 1]], edges: [[0, 1], [2, 3]] }",
        "All lines must hang together, but they are in 2 parts: join them.",
    ),
    (
        "{ vertices: Array.from({ length: 10000 }, (_, i) => [i / 10000, 0]), edges: [[0, 1]] }",
        "A maze can have at most 64 corners, but 10000 came.",
    ),
    (
        "{ vertices: [[0, 0], [1, 0]], edges: Array.from({ length: 10000 }, () => [0, 1]) }",
        "A maze can have at most 96 lines, but 10000 came.",
    ),
    (
        "{ vertices: Array.from({ length: 64 }, (_, i) => [i % 2 ? 1.5 : -1.5, (i * 37 % 64) / 40 - 0.8]),"
        " edges: Array.from({ length: 63 }, (_, i) => [i, i + 1]) }",
        "The lines cross too often: they make more than 200 pieces.",
    ),
    (  # a grid of 192 corners, and 312 pieces
        "{ vertices: Array.from({ length: 24 }, (_, i) => (i < 12 ? [[i / 8 - 0.7, -0.8], [i / 8 - 0.7, 0.8]]"
        " : [[-0.8, i / 8 - 2.2], [0.8, i / 8 - 2.2]])).flat(),"
        " edges: Array.from({ length: 24 }, (_, i) => [2 * i, 2 * i + 1]) }",
        "The lines cross too often: they make more than 200 pieces.",
    ),
    ("{ vertices: [[0, 0], [1, 0], [1, 0.5], [0, -0.5]], edges: [[0, 1], [1, 2], [2, 3]] }", ""),
]


def test_what_can_not_be_trained_is_said_in_one_sentence():
    """Whatever is drawn, there is a maze or one sentence, and at once."""
    script = (
        f"return [{', '.join(given for given, _ in HOSTILE)}].map((drawn) => {{"
        + """
      const before = performance.now();
      try {
        const { maze } = lab.untangle(drawn);
        return { error: "", took: performance.now() - before, count: maze.edges.length };
      } catch (error) {
        if (!(error instanceof lab.MazeError)) throw error;
        return { error: error.message, took: performance.now() - before };
      }
    });
    """
    )
    for (given, sentence), answer in zip(HOSTILE, run_engine(script), strict=True):
        assert answer["error"].startswith(sentence), given
        assert bool(answer["error"]) == bool(sentence)
        assert answer["took"] < 1000


def test_boxes_are_checked():
    script = """
    const boxes = [[1, 1], [0.8, 3.2], [0.7, 1], [1, 3.3], [1], [1, NaN], "1,1", [1, "1"], [1, 1, 1], {}, true];
    return boxes.map((box) => {
      try { return lab.check({ box }) && ""; } catch (error) { return error instanceof lab.MazeError && error.message; }
    });
    """
    found = run_engine(script)
    assert found[:2] == ["", ""]
    assert found[2] == "A box must be 0.8 to 3.2 m wide and high, but 0.7 by 1 came."
    assert all(str(one).startswith("A box must be 0.8 to 3.2 m wide and high, but ") for one in found[2:])
