"""The reliability diagram: are predictions right as often as they are sure?"""

import math
from functools import cache
from itertools import islice
from typing import Any

import numpy as np
import traitlets
from numpy.typing import NDArray

from softmax_lib import brier_score, cross_entropy, fit_temperature, sample, softmax

from ..base.distribution import Temperature, bar_cell, card, probability_text, temperature_text
from ..base.figure import SYNC, LiveFigure
from ..mulberry32 import mulberry32

BINS = 15
PERFECT = 40  # perfect models that the figure compares with
SEED = 7  # of their labels


class Rows(traitlets.List[Any]):
    """Logits with one row an example and one column a class, kept to two decimals."""

    def validate(self, obj: Any, value: Any) -> list[list[float]]:
        try:
            rows = np.asarray(value, dtype=float)
        except (TypeError, ValueError):
            raise traitlets.TraitError("logits must be rows of numbers, all of the same length") from None
        if rows.ndim != 2 or len(rows) == 0 or rows.shape[1] < 2:
            raise traitlets.TraitError(
                f"logits must have at least one row and two columns, one a class, not shape {rows.shape}"
            )
        if not np.isfinite(rows).all():
            raise traitlets.TraitError("logits must be finite numbers: this figure does not draw NaN or infinity")
        rounded: list[list[float]] = (rows.round(2) + 0.0).tolist()
        return rounded


class Classes(traitlets.List[Any]):
    """The true class of each example, counted from 0."""

    def validate(self, obj: Any, value: Any) -> list[int]:
        classes = np.asarray(value)
        if classes.ndim != 1 or not np.issubdtype(classes.dtype, np.integer):
            raise traitlets.TraitError(f"labels must be whole numbers, one an example, not {value!r:.60}")
        listed: list[int] = classes.tolist()
        return listed


def _to_hundredths(rows: list[list[float]], _: object = None) -> list[list[int]]:
    return [[round(100 * z) for z in row] for row in rows]


def _from_hundredths(rows: list[list[int]], _: object = None) -> list[list[float]]:
    return [[z / 100 for z in row] for row in rows]


