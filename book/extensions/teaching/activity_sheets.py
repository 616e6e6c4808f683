"""sheets/NAME.html: one page of A4 for each chapter with a figure, with room to write in.

Its question, opening guess, tries and first exercises are the chapter's own, without answers; a QR code opens the
chapter where its address is known. {sheet}`NAME` links to it.

Why ours: no extension known to us makes sheets of chapters.
"""

import json
import re
import subprocess
from html import unescape
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxRole
from sphinx_exercise.nodes import is_exercise_node

from chapters.mathematics import NODE
from teaching.guess import choice, guess

EXERCISES = 2
FIGURE = re.compile(r'<live-figure [^>]*module="([\w-]+)/[\w-]+\.mjs" state="([^"]*)"')


class Sheet(SphinxRole):
    def run(self):
        return [nodes.reference("", "Activity sheet", refuri=f"../sheets/{self.text}.html", internal=True)], []


def sheets(app) -> dict[str, dict]:
    if not hasattr(app, "activity_sheets"):
        app.activity_sheets = {}
    return app.activity_sheets


def remember(app, pagename, templatename, context, doctree):
    figure = FIGURE.search(context.get("body") or "")
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
        "address": base and f"{base}{pagename}.html",
        "folder": figure[1],
        "state": json.loads(unescape(figure[2])),
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


def add_parts(app) -> None:
    """What the modules of the figures ask to try, and QR codes: see sheet_parts.mjs."""
    places = {"live": "softmax_lib/live", "uqr": "book/assets/parts/uqr/uqr.mjs"}
    wanted = ("folder", "state", "address")
    task = {name: Path(app.confdir, place).as_uri() for name, place in places.items()}
    task["sheets"] = [{key: sheet[key] for key in wanted} for sheet in sheets(app).values()]
    script = Path(__file__).parent / "sheet_parts.mjs"
    done = subprocess.run([NODE, script], input=json.dumps(task), stdout=subprocess.PIPE, text=True, check=True)
    for sheet, parts in zip(sheets(app).values(), json.loads(done.stdout), strict=True):
        sheet.update(parts)


def collect(app):
    add_parts(app)
    for name, sheet in sorted(sheets(app).items()):
        yield f"sheets/{name}", sheet, "sheet.html"


def setup(app):
    app.add_role("sheet", Sheet())
    app.connect("html-page-context", remember)
    app.connect("html-collect-pages", collect)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
