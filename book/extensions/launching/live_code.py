"""Give every page with visible cells the button "Live code", and the site what it loads on a press: see live-code.mjs.

Python runs in the page (page_python.py). Elsewhere it runs on Binder, which builds this repository, or on the Jupyter
server that `live_code_server` in _config.yml names as Jupyter prints it: https://jupyter.example.org/?token=...

Why ours: Jupyter Book's Thebe button comes with scripts of a CDN on every page.
"""

import json
import shutil
import sys
from pathlib import Path
from urllib.parse import urlsplit

from sphinx.errors import ConfigError

from launching.page_python import is_there

TARGET = "_static/live-code"
KERNEL = f"{TARGET}/kernel.json"


def add_button(app, pagename, templatename, context, doctree):
    if 'class="cell_input' in context.get("body", "") and places(app):
        context["live_code"] = True
        app.add_js_file("live-code/button.js")


def places(app) -> dict[str, str | bool]:
    """What kernel.json says: whether Python runs in the page, and where else it can."""
    page = {"page": True} if is_there(app.confdir) else {}
    return page | elsewhere(app.config)


def elsewhere(config) -> dict[str, str]:
    """The Jupyter server, or Binder's address for this repository, if Binder can find it."""
    if config.live_code_server:
        if urlsplit(config.live_code_server).scheme not in ("http", "https"):
            raise ConfigError(
                f"live_code_server is {config.live_code_server!r}: give the whole address, https://…/?token=…"
            )
        return {"server": config.live_code_server}
    if not config.repository:
        return {}
    theme = config.html_theme_options
    binder = (theme.get("launch_buttons") or {}).get("binderhub_url")
    if not binder:
        return {}
    repository = urlsplit(config.repository).path.strip("/")
    return {"binder": f"{binder.rstrip('/')}/build/gh/{repository}/{theme.get('repository_branch') or 'HEAD'}"}


def kernel_hosts(places: dict[str, str | bool]) -> str:
    """Whom a page with live code may talk to, in the words of a policy; Python in the page talks to nobody."""
    hosts = []
    for place in [name for name in ("server", "binder") if name in places]:
        scheme, host = urlsplit(places[place])[:2]
        names = [host, f"*.{host}"] if place == "binder" else [host]  # Binder's servers live below its name
        hosts += [f"{protocol}://{name}" for name in names for protocol in (scheme, scheme.replace("http", "ws"))]
    return " ".join(hosts)


hidden = shutil.ignore_patterns(".*")  # what desktops leave beside files


def write_parts(app, exception):
    if exception or app.builder.format != "html":
        return
    assets, target = Path(app.confdir, "book/assets"), Path(app.outdir, TARGET)
    shutil.copytree(assets / "live-code", target, dirs_exist_ok=True, ignore=hidden)
    shutil.copytree(assets / "parts/thebe", target.parent / "thebe", dirs_exist_ok=True, ignore=hidden)
    # the front end of the very anywidget that the kernel has
    shutil.copyfile(Path(sys.prefix, "share/jupyter/nbextensions/anywidget/index.js"), target / "anywidget.js")
    Path(app.outdir, KERNEL).write_text(json.dumps(places(app)) + "\n", "utf-8")


def setup(app):
    app.add_config_value("live_code_server", "", "html")
    app.connect("html-page-context", add_button)
    app.connect(
        "build-finished", write_parts, priority=850
    )  # after weight/styles.py, which reads all scripts of the site
    return {"parallel_read_safe": True, "parallel_write_safe": True}
