"""What exact zeros cost: digits whose true class a sparse relative of the softmax calls impossible."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .digits import split
from .networks import Network, adam, cross_entropy_to
from .stored import kept

TRAINING, EPOCHS = 1000, 30


class Answers(NamedTuple):
    """The logits for digits that were not learned from, a row a digit, and their true classes."""

    logits: NDArray[np.float64]
    labels: NDArray[np.intp]


@kept("some seconds")
def answers(seed: int) -> Answers:
    """One layer of weights, trained through the softmax on 1,000 digits of the seed, asked about the other 797."""
    rng = np.random.default_rng(seed)
    (seen, classes), (unseen, labels) = split(rng, TRAINING)
    network = Network((seen.shape[1], 10), rng)
    network.fit(seen, cross_entropy_to(classes), epochs=EPOCHS, rng=rng, step=adam(1e-2))
    return Answers(network.logits(unseen).astype(np.float64), labels)


def impossible(probabilities: ArrayLike, labels: ArrayLike) -> float:
    """The share of rows that give the true class a probability of exactly 0, so that its log-loss is infinite."""
    p, classes = np.asarray(probabilities), np.asarray(labels)
    if not len(p) or p.shape[:-1] != classes.shape:
        raise ValueError(
            f"labels must have one class a row, shape {p.shape[:-1]}, and a row at least, not {classes.shape}"
        )
    return float(np.mean(p[np.arange(len(p)), classes] == 0))
