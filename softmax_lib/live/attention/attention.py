"""One head of a language model looks back over a sentence: its dot products, and the weights that they become."""

import html
import json
import math
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import traitlets

from softmax_lib import entropy, softmax

from ..base.distribution import Temperature, bar_cell, minus, probability_text, still, temperature_text
from ..base.figure import SYNC, LiveFigure

KEPT = Path(__file__).with_name("heads.json")  # written by tools/attention_heads.py


@cache
def _kept() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(KEPT.read_text("utf-8"))
    return found


def load() -> tuple[list[str], dict[str, list[list[float]]]]:
    """Return a sentence's tokens, and by a head's name its dot products: a row a token, with each up to itself.

    The model is SmolLM2-135M-Instruct; its queries and keys have 64 numbers.

    >>> tokens, heads = load()
    >>> tokens[:4], heads["a name"][1]
    (['When', 'Anna', 'met', 'Tom'], [24.43, -2.55])
    """
    return _kept()["tokens"], {name: head["products"] for name, head in _kept()["heads"].items()}


class Attention(LiveFigure):
    """What a head of a language model looks at: the softmax of dot products at a temperature in units of √d.

    `query` is the place of the token that looks back, from 0; no token sees a later one.

    >>> figure = Attention(head="the token before")
    >>> figure.labels[-2], figure.weights[-2].round(2)
    ('book', np.float64(0.86))
    >>> Attention(temperature=0).weights.max()
    np.float64(1.0)
    """

    module = "attention/attention.mjs"
    title = "What a head looks at"
    moves = "choose a head and a token, drag the temperature"
    shared = ("temperature",)
    own = ("head", "query")

    labels = traitlets.List(traitlets.Unicode(), help="the tokens of the sentence").tag(**SYNC)
    heads = traitlets.Dict(help="by name: its layer, its head, its dot products").tag(**SYNC)
    size = traitlets.Int(help="d, the length of a query and of a key").tag(**SYNC)
    head = traitlets.Unicode("a name", help="the name of the one shown").tag(**SYNC)
    query = traitlets.Int(12, help="the place of the token that looks back, from 0").tag(**SYNC)
    temperature = Temperature(1.0, help="in units of √d").tag(**SYNC)
    program = traitlets.Unicode(
        "from softmax_lib import entropy, softmax\n"
        "from softmax_lib.live.attention import load\n"
        "tokens, heads = load()\n"
        "products = heads[{head}][{query}]  # q · k, with each token up to this one\n"
        "weights = softmax(products, {temperature} * {size}**0.5)\n"
        "print(tokens[{query}], weights, entropy(weights))"
    ).tag(**SYNC)

    @traitlets.default("labels")
    def _labels(self) -> list[str]:
        return list(_kept()["tokens"])

    @traitlets.default("heads")
    def _heads(self) -> dict[str, Any]:
        return dict(_kept()["heads"])

    @traitlets.default("size")
    def _size(self) -> int:
        return int(_kept()["size"])

    @traitlets.validate("head")
    def _one_that_is_kept(self, proposal: Any) -> Any:
        if proposal.value not in self.heads:
            raise traitlets.TraitError(f"head must be one of {', '.join(self.heads)}, not {proposal.value!r}")
        return proposal.value

    @traitlets.validate("query")
    def _a_token(self, proposal: Any) -> Any:
        if not 0 <= proposal.value < len(self.labels):
            raise traitlets.TraitError(f"query must be from 0 to {len(self.labels) - 1}, not {proposal.value}")
        return proposal.value

    @property
    def products(self) -> list[float]:
        """The dot products of the token's query with the keys up to its own."""
        row: list[float] = self.heads[self.head]["products"][self.query]
        return row

    @property
    def weights(self) -> np.ndarray:
        """What the token takes of each: their softmax at this temperature."""
        return softmax(self.products, self.temperature * math.sqrt(self.size))

    def fallback(self) -> str:
        p, shown = self.weights, self.heads[self.head]
        seen = [
            f"<td>{minus(f'{product:.1f}')}</td>{bar_cell(q)}<td>{probability_text(q)}</td>"
            for product, q in zip(self.products, p, strict=True)
        ]
        later = ["<td>later</td><td></td><td></td>"] * (len(self.labels) - len(seen))
        return still(
            self,
            f'<th scope="col">q · k</th><th scope="col" colspan="2">weight at T = {unit(self.temperature)}</th>',
            [*seen, *later],
            f"Head {shown['head']} of layer {shown['layer']}: {html.escape(self.head)}. "
            f"“{html.escape(self.labels[self.query])}” looks back, and leaves {probability_text(p[0])} on the first "
            f"token. The entropy is {entropy(p):.2f} nats.",
            first="token",
        )


def unit(temperature: float) -> str:
    """Return a temperature in units of √d as the figure writes it."""
    return "√d" if temperature == 1 else temperature_text(temperature) + "√d" * (0 < temperature < math.inf)
