"""Sphinx extension: before it reads the pages, notebooks that the cache lacks are executed, as many at once as cores.

Sphinx then finds their outputs. A notebook that fails is left to Sphinx, which runs it again and stops with its error.
"""

import copy
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn, JupyterCacheAbstract
from jupyter_cache.executors.utils import ExecutionResult, single_nb_execution
from sphinx.application import Sphinx

from course import ASIDE, CHAPTERS, Chapter, course


def outputs(site: Path) -> JupyterCacheAbstract:
    """The cache of executed notebooks that lies beside the built site."""
    return get_cache(site.parent / ".jupyter_cache")


def executed(chapter: Chapter, cache: JupyterCacheAbstract) -> nbformat.NotebookNode:
    """A copy of a chapter's notebook with its outputs. Raises KeyError where the cache does not have it."""
    notebook: nbformat.NotebookNode
    _, notebook = cache.merge_match_into_notebook(copy.deepcopy(chapter.notebook))
    return notebook


def lacking(cache: JupyterCacheAbstract, chapters: Sequence[Chapter]) -> list[Chapter]:
    """Chapters whose notebook, as it is now, was not executed."""
    found = []
    for chapter in chapters:
        try:
            cache.match_cache_notebook(chapter.notebook)
        except KeyError:
            found.append(chapter)
    return found


def execute(chapter: Chapter, timeout: int) -> ExecutionResult:
    """Run a copy of the notebook in a kernel of its own. ``timeout`` is that of a cell [s]."""
    return single_nb_execution(copy.deepcopy(chapter.notebook), str(CHAPTERS), timeout, allow_errors=False)


def execute_lacking(app: Sphinx) -> None:
    """Fill the cache. Each notebook computes on one thread, so cores would idle if they ran one after the other."""
    if app.builder.format != "html":
        return
    cache = outputs(Path(app.outdir))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        waiting = {
            pool.submit(execute, chapter, app.config.nb_execution_timeout): chapter
            for chapter in lacking(cache, [*reversed(course()), *ASIDE])  # the first chapters are the shortest
        }
        for done in as_completed(waiting):
            result, path = done.result(), str(CHAPTERS / f"{waiting[done].stem}.ipynb")
            if result.err is None:
                record = cache.add_nb_to_project(path)
                bundle = CacheBundleIn(result.nb, record.uri, data={"execution_seconds": result.time})
                cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.connect("builder-inited", execute_lacking)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
