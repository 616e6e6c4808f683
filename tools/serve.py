"""Serve a built site as a static host would, compressed and with the policies of its `_headers`.

    python tools/serve.py [FOLDER] [--jupyter ADDRESS]

With the address of a Jupyter server, as Jupyter prints it (http://127.0.0.1:8888/?token=...), live code takes its
kernels there.
"""

import argparse
import asyncio
import sys
import threading
from contextlib import contextmanager, suppress
from pathlib import Path

import tornado.httpserver
import tornado.netutil
import tornado.web

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "book/extensions"))

from launching.live_code import kernel_hosts  # noqa: E402
from publishing.policy import unguarded  # noqa: E402

Places = dict[str, str | bool]  # where Python runs, as kernel.json says it
LARGE = 64 * 2**20
TYPES = {".mjs": "text/javascript", ".woff2": "font/woff2"}
tornado.web.GZipContentEncoding.CONTENT_TYPES |= {"application/wasm"}  # as GitHub Pages and others do


class StaticFile(tornado.web.StaticFileHandler):
    def set_default_headers(self):
        rules = self.settings["rules"]
        for name, value in rules.get(f"/*?{self.request.query}", rules["/*"]):
            self.set_header(name, value)
        for name, value in (line for path, lines in rules.items() if self.lies_below(path) for line in lines):
            self.add_header(name, value)

    def compute_etag(self):
        """None of what is too large to be read for one: the language model."""
        return super().compute_etag() if self.get_content_size() < LARGE else None

    def lies_below(self, path):
        return path.endswith("/*") and path != "/*" and self.request.path.startswith(path[:-1])

    def write_error(self, status_code, **details):
        """The site's own page for what is not there, as hosts of static sites do it."""
        page = Path(self.root, f"{status_code}.html")
        self.finish(page.read_bytes() if page.exists() else str(status_code))

    def get_content_type(self):
        return TYPES.get(Path(self.absolute_path).suffix) or super().get_content_type()


class UnguardedFile(StaticFile):
    """Pages without their own policy, beside a server of this machine: it knows only the book's kernels."""

    @classmethod
    def get_content(cls, abspath, start=None, end=None):
        if not abspath.endswith(".html"):
            return super().get_content(abspath, start, end)
        return unguarded(Path(abspath).read_text("utf-8")).encode()[start:end]

    def get_content_size(self):
        if not self.absolute_path.endswith(".html"):
            return super().get_content_size()
        return len(self.get_content(self.absolute_path))


class Kernel(tornado.web.RequestHandler):
    def get(self):
        self.write(self.settings["places"])


def headers(site: Path, places: Places | None = None) -> dict[str, list[tuple[str, str]]]:
    """The rules of `_headers`: a path, and indented below it lines `Name: value`."""
    rules: dict[str, list[tuple[str, str]]] = {}
    path = ""
    for line in (site / "_headers").read_text("utf-8").splitlines():
        if line.startswith(" "):
            name, _, value = line.partition(":")
            rules[path].append((name.strip(), value.strip()))
        elif path := line.strip():
            rules[path] = []
    if places:
        hosts = kernel_hosts(places)
        rules["/*?live"] = [
            (name, value.replace("connect-src", f"connect-src {hosts}")) for name, value in rules["/*?live"]
        ]
    return rules


@contextmanager
def serving(site: Path, port: int = 0, places: Places | None = None):
    """Serve in the background, if asked with other places for Python than the site's own; gives the address."""
    loop = asyncio.new_event_loop()
    (socket,) = tornado.netutil.bind_sockets(port, "127.0.0.1")

    async def start():
        file = UnguardedFile if places else StaticFile
        files = (r"/(.*)", file, {"path": str(site), "default_filename": "index.html"})
        application = tornado.web.Application(
            [(r"/_static/[\w-]+/live-code/kernel.json", Kernel), files] if places else [files],
            compress_response=True,
            rules=headers(site, places),
            places=places,
            log_function=lambda handler: None,
        )
        server = tornado.httpserver.HTTPServer(application)
        server.add_socket(socket)
        return server

    async def stop(server):
        server.stop()
        await server.close_all_connections()

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(start(), loop).result()
    try:
        yield f"http://127.0.0.1:{socket.getsockname()[1]}"
    finally:
        asyncio.run_coroutine_threadsafe(stop(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "_build/html")
    parser.add_argument("--jupyter", default="")
    wanted = parser.parse_args()
    with serving(wanted.folder, 8000, {"server": wanted.jupyter} if wanted.jupyter else None) as address:
        print(f"{address}/ (stop with Ctrl+C)", flush=True)
        with suppress(KeyboardInterrupt):
            threading.Event().wait()
