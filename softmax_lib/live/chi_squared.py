"""The Python twin of the figures' chi-squared: are these counts what the probabilities lead one to expect?"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

ENOUGH = 5  # draws that a bin must expect
# Chi-squared with 1 to 9 degrees of freedom exceeds these in 1 of 100 experiments of a sampler that is right.
LIMITS = (6.6349, 9.2103, 11.3449, 13.2767, 15.0863, 16.8119, 18.4753, 20.0902, 21.6660)


def chi_squared(counts: ArrayLike, probabilities: ArrayLike) -> tuple[NDArray[np.float64], int]:
    r"""Return Pearson's statistic and its degrees of freedom.

    .. math:: \chi^2 = \sum_k \frac{(n_k - n p_k)^2}{n p_k}

    `counts` has the classes last; every row must hold the same number of draws. From the rarest class up, classes
    share a bin until it expects 5 draws; what is left over joins the last bin.

    >>> statistic, degrees = chi_squared([594, 227, 120, 45, 14], [0.6, 0.2, 0.1, 0.05, 0.05])
    >>> round(float(statistic), 3), degrees, LIMITS[degrees - 1]
    (34.125, 4, 13.2767)
    """
    array, p = np.asarray(counts), np.asarray(probabilities)
    n = np.unique(array.sum(-1))
    if n.size != 1:
        raise ValueError(f"every row of counts must hold the same number of draws, not {n.tolist()}")
    order = np.argsort(p, kind="stable")
    starts = _starts(n[0] * p[order])
    expected = np.add.reduceat(n[0] * p[order], starts)
    observed = np.add.reduceat(array[..., order], starts, axis=-1)
    return ((observed - expected) ** 2 / expected).sum(-1), len(starts) - 1


def _starts(expected: NDArray[np.float64]) -> list[int]:
    """Return where each bin begins among classes in order of their expected counts."""
    starts, filled = [0], 0.0
    for k, more in enumerate(expected):
        if filled >= ENOUGH:
            starts.append(k)
            filled = 0.0
        filled += more
    return starts if filled >= ENOUGH or len(starts) == 1 else starts[:-1]
