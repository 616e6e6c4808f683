"""Execute the chapters two at a time before Sphinx reads them, and again when the code they call has changed.

jupyter-cache compares a chapter's own cells only. Here its folder is named after the code that cells import,
so that an edit of the library re-executes the chapters.

Why ours: MyST-NB executes one chapter after another, and nothing executes again when only imported code has changed.
"""

import hashlib
import os
import shutil
import tempfile
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.executors.utils import single_nb_execution
from jupyter_client import KernelManager
from myst_nb.core.read import is_myst_markdown_notebook, read_myst_markdown_notebook
from sphinx.errors import SphinxError
from sphinx.util import logging

CODE = [
    "softmax_lib/**/*.py",
    "softmax_lib/live/*/prompts/*",
    "book/*.py",
    "book/plots/*.py",
    "book/experiments/*.py",
    "book/data/**/*",
    "requirements/book.txt",
    "requirements/model.txt",
]
GENERATED = "book/_generated"
PROCESSES = 2
log = logging.getLogger(__name__)


class ChapterFailed(SphinxError):
    category = "Chapter failed"


def name_cache_after_code(app, config):
    root = Path(app.confdir)
    digest = hashlib.sha256()
    for path in sorted({path for pattern in CODE for path in root.glob(pattern) if path.is_file()}):
        digest.update(f"{path.relative_to(root)}\0".encode() + path.read_bytes())
    caches = Path(app.outdir).parent / ".jupyter_cache"
    cache = caches / digest.hexdigest()[:16]
    generated = root / GENERATED
    for old in caches.glob("*"):
        if old != cache or not generated.exists():  # without it, the cells that write there must run again
            shutil.rmtree(old)
    generated.mkdir(exist_ok=True)
    config.nb_execution_cache_path = str(cache)


def execute_chapters(app):
    cache = get_cache(app.config.nb_execution_cache_path)
    waiting = [path for path in chapters(app) if not is_cached(cache, path)]
    failures = []
    with ProcessPoolExecutor(PROCESSES) as pool:
        runs = {}
        for path in waiting:
            log.info("executing %s", path.name)
            runs[pool.submit(execute, path, app.config.nb_execution_timeout)] = path
        for run in as_completed(runs):
            path, result = runs[run], run.result()
            if result.err:
                failures.append(f"{path}: a cell raised\n{result.err}")
                continue
            log.info("executed %s in %.1f s", path.name, result.time)
            cache.cache_notebook_bundle(
                CacheBundleIn(result.nb, str(path), data={"execution_seconds": result.time}),
                check_validity=False,
                overwrite=True,
            )
    if failures:
        raise ChapterFailed("\n\n".join(failures))


def chapters(app):
    """Those of the contents that have code and are not excluded, the last one first.

    Later ones compute more, and a long one at the end would run alone.
    """
    excluded = app.config.nb_execution_excludepatterns
    for name in reversed(list(app.config.external_site_map)):
        path = Path(app.project.doc2path(name, absolute=True))
        if (
            path.suffix == ".md"
            and not any(map(path.match, excluded))
            and is_myst_markdown_notebook(path.read_text("utf-8"))
        ):
            yield path


def is_cached(cache, path):
    try:
        cache.match_cache_notebook(read(path))
        return True
    except KeyError:
        return False


def read(path):
    return read_myst_markdown_notebook(path.read_text("utf-8"), path=path)


def execute(path, timeout):
    with tempfile.TemporaryDirectory() as sockets:
        # files instead of network ports: two kernels that start at once can't take the same one
        kernel = KernelManager(kernel_name="python3", transport="ipc", ip=f"{sockets}/kernel")
        try:
            return single_nb_execution(read(path), cwd=str(path.parent), timeout=timeout, allow_errors=False, km=kernel)
        finally:
            kernel.shutdown_kernel(now=True)


def setup(app):
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # two threads a process would fight over two cores
    app.connect("config-inited", name_cache_after_code)
    app.connect("builder-inited", execute_chapters, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
