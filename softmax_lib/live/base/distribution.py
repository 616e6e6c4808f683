"""The state that most figures share: named classes, their logits, and, for most, the temperature."""

import html
import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import traitlets

from softmax_lib import entropy, perplexity, softmax

from .figure import SYNC, LiveFigure

LOGIT_LIMIT = 5.0
T_MIN, T_MAX = 0.05, 20.0


class Logits(traitlets.List[float]):
    """One number a class, each from -5 to 5; any sequence or one-dimensional array."""

    def validate(self, obj: Any, value: Any) -> list[float]:
        try:
            logits = np.asarray(value, dtype=float)
        except (TypeError, ValueError):
            raise traitlets.TraitError(f"logits must be numbers, not {value!r}") from None
        if logits.ndim != 1 or logits.size == 0:
            raise traitlets.TraitError(f"logits must be a list of numbers, one a class, not {value!r}")
        if not (abs(logits) <= LOGIT_LIMIT).all():
            raise traitlets.TraitError(
                f"logits must lie from -{LOGIT_LIMIT:g} to {LOGIT_LIMIT:g}, not {logits.tolist()}"
            )
        return [float(z) for z in logits]


class Temperature(traitlets.CFloat[float, Any]):
    """0, 0.05 to 20, or infinity."""

    def validate(self, obj: Any, value: Any) -> float:
        temperature = float(super().validate(obj, value))
        if temperature in (0, math.inf) or T_MIN <= temperature <= T_MAX:
            return temperature
        raise traitlets.TraitError(
            f"temperature must be 0, from {T_MIN:g} to {T_MAX:g}, or math.inf, not {temperature}"
        )


class LogitFigure(LiveFigure):
    """A figure of named classes and their logits."""

    labels = traitlets.List(traitlets.Unicode(), ["cat", "dog", "owl", "fox", "bee"], help="names of the classes").tag(
        **SYNC
    )
    logits = Logits(traitlets.Float(), [2.0, 1.0, 0.5, -0.5, -2.0]).tag(**SYNC)
    shared: tuple[str, ...] = ("logits",)

    def __init__(self, **state: Any) -> None:
        """Logits that come without labels get plain ones."""
        count = np.size(state.get("logits", self.logits))
        if count != len(self.labels):
            state.setdefault("labels", [f"class {number}" for number in range(count)])
        super().__init__(**state)

    @traitlets.validate("labels", "logits")
    def _one_label_a_logit(self, proposal: Any) -> Any:
        labels, logits = (
            proposal.value if proposal.trait.name == name else getattr(self, name) for name in ("labels", "logits")
        )
        if len(labels) != len(logits):
            raise traitlets.TraitError(
                f"there are {len(labels)} labels and {len(logits)} logits: give one label a logit "
                "(to change both, assign them inside `with figure.hold_trait_notifications():`)"
            )
        return proposal.value

    @property
    def probabilities(self) -> np.ndarray:
        """The probability of each class."""
        return softmax(self.logits)

    def _still(self, head: str, rows: Iterable[str], words: str) -> str:
        return still(self, head, rows, words)

    def _style(self) -> str:
        return f"--rows:{len(self.labels)}"


class DistributionFigure(LogitFigure):
    """A figure of softmax(logits, temperature)."""

    temperature = Temperature(1.0).tag(**SYNC)
    shared: tuple[str, ...] = ("logits", "temperature")
    moves = "drag a logit or the temperature"

    @property
    def probabilities(self) -> np.ndarray:
        """The probability of each class."""
        return softmax(self.logits, self.temperature)

    @property
    def entropy(self) -> float:
        """The entropy of the probabilities in nats."""
        return float(entropy(self.probabilities))

    def fallback(self) -> str:
        temperature = temperature_text(self.temperature)
        rows = (
            f"<td>{minus(f'{z:g}')}</td>{bar_cell(p)}<td>{probability_text(p)}</td>"
            for z, p in zip(self.logits, self.probabilities, strict=True)
        )
        return self._still(
            f'<th scope="col">logit</th><th scope="col" colspan="2">probability at T = {temperature}</th>',
            rows,
            f"At T = {temperature} the entropy is {self.entropy:.2f} nats = {self.entropy / math.log(2):.2f} bits: "
            f"as uncertain as {perplexity(self.probabilities):.2f} equally likely classes.",
        )


def still(figure: Any, head: str, rows: Iterable[str], words: str, *, first: str = "class") -> str:
    """Return a card with one row a label."""
    named = "".join(
        f'<tr><th scope="row">{html.escape(label)}</th>{row}</tr>'
        for label, row in zip(figure.labels, rows, strict=True)
    )
    return card(figure, f'<th scope="col">{first}</th>{head}', named, words)


def card(figure: Any, head: str, body: str, words: str) -> str:
    """Return the card that stands where no script runs: a table, a paragraph, and the figure as Python."""
    return (
        f'<div class="lf lf-still" role="group" aria-label="{html.escape(figure.title)}"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table><p>{words}</p>"
        f"<details><summary>Show as Python</summary><pre><code>{html.escape(figure.as_python())}</code></pre></details>"
        f"<p><noscript>With JavaScript, this figure moves: {figure.moves}.</noscript></p></div>"
    )


def bar_cell(p: float) -> str:
    """Return the cell of a table that shows a probability as a bar."""
    return f'<td class="lf-bar"><i style="--p:{p:.6g}"></i></td>'


def temperature_text(temperature: float) -> str:
    """Return a temperature as the figures write it."""
    return "∞" if temperature == math.inf else f"{temperature:g}"


def probability_text(p: float) -> str:
    """Return a probability as the figures write it: small ones as they are, 0 and 1 bare only when exact."""
    if p in (0, 1):
        return f"{p:g}"
    if p >= 1e-4:
        return f"{p:.3f}" if p >= 1e-3 else f"{p:.4f}"
    return minus(np.format_float_scientific(p, precision=1, unique=False, exp_digits=1))


def minus(text: str) -> str:
    """Return a number with the sign that is as wide as a plus."""
    return text.replace("-", "−")
