"""Make our scripts small: no comments, no blanks, short names for what a module keeps to itself.

esbuild does it. Scripts of others come as their packages have them.

Why ours: no Sphinx extension minifies modules; this one is the call.
"""

import json
import subprocess
from pathlib import Path

from sphinx.errors import ExtensionError

from chapters.mathematics import NODE

ESBUILD = "book/assets/parts/esbuild/lib/main.js"
MINIFY = """
const [esbuild, folder] = process.argv.slice(1);
const entryPoints = JSON.parse(require("fs").readFileSync(0, "utf8"));
require(esbuild)
  .build({ entryPoints, outdir: folder, outbase: folder, allowOverwrite: true, minify: true, charset: "utf8" })
  .catch(() => process.exit(1));
"""  # each script takes its own place again
SCRIPTS = ["live/*/*.js", "live-code/*.js", "page-python/*.js", "page/*.js", "search.js"]
OTHERS = {"anywidget.js"}


def minify(app, exception):
    if exception or app.builder.format != "html":
        return
    static = Path(app.outdir, "_static")
    paths = [str(path) for pattern in SCRIPTS for path in sorted(static.glob(pattern)) if path.name not in OTHERS]
    run = subprocess.run(
        [NODE, "-e", MINIFY, Path(app.confdir, ESBUILD), static],
        input=json.dumps(paths),
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={},  # its WebAssembly has 8 kB for all of the environment
    )
    if run.returncode:
        raise ExtensionError(f"esbuild could not make the scripts small:\n{run.stderr}")


def setup(app):
    app.connect("build-finished", minify, priority=875)  # after modules are renamed, before they are moved
    return {"parallel_read_safe": True, "parallel_write_safe": True}
