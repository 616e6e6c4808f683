"""Digits told apart by contrast, without their classes: what the temperature does to the places that are learned.

Two views of a digit, each shifted and noisy, are a pair. An encoder places views on a sphere. The softmax of the
cosines between the first view of a digit and the second views of all digits in the batch, at temperature T, should pick
its own: InfoNCE. The other digits are the negatives.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from softmax_lib import fit_temperature, perplexity, softmax

from .digits import Set, split
from .distillation import shifted
from .networks import Floats, Network, adam, flat
from .stored import kept

TRAINING, SIZES, BATCH = 1000, (64, 64, 16), 64
NOISE = 0.1  # of each pixel of a view
COLDEST = 0.01  # a learned T falls no further, as in CLIP
RATE, RATE_OF_T = 2e-3, 5e-2  # of Adam
Numbers = NDArray[np.float64]


# --- the loss
def on_sphere(outputs: Floats) -> Floats:
    places: Floats = outputs / np.linalg.norm(outputs, axis=-1, keepdims=True)
    return places


def cosines(outputs: ArrayLike) -> Floats:
    """Between first views, a row each, and second views; the outputs hold all first views before all second ones."""
    h = np.asarray(outputs)
    if h.ndim < 2 or not h.shape[-2] or h.shape[-2] % 2:
        raise ValueError(f"outputs must hold an even number of rows, first views before second, not shape {h.shape}")
    first, second = np.split(on_sphere(h), 2, axis=-2)
    found: Floats = first @ second.mT
    return found


class Slopes(NamedTuple):
    """Of the InfoNCE loss, the mean of −ln p of the own second view."""

    by_outputs: Floats
    by_log_scale: Floats  # by ln(1/T), the number that CLIP learns


def slopes(outputs: Floats, temperatures: Floats, left_out: NDArray[np.bool_] | None = None) -> Slopes:
    """Networks beside each other have a temperature each. Negatives that are `left_out` push nobody."""
    lengths, T = np.linalg.norm(outputs, axis=-1, keepdims=True), temperatures[..., None, None]
    places = outputs / lengths
    first, second = np.split(places, 2, axis=-2)
    logits = first @ second.mT / T
    allowed = logits if left_out is None else np.where(left_out, -np.inf, logits)
    pairs = logits.shape[-1]
    by_logits = (softmax(allowed) - np.eye(pairs, dtype=logits.dtype)) / pairs
    by_places = np.concatenate([by_logits @ second, by_logits.mT @ first], axis=-2) / T
    along = np.sum(by_places * places, axis=-1, keepdims=True)
    return Slopes((by_places - along * places) / lengths, np.sum(by_logits * logits, axis=(-2, -1)))


# --- learning
class Encoders(NamedTuple):
    """One a temperature, all from the same weights and with the same views; and the digits of their seed."""

    network: Network
    temperatures: Floats  # at the end
    path: Numbers  # the temperatures before the first epoch and after each
    seen: Set
    unseen: Set


def views(copies: Floats, rows: NDArray[np.intp], rng: np.random.Generator) -> Floats:
    """Of these digits, two each: shifted at random, and noisy. The copies are all shifts of all digits."""
    both = np.tile(rows, 2)
    noise = rng.standard_normal((len(both), copies.shape[-1]), dtype=np.float32)
    return copies[rng.integers(len(copies), size=len(both)), both] + np.float32(NOISE) * noise


def backwards(
    network: Network, pairs: Floats, temperatures: Floats, left_out: NDArray[np.bool_] | None
) -> tuple[Floats, Floats]:
    """The slopes of the loss by the parameters, and by ln(1/T)."""
    found = []

    def by_outputs(outputs: Floats) -> Floats:
        found.append(slopes(outputs, temperatures, left_out))
        return found[0].by_outputs

    return flat(network.gradients(pairs, by_outputs)), found[0].by_log_scale


def copies_of(digits: Set) -> Floats:
    return shifted(digits[0]).reshape(9, len(digits[0]), -1)


def train(
    seed: int,
    temperatures: Sequence[float],
    *,
    epochs: int,
    learned: bool = False,
    batch: int = BATCH,
    classes_known: bool = False,
) -> Encoders:
    """At these temperatures, or from them on if T is learned. With `classes_known` digits of one class don't push."""
    if not temperatures or min(temperatures) < COLDEST:
        raise ValueError(f"temperatures must be {COLDEST} or more, and one at least, not {list(temperatures)}")
    if not 2 <= batch <= TRAINING:
        raise ValueError(f"batch must be from 2 to {TRAINING}, not {batch}: a pair alone has no negatives")
    rng = np.random.default_rng(seed)
    seen, unseen = split(rng, TRAINING)
    network = Network.beside([Network(SIZES, rng)] * len(temperatures))
    log_scale = -np.log(np.array(temperatures, np.float32))
    copies, step, step_of_scale, path = copies_of(seen), adam(RATE), adam(RATE_OF_T), [log_scale]
    for _ in range(epochs):
        for rows in np.array_split(rng.permutation(TRAINING), TRAINING // batch):
            same = (seen[1][rows, None] == seen[1][rows]) & ~np.eye(len(rows), dtype=bool) if classes_known else None
            gradient, by_log_scale = backwards(network, views(copies, rows, rng), np.exp(-log_scale), same)
            network.parameters -= step(gradient)
            if learned:
                moved = step_of_scale(by_log_scale)
                log_scale = np.minimum(log_scale - moved, np.float32(-np.log(COLDEST)))
        path.append(log_scale)
    return Encoders(network, np.exp(-log_scale), np.exp(-np.array(path, np.float64)), seen, unseen)


# --- what was learned
class Learned(NamedTuple):
    """A number a seed and temperature, measured on digits that were not learned from."""

    probe: Numbers  # the accuracy of a linear map from the places to the classes
    hidden: Numbers  # the same from what the encoder holds before its last layer
    same: Numbers  # the mean cosine of two digits of a class: the tolerance
    other: Numbers  # and of two classes
    uniformity: Numbers  # ln of the mean of e^(−2 d²) over all pairs: low if they are spread out
    pushers: Numbers  # how many of a batch's negatives push, as a perplexity
    own_class: Numbers  # the share of the push that comes from digits of the own class


@kept("some seconds")
def learn(
    seeds: Iterable[int],
    temperatures: Sequence[float],
    *,
    epochs: int = 30,
    batch: int = BATCH,
    classes_known: bool = False,
) -> Learned:
    """Encoders trained at each of these temperatures, and judged."""
    rows = [judge(train(seed, temperatures, epochs=epochs, batch=batch, classes_known=classes_known)) for seed in seeds]
    return Learned(*np.transpose(rows, (2, 0, 1)))


def judge(encoders: Encoders) -> list[list[float]]:
    """The numbers of `Learned`, a row a temperature."""
    (pixels, classes), (unseen, labels) = encoders.seen, encoders.unseen
    *_, hidden, outputs = encoders.network.layers(pixels)
    *_, unseen_hidden, unseen_outputs = encoders.network.layers(unseen)
    found = []
    for k, T in enumerate(encoders.temperatures):
        places = on_sphere(unseen_outputs[k])
        probes = [
            probe(on_sphere(outputs[k]), classes, places, labels),
            probe(hidden[k], classes, unseen_hidden[k], labels),
        ]
        found.append([*probes, *neighbourhood(places, labels, float(T))])
    return found


def probe(known: Floats, classes: NDArray[np.intp], asked: Floats, labels: NDArray[np.intp]) -> float:
    """The accuracy of the linear map, fitted by least squares, whose largest answer is the class."""

    def with_one(rows: Floats) -> Numbers:
        return np.append(rows.astype(np.float64), np.ones((len(rows), 1)), axis=1)

    weights = np.linalg.lstsq(with_one(known), np.eye(10)[classes], rcond=None)[0]
    return float(np.mean((with_one(asked) @ weights).argmax(axis=1) == labels))


@kept("some seconds")
def pixels_alone(seeds: Iterable[int]) -> Numbers:
    """The accuracy of the linear map from the pixels, a number a seed: no encoder at all."""
    found = []
    for seed in seeds:
        seen, unseen = split(np.random.default_rng(seed), TRAINING)
        found.append(probe(*seen, *unseen))
    return np.array(found)


def neighbourhood(
    places: Floats, labels: NDArray[np.intp], temperature: float, size: int = BATCH
) -> tuple[float, float, float, float, float]:
    """The last five numbers of `Learned`, within batches of a size; what fills none is left over."""
    used = len(labels) // size * size
    rows, classes = places[:used].reshape(-1, size, places.shape[-1]), labels[:used].reshape(-1, size)
    z, others = (rows @ rows.mT).astype(np.float64), np.broadcast_to(~np.eye(size, dtype=bool), (len(rows), size, size))
    same = others & (classes[:, :, None] == classes[:, None])
    shares = softmax(np.where(others, z, -np.inf), temperature)
    return (
        float(z[same].mean()),
        float(z[others & ~same].mean()),
        float(np.log(np.mean(np.exp(-2 * (2 - 2 * z[others]))))),
        float(perplexity(shares).mean()),
        float(np.sum(shares, axis=-1, where=same).mean()),
    )


# --- a temperature that learns
class Settled(NamedTuple):
    """A row a seed, and of each a number a start."""

    path: Numbers  # the temperature before the first epoch and after each; the epochs lie on the second axis
    fitted: Numbers  # the T* that `fit_temperature` finds for the encoder at the end, on views of unseen digits
    probe: Numbers


@kept("half a minute")
def settle(seeds: Iterable[int], starts: Sequence[float], *, epochs: int = 80) -> Settled:
    """Encoders whose T learns beside their weights, from each of these starts."""
    found: list[tuple[Any, Any, Any]] = []
    for seed in seeds:
        encoders = train(seed, starts, epochs=epochs, learned=True)
        found.append(
            (encoders.path, fitted(encoders, np.random.default_rng([seed, 1])), np.array(judge(encoders))[:, 0])
        )
    return Settled(*map(np.array, zip(*found, strict=True)))


def fitted(encoders: Encoders, rng: np.random.Generator, *, batches: int = 20) -> Numbers:
    """The T at which the softmax of each encoder's cosines has the least loss, on views of the unseen digits."""
    copies, chosen = copies_of(encoders.unseen), []
    for _ in range(batches):
        rows = rng.permutation(len(encoders.unseen[0]))[:BATCH]
        chosen.append(cosines(encoders.network.logits(views(copies, rows, rng))))
    logits, own = np.concatenate(chosen, axis=-2).astype(np.float64), np.tile(np.arange(BATCH), batches)
    return np.array([fit_temperature(rows, own) for rows in logits])
