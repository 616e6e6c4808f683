"""Execute the chapters two at a time before Sphinx reads them, and again when the code they call has changed.

jupyter-cache compares a chapter's own cells only. Here its folder is named after the code that cells import,
so that an edit of the library re-executes the chapters.

Why ours: MyST-NB executes one chapter after another, and nothing executes again when only imported code has changed.
"""

import asyncio
import hashlib
import os
import shutil
import signal
import tempfile
import time
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from myst_nb.core.read import is_myst_markdown_notebook, read_myst_markdown_notebook
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from sphinx.errors import SphinxError
from sphinx.util import logging
from traitlets.config import Config

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
AT_ONCE = 2
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
    cache = trusted_cache(app.config.nb_execution_cache_path)
    results = Path(app.config.nb_execution_cache_path, "results")
    results.mkdir(parents=True, exist_ok=True)
    os.environ["BOOK_RESULTS"] = str(results)  # what experiments/stored.py keeps there goes to the site
    waiting = [path for path in chapters(app) if not is_cached(cache, path)]
    try:
        asyncio.run(execute_all(waiting, app.config.nb_execution_timeout, cache))
    except* ChapterFailed as failures:
        raise ChapterFailed("\n\n".join(map(str, failures.exceptions))) from None


def trusted_cache(path):
    """A cache that a full disk or a crash left unreadable is begun anew."""
    try:
        cache = get_cache(path)
        cache.list_cache_records()
    except Exception:
        shutil.rmtree(path, ignore_errors=True)
        cache = get_cache(path)
    return cache


async def execute_all(paths, timeout, cache):
    """The first chapter that fails stops the others, and so does SIGTERM: no kernel is left."""
    places = asyncio.Semaphore(AT_ONCE)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, asyncio.current_task().cancel)
    async with asyncio.TaskGroup() as group:
        for path in paths:
            group.create_task(execute_in_turn(path, timeout, cache, places))


async def execute_in_turn(path, timeout, cache, places):
    async with places:
        log.info("executing %s", path.name)
        started = time.monotonic()
        notebook = await execute(path, timeout)
        seconds = time.monotonic() - started
        log.info("executed %s in %.1f s", path.name, seconds)
        cache.cache_notebook_bundle(
            CacheBundleIn(notebook, str(path), data={"execution_seconds": seconds}),
            check_validity=False,
            overwrite=True,
        )


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
    """Whether there is a whole and clean result; one that a stopped build left half written is none."""
    try:
        return not complaint(cache.get_cache_bundle(cache.match_cache_notebook(read(path)).pk).nb)
    except Exception:
        return False


def read(path):
    return read_myst_markdown_notebook(path.read_text("utf-8"), path=path)


async def execute(path, timeout):
    """The executed notebook, or `ChapterFailed` with the chapter's name, whatever its kernel did."""
    notebook = read(path)
    with tempfile.TemporaryDirectory() as sockets:
        # files instead of network ports: two kernels that start at once can't take the same one
        settings = Config(KernelManager={"transport": "ipc", "ip": f"{sockets}/kernel"})
        client = ChapterClient(
            notebook,
            kernel_name="python3",
            record_timing=False,  # times would make each execution another notebook to the cache
            timeout=timeout,
            resources={"metadata": {"path": path.parent}},
            config=settings,
        )
        try:
            await client.async_execute()
        except CellExecutionError as error:
            raise ChapterFailed(f"{path}: a cell raised\n{error}") from None
        except CellTimeoutError as error:
            raise ChapterFailed(
                f"{path}: a cell took more than {timeout} s (execute.timeout in _config.yml)\n{error}"
            ) from None
        except (DeadKernelError, RuntimeError) as error:
            if asyncio.current_task().cancelling():  # nbclient takes this, too, for a death
                raise asyncio.CancelledError from None
            raise ChapterFailed(f"{path}: its kernel died, for want of memory perhaps\n{client.running}") from error
    if words := complaint(notebook):
        raise ChapterFailed(f"{path}: {words}")
    return notebook


def complaint(notebook):
    """What the first cell that wrote to stderr wrote there: a warning is an error, even where a tag hides it."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stderr":
                return f"a cell wrote to stderr\n{shown(cell)}\n{output.text}"
    return None


def shown(cell):
    return f"------------------\n{cell.source}\n------------------"


class ChapterClient(NotebookClient):
    """nbclient without its own signal handlers, which know of one kernel only; whatever happens, the kernel ends."""

    running = ""

    @asynccontextmanager
    async def async_setup_kernel(self, **options):
        manager = self.create_kernel_manager()
        try:
            await self.async_start_new_kernel(**options)
            await self.async_start_new_kernel_client()
            yield
        finally:
            if manager.provisioner and (kernel := manager.provisioner.pid):
                with suppress(ProcessLookupError):
                    os.killpg(kernel, signal.SIGKILL)  # and what its cells have started
            if self.km:
                await self._async_cleanup_kernel()

    async def async_execute_cell(self, cell, *place, **options):
        self.running = shown(cell)
        return await super().async_execute_cell(cell, *place, **options)


def setup(app):
    # two threads a process would fight over two cores; set to nothing it is as if it were not set
    os.environ["OPENBLAS_NUM_THREADS"] = os.environ.get("OPENBLAS_NUM_THREADS") or "1"
    app.connect("config-inited", name_cache_after_code)
    app.connect("builder-inited", execute_chapters, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
