"""What Sphinx lets pass and a reader would not: an image without alternative text.

Why ours: Sphinx has no warning for it, and linters of HTML do not know the line of the source.
"""

from pathlib import PurePosixPath

from docutils import nodes
from sphinx.util import logging

log = logging.getLogger(__name__)


def check_alternative_text(app, doctree, docname):
    for image in doctree.findall(nodes.image):
        text = image.get("alt", "").strip()
        if not text or PurePosixPath(text).name == PurePosixPath(image["uri"]).name:
            log.warning(
                "image %s has no alternative text: give it :alt:, or in a cell `mystnb: {image: {alt: ...}}`",
                image["uri"],
                location=(docname, image.line),
            )


def setup(app):
    app.connect("doctree-resolved", check_alternative_text)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
