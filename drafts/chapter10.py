"""Adds C13 to chapter 10, README, teaching and tests; the words on verdicts come from drafts/words.json."""
import json
W = json.load(open("drafts/words.json"))
def sub(p, *pairs):
    s = open(p, encoding="utf-8").read()
    for a, b in pairs:
        assert a in s, (p, a[:60]); s = s.replace(a, b)
    open(p, "w", encoding="utf-8").write(s)
p = "chapters/10_does_it_replicate.ipynb"
nb = json.load(open(p))
def edit(old, new):
    hit = [c for c in nb["cells"] if old in "".join(c["source"])]
    assert hit, old
    for c in hit:
        c["source"] = "".join(c["source"]).replace(old, new).splitlines(keepends=True)
edit("takes twelve claims to six tasks and ten networks each", "takes thirteen claims to up to six tasks, with ten networks on each")
edit("four are our own", "five are our own")
edit("Here are the twelve claims.", "Here are the thirteen claims.")
edit("On how many of the six will a claim **hold**", "(C13 is asked of the first four only.) On how many of the six will a claim **hold**")
edit("Have you written down your twelve numbers?", "Have you written down your thirteen numbers?")
edit("## Choices, and the law of speed: C10 to C12", "## Choices, the law of speed, and a use: C10 to C13")
edit("reading 38 minutes", "reading 39 minutes")
edit("- Of our own choices symmetric weights matter most (C10).", "- Of our own choices symmetric weights matter most (C10).\n" + W["summary10"])
at = next(i for i, c in enumerate(nb["cells"]) if "".join(c["source"]).startswith("## Make it again"))
md = lambda t: {"cell_type": "markdown", "id": "", "metadata": {}, "source": t.splitlines(keepends=True)}
code = '''figures.claim_block(
    ledger,
    "C13",
    ledger.say(
        "Both, minus the same shuffled in time: {C13/triangle-cells/order_helps} of the "
        "states on the triangle and {C13/t-maze-cells/order_helps} on the T-maze, with "
        "place cells. States at random minus both, on the T-mazes: "
        "{C13/t-maze-cells/uniform_over_both} with place cells and "
        "{C13/t-maze/uniform_over_both} with coordinates; in events of 30 steps on "
        "the triangles {C13/triangle-cells/uniform_over_both_short} and "
        "{C13/triangle/uniform_over_both_short}. Prioritised sweeping is "
        "{C13/t-maze-cells/sweeping_over_uniform} above states at random."
    ),
)'''
assert max(map(len, code.splitlines())) <= 88
block = {"cell_type": "code", "execution_count": None, "id": "", "metadata": {"mystnb": {"image": {"alt": W["alt10"]}}, "tags": ["remove-input"]}, "outputs": [], "source": code.splitlines(keepends=True)}
nb["cells"][at:at] = [md("### C13. What a dream is good for\n\nA learner knows a maze and where its reward lies, and makes one backup of each state that a dream, or another supplier, names. An effect is the difference between two suppliers in the share of states that are learnt, in the mean over 1000 steps ([chapter 11](11_what_for.ipynb))."), block, md(W["told10"])]
for i, c in enumerate(nb["cells"]): c["id"] = str(i)
open(p, "w").write(json.dumps(nb, indent=1, ensure_ascii=False) + "\n")
sub("chapters/teaching/10_does_it_replicate.yml", ('"Choices, and the law of speed: C10 to C12": 4', '"Choices, the law of speed, and a use: C10 to C13": 5'), ('"Choices, and the law of speed: C10 to C12"', '"Choices, the law of speed, and a use: C10 to C13"'))
sub("README.md", ("twelve claims on six tasks, ten networks each", "thirteen claims on up to six tasks, ten networks each"))
sub("tests/book/test_ledger_text.py", ('"09", "10")', '"09", "10", "11")'))
sub("chapters/teaching/11_what_for.yml", ('  "What predicts a good supplier?": 3\n', '  What ten networks say: 6\n  "What predicts a good supplier?": 3\n'), ('  - exercise: "11.5"\n', '  - exercise: "11.5"\n  - section: What ten networks say\n'))
