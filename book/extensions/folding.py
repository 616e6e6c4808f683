"""Fold the solutions of exercises into `<details>`, which work without a script, by keyboard and in print."""

from sphinx_exercise.nodes import solution_node, solution_title


def visit_solution(translator, node):
    translator.body.append(translator.starttag(node, "details"))


def depart_solution(translator, node):
    translator.body.append("</details>\n")


def visit_title(translator, node):
    translator.body.append("<summary>")


def depart_title(translator, node):
    translator.body.append("</summary>\n")


def setup(app):
    app.setup_extension("sphinx_exercise")
    app.add_node(solution_node, override=True, html=(visit_solution, depart_solution))
    app.add_node(solution_title, override=True, html=(visit_title, depart_title))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
