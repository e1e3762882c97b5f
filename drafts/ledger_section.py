md(r"""
## What ten networks say

One network is a story. The claim C13 was written down, with what decides it, before any of its networks was asked. It has ten networks on each of the four tracks, and is judged as all claims are ([chapter 10](10_does_it_replicate.ipynb)).
""")
code(r"""
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
exec(open("drafts/ledger_text.py").read())
