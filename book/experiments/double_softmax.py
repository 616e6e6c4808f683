"""A softmax too many: probabilities given to a loss that expects logits, and what training makes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from softmax_lib import cross_entropy, cross_entropy_gradient, softmax

from .digits import split
from .networks import Floats, LogitGradient, Network, cross_entropy_to, flat

TRAINING_SET, SIZES = 1000, (64, 64, 10)


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
    return lambda logits, rows: doubled_gradient(logits.astype(np.float64), classes[rows]) / len(rows)


def descend(network: Network, inputs: Floats, logit_gradient: LogitGradient, *, epochs: int, rng: np.random.Generator,
            learning_rate: float, after_epoch: Callable[[], None], batch: int = 64) -> None:
    """Train in place by plain gradient descent: every step is as long as its gradient."""
    for _ in range(epochs):
        order = rng.permutation(len(inputs))
        for start in range(0, len(inputs), batch):
            rows = order[start:start + batch]
            gradients = network.gradients(inputs[rows], lambda logits, rows=rows: logit_gradient(logits, rows))  # type: ignore[misc]
            network.parameters -= np.float32(learning_rate) * flat(gradients)
        after_epoch()


LOSSES: dict[str, tuple[Callable[[ArrayLike, ArrayLike], Any], Callable[[ArrayLike], LogitGradient]]] = {
    "right": (cross_entropy, cross_entropy_to), "doubled": (doubled_cross_entropy, doubled_to)}
OPTIMISERS: dict[str, tuple[Callable[..., object], float]] = {"Adam": (Network.fit, 0.001), "gradient descent": (descend, 0.1)}


class Training(NamedTuple):
    """What one network did."""

    accuracy: NDArray[np.float64]  # on unseen digits, after every epoch
    unseen_loss: float  # there, at the end: the cross-entropy of softmax(logits), whatever loss it learnt from
    own_loss: float  # at the end, on the digits it learnt from: the loss it learnt from
    missing: int  # digits from 0 to 9 that it never answers there, at the end


def train(seed: int, loss: str, optimiser: str, *, epochs: int = 40, learning_rate: float | None = None) -> Training:
    """A small network on 1,000 digits: the "right" loss or the "doubled" one, "Adam" or "gradient descent"."""
    for name, value, known in (("loss", loss, LOSSES), ("optimiser", optimiser, OPTIMISERS)):
        if value not in known:
            raise ValueError(f"{name} must be one of {list(known)}, not {value!r}")
    rng = np.random.default_rng(seed)
    (seen, labels), (unseen, answers) = split(rng, TRAINING_SET)
    network = Network(SIZES, rng)
    (own_loss, gradient_to), (fit, usual_rate) = LOSSES[loss], OPTIMISERS[optimiser]
    accuracy: list[float] = []

    def after_epoch() -> None:
        accuracy.append(float(np.mean(network.logits(unseen).argmax(axis=1) == answers)))

    fit(network, seen, gradient_to(labels), epochs=epochs, rng=rng, learning_rate=learning_rate or usual_rate,
        after_epoch=after_epoch)
    logits = network.logits(unseen)
    return Training(
        accuracy=np.array(accuracy),
        unseen_loss=float(cross_entropy(logits, answers).mean()),
        own_loss=float(own_loss(network.logits(seen), labels).mean()),
        missing=SIZES[-1] - len(set(logits.argmax(axis=1).tolist())),
    )
