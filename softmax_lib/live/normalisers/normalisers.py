"""Three ways to turn scores into numbers that sum to 1, two of which fail."""

import math
from typing import Any

import numpy as np
import traitlets

from ..base.distribution import LogitFigure, minus, probability_text
from ..base.figure import SYNC

SHIFT_MIN, SHIFT_MAX = -5.0, 10.0


class Shift(traitlets.CFloat[Any, Any]):
    """A number from -5 to 10 that is added to every logit; None adds what makes the smallest logit 0."""

    def validate(self, obj: Any, value: Any) -> Any:
        shift = super().validate(obj, value)
        if shift is None or SHIFT_MIN <= shift <= SHIFT_MAX:
            return shift
        raise traitlets.TraitError(
            f"shift must be from {SHIFT_MIN:g} to {SHIFT_MAX:g}, or None for the minimum, not {shift}"
        )


class Normalisers(LogitFigure):
    """The same logits divided by their sum, shifted and then divided, and through the softmax.

    >>> figure = Normalisers(logits=[2, -1], labels=["cat", "dog"], shift=2)
    >>> figure.divided, figure.shifted, figure.probabilities.round(3)
    (array([ 2., -1.]), array([0.8, 0.2]), array([0.953, 0.047]))
    """

    module = "normalisers/normalisers.mjs"
    title = "Three normalisers"
    moves = "drag a logit or the shift"
    own = ("shift",)
    shift = Shift(None, allow_none=True, help="what is added before dividing; None for the minimum").tag(**SYNC)
    program = traitlets.Unicode(
        "import numpy as np\n"
        "from softmax_lib import softmax\n"
        "z, shift = np.array({logits}), {shift}\n"
        "shifted = z - z.min() if shift is None else z + shift\n"
        "print(z / z.sum(), shifted / shifted.sum(), softmax(z))"
    ).tag(**SYNC)

    @property
    def divided(self) -> np.ndarray:
        """Each logit divided by their sum."""
        return shares(self.logits)

    @property
    def added(self) -> float:
        """What is added to every logit before dividing."""
        return -min(self.logits) if self.shift is None else self.shift

    @property
    def shifted(self) -> np.ndarray:
        """Each logit plus the shift, divided by the sum of these."""
        return shares([z + self.added for z in self.logits])

    def fallback(self) -> str:
        columns = zip(self.logits, self.divided, self.shifted, self.probabilities, strict=True)
        rows = (
            f"<td>{minus(f'{z:g}')}</td><td>{share_text(divided)}</td><td>{share_text(shifted)}</td>"
            f"<td>{probability_text(p)}</td>"
            for z, divided, shifted, p in columns
        )
        return self._still(
            '<th scope="col">logit</th><th scope="col">divided by the sum</th>'
            f'<th scope="col">plus {minus(f"{self.added:g}")}, then divided</th><th scope="col">softmax</th>',
            rows,
            "A probability lies between 0 and 1. Dividing by the sum breaks that as soon as signs differ; "
            "shifting first gives another answer for every shift; the softmax always works.",
        )


def shares(values: list[float]) -> np.ndarray:
    """Return each value over the sum of all; NaN if that is 0, in decimals: 0.1 + 0.2 - 0.3 is 0 here."""
    plain = np.round(values, 12)
    total = round(float(plain.sum()), 12)
    return plain / total if total else np.full(len(plain), math.nan)


def share_text(share: float) -> str:
    """Return a share, which need not be a probability, as the figure writes it."""
    return "÷ 0" if math.isnan(share) else ("−" if share < 0 else "") + probability_text(abs(share))
