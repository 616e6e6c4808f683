"""The 1,797 handwritten digits of scikit-learn (8 × 8 pixels), split at random."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits

Set = tuple[NDArray[np.float32], NDArray[np.intp]]


@cache
def digits() -> Set:
    """Pixels from 0 to 1, a row a digit, and the classes 0 to 9."""
    pixels, labels = load_digits(return_X_y=True)
    return (pixels / 16).astype(np.float32), labels.astype(np.intp)


def split(rng: np.random.Generator, *sizes: int, noise: float = 0.0) -> list[Set]:
    """Sets of the given sizes, and one of all digits left over; `noise` is the standard deviation added to each pixel."""
    pixels, labels = digits()
    if sum(sizes) >= len(labels):
        raise ValueError(f"sizes must leave digits over of {len(labels)}, not sum to {sum(sizes)}: ask for fewer")
    order = rng.permutation(len(labels))
    seen = pixels + noise * rng.standard_normal(pixels.shape).astype(np.float32)
    return [(seen[rows], labels[rows]) for rows in np.split(order, np.cumsum(sizes))]
