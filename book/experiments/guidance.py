"""Classifier-free guidance where everything is known: mixtures of Gaussians, exact scores, and an ODE that samples.

The guidance scale s multiplies the difference of two scores; s = 1 is no guidance. Ho and Salimans write w = s - 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from softmax_lib import empirical_distribution, logsumexp, perplexity, sample, softmax

Floats = NDArray[np.float64]

MOST_NOISE, LEAST_NOISE, CURVE = 80.0, 0.003, 7  # where the flow starts and ends, and how its steps shrink


class Mixture:
    """Round Gaussian components: `means` has one row each; deviations and weights may be one number for all."""

    def __init__(self, means: ArrayLike, deviations: ArrayLike = 1.0, weights: ArrayLike = 1.0) -> None:
        self.means: Floats = np.array(means, dtype=np.float64)
        if self.means.ndim != 2 or not self.means.size:
            raise ValueError(
                f"means must have one row a component, not the shape {self.means.shape}: give at least one row"
            )
        self.deviations = self._one_a_component(deviations, "deviations")
        weights = self._one_a_component(weights, "weights")
        self.weights = weights / weights.sum()

    def _one_a_component(self, values: ArrayLike, name: str) -> Floats:
        each: Floats = np.broadcast_to(np.asarray(values, np.float64), len(self.means))
        if not (np.isfinite(each) & (each > 0)).all():
            raise ValueError(
                f"{name} must be positive, not {each.tolist()}: leave out the components that are not there"
            )
        return each

    def log_joint(self, x: Floats, noise: float = 0.0) -> Floats:
        """ln of weight times density, a row a point and a column a component, after adding Gaussian noise."""
        variances = self.deviations**2 + noise**2
        squares = (x**2).sum(-1, keepdims=True) - 2 * x @ self.means.T + (self.means**2).sum(-1)
        normaliser = 0.5 * self.means.shape[1] * np.log(2 * np.pi * variances)
        logs: Floats = np.log(self.weights) - 0.5 * squares / variances - normaliser
        return logs

    def log_density(self, x: Floats, noise: float = 0.0) -> Floats:
        """ln p(x), a number a row of x."""
        logs: Floats = logsumexp(self.log_joint(x, noise))
        return logs

    def score(self, x: Floats, noise: float = 0.0) -> Floats:
        """The gradient of ln p by x: a softmax over the components says how much each of them pulls."""
        pull = softmax(self.log_joint(x, noise)) / (self.deviations**2 + noise**2)
        slopes: Floats = pull @ self.means - x * pull.sum(-1, keepdims=True)
        return slopes

    def draw(self, size: int, rng: np.random.Generator) -> Floats:
        """Points from the mixture itself, with no flow."""
        chosen = sample(self.weights, size, rng=rng)
        spread = self.deviations[chosen, None] * rng.standard_normal((size, self.means.shape[1]))
        points: Floats = self.means[chosen] + spread
        return points


class Classes:
    """One mixture a class, all classes equally likely: `everything` is the mixture of them all."""

    def __init__(self, *mixtures: Mixture) -> None:
        if not mixtures:
            raise ValueError("mixtures must hold at least one class, not 0: give a Mixture for each")
        self.mixtures = mixtures
        means, deviations, weights = (
            [getattr(each, name) for each in mixtures] for name in ("means", "deviations", "weights")
        )
        self.everything = Mixture(np.concatenate(means), np.concatenate(deviations), np.concatenate(weights))

    def logits(self, x: Floats, noise: float = 0.0) -> Floats:
        """ln p(x|c), a column a class: their softmax is the posterior p(c|x)."""
        return np.stack([each.log_density(x, noise) for each in self.mixtures], axis=-1)

    def of(self, target: int) -> Mixture:
        if not 0 <= target < len(self.mixtures):
            raise ValueError(f"target must be a class from 0 to {len(self.mixtures) - 1}, not {target}")
        return self.mixtures[target]


def ring(classes: int = 3, modes: int = 6, radius: float = 2.2, deviation: float = 0.5) -> Classes:
    """Modes at equal distances on a circle in the plane, neighbours in the same class but where two classes meet."""
    angles = 2 * np.pi * (np.arange(classes * modes) - (modes - 1) / 2) / (classes * modes)
    places = radius * np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    return Classes(*(Mixture(own, deviation) for own in np.split(places, classes)))


def checked_scale(scale: float) -> float:
    if not (np.isfinite(scale) and scale >= 0):
        raise ValueError(f"scale must be a number from 0 up, not {scale}: 1 is no guidance, and w is scale - 1")
    return scale


def guided_score(x: Floats, noise: float, conditional: Mixture, everything: Mixture, scale: float) -> Floats:
    """The unconditional score, plus s times what the condition changes in it."""
    without = everything.score(x, noise)
    return without + checked_scale(scale) * (conditional.score(x, noise) - without)


def noise_levels(steps: int) -> Floats:
    """From MOST_NOISE down to LEAST_NOISE, in steps that shrink as Karras et al. (2022) advise."""
    if steps < 1:
        raise ValueError(f"steps must be at least 1, not {steps}")
    first, last = MOST_NOISE ** (1 / CURVE), LEAST_NOISE ** (1 / CURVE)
    levels: Floats = np.linspace(first, last, steps + 1) ** CURVE
    return levels


def guided_flow(
    start: Floats, conditional: Mixture, everything: Mixture, scale: float, *, steps: int = 60
) -> Iterator[tuple[float, Floats]]:
    """Each noise level and where the points are there: dx/dσ = -σ · score, by Heun's method from pure noise `start`."""
    levels = noise_levels(steps)
    x = MOST_NOISE * start

    def slope(x: Floats, noise: float) -> Floats:
        return -noise * guided_score(x, noise, conditional, everything, scale)

    yield float(levels[0]), x
    for before, after in pairwise(levels):
        first = slope(x, before)
        second = slope(x + (after - before) * first, after)
        x = x + (after - before) * (first + second) / 2
        yield float(after), x


