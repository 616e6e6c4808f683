"""sheets/NAME.html: one page of A4 for each chapter with a figure, with room to write in.

Its question, opening guess and first exercises are the chapter's own, without answers. {sheet}`NAME` links to it.

Why ours: no extension known to us makes sheets of chapters.
"""

from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxRole
from sphinx_exercise.nodes import is_exercise_node

from figures.bare_figures import MODULE
from teaching.guess import choice, guess

EXERCISES = 2


class Sheet(SphinxRole):
    def run(self):
        return [nodes.reference("", "Activity sheet", refuri=f"../sheets/{self.text}.html", internal=True)], []


def sheets(app) -> dict[str, dict]:
    if not hasattr(app, "activity_sheets"):
        app.activity_sheets = {}
    return app.activity_sheets


def remember(app, pagename, templatename, context, doctree):
    figure = MODULE.search(context.get("body") or "")
    if not (doctree and figure):
        return
    asked = next(doctree.findall(guess), None)
    question = next((node for node in doctree.findall(nodes.paragraph) if "question" in node["classes"]), None)
    if not (asked and question):
        return
    exercises = [*doctree.findall(is_exercise_node)][:EXERCISES]
    base = app.config.html_baseurl
    sheets(app)[Path(pagename).name] = {
        "title": app.env.titles[pagename].astext(),
        "question": on_paper(app, question),
        "guess": on_paper(app, asked[0]),
        "choices": [on_paper(app, nodes.inline("", "", *offered.deepcopy())) for offered in asked.findall(choice)],
        "exercises": [on_paper(app, plain(app, pagename, exercise)) for exercise in exercises],
        "figure_address": base and f"{base}figures/{figure[1]}.html",
    }


def plain(app, pagename: str, exercise: nodes.Element) -> nodes.container:
    """Number, title and text, of nodes that docutils knows."""
    number = ".".join(map(str, app.env.toc_fignumbers[pagename]["exercise"][exercise["label"]]))
    title, *content = exercise.deepcopy().children
    return nodes.container("", nodes.rubric("", f"Exercise {number}", *title.children), *content)


def on_paper(app, node: nodes.Element) -> str:
    """As HTML without links, which paper cannot follow, and without names, which belong to the chapter."""
    copied = node.deepcopy()
    for link in [*copied.findall(nodes.reference)]:
        link.replace_self(nodes.inline("", "", *link.children))
    for part in copied.findall(nodes.Element):
        part["ids"] = []
    return app.builder.render_partial(copied)["fragment"]


def collect(app):
    for name, sheet in sorted(sheets(app).items()):
        yield f"sheets/{name}", sheet, "sheet.html"


def setup(app):
    app.add_role("sheet", Sheet())
    app.connect("html-page-context", remember)
    app.connect("html-collect-pages", collect)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
