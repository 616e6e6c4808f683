"""A Jupyter server as Binder starts one, the built book beside it, and the repository as Binder's image holds it."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from live_page import MYBINDER, LiveCode
from support import BINDER, ROOT, running_jupyter, serving

TOKEN = "of-the-tests"
NOT_FOR_KERNELS = shutil.ignore_patterns("assets", "extensions", "_generated", "__pycache__")


@pytest.fixture(scope="session")
def start_jupyter(tmp_path_factory):
    """Start a server on a copy of what the cells need; gives its process and its address with the token."""

    def start():
        state = tmp_path_factory.mktemp("jupyter")
        shutil.copytree(ROOT / "book", state / "repository/book", ignore=NOT_FOR_KERNELS)
        return running_jupyter("jupyter_server", state / "repository", state, "--ServerApp.allow_origin=*", token=TOKEN)

    return start


@pytest.fixture(scope="session")
def jupyter(start_jupyter):
    with start_jupyter() as server:
        yield f"{server['url']}?token={TOKEN}"


@pytest.fixture(scope="session")
def live_site(built_book, jupyter):
    """Elsewhere, and not in the page."""
    with serving(built_book, places={"server": jupyter, "binder": MYBINDER}) as address:
        yield address


@pytest.fixture
def read(live_site, new_page):
    """Open a page of the book beside its kernel."""

    def open_page(name, site=live_site, query="", **options):
        page = new_page(**{"reduced_motion": "reduce", **options})
        page.goto(f"{site}/book/{name}.html{query}")
        return LiveCode(page)

    return open_page


@pytest.fixture(scope="session")
def repository(tmp_path_factory) -> Path:
    """A copy of the committed files, after postBuild: what Binder's image holds."""
    copy = tmp_path_factory.mktemp("binder") / "repository"
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in tracked.rstrip("\0").split("\0"):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy / name)
    result = subprocess.run(
        [copy / "binder/postBuild"], cwd=copy, env={**os.environ, **BINDER}, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return copy
