"""What tests import from each other's side: places, the server that sends a site's policy, and a Jupyter server."""

import json
import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from serve import serving

__all__ = ["BINDER", "ROOT", "jupyter", "serving"]

ROOT = Path(__file__).resolve().parent.parent
BINDER = {"PATH": f"{ROOT / '.venv-binder/bin'}{os.pathsep}{os.environ['PATH']}"}  # the programs of Binder's environment come first


@contextmanager
def jupyter(command: list, folder: Path, environment: dict[str, str], log: Path) -> Iterator[str]:
    """Run a Jupyter server of its own, without the settings of this machine; gives the address."""
    with socket.create_server(("127.0.0.1", 0)) as free:  # older servers that choose their port do not tell it
        port = free.getsockname()[1]
    settings = ["--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", "--IdentityProvider.token=",
                "--KernelManager.transport=ipc",  # two kernels that start at once could take the same port
                "--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    # sockets lie in the run-time folder, and their paths must be short
    with log.open("w") as output, tempfile.TemporaryDirectory() as runtime, tempfile.TemporaryDirectory() as home:
        places = {"JUPYTER_CONFIG_DIR": f"{home}/config", "JUPYTER_DATA_DIR": f"{home}/data", "IPYTHONDIR": f"{home}/ipython",
                  "JUPYTER_RUNTIME_DIR": runtime}
        server = subprocess.Popen([*command, *settings], cwd=folder, stdout=output, stderr=output,
                                  env={**os.environ, **environment, **places})
        try:
            yield address_of(Path(runtime), server, log)
        finally:
            server.terminate()
            server.wait(30)


def address_of(runtime: Path, server: subprocess.Popen, log: Path) -> str:
    for _ in range(600):
        for found in runtime.glob("jpserver-*.json"):
            try:
                return json.loads(found.read_text("utf-8"))["url"]
            except ValueError:  # still being written
                pass
        assert server.poll() is None, log.read_text("utf-8")
        time.sleep(0.1)
    raise AssertionError(log.read_text("utf-8"))