@cache
def made_up(seed: int = 0) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Logits and classes of a model that never was: its logits are twice as large as they should be."""
    rng = np.random.default_rng(seed)
    logits = (4 * rng.normal(size=(300, 4))).round(2)
    return logits, sample(softmax(logits, 2), rng=rng)


class Reliability(LiveFigure):
    """Accuracy against confidence in 15 bins, and what a temperature does to the gap.

    Prediction and accuracy are the same at every temperature. At infinity, where all classes tie, they stay those
    of every finite temperature. Logits are kept to two decimals.

    >>> figure = Reliability(temperature=2)
    >>> round(figure.accuracy, 3), round(figure.mean_confidence, 3), round(figure.error, 3)
    (0.637, 0.668, 0.065)
    """

    module = "reliability/reliability.mjs"
    title = "Reliability diagram"
    moves = "drag the temperature, and the bars follow"
    shared = ("temperature",)
    temperature = Temperature(1.0).tag(**SYNC)
    logits = Rows(help="of each example, one column a class").tag(
        sync=True, to_json=_to_hundredths, from_json=_from_hundredths
    )
    labels = Classes(help="the true class of each example").tag(sync=True)
    fitted = Temperature(help="the temperature of the last stop").tag(**SYNC)
    source = traitlets.Unicode(help="the Python that gives `logits` and `labels`")

    @traitlets.default("logits")
    def _logits(self) -> list[list[float]]:
        return [list(map(float, row)) for row in made_up()[0]]

    @traitlets.default("labels")
    def _labels(self) -> list[int]:
        return [int(k) for k in made_up()[1]]

    @traitlets.default("fitted")
    def _fitted(self) -> float:
        return round(fit_temperature(*made_up(1)), 2)

    @traitlets.default("source")
    def _source(self) -> str:
        if (self.logits, self.labels) == (self._logits(), self._labels()):
            return "from softmax_lib.live.reliability import made_up\nlogits, labels = made_up()"
        return f"import numpy as np\nlogits = np.array({self.logits})\nlabels = {self.labels}"

    @traitlets.default("program")
    def _program(self) -> str:
        return (
            "from softmax_lib import cross_entropy, expected_calibration_error, softmax\n"
            f"{self.source}\n"
            "T = min({temperature}, 1e9)  # short of infinity, where all classes tie\n"
            "error = expected_calibration_error(softmax(logits, T), labels)\n"
            "print(error, cross_entropy(logits, labels, T).mean())"
        )

    @traitlets.validate("logits", "labels")
    def _one_label_a_row(self, proposal: Any) -> Any:
        logits, labels = (
            proposal.value if proposal.trait.name == name else getattr(self, name) for name in ("logits", "labels")
        )
        if len(logits) != len(labels):
            raise traitlets.TraitError(
                f"there are {len(logits)} rows of logits and {len(labels)} labels: give one label a row "
                "(to change both, assign them inside `with figure.hold_trait_notifications():`)"
            )
        classes = len(logits[0])
        if wrong := [k for k in labels if not 0 <= k < classes]:
            raise traitlets.TraitError(f"labels must lie from 0 to {classes - 1}, the last column, not {wrong[0]}")
        return proposal.value

    @property
    def probabilities(self) -> NDArray[np.floating[Any]]:
        """The probabilities of each example."""
        return softmax(self.logits, self.temperature)

    @property
    def confidence(self) -> NDArray[np.floating[Any]]:
        """The largest probability of each example."""
        largest: NDArray[np.floating[Any]] = self.probabilities.max(axis=1)
        return largest

    @property
    def right(self) -> NDArray[np.bool_]:
        """Whether the largest logit of each example, the first if tied, is that of its true class."""
        hits: NDArray[np.bool_] = np.argmax(self.logits, axis=1) == np.asarray(self.labels)
        return hits

    @property
    def accuracy(self) -> float:
        """How often the prediction is right."""
        return float(self.right.mean())

    @property
    def mean_confidence(self) -> float:
        """How sure the predictions are on average."""
        return float(self.confidence.mean())

    @property
    def curve(self) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        """Mean confidence, accuracy and number of examples of each bin; NaN where a bin is empty."""
        where = self._bins()
        count = np.bincount(where, minlength=BINS)
        with np.errstate(invalid="ignore"):
            return (
                np.bincount(where, self.confidence, BINS) / count,
                np.bincount(where, self.right, BINS) / count,
                count,
            )

    @property
    def reach(self) -> NDArray[Any]:
        """Two standard errors of the accuracy that a perfect model has in each bin."""
        where, c = self._bins(), self.confidence
        with np.errstate(invalid="ignore"):
            spread: NDArray[Any] = np.sqrt(np.bincount(where, c * (1 - c), BINS)) / np.bincount(where, minlength=BINS)
        return 2 * spread

    @property
    def error(self) -> float:
        """The expected calibration error."""
        confidence, accuracy, count = self.curve
        return float(np.nansum(count * abs(accuracy - confidence)) / count.sum())

    @property
    def perfect_errors(self) -> NDArray[np.float64]:
        """The expected calibration errors of perfect models, right exactly as often as they are sure."""
        c, where = self.confidence, self._bins()
        n = len(c)
        uniforms = np.fromiter(islice(mulberry32(SEED), PERFECT * n), float).reshape(PERFECT, n)
        gaps = [np.bincount(where, c - (u < c), BINS) for u in uniforms]
        errors: NDArray[np.float64] = abs(np.array(gaps)).sum(axis=1) / n
        return errors

    @property
    def nll(self) -> float:
        """The mean cross-entropy in nats."""
        return float(cross_entropy(self.logits, self.labels, self.temperature).mean())

    @property
    def brier(self) -> float:
        """The mean squared distance between the probabilities and what happened."""
        return brier_score(self.probabilities, self.labels)

    def _bins(self) -> NDArray[np.intp]:
        """The bin of each example: those with a confidence in (b/15, (b + 1)/15] are in bin b."""
        return np.searchsorted(np.arange(1, BINS) / BINS, self.confidence)

    def fallback(self) -> str:
        rows = "".join(
            f'<tr><th scope="row">{b / BINS:.2f}–{(b + 1) / BINS:.2f}</th>'
            f"<td>{count}</td><td>{probability_text(sure)}</td>{bar_cell(hits)}<td>{probability_text(hits)}</td></tr>"
            for b, (sure, hits, count) in enumerate(zip(*self.curve, strict=True))
            if count
        )
        nll = "infinite" if math.isinf(self.nll) else f"{self.nll:.3f}"
        head = (
            '<th scope="col" style="width:5.8em">confidence</th><th scope="col">examples</th>'
            '<th scope="col">mean confidence</th><th scope="col" colspan="2">accuracy</th>'
        )
        words = (
            f"At T = {temperature_text(self.temperature)} the model is right in {probability_text(self.accuracy)} of "
            f"{len(self.labels)} cases, at every T the same, "
            f"and {probability_text(self.mean_confidence)} sure on average. "
            f"ECE {probability_text(self.error)}; a perfect model would have about "
            f"{probability_text(float(self.perfect_errors.mean()))}. NLL {nll}, Brier score {self.brier:.3f}. "
            f"The temperature fitted on other examples is {temperature_text(self.fitted)}."
        )
        return card(self, head, rows, words)
