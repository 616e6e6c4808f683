"""Numbers measured with several seeds: their mean and its standard error."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def mean_and_error(values: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Over the first axis, the seeds: the mean, and the sample's standard deviation divided by √n."""
    each = np.asarray(values, np.float64)
    if len(each) < 2:
        raise ValueError(f"values must hold at least two repeats, not {len(each)}: one has no standard error")
    return each.mean(0), each.std(0, ddof=1) / np.sqrt(len(each))


def with_error(values: ArrayLike, decimals: int = 3) -> str:
    """For tables: mean ± standard error of one number a seed."""
    mean, error = mean_and_error(values)
    return f"{mean:.{decimals}f} ±\N{NO-BREAK SPACE}{error:.{decimals}f}".replace("-", "−")
