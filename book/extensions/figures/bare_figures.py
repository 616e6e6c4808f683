"""figures/NAME.html for each live figure: as its chapter shows it, on a page of its own that others can embed.

Why ours: the figures are this book's own, and an embedding library has no page to show.
"""

import re

FIGURE = re.compile(r"<live-figure [^>]*>.*?</live-figure>", re.S)
MODULE = re.compile(r'module="[\w-]+/([\w-]+)\.mjs"')
NAME = re.compile(r'role="group" aria-label="([^"]+)"')


def remember(app, pagename, templatename, context, doctree):
    for figure in FIGURE.findall(context.get("body", "")):
        figures(app).setdefault(MODULE.search(figure)[1], (pagename, figure))


def figures(app) -> dict[str, tuple[str, str]]:
    if not hasattr(app, "live_figures"):
        app.live_figures = {}
    return app.live_figures


def collect(app):
    for module, (chapter, figure) in sorted(figures(app).items()):
        context = {
            "title": NAME.search(figure)[1],
            "body": figure,
            "chapter": chapter,
            "chapter_title": app.env.titles[chapter].astext(),
        }
        yield f"figures/{module}", context, "figure.html"


def setup(app):
    app.connect("html-page-context", remember)
    app.connect("html-collect-pages", collect)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
