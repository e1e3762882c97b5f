import sys, time, nbformat
from nbclient import NotebookClient
allow = "--allow" in sys.argv
p = sys.argv[1]
nb = nbformat.read(p, as_version=4)
for c in nb.cells:
    if "exercise" in c.metadata.get("tags", []) and "check(" in c.source: c.source = "pass" if allow else c.source
t=time.time()
NotebookClient(nb, timeout=300, allow_errors=True, kernel_name="python3", resources={"metadata":{"path":"chapters"}}).execute()
print("seconds", time.time()-t)
for c in nb.cells:
    if c.cell_type=="code":
        for o in c.outputs:
            if o.output_type=="error": print("ERR", c.source[:60], o.evalue[:300])
            elif o.get("text"): print(o.text[:800])
            elif "text/markdown" in o.get("data",{}): print(o.data["text/markdown"][:1200])
