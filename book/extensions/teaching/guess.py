"""A question with a few choices, which the reader answers before the page does.

    :::{guess} You lower $T$ from 1 to 0.5. Does the probability of cat double?
    :name: double
    :right: 2

    - It doubles
    - It grows, by less than that
    - It more than doubles

    It climbs from 0.591 to 0.839 …
    :::

The answer is folded. That of a chapter's opening guess stands below the live figure, which shows it: `page/guess.js`
unfolds it once the reader has guessed and used the figure. Without a script the choices are text and the fold a fold.

Why ours: no extension known to us asks before a figure and answers after it.
"""

from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from teaching.folding import fold, summary


class guess(nodes.General, nodes.Element):
    """Has a question, `choices`, and before the answer moves below the figure, its fold."""


class choices(nodes.General, nodes.Element):
    pass


class choice(nodes.General, nodes.TextElement):
    pass


class Guess(SphinxDirective):
    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar = {"name": directives.unchanged_required, "right": directives.nonnegative_int}

    def run(self):
        body = nodes.Element()
        self.state.nested_parse(self.content, self.content_offset, body)
        offered = [item.children for item in body[0].children] if isinstance(body[0], nodes.bullet_list) else []
        if "name" not in self.options or not 1 <= self.options.get("right", 0) <= len(offered) or len(body) < 2:
            raise self.error(
                "A guess needs :name:, a list of choices, :right: (the place of the right one) and an answer."
            )
        right = offered[self.options["right"] - 1][0].deepcopy()
        body[1][:0] = [nodes.strong("", "", *right.children), nodes.Text(". ")]
        question, _ = self.state.inline_text(self.arguments[0], self.lineno)
        name = f"guess-{self.options['name']}"
        asked = guess(
            "",
            nodes.paragraph("", "", *question, classes=["guess-question"]),
            choices("", *(choice("", "", *content[0].children) for content in offered)),
            fold("", summary("", "The answer"), *body[1:], classes=["guess-answer"], ids=[f"{name}-answer"]),
            ids=[name],
            right=self.options["right"],
        )
        return [asked]


class AnswerBelowFigure(SphinxPostTransform):
    """The figure shows what the opening guess asks for; the answer follows it."""

    default_priority = 1  # before MyST-NB replaces the cells' outputs

    def run(self, **kwargs):
        for asked in self.document.findall(guess):
            cell = figure_after(asked)
            if cell is not None:
                answer = asked.next_node(fold)
                asked.remove(answer)
                cell.parent.insert(cell.parent.index(cell) + 1, answer)


def figure_after(asked: guess):
    """The next folded cell, if the guess opens its page: stands before all sections."""
    page = asked.parent
    if not isinstance(page.parent, nodes.document):
        return None
    return next((cell for cell in page.findall(nodes.container) if "tag_hide-input" in cell["classes"]), None)


def visit_guess(translator, node):
    translator.body.append(translator.starttag(node, "div", CLASS="guess", **{"data-right": node["right"]}))


def depart_guess(translator, node):
    translator.body.append("</div>\n")


def visit_choices(translator, node):
    translator.body.append('<div class="guess-choices" role="group" aria-label="Your guess">')


def depart_choices(translator, node):
    shown = node.parent.next_node(fold) is None  # its answer stands below the figure
    invitation = "Choose one, then turn the figure." if shown else "Choose one to see the answer."
    translator.body.append(f'</div><p class="guess-said" role="status">{invitation}</p>\n')


def visit_choice(translator, node):
    translator.body.append('<button type="button" disabled aria-pressed="false">')


def depart_choice(translator, node):
    translator.body.append("</button>")


def add_own_calibration(app, pagename, templatename, context, doctree):
    if "own-calibration" in context.get("body", ""):
        app.add_js_file("page/own-calibration.js")


def setup(app):
    app.add_directive("guess", Guess)
    app.add_node(guess, html=(visit_guess, depart_guess))
    app.add_node(choices, html=(visit_choices, depart_choices))
    app.add_node(choice, html=(visit_choice, depart_choice))
    app.add_post_transform(AnswerBelowFigure)
    app.add_js_file("page/reader.js", priority=400)  # before those that use it
    app.add_js_file("page/guess.js")
    app.connect("html-page-context", add_own_calibration)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
