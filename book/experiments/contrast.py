"""A temperature that is learned: digits told apart by contrast, without their classes.

Two views of a digit, each shifted and noisy, are a pair. An encoder places views on a sphere, and the softmax of the
cosines between a view and those of all digits in the batch, at temperature T, should pick the other view of its own
digit: InfoNCE. The other digits are the negatives.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from softmax_lib import cross_entropy, softmax

from .digits import split
from .networks import Floats, Network, adam, flat
from .stored import kept

TRAINING, SIZES, BATCH = 1000, (64, 64, 16), 128
NOISE, COLDEST = 0.1, 0.01  # of a view's pixels; and the T below which a learned one may not fall, as in CLIP


def views(pixels: Floats, rng: np.random.Generator) -> Floats:
    """Each digit shifted by up to one pixel each way, what leaves the picture lost, and noisy."""
    images = np.pad(pixels.reshape(-1, 8, 8), ((0, 0), (1, 1), (1, 1)))
    down, right = rng.integers(0, 3, (2, len(images), 1, 1))
    rows, columns = np.arange(8)[:, None] + down, np.arange(8) + right
    shifted: Floats = images[np.arange(len(images))[:, None, None], rows, columns].reshape(len(images), 64)
    noise = rng.standard_normal(shifted.shape).astype(np.float32)
    return shifted + np.float32(NOISE) * noise


def on_sphere(outputs: Floats) -> Floats:
    lengths: Floats = np.linalg.norm(outputs, axis=-1, keepdims=True)
    return outputs / lengths


class Contrast(NamedTuple):
    """The InfoNCE loss of a batch of pairs, and its slopes."""

    loss: float
    by_outputs: Floats  # first those of the first views, then those of the second
    by_log_scale: float  # by ln(1/T)


def info_nce(outputs: ArrayLike, temperature: float) -> Contrast:
    """The mean over both directions: which second view belongs to this first one, and the other way round."""
    h = np.asarray(outputs)
    if h.ndim != 2 or len(h) % 2 or not len(h):
        raise ValueError(f"outputs must hold an even number of rows, first views before second, not shape {h.shape}")
    v, pairs = on_sphere(h), len(h) // 2
    a, b = v[:pairs], v[pairs:]
    logits = (a @ b.T / temperature).astype(np.float64)
    truth = np.arange(pairs)
    loss = (cross_entropy(logits, truth).mean() + cross_entropy(logits.T, truth).mean()) / 2
    slope = (softmax(logits) + softmax(logits, axis=0) - 2 * np.eye(pairs)) / (2 * pairs)
    by_views = np.concatenate([slope @ b, slope.T @ a]) / temperature
    along = np.sum(by_views * v, axis=-1, keepdims=True)
    lengths = np.linalg.norm(h, axis=-1, keepdims=True)
    return Contrast(float(loss), (by_views - along * v) / lengths, float(np.sum(slope * logits)))


class Learned(NamedTuple):
    """An encoder after its training, judged on digits it has not seen."""

    temperature: float  # at the end
    probe: float  # the accuracy of a linear map from places on the sphere to classes
    uniformity: float  # ln of the mean of e^(−2 d²) over pairs of digits: low if they are spread out
    tolerance: float  # the mean cosine between digits of one class
    effective: float  # the perplexity of the softmax over the negatives: how many of them push


@kept("about a minute")
def contrast(seed: int, temperature: float, *, learned: bool = False, epochs: int = 40) -> Learned:
    """Train an encoder at this T, or from it on with a T that learns too, and judge it."""
    rng = np.random.default_rng(seed)
    (seen, classes), (unseen, labels) = split(rng, TRAINING)
    network, step, log_scale = Network(SIZES, rng), adam(2e-3), np.float32(-np.log(temperature))
    for _ in range(epochs):
        for rows in np.array_split(rng.permutation(len(seen)), len(seen) // BATCH):
            pairs = np.concatenate([views(seen[rows], rng), views(seen[rows], rng)])
            T = float(np.exp(-log_scale))
            found = info_nce(network.logits(pairs), T)
            gradients = flat(network.gradients(pairs, lambda _, slope=found.by_outputs: slope))
            moved = step(np.append(gradients, np.float32(found.by_log_scale if learned else 0)).astype(np.float32))
            network.parameters -= moved[:-1]
            log_scale = min(log_scale - 5 * moved[-1], np.float32(-np.log(COLDEST)))
    T = float(np.exp(-log_scale))
    return judge(on_sphere(network.logits(seen)), classes, on_sphere(network.logits(unseen)), labels, T)


def judge(known: Floats, classes: NDArray[np.intp], places: Floats, labels: NDArray[np.intp], T: float) -> Learned:
    design = np.append(known, np.ones((len(known), 1)), axis=1)
    weights = np.linalg.solve(design.T @ design + 1e-3 * np.eye(design.shape[1]), design.T @ np.eye(10)[classes])
    answers = (np.append(places, np.ones((len(places), 1)), axis=1) @ weights).argmax(axis=1)
    cosines = (places @ places.T).astype(np.float64)
    others = ~np.eye(len(places), dtype=bool)
    same = (labels[:, None] == labels) & others
    q = softmax(np.where(others, cosines, -np.inf), T)
    nats = -np.sum(q * np.log(np.where(q > 0, q, 1)), axis=1)
    return Learned(
        T,
        float(np.mean(answers == labels)),
        float(np.log(np.mean(np.exp(-2 * (2 - 2 * cosines[others]))))),
        float(cosines[same].mean()),
        float(np.exp(nats).mean()),
    )
