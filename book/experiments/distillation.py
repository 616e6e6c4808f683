"""Knowledge distillation (Hinton, Vinyals and Dean 2015) on the digits: what a student learns from soft targets.

The teacher, which gives them, is the mean of three networks, trained on shifted copies of 1,000 digits; a student has
one small hidden layer.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from softmax_lib import softmax

from .digits import Set, split
from .networks import Floats, LogitGradient, Network, adam, cross_entropy_to
from .stored import kept

TEMPERATURES = (1, 2, 4, 8, 20)
HARD = "labels"  # the other kind of target: the right class alone
KINDS = (HARD, *TEMPERATURES)
TRAINING = 1000  # digits that the teacher learns from, and may pass on
OMITTED = 3  # the digit that some students never see
Kind = str | int


class Teacher:
    """Networks that vote: their logits are averaged."""

    def __init__(
        self, examples: Set, rng: np.random.Generator, networks: int = 3, hidden: int = 128, epochs: int = 7
    ) -> None:
        pixels, labels = shifted(examples[0]), np.tile(examples[1], 9)
        self.networks = [
            Network((pixels.shape[1], hidden, hidden, 10), rng).fit(
                pixels, cross_entropy_to(labels), epochs=epochs, rng=rng, batch=192, step=adam(2e-3)
            )
            for _ in range(networks)
        ]

    def logits(self, pixels: Floats) -> Floats:
        votes: Floats = np.mean([network.logits(pixels) for network in self.networks], axis=0)
        return votes


def shifted(pixels: Floats) -> Floats:
    """Nine copies of each 8 × 8 image, moved by −1, 0 or 1 pixels down and to the right; what enters is empty."""
    images = np.pad(pixels.reshape(-1, 8, 8), ((0, 0), (1, 1), (1, 1)))
    copies = [images[:, 1 - down : 9 - down, 1 - right : 9 - right] for down in (-1, 0, 1) for right in (-1, 0, 1)]
    return np.concatenate(copies).reshape(-1, 64)


@kept("about a minute")
@cache
def lesson(seed: int) -> tuple[Teacher, Set, Set]:
    """The teacher of a seed, what it learned from, and the digits that it has not seen."""
    rng = np.random.default_rng(seed)
    training, test = split(rng, TRAINING)
    return Teacher(training, rng), training, test


def towards(kind: Kind, labels: NDArray[np.intp], teacher_logits: Floats) -> LogitGradient:
    """The gradient that pulls a student to the labels, or to the teacher's soft targets at a temperature."""
    if kind == HARD:
        return cross_entropy_to(labels)
    temperature = float(kind)
    return cross_entropy_to(softmax(teacher_logits.astype(np.float64), temperature), temperature)


def student(pixels: Floats, gradient: LogitGradient, seed: int, epochs: int) -> Network:
    rng = np.random.default_rng([seed, 1])  # every kind of target starts from the same weights and shuffles
    network = Network((pixels.shape[1], 32, 10), rng)
    return network.fit(pixels, gradient, epochs=epochs, rng=rng, batch=32, step=adam(3e-3))


def accuracy(logits: Floats, labels: NDArray[np.intp]) -> float:
    if not len(labels):
        raise ValueError("labels must hold at least one class: an accuracy needs examples")
    return float((logits.argmax(axis=1) == labels).mean())


@kept("about a minute")
def teacher_accuracy(seed: int) -> float:
    teacher, _, (pixels, labels) = lesson(seed)
    return accuracy(teacher.logits(pixels), labels)


@kept("some minutes")
def student_accuracies(
    seed: int, examples: int, lessons: int = 1, kinds: tuple[Kind, ...] = KINDS
) -> dict[Kind, float]:
    """On unseen digits, after lessons about that many digits; the mean of several lessons about different ones."""
    teacher, (pixels, labels), (unseen, truth) = lesson(seed)
    if not 1 <= examples * lessons <= len(labels):
        raise ValueError(
            f"examples × lessons must be from 1 to {len(labels)}, not {examples} × {lessons}: the teacher knows no more"
        )
    soft = teacher.logits(pixels)
    epochs = max(30, 12_000 // examples)  # a few digits are gone through more often
    scores = dict.fromkeys(kinds, 0.0)
    for first in range(0, examples * lessons, examples):
        rows = slice(first, first + examples)
        for kind in kinds:
            network = student(pixels[rows], towards(kind, labels[rows], soft[rows]), seed, epochs)
            scores[kind] += accuracy(network.logits(unseen), truth) / lessons
    return scores


@kept("some minutes")
def omitted_class(seed: int, kinds: tuple[Kind, ...] = KINDS) -> dict[Kind, tuple[float, float]]:
    """The share of threes that a student recognises which never saw one, before and after one shift of its bias."""
    teacher, (pixels, labels), (unseen, truth) = lesson(seed)
    pixels, labels = pixels[labels != OMITTED], labels[labels != OMITTED]
    shares: dict[Kind, tuple[float, float]] = {}
    for kind in kinds:
        logits = student(pixels, towards(kind, labels, teacher.logits(pixels)), seed, 30).logits(unseen)
        moved = with_share_of(logits, OMITTED, 0.1)
        threes = truth == OMITTED
        shares[kind] = accuracy(logits[threes], truth[threes]), accuracy(moved[threes], truth[threes])
    return shares


def with_share_of(logits: Floats, label: int, share: float) -> Floats:
    """Logits with one class's raised or lowered by one number, so that it wins for that share of the rows.

    No labels are needed.
    """
    lead = logits[:, label] - np.delete(logits, label, axis=1).max(axis=1)
    moved = logits.copy()
    moved[:, label] -= np.quantile(lead, 1 - share)
    return moved
