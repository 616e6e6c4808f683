"""Where a line may end, and what no translator may touch.

No line starts with the stop or comma after a formula, a number stays with its unit, and a long name of code breaks
after its underscores, dots and brackets. Code is no language: it reads from the left on every page and is never
translated.

Why ours: no extension known to us looks at what stands beside a formula, or into a name of code.
"""

import re

from docutils import nodes

OPENING = re.compile(r"[^\s\w]+$")
CLOSING = re.compile(r"^[^\s\w(\[“‘]+(?:s\b)?")
NUMBER_AND_UNIT = re.compile(r"(?<=\d) (?=(?:minutes?|seconds?|hours?|kB|MB|GB|ms|s|px)\b)")
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
CODE = (nodes.literal, nodes.literal_block, nodes.raw, nodes.comment)
CODE_TAG = re.compile(r'<(code|div) (?=class="[^"]*\b(?:literal\b|highlight-)[^"]*\bnotranslate\b)')
LONG_NAME = re.compile(r'(?<=<span class="pre">)[^<]{12,}')
AFTER_A_MARK = re.compile(r"(?<=[A-Za-z_)\]][_./(=])(?=\w)")


def keep_together(app, doctree, docname):
    for text in [node for node in doctree.findall(nodes.Text) if not isinstance(node.parent, CODE)]:
        if NUMBER_AND_UNIT.search(text):
            text.parent.replace(text, nodes.Text(NUMBER_AND_UNIT.sub(NO_BREAK_SPACE, text)))
    for formula in list(doctree.findall(nodes.math)):
        glue(formula)


def glue(formula: nodes.math) -> None:
    """Join a formula, or the emphasis that it ends, with the marks at its sides."""
    node = formula
    while isinstance(node.parent, nodes.Inline) and node.parent[-1] is node:
        node = node.parent
    before, after = marks(node, -1, OPENING), marks(node, 1, CLOSING)
    if not before and not after:
        return
    parent, place = node.parent, node.parent.index(node)
    together = nodes.inline(classes=["glued"])
    start, end = place - bool(before), place + 1 + bool(after)
    texts = [nodes.Text(parent[start].removesuffix(before))] if before else []
    rest = [nodes.Text(parent[end - 1].removeprefix(after))] if after else []
    parent[start:end] = [*texts, together, *rest]
    together += [nodes.Text(before), node, nodes.Text(after)]


def marks(node: nodes.Node, side: int, pattern: re.Pattern[str]) -> str:
    """The punctuation that touches the node at one side."""
    place = node.parent.index(node) + side
    neighbour = node.parent[place] if 0 <= place < len(node.parent) else None
    found = pattern.search(neighbour) if isinstance(neighbour, nodes.Text) else None
    return found[0] if found else ""


def write_code(app, pagename, templatename, context, doctree):
    body = CODE_TAG.sub(r'<\1 translate="no" dir="ltr" ', context.get("body") or "")
    context["body"] = LONG_NAME.sub(lambda name: AFTER_A_MARK.sub("<wbr>", name[0]), body)


def setup(app):
    app.connect("doctree-resolved", keep_together)
    app.connect("html-page-context", write_code)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
