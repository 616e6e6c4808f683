"""Serve a built site as a static host would, with the policy of its `_headers`: python tools/serve.py [FOLDER]"""

import functools
import http.server
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class Handler(http.server.SimpleHTTPRequestHandler):
    extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map, ".mjs": "text/javascript"}

    def end_headers(self):
        for name, value in headers(Path(self.directory)):
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *args):
        pass


@functools.cache
def headers(site: Path) -> list[tuple[str, str]]:
    """The headers of the site's one rule: indented `Name: value` lines below a path."""
    lines = (site / "_headers").read_text("utf-8").splitlines()
    return [(name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in lines if line[:1] == " ")]


def server(site: Path, port: int = 0) -> http.server.ThreadingHTTPServer:
    return http.server.ThreadingHTTPServer(("127.0.0.1", port), functools.partial(Handler, directory=str(site)))


if __name__ == "__main__":
    with server(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "_build/html", 8000) as site_server:
        print(f"http://127.0.0.1:{site_server.server_port}/ (stop with Ctrl+C)", flush=True)
        try:
            site_server.serve_forever()
        except KeyboardInterrupt:
            pass
