"""Answers with a price: what a wrong one, a refusal and a second try are worth at a temperature."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from softmax_lib import cross_entropy, expected_calibration_error, softmax


class Answers(NamedTuple):
    """What became of some questions: the share answered, the share of the answers that are right, the mean cost."""

    answered: float
    right: float
    cost: float


def answer_if_sure(probabilities: ArrayLike, labels: ArrayLike, threshold: float, refusal: float = 0.0) -> Answers:
    """Answer where the largest probability reaches the threshold; a wrong answer costs 1, a refusal `refusal`."""
    if not 0 <= refusal <= 1:
        raise ValueError(f"refusal must cost from 0 to 1, a wrong answer's price, not {refusal}: divide by that price")
    p = np.asarray(probabilities)
    sure, right = p.max(axis=-1) >= threshold, p.argmax(axis=-1) == np.asarray(labels)
    share = float(right[sure].mean()) if sure.any() else np.nan
    return Answers(float(sure.mean()), share, float(np.where(sure, ~right, refusal).mean()))


def chow_threshold(refusal: float) -> float:
    """The confidence from which answering is cheaper than refusing, if confidence is the chance of being right."""
    return 1 - refusal


def cost_by_chow(logits: ArrayLike, labels: ArrayLike, temperature: float, refusal: float) -> float:
    """The mean cost of a question under Chow's rule, which believes softmax(logits, temperature)."""
    return answer_if_sure(softmax(logits, temperature), labels, chow_threshold(refusal), refusal).cost


def cheapest_threshold(probabilities: ArrayLike, labels: ArrayLike, refusal: float) -> float:
    """The threshold, among the confidences themselves and "never", with the smallest mean cost on these data."""
    p = np.asarray(probabilities, np.float64)
    confidence = np.sort(p.max(axis=-1))[::-1]
    right = (p.argmax(axis=-1) == np.asarray(labels))[np.argsort(-p.max(axis=-1), kind="stable")]
    costs = np.concatenate([[0], np.cumsum(~right - refusal)])  # against refusing everything
    usable = np.concatenate([[True], np.append(confidence[1:] < confidence[:-1], True)])  # equals answer together
    best = int(np.where(usable, costs, np.inf).argmin())
    return float(confidence[best - 1]) if best else np.inf


def solved(logits: ArrayLike, labels: ArrayLike, temperature: float, tries: int = 1) -> float:
    """The chance that at least one of some independent samples is right, averaged over the rows: pass@k, exactly."""
    if tries < 1:
        raise ValueError(f"tries must be at least 1, not {tries}: without a sample there is no answer")
    return float(np.mean(1 - (1 - chance_of_label(logits, labels, temperature)) ** tries))


def chance_of_label(logits: ArrayLike, labels: ArrayLike, temperature: float) -> NDArray[np.float64]:
    """The probability that one sample of a row is its label."""
    p = softmax(np.asarray(logits, np.float64), temperature)
    return np.asarray(p[np.arange(len(p)), np.asarray(labels)], np.float64)


class Judged(NamedTuple):
    """Four ways to judge a model's probabilities at one temperature."""

    best_class: float  # how often the most likely class is right
    one_sample: float  # how often one sample is
    nll: float
    ece: float


def judged(logits: ArrayLike, labels: ArrayLike, temperature: float) -> Judged:
    p = softmax(np.asarray(logits, np.float64), temperature)
    return Judged(
        best_class=float(np.mean(p.argmax(axis=1) == np.asarray(labels))),
        one_sample=solved(logits, labels, temperature),
        nll=float(np.mean(cross_entropy(logits, labels, temperature))),
        ece=expected_calibration_error(p, labels),
    )
