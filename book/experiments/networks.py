"""A small neural network: dense layers with ReLU between them, trained by Adam, in float32."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from softmax_lib import cross_entropy_gradient

Floats = NDArray[np.floating]
# The gradient of the mean loss by the logits of the given rows of the training set.
LogitGradient = Callable[[Floats, NDArray[np.intp]], Floats]

MEAN_DECAY, SQUARE_DECAY, TINY = 0.9, 0.999, 1e-8  # Adam's usual values


class Network:
    """Layers of the given sizes, the first the inputs and the last the logits; weights drawn as He et al. (2015)."""

    def __init__(self, sizes: tuple[int, ...], rng: np.random.Generator) -> None:
        pairs = list(zip(sizes[:-1], sizes[1:], strict=True))
        drawn = [(rng.standard_normal(pair) * np.sqrt(2 / pair[0])).astype(np.float32) for pair in pairs]
        self.parameters = flat([*drawn, *(np.zeros(outputs, np.float32) for _, outputs in pairs)])
        parts = np.split(self.parameters, np.cumsum([*map(math.prod, pairs), *sizes[1:]])[:-1])  # views: they change together
        self.weights: list[Floats] = [part.reshape(pair) for part, pair in zip(parts[:len(pairs)], pairs, strict=True)]
        self.biases: list[Floats] = parts[len(pairs):]

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
        by_weights, by_biases = [values[-1].T @ flow], [flow.sum(0)]
        for weights, value, before in zip(self.weights[:0:-1], values[:0:-1], values[-2::-1], strict=True):
            flow = (flow @ weights.T) * (value > 0)
            by_weights.insert(0, before.T @ flow)
            by_biases.insert(0, flow.sum(0))
        return by_weights + by_biases

    def fit(self, inputs: Floats, logit_gradient: LogitGradient, *, epochs: int, rng: np.random.Generator,
            batch: int = 64, learning_rate: float = 1e-3, after_epoch: Callable[[], None] | None = None) -> Network:
        """Train in place, `batch` shuffled rows at a time, and return the network."""
        if not len(inputs):
            raise ValueError("inputs must hold at least one row: there is nothing to learn from")
        mean, square = np.zeros((2, self.parameters.size), np.float32)
        step = 0
        for _ in range(epochs):
            order = rng.permutation(len(inputs))
            for start in range(0, len(inputs), batch):
                rows = order[start:start + batch]
                gradient = flat(self.gradients(inputs[rows], lambda logits, rows=rows: logit_gradient(logits, rows)))  # type: ignore[misc]
                step += 1
                rate = learning_rate * math.sqrt(1 - SQUARE_DECAY**step) / (1 - MEAN_DECAY**step)
                mean += (1 - MEAN_DECAY) * (gradient - mean)
                square += (1 - SQUARE_DECAY) * (gradient**2 - square)
                self.parameters -= rate * mean / (np.sqrt(square) + TINY)
            if after_epoch:
                after_epoch()
        return self


def flat(arrays: list[Floats]) -> Floats:
    """All their numbers in one row: a step in training is then one sum, whatever the number of layers."""
    return np.concatenate([array.ravel() for array in arrays])


def cross_entropy_to(targets: ArrayLike, temperature: float = 1.0) -> LogitGradient:
    """The gradient of the mean cross-entropy to `targets` (classes, or distributions) at a temperature.

    At T ≠ 1 it is multiplied by T², so that its size does not depend on T.
    """
    goals = np.asarray(targets)

    def gradient(logits: Floats, rows: NDArray[np.intp]) -> Floats:
        each = cross_entropy_gradient(logits.astype(np.float64), goals[rows], temperature)
        return temperature**2 * each / len(rows)

    return gradient
