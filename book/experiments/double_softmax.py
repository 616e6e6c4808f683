"""A softmax too many: probabilities given to a loss that expects logits, and what training makes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from softmax_lib import cross_entropy, cross_entropy_gradient, softmax

from .digits import Set, split
from .networks import Floats, LogitGradient, Network, Step, adam, cross_entropy_to, descent
from .stored import kept

TRAINING_SET, SIZES = 1000, (64, 64, 10)
SHUFFLE = 1  # the seed of the order in which the digits come


def doubled_cross_entropy(logits: ArrayLike, classes: ArrayLike) -> Any:
    """The loss, one a row, of an outer softmax that takes the probabilities for logits."""
    return cross_entropy(softmax(logits), classes)


def doubled_gradient(logits: ArrayLike, classes: ArrayLike) -> Floats:
    """Its derivative by the logits: p ⊙ (δ − p·δ), with δ = softmax(p) − y sent back by the outer loss."""
    p = softmax(logits)
    outer = cross_entropy_gradient(p, classes)
    gradient: Floats = p * (outer - np.sum(p * outer, axis=-1, keepdims=True))
    return gradient


def doubled_range(classes: int) -> tuple[float, float]:
    """The least and the largest loss that an outer softmax can report: its logits lie between 0 and 1."""
    if classes < 2:
        raise ValueError(f"classes must be at least 2, not {classes}: one class leaves nothing to predict")
    largest = float(np.log(np.e + classes - 1))
    return largest - 1, largest


def doubled_to(labels: ArrayLike) -> LogitGradient:
    """The gradient of the mean doubled loss, for training: the error. The right way is `cross_entropy_to`."""
    classes = np.asarray(labels)
    return lambda logits, rows: doubled_gradient(logits.astype(np.float64), classes[..., rows]) / len(rows)


LOSSES: dict[str, tuple[Callable[[ArrayLike, ArrayLike], Any], Callable[[ArrayLike], LogitGradient]]] = {
    "right": (cross_entropy, cross_entropy_to),
    "doubled": (doubled_cross_entropy, doubled_to),
}
OPTIMISERS: dict[str, Callable[[], Step]] = {"Adam": adam, "gradient descent": descent}


class Training(NamedTuple):
    """What the networks did, a row a network."""

    accuracy: NDArray[np.float64]  # on unseen digits, after every epoch
    unseen_loss: NDArray[
        np.float64
    ]  # there, at the end: the cross-entropy of softmax(logits), whatever loss it learnt from
    own_loss: NDArray[np.float64]  # at the end, on the digits it learnt from: the loss it learnt from
    missing: NDArray[np.intp]  # digits from 0 to 9 that it never answers there, at the end


@kept("some minutes")
def train(seeds: Iterable[int], loss: str, step: Step, *, epochs: int = 40) -> Training:
    """Small networks, each with 1,000 digits of its own: the "right" loss or the "doubled" one, and a `step`."""
    if loss not in LOSSES:
        raise ValueError(f"loss must be one of {list(LOSSES)}, not {loss!r}")
    (seen, labels), (unseen, answers), network = start(seeds)
    own_loss, gradient_to = LOSSES[loss]
    accuracy: list[NDArray[np.float64]] = []

    def after_epoch() -> None:
        accuracy.append(np.mean(network.logits(unseen).argmax(axis=-1) == answers, axis=-1))

    network.fit(
        seen, gradient_to(labels), epochs=epochs, rng=np.random.default_rng(SHUFFLE), step=step, after_epoch=after_epoch
    )
    logits = network.logits(unseen)
    return Training(
        accuracy=np.transpose(accuracy),
        unseen_loss=cross_entropy(logits, answers).mean(axis=-1),
        own_loss=own_loss(network.logits(seen), labels).mean(axis=-1),
        missing=np.array([SIZES[-1] - len(np.unique(each)) for each in logits.argmax(axis=-1)]),
    )


def start(seeds: Iterable[int]) -> tuple[Set, Set, Network]:
    """Of each seed 1,000 digits to learn from, the others, and an untrained network: beside each other."""
    rngs = [np.random.default_rng(seed) for seed in seeds]
    if not rngs:
        raise ValueError("seeds must name at least one seed: there is no network to train")
    splits = [split(rng, TRAINING_SET) for rng in rngs]
    seen, unseen = (
        (np.stack([pixels for pixels, _ in sets]), np.stack([labels for _, labels in sets]))
        for sets in zip(*splits, strict=True)
    )
    return seen, unseen, Network.beside([Network(SIZES, rng) for rng in rngs])
