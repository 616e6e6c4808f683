"""The 1,797 handwritten digits of scikit-learn (8 × 8 pixels), split at random."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

IN_THE_PAGE = Path(__file__).resolve().parents[1] / "data/digits.csv.gz"

Set = tuple[NDArray[np.float32], NDArray[np.intp]]


@cache
def digits() -> Set:
    """Pixels from 0 to 1, a row a digit, and the classes 0 to 9.

    They are read from scikit-learn's file, as its `load_digits` does: importing that takes most of a second. Python
    in the page has the file alone.
    """
    rows = np.loadtxt(IN_THE_PAGE if IN_THE_PAGE.exists() else installed(), delimiter=",", dtype=np.intp)
    return (rows[:, :-1] / 16).astype(np.float32), rows[:, -1]


def installed() -> Path:
    package = find_spec("sklearn")
    if package is None or package.origin is None:
        raise ModuleNotFoundError(
            "scikit-learn, which brings the digits, is not installed: install it with `pip install scikit-learn`"
        )
    return Path(package.origin).with_name("datasets") / "data/digits.csv.gz"


def split(rng: np.random.Generator, *sizes: int, noise: float = 0.0) -> list[Set]:
    """Sets of the given sizes, and one of all digits left over.

    `noise` is the standard deviation of what is added to each pixel.
    """
    pixels, labels = digits()
    if sum(sizes) >= len(labels):
        raise ValueError(f"sizes must leave digits over of {len(labels)}, not sum to {sum(sizes)}: ask for fewer")
    order = rng.permutation(len(labels))
    seen = pixels + noise * rng.standard_normal(pixels.shape).astype(np.float32)
    return [(seen[rows], labels[rows]) for rows in np.split(order, np.cumsum(sizes))]
