"""What tests import from each other's side: places, the server that sends a site's policies, and Jupyter servers."""

import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from serve import serving

__all__ = ["ROOT", "running_jupyter", "serving"]

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def running_jupyter(program: str, notebooks: Path, state: Path, *settings: str, token: str = ""):
    """Run a Jupyter server of this environment on these notebooks; gives what it says of itself (url, token, ...) and its process."""
    common = ["--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1", "--ServerApp.port=0", f"--IdentityProvider.token={token}",
              f"--ServerApp.root_dir={notebooks}", "--KernelManager.transport=ipc"]  # two kernels that start at once could take the same port
    places = {name: str(state / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR")}
    # sockets lie in the run-time folder, and their paths must be short
    with (state / "log").open("w") as log, tempfile.TemporaryDirectory() as runtime:
        server = subprocess.Popen([sys.executable, "-m", program, *common, *settings], cwd=ROOT, stdout=log, stderr=log,
                                  env={**os.environ, **places, "JUPYTER_RUNTIME_DIR": runtime, "PYTHONPATH": str(ROOT)})
        try:
            yield {**said_by(server, Path(runtime), state / "log"), "process": server}
        finally:
            server.terminate()
            server.wait(30)


def said_by(server: subprocess.Popen, runtime: Path, log: Path) -> dict:
    for _ in range(300):
        for found in runtime.glob("jpserver-*.json"):
            try:
                return json.loads(found.read_text("utf-8"))
            except ValueError:  # still being written
                pass
        assert server.poll() is None, log.read_text("utf-8")
        time.sleep(0.1)
    raise AssertionError(log.read_text("utf-8"))
