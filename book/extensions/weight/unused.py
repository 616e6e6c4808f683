"""Delete what the theme and its companions bring and no page needs: 5 MB of maps, fonts, scripts and translations.

Their style sheets stay: a test compares the joined one with them.

Why ours: no Sphinx extension deletes what its neighbours copy.
"""

from pathlib import Path

from weight.styles import SHEET

OURS = (
    "live/",
    "live-code/",
    "page-python/",
    "thebe/",
    "scripts-",
    "katex/",
    "titles/",
    "text/",
)  # their scripts join some names
TEXTS = {".html", ".js", ".mjs", ".css"}


def delete_unused(app, exception):
    if exception or app.builder.format != "html":
        return
    site = Path(app.outdir)
    for path in unused(site):
        path.unlink()
    for folder in sorted((path for path in site.rglob("_static/**/*") if path.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()


def unused(site: Path) -> set[Path]:
    """Files below _static that no page leads to, by the names in it or in what it leads to; and debuggers' maps."""
    static = site / "_static"
    left = {
        path
        for path in static.rglob("*")
        if path.is_file() and path.suffix != ".css" and not path.relative_to(static).as_posix().startswith(OURS)
    }
    reached = [path for path in site.rglob("*") if path not in left and (path.suffix != ".css" or path == site / SHEET)]
    while reached:
        text = "\n".join(path.read_text("utf-8") for path in reached if path.suffix in TEXTS)
        reached = [path for path in left if path.suffix != ".map" and path.name in text]
        left.difference_update(reached)
    return left


def setup(app):
    app.connect("build-finished", delete_unused, priority=870)  # after the sheets and the scripts are there
    return {"parallel_read_safe": True, "parallel_write_safe": True}
