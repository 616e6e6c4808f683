"""What tests import from each other's side: places, the server that sends a site's policies, and Jupyter servers."""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import unicodedata
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from launching.notebooks import is_chapter
from publishing.repository import PLACEHOLDER
from serve import serving
from softmax_lib import live

__all__ = [
    "ADDRESS",
    "BINDER",
    "CHAPTERS",
    "FIGURES",
    "PAGES",
    "REPOSITORY",
    "ROOT",
    "TEACHING",
    "letters",
    "running_jupyter",
    "running_server",
    "serving",
    "surroundings",
]

ROOT = Path(__file__).resolve().parent.parent
CONTENTS = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
PAGES = [CONTENTS["root"], *(page["file"] for part in CONTENTS["parts"] for page in part["chapters"])]
CHAPTERS = [Path(name).name for name in PAGES if is_chapter(ROOT / f"{name}.md")]  # the cover is the first
TEACHING = [name for name in CHAPTERS if name not in ("index", "speed-and-scale")]  # they ask, and have a card
CONFIGURED = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))["repository"]["url"]
ADDRESS = CONFIGURED if CONFIGURED != PLACEHOLDER else "https://github.com/ada/softmax"  # the tests publish there
REPOSITORY = urlsplit(ADDRESS).path[1:]  # owner and name
FIGURES = [
    getattr(live, name) for name in live.__all__ if isinstance(getattr(live, name), type) and name != "LiveFigure"
]
BINDER = {
    "PATH": f"{ROOT / '.venv-binder/bin'}{os.pathsep}{os.environ['PATH']}"
}  # the programs of Binder's environment come first


def letters(text: str) -> str:
    """What a PDF and its source have in common: no spaces, signs or ligatures."""
    return re.sub(r"\W", "", unicodedata.normalize("NFKC", text))


def surroundings(**environment: str) -> dict[str, str]:
    """What a build sees of this machine: the address that tests publish at, unless a test says otherwise.

    Kernels that pytest starts would let what their programs write to stderr pass.
    """
    given = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    return {**given, "GITHUB_REPOSITORY": REPOSITORY, "GITHUB_SERVER_URL": "https://github.com", **environment}


@contextmanager
def running_server(command: list, folder: Path, state: Path, environment: dict[str, str], token: str = ""):
    """Run a Jupyter server, without the settings of this machine; gives what it says of itself: url, port, pid, ..."""
    with socket.create_server(("127.0.0.1", 0)) as free:  # older servers that choose their port do not tell it
        port = free.getsockname()[1]
    common = [
        "--no-browser",
        "--allow-root",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        f"--IdentityProvider.token={token}",
        "--KernelManager.transport=ipc",
    ]  # two kernels that start at once could take the same port
    places = {name: str(state / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR")}
    # sockets lie in the run-time folder, and their paths must be short
    with (state / "log").open("w") as log, tempfile.TemporaryDirectory() as runtime:
        server = subprocess.Popen(
            [*command, *common],
            cwd=folder,
            stdout=log,
            stderr=log,
            env={**os.environ, **places, "JUPYTER_RUNTIME_DIR": runtime, **environment},
        )
        try:
            yield {**said_by(server, Path(runtime), state / "log"), "process": server}
        finally:
            server.terminate()
            try:
                server.wait(30)
            except subprocess.TimeoutExpired:  # it waits for a kernel that does not answer
                server.kill()
                server.wait()


def running_jupyter(program: str, notebooks: Path, state: Path, *settings: str, token: str = ""):
    """Run a Jupyter server of this environment on these notebooks."""
    command = [sys.executable, "-m", program, f"--ServerApp.root_dir={notebooks}", *settings]
    return running_server(command, ROOT, state, {"PYTHONPATH": str(ROOT)}, token)


def said_by(server: subprocess.Popen, runtime: Path, log: Path) -> dict:
    for _ in range(600):
        for found in runtime.glob("jpserver-*.json"):
            try:
                return json.loads(found.read_text("utf-8"))
            except ValueError:  # still being written
                pass
        assert server.poll() is None, log.read_text("utf-8")
        time.sleep(0.1)
    raise AssertionError(log.read_text("utf-8"))
