"""A small neural network: dense layers with ReLU between them, trained by Adam, in float32."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from copy import copy
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from softmax_lib import cross_entropy_gradient

Floats = NDArray[np.floating]
# The gradient of the mean loss by the logits of the given rows of the training set.
LogitGradient = Callable[[Floats, NDArray[np.intp]], Floats]
# From the gradient by the parameters, which it may overwrite, to what is subtracted from them.
Step = Callable[[Floats], Floats]

MEAN_DECAY, SQUARE_DECAY, TINY = 0.9, 0.999, 1e-8  # Adam's usual values


class Network:
    """Layers of the given sizes, the first the inputs and the last the logits; weights drawn as He et al. (2015)."""

    def __init__(self, sizes: tuple[int, ...], rng: np.random.Generator) -> None:
        self.sizes = sizes
        drawn = [(rng.standard_normal(pair) * np.sqrt(2 / pair[0])).astype(np.float32) for pair in pairwise(sizes)]
        self._hold(flat([*drawn, *(np.zeros((1, outputs), np.float32) for outputs in sizes[1:])]))

    @classmethod
    def beside(cls, networks: Sequence[Network]) -> Network:
        """Networks of the same sizes as one: its arrays, and its inputs, have one axis more, the first: the network."""
        together = copy(networks[0])
        together._hold(np.stack([network.parameters for network in networks]))
        return together

    def __getstate__(self) -> tuple[tuple[int, ...], Floats]:
        return self.sizes, self.parameters

    def __setstate__(self, state: tuple[tuple[int, ...], Floats]) -> None:
        self.sizes, parameters = state
        self._hold(parameters)

    def _hold(self, parameters: Floats) -> None:
        """The weights and biases are views of the parameters: they change together."""
        self.parameters = parameters
        shapes = [*pairwise(self.sizes), *((1, outputs) for outputs in self.sizes[1:])]
        parts = np.split(parameters, np.cumsum(list(map(math.prod, shapes)))[:-1], axis=-1)
        views: list[Floats] = [
            part.reshape(*parameters.shape[:-1], *shape) for part, shape in zip(parts, shapes, strict=True)
        ]
        self.weights, self.biases = views[: len(views) // 2], views[len(views) // 2 :]

    def logits(self, inputs: Floats) -> Floats:
        return self.layers(inputs)[-1]

    def layers(self, inputs: Floats) -> list[Floats]:
        """The inputs, the output of each hidden layer, and the logits."""
        values = [inputs]
        for weights, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            values.append(np.maximum(values[-1] @ weights + bias, 0))
        return [*values, values[-1] @ self.weights[-1] + self.biases[-1]]

    def gradients(self, inputs: Floats, logit_gradient: Callable[[Floats], Floats]) -> list[Floats]:
        """Of the loss, by each weight matrix and then by each bias: backpropagation."""
        *values, logits = self.layers(inputs)
        flow: Floats = logit_gradient(logits).astype(np.float32)
        by_weights, by_biases = [values[-1].mT @ flow], [flow.sum(-2, keepdims=True)]
        for weights, value, before in zip(self.weights[:0:-1], values[:0:-1], values[-2::-1], strict=True):
            flow = (flow @ weights.mT) * (value > 0)
            by_weights.insert(0, before.mT @ flow)
            by_biases.insert(0, flow.sum(-2, keepdims=True))
        return by_weights + by_biases

    def fit(
        self,
        inputs: Floats,
        logit_gradient: LogitGradient,
        *,
        epochs: int,
        rng: np.random.Generator,
        step: Step,
        batch: int = 64,
        after_epoch: Callable[[], None] | None = None,
    ) -> Network:
        """Train in place, `batch` shuffled rows at a time, and return the network.

        Networks beside each other are shuffled alike.
        """
        examples = inputs.shape[-2]
        if not examples:
            raise ValueError("inputs must hold at least one row: there is nothing to learn from")
        for _ in range(epochs):
            order = rng.permutation(examples)
            for start in range(0, examples, batch):
                rows = order[start : start + batch]
                gradients = self.gradients(
                    inputs.take(rows, -2),
                    lambda logits, rows=rows: logit_gradient(logits, rows),  # type: ignore[misc]
                )
                self.parameters -= step(flat(gradients))
            if after_epoch:
                after_epoch()
        return self


def adam(learning_rate: float = 1e-3) -> Step:
    """Steps of Adam (Kingma and Ba 2015): the recent mean gradient of each parameter, divided by its recent size.

    What is kept are decaying sums; the paper's constant factors wait in two numbers. All is computed in place, in the
    gradient's memory too: new arrays would take as long as the arithmetic.
    """
    taken, total, squares = 0, np.zeros(0, np.float32), np.zeros(0, np.float32)

    def step(gradient: Floats) -> Floats:
        nonlocal taken, total, squares
        if not taken:
            total, squares = np.zeros((2, *gradient.shape), np.float32)
        taken += 1
        share = (1 - SQUARE_DECAY) / (1 - SQUARE_DECAY**taken)
        rate = learning_rate * (1 - MEAN_DECAY) / (1 - MEAN_DECAY**taken) / math.sqrt(share)
        total *= MEAN_DECAY
        total += gradient
        squares *= SQUARE_DECAY
        squares += np.square(gradient, out=gradient)
        size = np.sqrt(squares, out=gradient)
        size += TINY / math.sqrt(share)
        moved: Floats = np.divide(total, size, out=gradient)
        moved *= rate
        return moved

    return step


def descent(learning_rate: float = 0.1) -> Step:
    """Plain gradient descent: every step is as long as its gradient."""
    return lambda gradient: np.float32(learning_rate) * gradient


def flat(arrays: list[Floats]) -> Floats:
    """All numbers of the matrices in one row: a step in training is then one sum, whatever the number of layers."""
    return np.concatenate([array.reshape(*array.shape[:-2], -1) for array in arrays], axis=-1)


def cross_entropy_to(targets: ArrayLike, temperature: float = 1.0) -> LogitGradient:
    """The gradient of the mean cross-entropy to `targets` (classes, or distributions) at a temperature.

    At T ≠ 1 it is multiplied by T², so that its size does not depend on T.
    """
    goals = np.asarray(targets)
    examples = (
        -1 if np.issubdtype(goals.dtype, np.integer) else -2
    )  # the axis; the last one of distributions is the class

    def gradient(logits: Floats, rows: NDArray[np.intp]) -> Floats:
        each = cross_entropy_gradient(logits.astype(np.float64), goals.take(rows, examples), temperature)
        return temperature**2 * each / len(rows)

    return gradient
