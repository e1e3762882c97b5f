import json
from pathlib import Path
ROOT = Path(".")
src = json.load(open(ROOT/"chapters/10_does_it_replicate.ipynb"))
install = "".join(src["cells"][1]["source"])
cells = []
def md(text, tags=None):
    cells.append(("markdown", text.strip("\n"), {"tags": tags} if tags else {}))
def code(text, tags=None, alt=None):
    meta = {}
    if alt: meta["mystnb"] = {"image": {"alt": alt}}
    if tags: meta["tags"] = tags
    cells.append(("code", text.strip("\n"), meta))
exec(open("drafts/text.py").read())
old = {}
path = ROOT/"chapters/11_what_for.ipynb"
was = {}
if path.exists():
    for c in json.load(open(path))['cells']:
        if c.get('outputs'): was[''.join(c['source'])[:120]] = (c['outputs'], c['execution_count'])
out = []
for i, (kind, text, meta) in enumerate(cells):
    cell = {"cell_type": kind, "id": str(i), "metadata": meta, "source": text.splitlines(keepends=True)}
    if kind == "code":
        cell = {"cell_type": kind, "execution_count": None, "id": str(i), "metadata": meta, "outputs": [], "source": text.splitlines(keepends=True)}
        if text[:120] in was: cell["outputs"], cell["execution_count"] = was[text[:120]]
    out.append(cell)
nb = {"cells": out, "metadata": src["metadata"], "nbformat": src["nbformat"], "nbformat_minor": src["nbformat_minor"]}
path.write_text(json.dumps(nb, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
for kind, text, _ in cells:
    if kind == "code":
        lines = text.splitlines(); assert len(lines) <= 25, (len(lines), lines[0]); assert max(map(len, lines)) <= 88, [l for l in lines if len(l) > 88]
