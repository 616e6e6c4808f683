"""Copy what pages load beside the theme: the live figures, KaTeX's style and fonts, generated videos."""

import shutil
from pathlib import Path

FOLDERS = {
    "softmax_lib/live": ("live", ["*.mjs", "*.js", "*.css", "parts/*"]),
    "book/assets/parts/katex": ("katex", ["*.css", "fonts/*"]),
    "book/assets/css": ("css", ["*.css"]),
    "book/_generated": ("generated", ["*"]),
}
LIVE_HOST = "live/host.js"


def copy(app, exception):
    if exception:
        return
    for source, (target, patterns) in FOLDERS.items():
        folder = Path(app.confdir, source)
        for path in sorted(path for pattern in patterns for path in folder.glob(pattern)):
            destination = Path(app.outdir, "_static", target, path.relative_to(folder))
            destination.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, destination)


def setup(app):
    app.connect("build-finished", copy)
    for style in ("css/book.css", "css/figures.css", "live/live.css"):
        app.add_css_file(style)
    # async: a deferred script would wait for all of the theme's
    app.add_js_file(LIVE_HOST, loading_method="async")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
