"""A network that has learned its training digits by heart, its confidence, and what one fitted temperature mends."""

from __future__ import annotations

from functools import cache
from itertools import count
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from softmax_lib import brier_score, cross_entropy, expected_calibration_error, fit_temperature, sample, softmax

from .digits import split
from .networks import Network, adam, cross_entropy_to
from .stored import kept

NOISE = 0.4  # added to each pixel, which goes from 0 to 1
TRAINING, VALIDATION = 500, 500  # digits; the others, 797, are for the test
SIZES = (64, 256, 256, 10)
EPOCHS = (1, 2, 5, 10, 20, 50, 150)  # after which the network is asked; training ends with the last


class Answers(NamedTuple):
    """The logits that a network gives to a set, a row a digit, and the set's true classes."""

    logits: NDArray[np.float64]
    labels: NDArray[np.intp]


class Answered(NamedTuple):
    """What one network answers: to what it learned from, to what a temperature is fitted on, and to new digits."""

    training: Answers
    validation: Answers
    test: Answers


class Scores(NamedTuple):
    """How good the probabilities of a set are."""

    accuracy: float
    confidence: float
    ece: float
    nll: float
    brier: float


@kept("about a minute")
def overfit_logits(seed: int, noise: float = NOISE) -> Answered:
    """The answers at the end of a training that goes on long after the network knows its digits by heart."""
    return answers_by_epoch(seed, noise)[EPOCHS[-1]]


@kept("about a minute")
def answers_by_epoch(seed: int, noise: float = NOISE, epochs: tuple[int, ...] = EPOCHS) -> dict[int, Answered]:
    """The answers after each of these epochs of one training; the same seed gives the same split."""
    return train(seed, noise, epochs)


@cache
def train(seed: int, noise: float, epochs: tuple[int, ...]) -> dict[int, Answered]:
    """One training for each seed, noise and epochs, whether a caller spells them out or not."""
    if not epochs or min(epochs) < 1:
        raise ValueError(f"epochs must name at least one epoch, all from 1 on, not {epochs}")
    rng = np.random.default_rng(seed)
    sets = split(rng, TRAINING, VALIDATION, noise=noise)
    network = Network(SIZES, rng)
    finished = count(1)
    history: dict[int, Answered] = {}

    def ask() -> None:
        if (epoch := next(finished)) in epochs:
            history[epoch] = Answered(
                *(Answers(network.logits(inputs).astype(np.float64), labels) for inputs, labels in sets)
            )

    inputs, labels = sets[0]
    network.fit(inputs, cross_entropy_to(labels), epochs=max(epochs), rng=rng, step=adam(), after_epoch=ask)
    return history


def scores(answers: Answers, temperature: float = 1.0) -> Scores:
    """Accuracy, mean confidence, ECE in 15 bins, NLL and Brier score of softmax(logits, temperature)."""
    if not len(answers.labels):
        raise ValueError("answers must hold at least one row: there is nothing to judge")
    probabilities = softmax(answers.logits, temperature)
    return Scores(
        accuracy=float(np.mean(answers.logits.argmax(axis=1) == answers.labels)),
        confidence=float(probabilities.max(axis=1).mean()),
        ece=expected_calibration_error(probabilities, answers.labels),
        nll=float(cross_entropy(answers.logits, answers.labels, temperature).mean()),
        brier=brier_score(probabilities, answers.labels),
    )


class Comparison(NamedTuple):
    """One network on new digits at T = 1 and at the temperature fitted on its validation digits."""

    temperature: float
    before: Scores
    after: Scores
    floor: float


def comparison(answered: Answered, seed: int) -> Comparison:
    """Fit T on the validation digits, judge on the others; `seed` is of the floor's resampled labels."""
    temperature = fit_temperature(*answered.validation)
    test = answered.test
    perfect = perfect_errors(softmax(test.logits, temperature), 50, np.random.default_rng(seed))
    return Comparison(temperature, scores(test), scores(test, temperature), float(perfect.mean()))


def perfect_errors(probabilities: ArrayLike, repeats: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """ECEs of a perfect model: in each repeat every label is drawn from the probabilities that are judged."""
    if repeats < 1:
        raise ValueError(f"repeats must be at least 1, not {repeats}: there is no error without a repeat")
    p = np.asarray(probabilities, np.float64)
    if p.ndim != 2 or not len(p):
        raise ValueError(f"probabilities must have one row a digit and one column a class, not shape {p.shape}")
    return np.array([expected_calibration_error(p, sample(p, rng=rng)) for _ in range(repeats)])


def loss_by_beta(answers: Answers, betas: ArrayLike) -> NDArray[np.float64]:
    """The NLL of softmax(βz) at each of these inverse temperatures, none of them 0."""
    temperatures = 1 / np.asarray(betas, np.float64)
    return np.array([cross_entropy(answers.logits, answers.labels, T).mean() for T in temperatures])


def slope_and_curvature(answers: Answers, beta: float) -> tuple[float, float]:
    """The first two derivatives of the NLL by β: the mean of E_p[z] − z_y, and the mean of Var_p(z)."""
    z, y = answers
    p = softmax(z, 1 / beta)
    mean = np.sum(p * z, axis=1)
    variance = np.sum(p * (z - mean[:, None]) ** 2, axis=1)
    return float(np.mean(mean - z[np.arange(len(y)), y])), float(variance.mean())
