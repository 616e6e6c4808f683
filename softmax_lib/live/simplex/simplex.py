"""Three classes, so that a distribution is a point in a triangle: relaxed draws, and three paths to a corner."""

import html
from typing import Any

import numpy as np
import traitlets

from softmax_lib import entmax

from ..base.distribution import DistributionFigure, bar_cell, minus, probability_text, temperature_text
from ..base.figure import SYNC
from ..mulberry32 import gumbel_noise

DRAWS, CLASSES = 500, 3
FUNCTIONS = {1.0: "softmax", 1.5: "1.5-entmax", 2.0: "sparsemax"}


class Simplex(DistributionFigure):
    """Softmax, 1.5-entmax or sparsemax of three logits at a temperature, and of 500 copies with Gumbel noise.

    >>> figure = Simplex(temperature=0.5, alpha=2)
    >>> figure.probabilities
    array([1., 0., 0.])
    >>> figure.largest, figure.zeros
    ([334, 101, 65], 493)
    """

    module = "simplex/simplex.mjs"
    title = "Triangle of three classes"
    moves = "drag the ring, a logit or the temperature"
    shared = ("temperature",)
    own = ("logits", "alpha", "seed")

    labels = traitlets.List(traitlets.Unicode(), ["cat", "dog", "owl"], help="names of the three classes").tag(**SYNC)
    alpha = traitlets.CFloat(1.0, help="1 for softmax, 1.5 for 1.5-entmax, 2 for sparsemax").tag(**SYNC)
    seed = traitlets.Int(1, min=0, max=2**32 - 1, help="of the noise; it decides the draws").tag(**SYNC)
    program = traitlets.Unicode(
        "import numpy as np\n"
        "from softmax_lib import entmax\n"
        "from softmax_lib.live import gumbel_noise\n"
        "logits, T, alpha = {logits}, {temperature}, {alpha}\n"
        "noise = gumbel_noise({seed} / 2**32, 1500).reshape(500, 3)\n"
        "p = entmax(logits, T, alpha=alpha)\n"
        "draws = entmax(logits + noise, T, alpha=alpha)\n"
        "largest = np.bincount((logits + noise).argmax(axis=1), minlength=3)\n"
        "print(p, draws.mean(axis=0), largest)"
    ).tag(**SYNC)

    def __init__(self, **state: Any) -> None:
        """Without logits, those of the book's first three animals."""
        super().__init__(**{"logits": [2.0, 1.0, 0.5], **state})

    @traitlets.validate("labels", "logits")
    def _three(self, proposal: Any) -> Any:
        if len(proposal.value) != CLASSES:
            raise traitlets.TraitError(
                f"labels and logits must be three, one a corner of the triangle, not {len(proposal.value)}"
            )
        return proposal.value

    @traitlets.validate("alpha")
    def _a_function(self, proposal: Any) -> Any:
        if proposal.value not in FUNCTIONS:
            raise traitlets.TraitError(f"alpha must be 1, 1.5 or 2, not {proposal.value:g}")
        return proposal.value

    @property
    def probabilities(self) -> np.ndarray:
        """What the chosen function makes of the logits at this temperature."""
        return entmax(self.logits, self.temperature, alpha=self.alpha)

    @property
    def noisy(self) -> np.ndarray:
        """The logits with Gumbel noise, a row a draw."""
        rows: np.ndarray = self.logits + gumbel_noise(self.seed / 2**32, DRAWS * CLASSES).reshape(DRAWS, CLASSES)
        return rows

    @property
    def draws(self) -> np.ndarray:
        """What the chosen function makes of them."""
        return entmax(self.noisy, self.temperature, alpha=self.alpha)

    @property
    def largest(self) -> list[int]:
        """In how many draws each class is the largest: at every temperature in the same."""
        counts: list[int] = np.bincount(self.noisy.argmax(axis=1), minlength=CLASSES).tolist()
        return counts

    @property
    def zeros(self) -> int:
        """How many draws give a class exactly 0."""
        return int((self.draws == 0).any(axis=1).sum())

    def fallback(self) -> str:
        temperature, p = temperature_text(self.temperature), self.probabilities
        left, right, upper = map(html.escape, self.labels)
        rows = (
            f"<td>{minus(f'{z:g}')}</td>{bar_cell(q)}<td>{probability_text(q)}</td><td>{count}</td>"
            for z, q, count in zip(self.logits, p, self.largest, strict=True)
        )
        return self._still(
            f'<th scope="col">logit</th><th scope="col" colspan="2">{FUNCTIONS[self.alpha]} at T = {temperature}</th>'
            f'<th scope="col">largest, of {DRAWS} draws</th>',
            rows,
            f"{self._picture()}At the left corner {left} is certain, at the right {right}, at the upper {upper}. "
            f"A dot is a draw, the ring is p, the cross the mean of the draws. {self.zeros} draws have an exact zero.",
        )

    def _picture(self) -> str:
        """Return the triangle as an SVG: the draws as dots, p as a ring, the mean of the draws as a cross."""
        dots = "".join(f"M{x:.3f} {y:.3f}h0" for x, y in map(place, self.draws))
        (x, y), (a, b) = place(self.probabilities), place(self.draws.mean(axis=0))
        return (
            '<svg class="lf-still-triangle" viewBox="-.05 -.05 1.1 .96" aria-hidden="true">'
            f'<path class="lf-edge" d="M0 .866H1L.5 0Z"/><path class="lf-dots" d="{dots}"/>'
            f'<path class="lf-mean" d="M{a - 0.03:.3f} {b:.3f}h.06M{a:.3f} {b - 0.03:.3f}v.06"/>'
            f'<circle class="lf-here" cx="{x:.3f}" cy="{y:.3f}" r=".035"/></svg>'
        )


def place(p: np.ndarray) -> tuple[float, float]:
    """Return where a distribution lies: the classes at the left, the right and the upper corner, y downwards."""
    return float(p[1] + p[2] / 2), float(0.75**0.5 * (1 - p[2]))
