"""Fold solutions, and what else is looked up rather than read, into `<details>`.

They work without a script, by keyboard and in print.

Why ours: sphinx-exercise and sphinx-togglebutton fold by a script.
"""

from docutils import nodes
from sphinx_exercise.nodes import exercise_enumerable_node, solution_node, solution_title

CONTENTS = {"exercise-content", "solution-content"}


class fold(nodes.General, nodes.Element):
    """Starts with its `summary`."""


class summary(nodes.General, nodes.TextElement):
    pass


def prepare(app, doctree, docname):
    for solution in doctree.findall(solution_node):
        solution[0] = solution_title("", solution[0].astext())  # its link would make the summary two controls
    for kind in (solution_node, exercise_enumerable_node):
        for node in doctree.findall(kind):
            unwrap_content(node)


def unwrap_content(node):
    """sphinx-exercise gives the same id to the content of every exercise of a page."""
    for section in [
        child for child in node.children if isinstance(child, nodes.section) and CONTENTS & {*child["ids"]}
    ]:
        section["ids"].clear()  # else docutils hands them on to the first child
        section.replace_self(section.children)


def visit_fold(translator, node):
    translator.body.append(translator.starttag(node, "details"))


def depart_fold(translator, node):
    translator.body.append("</details>\n")


def visit_summary(translator, node):
    translator.body.append("<summary>")


def depart_summary(translator, node):
    translator.body.append("</summary>\n")


def setup(app):
    app.setup_extension("sphinx_exercise")
    for kind in (solution_node, fold):
        app.add_node(kind, override=True, html=(visit_fold, depart_fold))
    for kind in (solution_title, summary):
        app.add_node(kind, override=True, html=(visit_summary, depart_summary))
    app.connect("doctree-resolved", prepare)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
