"""From logits to probabilities."""

from typing import Any

import traitlets

from ..base.distribution import LogitFigure, bar_cell, minus, probability_text
from ..base.figure import SYNC


class Probabilities(LogitFigure):
    """Logits to drag at T = 1; their exponentials, the probabilities, and how many times one class is as likely as
    another.

    >>> figure = Probabilities(logits=[2, 0], labels=["cat", "dog"])
    >>> figure.probabilities.round(3), round(figure.ratio, 3)
    (array([0.881, 0.119]), 7.389)
    """

    module = "probabilities/probabilities.mjs"
    title = "Probabilities"
    moves = "drag a logit, or compare two other classes"
    own = ("first", "second")
    first = traitlets.Int(0, help="the class that is compared").tag(**SYNC)
    second = traitlets.Int(help="the class that it is compared with").tag(**SYNC)
    program = traitlets.Unicode(
        "from softmax_lib import softmax\n"
        "probabilities = softmax({logits})\n"
        "print(probabilities, probabilities[{first}] / probabilities[{second}])"
    ).tag(**SYNC)

    @traitlets.default("second")
    def _second(self) -> int:
        return min(1, len(self.labels) - 1)

    @traitlets.validate("first", "second")
    def _a_class(self, proposal: traitlets.Bunch) -> Any:
        if not 0 <= proposal.value < len(self.labels):
            raise traitlets.TraitError(
                f"{proposal.trait.name} must be a class from 0 to {len(self.labels) - 1}, not {proposal.value}"
            )
        return proposal.value

    @property
    def ratio(self) -> float:
        """How many times as likely the first class is as the second."""
        return float(self.probabilities[self.first] / self.probabilities[self.second])

    def fallback(self) -> str:
        rows = (
            f"<td>{minus(f'{z:g}')}</td>{bar_cell(p)}<td>{probability_text(p)}</td>"
            for z, p in zip(self.logits, self.probabilities, strict=True)
        )
        first, second = self.labels[self.first], self.labels[self.second]
        gap = self.logits[self.first] - self.logits[self.second]
        return self._still(
            '<th scope="col">logit</th><th scope="col" colspan="2">probability</th>',
            rows,
            f"The gap of {minus(f'{gap:g}')} from {second} to {first} makes {first} "
            f"{self.ratio:.4g} times as likely as {second}.",
        )
