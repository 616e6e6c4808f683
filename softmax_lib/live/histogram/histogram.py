"""The histogram of many draws."""

from typing import Any

import numpy as np
import traitlets

from softmax_lib import pick

from ..base.distribution import DistributionFigure, bar_cell, probability_text
from ..base.figure import SYNC
from ..chi_squared import LIMITS
from ..mulberry32 import mulberry32

MOST = 1_000_000  # draws: where the scale of the error ends
STILL = 1000  # draws that the figure shows where no script can make them


class Histogram(DistributionFigure):
    """Draws that pour into bars until they fill the outline of the probabilities.

    The counts follow from the state: from the logits, the temperature, the seed and the number of draws.

    >>> histogram = Histogram(temperature=0.5, seed=7, draws=1000)
    >>> histogram.counts
    array([842, 105,  46,   7,   0])
    """

    module = "histogram/histogram.mjs"
    title = "Histogram of draws"
    moves = "draw, and the bars fill"
    own = ("seed", "draws")
    seed = traitlets.Int(3, min=0, max=2**32 - 1, help="of the draws; whatever clears the counts takes the next").tag(
        **SYNC
    )
    draws = traitlets.Int(0, min=0, max=MOST, help="made since the counts were cleared").tag(**SYNC)
    program = traitlets.Unicode(
        "import numpy as np\n"
        "from softmax_lib import pick, softmax\n"
        "from softmax_lib.live.mulberry32 import mulberry32\n"
        "probabilities = softmax({logits}, temperature={temperature})\n"
        "picks = pick(probabilities, np.fromiter(mulberry32({seed}), float, {draws}))\n"
        "print(probabilities, np.bincount(picks, minlength=len(probabilities)))"
    ).tag(**SYNC)

    @traitlets.validate("labels", "logits")
    def _one_label_a_logit(self, proposal: Any) -> Any:
        if len(proposal.value) > len(LIMITS) + 1:
            raise traitlets.TraitError(f"a histogram has at most {len(LIMITS) + 1} classes, not {len(proposal.value)}")
        return super()._one_label_a_logit(proposal)

    @property
    def counts(self) -> np.ndarray:
        """How often each class was drawn: what the figure shows."""
        return self._counts(self.draws)

    def _counts(self, draws: int) -> np.ndarray:
        picks = pick(self.probabilities, np.fromiter(mulberry32(self.seed), float, draws))
        return np.bincount(picks, minlength=len(self.labels))

    def fallback(self) -> str:
        draws = self.draws or STILL
        counts = self._counts(draws)
        rows = (
            f"<td>{probability_text(p)}</td>{bar_cell(count / draws)}<td>{count:,}</td>"
            for p, count in zip(self.probabilities, counts, strict=True)
        )
        error = abs(counts / draws - self.probabilities).max()
        return self._still(
            f'<th scope="col">p</th><th scope="col" colspan="2">in {draws:,} draws</th>',
            rows,
            f"The largest error of a share is {probability_text(error)}; 1/√n is {probability_text(draws**-0.5)}.",
        )
