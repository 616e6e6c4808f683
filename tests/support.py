"""What tests import from each other's side: places, and a server that sends a site's policy."""

import threading
from contextlib import contextmanager
from pathlib import Path

import serve

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def serving(folder: Path):
    """The address of a static server for a folder that holds a `_headers`."""
    with serve.server(folder) as site_server:
        thread = threading.Thread(target=site_server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{site_server.server_port}"
        site_server.shutdown()
        thread.join()
