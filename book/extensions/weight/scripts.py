"""Make our scripts small: no comments, no blanks, short names for what a module keeps to itself.

esbuild does it. Scripts of others come as their packages have them.

Why ours: no Sphinx extension minifies modules; this one is the call.
"""

import subprocess
from pathlib import Path

from sphinx.errors import ExtensionError

from chapters.mathematics import NODE

ESBUILD = "book/assets/parts/esbuild/bin/esbuild"
SCRIPTS = ["live/*/*.js", "live-code/*.js", "page-python/*.js", "page/*.js", "search.js"]
OTHERS = {"anywidget.js"}


def minify(app, exception):
    if exception or app.builder.format != "html":
        return
    static = Path(app.outdir, "_static")
    paths = [path for pattern in SCRIPTS for path in sorted(static.glob(pattern)) if path.name not in OTHERS]
    run = subprocess.run(
        [NODE, Path(app.confdir, ESBUILD), *paths, *options(static)], capture_output=True, text=True, encoding="utf-8"
    )
    if run.returncode:
        raise ExtensionError(f"esbuild could not make the scripts small:\n{run.stderr}")


def options(static: Path) -> list[str]:
    """Each script takes its own place again."""
    return [
        "--minify",
        "--charset=utf8",
        "--log-level=warning",
        "--allow-overwrite",
        f"--outbase={static}",
        f"--outdir={static}",
    ]


def setup(app):
    app.connect("build-finished", minify, priority=875)  # after modules are renamed, before they are moved
    return {"parallel_read_safe": True, "parallel_write_safe": True}
