"""Serve a built site as a static host would, compressed and with the policy of its `_headers`.

    python tools/serve.py [FOLDER]
"""

import asyncio
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import tornado.netutil
import tornado.httpserver
import tornado.web

ROOT = Path(__file__).resolve().parent.parent
TYPES = {".mjs": "text/javascript", ".woff2": "font/woff2"}


class StaticFile(tornado.web.StaticFileHandler):
    def set_default_headers(self):
        for name, value in self.settings["headers"]:
            self.set_header(name, value)

    def write_error(self, status_code, **details):
        """The site's own page for what is not there, as hosts of static sites do it."""
        page = Path(self.root, f"{status_code}.html")
        self.finish(page.read_bytes() if page.exists() else str(status_code))

    def get_content_type(self):
        return TYPES.get(Path(self.absolute_path).suffix) or super().get_content_type()


def headers(site: Path) -> list[tuple[str, str]]:
    """The headers of the site's one rule: indented `Name: value` lines below a path."""
    lines = (site / "_headers").read_text("utf-8").splitlines()
    return [(name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in lines if line[:1] == " ")]


@contextmanager
def serving(site: Path, port: int = 0):
    """Serve in the background; gives the address."""
    loop = asyncio.new_event_loop()
    (socket,) = tornado.netutil.bind_sockets(port, "127.0.0.1")

    async def start():
        application = tornado.web.Application(
            [(r"/(.*)", StaticFile, {"path": str(site), "default_filename": "index.html"})],
            compress_response=True, headers=headers(site), log_function=lambda handler: None)
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
    with serving(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "_build/html", 8000) as address:
        print(f"{address}/ (stop with Ctrl+C)", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            pass
