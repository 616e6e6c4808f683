"""Keep on each page what a reader needs, and drop what the theme and its companions add for everybody.

Dropped: Font Awesome's script (1.5 MB; the icons in use become a small style sheet), Bootstrap's (24 kB compressed, for
tooltips), the scripts of search on pages other than the search page, sphinx-thebe's and togglebutton's scripts, the
state of widgets (a live figure carries its own), inline scripts and inline handlers. Added: the sizes of images.

Why ours: the theme has no options to leave these out.
"""

import re
from pathlib import Path
from urllib.parse import quote

from docutils import nodes
from sphinx.util import logging

SEARCH_PAGE = "search"
SCRIPTS = {
    "documentation_options.js",
    "scripts/pydata-sphinx-theme.js",
    "scripts/sphinx-book-theme.js",
    "live/base/host.js",
    "live-code/button.js",
    "page/page.js",
}
OURS = "page/"  # all of these, but not on the search page: its own scripts are heavy enough
FOR_CODE = {"clipboard.min.js", "copybutton.js"}  # page/page.js loads them where the reader comes to code
SEARCH_SCRIPTS = {"doctools.js", "sphinx_highlight.js", "searchtools.js", "language_data.js"}
DROPPED_STYLES = {"togglebutton.css", "sphinx-thebe.css", "exercise.css"}
ICON = re.compile(r'class="[^"]*\bfa-(?:solid|lg)\b[^"]*"|class="fas? [^"]*"')
ICON_NAME = re.compile(r"\bfa-([a-z-]+)")
DRAWING = re.compile(r'(<img [^>]*src="[^"]*_images/([^"/]+\.svg)")')
SIZE = re.compile(r'<svg [^>]*width="([\d.]+)pt" height="([\d.]+)pt"')
NOT_ICONS = {"solid", "lg", "fw", "brands", "regular"}
log = logging.getLogger(__name__)


def choose_scripts_and_styles(app, pagename, templatename, context, doctree):
    if pagename == SEARCH_PAGE:  # its scripts rely on running at once, in their order
        context["script_files"] = [
            script for script in context["script_files"] if static_name(script) in SCRIPTS | SEARCH_SCRIPTS
        ]
    else:
        context["script_files"] = [
            waiting(script) if static_name(script) in FOR_CODE else deferred(script)
            for script in context["script_files"]
            if static_name(script) in SCRIPTS | FOR_CODE or static_name(script).startswith(OURS)
        ]
    context["css_files"] = [style for style in context["css_files"] if static_name(style) not in DROPPED_STYLES]


def deferred(script):
    """No script may hold back the first paint."""
    if "async" in script.attributes:
        return script
    return type(script)(script.filename, priority=script.priority, **{**script.attributes, "defer": "defer"})


def waiting(script):
    """Of a type that no browser runs."""
    return type(script)(script.filename, priority=script.priority, type="text/plain", **script.attributes)


def static_name(file):
    return str(getattr(file, "filename", file) or "").removeprefix("_static/")


def drop_script_buttons(app, pagename, templatename, context, doctree):
    """The theme's full-screen and print buttons work by inline handlers, which the policy forbids."""
    for button in list(context.get("header_buttons", [])):
        if button["type"] == "javascript":
            context["header_buttons"].remove(button)
        elif button["type"] == "group":
            button["buttons"] = [inner for inner in button["buttons"] if inner["type"] != "javascript"]


def place_images(app, pagename, templatename, context, doctree):
    """An image keeps its place free, and loads when the reader comes near."""
    sources = {name: Path(app.srcdir, source) for source, name in app.builder.images.items()}

    def placed(match):
        size = SIZE.search(sources[match[2]].read_text("utf-8"))
        width, height = (round(float(points) * 4 / 3) for points in size.groups())
        return f'{match[1]} width="{width}" height="{height}" loading="lazy"'

    context["body"] = DRAWING.sub(placed, context.get("body") or "")


def drop_widget_state(app, pagename, *_):
    getattr(app.env, "nb_metadata", {}).get(pagename, {}).pop("js_files", None)


def drop_thebe(app, doctree, docname):
    for node in list(doctree.findall(nodes.raw)):
        if "x-thebe-config" in node.astext() or "kernelName =" in node.astext():
            node.parent.remove(node)


def write_icons(app, exception):
    """One style rule for each icon in use, drawn by its own small SVG."""
    if exception:
        return
    names = {
        name
        for page in Path(app.outdir).rglob("*.html")
        for tag in ICON.findall(page.read_text("utf-8"))
        for name in ICON_NAME.findall(tag)
    } - NOT_ICONS
    rules = []
    for name in sorted(names):
        path = Path(app.confdir, "book/assets/parts/icons", f"{name}.svg")
        if not path.exists():
            log.warning("no icon %s: the pages use fa-%s", path.name, name)
            continue
        drawing = re.sub(r"<!--.*?-->", "", path.read_text("utf-8"), flags=re.S)
        rules.append(f'.fa-{name} {{ --icon: url("data:image/svg+xml,{quote(drawing, safe=" =:/")}"); }}')
    style = Path(app.outdir, "_static/css/icons.css")
    style.parent.mkdir(parents=True, exist_ok=True)
    style.write_text("\n".join(rules) + "\n", "utf-8")


def setup(app):
    app.add_css_file("css/icons.css")
    app.add_js_file("scripts/pydata-sphinx-theme.js", loading_method="defer")  # else it comes with Bootstrap's
    app.connect("html-page-context", drop_widget_state, priority=400)  # before MyST-NB adds it (500)
    app.connect("html-page-context", choose_scripts_and_styles, priority=900)
    app.connect("html-page-context", drop_script_buttons, priority=900)
    app.connect("html-page-context", place_images)
    app.connect("doctree-resolved", drop_thebe, priority=900)
    app.connect("build-finished", write_icons)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
