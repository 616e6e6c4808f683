"""A gradient through a draw: three ways to estimate it, where the exact one is known.

A class drawn from softmax(z) costs f(one-hot). The mean cost is Σ p f, so its slope by z is known exactly; a network
that sees only draws must estimate it. Several classes may be drawn at a time: they share one bill, the sum of their
costs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from softmax_lib import softmax

from .stored import kept

Floats = NDArray[np.float64]
Schedule = Callable[[int], float]  # from the number of the step to a temperature


class Loss(NamedTuple):
    """A cost of every point of the simplex, and its slope there; points have their classes last."""

    value: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]


def distance_to(target: ArrayLike, power: int = 2) -> Loss:
    """Σ |y − target|^power, an even power: 2 is the squared distance."""
    goal = np.asarray(target, np.float64)
    if power < 2 or power % 2:
        raise ValueError(f"power must be an even number from 2 on, not {power}: an odd one has no least value")
    return Loss(
        lambda y: np.sum((y - goal) ** power, axis=-1),
        lambda y: power * (y - goal) ** (power - 1),
    )


def costs(loss: Loss, classes: int) -> Floats:
    """What each class costs if it is drawn."""
    return loss.value(np.eye(classes))


def exact_gradient(logits: ArrayLike, loss: Loss) -> Floats:
    """The derivative of Σ p f by the logits: p ⊙ (f − p·f)."""
    p = softmax(logits)
    f = costs(loss, p.shape[-1])
    gradient: Floats = p * (f - np.sum(p * f, axis=-1, keepdims=True))
    return gradient


class Draws(NamedTuple):
    """Classes drawn; the axis before the last holds those that share a bill, the last the classes."""

    p: Floats  # the probabilities they were drawn from
    hard: Floats  # the draws, one-hot
    noisy: Floats  # the logits with the Gumbel noise that decided them


def draw(logits: Floats, noise: Floats) -> Draws:
    """One draw for each row of the logits: the Gumbel-max trick, with this noise."""
    noisy = logits + noise
    return Draws(softmax(logits), softmax(noisy, 0.0), noisy)


# An estimator takes draws, the loss and a temperature, and gives one gradient a draw.
Estimator = Callable[[Draws, Loss, float], Floats]


def relaxed(draws: Draws, loss: Loss, temperature: float) -> Floats:
    """Gumbel-softmax: the loss sees a soft row in the place of the draw, and its slope passes through it."""
    y = softmax(draws.noisy, temperature)
    return through_softmax(y, loss.slope(y), temperature)


def straight_through(draws: Draws, loss: Loss, temperature: float) -> Floats:
    """The loss sees the draw; its slope passes through the soft row, as if the loss had seen that."""
    return through_softmax(softmax(draws.noisy, temperature), loss.slope(draws.hard), temperature)


def through_softmax(y: Floats, sent_back: Floats, temperature: float) -> Floats:
    """What arrives at the logits of y = softmax(·, T): y ⊙ (δ − y·δ) / T."""
    arrived: Floats = y * (sent_back - np.sum(y * sent_back, axis=-1, keepdims=True)) / temperature
    return arrived


def score_function(draws: Draws, loss: Loss, temperature: float) -> Floats:
    """REINFORCE: the bill times the slope of the draw's log-probability. It has no temperature."""
    bill = loss.value(draws.hard).sum(axis=-1)
    estimate: Floats = bill[..., None, None] * (draws.hard - draws.p)
    return estimate


def with_baseline(draws: Draws, loss: Loss, temperature: float) -> Floats:
    """REINFORCE that counts what the bill is above its mean, here the exact one."""
    expected = np.sum(draws.p * costs(loss, draws.p.shape[-1]), axis=(-2, -1))
    above = loss.value(draws.hard).sum(axis=-1) - expected
    estimate: Floats = above[..., None, None] * (draws.hard - draws.p)
    return estimate


ESTIMATORS: Mapping[str, Estimator] = {
    "Gumbel-softmax": relaxed,
    "straight-through": straight_through,
    "REINFORCE": score_function,
    "REINFORCE, baseline": with_baseline,
}


def named(estimator: str) -> Estimator:
    if estimator not in ESTIMATORS:
        raise ValueError(f"estimator must be one of {list(ESTIMATORS)}, not {estimator!r}")
    return ESTIMATORS[estimator]


class Errors(NamedTuple):
    """Of one estimator, a number a seed, in units of the exact gradient's squared length."""

    squared_bias: Floats  # estimated without bias of its own, so that it may fall below 0
    variance: Floats  # of one draw

    def squared_error(self, draws: int) -> Floats:
        """The mean squared error of an average of so many draws."""
        total: Floats = self.squared_bias + self.variance / draws
        return total


@kept("some seconds")
def errors(
    seeds: Iterable[int],
    estimator: str,
    logits: ArrayLike,
    loss: Loss,
    temperature: float = 1.0,
    *,
    together: int = 1,
    draws: int = 20_000,
) -> Errors:
    """How far an estimate of one class's gradient lies from the exact one, on average, and from its own average.

    `together` classes are drawn from the same logits and share a bill.
    """
    if min(draws - 1, together) < 1:
        raise ValueError(
            f"draws must be at least 2 and together at least 1, not {draws} and {together}: one draw has no variance"
        )
    estimate, z = named(estimator), np.asarray(logits, np.float64)
    exact = exact_gradient(z, loss)
    rows, biases, variances = np.tile(z, (draws, together, 1)), [], []
    for seed in seeds:
        noise = np.random.default_rng(seed).gumbel(size=rows.shape)
        found = estimate(draw(rows, noise), loss, temperature)[:, 0]
        variance = found.var(axis=0, ddof=1).sum()
        biases.append(np.sum((found.mean(axis=0) - exact) ** 2) - variance / draws)
        variances.append(variance)
    return Errors(np.array(biases) / np.sum(exact**2), np.array(variances) / np.sum(exact**2))


def fixed(temperature: float) -> Schedule:
    """The same temperature at every step."""
    return lambda step: temperature


def annealed(start: float, end: float, steps: int) -> Schedule:
    """From `start` to `end` by the same factor at each of `steps`, and then at `end`."""
    return lambda step: start * (end / start) ** min(step / steps, 1.0)


@kept("some seconds")
def learn(
    seeds: Iterable[int],
    estimator: str,
    schedule: Schedule,
    loss: Loss,
    *,
    classes: int = 3,
    together: int = 1,
    runs: int = 50,
    steps: int = 1000,
    rate: float = 0.5,
) -> Floats:
    """Descend from equal logits, one draw a step: the probability of the cheapest class then, a number a seed.

    It is the mean over the runs and over the classes drawn together, each of which has logits of its own.
    """
    estimate, best = named(estimator), int(costs(loss, classes).argmin())
    rngs = [np.random.default_rng(seed) for seed in seeds]
    if not rngs:
        raise ValueError("seeds must name at least one seed: there is nothing to learn")
    z = np.zeros((len(rngs), runs, together, classes))
    for step in range(steps):
        noise = np.stack([rng.gumbel(size=z.shape[1:]) for rng in rngs])
        z -= rate * estimate(draw(z, noise), loss, schedule(step))
    learned: Floats = softmax(z)[..., best].mean(axis=(1, 2))
    return learned
