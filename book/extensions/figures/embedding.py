"""`{embed} NAME`: the code that shows one live figure in a page of somebody else's.

Why ours: sphinx-iframes shows a page here; this prints the code that others copy.
"""

from pathlib import Path
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import Directive

CODE = """\
<iframe src="{address}figures/{name}.html"
        title="{title}" width="100%" height="{height}" loading="lazy"
        style="border: 0"></iframe>"""
UNKNOWN = "ADDRESS-OF-THIS-BOOK"
TO_FILL_IN = f"""\
This copy of the book does not know where it is published. In the place of {UNKNOWN} goes the address at which you read
it, as far as it is the same for all pages: what stands before /book/ in the address of this page."""


class Embed(Directive):
    required_arguments = 1
    option_spec: ClassVar = {"title": str, "height": int}

    def run(self):
        app = self.state.document.settings.env.app
        name = self.arguments[0]
        if not Path(app.confdir, f"softmax_lib/live/{name}/{name}.mjs").exists():
            raise self.error(f"no live figure {name!r}: softmax_lib/live has no module {name}/{name}.mjs")
        if self.options.keys() != self.option_spec.keys():
            raise self.error(f"the live figure {name} is embedded with :title: and :height:")
        known = app.config.html_baseurl
        code = CODE.format(address=known or f"{UNKNOWN}/", name=name, **self.options)
        block = nodes.literal_block(code, code, language="html")
        return [block] if known else [block, nodes.paragraph("", TO_FILL_IN)]


def setup(app):
    app.add_directive("embed", Embed)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
