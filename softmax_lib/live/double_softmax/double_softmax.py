"""What a softmax too many does to the gradients."""

from typing import Any

import numpy as np
import traitlets

from softmax_lib import cross_entropy, cross_entropy_gradient

from ..base.distribution import LogitFigure, minus, probability_text
from ..base.figure import SYNC


class DoubleSoftmax(LogitFigure):
    """The gradient of the cross-entropy, and that of a loss that is given probabilities and takes them for logits.

    >>> figure = DoubleSoftmax(logits=[10 - 5, -5], labels=["cat", "dog"], target=1)
    >>> figure.gradient.round(3), figure.doubled_gradient.round(6)
    (array([ 1., -1.]), array([ 6.6e-05, -6.6e-05]))
    >>> round(figure.loss, 3), round(figure.doubled_loss, 3)
    (10.0, 1.313)
    """

    module = "double_softmax/double_softmax.mjs"
    title = "A softmax too many"
    moves = "drag a logit, or choose another true class"
    own = ("target",)
    target = traitlets.Int(help="the true class").tag(**SYNC)
    program = traitlets.Unicode(
        "from softmax_lib import cross_entropy, cross_entropy_gradient, softmax\n"
        "logits, target = {logits}, {target}\n"
        "p = softmax(logits)\n"
        "right = cross_entropy_gradient(logits, target)\n"
        "outer = cross_entropy_gradient(p, target)\n"
        "doubled = p * (outer - p @ outer)\n"
        "print(cross_entropy(logits, target), right)\n"
        "print(cross_entropy(p, target), doubled)"
    ).tag(**SYNC)

    @traitlets.default("target")
    def _target(self) -> int:
        return min(2, len(self.labels) - 1)

    @traitlets.validate("target")
    def _a_class(self, proposal: traitlets.Bunch) -> Any:
        if not 0 <= proposal.value < len(self.labels):
            raise traitlets.TraitError(f"target must be a class from 0 to {len(self.labels) - 1}, not {proposal.value}")
        return proposal.value

    @property
    def loss(self) -> float:
        """The cross-entropy of the logits."""
        return float(cross_entropy(self.logits, self.target))

    @property
    def gradient(self) -> np.ndarray:
        """Its derivative by each logit: p - y."""
        return cross_entropy_gradient(self.logits, self.target)

    @property
    def doubled_loss(self) -> float:
        """The cross-entropy of the probabilities, taken for logits."""
        return float(cross_entropy(self.probabilities, self.target))

    @property
    def doubled_gradient(self) -> np.ndarray:
        """Its derivative by each logit."""
        p = self.probabilities
        outer = cross_entropy_gradient(p, self.target)
        gradient: np.ndarray = p * (outer - p @ outer)
        return gradient

    @property
    def floor(self) -> float:
        """Below this the doubled loss cannot fall."""
        return float(np.log(np.e + len(self.labels) - 1) - 1)

    def fallback(self) -> str:
        columns = zip(self.logits, self.gradient, self.doubled_gradient, strict=True)
        rows = (f"<td>{minus(f'{z:g}')}</td><td>{signed(g)}</td><td>{signed(d)}</td>" for z, g, d in columns)
        return self._still(
            '<th scope="col">logit</th><th scope="col">right gradient</th><th scope="col">doubled gradient</th>',
            rows,
            f"The true class is {self.labels[self.target]}. The right loss is {self.loss:.3f}. With a softmax too many "
            f"it is {self.doubled_loss:.3f}, and never below {self.floor:.3f}.",
        )


def signed(x: float) -> str:
    """Return a number that may be negative as the figure writes it."""
    return ("−" if x < 0 else "+" if x > 0 else "") + probability_text(abs(x))
