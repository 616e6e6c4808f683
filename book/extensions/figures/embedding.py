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
UNKNOWN = "https://ADDRESS-OF-THIS-BOOK/"  # to be filled in by the reader of a copy that is published nowhere yet


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
        code = CODE.format(address=app.config.html_baseurl or UNKNOWN, name=name, **self.options)
        return [nodes.literal_block(code, code, language="html")]


def setup(app):
    app.add_directive("embed", Embed)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
