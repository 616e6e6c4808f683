"""What the heads of the language model attend to, and what it foretells when all of them are colder or hotter.

Without the model's wheel the same numbers come from a record, as in text_generation.py.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_lib import cross_entropy, entropy, softmax

from .language_model import Floats, LanguageModel
from .stored import kept
from .text_generation import AFTER, measured, windows

COMPARED = (0.5, 1.0, 2.0)  # temperatures of a head whose entropies are compared, in units of √d
HEATS = (0.5, 1.0, 1.2, 2.0)  # of all heads at once, in units of √d


class Heads(NamedTuple):
    """What each head does in pieces of the encyclopaedia, all but their first token: (pieces, layers, heads)."""

    spread: NDArray[Any]  # the standard deviation of a token's dot products, in units of √d
    first: NDArray[Any]  # what a token leaves on the first
    entropy: NDArray[Any]  # (pieces, COMPARED, layers, heads), in nats


class Heated(NamedTuple):
    """How well the model foretells the same pieces with all heads at each of HEATS: (pieces, HEATS)."""

    nll: NDArray[Any]


@cache
@kept("a moment, from the record")
def heads() -> Heads:
    return measured(Heads, observe)


@cache
@kept("a moment, from the record")
def heated() -> Heated:
    return measured(Heated, foretell)


def observe(model: LanguageModel) -> Heads:
    with ThreadPoolExecutor(2) as pool:  # a product uses one core: two readings use both
        each = pool.map(lambda piece: summary(model.dot_products(piece), model.size), windows(model))
        return Heads(*map(np.stack, zip(*each, strict=True)))


def summary(layers: list[Floats], size: int) -> Heads:
    """Of one text: the entries of `Heads` without their first axis."""
    products, unit = np.array(layers)[:, :, 1:], math.sqrt(size)  # the first token sees itself alone
    seen = np.isfinite(products)
    count = seen.sum(axis=-1)
    mean = np.where(seen, products, 0).sum(axis=-1) / count
    squares = np.where(seen, products - mean[..., None], 0) ** 2
    spread = np.sqrt((squares.sum(axis=-1) / count).mean(axis=-1)) / unit
    first = softmax(products, unit)[..., 0].mean(axis=-1)
    return Heads(spread, first, np.stack([entropy(softmax(products, heat * unit)).mean(axis=-1) for heat in COMPARED]))


def foretell(model: LanguageModel, heats: tuple[float, ...] = HEATS) -> Heated:
    """The last tokens of each piece are foretold, given at least those before them."""
    pieces = windows(model)
    targets = pieces[:, -AFTER:]

    def losses(heat: float) -> NDArray[Any]:
        logits = replace(model, heat=heat).logits(pieces[:, :-1], last=AFTER)
        return np.asarray(cross_entropy(logits, targets).mean(axis=1))

    with ThreadPoolExecutor(2) as pool:
        return Heated(np.stack(list(pool.map(losses, heats)), axis=1))


MEASUREMENTS: tuple[Callable[[], Any], ...] = (heads, heated)
