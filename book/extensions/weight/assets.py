"""Copy what pages load beside the theme: live figures, KaTeX's style and fonts, those of titles and text, videos.

Why ours: `html_static_path` copies whole folders, Python sources included, and knows no preloading.
"""

import re
import shutil
from pathlib import Path

from softmax_lib.live.base.figure import modules, style_sheet

FOLDERS = {
    "softmax_lib/live": ("_static/live", ["*/*.mjs", "*/*.js", "*/*.wasm", "*/parts/*", "*/prompts/*"]),
    "book/assets/parts/uqr": ("_static/live/base/parts", ["*"]),
    "book/assets/parts/katex": ("_static/katex", ["*.css", "fonts/*", "LICENSE"]),
    "book/assets/parts/icons": ("_static/icons", ["LICENSE.txt"]),
    "book/assets/parts/titles": ("_static/titles", ["*.woff2", "LICENSE"]),
    "book/assets/parts/text": ("_static/text", ["*.woff2", "LICENSE"]),
    "book/assets": ("_static", ["search.js"]),
    "book/assets/css": ("_static/css", ["*.css"]),
    "book/assets/page": ("_static/page", ["*.js"]),
    "book/_generated": ("book/_generated", ["*"]),  # a page finds them where a notebook does
}
FIGURE = re.compile(r'<live-figure module="([\w./-]+\.mjs)"')
LIVE_HOST = "live/base/host.js"


def copy(app, exception):
    if exception:
        return
    for source, (target, patterns) in FOLDERS.items():
        folder = Path(app.confdir, source)
        for path in sorted(path for pattern in patterns for path in folder.glob(pattern)):
            if path.name.startswith("."):  # what a desktop leaves beside files
                continue
            destination = Path(app.outdir, target, path.relative_to(folder))
            destination.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, destination)
    Path(app.outdir, "_static/live/live.css").write_text(style_sheet(), "utf-8")


def name_first_figure(app, pagename, templatename, context, doctree):
    """The page's second skip link leads to it."""
    context["body"] = (context.get("body") or "").replace("<live-figure ", '<live-figure id="figure" ', 1)


def preload_modules(app, pagename, templatename, context, doctree):
    """Name all modules of a page's figures up front, or the browser would find them one import after the other."""
    needed = {name: None for figure in FIGURE.findall(context.get("body", "")) for name in modules(figure)}
    context["metatags"] = context.get("metatags", "") + "".join(
        f'\n    <link rel="modulepreload" href="{context["pathto"](f"_static/live/{name}", 1)}">' for name in needed
    )


def setup(app):
    app.connect("html-page-context", preload_modules)
    app.connect("html-page-context", name_first_figure, priority=950)  # after those who look for figures
    app.connect("build-finished", copy)
    for style in (
        "css/book.css",
        "css/faces.css",
        "css/guess.css",
        "css/cards.css",
        "css/figures.css",
        "live/live.css",
    ):
        app.add_css_file(style)
    # async: a deferred script would wait for all of the theme's
    app.add_js_file("page/page.js")
    app.add_js_file(LIVE_HOST, loading_method="async", fetchpriority="high")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
