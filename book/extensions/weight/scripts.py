"""Make our scripts small: no comments, no blanks, short names for what a module keeps to itself.

esbuild does it. Scripts of others come as their packages have them.

Why ours: no Sphinx extension minifies modules; this one is the call.
"""

import json
import subprocess
from pathlib import Path

from sphinx.errors import ExtensionError

from chapters.mathematics import NODE

ESBUILD = "book/assets/parts/esbuild"
MINIFY = Path(__file__).with_name("minify.cjs")
SCRIPTS = ["live/*/*.js", "live-code/*.js", "page-python/*.js", "page/*.js", "search.js"]
OTHERS = {"anywidget.js"}


def minify(app, exception):
    if exception or app.builder.format != "html":
        return
    static = Path(app.outdir, "_static")
    paths = [str(path) for pattern in SCRIPTS for path in sorted(static.glob(pattern)) if path.name not in OTHERS]
    run = subprocess.run(
        [NODE, "--liftoff-only", MINIFY, Path(app.confdir, ESBUILD)],  # it ends before faster code would pay
        input=json.dumps(paths),
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    if run.returncode:
        raise ExtensionError(f"esbuild could not make the scripts small:\n{run.stderr}")


def setup(app):
    app.connect("build-finished", minify, priority=875)  # after modules are renamed, before they are moved
    return {"parallel_read_safe": True, "parallel_write_safe": True}
