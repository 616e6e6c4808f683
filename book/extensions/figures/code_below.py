"""A live figure comes first, the code that makes it below.

Why ours: MyST-NB folds a cell's code above its outputs only.
"""

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode, HideInputCells
from sphinx.transforms.post_transforms import SphinxPostTransform


class CodeBelowFigure(SphinxPostTransform):
    default_priority = HideInputCells.default_priority + 1

    def run(self, **kwargs):
        for cell in self.document.findall(nodes.container):
            if "tag_hide-input" in cell["classes"] and isinstance(cell[0], HideCodeCellNode):
                cell.append(cell.pop(0))


def setup(app):
    app.add_post_transform(CodeBelowFigure)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