def guided_samples(
    classes: Classes, target: int, scale: float, size: int, rng: np.random.Generator, *, steps: int = 60
) -> Floats:
    """Points of one class, by the guided flow from random noise."""
    if size < 1:
        raise ValueError(f"size must be at least 1, not {size}")
    conditional = classes.of(target)
    start = rng.standard_normal((size, conditional.means.shape[1]))
    for _, x in guided_flow(start, conditional, classes.everything, scale, steps=steps):
        points = x
    return points


class Quality(NamedTuple):
    """What guidance buys, and what it pays with."""

    fidelity: float  # mean p(c|x)
    modes: float  # exp of the entropy of the shares of the class's modes
    kept: float  # modes with more than one point in a hundred
    log_density: float  # mean ln p(x|c)


def quality(points: Floats, classes: Classes, target: int) -> Quality:
    """Measure points that are meant to be of class `target`; a point belongs to the mode that most likely made it."""
    own = classes.of(target)
    shares = empirical_distribution(own.log_joint(points).argmax(-1), len(own.means))
    fidelity = softmax(classes.logits(points))[:, target].mean()
    return Quality(
        float(fidelity), float(perplexity(shares)), float((shares > 0.01).sum()), float(own.log_density(points).mean())
    )


def qualities(
    classes: Classes, target: int, scale: float, *, seeds: int = 5, size: int = 1000, steps: int = 60
) -> Floats:
    """The quality of guided samples, a row a seed."""
    runs = [
        guided_samples(classes, target, scale, size, np.random.default_rng(seed), steps=steps) for seed in range(seeds)
    ]
    return np.array([quality(points, classes, target) for points in runs])


def powered(classes: Classes, target: int, scale: float, grid: Floats) -> Floats:
    """p(x) · p(c|x)^s on an even grid of one dimension, normalised over x once."""
    x = grid[:, None]
    logits = classes.logits(x)
    log_posterior = logits[:, target] - logsumexp(logits)
    return _normalised(classes.everything.log_density(x) + checked_scale(scale) * log_posterior, grid)


def tempered(classes: Classes, target: int, scale: float, grid: Floats) -> Floats:
    """p(x) · softmax(logits, T = 1/s)[c], normalised over the classes at each x, and then over x."""
    x, temperature = grid[:, None], 1 / checked_scale(scale) if scale else np.inf
    posterior = softmax(classes.logits(x), temperature)[:, target]
    with np.errstate(divide="ignore"):  # a class that a cold softmax leaves nothing
        return _normalised(classes.everything.log_density(x) + np.log(posterior), grid)


def _normalised(log_density: Floats, grid: Floats) -> Floats:
    steps = np.diff(grid)
    if not (steps > 0).all() or not np.allclose(steps, steps[0]):
        raise ValueError("grid must rise in even steps: use numpy.linspace")
    density: Floats = softmax(log_density) / steps[0]  # a softmax over x
    return density


def mean_and_spread(grid: Floats, density: Floats) -> tuple[float, float]:
    """The mean and the standard deviation of a density on an even grid."""
    share = density / density.sum()
    mean = share @ grid
    return float(mean), float(np.sqrt(share @ (grid - mean) ** 2))
