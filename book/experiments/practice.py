"""Step 5 in one place: an example of the scores of each experiment, and what makes their temperatures comparable."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from softmax_lib import perplexity, softmax

from .calibration import overfit_logits
from .distillation import lesson
from .guidance import ring

Floats = NDArray[np.float64]
PLAIN_THREE = 355  # of the digits that the teacher of 5.2 has not seen
BETWEEN_CLASSES = (0.3, 0.2)  # a point near the middle of the ring of 5.3


class Setting(NamedTuple):
    """Scores of one kind, as the live figure `Settings` takes them."""

    name: str
    labels: list[str]
    logits: list[float]
    words: str


def examples(tokens: Sequence[str], token_logits: ArrayLike, arms: Sequence[float]) -> list[Setting]:
    """One example of each section, in their order.

    Next tokens and their logits come from outside, and so do a bandit's values.
    """
    digits = [f"digit {k}" for k in range(10)]
    answer, truth = wrong_answer(0.94)
    return [
        _setting(
            "Next token",
            [token.strip() for token in tokens],
            token_logits,
            f"After “Once upon a time, there was a”: the {len(tokens)} likeliest of 49,152 tokens, "
            "and a language model's logits.",
        ),
        _setting("Teacher", digits, teacher_logits(), "The logits of a teacher that looks at a plain handwritten 3."),
        _setting(
            "Classes",
            ["class 1", "class 2", "class 3"],
            class_scores(),
            "ln p(x|c) of a point between three classes, all equally likely beforehand. T = 1 is Bayes' rule.",
        ),
        _setting(
            "Arms",
            [f"arm {chr(65 + k)}" for k in range(len(arms))],
            arms,
            "What a bandit's arms seem to pay, after 30 pulls.",
        ),
        _setting("Overconfident", digits, answer, f"An overfit network's logits of a noisy digit. It was a {truth}."),
    ]


def many_scores(count: int) -> dict[str, Floats]:
    """So many examples of the settings that `examples` shows one of, a row an example."""
    if count < 1:
        raise ValueError(f"count must be at least 1, not {count}: there would be no example")
    teacher, _, (pixels, _) = lesson(0)
    world = ring()
    points = world.everything.draw(count, np.random.default_rng(0))
    return {
        "Teacher": teacher.logits(pixels[:count]).astype(np.float64),
        "Classes": world.logits(points),
        "Overconfident": overfit_logits(0).test.logits[:count],
    }


def _setting(name: str, labels: list[str], scores: ArrayLike, words: str) -> Setting:
    return Setting(name, labels, np.asarray(scores).round(2).tolist(), words)


def teacher_logits() -> Floats:
    """What the teacher of 5.2 says of a plain handwritten 3."""
    teacher, _, (pixels, _) = lesson(0)
    logits: Floats = teacher.logits(pixels[[PLAIN_THREE]])[0].astype(np.float64)
    return logits


def class_scores() -> Floats:
    """ln p(x|c) of the three classes of 5.3 at a point between them."""
    scores: Floats = ring().logits(np.array([BETWEEN_CLASSES]))[0]
    return scores


class Answer(NamedTuple):
    """A network's logits of one digit, and the digit that it was."""

    logits: Floats
    truth: int


def wrong_answer(confidence: float) -> Answer:
    """Of the digits that the network of 5.5 gets wrong, the one whose confidence is nearest to this."""
    if not 0 < confidence <= 1:
        raise ValueError(f"confidence must be above 0 and at most 1, not {confidence}: it is a probability")
    logits, labels = overfit_logits(0).test
    wrong = np.flatnonzero(logits.argmax(axis=1) != labels)
    nearest = wrong[abs(softmax(logits[wrong]).max(axis=1) - confidence).argmin()]
    return Answer(logits[nearest], int(labels[nearest]))


def temperature_of(effective_classes: float, scores: ArrayLike) -> float:
    """The temperature at which softmax(scores, T) is as undecided as this many equally likely classes."""
    z = np.asarray(scores, np.float64)
    if z.ndim != 1 or not np.isfinite(z).all() or len(set(z)) < 2:
        raise ValueError(
            f"scores must be finite numbers, two of them different, not {z.tolist()}: else every T gives the same"
        )
    temperatures = np.ptp(z) * np.geomspace(1e-4, 1e4, 4001)
    undecided = perplexity(softmax(z, temperatures))  # rises with T
    if not undecided[0] < effective_classes < undecided[-1]:
        raise ValueError(
            f"effective_classes must lie between {undecided[0]:.4g} and {undecided[-1]:.4g} for these scores, "
            f"not {effective_classes}"
        )
    return float(np.exp(np.interp(effective_classes, undecided, np.log(temperatures))))
