md(r"""
## What ten networks say

One network is a story. The claim C13 was written down, with what decides it, before any of its networks was asked. It has ten networks on each of the four tracks, and is judged as all claims are ([chapter 10](10_does_it_replicate.ipynb)). An effect is a difference of areas; the last panel does not decide.
""")
code(r"""
from replaylib.ledger import Ledger

ledger = Ledger()
tracks = ("triangle", "t-maze", "triangle-cells", "t-maze-cells")
titles = {
    "momentum_alone": "momentum alone - plain",
    "order_helps": "both - the same shuffled",
    "both_over_adaptation": "both - adaptation alone",
    "uniform_over_both": "random - both",
    "uniform_over_both_short": "random - both, events of 30",
    "both_over_independent": "both - draws of its law",
}
figures.forest(ledger, "C13", titles, tracks);
""", alt="@FOREST@")
code("ledger.freshness()", ["remove-input"])
code(r"""
ledger.say(
    "On the triangle with place cells the dream with both learns "
    "{C13/triangle-cells/both_over_plain} more of the states than plain replay, "
    "{C13/triangle-cells/order_helps} more than the same shuffled, and "
    "{C13/triangle-cells/both_over_adaptation} more than adaptation alone. "
    "States at random beat it by {C13/t-maze-cells/uniform_over_both} on the T-maze "
    "with place cells, and in events of 30 steps by "
    "{C13/triangle-cells/uniform_over_both_short} and "
    "{C13/t-maze-cells/uniform_over_both_short} on the two. Momentum alone adds "
    "{C13/triangle-cells/momentum_alone} there, and with coordinates "
    "{C13/triangle/momentum_alone} and {C13/t-maze/momentum_alone}."
)
""")
code(r"""
# NBVAL_CHECK_OUTPUT
print({task: ledger.row("C13", task)["verdict"] for task in tracks})
""", ["keep_output"])
md(r"""@VERDICTS@""")
SUMMARY = """- Ten networks on each track: @LEDGER_SUMMARY@
- Ask for controls: the same states shuffled, and the same law one by one. They tell order, law and clumps apart."""
